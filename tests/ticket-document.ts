import type { SeatOnTicket, ShowOnTicket, TicketDocument } from "../domain/ticket-document.ts";

/** A ticket as it is handed out, with what a test wants otherwise. */
export function ticketDocument({
  seat,
  show,
  ...more
}: Partial<Omit<TicketDocument, "seat" | "show">> & {
  seat?: Partial<SeatOnTicket>;
  show?: Partial<ShowOnTicket>;
} = {}): TicketDocument {
  return {
    ticketId: "tk_AZq0Bv3hcNyJm1n0k6p3sAAZq0Bv3hcNyJm1n0k6p3sA",
    bookingId: "bk_AZq0Bv3hcNyJm1n0k6p3sAAZq0Bv3hcNyJm1n0k6p3sA",
    qr: `MQ1.local1.${"WyJ0a19BWnEwQnYzaGNOeUpt".repeat(4)}.${"c2lnbmF0dXJl".repeat(7)}`,
    code: "7K3M9QPA",
    ...more,
    seat: { section: "Stalls", row: "F", number: 12, ...seat },
    show: {
      showId: "sh_AZq0Bv3hcNyJm1n0k6p3sA",
      title: "Quiet Engine",
      format: "IMAX 2D",
      ageRating: "12A",
      venueName: "Electric Picture House",
      venueAddress: "12 Long Street",
      city: "London",
      hallName: "Screen 3",
      latitude: 51.5,
      longitude: -0.12,
      startsAtMs: Date.UTC(2026, 10, 25, 20, 15),
      durationMinutes: 112,
      localDate: "2026-11-25",
      localTime: "20:15",
      timeZone: "Europe/London",
      status: "scheduled",
      version: 3,
      ...show,
    },
  };
}
