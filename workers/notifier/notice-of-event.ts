import type { DomainEvent } from "../../domain/events.ts";
import { holdEndedNotice } from "./hold-ended-notice.ts";
import type { Notice, NoticeTools } from "./notice.ts";
import { offerNotices } from "./offer-notices.ts";
import { refundNotice } from "./refund-notice.ts";
import { reminderNotice } from "./reminder-notice.ts";
import { showCancelledNotice } from "./show-cancelled-notice.ts";
import { showRescheduledNotice } from "./show-rescheduled-notice.ts";
import { ticketsMovedNotice } from "./tickets-moved-notice.ts";
import { ticketsNotice } from "./tickets-notice.ts";
import { transferNotices } from "./transfer-notices.ts";

/** Which event tells somebody what; undefined: nobody needs to hear of it. */
export async function noticeOfEvent(
  event: DomainEvent,
  tools: NoticeTools,
): Promise<Notice | undefined> {
  switch (event.type) {
    case "BookingConfirmed":
    case "TicketsResent":
      return ticketsNotice(event, tools);
    case "TicketsVoided":
      return showCancelledNotice(event);
    case "TicketsMoved":
      return ticketsMovedNotice(event, tools);
    case "TransferOpened":
      return transferNotices.opened(event, tools);
    case "TransferCancelled":
      return transferNotices.cancelled(event);
    case "TicketTransferred":
      return transferNotices.transferred(event);
    case "TicketReceived":
      return transferNotices.received(event, tools);
    case "ReceivedTicketsVoided":
      return transferNotices.voided(event);
    case "ReceivedTicketsRescheduled":
      return transferNotices.rescheduled(event);
    case "BookingRescheduled":
      return showRescheduledNotice(event);
    case "ReminderDue":
      return reminderNotice(event, tools);
    case "BookingRefunded":
      return refundNotice(event, tools);
    case "SeatsOffered":
      return offerNotices.offer(event, tools);
    case "OfferLapsed":
      return offerNotices.lapsed(event);
    case "WaitingListClosed":
      return offerNotices.closed(event);
    case "BookingExpired":
      return holdEndedNotice(event, tools);
    case "BookingHeld":
    case "HoldChanged":
    case "BookingCancelled":
    case "WaitingListJoined":
    case "SeatsReleased":
    case "EntryConflicted":
    case "ShowPublished":
      return undefined;
  }
}
