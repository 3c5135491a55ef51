import type { ReceivedTickets } from "../../own/listed-booking.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** Tickets of somebody else's booking, which they have handed to the reader. */
export function ReceivedCard({ received, isPast }: { received: ReceivedTickets; isPast: boolean }) {
  const { words, moment } = useSpeech();
  const say = words.own.bookings;
  const { show, ticketIds } = received;
  return (
    <article class="own-card booking-card">
      <p class="own-state">{say.received}</p>
      <h3>{show.title}</h3>
      <p>
        {moment(show.startsAt, show.timeZone)}
        <br />
        <span class="soft">{[show.venueName, show.hallName, show.city].join(", ")}</span>
      </p>
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
