// Draws the numbers of a line again, to see whether they are the ones that were given. Needs Node 20 and nothing else.
// node verify-draw.mjs https://tickets.example/v1/shows/SHOW/line/draw COMMITMENT [ENTRY]
// Or with a file that has kept the answer.
import { createCipheriv, createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

const [address, commitment, entry] = process.argv.slice(2);
if (address === undefined || commitment === undefined) {
  console.error("Say the address of the draw and the commitment that you noted before it.");
  process.exit(2);
}

const isAddress = /^https?:/.test(address);
const text = isAddress ? await (await fetch(address)).text() : await readFile(address, "utf8");
const answer = JSON.parse(text);
// The line itself tells the same among other things.
const draw = answer.draw ?? answer;
if (draw.seed === undefined) {
  console.error("This line has not been drawn yet, or there is none.");
  process.exit(2);
}

const seed = Buffer.from(draw.seed, "hex");
const isPromised = createHash("sha256").update(seed).digest("hex") === commitment;
console.log(isPromised ? "The seed is the promised one." : "The seed is NOT the promised one.");

const numbers = drawAgain(seed, draw.entries);
console.log(`${draw.entries} people took part.`);
if (entry !== undefined) console.log(`Entry ${entry} has number ${numbers[entry - 1] ?? entry}.`);
process.exitCode = isPromised ? 0 : 1;

/** The numbers of entries 1, 2, 3 … */
function drawAgain(key, count) {
  const chance = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const numbers = [];
  for (let number = 1; number <= count; number += 1) numbers.push(number);
  for (let last = count - 1; last > 0; last -= 1) {
    const cards = last + 1;
    let word;
    do {
      word = chance.update(Buffer.alloc(4)).readUInt32LE(0);
    } while (word >= Math.floor(2 ** 32 / cards) * cards);
    const other = word % cards;
    [numbers[last], numbers[other]] = [numbers[other], numbers[last]];
  }
  return numbers;
}
