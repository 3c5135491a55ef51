import { readSeating } from "../../domain/read-seating.ts";
import { placesOf } from "../../domain/seats-apart.ts";
import type { PlannedLayout } from "./catalogue-plan.ts";
import type { PlannedShow } from "./plan-shows.ts";
import type { Queryable } from "./pool.ts";

/** Which seats are neighbours, for the layouts whose shows keep a distance. */
export async function writePlaces(
  db: Queryable,
  layouts: readonly PlannedLayout[],
  shows: readonly PlannedShow[],
): Promise<void> {
  const apart = new Set(
    shows.filter(({ seatsApart }) => seatsApart > 0).map(({ layoutHash }) => layoutHash),
  );
  for (const { layoutHash, layout } of layouts.filter((one) => apart.has(one.layoutHash))) {
    const places = placesOf(readSeating(layout));
    await db.query(
      `insert into layout_places (layout_hash, seat_id, stretch, place)
       select $1, seat_id, stretch, place from unnest($2::text[], $3::integer[], $4::integer[]) as item (seat_id, stretch, place)
       on conflict do nothing`,
      [
        layoutHash,
        places.map(({ seatId }) => seatId),
        places.map(({ stretch }) => stretch),
        places.map(({ place }) => place),
      ],
    );
  }
}
