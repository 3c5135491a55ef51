import { useEffect, useRef, useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import type { PaymentWays } from "../../page-data.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import type { BookingView } from "./booking-view.ts";
import { CardForm } from "./card-form.tsx";
import { paymentPage, startPayment } from "./start-payment.ts";
import type { StartedPayment } from "./start-payment.ts";
import { sayRefusal, useBuyingWords } from "./use-buying-words.ts";

/** Pay by card or with PayPal. What costs nothing needs neither. */
export function PayActions(props: {
  booking: BookingView;
  ways: PaymentWays;
  onPay: () => void;
  onPaid: () => void;
}) {
  const { booking, ways, onPay, onPaid } = props;
  const words = useBuyingWords();
  const { money } = useSpeech();
  const [isOpening, setIsOpening] = useState(false);
  const [refusal, setRefusal] = useState<string | undefined>();
  const [card, setCard] = useState<(StartedPayment & { clientSecret: string }) | undefined>();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (card !== undefined) title.current?.focus();
  }, [card]);
  const backTo = location.origin + location.pathname;
  const isFree = booking.totalAmount.amountMinor === 0;

  async function pay(provider: Provider): Promise<void> {
    setIsOpening(true);
    setRefusal(undefined);
    onPay();
    const { body, code } = await startPayment(booking.bookingId, provider);
    if (body === undefined) {
      setIsOpening(false);
      setRefusal(sayRefusal(words, code));
      return code === "PAYMENT_ALREADY_AUTHORISED" ? onPaid() : undefined;
    }
    const page = paymentPage(body, ways, backTo);
    // The button stays as it is until the other page is there.
    if (page !== undefined) return location.assign(page);
    setIsOpening(false);
    const { clientSecret } = body;
    if (clientSecret !== undefined) return setCard({ ...body, clientSecret });
    return onPaid();
  }

  return (
    <section class="pay" aria-labelledby="pay-title">
      <h3 id="pay-title" tabIndex={-1} ref={title}>
        {isFree ? words.booking.payNothing : words.booking.payNow(money(booking.totalAmount))}
      </h3>
      {refusal !== undefined && (
        <p class="told" role="alert">
          {refusal}
        </p>
      )}
      {card !== undefined && ways.card?.kind === "form" ? (
        <>
          <CardForm
            {...{ bookingId: booking.bookingId, payment: card, backTo, onPaid }}
            publishableKey={ways.card.publishableKey}
          />
          <button type="button" class="act" onClick={() => setCard(undefined)}>
            {words.booking.otherWay}
          </button>
        </>
      ) : (
        <PayButtons {...{ ways, isFree, isOpening }} onPay={(provider) => void pay(provider)} />
      )}
    </section>
  );
}

/** undefined: what is free. */
type Provider = "stripe" | "paypal" | undefined;

function PayButtons(props: {
  ways: PaymentWays;
  isFree: boolean;
  isOpening: boolean;
  onPay: (provider: Provider) => void;
}) {
  const { ways, isFree, isOpening, onPay } = props;
  const { booking: words } = useBuyingWords();
  const button = (text: string, provider: Provider, tone: string) => (
    <BusyButton class={tone} isBusy={isOpening} onPress={() => onPay(provider)}>
      {isOpening ? words.opening : text}
    </BusyButton>
  );
  return (
    <div class="acts">
      {isFree && button(words.free, undefined, "act main")}
      {!isFree && ways.card && button(words.payCard, "stripe", "act main")}
      {!isFree && ways.paypal && button(words.payPal, "paypal", "act")}
    </div>
  );
}
