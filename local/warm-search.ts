import { setTimeout as delay } from "node:timers/promises";

/**
 * Searches until the index answers in its time. One that has just started takes longer for its first answers than the API waits
 * for it, and the first search of all would be the simpler one. Gives up after ten seconds: the shop works without.
 */
export async function warmSearch(apiUrl: string): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (performance.now() < giveUpAt) {
    const answers = await Promise.all(
      ["/v1/search?q=the+lght&limit=20", "/v1/suggest?q=li"].map((path) => ask(apiUrl + path)),
    );
    if (answers.every(({ degraded }) => degraded === false)) return;
    await delay(250);
  }
}

async function ask(url: string): Promise<{ degraded?: boolean }> {
  const response = await fetch(url);
  return (await response.json()) as { degraded?: boolean };
}
