import type { Asker } from "../limits/rate-limits.ts";
import type { Pass } from "../line/line-slips.ts";

/**
 * What middleware hands on. `caller` is there behind `requireCaller` always, behind `knowCaller` if somebody is signed in, `requestId`
 * behind `houseHeaders`, `whole` when the handler has written every header itself, `pass` when the caller shows one for the line of a
 * show.
 */
export type AppEnv = {
  Variables: { requestId?: string; caller: Caller; asker?: Asker; whole?: Response; pass?: Pass };
};

/**
 * Who asks: the house's user id, and the subject as the issuer wrote it. Operators run sales, and do
 * whatever support does, too.
 */
export type Caller = { userId: string; subject: string; isOperator: boolean; isSupport: boolean };
