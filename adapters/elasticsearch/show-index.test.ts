import { randomUUID } from "node:crypto";

import { afterAll, beforeEach, expect, test } from "@jest/globals";

import { serverAddress } from "../../tests/server-address.ts";
import { showDocument } from "../../tests/show-document.ts";
import { createElastic } from "./create-elastic.ts";
import { putShows } from "./put-shows.ts";
import type { VersionedShow } from "./put-shows.ts";
import { ensureShowIndex, listShowIndices, rebuildShowIndex } from "./show-index.ts";

const run = `test-${randomUUID()}`;
const elastic = createElastic({ url: serverAddress("ELASTICSEARCH_URL"), requestMsMax: 30_000 });
let alias = run;
let count = 0;
beforeEach(async () => {
  count += 1;
  alias = `${run}-${count}`;
  await ensureShowIndex(elastic, alias);
});
afterAll(async () => {
  const all = await elastic.indices.get({ index: `${run}-*` });
  await elastic.indices.delete({ index: Object.keys(all) });
  await elastic.close();
});

const put = (shows: VersionedShow[]) => putShows(elastic, alias, shows);

/** Title and version of each show that searches can see. */
async function found(): Promise<Record<string, [string, number | undefined]>> {
  await elastic.indices.refresh({ index: alias });
  const { hits } = await elastic.search<{ show: { title: string } }>({
    index: alias,
    size: 1_000,
    version: true,
  });
  return Object.fromEntries(
    hits.hits.map(({ _id, _version, _source }) => [_id, [_source?.show.title ?? "", _version]]),
  );
}

const permutations = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
];

test("whatever the order of a show's versions, alone or together, once or twice: the newest stays", async () => {
  const showIds: string[] = [];
  for (const order of permutations) {
    for (const isBatch of [true, false]) {
      const showId = randomUUID();
      showIds.push(showId);
      const events = [...order, ...order].map((version) => ({
        show: showDocument({ showId, title: `Version ${version}` }),
        version,
      }));
      if (isBatch) await put(events);
      else for (const event of events) await put([event]);
    }
  }
  const expected = Object.fromEntries(showIds.map((showId) => [showId, ["Version 3", 3]]));
  expect(await found()).toEqual(expected);
});

test("a document that does not fit is named with the reason, and all others of its batch are there", async () => {
  const good = showDocument({ title: "Good" });
  const bad = showDocument({ localDate: "the day after" });
  const events = [good, bad].map((show) => ({ show, version: 1 }));
  const refused = await put(events);
  expect(refused.map(({ show }) => show)).toEqual([events[1]]);
  expect(refused[0]?.reason).toContain("localDate");
  expect(await found()).toEqual({ [good.showId]: ["Good", 1] });
});

test("the newest version of a show does not fit: the one before it is there", async () => {
  const { showId } = showDocument();
  const version = (number: number, wanted = {}) => ({
    show: showDocument({ showId, title: `Version ${number}`, ...wanted }),
    version: number,
  });
  const unfit = { localDate: "never" };
  const refused = await put([version(1), version(4, unfit), version(2), version(3, unfit)]);
  expect(refused.map((one) => one.show.version)).toEqual([4, 3]);
  expect(await found()).toEqual({ [showId]: ["Version 2", 2] });
});

test.each([
  ["nearly full disk", { "index.blocks.read_only_allow_delete": true }],
  ["block on writing", { "index.blocks.write": true }],
])(
  "an index with a %s is no fault of the documents: it throws, and takes them later",
  async (_why, blocks) => {
    const show = showDocument({ title: "Waits" });
    await elastic.indices.putSettings({ index: alias, settings: blocks });
    await expect(put([{ show, version: 1 }])).rejects.toThrow("takes no shows");
    const lifted = Object.fromEntries(Object.keys(blocks).map((name) => [name, null]));
    await elastic.indices.putSettings({ index: alias, settings: lifted });
    expect(await put([{ show, version: 1 }])).toEqual([]);
    expect(await found()).toEqual({ [show.showId]: ["Waits", 1] });
  },
);

