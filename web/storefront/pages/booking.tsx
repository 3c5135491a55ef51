import { Island } from "../components/island.tsx";
import type { Page } from "../page.ts";
import type { PageData } from "../page-data.ts";
import { buyingWords } from "../messages/buying-words.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** A booking from its hold to its tickets. The page itself knows nothing of it: whose it is only the browser can prove. */
export const bookingPage: Page<"booking"> = {
  head(_, { language }) {
    const { booking } = buyingWords(language);
    return { title: `${booking.title} · Marquee`, description: booking.signIn };
  },
  Body: BookingBody,
};

function BookingBody(props: PageData["booking"]) {
  const { booking: words } = buyingWords(useSpeech().language);
  return (
    <div class="wide">
      <h1>{words.title}</h1>
      <Island name="booking" props={props}>
        <noscript>
          <p>{words.needsScript}</p>
        </noscript>
      </Island>
    </div>
  );
}
