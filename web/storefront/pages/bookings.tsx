import { Island } from "../components/island.tsx";
import { OwnFrame } from "../own/own-frame.tsx";
import type { Page } from "../page.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** What somebody has booked, to come and past. */
export const bookingsPage: Page<"bookings"> = {
  head: (_, { words }) => ({
    title: `${words.own.pages.bookings} · Marquee`,
    description: words.own.pages.bookings,
  }),
  Body: BookingsBody,
};

function BookingsBody() {
  const { own } = useSpeech().words;
  return (
    <OwnFrame here="bookings">
      <Island name="bookings" props={{}}>
        <p class="soft">{own.loading}</p>
      </Island>
    </OwnFrame>
  );
}
