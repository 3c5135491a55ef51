import {
  Away,
  Refused,
  listShows,
  sendCode,
  signIn,
  signInByCode,
  signOut,
  undo,
} from "./ask-door.js";
import { seatWords } from "./door-list.js";
import { openStore } from "./door-store.js";
import { byId, clock, element, say, show } from "./page-parts.js";
import { createScanDesk } from "./scan-desk.js";
import { gateName, showDoor, showNetwork, showScans } from "./show-door.js";
import { allowSound, showVerdict } from "./show-verdict.js";
import { watchCamera } from "./watch-camera.js";

const catchUpEveryMs = 5_000;
const scansShownMax = 20;
const scans = [];

const store = await openStore();
const deviceId = (await store.get("device")) ?? crypto.randomUUID();
await store.set("device", deviceId);

let desk;
let isCatchingUp = false;
let isRefused = false;
let stopCamera = () => undefined;

await navigator.serviceWorker?.register("/door/worker.js", { scope: "/door" }).catch(() => {
  say("This browser keeps no page: without the network it cannot be opened again.");
});
listen("by-mail", "submit", async () => {
  const email = byId("email").value.trim();
  if (byId("mailed-box").hidden) {
    await sendCode(email);
    return askForCode(true);
  }
  await signInByCode(email, byId("mailed").value).catch((error) => {
    if (error.code === "SIGN_IN_CODE_OVER") askForCode(false);
    throw error;
  });
  askForCode(false);
  await signedIn();
});
listen("by-token", "submit", async () => {
  await signIn(byId("token").value.trim());
  byId("token").value = "";
  await signedIn();
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
setInterval(() => void catchUp(), catchUpEveryMs);
addEventListener("online", () => void catchUp());

const place = await store.get("place");
await (place === undefined ? choose() : open(place)).catch(faulty);

/** First the address, and then the digits that were sent to it. */
function askForCode(isSent) {
  byId("mailed-box").hidden = !isSent;
  byId("mailed").required = isSent;
  byId("mailed").value = "";
  byId("mail-act").textContent = isSent ? "Sign in" : "Send me a code";
  if (isSent) byId("mailed").focus();
}

async function signedIn() {
  say("");
  byId("sign-in").hidden = true;
  await (desk === undefined ? choose() : catchUp());
}

/** The shows of today, or the form for who is not signed in. */
async function choose() {
  byId("heading").textContent = "The door";
  try {
    const shows = await listShows();
    byId("shows").replaceChildren(...shows.map(showLine));
    say(shows.length === 0 ? "There is no show today at whose door you work." : "");
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
  await catchUp();
  byId("no-camera").hidden = true;
  stopCamera = await watchCamera(byId("camera"), look).catch(() => {
    byId("no-camera").hidden = false;
    byId("camera").hidden = true;
    return () => undefined;
  });
}

/** One at a time: on a slow network the next one would overtake it. */
async function catchUp() {
  if (desk === undefined || isCatchingUp) return;
  isCatchingUp = true;
  try {
    const { clashes, refusal } = await desk.catchUp();
    showDoor(desk.list());
    showNetwork(desk.state);
    sayRefused(refusal);
    const [clash] = clashes;
    if (clash === undefined) return;
    const seat = seatWords(desk.list(), clash.seatId);
    const why = "This device has let them in. Find them.";
    showVerdict({ verdict: clash.verdict, seat, why });
  } catch (error) {
    faulty(error);
  } finally {
    isCatchingUp = false;
  }
}

/** Scans that were not taken stay on the device, and are sent again; once they are taken, nothing needs saying. */
function sayRefused(refusal) {
  if (refusal) say(`Scans of before are not taken yet: ${refusal.message}. They are kept.`);
  else if (isRefused) say("");
  isRefused = refusal !== undefined;
}

/** One code, from the picture to the answer on the screen. */
async function look(text, seenAtMs) {
  try {
    const judged = await desk.judge(text.trim());
    const seat = seatWords(desk.list(), judged.seatId);
    showVerdict({ ...judged, seat, why: reasonOf(judged) });
    performance.measure("scan", { start: seenAtMs, detail: judged.verdict });
    scans.unshift({ ...judged, seat, at: new Date() });
    scans.length = Math.min(scans.length, scansShownMax);
    showScans(scans, takeBack);
    showNetwork(desk.state);
  } catch (error) {
    faulty(error);
  }
}

function reasonOf({ verdict, gate, enteredAt, isAlone }) {
  if (verdict === "already_entered") return `${gateName(desk.list(), gate)} at ${clock(enteredAt)}`;
  return verdict === "entered" && isAlone ? "Without the network: told later." : "";
}

async function takeBack(scan) {
  try {
    await undo(desk.list().kept.show.showId, scan.code);
    await desk.forget(scan.code);
    scan.verdict = "undone";
    showScans(scans, takeBack);
  } catch (error) {
    faulty(error);
  }
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

function listen(id, type, work) {
  byId(id).addEventListener(type, (event) => {
    event.preventDefault();
    void work().catch(faulty);
  });
}