test("an index of another mapping: its fields are no fault of the documents, and the next start builds it anew", async () => {
  const { read } = await listShowIndices(elastic, alias);
  const older = `${alias}-000009`;
  await elastic.indices.create({
    index: older,
    mappings: { dynamic: "strict", properties: { show: { type: "object", enabled: false } } },
  });
  await elastic.indices.updateAliases({
    actions: [
      ...read.map((index) => ({ remove_index: { index } })),
      { add: { index: older, alias } },
      { add: { index: older, alias: `${alias}-write` } },
      { add: { index: older, alias: `${older}-written` } },
    ],
  });
  const show = showDocument({ title: "Newer" });
  await expect(put([{ show, version: 1 }])).rejects.toThrow("strict_dynamic_mapping");
  await ensureShowIndex(elastic, alias, async (fill) => {
    expect((await listShowIndices(elastic, alias)).read).toEqual([older]);
    await fill([{ show, version: 1 }]);
  });
  expect(await found()).toEqual({ [show.showId]: ["Newer", 1] });
  expect((await listShowIndices(elastic, alias)).read).not.toContain(older);
});

test("an index of this mapping is left as it is by the next start", async () => {
  const before = await listShowIndices(elastic, alias);
  await ensureShowIndex(elastic, alias);
  expect(await listShowIndices(elastic, alias)).toEqual(before);
});

test("what is written during a rebuild is in the new index, the old one is gone, and what was stale stays out", async () => {
  const show = showDocument({ title: "Meanwhile" });
  const before = await listShowIndices(elastic, alias);
  const { index } = await rebuildShowIndex(elastic, alias, async (fill) => {
    await put([{ show, version: 2 }]);
    await fill([{ show: { ...show, title: "Stale" }, version: 1 }]);
  });
  expect(await listShowIndices(elastic, alias)).toEqual({ read: [index], left: [] });
  expect(before.read).not.toContain(index);
  expect(await found()).toEqual({ [show.showId]: ["Meanwhile", 2] });
});

test("control: without the second name to write to, what happens during a rebuild is missing", async () => {
  const show = showDocument({ title: "Meanwhile" });
  await rebuildShowIndex(elastic, alias, async () => {
    const { left } = await listShowIndices(elastic, alias);
    await elastic.indices.deleteAlias({ index: left, name: `${alias}-write` });
    await put([{ show, version: 2 }]);
  });
  expect(await found()).toEqual({});
});

test("a rebuild that dies: searches go on with the old index, and the next rebuild clears up", async () => {
  const show = showDocument({ title: "Old" });
  await put([{ show, version: 1 }]);
  const dying = rebuildShowIndex(elastic, alias, async () => {
    throw new Error("dies");
  });
  await expect(dying).rejects.toThrow("dies");
  expect((await listShowIndices(elastic, alias)).left).toHaveLength(1);
  expect(await found()).toEqual({ [show.showId]: ["Old", 1] });

  await rebuildShowIndex(elastic, alias, async (fill) => {
    expect((await listShowIndices(elastic, alias)).left).toHaveLength(1);
    await fill([{ show, version: 1 }]);
  });
  expect((await listShowIndices(elastic, alias)).left).toEqual([]);
  expect(await found()).toEqual({ [show.showId]: ["Old", 1] });
});

test("a write that is late for its index throws, and does not make the index anew", async () => {
  const [old = ""] = (await listShowIndices(elastic, alias)).read;
  await rebuildShowIndex(elastic, alias, async () => undefined);
  // Its names were asked for before the old index was dropped.
  const late = Object.create(elastic, {
    indices: { value: { getAlias: async () => ({ [old]: { aliases: {} } }) } },
  }) as typeof elastic;
  const putting = putShows(late, alias, [{ show: showDocument(), version: 1 }]);
  await expect(putting).rejects.toThrow("index_not_found");
  expect(await elastic.indices.exists({ index: old })).toBe(false);
});

test("searches find nothing rather than half of it: the first index is read when it is full", async () => {
  const first = `${run}-first`;
  const show = showDocument({ title: "First" });
  await ensureShowIndex(elastic, first, async (fill) => {
    expect(await elastic.indices.existsAlias({ name: first })).toBe(false);
    await fill([{ show, version: 1 }]);
  });
  const { count: shows } = await elastic.count({ index: first });
  expect(shows).toBe(1);
});

test("the indices of a name that begins alike are left alone", async () => {
  const neighbour = `${alias}-old`;
  await ensureShowIndex(elastic, neighbour);
  await rebuildShowIndex(elastic, alias, async () => undefined);
  expect((await listShowIndices(elastic, neighbour)).read).toHaveLength(1);
});
