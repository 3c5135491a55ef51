import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../adapters/postgres/catalogue.ts";
import { withTransaction } from "../adapters/postgres/pool.ts";
import { publishShows } from "../adapters/postgres/publish-shows.ts";
import { showIds, titleIds, venueIds } from "../domain/ids.ts";
import { createRandom } from "../local/demo-data/create-random.ts";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";
import { startVarnish } from "./varnish.ts";
import type { Varnish } from "./varnish.ts";

// A real Varnish in front of a real API: what it keeps, for whom, for how long, and what it does when the API is away.

const secret = "purge-secret-of-this-test";
let system: System;
let varnish: Varnish;
let shows: PlantedShow[];

type PlantedShow = { id: string; show: string; title: string; venue: string };

beforeAll(async () => {
  const port = await freePort();
  system = await startSystem(["api", "relay", "identity"], {
    CDN_PURGE_URL: `http://127.0.0.1:${port}`,
    CDN_PURGE_SECRET: secret,
    TRUSTED_PROXIES: "1",
  });
  varnish = await startVarnish({ origin: system.addresses.api, secret, port });
  await system.start("purger");
  shows = await Promise.all(Array.from({ length: 12 }, plant));
}, 180_000);
afterAll(async () => {
  await varnish.close();
  await system.close();
}, 30_000);

async function plant(): Promise<PlantedShow> {
  const { pool } = system.database;
  const id = await plantShow(pool);
  const stored = await getShow(pool, id);
  return {
    ...{ id, show: showIds.encode(id) },
    title: titleIds.encode(stored?.title.titleId ?? ""),
    venue: venueIds.encode(stored?.venue.venueId ?? ""),
  };
}

/** As the catalogue does it: the rows, a higher version and the event in one transaction. */
async function rename({ id }: PlantedShow, hall: string): Promise<void> {
  await withTransaction(system.database.pool, async (tx) => {
    await tx.query(
      "update halls set name = $2 where hall_id = (select hall_id from shows where show_id = $1)",
      [id, hall],
    );
    await tx.query("update shows set version = version + 1 where show_id = $1", [id]);
    await publishShows(tx, [id]);
  });
}

async function purge(keys: string, word = secret): Promise<number> {
  const headers = { authorization: `Bearer ${word}`, "surrogate-key": keys };
  return (await fetch(varnish.url, { method: "PURGE", headers })).status;
}

type Answer = { status: number; headers: Headers; text: string; isHit: boolean };

async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(varnish.url + path, { headers, redirect: "manual" });
  const isHit = response.headers.get("cache-status") === "marquee; hit";
  return { status: response.status, headers: response.headers, text: await response.text(), isHit };
}

const firstShow = () => shows[0] ?? { id: "", show: "", title: "", venue: "" };

