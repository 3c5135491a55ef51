import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { listLineActions } from "../../adapters/postgres/line-desk.ts";
import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeAnswer } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { actionsOf, plantHouse } from "../../tests/plant-house.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShowLike } from "../../tests/plant-show.ts";

// What organisers do with the lines in front of their shows.

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

type House = Awaited<ReturnType<typeof plantHouse>>;
type Role = keyof House["people"];

type Body = EdgeAnswer["body"] & { line?: Record<string, unknown> | null };

function ask(
  house: House,
  role: Role,
  method: string,
  json?: object,
  path = "",
): Promise<EdgeAnswer & { body: Body }> {
  const { headers } = house.people[role];
  return edge.send(method, `${house.at}/line${path}`, { headers, ...(json && { json }) });
}

test("an owner opens a line, everybody who may sees it live, an editor slows, pauses and speaks to it; each act leaves its rows", async () => {
  const house = await plantHouse(edge, { seats: 1 });
  expect((await ask(house, "viewer", "GET")).body).toMatchObject({ line: null, actions: [] });
  expect(await ask(house, "owner", "POST", { guestsAllowed: true })).toMatchObject({ status: 201 });
  const line = `/v1/shows/${showIds.encode(house.showId)}/line`;
  await eventually(async () => (await edge.send("GET", line)).body["phase"] === "open");
  for (let joined = 0; joined < 5; joined += 1) await edge.send("POST", line);
  const seen = await eventually(async () => {
    const { body } = await ask(house, "seller", "GET");
    return body["line"]?.["limitedBy"] === "seats" && body;
  });
  expect(seen["line"]).toMatchObject({ joined: 5, waiting: 3, inside: 2, freeSeats: 1 });

  const slower = { callsPerMinuteMax: 30, message: "Doors at seven" };
  expect((await ask(house, "editor", "PATCH", slower)).body["line"]).toMatchObject(slower);
  const paused = await ask(house, "editor", "PATCH", { isPaused: true });
  expect(paused.body["line"]).toMatchObject({ phase: "paused", ...slower });
  expect(await ask(house, "owner", "POST", {})).toMatchObject({
    ...{ status: 409, body: { code: "LINE_NOT_OPENABLE" } },
  });

  // Who did what is for those who see it elsewhere.
  expect((await ask(house, "seller", "GET")).body["actions"]).toEqual([]);
  expect((await ask(house, "editor", "GET")).body["actions"]).toHaveLength(3);

  const { owner, editor } = house.people;
  expect(await listLineActions(edge.database.pool, house.showId)).toMatchObject([
    { action: "change", actor: editor.userId, details: { isPaused: true } },
    { action: "change", actor: editor.userId, details: slower },
    { action: "open", actor: owner.userId },
  ]);
  const subject = showIds.encode(house.showId);
  expect(await actionsOf(edge, house.organiserId)).toMatchObject([
    { action: "line opened", actor: owner.userId, subject, details: { guestsAllowed: true } },
    { action: "line changed", actor: editor.userId, subject, details: slower },
    { action: "line changed", actor: editor.userId, subject, details: { isPaused: true } },
  ]);
});

test("who may only look changes nothing, and nobody but an operator closes a line", async () => {
  const house = await plantHouse(edge);
  for (const role of ["seller", "viewer"] as const) {
    for (const tried of [
      ask(house, role, "POST", {}),
      ask(house, role, "PATCH", { isPaused: true }),
      ask(house, role, "PUT", { peoplePerMinute: 5 }, "/threshold"),
    ]) {
      expect(await tried).toMatchObject({ status: 403, body: { code: "ROLE_TOO_LOW" } });
    }
  }
  expect((await ask(house, "door", "GET")).status).toBe(403);
  await ask(house, "owner", "POST", {});
  expect((await ask(house, "owner", "DELETE")).status).toBe(405);
  const { headers } = house.people.owner;
  const desk = `/v1/desk/shows/${showIds.encode(house.showId)}/line`;
  for (const path of [desk, `${desk}/places/1`]) {
    expect(await edge.send("DELETE", path, { headers })).toMatchObject({ status: 403 });
  }
  expect((await ask(house, "owner", "GET")).body["line"]).not.toBeNull();
  expect(await actionsOf(edge, house.organiserId)).toHaveLength(1);
});

