import { holdEndedMail } from "../../adapters/email/hold-ended-mail.ts";
import { describeEndedHold } from "../../adapters/postgres/ended-holds.ts";
import type { BookingExpired } from "../../domain/events.ts";
import { showIds } from "../../domain/ids.ts";
import { nameSeats } from "../../domain/name-seats.ts";
import { aboutBooking } from "./about-show.ts";
import type { Notice, NoticeTools } from "./notice.ts";

/**
 * Nobody has paid in time. Who gave the seats back by hand knows it, and has another event. An offer has a mail of its own, and
 * who has ordered again since then does not want to hear of the first try.
 */
export async function holdEndedNotice(
  event: BookingExpired,
  { pool, shopUrl }: Pick<NoticeTools, "pool" | "shopUrl">,
): Promise<Notice | undefined> {
  const { isOffer, hasGoneOn, hasBegunPayment } = await describeEndedHold(pool, event);
  if (isOffer || hasGoneOn) return undefined;
  return {
    ...event,
    kind: "holds",
    write: ({ show, areas, reader }) =>
      holdEndedMail(
        {
          ...aboutBooking(event, show),
          seats: nameSeats(event.seatIds, areas),
          hasBegunPayment,
          link: shopUrl?.replace("{show}", showIds.encode(event.showId)),
        },
        reader,
      ),
  };
}
