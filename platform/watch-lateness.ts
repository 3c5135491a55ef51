/**
 * Returns how late this process comes to what is due, in ms: a mean of the last fifth of a second or so.
 * What waits for this process's one thread waits about as long as its timers do. Fifty looks a second cost a two-thousandth of a core;
 * the mean forgets a single pause within half a second.
 */
export function watchLateness(): () => number {
  let dueAt = performance.now() + everyMs;
  let meanMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    meanMs += (Math.max(0, now - dueAt) - meanMs) * weight;
    dueAt = now + everyMs;
  }, everyMs);
  // What keeps the process alive is its server.
  timer.unref();
  return () => meanMs;
}

const everyMs = 20;
const weight = 0.2;
