/** The part of Stripe.js that is used here; it must come from Stripe's own address. */
type StripeFactory = (
  publishableKey: string,
  options: { locale: string },
) => {
  elements(options: { clientSecret: string; appearance: { theme: string } }): {
    create(type: "payment"): { mount(place: HTMLElement): void };
  };
  confirmPayment(options: {
    elements: unknown;
    redirect: "if_required";
    confirmParams: { return_url: string };
  }): Promise<{ error?: { type: string; message?: string } }>;
};

/** `isDeclined`: by the card's bank. Otherwise something may be typed wrongly, or Stripe's answer was lost and the card is charged. */
type Refusal = { message: string; isDeclined: boolean };

export type StripeForm = {
  mount(place: HTMLElement): void;
  /** Resolves with what stands against it; undefined: nothing. A bank may take the buyer to a page of its own first. */
  confirm(backTo: string): Promise<Refusal | undefined>;
};

const address = "https://js.stripe.com/v3/";

/** Loads Stripe's script when somebody is about to pay, and not before: Stripe hears of nobody else. */
export async function loadStripe(payment: {
  publishableKey: string;
  clientSecret: string;
  language: string;
}): Promise<StripeForm> {
  const factory = await loadFactory();
  const stripe = factory(payment.publishableKey, { locale: payment.language });
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const appearance = { theme: isDark ? "night" : "stripe" };
  const elements = stripe.elements({ clientSecret: payment.clientSecret, appearance });
  return {
    mount: (place) => elements.create("payment").mount(place),
    async confirm(backTo) {
      const { error } = await stripe.confirmPayment({
        elements,
        redirect: "if_required",
        confirmParams: { return_url: backTo },
      });
      return error && { message: error.message ?? "", isDeclined: error.type === "card_error" };
    },
  };
}

function loadFactory(): Promise<StripeFactory> {
  return new Promise((resolve, reject) => {
    const found = () => (globalThis as { Stripe?: StripeFactory }).Stripe;
    const already = found();
    if (already !== undefined) return resolve(already);
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("error", () => reject(new Error(address)));
    script.addEventListener("load", () => {
      const factory = found();
      if (factory === undefined) reject(new Error(address));
      else resolve(factory);
    });
    document.head.append(script);
    return undefined;
  });
}
