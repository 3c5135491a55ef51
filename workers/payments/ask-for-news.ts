import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";
import { createReadNews } from "./read-news.ts";
import type { NewsDependencies } from "./read-news.ts";

/** For webhooks that never come. */
export function askForNews({ logger, ...deps }: NewsDependencies & { logger: Logger }) {
  const work = createReadNews(deps);
  return repeat({ everyMs: 60_000, logger, name: "asking providers for news", work });
}
