import type { Context } from "hono";

import { showIds } from "../../domain/ids.ts";
import type { CsvPages } from "../organisers/export-show.ts";
import type { AppEnv } from "./app-env.ts";
import { noStore } from "./schemas.ts";

/** A file about a show, written as it is read. */
export function answerCsv(
  context: Context<AppEnv>,
  { about, showId }: { about: "sales" | "seats"; showId: string },
  pages: CsvPages,
) {
  return context.body(ReadableStream.from(pages).pipeThrough(new TextEncoderStream()), 200, {
    ...noStore,
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${about}-${showIds.encode(showId)}.csv"`,
  });
}
