import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantShow } from "../../tests/plant-show.ts";

let edge: Edge;
let operatorId: string;

beforeAll(async () => {
  edge = await createEdge();
  operatorId = randomUUID();
}, 60_000);
afterAll(() => edge.close(), 30_000);

test("an operator signs in with a token, opens a line by a form, and sees, changes and closes it", async () => {
  const show = await plantShow(edge.database.pool, { seats: 1 });
  const at = `/desk/lines/${showIds.encode(show)}`;
  const desk = await signIn();
  expect((await desk.get(at)).text).toContain("This show has no line.");
  const opening = { opensInMinutes: "0", drawAfterMinutes: "0", guestsAllowed: "true" };
  expect(await desk.post(`${at}/open`, opening)).toMatchObject({ status: 303 });
  const line = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("GET", line)).body["phase"] === "open");
  for (let joined = 0; joined < 3; joined += 1) await edge.send("POST", line);
  await eventually(async () =>
    (await desk.get(at)).text.includes("As many people are inside as there is room for"),
  );
  expect((await desk.get("/desk/lines")).text).toContain("Test title");

  const message = `"Doors" & <bars> at seven\r\nBring a ticket`;
  await desk.post(`${at}/change`, { message });
  await desk.post(`${at}/change`, { callsPerMinuteMax: "30" });
  await desk.post(`${at}/change`, { isPaused: "true" });
  const { text } = await desk.get(at);
  expect(text).toContain("&quot;Doors&quot; &amp; &lt;bars&gt; at seven\nBring a ticket");
  expect(text).toContain("30 a minute");
  expect(text).toContain("Go on</button>");
  expect(text).toContain(`by ${operatorId}`);
  expect((await edge.send("GET", `/shows/${showIds.encode(show)}/line`)).text).toContain("paused");

  expect(await desk.post(`${at}/close`, {})).toMatchObject({
    ...{ status: 400, text: expect.stringContaining(`href="${at}">Back to the page</a>`) },
  });
  expect(await desk.post(`${at}/close`, { sure: "true" })).toMatchObject({ status: 303 });
  expect((await desk.get(at)).text).toContain("This show has no line.");
});

test("a threshold is set by a form, and 0 forgets it", async () => {
  const at = `/desk/lines/${showIds.encode(await plantShow(edge.database.pool))}`;
  const desk = await signIn();
  await desk.post(`${at}/threshold`, { peoplePerMinute: "300" });
  expect((await desk.get(at)).text).toContain("from 300 people a minute on");
  await desk.post(`${at}/threshold`, { peoplePerMinute: "0" });
  expect((await desk.get(at)).text).not.toContain("people a minute on");
});

test("who is not signed in is sent to sign in, and who is no operator stays outside", async () => {
  const at = `/desk/lines/${showIds.encode(await plantShow(edge.database.pool))}`;
  for (const path of ["/desk/lines", at, `${at}/change`]) {
    const answer = await edge.send("GET", path);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/desk/sign-in"]);
    const stale = await edge.send("GET", path, { headers: { cookie: "desk=nonsense" } });
    expect(stale.status).toBe(303);
  }
  const posted = await edge.send(
    "POST",
    `${at}/open`,
    form({}, { "sec-fetch-site": "same-origin" }),
  );
  expect(posted.headers.get("location")).toBe("/desk/sign-in");
  const token = await edge.identity.issue({ sub: randomUUID() });
  const signedIn = await edge.send("POST", "/desk/sign-in", form({ token }, ours));
  expect(signedIn.headers.get("location")).toBe("/desk/organisations");
  const headers = { cookie: `desk=${token}` };
  expect(await edge.send("GET", at, { headers })).toMatchObject({ status: 403 });
});

test("a form of another site does nothing in an operator's name", async () => {
  const show = await plantShow(edge.database.pool);
  const at = `/desk/lines/${showIds.encode(show)}`;
  const desk = await signIn();
  const opening = { opensInMinutes: "0", drawAfterMinutes: "0" };
  expect(await desk.post(`${at}/open`, opening, { "sec-fetch-site": "cross-site" })).toMatchObject({
    status: 403,
  });
  expect((await desk.get(at)).text).toContain("This show has no line.");
});

const ours = { "sec-fetch-site": "same-origin" };

function form(fields: Record<string, string>, headers: Record<string, string>) {
  const type = "application/x-www-form-urlencoded";
  return {
    raw: new URLSearchParams(fields).toString(),
    headers: { ...headers, "content-type": type },
  };
}

async function signIn() {
  const token = await edge.identity.issue({ sub: operatorId, roles: ["operator"] });
  const { status, headers } = await edge.send("POST", "/desk/sign-in", form({ token }, ours));
  expect(status).toBe(303);
  const set = headers.get("set-cookie") ?? "";
  expect(set).toMatch(/Path=\/desk; HttpOnly; Secure; SameSite=Lax/);
  const cookie = set.split(";")[0] ?? "";
  return {
    get: (path: string) => edge.send("GET", path, { headers: { cookie } }),
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = ours) =>
      edge.send("POST", path, form(fields, { cookie, ...headers })),
  };
}
