/** What stands on a ticket, in whatever shape it is handed out: as a PDF, as a calendar entry, in a phone's wallet. */
export type TicketDocument = {
  /** Public ids. */
  ticketId: string;
  bookingId: string;
  /** The signed text of the code at the door. */
  qr: string;
  /** What is typed at the door where that cannot be scanned: eight characters. */
  code: string;
  seat: SeatOnTicket;
  show: ShowOnTicket;
};

/** A place of an area has neither row nor number. */
export type SeatOnTicket = { section: string; row: string; number: number | null };

export type ShowOnTicket = {
  /** A public id. */
  showId: string;
  title: string;
  format: string;
  ageRating: string;
  venueName: string;
  venueAddress: string;
  city: string;
  hallName: string;
  latitude: number;
  longitude: number;
  startsAtMs: number;
  durationMinutes: number;
  /** On the venue's own calendar and clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  timeZone: string;
  status: "scheduled" | "cancelled";
  /** Goes up with each change of the show. */
  version: number;
};
