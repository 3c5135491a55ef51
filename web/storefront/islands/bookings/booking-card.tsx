import { stateOf } from "../../own/listed-booking.ts";
import type { ListedBooking } from "../../own/listed-booking.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { GiveBack } from "./give-back.tsx";
import { SendAgain } from "./send-again.tsx";
import { ShowLines } from "./show-lines.tsx";

/** One booking: what for, how it stands, and what can be done about it. */
export function BookingCard({
  booking,
  isPast,
  onChanged,
}: {
  booking: ListedBooking;
  isPast: boolean;
  onChanged: () => void;
}) {
  const { words, money } = useSpeech();
  const say = words.own.bookings;
  const { show, bookingId, liveTickets, refundedAmount, totalAmount } = booking;
  const state = stateOf(booking, Date.now());
  const hasTickets = state === "paid" && liveTickets > 0 && !isPast;
  return (
    <article class="own-card booking-card">
      <p class={`own-state ${state}`}>{say.states[state]}</p>
      <ShowLines show={show} />
      <p>
        {say.seats(booking.seatCount)} · {money(totalAmount)}
        {refundedAmount.amountMinor > 0 && <> · {say.back(money(refundedAmount))}</>}
      </p>
      <div class="own-acts">
        {state === "toPay" ? (
          <a class="act main" href={`/bookings/${bookingId}`}>
            {say.pay}
          </a>
        ) : (
          <a class="act" href={`/bookings/${bookingId}`} aria-label={say.openOf(show.title)}>
            {say.open}
          </a>
        )}
        {hasTickets && (
          <a class="act" href="/wallet" aria-label={say.ticketsOf(show.title)}>
            {say.tickets}
          </a>
        )}
        {hasTickets && <SendAgain booking={booking} />}
        {state === "paid" && !isPast && <GiveBack booking={booking} onDone={onChanged} />}
      </div>
    </article>
  );
}
