/**
 * How far a point is from a shape: below 0 is inside. `x` goes from -1 to 1 over the width of a poster, `y` from -1.5 to 1.5 down its
 * height.
 */
export type Shape = (x: number, y: number) => number;

/** A shape, and how much of the second colour it has: below 0 it is darker than what is behind it. */
export type Layer = { shape: Shape; tint: number };

/** What a genre looks like. `turn` and `size` from 0 to 1 make one poster of it unlike the next. */
export function layersOf(genre: string, turn: number, size: number): Layer[] {
  const draw = drawings[genre] ?? rings;
  return draw(turn, 0.5 + size * 0.25);
}

type Drawing = (turn: number, radius: number) => Layer[];

/** A record, for music of every kind. */
const rings: Drawing = (turn, radius) => [
  ...[1.5, 1.2, 0.9, 0.6].map((factor, index) => ({
    shape: circle(turn - 0.5, 0.2, radius * factor),
    tint: index % 2 === 0 ? 0.55 : -0.25,
  })),
  { shape: circle(turn - 0.5, 0.2, radius * 0.12), tint: 1 },
];

const drawings: Record<string, Drawing> = {
  drama: (turn, radius) => [
    { shape: circle(-0.28, -0.35 + turn * 0.3, radius), tint: 0.75 },
    { shape: circle(0.34, 0.25, radius * 0.8), tint: -0.35 },
  ],
  comedy: (turn, radius) => [
    { shape: circle(0, 0, radius * 1.25), tint: 0.9 },
    { shape: both(circle(0, 0.05, radius * 0.85), half(0, 0.12, turn * 0.4 - 0.2)), tint: -0.6 },
    { shape: circle(-radius * 0.42, -radius * 0.35, 0.085), tint: -0.6 },
    { shape: circle(radius * 0.42, -radius * 0.35, 0.085), tint: -0.6 },
  ],
  "stand-up": (turn) => [
    { shape: wedge(turn - 0.5, -1.7, 0.28), tint: 0.5 },
    { shape: ellipse(0, 1.15, 0.75, 0.16), tint: 0.9 },
    { shape: bar(0, 0.3, 0.022, 0.85), tint: -0.7 },
    { shape: circle(0, -0.58, 0.13), tint: -0.7 },
  ],
  thriller: (turn, radius) => [
    ...[0, 1, 2].map((index) => ({ shape: slanted(turn, index * 0.62 - 0.75, 0.13), tint: 0.6 })),
    { shape: circle(0.2, 0.35, radius * 0.55), tint: -0.7 },
  ],
  crime: (turn, radius) => [
    { shape: both(circle(0, -0.75, radius * 1.7), circle(0, 0.75, radius * 1.7)), tint: 0.85 },
    { shape: circle(turn * 0.2 - 0.1, 0, radius * 0.42), tint: -0.6 },
    { shape: circle(turn * 0.2 - 0.02, -0.08, radius * 0.12), tint: 1 },
  ],
  animation: (turn, radius) => [
    { shape: circle(turn - 0.5, -0.45, radius * 0.7), tint: 1 },
    { shape: circle(-0.75, 1.75, 1.25), tint: 0.45 },
    { shape: circle(0.8, 1.85, 1.2), tint: -0.3 },
  ],
  "science fiction": (turn, radius) => [
    {
      shape: outline(tilted(ellipse(0, 0, radius * 1.6, radius * 0.42), turn - 0.5), 0.035),
      tint: 1,
    },
    { shape: circle(0, 0, radius), tint: 0.7 },
    { shape: circle(0.16, -0.12, radius * 0.72), tint: 0.85 },
  ],
  fantasy: (turn, radius) => [
    { shape: circle(turn - 0.5, -0.7, radius * 0.5), tint: 1 },
    { shape: peak(-0.35, -0.25, 1.15), tint: -0.25 },
    { shape: peak(0.45, 0.15, 1.3), tint: -0.5 },
  ],
  romance: (turn, radius) => [
    { shape: tilted(heart(radius * 1.35), turn * 0.5 - 0.25), tint: 0.85 },
    { shape: tilted(heart(radius * 0.6), turn * 0.5 - 0.25), tint: -0.25 },
  ],
  horror: (turn, radius) => [
    { shape: without(circle(0, -0.35, radius), circle(0.25 + turn * 0.1, -0.45, radius)), tint: 1 },
    ...[-0.8, -0.4, 0, 0.4, 0.8].map((x, index) => ({
      shape: peak(x, 0.65 + ((index * turn * 7) % 1) * 0.35, 4),
      tint: -0.7,
    })),
  ],
  action: (turn, radius) => [
    { shape: burst(turn, 9), tint: 0.45 },
    { shape: circle(0, 0.1, radius * 0.65), tint: 0.95 },
  ],
  musical: (turn, radius) => [
    { shape: wedge(-0.75 - turn * 0.2, -1.7, 0.3), tint: 0.4 },
    { shape: wedge(0.75 + turn * 0.2, -1.7, 0.3), tint: 0.4 },
    { shape: circle(0, 0.35, radius * 0.8), tint: 0.9 },
  ],
};

