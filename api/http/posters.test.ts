import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { importCatalogue } from "../../adapters/postgres/catalogue-import.ts";
import { hashPoster } from "../../adapters/postgres/posters.ts";
import type { ShowPublished } from "../../domain/events.ts";
import { posterBytesMax } from "../../domain/read-poster.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { ownedBy, plainCatalogue } from "../../tests/plain-catalogue.ts";
import { plantOrganisation, putPlainCatalogue } from "../../tests/plant-organisation.ts";
import { samplePictures } from "../../tests/sample-pictures.ts";

let edge: Edge;
let house: Awaited<ReturnType<typeof plantOrganisation>>;

beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);
beforeEach(async () => {
  house = await plantOrganisation(edge);
});

/** A picture that no other test has: its width is its own. */
let width = 100;
function picture(draw = samplePictures.png): Buffer {
  width += 1;
  return draw({ width, height: 300 });
}

function upload(bytes: Uint8Array, who = house.editor) {
  return edge.send("POST", `${house.at}/posters`, { raw: bytes, ...who });
}

async function actions() {
  const { body } = await edge.send("GET", `${house.at}/actions`, house.owner);
  return body["actions"] as { action: string; subject: string; details: unknown }[];
}

async function events(): Promise<ShowPublished[]> {
  const { rows } = await edge.database.pool.query<{ payload: ShowPublished }>(
    `select payload from outbox join shows using (show_id) join halls using (hall_id) join venues using (venue_id)
     join organisers using (organiser_id)
     where topic = 'catalogue-events' and organisers.key = $1 order by event_id`,
    [house.key],
  );
  return rows.map(({ payload }) => payload);
}

test.each(Object.entries(samplePictures))(
  "what is uploaded is what everybody gets, under the hash of its bytes, for ever: %s",
  async (_name, draw) => {
    const bytes = picture(draw);
    const hash = hashPoster(bytes);
    const url = `/v1/posters/${hash}`;
    expect(await upload(bytes)).toMatchObject({
      status: 201,
      body: { hash, url, width, height: 300 },
    });
    const read = await fetch(`${await edge.listen()}${url}`);
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(read.headers)).toMatchObject({
      "content-type": expect.stringMatching(/^image\/(png|jpeg|webp)$/),
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
      "surrogate-key": `poster-${hash} posters`,
    });
  },
);

test("the same picture again is no act; a new one leaves a row that says what it is", async () => {
  const bytes = picture();
  await upload(bytes);
  await upload(bytes);
  const uploads = (await actions()).filter(({ action }) => action === "poster uploaded");
  const details = { mediaType: "image/png", width, height: 300, bytes: bytes.length };
  expect(uploads).toEqual([expect.objectContaining({ subject: hashPoster(bytes), details })]);
});

test("each way to be wrong has a code, and nothing of it is kept", async () => {
  const large = Buffer.concat([picture(), Buffer.alloc(posterBytesMax)]);
  const wrong: [Uint8Array, number, string][] = [
    [Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), 415, "POSTER_TYPE_UNKNOWN"],
    [Buffer.alloc(0), 415, "POSTER_TYPE_UNKNOWN"],
    [picture().subarray(0, 60), 400, "POSTER_DAMAGED"],
    [samplePictures.webp({ width: 4_097, height: 10 }), 400, "POSTER_SIDE_TOO_LONG"],
    [large, 413, "POSTER_TOO_LARGE"],
    [Buffer.alloc(1_024 * 1_024 + 1), 413, "BODY_TOO_LARGE"],
  ];
  for (const [bytes, status, code] of wrong) {
    expect(await upload(bytes)).toMatchObject({ status, body: { code } });
    const kept = await edge.send("GET", `/v1/posters/${hashPoster(bytes)}`);
    expect(kept).toMatchObject({ status: 404, body: { code: "POSTER_NOT_FOUND" } });
  }
});

test("viewers and strangers upload nothing, and nobody fills the disk: 200 new ones a day", async () => {
  expect(await upload(picture(), house.viewer)).toMatchObject({ status: 403 });
  expect(await upload(picture(), await edge.signIn())).toMatchObject({ status: 404 });
  await edge.database.pool.query(
    `insert into organiser_actions (organiser_id, action_id, actor, action, subject, details, created_at)
     select organiser_id, uuidv7(), gen_random_uuid(), 'poster uploaded', '', '{}', now() - interval '1 hour'
     from organisers, generate_series(1, 200) where key = $1`,
    [house.key],
  );
  const bytes = picture();
  expect(await upload(bytes)).toMatchObject({ status: 429, body: { code: "POSTERS_TOO_MANY" } });
  const kept = await edge.send("GET", `/v1/posters/${hashPoster(bytes)}`);
  expect(kept.status).toBe(404);
});

