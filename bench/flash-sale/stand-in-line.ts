import { attemptsMax, mayComeAgain } from "./street.ts";
import type { Street, Visit } from "./street.ts";

/** Takes a place and asks how it stands, as often as it is told to, until it is called. Returns "called", or how it ended. */
export async function standInLine(street: Street, visit: Visit): Promise<string> {
  const { clock, diary } = street;
  const { queued, caller } = visit;
  for (let dueMs = visit.person.arrivalMs; !clock.isOver();) {
    const sentMs = clock.now();
    const answer = await askPlace(street, visit, dueMs);
    if (answer.code === "OK") {
      const { place, state, number, line } = answer.body as PlaceInLine;
      if (caller.place === undefined) diary.queued(queued);
      caller.place = place;
      queued.number = number ?? 0;
      if (state === "called") {
        queued.calledMs = answer.atMs;
        return "called";
      }
      queued.waitingMs = sentMs;
      if (line.phase === "sold_out") return "heard in line that all is sold";
    } else if (!mayComeAgain(answer)) return `was turned away: ${answer.code}`;
    dueMs = await clock.until(answer.atMs + answer.retryAfterMs);
  }
  return "stood in line when all was sold";
}

type PlaceInLine = {
  place: string;
  state: "drawing" | "waiting" | "called";
  number: number | null;
  line: { phase: string };
};

function askPlace({ shop }: Street, { caller, showId }: Visit, dueMs: number) {
  const line = `/v1/shows/${showId}/line`;
  return caller.place === undefined
    ? shop.ask("join", caller, { path: line, dueMs })
    : shop.ask("ask", caller, { method: "GET", path: `${line}/place`, dueMs });
}

/** Whoever is called gets a pass. Returns "inside", or how it ended. */
export async function comeIn(street: Street, visit: Visit): Promise<string> {
  const { clock, shop, passes } = street;
  const { person, caller, showId, queued } = visit;
  for (let attempt = 0; attempt < attemptsMax && !clock.isOver(); attempt += 1) {
    const answer = await shop.ask("pass", caller, { path: `/v1/shows/${showId}/line/pass` });
    if (answer.code === "OK") {
      const pass = String(answer.body["pass"]);
      caller.pass = pass;
      queued.insideMs = answer.atMs;
      passes.push({ token: caller.token, userId: person.userId, showId, pass });
      return "inside";
    }
    if (!mayComeAgain(answer)) return `had no way in: ${answer.code}`;
    await clock.until(answer.atMs + answer.retryAfterMs);
  }
  return "had no way in";
}

export async function leaveLine({ shop }: Street, { caller, showId }: Visit): Promise<void> {
  await shop.ask("leave", caller, { method: "DELETE", path: `/v1/shows/${showId}/line` });
}
