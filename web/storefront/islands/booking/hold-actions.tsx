import { useState } from "preact/hooks";

import { askApi } from "./ask-api.ts";
import type { BookingView } from "./booking-view.ts";
import { sayRefusal, useBuyingWords } from "./use-buying-words.ts";

/** More time, other seats, or none: what a buyer can do with a hold beside paying it. */
export function HoldActions(props: {
  booking: BookingView;
  say: (sentence: string) => void;
  canChange: boolean;
  onChange: () => void;
  onChanged: () => void;
}) {
  const { booking, say, canChange, onChange, onChanged } = props;
  const words = useBuyingWords();
  const [isSure, setIsSure] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const path = `/v1/bookings/${booking.bookingId}`;

  async function act(
    ask: () => Promise<{ status: number; code: string | undefined }>,
    done: string,
  ) {
    setIsAsking(true);
    const { status, code } = await ask();
    setIsAsking(false);
    const isDone = status >= 200 && status < 300;
    say(isDone ? done : sayRefusal(words, code));
    onChanged();
  }

  const extend = () => {
    // Of what is extended now: a double click, or a try after silence, asks for the same minutes.
    const idempotencyKey = `${booking.bookingId}:${booking.expiryTime}`.replaceAll(/[^\w-]/g, "-");
    const question = { method: "POST", body: {}, idempotencyKey } as const;
    return act(() => askApi(`${path}/extend`, question), words.booking.extended);
  };
  const giveBack = () => act(() => askApi(path, { method: "DELETE" }), words.booking.cancelled);

  return (
    <div class="acts hold-acts">
      {canChange && (
        <button type="button" class="act" disabled={isAsking} onClick={onChange}>
          {words.booking.change}
        </button>
      )}
      <button type="button" class="act" disabled={isAsking} onClick={() => void extend()}>
        {words.booking.extend}
      </button>
      {isSure ? (
        <>
          <button type="button" class="act" disabled={isAsking} onClick={() => void giveBack()}>
            {words.booking.giveBackSure}
          </button>
          <button type="button" class="act" onClick={() => setIsSure(false)}>
            {words.booking.keep}
          </button>
        </>
      ) : (
        <button type="button" class="act" onClick={() => setIsSure(true)}>
          {words.booking.giveBack}
        </button>
      )}
    </div>
  );
}
