import { choosersMax } from "../../api/line/line-flow.ts";
import type { Axis } from "../plots/scale.ts";
import { drawPlot } from "../plots/draw-plot.ts";
import type { Mark, Point, Series } from "../plots/draw-plot.ts";
import type { ReserveTry } from "./diary.ts";
import type { SaleRecord } from "./run-sale.ts";
import { insidePerSeat } from "./scenario.ts";
import type { Look } from "./watch-sale.ts";

export type Picture = { file: string; alt: string; svg: string };

/** The sale in five pictures. */
export function drawSale(sale: SaleRecord): Picture[] {
  return [
    drawSeats(sale),
    drawPeople(sale),
    drawFairness(sale),
    drawLatency(sale),
    drawAnswers(sale),
  ];
}

const time: Axis = { label: "seconds after the opening", isTight: true };
const seconds = (ms: number) => ms / 1_000;

function overTime(looks: readonly Look[], read: (look: Look) => number): Point[] {
  return looks.filter(({ atMs }) => atMs >= 0).map((look) => [seconds(look.atMs), read(look)]);
}

function marksOf({ scenario }: SaleRecord): Mark[] {
  const { trouble } = scenario;
  return trouble === undefined ? [] : [{ x: trouble.atSeconds, text: trouble.what }];
}

function drawSeats(sale: SaleRecord): Picture {
  const { looks, scenario } = sale;
  const word = scenario.isStanding ? "places" : "seats";
  const title = `What becomes of the ${word}`;
  const svg = drawPlot({
    ...{ title, x: time, y: { label: word } },
    series: [
      { name: "sold", kind: "area", colour: 2, points: overTime(looks, ({ sold }) => sold) },
      { name: "held", kind: "line", colour: 1, points: overTime(looks, ({ held }) => held) },
      { name: "free", kind: "line", colour: 0, points: overTime(looks, ({ free }) => free) },
    ],
    marks: marksOf(sale),
  });
  return { file: "seats.svg", alt: `${title}: sold, held and free over time`, svg };
}

function drawPeople(sale: SaleRecord): Picture {
  const { looks, scenario } = sale;
  const cap = scenario.shows * scenario.seats * insidePerSeat;
  const lastMs = looks.at(-1)?.atMs ?? 0;
  const title = "Who waits, and who is inside";
  const svg = drawPlot({
    ...{ title, x: time, y: { label: "people (log)", kind: "log", min: 1 } },
    series: [
      {
        ...{ name: "waiting", kind: "line", colour: 5 },
        points: overTime(looks, ({ joined, called }) => Math.max(0, joined - called)),
      },
      { name: "inside", kind: "area", colour: 0, points: overTime(looks, ({ inside }) => inside) },
      {
        ...{ name: "two for each seat", kind: "dashed", colour: 1 },
        points: [
          [0, cap],
          [seconds(lastMs), cap],
        ],
      },
      {
        ...{ name: "three for five free ones, and those who hold two", kind: "dashed", colour: 2 },
        points: overTime(looks, ({ free, held }) => choosersMax(free) + held / 2),
      },
    ],
    marks: marksOf(sale),
  });
  return { file: "people.svg", alt: `${title}, under the line of what is allowed`, svg };
}

function drawFairness({ crowd, scenario }: SaleRecord): Picture {
  const came = crowd.queued.flatMap(({ number, calledMs }): Point[] =>
    calledMs === null ? [] : [[number, seconds(calledMs)]],
  );
  const title = "Who is called when";
  const of = scenario.shows > 1 ? "number in the line of each show" : "number in line";
  const svg = drawPlot({
    ...{ title, x: { label: of, isTight: true }, y: { label: "seconds after the opening" } },
    series: [{ name: "heard that it is their turn", kind: "dots", colour: 0, points: thin(came) }],
  });
  return { file: "fairness.svg", alt: `${title}: the number in line against the call`, svg };
}

function drawLatency(sale: SaleRecord): Picture {
  const { reserves, refusalsOfBots } = sale.crowd;
  const dots = (name: string, colour: number, tries: readonly ReserveTry[]): Series => ({
    ...{ name, kind: "dots", colour },
    points: thin(tries.map(({ atMs, ms }): Point => [seconds(atMs), Math.max(0.1, ms)])),
  });
  const isHeld = ({ code }: ReserveTry) => code === "OK";
  const title = "How long an order takes";
  const write = (ms: number) => (ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`);
  const svg = drawPlot({
    ...{ title, x: time, y: { label: "from when it was due (log)", kind: "log", write } },
    series: [
      dots("bots: refused", 5, refusalsOfBots),
      dots(
        "inside: refused",
        1,
        reserves.filter((one) => !isHeld(one)),
      ),
      dots("inside: held", 0, reserves.filter(isHeld)),
    ],
    marks: marksOf(sale),
  });
  return { file: "latency.svg", alt: `${title}: holds beside refusals`, svg };
}

/** A picture of more dots says no more, and weighs more. */
function thin<Item>(items: readonly Item[]): Item[] {
  const step = Math.max(1, items.length / itemsMax);
  return Array.from(
    { length: Math.min(itemsMax, items.length) },
    (_, index) => items[Math.floor(index * step)] as Item,
  );
}

const itemsMax = 1_200;

function drawAnswers(sale: SaleRecord): Picture {
  const { answersBySecond } = sale.crowd;
  const totals = Object.entries(answersBySecond)
    .map(([code, counts]) => ({ code, counts, total: counts.reduce((sum, one) => sum + one, 0) }))
    .toSorted((one, other) => other.total - one.total);
  const shown = totals.slice(0, 5);
  const others = totals.slice(5);
  const length = Math.max(0, ...totals.map(({ counts }) => counts.length));
  const rest = Array.from({ length }, (_, second) =>
    others.reduce((sum, { counts }) => sum + (counts[second] ?? 0), 0),
  );
  const heights = Array.from({ length }, () => 0);
  const stack = [...shown, { code: "others", counts: rest }].map(({ code, counts }, colour) => {
    const from = [...heights];
    counts.forEach((count, second) => (heights[second] = (heights[second] ?? 0) + count));
    const points = heights.map((height, second): Point => [second, height]);
    return { name: code, kind: "band" as const, colour, points, from, width: 0.92 };
  });
  const title = "What the crowd is answered";
  const svg = drawPlot({
    ...{ title, x: time, y: { label: "answers a second" }, series: stack },
    marks: marksOf(sale),
  });
  return { file: "answers.svg", alt: `${title}: answers by code over time`, svg };
}
