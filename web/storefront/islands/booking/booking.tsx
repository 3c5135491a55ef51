import { useEffect, useState } from "preact/hooks";

import type { PaymentWays } from "../../page-data.ts";
import { SignIn } from "../../components/sign-in.tsx";
import { BookingEnd } from "./booking-end.tsx";
import { BookingFacts } from "./booking-facts.tsx";
import { stageOf } from "./booking-view.ts";
import { serverClock } from "./ask-api.ts";
import { HeldBooking } from "./held-booking.tsx";
import { keepDecline, wasDeclined } from "./kept-decline.ts";
import { useBooking } from "./use-booking.ts";
import { useBuyingWords } from "./use-buying-words.ts";
import { useShow } from "./use-show.ts";
import "./booking.css";

/** One booking of whoever is signed in, from its hold to its end. The page around it is the same for everybody. */
export function Island({ bookingId, ways }: { bookingId: string; ways: PaymentWays }) {
  const { booking: words } = useBuyingWords();
  const found = useBooking(bookingId);
  const { booking, trouble } = found;
  const show = useShow(booking?.showId);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    const outcome = readReturn();
    if (outcome !== undefined) keepDecline(bookingId, outcome === "failed");
    setHasFailed(wasDeclined(bookingId));
  }, []);

  if (trouble === "signed_out") {
    return (
      <>
        <p>{words.signIn}</p>
        <SignIn onSignedIn={() => void found.ask()} />
      </>
    );
  }
  if (trouble === "not_found") return <p role="alert">{words.notFound}</p>;
  if (booking === undefined) {
    return <p role="status">{trouble === "away" ? words.away : words.loading}</p>;
  }
  const { isPaymentBegun } = found;
  const stage = stageOf(booking, { isPaymentBegun, nowMs: serverClock.nowMs() });
  const isHeld = stage === "to_pay" || stage === "checking";
  return (
    <div class="booking" data-stage={stage}>
      {trouble === "away" && <p class="told">{words.away}</p>}
      {isHeld ? (
        <HeldBooking
          {...{ booking, ways, show, stage, hasFailed, found }}
          onPay={() => {
            keepDecline(bookingId, false);
            setHasFailed(false);
          }}
        />
      ) : (
        <>
          <BookingEnd booking={booking} stage={stage} />
          <BookingFacts booking={booking} show={show} />
        </>
      )}
    </div>
  );
}

/** What a provider's page has written into the address for the way back. It is hardly believed, and does not stay there. */
function readReturn(): string | undefined {
  const { search, pathname } = location;
  if (search === "") return undefined;
  const outcome = new URLSearchParams(search).get("redirect_status") ?? undefined;
  history.replaceState(null, "", pathname);
  return outcome;
}
