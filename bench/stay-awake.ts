/**
 * Does the work without ever sleeping in between. Whoever writes to a process that sleeps pays for waking it, on a virtual machine some
 * 20 µs each time: the slower server finds the generator asleep at each answer, the faster one never.
 */
export async function stayAwake<Result>(work: () => Promise<Result>): Promise<Result> {
  let isAwake = true;
  const turn = () => {
    if (isAwake) setImmediate(turn);
  };
  turn();
  return work().finally(() => (isAwake = false));
}
