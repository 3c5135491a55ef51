import { useEffect, useRef, useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { useSpeech } from "../../speech/use-speech.tsx";
import { keepDecline } from "./kept-decline.ts";
import { loadStripe } from "./load-stripe.ts";
import type { StripeForm } from "./load-stripe.ts";
import type { StartedPayment } from "./start-payment.ts";
import { useBuyingWords } from "./use-buying-words.ts";

/** Stripe's Payment Element: what is typed into it goes to Stripe alone, from a frame of Stripe's. */
export function CardForm(props: {
  bookingId: string;
  payment: StartedPayment & { clientSecret: string };
  publishableKey: string;
  backTo: string;
  onPaid: () => void;
}) {
  const { bookingId, payment, publishableKey, backTo, onPaid } = props;
  const words = useBuyingWords();
  const { language, money } = useSpeech();
  const place = useRef<HTMLDivElement>(null);
  const [form, setForm] = useState<StripeForm | undefined>();
  const [said, say] = useState("");
  const { clientSecret } = payment;
  useEffect(() => {
    let isOver = false;
    loadStripe({ publishableKey, clientSecret, language }).then(
      (loaded) => {
        if (isOver || place.current === null) return;
        loaded.mount(place.current);
        setForm(loaded);
      },
      () => say(words.trouble),
    );
    return () => {
      isOver = true;
    };
  }, [publishableKey, clientSecret]);

  async function pay(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (form === undefined) return;
    setForm(undefined);
    const refusal = await form.confirm(backTo);
    keepDecline(bookingId, refusal?.isDeclined === true);
    if (refusal === undefined) return onPaid();
    say(refusal.message);
    return setForm(form);
  }

  return (
    <form class="card-form" onSubmit={(event) => void pay(event)}>
      <div ref={place} />
      <p role="alert">{said}</p>
      <BusyButton class="main" isBusy={form === undefined}>
        {form === undefined ? words.booking.opening : words.booking.payNow(money(payment.amount))}
      </BusyButton>
    </form>
  );
}
