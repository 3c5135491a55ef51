import type { ReceivedTickets } from "../../own/listed-booking.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { ShowLines } from "./show-lines.tsx";

/** Tickets of somebody else's booking, which they have handed to the reader. */
export function ReceivedCard({ received, isPast }: { received: ReceivedTickets; isPast: boolean }) {
  const say = useSpeech().words.own.bookings;
  const { show, ticketIds } = received;
  return (
    <article class="own-card booking-card">
      <p class="own-state">{say.received}</p>
      <ShowLines show={show} />
      <p>{say.seats(ticketIds.length)}</p>
      {!isPast && (
        <p class="own-acts">
          <a class="act" href="/wallet" aria-label={say.ticketsOf(show.title)}>
            {say.tickets}
          </a>
        </p>
      )}
    </article>
  );
}
