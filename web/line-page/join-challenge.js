import { answerChallenge } from "./answer-challenge.js";

// Between somebody and the line stands a challenge, which is solved by itself; then the form joins with the answer. Whoever has
// answered in vain is asked before it goes on, so that no browser tries for ever.

const form = document.querySelector("#challenge");
const button = form.querySelector("button");
const challenge = JSON.parse(form.dataset.challenge);
const isWork = challenge.kind === "proof-of-work";
const isFirst = form.dataset.failed === undefined;
const said = document.querySelector("#said");

button.hidden = isFirst;
if (isFirst) void solve();
else form.addEventListener("submit", solveAgain, { once: true });

function solveAgain(event) {
  event.preventDefault();
  void solve();
  // The button, which had the focus, is hidden.
  said.tabIndex = -1;
  said.focus();
}

async function solve() {
  const progress = form.querySelector("progress");
  const box = form.querySelector("#widget");
  button.hidden = true;
  progress.hidden = !isWork;
  if (isWork) say("Your browser is at it. You need not do anything.");
  try {
    const onProgress = (share) => (progress.value = share);
    form.elements.namedItem("answer").value = await answerChallenge(challenge, { box, onProgress });
    say("Solved. Joining the line…");
    form.submit();
  } catch {
    progress.hidden = true;
    // From now on it joins without an answer, as without this script.
    button.hidden = false;
    say(isWork ? "Your browser cannot solve the puzzle." : "The puzzle could not be loaded.");
  }
}

function say(sentence) {
  said.textContent = sentence;
}
