import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { bookingIds, showIds, ticketIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { createPorts } from "../local/ports.ts";
import { redis } from "../local/servers/redis.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import type { ProcessSpec } from "../local/supervise/process-spec.ts";
import { Supervisor } from "../local/supervise/supervisor.ts";
import { eventually } from "./eventually.ts";
import { persistentBuyer } from "./persistent-buyer.ts";
import type { PersistentBuyer } from "./persistent-buyer.ts";
import { plantShow } from "./plant-show.ts";
import { readBooks } from "./read-books.ts";
import { somebodyWaits } from "./somebody-waits.ts";
import { startSystem } from "./system.ts";
import type { ProcessName, System } from "./system.ts";

const house: ProcessName[] = [
  ...(["api", "checkout", "payments", "stripe", "identity"] as const),
  ...(["relay", "notifier", "inbox"] as const),
];

let folder: string;
let supervisor: Supervisor;
let redisServer: ProcessSpec;
let system: System;
let sandbox: SandboxControl;
let asha: Buyer;
let persistent: PersistentBuyer;

// A Redis of its own, which can be killed.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "marquee-crashes-"));
  supervisor = new Supervisor(folder, () => undefined);
  const server = await redis({
    dataFolder: folder,
    port: createPorts("any"),
    report: () => undefined,
  });
  redisServer = await server.prepare();
  await supervisor.start(redisServer);
  system = await startSystem(house, { HOLD_SECONDS: "60", REDIS_URL: server.address });
  sandbox = controlSandbox(system.addresses.stripe);
  asha = await system.signIn(randomUUID());
  persistent = persistentBuyer(asha);
  await introduce(asha);
}, 120_000);
afterAll(async () => {
  await system.close();
  await supervisor.stop(2_000);
  await rm(folder, { recursive: true, force: true });
}, 30_000);

async function introduce({ authorization }: Buyer) {
  const { ok } = await fetch(`${system.addresses.api}/v1/me`, {
    method: "PUT",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ email: "asha@example.com", name: "Asha" }),
  });
  expect(ok).toBe(true);
}

type Victim = ProcessName | "redis";

async function kill(victim: Victim) {
  await (victim === "redis" ? supervisor.kill("redis", "SIGKILL") : system.kill(victim));
}

async function revive(victim: Victim) {
  await (victim === "redis" ? supervisor.start(redisServer) : system.start(victim));
}

async function plantPublicShow() {
  const id = await plantShow(system.database.pool, { seats: 7 });
  return { id, showId: showIds.encode(id) };
}

/** Holds a seat's row, so that whoever wants it waits, until `commit`. */
async function lockSeat(showId: string, seatId: string) {
  const client = await system.database.pool.connect();
  await client.query("begin");
  await client.query("select 1 from show_seats where show_id = $1 and seat_id = $2 for update", [
    showId,
    seatId,
  ]);
  return {
    async commit() {
      await client.query("commit");
      client.release();
    },
  };
}

async function hasCaptured(bookingId: string) {
  const { intents } = await sandbox.ledger();
  const { id } = bookingIds.decode(bookingId);
  return intents.some(({ metadata, capturedMinor }) => {
    return metadata["booking"] === id && capturedMinor > 0;
  });
}

