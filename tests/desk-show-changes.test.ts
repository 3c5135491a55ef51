import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { organiserIds, showIds } from "../domain/ids.ts";
import type { OrganiserRole } from "../domain/organiser-roles.ts";
import type { Buyer } from "../local/buyer.ts";
import { buyTickets } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";

// Organisers cancel shows and give them other times: the workflows of support, asked by one member and approved by another.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 120_000);
afterAll(() => shop.close(), 30_000);

type Answer = { status: number; body: Record<string, unknown> & { code?: string } };

/** A show of an organisation with two owners and a seller. */
async function plantHouse() {
  const showId = await shop.plantShow();
  const { rows } = await shop.db.query<{ id: string }>(
    `select venue.organiser_id as id from shows join halls using (hall_id) join venues venue using (venue_id)
     where show_id = $1`,
    [showIds.decode(showId)],
  );
  const organiserId = rows[0]?.id ?? "";
  const takeIn = async (role: OrganiserRole) => {
    const person = await shop.system.signIn(randomUUID());
    await shop.db.query("insert into organiser_members values ($1, $2, $3)", [
      ...[organiserId, person.userId, role],
    ]);
    return person;
  };
  const at = `/v1/organiser/organisations/${organiserIds.encode(organiserId)}/shows/${showId}/changes`;
  return {
    ...{ showId, organiserId },
    ...{ first: await takeIn("owner"), second: await takeIn("editor") },
    seller: await takeIn("seller"),
    async send(person: Buyer, method: string, path: string, json?: object): Promise<Answer> {
      const response = await fetch(`${shop.system.addresses.api}${at}/${path}`, {
        method,
        headers: {
          authorization: person.authorization,
          ...(json && { "content-type": "application/json" }),
        },
        ...(json && { body: JSON.stringify(json) }),
      });
      return { status: response.status, body: (await response.json()) as Answer["body"] };
    },
    /** The page of the desk, or a form of it that is sent. */
    async page(person: Buyer, form?: string) {
      const path = at.replace("/v1/organiser", "/desk") + (form === undefined ? "" : `/${form}`);
      const response = await fetch(`${shop.system.addresses.api}${path}`, {
        method: form === undefined ? "GET" : "POST",
        headers: { authorization: person.authorization },
        redirect: "manual",
      });
      return { status: response.status, text: await response.text() };
    },
    async actions() {
      const { rows: done } = await shop.db.query<{ action: string; actor: string }>(
        "select action, actor from organiser_actions where organiser_id = $1 and details ->> 'outcome' is null order by action_id",
        [organiserId],
      );
      return done;
    },
  };
}

async function statusOf(showId: string): Promise<string | undefined> {
  const { rows } = await shop.db.query<{ status: string }>(
    "select status from shows where show_id = $1",
    [showIds.decode(showId)],
  );
  return rows[0]?.status;
}

