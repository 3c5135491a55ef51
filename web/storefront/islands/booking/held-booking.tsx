import { useState } from "preact/hooks";

import type { PaymentWays } from "../../page-data.ts";
import { ChangeSeats } from "../seat-picker/change-seats.tsx";
import { BookingFacts } from "./booking-facts.tsx";
import type { BookingStage, BookingView } from "./booking-view.ts";
import { HoldActions } from "./hold-actions.tsx";
import { HoldTimer } from "./hold-timer.tsx";
import { PayActions } from "./pay-actions.tsx";
import type { useBooking } from "./use-booking.ts";
import { useBuyingWords } from "./use-buying-words.ts";
import type { BookedShow } from "./use-show.ts";

/** A booking whose seats are held: the time that is left, what it costs, and all that its buyer can do with it. */
export function HeldBooking(props: {
  booking: BookingView;
  show: BookedShow | undefined;
  ways: PaymentWays;
  stage: BookingStage;
  hasFailed: boolean;
  found: ReturnType<typeof useBooking>;
  /** The buyer pays, perhaps once more. */
  onPay: () => void;
}) {
  const { booking, show, ways, stage, hasFailed, found, onPay } = props;
  const { booking: words } = useBuyingWords();
  const [isChanging, setIsChanging] = useState<boolean | undefined>();
  const [said, say] = useState("");
  const look = () => void found.look();
  return (
    <>
      <HoldTimer until={booking.expiryTime} onEnd={look} />
      <p role="status">{said}</p>
      {isChanging && show ? (
        <ChangeSeats
          {...{ booking, show }}
          onDone={(sentence) => {
            setIsChanging(false);
            say(sentence);
            look();
          }}
        />
      ) : (
        <>
          {hasFailed && (
            <p class="told" role="alert">
              {words.declined}
            </p>
          )}
          {stage === "checking" && !hasFailed && (
            <p class="told" role="status">
              {found.isAsking ? words.returned : words.notPaid}
            </p>
          )}
          <BookingFacts {...{ booking, show }} />
          <PayActions {...{ booking, ways, onPay }} onPaid={() => void found.ask()} />
          <HoldActions
            {...{ booking, say }}
            isBack={isChanging === false}
            canChange={stage === "to_pay" && show !== undefined}
            onChange={() => setIsChanging(true)}
            onChanged={look}
          />
        </>
      )}
    </>
  );
}
