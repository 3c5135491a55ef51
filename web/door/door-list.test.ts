import { expect, test } from "@jest/globals";

// What a scanner decides by its list, while it has no network.

type Ticket = (string | number)[];
type Manifest = { tickets: Ticket[]; cursor: string; seats?: Ticket[] };
type List = { kept: Manifest; tickets: Map<string, Ticket> };
type Judged = { verdict: string; seatId?: string; gate?: string; enteredAt?: string };
type DoorList = {
  openList(kept: Manifest): Promise<List>;
  mergeManifests(before: Manifest, next: Manifest): Manifest;
  judgeAlone(read: object, list: List, gate: { sections: string[] }): Judged;
  noteEntry(list: List, entry: object): void;
  countEntries(list: List): { tickets: number; gates: [string, number][] };
  seatWords(list: List, seatId: string): string;
};
const { openList, mergeManifests, judgeAlone, noteEntry, countEntries, seatWords } = (await import(
  new URL("door-list.js", import.meta.url).href
)) as DoorList;

const manifest = {
  keys: [],
  sections: [
    { id: "S", name: "Stalls" },
    { id: "FLOOR", name: "Standing floor" },
  ],
  seats: [
    ["A1", 0, "A", 1],
    ["A2", 0, "A", 2],
  ],
  tickets: [
    ["AAAAAAAA", "A1"],
    ["BBBBBBBB", "A2", "void"],
    ["CCCCCCCC", "FLOOR:000017", "entered", "north", Date.parse("2026-12-05T00:00:00.000Z")],
  ],
  cursor: "2026-12-04T00:00:00.000Z",
};
const everybody = { sections: [] };
const read = (code: string, seatId: string | null = null) => ({ outcome: "ticket", code, seatId });

test("a live ticket gets in once, a void one and a used one do not", async () => {
  const list = await openList(manifest);
  expect(judgeAlone(read("AAAAAAAA"), list, everybody)).toEqual({
    verdict: "entered",
    seatId: "A1",
  });
  noteEntry(list, { code: "AAAAAAAA", seatId: "A1", gate: "south", enteredAtMs: 0 });
  expect(judgeAlone(read("AAAAAAAA"), list, everybody).verdict).toBe("already_entered");
  expect(judgeAlone(read("BBBBBBBB"), list, everybody).verdict).toBe("void");
  expect(judgeAlone(read("CCCCCCCC"), list, everybody)).toMatchObject({
    ...{ verdict: "already_entered", gate: "north", enteredAt: "2026-12-05T00:00:00.000Z" },
  });
});

test("a signed ticket that was sold since gets in, a typed code that is on no list does not", async () => {
  const list = await openList(manifest);
  expect(judgeAlone(read("DDDDDDDD", "A2"), list, everybody).verdict).toBe("entered");
  expect(judgeAlone(read("DDDDDDDD"), list, everybody).verdict).toBe("unknown");
  expect(judgeAlone({ outcome: "unknown_key" }, list, everybody).verdict).toBe("unknown_key");
});

test("a gate lets in its own sections and areas", async () => {
  const list = await openList(manifest);
  const floor = { sections: ["FLOOR"] };
  expect(judgeAlone(read("AAAAAAAA"), list, floor).verdict).toBe("wrong_gate");
  expect(judgeAlone(read("DDDDDDDD", "FLOOR:000003"), list, floor).verdict).toBe("entered");
});

test("what is new replaces what was known, and the rest stays", async () => {
  const next = { tickets: [["AAAAAAAA", "A1", "void"]], cursor: "2026-12-04T00:01:00.000Z" };
  const merged = mergeManifests(manifest, next);
  const list = await openList(merged);
  expect(merged.tickets).toHaveLength(3);
  expect(merged.cursor).toBe(next.cursor);
  expect(judgeAlone(read("AAAAAAAA"), list, everybody).verdict).toBe("void");
  expect(judgeAlone(read("BBBBBBBB"), list, everybody).verdict).toBe("void");
});

test("a device counts what it knows: live tickets, and who has come in by which gate", async () => {
  const list = await openList(manifest);
  expect(countEntries(list)).toEqual({ tickets: 2, gates: [["north", 1]] });
  noteEntry(list, { code: "AAAAAAAA", seatId: "A1", gate: "east", enteredAtMs: 0 });
  expect(countEntries(list).gates).toEqual([
    ["east", 1],
    ["north", 1],
  ]);
});

test("seats are told as people find them", async () => {
  const list = await openList(manifest);
  expect(seatWords(list, "A2")).toBe("Stalls, row A, seat 2");
  expect(seatWords(list, "FLOOR:000017")).toBe("Standing floor");
});
