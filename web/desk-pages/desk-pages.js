import { loadBehind } from "../load-behind.js";

// The pages work without this: then the browser loads them again. Pages with something to type have no #live and stay as they are.
const live = () => document.querySelector("#live");

if (live() !== null) void keepLive();

async function keepLive() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, Number(live().dataset.ask) * 1_000));
    if (!document.hidden) await loadBehind("#live").catch(() => undefined);
  }
}
