import { countEntries, seatWords } from "./door-list.js";
import { byId, clock, element } from "./page-parts.js";
import { verdicts } from "./show-verdict.js";

const conflictsShown = 5;

/** How many are inside, and, loudly until the page is left, who is and should not be. */
export function showDoor(list) {
  const { conflicts } = list.kept;
  const { tickets, gates } = countEntries(list);
  byId("conflict-box").hidden = conflicts.length === 0;
  byId("conflicts").replaceChildren(
    ...conflicts.slice(0, conflictsShown).map((conflict) => conflictLine(list, conflict)),
  );
  const lines = gates.map(([gate, entered]) => `${gateName(list, gate)}: ${entered}`);
  const all = gates.reduce((sum, [, entered]) => sum + entered, 0);
  byId("counts").replaceChildren(
    ...[`${all} of ${tickets} tickets`, ...lines].map((textContent) =>
      element("li", { textContent }),
    ),
  );
}

function conflictLine(list, { seatId, gate, reason, enteredGate }) {
  const what =
    reason === "void"
      ? `somebody is inside at ${gateName(list, gate)} on a ticket that is not valid`
      : `two people are inside: ${gateName(list, enteredGate)} and ${gateName(list, gate)}`;
  return element("li", { textContent: `${seatWords(list, seatId)}: ${what}` });
}

/** The last ones first. `takeBack(scan)` is called for one that let somebody in. */
export function showScans(scans, takeBack) {
  byId("scans").replaceChildren(
    ...scans.map((scan) => {
      const { verdict, seat, at, isAlone } = scan;
      const words = `${clock(at)} ${verdicts[verdict].word}${seat && ` · ${seat}`}`;
      const line = element("li", {}, element("span", { textContent: words }));
      if (verdict === "entered" && !isAlone && scan.code) line.append(undoButton(scan, takeBack));
      return line;
    }),
  );
}

function undoButton(scan, takeBack) {
  const button = element("button", { className: "act", textContent: "Take back" });
  button.addEventListener("click", () => void takeBack(scan));
  return button;
}

export function showNetwork({ isOnline = true, isSignedOut = false, waiting = 0 } = {}) {
  const toTell = waiting > 0 ? ` · ${waiting} to tell` : "";
  const words = isSignedOut ? "Sign in again" : isOnline ? "Online" : "No network";
  byId("network").textContent = words + toTell;
  byId("network").className = isOnline ? "" : "offline";
  if (isSignedOut) byId("sign-in").hidden = false;
}

export function gateName({ kept }, gate) {
  return kept.gates.find((one) => one.gate === gate)?.name ?? gate ?? "another gate";
}
