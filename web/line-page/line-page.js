import { loadBehind, patienceMs } from "../load-behind.js";

// The page works without this: then it is loaded again every so often. Here it is loaded behind itself, and between two loads the
// number that the line has come to, which is the same for everybody and may come from a cache, counts down who is ahead.

const countEveryMs = 5_000;

const main = () => document.querySelector("#line");
let askAt = 0;
let announcedAt = Number.NEGATIVE_INFINITY;
let announcedAhead = Number.POSITIVE_INFINITY;
let failures = 0;

if (main() !== null) {
  plan();
  setInterval(step, 1_000);
  setInterval(countDown, countEveryMs);
  // Who comes back to the tab wants to know now.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) askAt = Math.min(askAt, Date.now());
  });
}

/** Asks again when the page said so: that is also what keeps a place. */
async function step() {
  if (Date.now() < askAt) return;
  askAt = Number.POSITIVE_INFINITY;
  try {
    const loaded = await loadBehind("#line");
    if (loaded === undefined) return;
    keep(loaded);
    failures = 0;
    trouble("");
    plan();
  } catch {
    failures += 1;
    trouble("We cannot reach the line at the moment. Your place stays; this page keeps trying.");
    // Slower each time, and not everybody at once.
    askAt = Date.now() + Math.min(2 ** failures, 60) * 1_000 * (0.75 + Math.random() / 2);
  }
}

function plan() {
  askAt = Date.now() + Number(main().dataset.ask) * 1_000;
}

/** Keeps what the reader has opened, and tells them what is new. */
function keep({ before, next, title }) {
  // One process has called them, and another one has not heard of it: it will within a second.
  const isSame = before.dataset.number === next.dataset.number;
  const wasCalled = before.dataset.state.startsWith("called");
  if (isSame && wasCalled && isCounting(next)) return next.replaceWith(before);
  const details = next.querySelector("details");
  if (details !== null) details.open = before.querySelector("details")?.open === true;
  document.title = title;
  // Two answers may come from two processes, of which one is some moments behind; a place never gets worse.
  if (isSame && aheadIn(before) < aheadIn(next)) showAhead(aheadIn(before), servedIn(before));
  if (before.dataset.state !== next.dataset.state) {
    return announce(next.querySelector("#state").textContent);
  }
  announceProgress();
}

async function countDown() {
  const { number, line } = main().dataset;
  if (!isCounting(main()) || document.hidden || failures > 0) return;
  const response = await fetch(line, { signal: AbortSignal.timeout(patienceMs) }).catch(() => null);
  if (response?.ok !== true || !isCounting(main()) || main().dataset.number !== number) return;
  const { served } = await response.json();
  const ahead = Math.max(Number(number) - served - 1, 0);
  if (ahead >= aheadIn(main())) return;
  showAhead(ahead, served);
  if (served >= Number(number)) askAt = Date.now();
  announceProgress();
}

/** The page says how many are ahead. */
function isCounting(page) {
  return page.dataset.state.startsWith("waiting");
}

function showAhead(ahead, served) {
  text("#ahead", ahead.toLocaleString("en-GB"));
  document.querySelector("#progress").value = served;
  document.title = document.title.replace(/^[\d,]+/, ahead.toLocaleString("en-GB"));
}

function aheadIn(page) {
  return Number(page.querySelector("#ahead")?.textContent.replaceAll(",", ""));
}

function servedIn(page) {
  return page.querySelector("#progress").value;
}

/** Who listens hears of it once a minute at the most, and only when a tenth of the way is done. */
function announceProgress() {
  if (!isCounting(main())) return;
  const ahead = aheadIn(main());
  if (ahead > announcedAhead * 0.9 || Date.now() - announcedAt < 60_000) return;
  announcedAhead = ahead;
  announce(`${ahead.toLocaleString("en-GB")} people ahead of you`);
}

function announce(sentence) {
  announcedAt = Date.now();
  text("#said", sentence);
}

function trouble(sentence) {
  if (sentence === "") return document.querySelector("#trouble")?.remove();
  if (document.querySelector("#trouble") !== null) return;
  const paragraph = document.createElement("p");
  paragraph.id = "trouble";
  paragraph.setAttribute("role", "status");
  paragraph.textContent = sentence;
  main().prepend(paragraph);
}

function text(selector, words) {
  const element = document.querySelector(selector);
  if (element !== null) element.textContent = words;
}
