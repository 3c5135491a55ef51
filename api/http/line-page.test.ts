import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeAnswer } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";

let edge: Edge;
let servers: RedisServers;

beforeAll(async () => {
  servers = await startRedis();
  const shopUrl = "https://shop.test/choose/{show}";
  edge = await createEdge({}, { redisUrl: servers.url, shopUrl });
}, 60_000);
afterAll(async () => {
  await edge.close();
  await servers.close();
}, 30_000);

describe("a guest with a browser that runs no script", () => {
  test("joins, sees the number, is called, and leaves", async () => {
    const show = await openLine({ guestsAllowed: true }, { seats: 1 });
    const [first, second, third] = [visitor(show), visitor(show), visitor(show)];
    expect((await first.look()).text).toContain("Join the line");
    for (const guest of [first, second, third]) {
      expect(await guest.act("join")).toMatchObject({ status: 303 });
    }
    await eventually(async () => (await first.look()).text.includes("It is your turn"));

    await eventually(async () => (await second.look()).text.includes("It is your turn"));
    const { text, headers } = await third.look();
    expect(text).toMatch(/<dt>Your number<\/dt>\s*<dd>3<\/dd>/);
    expect(text).toMatch(/People ahead<\/dt>\s*<dd id="ahead">0<\/dd>/);
    expect(text).toMatch(/<noscript>\s*<meta http-equiv="refresh" content="\d+"/);
    expect(headers.get("cache-control")).toBe("private, no-store");
    await third.act("leave");
    expect((await third.look()).text).toContain("Join the line");
  });

  test("signs in where seats are chosen when it is their turn, and the place in the cookie gives the pass", async () => {
    const show = await openLine({ guestsAllowed: true });
    const guest = visitor(show);
    await guest.act("join");
    await eventually(async () => (await guest.look()).text.includes("It is your turn"));
    const { text } = await guest.look();
    expect(text).toContain(`href="https://shop.test/choose/${showIds.encode(show)}"`);
    expect(text).not.toContain("Come in</button>");
    const buyer = await edge.signIn();
    const headers = { ...buyer.headers, cookie: guest.cookies() };
    const answer = await edge.send("POST", `/v1${guest.path}/pass`, { headers });
    expect(answer).toMatchObject({ status: 200, body: { pass: expect.any(String) } });
  });
});

describe("somebody who joined with a token", () => {
  test("finds their place on the page, comes in there, and reserves with the pass in the cookie", async () => {
    const show = await openLine();
    const person = await signedIn(show);
    await eventually(async () => (await person.look()).text.includes("It is your turn"));
    await person.act("enter");
    expect((await person.look()).text).toContain("You are in");
    expect(await reserve(show, person.buyer)).toMatchObject({
      ...{ status: 403, body: { code: "LINE_PASS_MISSING" } },
    });
    expect(await reserve(show, person.buyer, person.cookies())).toMatchObject({ status: 201 });
  });

  test("who was called and did not come is told so, and joins again behind", async () => {
    const show = await openLine();
    const person = await signedIn(show);
    await eventually(async () => (await person.look()).text.includes("It is your turn"));
    await servers.clients[0]?.zrem(`line:{${show}}:inside`, "1");
    expect((await person.look()).text).toContain("You have missed your turn");
    await person.act("join");
    await eventually(async () => (await person.look()).text.includes("It is your turn"));
  });
});

