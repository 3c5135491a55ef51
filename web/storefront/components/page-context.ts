import { createContext } from "preact";

import type { PageFrame } from "../page-data.ts";

/** The page that is being drawn on the server, and the names of the islands that it turned out to have. */
export const PageContext = createContext<PageFrame & { islands: Set<string> }>({
  ...{ language: "en", address: "/", publicUrl: "", nowMs: 0, islands: new Set() },
  files: { entry: "", styles: [], islands: {} },
});
