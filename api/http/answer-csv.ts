import type { Context } from "hono";

import type { CsvPages } from "../organisers/export-show.ts";
import type { AppEnv } from "./app-env.ts";
import { noStore } from "./schemas.ts";

/** The file is written as it is read. */
export function answerCsv(context: Context<AppEnv>, name: string, pages: CsvPages) {
  return context.body(ReadableStream.from(pages).pipeThrough(new TextEncoderStream()), 200, {
    ...noStore,
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}.csv"`,
  });
}
