import type { Visitor } from "./shop-visitor.ts";

/** In place of Stripe's script, which cannot be had on this machine: its form, and a bank that the test answers for. */
const script = `globalThis.Stripe = () => ({
  elements: ({ clientSecret }) => ({
    clientSecret,
    create: () => ({ mount: (place) => place.append("Stripe's frame") }),
  }),
  confirmPayment: ({ elements }) => globalThis.askBank(elements.clientSecret),
});`;

/** Gives the visitor's browser that script from Stripe's address; its form pays with these cards, one after the other. `incomplete` is none. */
export async function standInForStripe({ tab, buyer }: Visitor, cards: string[]): Promise<void> {
  await tab.route("https://js.stripe.com/**", (route) =>
    route.fulfill({ contentType: "text/javascript", body: script }),
  );
  await tab.exposeFunction("askBank", async (clientSecret: string) => {
    const card = cards.shift();
    if (card === "incomplete") return refuse("validation_error", "Your card number is incomplete.");
    const paid = await buyer?.authorise({ paymentId: "", clientSecret }, card);
    return paid?.status === 200 ? {} : refuse("card_error", "Your card was declined.");
  });
}

function refuse(type: string, message: string) {
  return { error: { type, message } };
}
