import { createScale } from "./scale.ts";
import type { Axis, Scale } from "./scale.ts";

export type Point = [x: number, y: number];

export type Series = {
  name: string;
  /** `band`: from one height to another, over `width` of the x axis. */
  kind: "line" | "dashed" | "area" | "dots" | "band";
  /** Of the palette, from 0 on. */
  colour: number;
  points: Point[];
  /** Of bands: where each begins, in the order of the points; and how wide each is. */
  from?: number[];
  width?: number;
};

/** A moment that the reader should know of. */
export type Mark = { x: number; text: string };

export type Plot = { title: string; x: Axis; y: Axis; series: Series[]; marks?: Mark[] };

const size = { width: 820, height: 420 };
const frame = { left: 80, right: 24, top: 94, bottom: 56 };
const inner = {
  width: size.width - frame.left - frame.right,
  height: size.height - frame.top - frame.bottom,
};

/** An SVG that brings its own paper, light or dark as the reader's screen is; it needs no script and no font of its own. */
export function drawPlot(plot: Plot): string {
  const { title, series, marks = [] } = plot;
  const points = series.flatMap((one) => one.points);
  const x = createScale(
    plot.x,
    points.map(([value]) => value),
  );
  const y = createScale(
    plot.y,
    points.map(([, value]) => value),
  );
  const at = ([px, py]: Point): Point => [
    frame.left + x.place(px) * inner.width,
    frame.top + (1 - y.place(py)) * inner.height,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="13">`,
    `<title>${escape(title)}</title>`,
    style,
    `<rect class="paper" width="${size.width}" height="${size.height}" rx="10"/>`,
    `<text class="ink" x="${frame.left}" y="30" font-size="16" font-weight="600">${escape(title)}</text>`,
    drawLegend(series),
    drawGrid(plot, x, y),
    ...series.map((one) => drawSeries(one, at)),
    ...marks.map((mark) => drawMark(mark, at)),
    "</svg>\n",
  ].join("\n");
}

/** Colours that people who see few of them can tell apart (after Okabe and Ito), brighter on dark paper. */
const palette = [
  ["#0072b2", "#58b4e8"],
  ["#d55e00", "#ff9a4d"],
  ["#009e73", "#3fd1a5"],
  ["#a4478f", "#e58bd0"],
  ["#b8860b", "#f0c94a"],
  ["#6b7280", "#9aa4b2"],
] as const;

const style = `<style>
.paper{fill:#fff}.ink{fill:#1f2937}.faint{fill:#5b6472}.grid{stroke:#e3e7ed}.axis{stroke:#9aa4b2}
${palette.map(([light], index) => `.s${index}{stroke:${light}}.f${index}{fill:${light}}`).join("")}
@media (prefers-color-scheme:dark){.paper{fill:#14181f}.ink{fill:#e6e9ef}.faint{fill:#a3adbb}.grid{stroke:#2a313c}.axis{stroke:#5b6472}
${palette.map(([, dark], index) => `.s${index}{stroke:${dark}}.f${index}{fill:${dark}}`).join("")}}
</style>`;

/** In rows, as many as it takes: two have room. */
function drawLegend(series: readonly Series[]): string {
  let [left, top] = [frame.left, 55];
  return series
    .filter(({ name }) => name !== "")
    .map(({ name, kind, colour }) => {
      const width = 24 + widthOf(name) + 18;
      if (left > frame.left && left + width > size.width) [left, top] = [frame.left, top + 20];
      const sign =
        kind === "line" || kind === "dashed"
          ? `<path class="s${colour}" d="M${left} ${top - 4}h18" stroke-width="2.5" fill="none"${dashes(kind)}/>`
          : `<rect class="f${colour}" x="${left + 3}" y="${top - 10}" width="12" height="12" rx="${kind === "dots" ? 6 : 2}"/>`;
      const text = `<text class="faint" x="${left + 24}" y="${top}">${escape(name)}</text>`;
      left += width;
      return sign + text;
    })
    .join("\n");
}

/** Rather too wide: nobody knows which font the reader has. */
function widthOf(text: string): number {
  return Array.from(text).reduce((sum, sign) => sum + (/[A-Z_]/.test(sign) ? 9.6 : 7.4), 0);
}

function drawGrid({ x: xAxis, y: yAxis }: Plot, x: Scale, y: Scale): string {
  const bottom = frame.top + inner.height;
  const rows = y.ticks.map(({ value, text }) => {
    const top = round(frame.top + (1 - y.place(value)) * inner.height);
    return (
      `<path class="grid" d="M${frame.left} ${top}h${inner.width}"/>` +
      `<text class="faint" x="${frame.left - 8}" y="${top + 4}" text-anchor="end">${escape(text)}</text>`
    );
  });
  const columns = x.ticks.map(({ value, text }) => {
    const left = round(frame.left + x.place(value) * inner.width);
    return (
      `<path class="axis" d="M${left} ${bottom}v5"/>` +
      `<text class="faint" x="${left}" y="${bottom + 20}" text-anchor="middle">${escape(text)}</text>`
    );
  });
  const middle = frame.top + inner.height / 2;
  return [
    ...rows,
    ...columns,
    `<path class="axis" d="M${frame.left} ${bottom}h${inner.width}"/>`,
    `<text class="faint" x="${frame.left + inner.width / 2}" y="${size.height - 14}" text-anchor="middle">${escape(xAxis.label)}</text>`,
    `<text class="faint" x="18" y="${middle}" text-anchor="middle" transform="rotate(-90 18 ${middle})">${escape(yAxis.label)}</text>`,
  ].join("\n");
}

function drawSeries(
  { kind, colour, points, from = [], width = 1 }: Series,
  at: (point: Point) => Point,
): string {
  if (points.length === 0) return "";
  const places = points.map((point) => at(point).map(round) as Point);
  const line = `M${places.map(([left, top]) => `${left} ${top}`).join("L")}`;
  switch (kind) {
    case "line":
    case "dashed":
      return `<path class="s${colour}" fill="none" stroke-width="2" stroke-linejoin="round"${dashes(kind)} d="${line}"/>`;
    case "area": {
      const bottom = frame.top + inner.height;
      const first = places[0]?.[0] ?? 0;
      return (
        `<path class="f${colour}" fill-opacity="0.18" d="${line}V${bottom}H${first}Z"/>` +
        `<path class="s${colour}" fill="none" stroke-width="2" stroke-linejoin="round" d="${line}"/>`
      );
    }
    case "dots":
      // One path of points without length, whose round ends are the dots: a third of the bytes of circles.
      return `<path class="s${colour}" fill="none" stroke-width="3.6" stroke-linecap="round" stroke-opacity="0.55" d="${places.map(([left, top]) => `M${left} ${top}h0`).join("")}"/>`;
    case "band":
      return `<path class="f${colour}" d="${points
        .map(([value, top], index) => {
          const [left, upper] = at([value, top]);
          const [right, lower] = at([value + width, from[index] ?? 0]);
          return `M${round(left)} ${round(upper)}H${round(right)}V${round(lower)}H${round(left)}Z`;
        })
        .join("")}"/>`;
  }
}

function drawMark({ x, text }: Mark, at: (point: Point) => Point): string {
  const left = round(at([x, 0])[0]);
  const isLate = left > size.width * 0.7;
  const anchor = isLate ? ` text-anchor="end"` : "";
  return (
    `<path class="axis" d="M${left} ${frame.top}v${inner.height}" stroke-dasharray="2 4"/>` +
    `<text class="ink" x="${left + (isLate ? -6 : 6)}" y="${frame.top + 14}"${anchor}>${escape(text)}</text>`
  );
}

function dashes(kind: Series["kind"]): string {
  return kind === "dashed" ? ' stroke-dasharray="7 5"' : "";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