/** One purchase at each moment, by its seat. The last four moments end by themselves after a second or two. */
async function bringPurchasesUnderWay(id: string, showId: string) {
  const reserve = (seatId: string, key?: string) => persistent.reserve(showId, seatId, key);
  const start = async (seatId: string) => persistent.startPayment(await reserve(seatId));
  const pay = async (bookingId: string) =>
    persistent.authorise(await persistent.startPayment(bookingId));

  const held = await reserve("A1");
  const [open, unattended, untold] = [await start("A2"), await start("A3"), await start("A4")];
  const starting = await reserve("A5");
  const capturing = await reserve("A6");

  // The money has been taken, and the answer is lost.
  const route = "POST /v1/payment_intents/:id/capture";
  await sandbox.fault({ route, kind: "timeout_after_commit", ms: 60_000 });
  await pay(capturing);
  await eventually(() => hasCaptured(capturing));
  // The buyer has paid, and the provider has not said so.
  await sandbox.webhooks({ hold: true });
  await persistent.authorise(untold);
  // The provider is making the payment.
  await sandbox.fault({ route: "POST /v1/payment_intents", kind: "delay", ms: 1_500 });
  const started = asha.startPayment(starting).catch(() => undefined);
  // The hold statement waits for a row.
  const lock = await lockSeat(id, "A7");
  const key = randomUUID();
  const reserved = asha.reserve({ showId, seatIds: ["A7"] }, key).catch(() => undefined);
  await eventually(() => somebodyWaits(system.database.pool));

  return {
    /** What happens outside while the victim is away. */
    async goOnOutside() {
      await lock.commit();
      await sandbox.webhooks({ hold: false });
      await persistent.authorise(unattended);
    },
    /** What the buyers do next; nobody has told them that anything has happened. */
    async goOn() {
      const others = [started, reserved];
      await Promise.all([pay(held), persistent.authorise(open), pay(starting), ...others]);
      await pay(await reserve("A7", key));
    },
  };
}

/** Mails by the ticket that they bring. */
async function countMails(id: string): Promise<number[]> {
  const { rows } = await system.database.pool.query<{ ticketId: string }>(
    `select ticket_id as "ticketId" from tickets where show_id = $1`,
    [id],
  );
  const response = await fetch(`${system.addresses.inbox}/api/messages`);
  const { messages } = (await response.json()) as { messages: { text: string }[] };
  return rows.map(({ ticketId }) => {
    const publicId = ticketIds.encode({ id: ticketId, showId: id });
    return messages.filter(({ text }) => text.includes(publicId)).length;
  });
}

async function expectBooks(id: string, expected: Record<string, string>) {
  await eventually(async () => {
    expect(await readBooks(system, id)).toEqual(expected);
    return true;
  }, 40_000);
}

const seats = ["A1", "A2", "A3", "A4", "A5", "A6", "A7"];

const victims: [string, Victim[]][] = [
  ["the API", ["api"]],
  ["the checkout worker", ["checkout"]],
  ["the payments worker", ["payments"]],
  ["the relay, and the notifier behind it,", ["relay", "notifier"]],
  ["Redis", ["redis"]],
];

test.each(victims)(
  "%s is killed while purchases are at seven moments: all become tickets, each paid once and mailed once",
  async (_name, killed) => {
    const { id, showId } = await plantPublicShow();
    const purchases = await bringPurchasesUnderWay(id, showId);
    await Promise.all(killed.map(kill));
    await purchases.goOnOutside();
    await Promise.all(killed.map(revive));

    const ben = await system.signIn(randomUUID());
    expect((await ben.reserve({ showId, seatIds: ["A1"] })).body.code).toBe("SEAT_TAKEN");
    await purchases.goOn();
    await expectBooks(id, Object.fromEntries(seats.map((seat) => [seat, "sold"])));
    await eventually(async () => {
      expect(await countMails(id)).toEqual(seats.map(() => 1));
      return true;
    }, 40_000);
  },
  120_000,
);

test("the house is killed and holds end meanwhile: what was not paid is on sale again, what was paid is sold though nobody was told", async () => {
  await system.kill("checkout");
  await system.start("checkout", { HOLD_SECONDS: "6" });
  const { id, showId } = await plantPublicShow();
  await persistent.reserve(showId, "A1");
  await persistent.startPayment(await persistent.reserve(showId, "A2"));
  const paid = await persistent.startPayment(await persistent.reserve(showId, "A3"));
  await sandbox.webhooks({ drop: 100 });
  await persistent.authorise(paid);
  await sandbox.webhooks({ drop: 0 });

  const killed = ["api", "checkout", "payments", "relay"] as const;
  await Promise.all(killed.map(kill));
  await eventually(async () => {
    const { rowCount } = await system.database.pool.query(
      "select 1 from show_seats where show_id = $1 and held_until > now()",
      [id],
    );
    return rowCount === 0;
  });
  await Promise.all(killed.map(revive));
  const free = Object.fromEntries(seats.map((seat) => [seat, "free"]));
  await expectBooks(id, { ...free, A3: "sold" });
}, 120_000);
