/**
 * What middleware hands on. `caller` is there behind `requireCaller` only, `requestId` behind `houseHeaders`, `whole` when
 * the handler has written every header itself.
 */
export type AppEnv = {
  Variables: { requestId?: string; caller: Caller; whole?: Response };
};

/** Who asks: the house's user id, and the subject as the issuer wrote it. */
export type Caller = { userId: string; subject: string };
