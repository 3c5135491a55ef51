import { wholePrice } from "../../components/whole-price.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { nameSeat } from "../seat-picker/name-seat.ts";
import type { BookingView } from "./booking-view.ts";
import { useBuyingWords } from "./use-buying-words.ts";
import type { BookedShow } from "./use-show.ts";

/** What is booked, and what it costs. */
export function BookingFacts(props: { booking: BookingView; show: BookedShow | undefined }) {
  const { booking, show } = props;
  const words = useBuyingWords();
  const { money, moment } = useSpeech();
  return (
    <section class="booking-facts">
      {show && (
        <>
          <h2>{show.title}</h2>
          <p>{moment(show.startsAt, show.timeZone)}</p>
          <p class="soft">{show.where}</p>
        </>
      )}
      <h3>{words.booking.seats}</h3>
      <ul class="booked-seats">
        {booking.seats.map(({ seatId, amount, fee }) => (
          <li key={seatId}>
            <span>{nameSeat(show?.hall, seatId, words)}</span>
            <span>{money(wholePrice({ amount, fee }))}</span>
          </li>
        ))}
      </ul>
      <dl class="sums">
        <div class="total">
          <dt>{words.seats.total}</dt>
          <dd>{money(booking.totalAmount)}</dd>
        </div>
        <div class="soft">
          <dt>{words.booking.fees}</dt>
          <dd>{money(booking.feeAmount)}</dd>
        </div>
        {booking.discountAmount.amountMinor > 0 && (
          <div class="soft">
            <dt>{words.booking.discount}</dt>
            <dd>{money(booking.discountAmount)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
