import { readManifest, sendScan } from "./ask-door.js";
import { judgeAlone, mergeManifests, noteEntry, openList } from "./door-list.js";
import { readCode } from "./read-code.js";
import { tellWaiting } from "./tell-waiting.js";
import { watchNetwork } from "./watch-network.js";

/**
 * One device at one gate. It asks the database about each scan while there is a network, and decides by its list while there is none;
 * those it has let in then are told later. `state` is what the page shows of it.
 */
export async function createScanDesk({ store, deviceId, showId, gate }) {
  const listKey = `list:${showId}`;
  const network = watchNetwork();
  const state = Object.assign(network.state, { waiting: 0 });
  let list = await openList((await store.get(listKey)) ?? (await readManifest(showId)));
  await keep(list);

  return {
    state,
    list: () => list,

    /** What one code is answered. Throws `Refused` for whoever may not work here. */
    async judge(text) {
      const scan = { scanId: crypto.randomUUID(), code: text, scannedAt: new Date().toISOString() };
      const { code = "", ...read } = await readCode(text, { keys: list.keys, showId });
      if (read.outcome === "not_ours" || read.outcome === "wrong_show") {
        return { verdict: read.outcome, code };
      }
      const asked = { deviceId, gate: gate.gate, scans: [scan] };
      const told = state.isOnline && (await network.try(() => sendScan(showId, asked)));
      if (told) {
        if (code && told.enteredAt) note(code, told, told.enteredAt);
        return { ...told, code };
      }
      const alone = judgeAlone({ ...read, code }, list, gate);
      if (alone.verdict === "entered") await admitAlone(scan, { code, seatId: alone.seatId });
      return { ...alone, code, isAlone: true };
    },

    /** Tells what nobody has heard of yet, and hears what is new. Answers with the scans that let somebody in who should not be. */
    async catchUp() {
      const clashes = await network.try(async () => {
        const told = await tellWaiting({ store, deviceId });
        const next = await readManifest(showId, list.kept.cursor);
        await keep(await openList(mergeManifests(list.kept, next)));
        return told;
      });
      return clashes ?? [];
    },

    /** A supervisor has taken an entry back. */
    forget: (code) => list.tickets.set(code, [list.tickets.get(code)?.[0] ?? null]),
  };

  async function admitAlone(scan, ticket) {
    // Written down before the person is let in: a page that closes now still tells it.
    await store.wait({ ...scan, showId, gate: gate.gate, ticket });
    note(ticket.code, { ...ticket, gate: gate.gate }, scan.scannedAt);
    state.waiting += 1;
  }

  function note(code, { seatId, gate: at }, enteredAt) {
    noteEntry(list, { code, seatId, gate: at, enteredAtMs: Date.parse(enteredAt) });
  }

  /** What this device has let in and not told is used, whatever the new list says. */
  async function keep(next) {
    list = next;
    const waiting = await store.waiting();
    for (const { ticket, gate: at, scannedAt, showId: ofShow } of waiting) {
      if (ofShow === showId) note(ticket.code, { ...ticket, gate: at }, scannedAt);
    }
    state.waiting = waiting.length;
    await store.set(listKey, next.kept);
  }
}