describe("whoever has no place", () => {
  test("is told how to get one where guests may not join", async () => {
    const show = await openLine();
    const guest = visitor(show);
    const { text } = await guest.look();
    expect(text).toContain("Sign in on the page or app where you buy tickets");
    expect(text).not.toContain("<form");
    expect(await guest.act("join")).toMatchObject({ status: 401 });
  });

  test("is told when the line opens, and of a show without a line that nobody waits", async () => {
    const later = await openLine({ opensMs: 3_600_000, drawMs: 7_200_000 });
    expect((await visitor(later).look()).text).toContain("The line opens at");
    const without = await plantShow(edge.database.pool);
    expect(await visitor(without).look()).toMatchObject({
      ...{ status: 200, text: expect.stringContaining("nobody has to wait") },
    });
    expect(await visitor(randomUUID()).look()).toMatchObject({
      ...{ status: 404, text: expect.stringContaining("No such show") },
    });
    expect((await edge.send("GET", "/shows/nonsense/line")).status).toBe(400);
  });

  test("is not let in by a slip of another show, or by one that was changed", async () => {
    const show = await openLine({ guestsAllowed: true });
    const other = visitor(await openLine({ guestsAllowed: true }));
    await other.act("join");
    const slip = slipOf(other.cookies());
    for (const stolen of [slip, `${slip}x`, "nonsense"]) {
      const cookie = `line-place-${showIds.encode(show)}=${stolen}`;
      const answer = await edge.send("GET", visitor(show).path, { headers: { cookie } });
      expect(answer).toMatchObject({ status: 200 });
      expect(answer.text).toContain("Join the line");
    }
  });
});

describe("the place in a guest's cookie", () => {
  test.each([
    ["a form of another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }],
    ["a script of another site", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" }],
    ["any form", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" }],
  ])("is not replaced by what %s asks for", async (_, headers: Record<string, string>) => {
    const show = await openLine({ guestsAllowed: true });
    // Browsers leave a cookie of ours out of what another site sends.
    const answer = await visitor(show).api("POST", headers);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
  });

  test("becomes theirs who signs in, so that they keep their turn, and nobody else's", async () => {
    const show = await openLine({ guestsAllowed: true });
    const guest = visitor(show);
    await guest.act("join");
    const slip = slipOf(guest.cookies());
    const { entry } = (await guest.api("POST", {})).body;
    const buyer = await edge.signIn();
    expect((await guest.api("POST", buyer.headers)).body).toMatchObject({ entry });
    expect((await visitor(show).api("POST", buyer.headers)).body).toMatchObject({ entry });

    const other = await edge.signIn();
    const taken = { ...other.headers, "line-place": slip };
    expect((await visitor(show).api("POST", taken)).body["entry"]).not.toBe(entry);
    await eventually(async () => (await guest.look()).text.includes("It is your turn"));
    const enter = (headers: Record<string, string>) =>
      edge.send("POST", `/v1${guest.path}/pass`, { headers });
    expect(await enter(taken)).toMatchObject({ status: 409, body: { code: "LINE_TURN_MISSED" } });
    expect((await enter({ ...buyer.headers, "line-place": slip })).status).toBe(200);
    expect((await enter({ ...buyer.headers, cookie: guest.cookies() })).status).toBe(200);
  });

  test("becomes one user's when many sign in with it at the same moment", async () => {
    const show = await openLine({ guestsAllowed: true });
    const guest = visitor(show);
    await guest.act("join");
    const place = { "line-place": slipOf(guest.cookies()) };
    const users = await Promise.all(Array.from({ length: 8 }, () => edge.signIn()));
    const answers = await Promise.all(
      users.map(({ headers }) => visitor(show).api("POST", { ...headers, ...place })),
    );
    const entries = answers.map(({ body }) => body["entry"]);
    expect(entries.filter((entry) => entry === 1)).toHaveLength(1);
    expect(new Set(entries).size).toBe(8);
  });

  test("stays when somebody signs in who has a place behind it", async () => {
    const show = await openLine({ guestsAllowed: true });
    const guest = visitor(show);
    await guest.act("join");
    const buyer = await edge.signIn();
    await visitor(show).api("POST", buyer.headers);
    const before = guest.cookies();
    expect((await guest.api("POST", buyer.headers)).body).toMatchObject({ entry: 2 });
    expect(guest.cookies()).toBe(before);
  });

  test("is as good as none when it is none of ours", async () => {
    const show = await openLine({ guestsAllowed: true });
    const cookie = `line-place-${showIds.encode(show)}=nonsense`;
    const answer = await visitor(show).api("POST", { cookie });
    expect([answer.status, answer.headers.getSetCookie().length]).toEqual([200, 1]);
  });
});

test("a false pass in a cookie is as good as none", async () => {
  const show = await openLine();
  const buyer = await edge.signIn();
  const cookie = `line-pass-${showIds.encode(show)}=nonsense`;
  expect(await reserve(show, buyer, cookie)).toMatchObject({ body: { code: "LINE_PASS_MISSING" } });
});

test("the draw's fingerprint stands on the page before the draw, and its seed after it", async () => {
  const show = await openLine({ guestsAllowed: true, opensMs: -1_000, drawMs: 2_500 });
  const guest = visitor(show);
  await guest.act("join");
  const { text } = await guest.look();
  expect(text).toContain("You take part in the draw");
  const fingerprint = /<code>([0-9a-f]{64})<\/code>/.exec(text)?.[1];
  await eventually(async () => (await guest.look()).text.includes("This is the seed"));
  expect((await guest.look()).text).toContain(`<code>${fingerprint}</code>`);
});

test("what the organiser says is shown as words, whatever is in it", async () => {
  const show = await openLine();
  await edge.database.pool.query("update show_lines set message = $2 where show_id = $1", [
    ...[show, "<script>alert(1)</script> Doors & bars"],
  ]);
  const page = visitor(show);
  await eventually(async () => (await page.look()).text.includes("Doors &amp; bars"));
  expect((await page.look()).text).toContain("&lt;script&gt;alert(1)");
});

test.each([
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["a neighbour of our domain", { "sec-fetch-site": "same-site" }],
  ["another site, in an old browser", { origin: "https://evil.example", host: "ours" }],
  ["a page that hides where it is from, in an old browser", { origin: "null", host: "ours" }],
])("a form of %s moves nobody", async (_, headers: Record<string, string>) => {
  const show = await openLine({ guestsAllowed: true, admitMs: 600_000 });
  const guest = visitor(show);
  await guest.act("join");
  const answer = await guest.act("leave", headers);
  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining("FORM_FOREIGN") });
  expect((await guest.look()).text).toContain("Your number");
});

test("cookies are for us alone, over TLS alone, and no address says who somebody is", async () => {
  const show = await openLine({ guestsAllowed: true });
  const { headers } = await visitor(show).act("join");
  expect(headers.get("set-cookie")).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Lax/);
  expect(headers.get("location")).toBe(`/shows/${showIds.encode(show)}/line`);
});

