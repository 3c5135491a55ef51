import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { SeatStatus } from "../domain/booking.ts";
import { findBestSeats } from "../domain/find-best-seats.ts";
import type { SeatWish } from "../domain/find-best-seats.ts";
import { readSeating } from "../domain/read-seating.ts";
import type { PlacedSeat, Seating } from "../domain/read-seating.ts";
import { createRandom } from "./demo-data/create-random.ts";
import { demoArena } from "./demo-data/demo-arena.ts";

const file = join(import.meta.dirname, "../docs/pictures/best-available.svg");

/** The part of the arena before its stage. */
const sections = ["8", "1", "2", "116", "101", "102", "220", "201", "202"];
/** Sold so well that no row has six seats beside each other. */
const crowdedSection = "102";

const prices = [
  { priceCode: "FLOOR", amountMinor: 16_000, feeMinor: 1_600 },
  { priceCode: "LOWER", amountMinor: 10_000, feeMinor: 1_000 },
  { priceCode: "UPPER", amountMinor: 6_000, feeMinor: 600 },
];

/** Who asks for what; and the middle of the place in the drawing where the answer is written. */
const parties: { who: string; wish: Partial<SeatWish> & { quantity: number }; label: Point }[] = [
  { who: "2 people", wish: { quantity: 2 }, label: { x: 530, y: 150 } },
  {
    who: "4 people, lower tier",
    wish: { quantity: 4, priceCodes: ["LOWER"] },
    label: { x: 530, y: 440 },
  },
  {
    who: "7 people, upper tier",
    wish: { quantity: 7, priceCodes: ["UPPER"] },
    label: { x: 735, y: 795 },
  },
  {
    who: "6 people, section 102",
    wish: { quantity: 6, sectionIds: [crowdedSection] },
    label: { x: 750, y: 400 },
  },
  {
    who: "1 wheelchair and 1 companion",
    wish: { quantity: 2, sectionIds: ["116"], accessible: 1, companions: 1 },
    label: { x: 230, y: 385 },
  },
];

type Point = { x: number; y: number };

const [width, height, scale] = [1_060, 1_090, 10];
const seed = 5;
const colours = {
  ...{ paper: "#ffffff", ink: "#1f2937", faint: "#6b7280", stage: "#e5e7eb" },
  ...{ taken: "#d5d9e0", free: "#6ea8dc", kept: "#8b5cf6", chosen: "#e4572e" },
};

main();

/** Draws what best available chooses for five parties in one half-sold arena. */
function main(): void {
  const layout = demoArena();
  const seating = readSeating(layout);
  const statuses = sellHalf(seating);
  const seats = layout.seats.map(({ priceCode }, position) => ({
    status: statuses[position] ?? ("blocked" as const),
    priceCode,
  }));
  const chosen = parties.map((party) => {
    const any = { priceCodes: [], sectionIds: [], accessible: 0, companions: 0 };
    const best = findBestSeats({ seating, seats, prices, wish: { ...any, ...party.wish } });
    if (best.outcome === "none") throw new Error(`${party.who}: ${best.reason}`);
    return { ...party, blocks: best.blocks };
  });
  writeFileSync(file, draw(seating, statuses, chosen));
}

/** Groups and gaps of one to six seats in turn, as a hall fills; by seat position. */
function sellHalf(seating: Seating): (SeatStatus | undefined)[] {
  const statuses: (SeatStatus | undefined)[] = [];
  const random = createRandom(seed);
  const roll = (sides: number) => Math.floor(random() * sides);
  let isTaken = false;
  let left = 0;
  for (const section of seating.sections.filter(({ id }) => sections.includes(id))) {
    const gapMax = section.id === crowdedSection ? 4 : 7;
    for (const stretch of section.rows.flat()) {
      for (const { position, accessible, companion } of stretch) {
        if (left === 0) {
          isTaken = !isTaken;
          left = 1 + roll(isTaken ? 6 : gapMax);
        }
        left -= 1;
        const isKept = accessible === true || companion === true;
        statuses[position] = isTaken && !isKept ? "booked" : "available";
      }
    }
  }
  return statuses;
}

type Chosen = (typeof parties)[number] & {
  blocks: { section: string; row: string; seatIds: string[] }[];
};

