import { randomBytes, randomUUID } from "node:crypto";

import { chooseSeats } from "./choose-seats.ts";
import { between } from "./crowd.ts";
import { thinkMs } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import type { Caller } from "./shop-front.ts";
import type { Street, Visit } from "./street.ts";

/** Tries to come past the line: without a pass, with an invented one, with a stolen one, and by a shared account and its pass. */
export async function tryToSneakIn(street: Street, visit: Visit): Promise<string> {
  const { clock, shop, diary, scenario } = street;
  const { person, showId } = visit;
  for (let attempt = 0; attempt < attemptsMax && !clock.isOver(); attempt += 1) {
    const { caller, userId } = disguise(street, visit);
    const json = { showId, userId, ...wishFor(scenario, person.random) };
    const key = randomUUID();
    const answer = await shop.ask("bot", caller, { path: "/v1/bookings/reserve", json, key });
    if (answer.code === "OK") {
      diary.fault("A bot has come past the line and holds seats");
      return "came past the line";
    }
    await clock.until(answer.atMs + between(thinkMs, person.random));
  }
  return "was refused each time";
}

/** Some minutes of trying. */
const attemptsMax = 100;

function disguise(
  { passes }: Street,
  { person, caller, showId }: Visit,
): { caller: Caller; userId: string } {
  const { random, userId } = person;
  const own = { caller, userId };
  const loot = passes[Math.floor(passes.length * (1 - random() / 10))];
  const dice = Math.floor(random() * 4);
  if (dice === 0) return own;
  if (dice === 1 || loot === undefined || loot.showId !== showId) {
    return { caller: { ...caller, pass: randomBytes(96).toString("base64url") }, userId };
  }
  if (dice === 2) return { caller: { ...caller, pass: loot.pass }, userId };
  // The account of somebody who is inside, used on another machine.
  return { caller: { ...caller, token: loot.token, pass: loot.pass }, userId: loot.userId };
}

function wishFor({ isStanding, seats }: Scenario, random: () => number) {
  if (isStanding) return { places: [{ area: "FLOOR", quantity: 2 }] };
  const hall = Array.from({ length: seats }, (_, place) => place);
  return { seatIds: chooseSeats(hall, random).map((place) => `A${place + 1}`) };
}