type LineRules = NonNullable<Parameters<typeof plantLine>[2]>;

async function openLine(rules: LineRules = {}, hall = { seats: 10 }): Promise<string> {
  const show = await plantShow(edge.database.pool, hall);
  await plantLine(edge.database.pool, show, rules);
  const path = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("GET", path)).status === 200);
  return show;
}

/** A browser, as far as its cookies go. */
function visitor(show: string) {
  const path = `/shows/${showIds.encode(show)}/line`;
  const jar = new Map<string, string>();
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  async function send(method: string, at: string, headers: Record<string, string>) {
    const answer = await edge.send(method, at, { headers: { cookie: cookies(), ...headers } });
    keepCookies(jar, answer);
    return answer;
  }
  return {
    ...{ path, cookies },
    look: () => send("GET", path, {}),
    act: (act: string, headers: Record<string, string> = { "sec-fetch-site": "same-origin" }) =>
      send("POST", `${path}/${act}`, headers),
    api: (method: string, headers: Record<string, string>) => send(method, `/v1${path}`, headers),
  };
}

function slipOf(cookies: string): string {
  return cookies.replace(/^line-place-[^=]+=/, "");
}

function keepCookies(jar: Map<string, string>, { headers }: EdgeAnswer): void {
  for (const cookie of headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0/i.test(cookie)) jar.delete(name);
    else jar.set(name, value);
  }
}

async function signedIn(show: string) {
  const browser = visitor(show);
  const buyer = await edge.signIn();
  expect((await browser.api("POST", buyer.headers)).status).toBe(200);
  return { ...browser, buyer };
}

type Buyer = Awaited<ReturnType<Edge["signIn"]>>;

async function reserve(show: string, buyer: Buyer, cookie = ""): Promise<EdgeAnswer> {
  const json = { showId: showIds.encode(show), seatIds: ["A1"], userId: buyer.userId };
  const headers = { ...buyer.headers, "idempotency-key": randomUUID(), cookie };
  return edge.send("POST", "/v1/bookings/reserve", { json, headers });
}
