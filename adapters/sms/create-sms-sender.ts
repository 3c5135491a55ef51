/** Sends text messages: locally into the inbox, else through whatever takes this small request. */
export type SmsSender = {
  /**
   * `to` as E.164 has it. `reference` names the cause: a provider that heard of it takes no second one.
   * Throws TextNotTaken, and TextRefused; whatever else it throws, the message may be on its way.
   */
  send(message: { to: string; text: string; reference: string }): Promise<void>;
};

/** Certainly not sent; it may be taken later. */
export class TextNotTaken extends Error {}

/** Will never be sent: no such number, say. */
export class TextRefused extends Error {}

/**
 * POSTs `{ "to", "text", "reference" }` as JSON to `url`, with the token as bearer and the reference as Idempotency-Key. 2xx: taken.
 * 429 and 503: not now. Other 4xx: never. Anything else, and silence of five seconds, leaves open what has become of it.
 */
export function createSmsSender({
  url,
  token,
}: {
  url: string;
  token: string | undefined;
}): SmsSender {
  const headers = {
    "content-type": "application/json",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return {
    async send(message) {
      const response = await fetch(url, {
        method: "POST",
        headers: { ...headers, "idempotency-key": message.reference },
        body: JSON.stringify(message),
        redirect: "error",
        signal: AbortSignal.timeout(5_000),
      }).catch((error: unknown) => {
        if (isNotConnected(error)) throw new TextNotTaken("The provider of text messages is away");
        throw error;
      });
      await response.body?.cancel();
      const { status } = response;
      // Its own words may repeat the number.
      if (status === 429 || status === 503) throw new TextNotTaken(`Not taken now: ${status}`);
      if (status >= 400 && status < 500) throw new TextRefused(`Refused: ${status}`);
      if (!response.ok) throw new Error(`The provider of text messages says ${status}`);
    },
  };
}

/** Nothing was sent: nobody was there to take it. */
function isNotConnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && notConnected.has(String(cause.code));
}

const notConnected = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"],
  "UND_ERR_CONNECT_TIMEOUT",
]);