test("of a browse mix at least nine reads in ten never reach the API", async () => {
  const before = await system.count("api", "marquee_http_request_seconds_count");
  const random = createRandom(7);
  const answers: Answer[] = [];
  for (let read = 0; read < 1_000; read += 1) answers.push(await ask(pickRead(random)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const ratio = answers.filter(({ isHit }) => isHit).length / answers.length;
  process.stdout.write(`hit ratio ${ratio.toFixed(3)}\n`);
  expect(ratio).toBeGreaterThan(0.9);
  // What Varnish says of itself is what the API has seen; its probe and the background are in there too.
  const asked = (await system.count("api", "marquee_http_request_seconds_count")) - before;
  expect(asked).toBeLessThan(answers.length * 0.1 + 60);
}, 60_000);

/** Few shows are looked at by many. Half of the reads are of shows, the others of what leads there. */
function pickRead(random: () => number): string {
  const { show, title, venue } = shows[Math.floor(random() ** 3 * shows.length)] ?? firstShow();
  const reads = [
    `/v1/shows/${show}`,
    `/v1/shows/${show}?from=mail-${Math.floor(random() * 1e6)}`,
    `/v1/shows/${show}/seats?format=bitmap`,
    `/v1/titles/${title}`,
    `/v1/venues/${venue}`,
    "/v1/layouts/test-10",
    "/v1/search?city=London&sort=date",
    "/v1/search?sort=date&city=London&utm_source=a",
    "/v1/suggest?q=tes",
  ];
  return reads[Math.floor(random() * reads.length)] ?? "";
}

test("what an organiser changes is seen by everybody within a second, on all of its pages", async () => {
  const slowest: number[] = [];
  for (const [round, planted] of shows.slice(0, 5).entries()) {
    const own = [`/shows/${planted.show}`, `/titles/${planted.title}`, `/venues/${planted.venue}`];
    const paths = [...own, ...own.map((path) => `/v1${path}`)];
    for (const path of paths) await ask(path);
    const hall = `Renamed ${round}`;
    await rename(planted, hall);
    const changedAt = performance.now();
    await eventually(async () => {
      const answers = await Promise.all(paths.map((path) => ask(path)));
      return answers.every(({ text }) => text.includes(hall));
    }, 5_000);
    slowest.push(performance.now() - changedAt);
  }
  process.stdout.write(`from change to fresh: ${slowest.map(Math.round).join(", ")} ms\n`);
  // The first event also opens the connections of relay and purger.
  expect(Math.max(...slowest.slice(1))).toBeLessThan(1_000);
}, 60_000);

test("control: without the purger the old page is given on after that second", async () => {
  await system.kill("purger");
  const planted = shows[6] ?? firstShow();
  const path = `/v1/shows/${planted.show}`;
  await ask(path);
  await rename(planted, "Nobody told");
  await eventually(async () => {
    const text = await (await fetch(system.addresses.api + path)).text();
    return text.includes("Nobody told");
  });
  expect((await ask(path)).text).not.toContain("Nobody told");
  // When it is back it catches up.
  await system.start("purger");
  await eventually(async () => (await ask(path)).text.includes("Nobody told"), 20_000);
}, 60_000);

test("a page whose life is over is given once more while it is renewed, and not when it was purged", async () => {
  const path = "/v1/search?q=old";
  for (const isPurged of [false, true]) {
    await ask(path);
    const oldAt = performance.now() + 5_500;
    await eventually(async () => performance.now() > oldAt);
    expect(await purge(isPurged ? "search" : "another")).toBe(200);
    expect([isPurged, (await ask(path)).isHit]).toEqual([isPurged, !isPurged]);
  }
}, 30_000);

test("nobody purges without the secret", async () => {
  const { show } = firstShow();
  await ask(`/v1/shows/${show}`);
  for (const word of ["", "wrong", `${secret}x`]) expect(await purge(show, word)).toBe(403);
  expect((await ask(`/v1/shows/${show}`)).isHit).toBe(true);
});

test("what is one person's is asked of the API every time, and a cookie or token reaches no kept answer", async () => {
  const asha = await system.signIn(`asha-${randomUUID()}`);
  const ben = await system.signIn(`ben-${randomUUID()}`);
  for (let time = 0; time < 2; time += 1) {
    const answers = await Promise.all([
      ask("/v1/bookings", { authorization: asha.authorization }),
      ask("/v1/bookings", { authorization: ben.authorization }),
      ask("/v1/bookings"),
      ask(`/shows/${firstShow().show}/line`, { cookie: "a=1" }),
      ask(`/v1/shows/${firstShow().show}/seats?channel=x`),
    ]);
    expect(answers.map(({ isHit }) => isHit)).toEqual([false, false, false, false, false]);
    expect(answers[2]?.status).toBe(401);
  }
  const personal = { authorization: asha.authorization, cookie: "session=asha" };
  const path = `/v1/shows/${firstShow().show}`;
  await ask(path, personal);
  const { isHit, headers } = await ask(path, { authorization: ben.authorization });
  expect([
    isHit,
    headers.get("set-cookie"),
    headers.get("surrogate-key"),
    headers.get("xkey"),
  ]).toEqual([true, null, null, null]);
});

test("a page of the shop is kept once in each language, and says to nobody who else has read it", async () => {
  const { show, title, venue } = firstShow();
  const asha = await system.signIn(`asha-${randomUUID()}`);
  const personal = { authorization: asha.authorization, cookie: "session=asha" };
  for (const path of [
    "/",
    "/search?q=test",
    `/shows/${show}`,
    `/titles/${title}`,
    `/venues/${venue}`,
  ]) {
    for (const language of ["en", "de"]) {
      const german = { ...personal, "accept-language": `${language}-CH,fr;q=0.5` };
      const first = await ask(path, german);
      expect([path, first.status, first.headers.get("set-cookie")]).toEqual([path, 200, null]);
      const again = await ask(path, { cookie: `a=1; lang=${language}` });
      expect([path, again.isHit, again.text]).toEqual([path, true, first.text]);
      expect(again.text).toContain(`<html lang="${language}">`);
      expect(again.headers.get("vary")).toContain("accept-language, cookie");
      expect(again.headers.get("surrogate-key")).toBeNull();
    }
  }
});

test("the language is the one that the API would choose", async () => {
  const wishes: Record<string, string>[] = [
    {},
    ...[
      ...["de", "DE-at", "en", "fr", "de-AT,de;q=0.9,en;q=0.8", "en;q=0.3, de;q=0.7", "*"],
      ...["fr, nl;q=0.9, de;q=0.1", "de;q=0, fr", ";;q=,*,", "de;q=0.5,en;q=0.5", "en,de"],
      ...["den, ende", "fr,de,en", "fr;q=0.1,en,de", "de;q=0,en;q=0", "de;q=1.0,en"],
    ].map((liked) => ({ "accept-language": liked })),
    ...["lang=de", "a=1; lang=de; b=2", "xlang=de", "lang=xx", "lang=deutsch", "lang=en"].map(
      (cookie) => ({ cookie, "accept-language": "fr" }),
    ),
    { cookie: "lang=en", "accept-language": "de" },
  ];
  const path = `/titles/${firstShow().title}`;
  const languageOf = (text: string) => /<html lang="(\w+)">/.exec(text)?.[1];
  for (const headers of wishes) {
    const direct = await (await fetch(system.addresses.api + path, { headers })).text();
    const { text } = await ask(path, headers);
    expect([headers, languageOf(text)]).toEqual([headers, languageOf(direct)]);
  }
});

test("a link that chooses a language brings its cookie every time; pages of one person are not kept", async () => {
  const { title, show } = firstShow();
  for (let time = 0; time < 2; time += 1) {
    const { isHit, headers, text } = await ask(`/titles/${title}?lang=de`);
    expect([isHit, headers.get("set-cookie")]).toEqual([false, expect.stringContaining("lang=de")]);
    expect(text).toContain('<html lang="de">');
    for (const path of ["/bookings", "/wallet", "/account", `/shows/${show}/line`, "/titles/no"]) {
      expect([path, (await ask(path)).isHit]).toEqual([path, false]);
    }
  }
});

test("the same wish is the same page, however it is written, and another wish is not", async () => {
  const wished = await ask("/?city=London&date=today");
  for (const path of [
    "/?utm_source=a&date=today&q=&city=London&from=person1",
    "/?x=1&date=today&lang2=de&city=London&",
  ]) {
    const { isHit, text } = await ask(path);
    expect([path, isHit, text]).toEqual([path, true, wished.text]);
  }
  for (const path of ["/?city=London", "/?city=Berlin&date=today", "/?q=cit&city=London"]) {
    expect([path, (await ask(path)).isHit]).toEqual([path, false]);
  }
});

test("before its sale opens a show's page is not given on for a minute after its time", async () => {
  const planted = await plant();
  await system.database.pool.query(
    "update shows set sales_open_at = now() + interval '15 seconds' where show_id = $1",
    [planted.id],
  );
  const path = `/shows/${planted.show}`;
  expect((await ask(path)).headers.get("cache-control")).toMatch(/max-age=1,/);
  const overAt = performance.now() + 2_500;
  await eventually(async () => performance.now() > overAt);
  expect((await ask(path)).isHit).toBe(false);
});

test("a crowd in front of a page that is not kept is one question to the API", async () => {
  const { title } = await plant();
  const before = await system.count("api", "marquee_http_request_seconds_count");
  const crowd = await Promise.all(Array.from({ length: 200 }, () => ask(`/v1/titles/${title}`)));
  expect(new Set(crowd.map(({ status }) => status))).toEqual(new Set([200]));
  const asked = (await system.count("api", "marquee_http_request_seconds_count")) - before;
  // The probe asks once a second.
  expect(asked).toBeLessThan(5);
});

test("seat changes stream through as they come", async () => {
  const { show } = shows[8] ?? firstShow();
  const leaving = new AbortController();
  const response = await fetch(`${varnish.url}/v1/shows/${show}/seats/stream`, {
    signal: leaving.signal,
  });
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    expect.stringContaining("text/event-stream"),
  ]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader?.read();
  expect(first?.value).toContain("event: snapshot");
  leaving.abort();
});

test("with the API gone what is kept is given on, marked; what is not is 503 with Retry-After; and it comes back by itself", async () => {
  const { show, title } = shows[9] ?? firstShow();
  const kept = [
    `/v1/shows/${show}`,
    `/v1/titles/${title}`,
    "/v1/search?q=kept",
    "/v1/layouts/test-10",
    ...["/", "/search?q=kept", `/shows/${show}`, `/titles/${title}`],
  ];
  for (const path of kept) await ask(path);
  await system.kill("api");
  // At every moment: before the probes have failed, and when they have.
  const probedAt = performance.now() + 5_000;
  while (performance.now() < probedAt) {
    for (const path of kept) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    const unknown = await ask(`/v1/shows/${randomUUID()}`);
    expect([unknown.status, unknown.headers.get("retry-after")]).toEqual([503, "1"]);
  }
  // Also after a change, while nobody can say what is new.
  await purge(`${show} ${title} search`);
  for (const path of kept) expect([path, (await ask(path)).status]).toEqual([path, 200]);
  const { headers } = await ask(`/v1/shows/${show}`);
  expect(headers.get("stale-seconds")).toMatch(/^\d+$/);
  // Whoever wants a page is told so by a page, in their language.
  const page = await ask("/bookings", {
    ...{ accept: "text/html,application/xhtml+xml", "accept-language": "de" },
  });
  expect([page.status, page.headers.get("retry-after"), page.text]).toEqual([
    ...[503, "1", expect.stringContaining("Gleich wieder da")],
  ]);
  const askedAt = performance.now();
  expect((await ask("/v1/me")).status).toBe(503);
  expect(performance.now() - askedAt).toBeLessThan(2_000);

  await system.start("api");
  await eventually(async () => {
    const { status, headers } = await ask(`/v1/shows/${show}`);
    return status === 200 && headers.get("stale-seconds") === null;
  }, 20_000);
}, 90_000);
