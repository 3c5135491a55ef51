import type { Cdn } from "../../domain/cdn.ts";

/**
 * Varnish with the configuration of `deploy/cdn/`: every node of it is told by itself, because they know nothing of each other.
 * Throws when one of them does not answer in time, or refuses; whoever purges asks again, which is harmless.
 */
export function createVarnish({ urls, secret }: { urls: string[]; secret: string }): Cdn {
  async function tell(url: string, keys: string[]): Promise<void> {
    const response = await fetch(url, {
      method: "PURGE",
      headers: { authorization: `Bearer ${secret}`, "surrogate-key": keys.join(" ") },
      signal: AbortSignal.timeout(answerMsMax),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The CDN answered ${response.status} to a purge`);
  }
  return {
    async purge(keys) {
      for (let start = 0; start < keys.length; start += keysMax) {
        const some = keys.slice(start, start + keysMax);
        await Promise.all(urls.map((url) => tell(url, some)));
      }
    },
  };
}

const answerMsMax = 3_000;
/** Some 5 kB: Varnish takes headers of 8 kB. */
const keysMax = 100;