test("a title that names it has it on its page, on those of its shows, in lists and in the events of its shows", async () => {
  const file = await putPlainCatalogue(edge, house);
  const { poster } = (await events())[0]?.show ?? {};
  expect(poster).toBeNull();
  const bytes = picture();
  await upload(bytes);
  const hash = hashPoster(bytes);
  const [title] = file["titles"] as object[];
  const put = await edge.send("PUT", `${house.at}/titles/tide`, {
    ...{ ...house.editor, json: { ...title, poster: hash } },
  });
  expect(put).toMatchObject({ status: 200, body: { showsChanged: 3 } });
  const told = (await events()).slice(3);
  expect(told.map(({ show }) => show.poster)).toEqual(
    Array.from({ length: 3 }, () => ({ hash, width, height: 300 })),
  );
  const shown = { url: `/v1/posters/${hash}`, width, height: 300 };
  const { body } = await edge.send("GET", `${house.at}/series/evenings/shows`, house.viewer);
  const [first] = body["shows"] as { showId: string }[];
  const show = await edge.send("GET", `/v1/shows/${first?.showId}`);
  expect(show.body).toMatchObject({ title: { poster: shown } });
  const { titleId } = show.body["title"] as { titleId: string };
  const page = await edge.send("GET", `/v1/titles/${titleId}`);
  expect(page.body).toMatchObject({ poster: shown, shows: [{ poster: shown }, {}, {}] });
  // Without an index, as here, PostgreSQL answers.
  const search = await edge.send("GET", "/v1/search?q=tide&limit=50");
  const found = (search.body["shows"] as { showId: string }[]).find(
    ({ showId }) => showId === first?.showId,
  );
  expect(found).toMatchObject({ poster: shown });
});

test("a title cannot name a poster that is not there", async () => {
  const file = await putPlainCatalogue(edge, house);
  const [title] = file["titles"] as object[];
  for (const poster of ["0".repeat(32), "../../etc/passwd"]) {
    const json = { ...title, poster };
    const put = await edge.send("PUT", `${house.at}/titles/tide`, { ...house.editor, json });
    expect(put).toMatchObject({
      status: 400,
      body: { code: "CATALOGUE_INVALID", details: { problems: [{ path: "poster" }] } },
    });
  }
});

test("a file brings its posters as base64; a picture that is none, and a hash without a picture, are reported", async () => {
  const bytes = picture();
  const poster = hashPoster(bytes);
  const plain = ownedBy(plainCatalogue(), `file-${house.key}`);
  const titles = (plain["titles"] as object[]).map((title) => ({ ...title, poster }));
  const fileOf = (posters: string[]) => JSON.stringify({ ...plain, titles, posters });
  const options = { check: false, report: () => undefined };
  const { pool } = edge.database;
  const none = await importCatalogue(pool, fileOf([]), options);
  expect(none).toMatchObject({ problems: [{ path: "titles[0].poster" }] });
  const wrong = await importCatalogue(pool, fileOf(["R0lGODlh"]), options);
  expect(wrong).toMatchObject({ problems: [{ path: "posters[0]" }] });
  const file = fileOf([bytes.toString("base64")]);
  expect(await importCatalogue(pool, file, options)).toMatchObject({ outcome: "imported" });
  const again = await importCatalogue(pool, file, options);
  expect(again).toMatchObject({ summary: { referenceRows: 0, showsChanged: 0 } });
  expect((await edge.send("GET", `/v1/posters/${poster}`)).status).toBe(200);
});

test("the title's page of the desk shows its poster, takes another one, and takes it away", async () => {
  await putPlainCatalogue(edge, house);
  const page = `/desk/organisations/${house.id}/titles/tide`;
  const bytes = picture();
  const post = async (fields: Record<string, string | Blob>, who = house.editor) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ poster: new Blob([]), ...fields })) {
      form.append(name, value);
    }
    const request = new Request("http://desk/", { method: "POST", body: form });
    const type = { "content-type": request.headers.get("content-type") ?? "" };
    const raw = new Uint8Array(await request.arrayBuffer());
    return edge.send("POST", `${page}/poster`, {
      raw,
      headers: { ...type, "sec-fetch-site": "same-origin", ...who.headers },
    });
  };
  const upload = { act: "upload", version: "1", poster: new Blob([bytes]) };
  expect(await post(upload, house.viewer)).toMatchObject({ status: 403 });
  expect((await post(upload)).headers.get("location")).toBe(`${page}?saved`);
  const image = `<img src="/v1/posters/${hashPoster(bytes)}"`;
  expect((await edge.send("GET", page, house.viewer)).text).toContain(image);
  const none = await post({ act: "upload", version: "2" });
  expect([none.status, none.text.includes("A poster is a PNG")]).toEqual([415, true]);
  expect(await post({ ...upload, version: "1" })).toMatchObject({ status: 412 });
  await post({ act: "remove", version: "2" });
  expect((await edge.send("GET", page, house.editor)).text).not.toContain("<img");
  expect((await actions()).slice(0, 3).map(({ action }) => action)).toEqual([
    ...["title saved", "title saved", "poster uploaded"],
  ]);
});
