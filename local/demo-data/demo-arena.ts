import { readCatalogue } from "../../adapters/postgres/read-catalogue.ts";
import type { Layout } from "../../domain/layout.ts";
import { makeDemoCatalogue } from "./make-demo-catalogue.ts";

/** The demo's largest hall: 20,000 seats around a stage. */
export function demoArena(): Layout {
  const catalogue = makeDemoCatalogue({ today: "2026-11-24", seed: 1 });
  const read = readCatalogue(JSON.stringify({ ...catalogue, series: [] }));
  if (read.outcome === "refused") throw new Error(JSON.stringify(read.problems[0]));
  const arena = read.plan.layouts.find(({ seatCount }) => seatCount === 20_000);
  if (arena === undefined) throw new Error("The demo has no arena");
  return arena.layout;
}
