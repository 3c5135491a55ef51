import { showRescheduledMail } from "../../adapters/email/show-rescheduled-mail.ts";
import type { BookingRescheduled } from "../../domain/events.ts";
import { aboutBooking } from "./about-show.ts";
import type { Notice } from "./notice.ts";

export function showRescheduledNotice(event: BookingRescheduled): Notice {
  const { startsAtBeforeMs, startsAtMs, refundUntilMs } = event;
  return {
    ...event,
    write: ({ show }) =>
      showRescheduledMail({
        ...aboutBooking(event, show),
        ...{ startsAtBeforeMs, startsAtMs, refundUntilMs },
      }),
  };
}
