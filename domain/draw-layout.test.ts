import { expect, test } from "@jest/globals";

import { drawLayout } from "./draw-layout.ts";
import { expandLayout } from "./expand-layout.ts";
import type { LayoutPlan } from "./layout-plan.ts";
import type { Layout } from "./layout.ts";

function expanded(plan: Partial<LayoutPlan>): Layout {
  const stage = { label: "Stage", x: -5, y: 0, width: 10, height: 1.5 };
  const whole: LayoutPlan = { name: "Hall", stage, sections: [], areas: [], ...plan };
  const made = expandLayout(whole, []);
  if (made.outcome === "refused") throw new Error(JSON.stringify(made.problems));
  return made.layout;
}

function section(id: string, rows: string, seats: number, y = 4): LayoutPlan["sections"][number] {
  return {
    ...{ id, name: `Block ${id}`, seatPrefix: id, accessible: [], companion: [] },
    placement: { kind: "straight", x: 0, y, degrees: 0, rowPitch: 1.2 },
    rows: [
      {
        ...{ rows, seats, skip: [], growBy: 0, firstNumber: 1 },
        ...{ aislesAfter: [], gapBefore: 0, priceCode: "STD" },
      },
    ],
  };
}

/** How many dots and squares, and how many diamonds, are in a picture beside those of the legend. */
function marksIn(svg: string) {
  return {
    round: [...svg.matchAll(/<path d="([^"]*)"[^>]*linecap="round"/g)].flatMap(pointsOf).length,
    square: [...svg.matchAll(/<path d="([^"]*)"[^>]*linecap="square"/g)].flatMap(pointsOf).length,
    diamond: [...svg.matchAll(/<path d="([^"]*z)" fill/g)].flatMap(pointsOf).length,
  };
}

const pointsOf = ([, path = ""]: RegExpMatchArray) => [...path.matchAll(/M/g)];

test("every seat is in the picture once, accessible and companions' seats in shapes of their own, and the legend says so", () => {
  const block = {
    ...section("A", "A-C", 10),
    accessible: [{ row: "C", from: 1, to: 2 }],
    companion: [{ row: "C", from: 3, to: 3 }],
  };
  const svg = drawLayout(expanded({ sections: [block] }));
  // One of each is the legend's.
  expect(marksIn(svg)).toEqual({ round: 27 + 1, square: 2 + 1, diamond: 1 + 1 });
  expect(svg).toContain("STD · 30");
  expect(svg).toContain("wheelchair place");
  expect(svg).toContain(">Block A</text>");
  expect(svg).toContain('aria-label="Hall: 30 seats"');
});

test("an area is a shape with its name and room, whatever the hall is called", () => {
  const outline = [
    { x: -5, y: 3 },
    { x: 5, y: 3 },
    { x: 0, y: 9 },
  ];
  const floor = { id: "FLOOR", name: `"Pit" & <stalls>`, capacity: 300, priceCode: "STAND" };
  const svg = drawLayout(expanded({ name: "<script>", areas: [{ ...floor, outline }] }));
  expect(svg).toContain("<polygon");
  expect(svg).toContain("&quot;Pit&quot; &amp; &lt;stalls&gt; · 300");
  expect(svg).toContain("&lt;script&gt;: 0 seats and 300 places");
  expect(svg).not.toContain("<script>");
});

test("thirty prices have thirty colours", () => {
  const blocks = Array.from({ length: 30 }, (_, index) => {
    const block = section(`B${index}`, "A", 2, 4 + index * 3);
    const rows = block.rows.map((run) => ({ ...run, priceCode: `P${index}` }));
    return { ...block, rows };
  });
  const svg = drawLayout(expanded({ sections: blocks }));
  const colors = [...svg.matchAll(/stroke="(#\w{6}|hsl\([^)]*\))" stroke-width="0.72"/g)];
  expect(new Set(colors.map(([, color]) => color)).size).toBe(30);
});

test("twenty thousand seats stay far below 1.5 MB", () => {
  const blocks = Array.from({ length: 10 }, (_, index) =>
    section(`B${index}`, "A-T", 100, 4 + index * 30),
  );
  const svg = drawLayout(expanded({ sections: blocks }));
  expect(marksIn(svg).round).toBe(20_000 + 1);
  expect(svg.length).toBeLessThan(500_000);
});
