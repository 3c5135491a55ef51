import type { StoredShow } from "../../../adapters/postgres/catalogue.ts";
import type { LineView, PlaceView } from "../../../domain/line.ts";
import type { Turn } from "../../operations/stand-in-line.ts";

/** What the page of a line is made from. */
export type LineFacts = {
  /** The public one. */
  showId: string;
  show: Pick<StoredShow, "title" | "venue" | "startsAtMs">;
  line: LineView;
  /** undefined: whoever looks has no place. */
  place?: { standing: PlaceView; isGuest: boolean; turn: Turn } | undefined;
  /** Until when a pass lets them in. */
  passUntilMs?: number | undefined;
  /** Where seats are chosen; undefined: where they came from. */
  shopUrl?: string | undefined;
};
