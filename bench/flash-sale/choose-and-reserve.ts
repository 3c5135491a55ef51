import { randomUUID } from "node:crypto";

import type { SeenHold } from "../../tests/small-sale.ts";
import { chooseSeats, freeSeats } from "./choose-seats.ts";
import { between } from "./crowd.ts";
import { thinkMs } from "./scenario.ts";
import type { Answer } from "./shop-front.ts";
import { attemptsMax, mayComeAgain } from "./street.ts";
import type { Street, Visit } from "./street.ts";

/** Seats that are a buyer's for now; `seen` is what goes into the diary, a seat each. */
export type Hold = { bookingId: string; seen: SeenHold[] };

type Wish = { seatIds: string[] } | { places: { area: string; quantity: number }[] };

/** Looks at the hall, wants two seats near the front, and others when somebody was quicker. Returns the hold, or how it ended. */
export async function chooseAndReserve(street: Street, visit: Visit): Promise<Hold | string> {
  const { clock } = street;
  let tries = 0;
  for (let look = 0; look < looksMax && !clock.isOver(); look += 1) {
    const wish = await findWish(street, visit);
    if (wish !== undefined) {
      const hold = await reserve(street, visit, wish);
      if (typeof hold !== "string") return hold;
      if (hold === sawThemGo) continue;
      if (!tooLate.has(hold)) return `could not reserve: ${hold}`;
      tries += 1;
      if (tries === triesMax) return "others were quicker four times";
    }
    await clock.until(clock.now() + between(thinkMs, visit.person.random));
  }
  return "saw nothing free for too long";
}

/** One try, and three more. */
const triesMax = 4;
/** Ten seconds or so in front of a full hall. */
const looksMax = 10;
const tooLate = new Set(["SEAT_TAKEN", "AREA_FULL"]);
const nothingHeld = new Set(["BUSY", "RESERVE_TOO_LATE"]);
const sawThemGo = "saw the seats go";

/** Undefined: nothing is free. */
async function findWish(street: Street, visit: Visit): Promise<Wish | undefined> {
  const { scenario } = street;
  const answer = await lookAtHall(street, visit);
  if (answer.code !== "OK") return undefined;
  if (scenario.isStanding) {
    const [floor] = answer.body["areas"] as { area: string; free: number }[];
    const quantity = Math.min(2, floor?.free ?? 0);
    return quantity === 0 ? undefined : { places: [{ area: floor?.area ?? "", quantity }] };
  }
  const seats = chooseSeats(freeSeats(answer.raw, scenario.seats), visit.person.random);
  return seats.length === 0 ? undefined : { seatIds: seats.map(seatIdAt) };
}

/** A page shows the hall as it is at every moment: whoever had to wait sees when others were quicker, and does not ask for their seats. */
async function areStillFree(street: Street, visit: Visit, wish: Wish): Promise<boolean> {
  if (!("seatIds" in wish)) return true;
  const answer = await lookAtHall(street, visit);
  if (answer.code !== "OK") return true;
  const free = new Set(freeSeats(answer.raw, street.scenario.seats).map(seatIdAt));
  return wish.seatIds.every((seatId) => free.has(seatId));
}

function lookAtHall({ scenario, shop }: Street, { caller, showId }: Visit): Promise<Answer> {
  const format = scenario.isStanding ? "json" : "bitmap";
  const path = `/v1/shows/${showId}/seats?format=${format}`;
  return shop.ask("seats", caller, { method: "GET", path });
}

const seatIdAt = (place: number) => `A${place + 1}`;

/** The hold, or the code of the refusal, or `sawThemGo`. Whoever double-clicks sends the same order twice at once. */
async function reserve(street: Street, visit: Visit, wish: Wish): Promise<Hold | string> {
  const { clock, shop } = street;
  const { person, caller, showId } = visit;
  const json = { showId, userId: person.userId, ...wish };
  const clicks = person.manner === "double-clicks" ? 2 : 1;
  let key = randomUUID();
  let code = "NO_ANSWER";
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const click = () => shop.ask("reserve", caller, { path: "/v1/bookings/reserve", json, key });
    const answers = await Promise.all(Array.from({ length: clicks }, click));
    const held = answers.filter((answer) => answer.code === "OK");
    if (held[0] !== undefined) return takeHold(street, visit, held);
    const [answer] = answers;
    if (answer === undefined) break;
    code = answer.code;
    if (!mayComeAgain(answer)) return code;
    // This key will always be answered so.
    if (code === "RESERVE_TOO_LATE") key = randomUUID();
    await clock.until(answer.atMs + answer.retryAfterMs);
    // Seats of which nobody knows may be the buyer's own, and are asked for again under their key.
    const isNothingHeld = answers.every((one) => nothingHeld.has(one.code));
    if (isNothingHeld && !(await areStillFree(street, visit, wish))) return sawThemGo;
  }
  return code;
}

function takeHold({ clock, diary }: Street, { showId }: Visit, answers: Answer[]): Hold {
  const reservations = answers.map(({ body }) => body as Reservation);
  const bookings = new Set(reservations.map(({ bookingId }) => bookingId));
  if (bookings.size > 1) {
    diary.fault(`A double click has made the bookings ${[...bookings].join(" and ")}`);
  }
  const [{ bookingId, seatIds, expiryTime } = nothing] = reservations;
  const untilMs = clock.at(Date.parse(expiryTime));
  const seen = seatIds.map((seatId) => ({
    ...{ seatId: `${showId} ${seatId}`, bookingId, fromMs: clock.now(), untilMs },
  }));
  for (const seat of seen) diary.hold(seat);
  return { bookingId, seen };
}

type Reservation = { bookingId: string; seatIds: string[]; expiryTime: string };

const nothing: Reservation = { bookingId: "", seatIds: [], expiryTime: "" };
