import { expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import { showIds, ticketIds } from "../../domain/ids.ts";
import { ticketCode } from "../../domain/ticket-code.ts";
import { createTicketSigning } from "../../platform/ticket-signing.ts";
import { newTicketKey } from "../../tests/new-ticket-key.ts";

// What a scanner finds out by itself, with the browser's own cryptography.

type Read = { outcome: string; code?: string; seatId?: string | null };
type Keys = Map<string, unknown>;
type ReadCode = {
  importKeys(keys: { id: string; key: string }[]): Promise<Keys>;
  readCode(text: string, door: { keys: Keys; showId: string }): Promise<Read>;
};
const { importKeys, readCode } = (await import(
  new URL("read-code.js", import.meta.url).href
)) as ReadCode;

const older = newTicketKey("k1");
const newer = newTicketKey("k2");
const signing = createTicketSigning(`${newer},${older}`);
const showId = randomUUID();
const door = { keys: await importKeys(signing.publicKeys), showId: showIds.encode(showId) };

function ticketOf(keys: string, { ofShow = showId, id = randomUUID() } = {}) {
  const ticketId = ticketIds.encode({ id, showId: ofShow });
  const text = createTicketSigning(keys).sign({ ticketId, seatId: "A1", issuedAtMs: 1 });
  return { id, text };
}

test("a ticket is read as the house writes it, whichever of its keys has signed it", async () => {
  for (const keys of [newer, older]) {
    for (let nth = 0; nth < 50; nth += 1) {
      const { id, text } = ticketOf(keys);
      const read = await readCode(text, door);
      expect(read).toEqual({ outcome: "ticket", code: ticketCode(id), seatId: "A1" });
    }
  }
});

test("a changed text, another show and a key that is not on the list are told apart", async () => {
  const [start, keyId, payload = "", signature = ""] = ticketOf(newer).text.split(".");
  const better = Buffer.from(
    Buffer.from(payload, "base64url").toString().replace("A1", "A2"),
  ).toString("base64url");
  const outcomeOf = async (text: string) => (await readCode(text, door)).outcome;
  expect(await outcomeOf([start, keyId, better, signature].join("."))).toBe("not_ours");
  expect(await outcomeOf([start, "k1", payload, signature].join("."))).toBe("not_ours");
  expect(await outcomeOf([start, keyId, payload, "AAAA"].join("."))).toBe("not_ours");
  expect(await outcomeOf("https://example.com/a.b.c.d")).toBe("not_ours");
  expect(await outcomeOf(ticketOf(newer, { ofShow: randomUUID() }).text)).toBe("wrong_show");
  expect(await outcomeOf(ticketOf(newTicketKey("k3")).text)).toBe("unknown_key");
});

test("a key that the browser cannot use is as one that is not on the list: somebody else must be asked", async () => {
  const keys = await importKeys([{ id: "k2", key: "AAAA" }, ...signing.publicKeys.slice(1)]);
  expect([...keys.keys()]).toEqual(["k1"]);
  expect(await readCode(ticketOf(newer).text, { ...door, keys })).toEqual({
    outcome: "unknown_key",
  });
});

test("what is typed is the code, however it is typed", async () => {
  const code = ticketCode(randomUUID());
  const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`;
  expect(await readCode(typed, door)).toEqual({ outcome: "ticket", code, seatId: null });
  expect(await readCode("short", door)).toEqual({ outcome: "not_ours" });
});
