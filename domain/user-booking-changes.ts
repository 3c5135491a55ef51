import type { DomainEvent } from "./events.ts";

type Own = { userId: string; bookingId: string; showId: string };

/**
 * What a batch of events means for the lists of those whom they are about; the last event of a booking decides for each of them. Who
 * bought nothing has no booking to look at: what was let go of or has expired is gone from the list. What was refunded stays. Who was
 * handed a ticket has its booking in their list, too, for that ticket alone.
 */
export function userBookingChanges(events: readonly DomainEvent[]): { kept: Own[]; gone: Own[] } {
  const last = new Map<string, { own: Own; isKept: boolean }>();
  for (const event of events) {
    const isKept = keeps(event);
    if (isKept === undefined || !("bookingId" in event)) continue;
    const { userId, bookingId, showId } = event;
    last.set(`${userId} ${bookingId}`, { own: { userId, bookingId, showId }, isKept });
  }
  const all = [...last.values()];
  return {
    kept: all.filter(({ isKept }) => isKept).map(({ own }) => own),
    gone: all.filter(({ isKept }) => !isKept).map(({ own }) => own),
  };
}

/** undefined: nothing changes. */
function keeps({ type }: DomainEvent): boolean | undefined {
  switch (type) {
    case "BookingHeld":
    case "SeatsOffered":
    // Also of an expired booking, whose late money has found the seats.
    case "BookingConfirmed":
    // The start of its show is another one.
    case "BookingRescheduled":
    case "ReceivedTicketsRescheduled":
    case "TicketReceived":
      return true;
    case "BookingExpired":
    case "BookingCancelled":
    case "OfferLapsed":
      return false;
    case "HoldChanged":
    case "TicketsResent":
    case "TicketsMoved":
    case "TicketsVoided":
    case "BookingRefunded":
    case "EntryConflicted":
    case "ReminderDue":
    case "SeatsReleased":
    case "TransferOpened":
    case "TransferCancelled":
    // Other tickets of the booking may still be theirs.
    case "TicketTransferred":
    case "ReceivedTicketsVoided":
    case "WaitingListJoined":
    case "WaitingListClosed":
    case "ShowPublished":
      return undefined;
  }
}
