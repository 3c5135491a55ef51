import { useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { focusIt } from "../../components/focus-it.ts";
import { askApi } from "../booking/ask-api.ts";
import type { BookingView } from "../booking/booking-view.ts";
import { sayRefusal, useBuyingWords } from "../booking/use-buying-words.ts";
import type { BookedShow } from "../booking/use-show.ts";
import type { Picker } from "./create-picker.ts";
import { SeatChoice } from "./seat-choice.tsx";
import { usePicker } from "./use-picker.ts";
import "./seat-picker.css";

type Props = {
  booking: BookingView;
  show: BookedShow;
  /** With what is to be said of it; "" where nothing was changed. */
  onDone: (sentence: string) => void;
};

/** Other seats for a hold, which keeps its time: the hall with the buyer's seats chosen. */
export function ChangeSeats(props: Props) {
  const { booking, show, onDone } = props;
  const words = useBuyingWords();
  const [own] = useState(() => booking.seats.map(({ seatId }) => seatId).filter(isSeat));
  const found = usePicker(show.toPick, own);
  return (
    <>
      <h2 tabIndex={-1} ref={focusIt}>
        {words.booking.change}
      </h2>
      {found.state === "open" && <Change {...props} own={own} picker={found.picker} />}
      {found.state === "loading" && <p role="status">{words.seats.loading}</p>}
      {found.state === "failed" && <p role="alert">{words.seats.notLoaded}</p>}
      <button type="button" class="act" onClick={() => onDone("")}>
        {words.booking.keep}
      </button>
    </>
  );
}

function Change({
  booking,
  onDone,
  own,
  picker,
}: Props & { own: readonly string[]; picker: Picker }) {
  const words = useBuyingWords();
  const [refusal, setRefusal] = useState<string | undefined>();
  const [isAsking, setIsAsking] = useState(false);

  async function change(): Promise<void> {
    const { seatIds } = picker.choice();
    const add = seatIds.filter((seatId) => !own.includes(seatId));
    const drop = own.filter((seatId) => !seatIds.includes(seatId));
    if (add.length + drop.length === 0) return onDone("");
    setIsAsking(true);
    // Says how the hold shall be: to repeat it is harmless.
    const question = { method: "POST", body: { add, drop } } as const;
    const path = `/v1/bookings/${booking.bookingId}/seats`;
    const { status, code, details } = await picker.keepWhile(
      () => askApi(path, question),
      (answer) => answer.status === 0 || answer.status >= 500,
    );
    setIsAsking(false);
    if (status === 200) return onDone(words.booking.changed);
    const lost = details["seatIds"];
    if (code === "SEAT_TAKEN" && Array.isArray(lost)) picker.lose(lost.map(String));
    return setRefusal(sayRefusal(words, code));
  }

  return (
    <SeatChoice picker={picker} isChange>
      {refusal !== undefined && (
        <p class="told" role="alert">
          {refusal}
        </p>
      )}
      <BusyButton class="act main" isBusy={isAsking} onPress={() => void change()}>
        {isAsking ? words.seats.holding : words.seats.change}
      </BusyButton>
    </SeatChoice>
  );
}

/** Places of areas stay as they are. */
function isSeat(seatId: string): boolean {
  return !seatId.includes(":");
}
