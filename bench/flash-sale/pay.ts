import { cards } from "../../local/buyer.ts";
import type { Hold } from "./choose-and-reserve.ts";
import { between } from "./crowd.ts";
import type { Answer, Call } from "./shop-front.ts";
import type { Step } from "./diary.ts";
import { attemptsMax, mayComeAgain } from "./street.ts";
import type { Street, Visit } from "./street.ts";

/** Pays, if the card is good, and waits for the tickets; else gives the seats back. Returns how it ended. */
export async function pay(street: Street, visit: Visit, hold: Hold): Promise<string> {
  const { clock, shop, scenario } = street;
  const { person } = visit;
  const path = `/v1/bookings/${hold.bookingId}`;
  await clock.until(clock.now() + between(scenario.payMs, person.random));
  const started = await patiently(street, visit, "pay", {
    ...{ path: `${path}/payments`, json: { provider: "stripe" } },
  });
  if (started.code !== "OK") return `could not pay: ${started.code}`;

  const isGood = person.manner !== "is declined";
  const card = isGood ? cards.good : cards.declined;
  const paid = await shop.authorise(String(started.body["clientSecret"]), card);
  if (paid.code !== "OK") {
    // From now on they are somebody else's.
    for (const seat of hold.seen) seat.untilMs = Math.min(seat.untilMs, clock.now());
    await patiently(street, visit, "booking", { method: "DELETE", path });
    return `card refused: ${paid.code}`;
  }
  for (const seat of hold.seen) if (paid.atMs < seat.untilMs) seat.untilMs = forever;
  return waitForTickets(street, visit, path);
}

const forever = Number.MAX_SAFE_INTEGER;

/** Asks as the shop's page does: less often the longer nothing happens. */
async function waitForTickets(street: Street, visit: Visit, path: string): Promise<string> {
  const { clock } = street;
  let status = "unknown";
  let quiet = 0;
  for (let look = 0; look < ticketLooksMax; look += 1) {
    // Who ends the sale has seen that all is sold, and so that there are tickets.
    const isLast = clock.isOver();
    const answer = await patiently(street, visit, "booking", { method: "GET", path });
    const now = answer.code === "OK" ? String(answer.body["status"]) : answer.code;
    quiet = now === status ? quiet + 1 : 0;
    status = now;
    if (status === "ticketed") return "has tickets";
    if (isLast || !["held", "confirmed"].includes(status)) break;
    const [least, most] = status === "held" ? [1_500, 10_000] : [700, 5_000];
    await clock.until(answer.atMs + Math.min(least * 1.5 ** quiet, most));
  }
  return `paid, and the booking is ${status}`;
}

/** Some three minutes. */
const ticketLooksMax = 25;

/** The same again for as long as the answer says that it may succeed later. */
async function patiently(
  { clock, shop }: Street,
  { caller }: Visit,
  step: Step,
  call: Call,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await shop.ask(step, caller, call);
    if (!mayComeAgain(answer) || attempt === attemptsMax) return answer;
    await clock.until(answer.atMs + answer.retryAfterMs);
  }
}
