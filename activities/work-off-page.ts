/**
 * Works off a page of items, so many at once. A process that is killed is missed after the heartbeat's ten seconds, not after the
 * minutes that a page may take.
 */
export async function workOffPage<Item>(
  items: readonly Item[],
  { atOnce, heartbeat }: { atOnce: number; heartbeat: () => void },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const workOff = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  const beating = setInterval(heartbeat, 2_000);
  try {
    await Promise.all(Array.from({ length: atOnce }, workOff));
  } finally {
    clearInterval(beating);
  }
}
