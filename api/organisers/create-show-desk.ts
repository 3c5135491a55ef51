import type { ShowChangeClient } from "../../adapters/checkout/show-change-client.ts";
import type { Database } from "../../adapters/postgres/pool.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { RunLines } from "../operations/run-lines.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import type { ActFor } from "./act-for.ts";
import { createActOnShow } from "./act-on-show.ts";
import type { ShowAsk } from "./act-on-show.ts";
import { createChangeShow } from "./change-show.ts";
import { createExportShow } from "./export-show.ts";
import { createGiveSeats } from "./give-seats.ts";
import { createKeepShowSeats } from "./keep-show-seats.ts";
import { createMoveTickets } from "./move-tickets.ts";
import { createReadShowSales } from "./read-show-sales.ts";
import { createRunOwnLine } from "./run-own-line.ts";
import { createShowPromoCodes } from "./show-promo-codes.ts";
import { createShowSeats } from "./show-seats.ts";

/** What an organisation sees of its shows that are on sale, and does with them. */
export function createShowDesk(clients: {
  db: Database;
  actFor: ActFor;
  shows: ShowCache;
  sealing: Sealing;
  tellSeats: TellSeats;
  checkouts: { showChanges: ShowChangeClient };
  graceSeconds: number;
  runLines: Pick<RunLines, "show" | "open" | "change" | "openAbove">;
}) {
  const actOnShow = createActOnShow(clients);
  const deps = { ...clients, actOnShow };
  return {
    memberOf: (ask: ShowAsk) => actOnShow.memberOf({ ...ask, permission: "see" }),
    changes: createChangeShow({ actOnShow, showChanges: clients.checkouts.showChanges }),
    keepSeats: createKeepShowSeats(deps),
    giveSeats: createGiveSeats(deps),
    moveTickets: createMoveTickets(deps),
    line: createRunOwnLine(deps),
    promoCodes: createShowPromoCodes(deps),
    sales: createReadShowSales(deps),
    seats: createShowSeats(deps),
    exports: createExportShow(deps),
  };
}
