import { Refused, isSignedOut, sendScans } from "./ask-door.js";

/** So many scans are sent at once. */
const scansMax = 500;

/**
 * Tells what this device has done without the network, and forgets it once it was heard. `clashes` are the scans that have let somebody
 * in who should not be inside; `refusal` is why somebody else's scans, or those at another show, were not taken. What is not heard is
 * told again the next time: the same scan stays the same.
 */
export async function tellWaiting({ store, deviceId }) {
  const clashes = [];
  let refusal;
  const groups = new Map();
  for (const scan of await store.waiting()) {
    const place = `${scan.showId} ${scan.gate}`;
    groups.set(place, [...(groups.get(place) ?? []), scan]);
  }
  for (const group of groups.values()) {
    try {
      await tellAll(group);
    } catch (error) {
      if (!(error instanceof Refused) || isSignedOut(error)) throw error;
      refusal = error;
    }
  }
  return { clashes, refusal };

  async function tellAll(group) {
    for (let from = 0; from < group.length; from += scansMax) {
      await tell(group.slice(from, from + scansMax));
    }
  }

  async function tell(group) {
    const [{ showId, gate }] = group;
    const scans = group.map(({ scanId, code, scannedAt }) => ({
      ...{ scanId, code, scannedAt, wasAdmitted: true },
    }));
    const answers = await sendScans(showId, { deviceId, gate, scans });
    for (const { scanId } of answers) await store.sent(scanId);
    clashes.push(...answers.filter(({ verdict }) => verdict !== "entered"));
  }
}
