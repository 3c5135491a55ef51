import { useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { askOwn } from "../../own/ask-own.ts";
import type { ListedBooking } from "../../own/listed-booking.ts";
import { Refused } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** Has the mail with the tickets sent once more: it was lost, or the printer is somebody else's. */
export function SendAgain({ booking }: { booking: ListedBooking }) {
  const { words } = useSpeech();
  const say = words.own.bookings.sendAgain;
  const [isBusy, setIsBusy] = useState(false);
  const [said, setSaid] = useState("");

  async function send(): Promise<void> {
    setIsBusy(true);
    setSaid("");
    try {
      await askOwn(`/v1/bookings/${booking.bookingId}/resend`, { method: "POST" });
      setSaid(say.done);
    } catch (error) {
      setSaid(sayRefusal(error));
    }
    setIsBusy(false);
  }
  function sayRefusal(error: unknown): string {
    if (!(error instanceof Refused)) return words.own.trouble;
    const { retryAfterSeconds } = error.details;
    if (error.code === "RATE_LIMITED" && typeof retryAfterSeconds === "number") {
      return say.wait(Math.ceil(retryAfterSeconds / 60));
    }
    return say.refusals[error.code] ?? words.own.trouble;
  }
  return (
    <>
      <BusyButton
        class="act"
        isBusy={isBusy}
        label={say.openOf(booking.show.title)}
        onPress={() => void send()}
      >
        {say.open}
      </BusyButton>
      <p class="own-said" role="status">
        {said}
      </p>
    </>
  );
}
