import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { refundTickets } from "../../adapters/postgres/refunds.ts";
import { offerWallets } from "../../adapters/wallet/offer-wallets.ts";
import { ticketIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { ticketOf } from "../../tests/plant-transfer.ts";
import { sellBooking } from "../../tests/sell-booking.ts";

let plain: Edge;
let offering: Edge;
beforeAll(async () => {
  plain = await createEdge();
  const signed = { apple: () => Buffer.from("a pass"), google: async () => "https://save.test/" };
  offering = await createEdge({}, { wallets: signed });
}, 60_000);
afterAll(() => Promise.all([plain.close(), offering.close()]), 30_000);

async function sellTicket(edge: Edge) {
  const { pool } = edge.database;
  const showId = await plantShow(pool, { seats: 2 });
  const buyer = await edge.signIn();
  const sold = await sellBooking(pool, { showId, seatIds: ["A1"], userId: buyer.userId });
  const ticketId = ticketIds.encode({ id: await ticketOf(pool, sold, "A1"), showId });
  return { buyer, sold, path: `/v1/tickets/${ticketId}` };
}

test("a house without an account offers no wallet, and says so by a code", async () => {
  const { buyer, path } = await sellTicket(plain);
  expect((await plain.send("GET", path, buyer)).body["wallets"]).toEqual([]);
  for (const wallet of ["ticket.pkpass", "google-wallet"]) {
    const { status, body } = await plain.send("GET", `${path}/${wallet}`, buyer);
    expect([status, body.code]).toEqual([404, "WALLET_NOT_OFFERED"]);
  }
});

test("a ticket is handed to both wallets, until it is given back", async () => {
  const { buyer, sold, path } = await sellTicket(offering);
  expect((await offering.send("GET", path, buyer)).body["wallets"]).toEqual(["apple", "google"]);
  const pass = await offering.send("GET", `${path}/ticket.pkpass`, buyer);
  expect(pass.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
  const link = await offering.send("GET", `${path}/google-wallet`, buyer);
  expect(link.body).toMatchObject({ url: "https://save.test/" });

  const { showId, bookingId } = sold;
  const order = { showId, bookingId, cause: "buyer:one", withFees: false } as const;
  await refundTickets(offering.database.pool, order);
  for (const wallet of ["ticket.pkpass", "google-wallet"]) {
    const { status, body } = await offering.send("GET", `${path}/${wallet}`, buyer);
    expect([status, body.code]).toEqual([409, "TICKET_NOT_LIVE"]);
  }
  expect((await offering.send("GET", path, buyer)).body["wallets"]).toEqual([]);
});

test("half an account is a mistake, and nothing starts with it", () => {
  expect(offerWallets({})).toEqual({ apple: undefined, google: undefined });
  expect(() => offerWallets({ GOOGLE_WALLET_ISSUER_ID: "1" })).toThrow(
    "GOOGLE_WALLET_EMAIL, GOOGLE_WALLET_KEY not set",
  );
});
