/** What middleware hands to handlers. `caller` is there behind `requireCaller` only. */
export type AppEnv = { Variables: { requestId: string; caller: Caller } };

/** Who asks: the house's user id, and the subject as the issuer wrote it. */
export type Caller = { userId: string; subject: string };
