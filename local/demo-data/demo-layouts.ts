/** The halls of the demo, in the words of docs/catalogue-format.md: from a studio of 84 seats to an arena of 20,000. */
export function demoLayouts(): DemoLayout[] {
  return [
    studio(),
    screen("screen-192", "Screen of 192", 12, 16),
    screen("screen-320", "Screen of 320", 16, 20),
    theatre(),
    club(),
    boilerHall(),
    arena(),
  ];
}

type DemoLayout = {
  key: string;
  sections: { rows: { priceCode: string }[] }[];
  areas?: { priceCode: string }[];
};

const wheelchairs = (row: string) => ({
  accessible: [{ row, from: 1, to: 2 }],
  companion: [{ row, from: 3, to: 4 }],
});

function studio() {
  return {
    key: "studio-84",
    name: "Studio of 84",
    stage: { label: "Screen", x: -6, y: -4, width: 12, height: 1 },
    sections: [
      {
        id: "S",
        name: "Seats",
        seatPrefix: "",
        placement: { kind: "straight", x: 0, y: 0 },
        rows: [
          { rows: "A-E", seats: 12, aislesAfter: [6], priceCode: "STD" },
          { rows: "F-G", seats: 12, aislesAfter: [6], priceCode: "PREMIUM" },
        ],
        ...wheelchairs("A"),
      },
    ],
  };
}

/** A cinema whose rows bend around the screen; the last two are wider seats for more money. */
function screen(key: string, name: string, rows: number, seats: number) {
  const row = (index: number) => String.fromCharCode(65 + index);
  const aislesAfter = [4, seats - 4];
  return {
    key,
    name,
    stage: { label: "Screen", x: -seats / 2, y: -5, width: seats, height: 1 },
    sections: [
      {
        id: "S",
        name: "Seats",
        seatPrefix: "",
        placement: { kind: "arc", x: 0, y: -40, radius: 40 },
        rows: [
          { rows: `A-${row(3)}`, seats, aislesAfter, priceCode: "FRONT" },
          {
            rows: `${row(4)}-${row(rows - 3)}`,
            seats,
            aislesAfter,
            gapBefore: 1,
            priceCode: "STD",
          },
          { rows: `${row(rows - 2)}-${row(rows - 1)}`, seats, aislesAfter, priceCode: "PREMIUM" },
        ],
        ...wheelchairs("E"),
      },
    ],
  };
}

function theatre() {
  return {
    key: "theatre-422",
    name: "Playhouse of 422",
    stage: { label: "Stage", x: -9, y: -7, width: 18, height: 5 },
    sections: [
      {
        id: "STALLS",
        name: "Stalls",
        seatPrefix: "ST",
        placement: { kind: "arc", x: 0, y: -20, radius: 20 },
        rows: [
          { rows: "A-D", seats: 16, growBy: 1, aislesAfter: [8], priceCode: "PREMIUM" },
          {
            rows: "E-M",
            skip: ["I"],
            seats: 20,
            aislesAfter: [6, 14],
            gapBefore: 1,
            priceCode: "STD",
          },
        ],
        ...wheelchairs("E"),
      },
      {
        id: "CIRCLE",
        name: "Circle",
        seatPrefix: "CI",
        placement: { kind: "arc", x: 0, y: -20, radius: 40 },
        rows: [
          { rows: "A-C", seats: 30, aislesAfter: [10, 20], priceCode: "STD" },
          { rows: "D-F", seats: 34, aislesAfter: [10, 24], priceCode: "UPPER" },
        ],
      },
    ],
  };
}

function club() {
  return {
    key: "club-120",
    name: "Club of 120",
    stage: { label: "Stage", x: -4, y: -4, width: 8, height: 2 },
    sections: [
      {
        id: "F",
        name: "Floor",
        seatPrefix: "",
        placement: { kind: "arc", x: 0, y: -10, radius: 10 },
        rows: [{ rows: "1-8", seats: 8, growBy: 2, aislesAfter: [4], priceCode: "STD" }],
        accessible: [{ row: "1", from: 1, to: 2 }],
        companion: [{ row: "1", from: 3, to: 4 }],
      },
    ],
  };
}

/** A floor to stand on, and a balcony with seats at its far end. */
function boilerHall() {
  const corner = (x: number, y: number) => ({ x, y });
  return {
    key: "floor-1800",
    name: "Floor of 1,500 and balcony of 300",
    stage: { label: "Stage", x: -10, y: -7, width: 20, height: 5 },
    sections: [
      {
        id: "BALCONY",
        name: "Balcony",
        seatPrefix: "B",
        placement: { kind: "straight", x: 0, y: 30 },
        rows: [{ rows: "A-F", seats: 50, aislesAfter: [16, 34], priceCode: "BALCONY" }],
        ...wheelchairs("A"),
      },
    ],
    areas: [
      {
        ...{ id: "FLOOR", name: "Standing floor", capacity: 1_500, priceCode: "STANDING" },
        outline: [corner(-20, 0), corner(20, 0), corner(26, 27), corner(-26, 27)],
      },
    ],
  };
}

/** Rings of blocks around a stage in the middle. */
function arena() {
  return {
    key: "arena-20000",
    name: "Arena of 20,000",
    stage: { label: "Stage", x: -10, y: -10, width: 20, height: 20 },
    sections: [
      ...ring({ name: "Floor", firstId: 1, blocks: 8, seats: 250, radius: 20, priceCode: "FLOOR" }),
      ...ring({
        name: "Lower",
        firstId: 101,
        blocks: 16,
        seats: 500,
        radius: 50,
        priceCode: "LOWER",
      }),
      ...ring({
        name: "Upper",
        firstId: 201,
        blocks: 20,
        seats: 500,
        radius: 86,
        priceCode: "UPPER",
      }),
    ],
  };
}

type Ring = {
  name: string;
  firstId: number;
  blocks: number;
  seats: number;
  radius: number;
  priceCode: string;
};

const rowPitch = 1.2;
// Between two blocks, in seats.
const stairs = 2;

function ring({ name, firstId, blocks, seats, radius, priceCode }: Ring) {
  const rows: { rows: string; seats: number; priceCode: string }[] = [];
  for (let left = seats; left > 0; left -= rows.at(-1)?.seats ?? left) {
    const circle = 2 * Math.PI * (radius + rows.length * rowPitch);
    const room = Math.floor(circle / blocks) - stairs;
    const row = String.fromCharCode(65 + rows.length);
    rows.push({ rows: row, seats: Math.min(room, left), priceCode });
  }
  return Array.from({ length: blocks }, (_, index) => ({
    id: String(firstId + index),
    name: `${name} ${firstId + index}`,
    placement: { kind: "arc", x: 0, y: 0, radius, degrees: (360 / blocks) * index, rowPitch },
    rows,
    ...wheelchairs("A"),
  }));
}