function draw(seating: Seating, statuses: (SeatStatus | undefined)[], chosen: Chosen[]): string {
  const shown = seating.seats.filter(({ position }) => statuses[position] !== undefined);
  const free = shown.filter(({ position }) => statuses[position] === "available");
  const isKept = (seat: PlacedSeat) => seat.accessible === true || seat.companion === true;
  const at = placing(seating.stage);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="17">
<title>What best available chooses for five parties in a half-sold arena</title>
<rect width="${width}" height="${height}" fill="${colours.paper}"/>
${drawStage(at(seating.stage))}
${drawDots(shown.filter((seat) => !free.includes(seat)).map(at), colours.taken)}
${drawDots(free.filter((seat) => !isKept(seat)).map(at), colours.free)}
${drawDots(free.filter(isKept).map(at), colours.kept)}
${chosen.map((choice) => drawChoice(choice, seating.seats, at)).join("\n")}
${drawLegend()}
</svg>
`;
}

/** From the layout to the drawing: the stage's middle in the middle, near the upper edge. */
function placing(stage: Point): (place: Point) => Point {
  const rounded = (length: number) => Math.round(10 * length) / 10;
  return ({ x, y }) => ({
    x: rounded(width / 2 + (x - stage.x) * scale),
    y: rounded(20 + (y - stage.y) * scale),
  });
}

/** A dot is a line of no length with round ends: a tenth of the bytes of a circle. */
function drawDots(places: Point[], colour: string): string {
  const path = places.map(({ x, y }) => `M${x} ${y}h0`).join("");
  return `<path d="${path}" stroke="${colour}" stroke-width="6.8" stroke-linecap="round"/>`;
}

/** The half of it that these sections look at. */
function drawStage({ x, y }: Point): string {
  const half = 10 * scale;
  return `<path d="M${x - half} ${y}v${half - 8}q0 8 8 8h${2 * half - 16}q8 0 8 -8v${8 - half}z" fill="${colours.stage}"/>
<text x="${x}" y="${y + half / 2 + 6}" text-anchor="middle" fill="${colours.faint}">Stage</text>`;
}

/** The seats on a band, and who has them at the end of a line. */
function drawChoice(
  { who, blocks, label }: Chosen,
  seats: PlacedSeat[],
  at: (place: Point) => Point,
): string {
  const places = blocks.map(({ seatIds }) =>
    seats.filter(({ id }) => seatIds.includes(id)).map(at),
  );
  const bands = places.map((points) => {
    const line = `<polyline points="${points.map(({ x, y }) => `${x},${y}`).join(" ")}" fill="none" stroke-linecap="round" stroke-linejoin="round"`;
    return `${line} stroke="${colours.paper}" stroke-width="17"/>
${line} stroke="${colours.chosen}" stroke-width="13"/>
${drawDots(points, colours.paper)}`;
  });
  const nearest = places
    .flat()
    .toSorted((one, other) => distance(one, label) - distance(other, label))[0];
  const from = nearest ?? label;
  const end = from.y > label.y ? label.y + 30 : label.y - 20;
  const text = `x="${label.x}" text-anchor="middle" stroke="${colours.paper}" stroke-width="5" paint-order="stroke"`;
  return `<path d="M${from.x} ${from.y}L${label.x} ${end}" stroke="${colours.chosen}" stroke-width="1.8"/>
${bands.join("\n")}
<text ${text} y="${label.y}" fill="${colours.ink}" font-weight="600">${who}</text>
<text ${text} y="${label.y + 20}" fill="${colours.faint}" font-size="15">${blocks[0]?.section}: ${blocks.map(nameOf).join(", ")}</text>`;
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function nameOf({ row, seatIds }: Chosen["blocks"][number]): string {
  const numbers = seatIds.map((id) => id.split("-").at(-1));
  return `row ${row} seats ${numbers[0]}–${numbers.at(-1)}`;
}

function drawLegend(): string {
  const entries = [
    ["free", colours.free],
    ["taken", colours.taken],
    ["for wheelchairs and companions", colours.kept],
    ["chosen", colours.chosen],
  ] as const;
  return entries
    .map(([name, colour], index) => {
      const y = 32 + 26 * index;
      return `<circle cx="30" cy="${y}" r="6" fill="${colour}"/><text x="46" y="${y + 6}" fill="${colours.ink}">${name}</text>`;
    })
    .join("\n");
}
