import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { importCatalogue } from "../../adapters/postgres/catalogue-import.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { ownedBy, plainCatalogue } from "../../tests/plain-catalogue.ts";
import { plantOrganisation } from "../../tests/plant-organisation.ts";

type House = Awaited<ReturnType<typeof plantOrganisation>>;

const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
const channel = { key: "friends", name: "Friends", code: "FRIENDS-2083" };

let edge: Edge;
let house: House;
/** With a channel that a code opens. */
let file: Record<string, unknown>;

beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);
beforeEach(async () => {
  house = await plantOrganisation(edge);
  const catalogue = plainCatalogue();
  const [series] = catalogue.series;
  series["channels"] = [{ ...channel, seats: [{ section: "S", rows: "A" }] }];
  file = ownedBy(catalogue, house.key);
});

function importByCommand(content: unknown, seals = true) {
  const options = { check: false, report: () => undefined };
  const text = JSON.stringify(content);
  return importCatalogue(edge.database.pool, text, { ...options, ...(seals && { sealing }) });
}

function ask(method: string, path: string, json?: unknown, { at, editor }: House = house) {
  return edge.send(method, `${at}/${path}`, { ...editor, json });
}

test("what a file has brought is the organisation's at its desk as it was written, and changes nothing when it is saved again", async () => {
  expect(await importByCommand(file)).toMatchObject({ summary: { showsNew: 3 } });
  expect((await ask("GET", "catalogue")).body).toEqual(file);
  const { text } = await edge.send("GET", `/desk/organisations/${house.id}`, house.editor);
  expect([text.includes("The Tide Clerk"), text.includes("None yet")]).toEqual([true, false]);
  for (const list of ["layouts", "venues", "titles", "series"]) {
    const [item] = file[list] as { key: string }[];
    expect((await ask("PUT", `${list}/${item?.key}`, item)).body).toMatchObject({
      ...{ version: 1, showsNew: 0, showsChanged: 0 },
    });
  }
  const [title] = file["titles"] as object[];
  const renamed = await ask("PUT", "titles/tide", { ...title, name: "The Tide Keeper" });
  expect(renamed.body).toMatchObject({ version: 2, showsChanged: 3 });
});

test("the command's file again changes what differs from it, and nothing else", async () => {
  await importByCommand(file);
  await ask("PUT", "titles/tide", { ...(file["titles"] as object[])[0], genre: "comedy" });
  await importByCommand(file);
  await importByCommand(file);
  const { rows } = await edge.database.pool.query(
    `select list, item.key, version from catalogue_items item join organisers using (organiser_id)
     where organisers.key = $1 order by list`,
    [house.key],
  );
  expect(rows).toEqual([
    { list: "layouts", key: "hall", version: 1 },
    { list: "series", key: "evenings", version: 1 },
    { list: "titles", key: "tide", version: 3 },
    { list: "venues", key: "playhouse", version: 1 },
  ]);
});

test("of a file of two organisations each has what is its own, and the layouts of its halls", async () => {
  const other = await plantOrganisation(edge);
  const [layout] = file["layouts"] as object[];
  const [venue] = file["venues"] as { halls: object[] }[];
  const halls = [{ key: "small", name: "Small hall", layout: "small" }];
  await importByCommand({
    ...file,
    organisers: [
      { key: house.key, name: "One" },
      { key: other.key, name: "Other" },
    ],
    layouts: [layout, { ...layout, key: "small" }],
    venues: [venue, { ...venue, key: "barn", organiser: other.key, halls }],
  });
  const keysOf = async (of: House) => {
    const { body } = await ask("GET", "catalogue", undefined, of);
    const lists = ["layouts", "venues", "titles", "series"].map((list) => body[list]);
    return (lists as { key: string }[][]).map((items) => items.map(({ key }) => key));
  };
  expect(await keysOf(house)).toEqual([["hall"], ["playhouse"], ["tide"], ["evenings"]]);
  expect(await keysOf(other)).toEqual([["small"], ["barn"], [], []]);
});

test("without the keys that seal codes a file with codes is refused whole, and one without them goes in", async () => {
  await expect(importByCommand(file, false)).rejects.toThrow("SEALING_KEYS");
  expect((await ask("GET", "catalogue")).body).toMatchObject({ titles: [] });
  const plain = ownedBy(plainCatalogue(), house.key);
  expect(await importByCommand(plain, false)).toMatchObject({ outcome: "imported" });
  expect((await ask("GET", "catalogue")).body).toEqual(plain);
});
