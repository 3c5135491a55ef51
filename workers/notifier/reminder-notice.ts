import { reminderMail } from "../../adapters/email/reminder-mail.ts";
import { getShow } from "../../adapters/postgres/catalogue.ts";
import { listTicketsOf } from "../../adapters/postgres/tickets.ts";
import { showTexts } from "../../adapters/sms/show-texts.ts";
import type { ReminderDue } from "../../domain/events.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import { aboutBooking } from "./about-show.ts";
import { linkTickets } from "./link-tickets.ts";
import type { Notice, NoticeTools } from "./notice.ts";

/**
 * One for each booking, holder and start: tickets that were given to somebody else are theirs. Between its event and now a show may
 * have been cancelled or put off, may have begun, and tickets may have been given back: then nobody is reminded of anything.
 */
export async function reminderNotice(
  event: ReminderDue,
  tools: NoticeTools,
): Promise<Notice | undefined> {
  const { showId, bookingId, userId, startsAtMs } = event;
  const [show, tickets] = await Promise.all([
    getShow(tools.pool, showId),
    listTicketsOf(tools.pool, event),
  ]);
  const ticketDetails = tickets.filter(({ status }) => status === "live");
  const isAhead =
    show?.status === "scheduled" && show.startsAtMs === startsAtMs && startsAtMs > Date.now();
  if (show === undefined || !isAhead || ticketDetails.length === 0) return undefined;
  return {
    ...event,
    show,
    eventId: deriveUuid("reminder", bookingId, userId, String(startsAtMs)),
    kind: "reminders",
    write: ({ show: shown, areas, reader }) =>
      reminderMail(
        {
          ...aboutBooking(event, shown),
          tickets: linkTickets({ showId, ticketDetails }, { areas, ...reader }, tools),
        },
        reader,
      ),
    text: ({ show: shown, reader }) =>
      showTexts.reminder(aboutBooking(event, shown), reader.language),
  };
}