test("a show is cancelled by two: the numbers first, the approval of another member, and every ticket goes back", async () => {
  const house = await plantHouse();
  const { first, second, seller, send, showId } = house;
  await buyTickets(shop.asha, showId, ["A1", "A2"]);
  expect(await send(second, "GET", "cancellation")).toMatchObject({ status: 404 });
  const asked = await send(first, "POST", "cancellation");
  expect(asked).toMatchObject({
    status: 202,
    body: {
      ...{ phase: "awaiting_approval", askedBy: first.userId },
      survey: { ticketed: 1, tickets: 2, sums: [{ currency: "GBP", refundMinor: 2_200 }] },
    },
  });
  const { code } = asked.body as { code: string };
  expect(await send(second, "POST", "cancellation")).toMatchObject({
    body: { code: "SHOW_CHANGE_RUNNING" },
  });
  for (const [person, sent, expected] of [
    [first, { code }, "SHOW_CHANGE_OWN"],
    [second, { code: "wrong" }, "SHOW_CHANGE_REFUSED"],
    [seller, { code }, "ROLE_TOO_LOW"],
    [shop.asha, { code }, "ORGANISATION_NOT_FOUND"],
  ] as const) {
    const answer = await send(person, "POST", "cancellation/approve", sent);
    expect(answer.body.code).toBe(expected);
  }
  expect(await statusOf(showId)).toBe("scheduled");
  expect(await send(first, "POST", "cancellation/calls/pause")).toMatchObject({
    body: { code: "SHOW_CHANGE_REFUSED", details: { problem: "It is not approved yet." } },
  });

  expect(await send(second, "POST", "cancellation/approve", { code })).toMatchObject({
    status: 200,
  });
  expect(await send(seller, "POST", "cancellation/calls/pause")).toMatchObject({ status: 403 });
  expect(await send(first, "POST", "cancellation/calls/pause")).toMatchObject({
    status: 200,
    body: { phase: "paused", result: null },
  });
  expect(await house.page(second)).toMatchObject({
    text: expect.stringMatching(/Paused: the other bookings wait[^]*id="resume"/),
  });
  expect(await house.page(second, "cancellation/resume")).toMatchObject({ status: 303 });
  expect((await house.page(second)).text).not.toContain('id="resume"');
  const ended = await eventually(async () => {
    const { body } = await send(first, "GET", "cancellation");
    return body["result"] === "cancelled" && body;
  }, 30_000);
  expect(ended).toMatchObject({
    ...{ phase: "ended", askedBy: first.userId },
    progress: { voided: 1, refunds: [{ currency: "GBP", openedMinor: 2_200 }] },
  });
  expect(await statusOf(showId)).toBe("cancelled");
  expect(await house.actions()).toEqual([
    { action: "cancellation asked for", actor: first.userId },
    { action: "cancellation approved", actor: second.userId },
    { action: "cancellation paused", actor: first.userId },
    { action: "cancellation resumed", actor: second.userId },
  ]);
  const { rows } = await shop.db.query<{ agent: string }>(
    "select agent from support_actions where show_id = $1 order by created_at",
    [showIds.decode(showId)],
  );
  expect(rows.map(({ agent }) => agent)).toContain(second.userId);
  expect(await findViolations(shop.db, { showId: showIds.decode(showId) })).toEqual([]);
});

test("a show gets another time by two; a time that cannot be is told at once; whoever asked may abandon it", async () => {
  const { first, second, send, showId } = await plantHouse();
  const inDays = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const times = { startsAt: `${inDays(40)}T20:15`, refundUntil: `${inDays(20)}T12:00` };
  const past = { ...times, startsAt: "2001-01-01T20:00" };
  expect(await send(first, "POST", "reschedule", past)).toMatchObject({
    ...{ status: 409, body: { code: "SHOW_CHANGE_REFUSED" } },
  });
  expect(await send(first, "POST", "reschedule", { startsAt: "soon" })).toMatchObject({
    status: 400,
  });
  expect(await send(first, "POST", "reschedule", times)).toMatchObject({ status: 202 });
  expect(await send(first, "POST", "reschedule/abandon")).toMatchObject({ status: 200 });
  await eventually(
    async () => (await send(second, "GET", "reschedule")).body["result"] === "abandoned",
    10_000,
  );

  const asked = await send(second, "POST", "reschedule", times);
  expect(asked).toMatchObject({ status: 202, body: { ...times, phase: "awaiting_approval" } });
  const { code } = asked.body as { code: string };
  await send(first, "POST", "reschedule/approve", { code });
  await eventually(
    async () => (await send(second, "GET", "reschedule")).body["result"] === "rescheduled",
    10_000,
  );
  const { rows } = await shop.db.query<{ local: string }>(
    `select to_char(starts_at at time zone 'Europe/London', 'YYYY-MM-DD"T"HH24:MI') as local from shows where show_id = $1`,
    [showIds.decode(showId)],
  );
  expect(rows[0]?.local).toBe(times.startsAt);
});
