import { showRescheduledMail } from "../../adapters/email/show-rescheduled-mail.ts";
import { showTexts } from "../../adapters/sms/show-texts.ts";
import type { BookingRescheduled } from "../../domain/events.ts";
import { aboutBooking } from "./about-show.ts";
import type { Notice } from "./notice.ts";

export function showRescheduledNotice(event: BookingRescheduled): Notice {
  const { startsAtBeforeMs, startsAtMs, refundUntilMs } = event;
  return {
    ...event,
    kind: "changes",
    write: ({ show, reader }) =>
      showRescheduledMail(
        { ...aboutBooking(event, show), startsAtBeforeMs, startsAtMs, refundUntilMs },
        reader,
      ),
    text: ({ show, reader }) =>
      showTexts.rescheduled({ ...aboutBooking(event, show), startsAtMs }, reader.language),
  };
}
