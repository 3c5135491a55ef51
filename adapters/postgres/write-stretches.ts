import { readSeating } from "../../domain/read-seating.ts";
import { stretchSeatsOf } from "../../domain/seats-apart.ts";
import type { PlannedLayout } from "./catalogue-plan.ts";
import type { PlannedShow } from "./plan-shows.ts";
import type { Queryable } from "./pool.ts";

/** Which seats are neighbours, for the layouts whose shows keep a distance. */
export async function writeStretches(
  db: Queryable,
  layouts: readonly PlannedLayout[],
  shows: readonly PlannedShow[],
): Promise<void> {
  const apart = new Set(
    shows.filter(({ seatsApart }) => seatsApart > 0).map(({ layoutHash }) => layoutHash),
  );
  for (const { layoutHash, layout } of layouts.filter((one) => apart.has(one.layoutHash))) {
    const ofStretches = stretchSeatsOf(readSeating(layout));
    await db.query(
      `insert into layout_stretches (layout_hash, seat_id, stretch, nth)
       select $1, seat_id, stretch, nth from unnest($2::text[], $3::integer[], $4::integer[]) as item (seat_id, stretch, nth)
       on conflict do nothing`,
      [
        layoutHash,
        ofStretches.map(({ seatId }) => seatId),
        ofStretches.map(({ stretch }) => stretch),
        ofStretches.map(({ nth }) => nth),
      ],
    );
  }
}
