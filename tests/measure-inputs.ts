import type { Tab } from "./browser.ts";

export type MeasuredInputs = {
  /** From each input to the end of the frame that shows what it did, smallest first. */
  timesMs: number[];
  /** What the page's main thread has worked for each input, whoever else had the processor meanwhile. */
  cpuMsMean: number;
  /** Shapes, texts and pictures that were painted onto the screen's canvases, in the frame with most of them. */
  screenStrokesMax: number;
  /** Elements and texts of the page that were made, changed or taken away. */
  pageChanges: number;
};

/**
 * How the page follows the inputs that `act` makes. A time begins when the browser has received the input, so what the test itself
 * takes is not in it. It ends with the first script that runs after the frame: a message alone may wait behind further inputs for long
 * after it was painted.
 */
export async function measureInputs(tab: Tab, act: () => Promise<void>): Promise<MeasuredInputs> {
  const browser = await tab.context().newCDPSession(tab);
  await browser.send("Performance.enable", { timeDomain: "threadTicks" });
  const workedMs = async () => {
    const { metrics } = await browser.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1_000;
  };
  await tab.evaluate(`(${String(listen)})()`);
  const beforeMs = await workedMs();
  await act();
  const spentMs = (await workedMs()) - beforeMs;
  await browser.detach();
  const { timesMs, ...counts } =
    await tab.evaluate<Omit<MeasuredInputs, "cpuMsMean">>("globalThis.measured");
  return {
    timesMs: timesMs.toSorted((one, other) => one - other),
    cpuMsMean: spentMs / timesMs.length,
    ...counts,
  };
}

/** Runs in the page. */
function listen(): void {
  // oxlint-disable typescript/no-explicit-any -- this is a browser's world, which the tests' types do not know
  const page = globalThis as any;
  const measured = { timesMs: [] as number[], screenStrokesMax: 0, pageChanges: 0 };
  page.measured = measured;
  let heard: number[] = [];
  let painted: number[] = [];
  const endFrame = (): void => {
    const now = performance.now();
    for (const timeStamp of painted) measured.timesMs.push(now - timeStamp);
    painted = [];
  };
  const beginFrame = (): void => {
    endFrame();
    [painted, heard] = [heard, []];
    const { port1, port2 } = new page.MessageChannel();
    port1.onmessage = endFrame;
    port2.postMessage(0);
  };
  for (const name of ["wheel", "pointermove", "pointerdown", "pointerup", "keydown"]) {
    page.addEventListener(
      name,
      ({ timeStamp }: { timeStamp: number }) => {
        endFrame();
        if (heard.length === 0) page.requestAnimationFrame(beginFrame);
        heard.push(timeStamp);
      },
      { capture: true, passive: true },
    );
  }
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  new page.MutationObserver((records: unknown[]) => {
    measured.pageChanges += records.length;
  }).observe(page.document, everything);
  const pen = page.CanvasRenderingContext2D.prototype;
  let [frame, strokes] = [0, 0];
  const countStroke = (): void => {
    const now: number = page.document.timeline.currentTime;
    strokes = now === frame ? strokes + 1 : 1;
    frame = now;
    measured.screenStrokesMax = Math.max(measured.screenStrokesMax, strokes);
  };
  for (const name of ["drawImage", "fill", "fillRect", "fillText", "stroke"]) {
    const paint = pen[name];
    pen[name] = function count(this: any, ...given: unknown[]): void {
      if (this.canvas.isConnected) countStroke();
      paint.apply(this, given);
    };
  }
}

/** The value that so many of a hundred do not exceed. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}