test("a threshold is set and forgotten; the line of another organisation's show is not there", async () => {
  const [house, other] = [await plantHouse(edge), await plantHouse(edge)];
  for (const peoplePerMinute of [300, null]) {
    const { body } = await ask(house, "editor", "PUT", { peoplePerMinute }, "/threshold");
    expect(body).toMatchObject({ peoplePerMinute });
  }
  const stolen = house.at.replace(/shows\/.*/, `shows/${showIds.encode(other.showId)}/line`);
  for (const method of ["GET", "POST", "PATCH"]) {
    const tried = await edge.send(method, stolen, {
      headers: house.people.owner.headers,
      ...(method !== "GET" && { json: {} }),
    });
    expect(tried).toMatchObject({ status: 404, body: { code: "SHOW_NOT_FOUND" } });
  }
  expect((await ask(other, "viewer", "GET")).body).toMatchObject({ line: null, actions: [] });
});

test("an organisation has a hundred lines and a hundred thresholds at a time", async () => {
  const house = await plantHouse(edge);
  const { pool } = edge.database;
  const others = [];
  for (let show = 0; show < 100; show += 1) others.push(await plantShowLike(pool, house.showId));
  for (const other of others) await plantLine(pool, other, { opensMs: 3_600_000 });
  await pool.query(
    "insert into line_thresholds (show_id, people_per_minute) select unnest($1::uuid[]), 1000",
    [others],
  );
  const refused = { status: 409, body: { code: "LINE_NOT_OPENABLE" } };
  const above = { peoplePerMinute: 300 };
  expect(await ask(house, "owner", "POST", {})).toMatchObject(refused);
  expect(await ask(house, "owner", "PUT", above, "/threshold")).toMatchObject(refused);
  const [first] = others;
  await pool.query("update show_lines set closed_at = now() where show_id = $1", [first]);
  await pool.query("delete from line_thresholds where show_id = $1", [first]);
  expect(await ask(house, "owner", "PUT", above, "/threshold")).toMatchObject({ status: 200 });
  expect(await ask(house, "owner", "POST", {})).toMatchObject({ status: 201 });
});

test("on its pages the same is done by forms, and who may only look finds none", async () => {
  const house = await plantHouse(edge);
  const at = `${house.page}/line`;
  const { owner, viewer } = house.people;
  const post = (path: string, fields: Record<string, string>) =>
    edge.send("POST", `${at}${path}`, {
      raw: new URLSearchParams(fields).toString(),
      headers: { ...owner.headers, "content-type": "application/x-www-form-urlencoded" },
    });
  expect((await edge.send("GET", house.page, owner)).text).toContain(`href="${at}"`);
  const threshold = await post("/threshold", { peoplePerMinute: "300" });
  expect([threshold.status, threshold.headers.get("location")]).toEqual([303, at]);
  expect((await edge.send("GET", at, viewer)).text).toContain("from 300 people a minute on");
  const opening = { opensInMinutes: "5", drawAfterMinutes: "10", guestsAllowed: "true" };
  expect(await post("/open", opening)).toMatchObject({ status: 303 });
  expect(await post("/change", { message: "Doors at seven" })).toMatchObject({ status: 303 });
  const { text } = await edge.send("GET", at, owner);
  expect(text).toContain("Doors at seven");
  expect(text).toContain("Pause the line");
  const change = await edge.send("GET", `${at}/change`, owner);
  expect(change.text).toContain("Set the pace");
  expect(change.text).not.toContain("Close the line");
  const looked = await edge.send("GET", at, viewer);
  expect(looked.text).toContain("Doors at seven");
  expect(looked.text).not.toContain("Pause the line");
  expect((await edge.send("GET", `${at}/change`, viewer)).status).toBe(403);
});
