import { readManifest, sendScan } from "./ask-door.js";
import { isQuiet, judgeAlone, mergeManifests, noteEntry, openList } from "./door-list.js";
import { readCode } from "./read-code.js";
import { tellWaiting } from "./tell-waiting.js";
import { watchNetwork } from "./watch-network.js";

/**
 * One device at one gate. It asks the database about each scan while there is a network, and decides by its list while there is none;
 * those it has let in then are told later. `state` is what the page shows of it.
 */
export async function createScanDesk({ store, deviceId, showId, gate }) {
  const network = watchNetwork();
  const own = createOwnList({ store, showId });
  const { list, note, forget } = own;
  await own.recall();
  const waiting = await own.keep((await own.stored()) ?? (await readManifest(showId)));
  const state = Object.assign(network.state, { waiting });

  return {
    ...{ state, list, forget },

    /** What one code is answered. Throws `Refused` for whoever may not work here. */
    async judge(text) {
      const scan = { scanId: crypto.randomUUID(), code: text, scannedAt: new Date().toISOString() };
      const { code = "", ...read } = await readCode(text, { keys: list().keys, showId });
      if (read.outcome === "not_ours" || read.outcome === "wrong_show") {
        return { verdict: read.outcome, code };
      }
      const asked = { deviceId, gate: gate.gate, scans: [scan] };
      const told = state.isOnline && (await network.try(() => sendScan(showId, asked)));
      if (told) {
        if (code && told.enteredAt) await own.remember(code, told, told.enteredAt);
        return { ...told, code };
      }
      const alone = judgeAlone({ ...read, code }, list(), gate);
      if (alone.verdict === "entered") await admitAlone(scan, { code, seatId: alone.seatId });
      return { ...alone, code, isAlone: true };
    },

    /**
     * Tells what nobody has heard of yet, and hears what is new. `clashes` are the scans that let somebody in who should not be; `refusal`
     * is why some were not taken.
     */
    async catchUp() {
      const told = await network.try(async () => {
        const heard = await tellWaiting({ store, deviceId });
        state.waiting = await own.renew();
        return heard;
      });
      return told ?? { clashes: [] };
    },
  };

  async function admitAlone(scan, ticket) {
    // Written down before the person is let in: a page that closes now still tells it.
    await store.wait({ ...scan, showId, gate: gate.gate, ticket });
    note(ticket.code, { ...ticket, gate: gate.gate }, scan.scannedAt);
    state.waiting += 1;
  }
}

/** The list of a show as this device knows it, with the entries that it has made itself. */
function createOwnList({ store, showId }) {
  const listKey = `list:${showId}`;
  const notedKey = `noted:${showId}`;
  /** The entries that this device has noted, by code: a manifest that was asked for before does not know them. */
  const noted = new Map();
  let list;
  const keepNoted = () => store.set(notedKey, [...noted.values()]);
  const note = (code, { seatId, gate }, enteredAt) => {
    const entry = { code, seatId, gate, enteredAtMs: Date.parse(enteredAt) };
    noted.set(code, entry);
    noteEntry(list, entry);
  };
  return {
    list: () => list,
    stored: () => store.get(listKey),
    note,

    /** The same for an entry that the house knows: a page that closes before the next list comes still has it. */
    remember(code, ticket, enteredAt) {
      note(code, ticket, enteredAt);
      return keepNoted();
    },

    /** What was remembered before the page was closed. */
    async recall() {
      for (const entry of (await store.get(notedKey)) ?? []) noted.set(entry.code, entry);
    },

    /** A supervisor has taken an entry back. */
    forget(code) {
      noted.delete(code);
      list.tickets.set(code, [list.tickets.get(code)?.[0] ?? null]);
      return keepNoted();
    },

    /** Hears what is new. Answers as `keep`. */
    async renew() {
      const before = new Map(noted);
      const next = await readManifest(showId, list.kept.cursor);
      for (const [code, entry] of before) if (noted.get(code) === entry) noted.delete(code);
      const merged = mergeManifests(list.kept, next);
      if (!isQuiet(list.kept, next)) return keep(merged);
      // A list of 20,000 tickets is a megabyte: it is neither written nor built anew for nothing, every five seconds of an evening.
      list.kept = merged;
      if (before.size > 0) await keepNoted();
      return (await store.waiting()).length;
    },

    keep,
  };

  /**
   * What this device has let in is used, whatever the new list says: nobody may have been told, or the list may be older. Answers with
   * how many scans nobody has heard of.
   */
  async function keep(kept) {
    await store.set(listKey, kept);
    const next = await openList(kept);
    const waiting = await store.waiting();
    // From here until the list is another one nothing else happens.
    for (const { ticket, gate, scannedAt, showId: ofShow } of waiting) {
      if (ofShow !== showId) continue;
      noteEntry(next, { ...ticket, gate, enteredAtMs: Date.parse(scannedAt) });
    }
    for (const entry of noted.values()) noteEntry(next, entry);
    list = next;
    await keepNoted();
    return waiting.length;
  }
}
