// Between somebody and the line stands a challenge. A proof of work is solved in a worker; a widget answers by itself. Then the form
// joins with the answer. Whoever has answered in vain is asked before it goes on, so that no browser tries for ever.

const form = document.querySelector("#challenge");
const button = form.querySelector("button");
const widget = form.querySelector("[data-widget]");
const isFirst = form.dataset.failed === undefined;

button.hidden = isFirst;
if (widget !== null) showWidget();
else if (isFirst) solve();
else form.addEventListener("submit", solve, { once: true });

function solve(event) {
  event?.preventDefault();
  const answer = form.elements.namedItem("answer");
  const progress = form.querySelector("progress");
  const { nonce, bits } = answer.dataset;
  button.hidden = true;
  progress.hidden = false;
  say("Your browser is at it. You need not do anything.");
  const worker = new Worker("/assets/solve-challenge.js");
  worker.addEventListener("message", ({ data: { tried, found } }) => {
    // Nobody knows which number it will be: this is how likely it was to be among those that were tried.
    progress.value = found === undefined ? 1 - Math.exp(-tried / 2 ** bits) : 1;
    if (found !== undefined) join(found);
  });
  worker.addEventListener("error", () => {
    progress.hidden = true;
    say("Your browser cannot solve the puzzle.");
  });
  worker.postMessage({ nonce, bits: Number(bits) });

  function join(found) {
    say("Solved. Joining the line…");
    answer.value = found;
    form.submit();
  }
}

function showWidget() {
  // It calls this by its name when its answer is in the form.
  globalThis.joinWithAnswer = () => isFirst && form.submit();
  const script = document.createElement("script");
  script.src = widget.dataset.widget;
  script.addEventListener("error", () => say("The puzzle could not be loaded."));
  document.head.append(script);
}

function say(sentence) {
  document.querySelector("#said").textContent = sentence;
}
