// Solves a proof of work that Marquee has asked for: `details.challenge` of CHALLENGE_REQUIRED. Needs Node 20 and nothing else.
// node solve-challenge.mjs NONCE BITS       prints the value of the header Challenge-Answer
import { createHash } from "node:crypto";

const [nonce, bits] = process.argv.slice(2);
if (nonce === undefined || !(Number(bits) <= 32)) {
  console.error("Say the nonce and the bits of the challenge.");
  process.exit(2);
}

/** The first number after which the digest of `nonce:number` begins with so many zero bits. */
function solve() {
  for (let number = 0; ; number += 1) {
    const digest = createHash("sha256").update(`${nonce}:${number}`).digest();
    if (Math.clz32(digest.readUInt32BE(0)) >= Number(bits)) return number;
  }
}

console.log(`${nonce}:${solve()}`);
