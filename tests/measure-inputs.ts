import type { Tab } from "./browser.ts";

/**
 * How long the page takes from an input to the next frame that is painted after it, in ms, smallest first: for each input that `act`
 * makes. The time begins when the browser has received the input, so what the test itself takes is not in it.
 */
export async function measureInputs(tab: Tab, act: () => Promise<void>): Promise<number[]> {
  await tab.evaluate(`(${String(listen)})()`);
  await act();
  return tab.evaluate<number[]>("globalThis.inputTimes.sort((one, other) => one - other)");
}

/** Runs in the page. */
function listen(): void {
  // oxlint-disable typescript/no-explicit-any -- this is a browser's world, which the tests' types do not know
  const page = globalThis as any;
  page.inputTimes = [];
  for (const name of ["wheel", "pointermove", "pointerdown", "pointerup", "keydown"]) {
    page.addEventListener(
      name,
      ({ timeStamp }: { timeStamp: number }) => {
        page.requestAnimationFrame(() => {
          // A message comes after the frame is painted.
          const { port1, port2 } = new page.MessageChannel();
          port1.onmessage = () => page.inputTimes.push(performance.now() - timeStamp);
          port2.postMessage(0);
        });
      },
      { capture: true, passive: true },
    );
  }
}

/** The value that so many of a hundred do not exceed. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}
