import { formatMoney } from "../domain/format-money.ts";
import { bookingIds, checkoutWorkflowId } from "../domain/ids.ts";
import type { Addresses } from "./addresses.ts";
import { readAddresses } from "./addresses.ts";
import type { Answer, Buyer } from "./buyer.ts";
import { signIn } from "./buyer.ts";

type Seat = { seatId: string; status: string };
type SearchResult = {
  shows: { showId: string; title: string; venueName: string; city: string; startsAt: string }[];
};

/** Buys a ticket by the public API, as a client app would, and says what it does and how long each step takes. */
async function demo(): Promise<void> {
  const addresses = await readAddresses();
  if (addresses === undefined) throw new Error("Marquee is not running. Run `npm start` first.");
  const asha = await step("Sign in as Asha", () => signIn(addresses, "asha"));

  const { shows } = await ask("Search for a show", () =>
    asha.get<SearchResult>("/v1/search?limit=50"),
  );
  const { show, seatIds } = await step("Look at the seat map", () => findNeighbours(asha, shows));
  say(`${show.title}, ${show.venueName}, ${show.city}: seats ${seatIds.join(" and ")}`);

  const reserved = await ask("Reserve the seats", () =>
    asha.reserve({ showId: show.showId, seatIds }),
  );
  const heldUntil = new Date(reserved.expiryTime).toLocaleTimeString("en-GB");
  say(`${formatMoney(reserved.totalAmount)}, held until ${heldUntil}: ${reserved.bookingId}`);

  const payment = await ask("Start the payment", () => asha.startPayment(reserved.bookingId));
  await ask("Authorise it at the provider, as the browser does", () => asha.authorise(payment));
  const { tickets } = await step("Confirm", () => confirmed(asha, reserved.bookingId));

  await printWhereToLook(addresses, reserved.bookingId, tickets);
}

/** Two free seats side by side in the first show that still has them. */
async function findNeighbours(buyer: Buyer, shows: SearchResult["shows"]) {
  for (const show of shows) {
    const { body } = await buyer.get<{ seats: Seat[] }>(`/v1/shows/${show.showId}/seats`);
    const index = body.seats.findIndex(
      (seat, at) => seat.status === "available" && body.seats[at + 1]?.status === "available",
    );
    const [first, second] = body.seats.slice(index, index + 2);
    if (index >= 0 && first && second) return { show, seatIds: [first.seatId, second.seatId] };
  }
  throw new Error("No show has two free seats. `npm run reset` and `npm start` bring new ones.");
}

/** 202 means that the provider has not decided: ask again, for at most ten seconds. */
async function confirmed(buyer: Buyer, bookingId: string) {
  const giveUpAt = Date.now() + 10_000;
  for (;;) {
    const answer = await buyer.confirm(bookingId);
    if (answer.status === 200) return answer.body;
    if (answer.status !== 202 || Date.now() > giveUpAt) {
      throw new Error(`Confirm said ${answer.status} ${answer.body.code ?? ""}`);
    }
  }
}

async function printWhereToLook(
  addresses: Addresses,
  bookingId: string,
  tickets: { ticketId: string }[],
) {
  const ticketLink = await step("Wait for the mail", () => linkInMail(addresses, tickets));
  if (ticketLink === undefined) process.exitCode = 1;
  const workflowId = checkoutWorkflowId(bookingIds.decode(bookingId).id);
  say("");
  say("Where to look:");
  say(`  a ticket       ${ticketLink ?? "no mail with its link has come: it waits for Kafka"}`);
  say(`  the mail       ${addresses.inbox}`);
  say(`  the workflow   ${addresses.temporalUi}/namespaces/default/workflows/${workflowId}`);
}

/** The link in the mail opens the ticket page without signing in. A mail comes within 30 seconds, or something is away. */
async function linkInMail(addresses: Addresses, tickets: { ticketId: string }[]) {
  const ticketId = tickets[0]?.ticketId ?? "";
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const response = await fetch(`${addresses.inbox}/api/messages`);
    const { messages } = (await response.json()) as { messages: { text: string }[] };
    const ticketLink = messages
      .flatMap(({ text }) => text.match(/https?:\/\/\S+\/tickets\/\S+/g) ?? [])
      .find((link) => link.includes(ticketId));
    if (ticketLink !== undefined || Date.now() > giveUpAt) return ticketLink;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ask<Body>(what: string, work: () => Promise<Answer<Body>>): Promise<Body> {
  const { status, body } = await step(what, work);
  if (status >= 300) throw new Error(`${what}: ${status} ${body.code ?? ""}`);
  return body;
}

async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  say(`${what.padEnd(50)} ${(performance.now() - start).toFixed(0).padStart(6)} ms`);
  return result;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await demo().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
