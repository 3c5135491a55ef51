import { Away, Refused, listShows, signIn, signOut, undo } from "./ask-door.js";
import { seatWords } from "./door-list.js";
import { openStore } from "./door-store.js";
import { createScanDesk } from "./scan-desk.js";
import { allowSound, showVerdict, verdicts } from "./show-verdict.js";
import { watchCamera } from "./watch-camera.js";

const catchUpEveryMs = 5_000;
const shownScansMax = 20;
const scansShown = [];

const store = await openStore();
const deviceId = (await store.get("device")) ?? crypto.randomUUID();
await store.set("device", deviceId);

let desk;
let stopCamera = () => undefined;

await navigator.serviceWorker?.register("/door/worker.js", { scope: "/door" }).catch(() => {
  say("This browser keeps no page: without the network it cannot be opened again.");
});
listen("sign-in", "submit", async () => {
  await signIn(byId("token").value.trim());
  byId("token").value = "";
  await choose();
});
listen("sign-out", "click", async () => {
  await signOut();
  show("sign-in");
});
listen("leave", "click", async () => {
  stopCamera();
  desk = undefined;
  await store.set("place", undefined);
  await choose();
});
listen("type", "submit", async () => {
  await look(byId("code").value, performance.now());
  byId("code").value = "";
});
addEventListener("pointerdown", allowSound, { once: true });
addEventListener("keydown", allowSound, { once: true });
setInterval(() => void desk?.catchUp().then(told, faulty), catchUpEveryMs);
addEventListener("online", () => void desk?.catchUp().then(told, faulty));

const place = await store.get("place");
await (place === undefined ? choose() : open(place)).catch(faulty);

/** The shows of today, or the form for who is not signed in. */
async function choose() {
  byId("heading").textContent = "The door";
  try {
    const shows = await listShows();
    byId("shows").replaceChildren(...shows.map(showLine));
    if (shows.length === 0) say("There is no show today at whose door you work.");
    else say("");
    show("choose");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    show("sign-in");
  }
  showNetwork();
}

function showLine({ showId, title, venueName, hallName, localTime, status, gates }) {
  const words = [localTime, title, venueName, hallName].filter(Boolean).join(" · ");
  const buttons = gates.map((gate) => {
    const button = element("button", { className: "act", textContent: gate.name });
    button.addEventListener("click", () => void open({ showId, gate }).catch(faulty));
    return button;
  });
  const notice = status === "cancelled" ? " (cancelled)" : "";
  return element("li", {}, element("p", { textContent: words + notice }), ...buttons);
}

async function open({ showId, gate }) {
  desk = await createScanDesk({ store, deviceId, showId, gate });
  await store.set("place", { showId, gate });
  const { title, localTime } = desk.list().kept.show;
  byId("heading").textContent = `${title}, ${localTime} · ${gate.name}`;
  say("");
  show("scan");
  told(await desk.catchUp());
  byId("no-camera").hidden = true;
  stopCamera = await watchCamera(byId("camera"), look).catch(() => {
    byId("no-camera").hidden = false;
    byId("camera").hidden = true;
    return () => undefined;
  });
}

/** One code, from the picture to the answer on the screen. */
async function look(text, seenAtMs) {
  try {
    const judged = await desk.judge(text.trim());
    const seat = seatWords(desk.list(), judged.seatId);
    showVerdict({ ...judged, seat, why: reasonOf(judged) });
    performance.measure("scan", { start: seenAtMs, detail: judged.verdict });
    scansShown.unshift({ ...judged, seat, at: new Date() });
    scansShown.length = Math.min(scansShown.length, shownScansMax);
    showScans();
    showNetwork();
  } catch (error) {
    faulty(error);
  }
}

function reasonOf({ verdict, gate, enteredAt, isAlone }) {
  if (verdict === "already_entered") return `${gateName(gate)} at ${clock(enteredAt)}`;
  return verdict === "entered" && isAlone ? "Without the network: told later." : "";
}

/** After each catching up: whoever is inside and should not be is said loudly until the page is left. */
function told(clashes = []) {
  if (desk === undefined) return;
  const { counts, conflicts } = desk.list().kept;
  byId("conflict-box").hidden = conflicts.length === 0;
  byId("conflicts").replaceChildren(...conflicts.slice(0, 5).map(conflictLine));
  if (clashes.length > 0) {
    const seat = seatWords(desk.list(), clashes[0].seatId);
    showVerdict({
      verdict: clashes[0].verdict,
      seat,
      why: "This device has let them in. Find them.",
    });
  }
  const lines = counts.gates.map(({ gate, entered }) => `${gateName(gate)}: ${entered}`);
  const all = counts.gates.reduce((sum, { entered }) => sum + entered, 0);
  byId("counts").replaceChildren(
    ...[`${all} of ${counts.tickets} tickets`, ...lines].map((textContent) =>
      element("li", { textContent }),
    ),
  );
  showNetwork();
}

function conflictLine({ seatId, gate, reason, enteredGate }) {
  const seat = seatWords(desk.list(), seatId);
  const what =
    reason === "void"
      ? `somebody is inside at ${gateName(gate)} on a ticket that is not valid`
      : `two people are inside: ${gateName(enteredGate)} and ${gateName(gate)}`;
  return element("li", { textContent: `${seat}: ${what}` });
}

function showScans() {
  byId("scans").replaceChildren(
    ...scansShown.map(({ verdict, seat, code, at, isAlone }) => {
      const words = `${clock(at)} ${verdicts[verdict].word}${seat && ` · ${seat}`}`;
      const line = element("li", {}, element("span", { textContent: words }));
      if (verdict === "entered" && !isAlone) line.append(undoButton(code));
      return line;
    }),
  );
}

function undoButton(code) {
  const button = element("button", { className: "act", textContent: "Take back" });
  button.addEventListener("click", async () => {
    await undo(desk.list().kept.show.showId, code).then(() => {
      desk.forget(code);
      scansShown.find((scan) => scan.code === code && scan.verdict === "entered").verdict =
        "undone";
      showScans();
    }, faulty);
  });
  return button;
}

function showNetwork() {
  const { isOnline = true, isSignedOut = false, waiting = 0 } = desk?.state ?? {};
  const toTell = waiting > 0 ? ` · ${waiting} to tell` : "";
  const words = isSignedOut ? "Sign in again" : isOnline ? "Online" : "No network";
  byId("network").textContent = words + toTell;
  byId("network").className = isOnline ? "" : "offline";
  if (isSignedOut) byId("sign-in").hidden = false;
}

function gateName(gate) {
  return desk.list().kept.gates.find((one) => one.gate === gate)?.name ?? gate ?? "another gate";
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

/** What went wrong, in a sentence. */
function faulty(error) {
  if (error instanceof Refused) say(`${error.message}.`);
  else if (error instanceof Away) say("There is no network. Try again when it is back.");
  else {
    say("Something went wrong. Reload the page.");
    throw error;
  }
}

function say(sentence) {
  byId("said").textContent = sentence;
  byId("said").hidden = sentence === "";
}

function show(name) {
  for (const one of ["sign-in", "choose", "scan"]) byId(one).hidden = one !== name;
  byId("leave").hidden = name !== "scan";
}

function listen(id, type, work) {
  byId(id).addEventListener(type, (event) => {
    event.preventDefault();
    void work().catch(faulty);
  });
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}
