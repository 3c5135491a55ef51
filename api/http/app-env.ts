/** What middleware hands on. `caller` is there behind `requireCaller` only, `route` when no handler was asked. */
export type AppEnv = { Variables: { requestId: string; caller: Caller; route?: string } };

/** Who asks: the house's user id, and the subject as the issuer wrote it. */
export type Caller = { userId: string; subject: string };
