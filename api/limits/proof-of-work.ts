import { createHash, randomBytes } from "node:crypto";

import type { Challenge } from "../../domain/challenge.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import type { Slips } from "../../platform/slips.ts";

/**
 * A challenge that needs nobody else: find a number after which the SHA-256 of `nonce:number` begins with so many zero bits. The
 * nonce is signed, lives two minutes and is good for one subject, so that nothing is kept of those that were given out. Of solved
 * ones this process remembers that they were used; in another one an answer may be used once more, for the same subject only.
 */
export function createProofOfWork(deps: {
  slips: Slips;
  /** Each bit doubles the work: 17 are some 130,000 digests, a fifth of a second of one core in Node. */
  bits: number;
}): Challenge {
  const { slips, bits } = deps;
  const used = createBriefMemory<true>({ namesMax: usedMax });

  return {
    task(subject) {
      const untilMs = Date.now() + lifeMs;
      const words = [randomBytes(12).toString("base64url"), nameOf(subject), String(untilMs)];
      const nonce = slips.sign("challenge", [...words, String(bits)]);
      return { kind: "proof-of-work", algorithm: "SHA-256", nonce, bits, answer: "nonce:number" };
    },

    async isSolved(answer, { subject }) {
      const [, nonce = ""] = /^([\w.-]{1,200}):\d{1,16}$/.exec(answer) ?? [];
      const [id = "", name, untilMs, wantedBits] = slips.read("challenge", nonce) ?? [];
      const leftMs = Number(untilMs) - Date.now();
      const isTheirs = name === nameOf(subject) && leftMs > 0;
      if (!isTheirs || used.get(id) === true) return false;
      if (zeroBits(createHash("sha256").update(answer).digest()) < Number(wantedBits)) return false;
      used.set(id, true, leftMs);
      return true;
    },
  };
}

const lifeMs = 120_000;
const usedMax = 100_000;

function nameOf(subject: string): string {
  return createHash("sha256").update(subject).digest("base64url").slice(0, 16);
}

function zeroBits(digest: Buffer): number {
  return Math.clz32(digest.readUInt32BE(0));
}
