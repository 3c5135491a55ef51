import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { venueIds } from "../../domain/ids.ts";
import { ticketCode } from "../../domain/ticket-code.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { actionsOf } from "../../tests/plant-house.ts";
import { plantSoldDoor } from "../../tests/plant-sold-door.ts";

let edge: Edge;

beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

function form(fields: Record<string, string>) {
  return {
    raw: new URLSearchParams(fields).toString(),
    type: { "content-type": "application/x-www-form-urlencoded" },
  };
}

test("a show's page of the door has counts and conflicts, and takes an entry back", async () => {
  const door = await plantSoldDoor(edge);
  const { owner, viewer, door: usher } = door.people;
  const code = ticketCode(door.tickets[0]?.id ?? "");
  for (const deviceId of [randomUUID(), randomUUID()]) {
    const scan = { scanId: randomUUID(), code, scannedAt: new Date().toISOString() };
    const json = { deviceId, gate: "main", scans: [{ ...scan, wasAdmitted: true }] };
    await edge.send("POST", `${door.door}/entries`, { ...usher, json });
  }
  const page = await edge.send("GET", `${door.page}/door`, owner);
  expect(page.text).toContain("1 of 4");
  expect(page.text.replaceAll(/\s+/g, " ")).toContain(
    "<strong>A1</strong>: two people, at Main entrance and Main entrance",
  );
  const { raw, type } = form({ code });
  const undone = await edge.send("POST", `${door.page}/door`, {
    ...{ raw, headers: { ...owner.headers, ...type } },
  });
  expect(undone.status).toBe(303);
  expect((await edge.send("GET", `${door.page}/door`, owner)).text).toContain("0 of 4");
  expect((await edge.send("GET", `${door.page}/door`, viewer)).status).toBe(403);
  expect((await edge.send("GET", `${door.page}/door`, usher)).status).toBe(403);
});

test("gates are named and deleted by a form, and members get some of them by another", async () => {
  const door = await plantSoldDoor(edge);
  const { owner, door: usher } = door.people;
  const desk = door.page.replace(/\/shows.*/, "");
  const post = (path: string, fields: Record<string, string>) => {
    const { raw, type } = form(fields);
    return edge.send("POST", `${desk}${path}`, { raw, headers: { ...owner.headers, ...type } });
  };
  const gate = { gate: "stairs", name: "Grand stairs", sections: "s" };
  await post("/gates", { ...gate, venueId: venueIds.encode(door.venueId) });
  await post("/members", { userId: usher.userId, role: "door", gates: "stairs" });
  const shows = await edge.send("GET", "/v1/door/shows", usher);
  expect(shows.body["shows"]).toMatchObject([{ gates: [{ gate: "stairs", sections: ["S"] }] }]);
  expect((await edge.send("GET", `${desk}/gates`, owner)).text).toContain("Grand stairs");
  expect((await post("/gates/delete", { gate: "stairs" })).status).toBe(303);
  const actions = await actionsOf(edge, door.organiserId);
  expect(actions.map(({ action }) => action)).toEqual(["gate set", "member set", "gate removed"]);
});

test.each([
  ["a name of 101 letters", { name: "N".repeat(101) }, 400],
  ["one of 100", { name: "N".repeat(100) }, 200],
  ["a section that no layout can have", { sections: ["NORTH!"] }, 400],
  ["201 sections", { sections: Array.from({ length: 201 }, (_, nth) => `S${nth}`) }, 400],
])("the form of a gate takes what the API takes: %s", async (_what, said, status) => {
  const door = await plantSoldDoor(edge);
  const { owner } = door.people;
  const venueId = venueIds.encode(door.venueId);
  const gate = { name: "North", sections: ["S"], ...said };
  const json = { ...gate, venueId };
  const put = await edge.send("PUT", `${door.home}/gates/north`, { ...owner, json });
  const { raw, type } = form({
    ...{ gate: "south", venueId },
    ...{ name: gate.name, sections: gate.sections.join(" ") },
  });
  const posted = await edge.send("POST", `${door.page.replace(/\/shows.*/, "")}/gates`, {
    ...{ raw, headers: { ...owner.headers, ...type } },
  });
  expect([put.status, posted.status]).toEqual([status, status === 200 ? 303 : status]);
});