function circle(cx: number, cy: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) - radius;
}

function ellipse(cx: number, cy: number, rx: number, ry: number): Shape {
  return (x, y) => (Math.hypot((x - cx) / rx, (y - cy) / ry) - 1) * Math.min(rx, ry);
}

function bar(cx: number, cy: number, halfWidth: number, halfHeight: number): Shape {
  return (x, y) => Math.max(Math.abs(x - cx) - halfWidth, Math.abs(y - cy) - halfHeight);
}

/** Everything below a line through the point. */
function half(cx: number, cy: number, slope: number): Shape {
  return (x, y) => cy + slope * (x - cx) - y;
}

/** A mountain with its top at the point. */
function peak(cx: number, cy: number, steepness: number): Shape {
  return (x, y) => (cy + steepness * Math.abs(x - cx) - y) / Math.hypot(1, steepness);
}

/** Light that falls from a lamp to the middle of the floor. */
function wedge(cx: number, cy: number, spread: number): Shape {
  const towards = Math.atan2(-cx, 1.2 - cy);
  return (x, y) => {
    const angle = Math.atan2(x - cx, y - cy) - towards;
    return Math.hypot(x - cx, y - cy) * Math.sin(Math.abs(angle) - spread / 2);
  };
}

function slanted(turn: number, offset: number, halfWidth: number): Shape {
  const [across, down] = [Math.cos(0.6 + turn * 0.5), Math.sin(0.6 + turn * 0.5)];
  return (x, y) => Math.abs(x * across + y * down - offset) - halfWidth;
}

function burst(turn: number, rays: number): Shape {
  return (x, y) => {
    const angle = Math.atan2(y - 0.1, x) + turn;
    return Math.hypot(x, y - 0.1) * Math.sin(angle * rays) * (1 / rays);
  };
}

/** A square on its corner, with half a circle on each of its upper sides. */
function heart(side: number): Shape {
  const corner = side / Math.SQRT2;
  const lobes = [-1, 1].map((way) => circle((way * corner) / 2, -corner / 2, side / 2));
  const square: Shape = (x, y) => (Math.abs(x) + Math.abs(y) - corner) / Math.SQRT2;
  return (x, y) => Math.min(square(x, y), ...lobes.map((lobe) => lobe(x, y)));
}

function tilted(shape: Shape, angle: number): Shape {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => shape(x * cos + y * sin, y * cos - x * sin);
}

function outline(shape: Shape, halfWidth: number): Shape {
  return (x, y) => Math.abs(shape(x, y)) - halfWidth;
}

function both(one: Shape, other: Shape): Shape {
  return (x, y) => Math.max(one(x, y), other(x, y));
}

function without(one: Shape, other: Shape): Shape {
  return (x, y) => Math.max(one(x, y), -other(x, y));
}
