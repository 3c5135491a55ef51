import { useSpeech } from "../../speech/use-speech.tsx";
import type { BookingStage, BookingView } from "./booking-view.ts";
import { useBuyingWords } from "./use-buying-words.ts";

/** How a booking stands that is not waiting for its buyer any more, in one sentence, and where to go from there. */
export function BookingEnd({ booking, stage }: { booking: BookingView; stage: BookingStage }) {
  const { booking: words } = useBuyingWords();
  const { money } = useSpeech();
  const isOver = stage === "expired" || stage === "cancelled";
  return (
    <div class="booking-end" role="status">
      <p class={`stage ${stage}`}>{useSentence(booking, stage)}</p>
      {booking.refunds.map(({ amount, status }, index) => (
        <p key={index}>{words.refund[status](money(amount))}</p>
      ))}
      {stage === "ticketed" && (
        <>
          <p>
            <a class="act main" href="/wallet">
              {words.tickets}
            </a>
          </p>
          <p class="soft">{words.mail}</p>
        </>
      )}
      {stage === "expired" && booking.refunds.length === 0 && <p class="soft">{words.late}</p>}
      {isOver && booking.endReason !== "show_cancelled" && (
        <p>
          <a class="act main" href={`/shows/${booking.showId}`}>
            {words.again}
          </a>
        </p>
      )}
    </div>
  );
}

function useSentence({ endReason }: BookingView, stage: BookingStage): string {
  const { booking: words } = useBuyingWords();
  switch (stage) {
    case "ticketed":
      return words.ticketed;
    case "refunded":
      return words.ended[endReason ?? ""] ?? words.refunded;
    case "expired":
      return words.expired;
    case "cancelled":
      return words.ended[endReason ?? ""] ?? words.cancelled;
    case "confirmed":
      return words.confirmed;
    case "to_pay":
    case "checking":
    case "running_out":
      return words.returned;
  }
}
