// A worker, so that the page stays alive: looks for the first number after which the SHA-256 of `nonce:number` begins with so many
// zero bits. A browser's own SHA-256 answers each time through a queue, and only on pages that came over TLS: here a try is one
// block of 64 bytes, because what stands before the number is digested once.

const triesAtOnce = 4_096;
const constants = fractionsOfRoots(64, 3);
const start = fractionsOfRoots(8, 2);
const schedule = new Uint32Array(64);

addEventListener("message", ({ data: { nonce, bits } }) => {
  const text = `${nonce}:`;
  const prefix = new TextEncoder().encode(text);
  const whole = prefix.length - (prefix.length % 64);
  const state = start.slice();
  for (let at = 0; at < whole; at += 64) digestBlock(state, prefix.subarray(at, at + 64));
  const rest = prefix.subarray(whole);
  for (let number = 0; ; number += 1) {
    if (firstWord(state, rest, number, whole) >>> (32 - bits) === 0) {
      return postMessage({ found: `${text}${number}` });
    }
    if (number % triesAtOnce === 0) postMessage({ tried: number });
  }
});

/** The first 32 bits of the digest: `rest` and the number, the bit that ends them, and the length of all in bits. */
function firstWord(state, rest, number, wholeBytes) {
  const digits = String(number);
  const length = rest.length + digits.length;
  const last = new Uint8Array(length + 9 <= 64 ? 64 : 128);
  last.set(rest);
  for (let at = 0; at < digits.length; at += 1) last[rest.length + at] = digits.charCodeAt(at);
  last[length] = 0x80;
  new DataView(last.buffer).setUint32(last.length - 4, (wholeBytes + length) * 8);
  const digest = state.slice();
  for (let at = 0; at < last.length; at += 64) digestBlock(digest, last.subarray(at, at + 64));
  return digest[0];
}

/** FIPS 180-4, 6.2.2. */
function digestBlock(state, block) {
  for (let at = 0; at < 16; at += 1) {
    schedule[at] =
      (block[at * 4] << 24) |
      (block[at * 4 + 1] << 16) |
      (block[at * 4 + 2] << 8) |
      block[at * 4 + 3];
  }
  for (let at = 16; at < 64; at += 1) {
    const [x, y] = [schedule[at - 15], schedule[at - 2]];
    const small0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const small1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    schedule[at] = schedule[at - 16] + small0 + schedule[at - 7] + small1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at += 1) {
    const big1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + big1 + ((e & f) ^ (~e & g)) + constants[at] + schedule[at]) | 0;
    const big0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at] += word;
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits behind the point of the square or cube roots of the first primes. */
function fractionsOfRoots(count, root) {
  const primes = [];
  for (let number = 2; primes.length < count; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return Uint32Array.from(primes, (prime) => (prime ** (1 / root) % 1) * 2 ** 32);
}
