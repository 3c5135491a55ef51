/**
 * Does what a challenge asks for (docs/limits.md): a proof of work in a worker, Turnstile's by its widget, which is shown in `box`.
 * Resolves with the answer, and rejects where this browser cannot. `onProgress` hears which share of the work is done.
 */
export function answerChallenge(challenge, hands) {
  return challenge.kind === "turnstile"
    ? showWidget(challenge, hands)
    : solveWork(challenge, hands);
}

function solveWork({ nonce, bits }, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const worker = new Worker("/assets/solve-challenge.js");
    signal?.addEventListener("abort", () => worker.terminate());
    worker.addEventListener("message", ({ data: { tried, found } }) => {
      // Nobody knows which number it will be: this is how likely it was to be among those that were tried.
      onProgress(found === undefined ? 1 - Math.exp(-tried / 2 ** bits) : 1);
      if (found === undefined) return;
      worker.terminate();
      resolve(found);
    });
    worker.addEventListener("error", () => reject(new Error("The work cannot be done here")));
    worker.postMessage({ nonce, bits: Number(bits) });
  });
}

async function showWidget({ siteKey, widget }, { box }) {
  if (globalThis.turnstile === undefined) await loadScript(`${widget}?render=explicit`);
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error("The widget has failed"));
    globalThis.turnstile.render(box, {
      sitekey: siteKey,
      callback: resolve,
      "error-callback": fail,
      "unsupported-callback": fail,
    });
  });
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(address)));
    document.head.append(script);
  });
}
