import type { DomainEvent } from "../../domain/events.ts";

/** Whether something may be offered after this that could not be before. */
export function freesSeats(event: DomainEvent): boolean {
  switch (event.type) {
    case "BookingExpired":
    case "BookingCancelled":
    case "TicketsMoved":
    case "TicketsVoided":
    case "WaitingListJoined":
    case "SeatsReleased":
      return true;
    case "HoldChanged":
      return event.droppedSeatIds.length > 0;
    case "BookingHeld":
    case "BookingConfirmed":
    case "TicketsResent":
    case "TransferOpened":
    case "TransferCancelled":
    case "TicketTransferred":
    case "TicketReceived":
    // The booking's own event says so.
    case "ReceivedTicketsVoided":
    case "ReceivedTicketsRescheduled":
    case "BookingRefunded":
    case "BookingRescheduled":
    case "ReminderDue":
    case "EntryConflicted":
    case "SeatsOffered":
    case "OfferLapsed":
    case "WaitingListClosed":
    case "ShowPublished":
      return false;
  }
}
