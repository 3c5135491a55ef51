import { randomUUID } from "node:crypto";

/** What a client app does, by the public API and nothing else. */
export type Buyer = {
  userId: string;
  /** The value of the header, for requests that only tests make. */
  authorization: string;
  get<Body>(path: string): Promise<Answer<Body>>;
  reserve(
    order: {
      showId: string;
      seatIds?: string[];
      places?: { area: string; quantity: number }[];
      userId?: string;
    },
    key?: string,
  ): Promise<Answer<Reservation>>;
  startPayment(bookingId: string): Promise<Answer<StartedPayment>>;
  /** The same with PayPal, which has a page of its own for what comes next. */
  startApproval(bookingId: string): Promise<Answer<StartedApproval>>;
  /** With the provider that Marquee chooses. */
  startAnyPayment(
    bookingId: string,
  ): Promise<Answer<StartedPayment & StartedApproval & { provider: string }>>;
  /** What the provider's script does in the browser: card data goes to the provider alone. */
  authorise(payment: StartedPayment, card?: string): Promise<Answer<{ status?: string }>>;
  confirm(bookingId: string): Promise<Answer<Confirmation>>;
  cancel(bookingId: string): Promise<Answer<unknown>>;
  extend(bookingId: string, key?: string): Promise<Answer<{ expiryTime: string }>>;
  changeSeats(bookingId: string, change: SeatWish): Promise<Answer<Reservation>>;
  /** Joins the waiting list of a show. */
  waitFor(
    showId: string,
    wish: { partySize: number; together?: boolean },
  ): Promise<Answer<Waiting>>;
  stopWaiting(showId: string): Promise<Answer<unknown>>;
  refund(bookingId: string, seatIds?: string[], key?: string): Promise<Answer<TicketRefund>>;
};

/** `code` is the problem's code when the answer is not a success. */
export type Answer<Body> = { status: number; body: Body & { code?: string }; headers: Headers };

export type Reservation = {
  bookingId: string;
  seatIds: string[];
  expiryTime: string;
  totalAmount: { amountMinor: number; currency: string };
};
export type SeatWish = {
  add?: string[];
  drop?: string[];
  expectedTotal?: { amountMinor: number; currency: string };
};
export type StartedPayment = { paymentId: string; clientSecret: string };
export type StartedApproval = { paymentId: string; approvalUrl: string };
export type Confirmation = { status: string; tickets: { ticketId: string; seatId: string }[] };

export type Waiting = {
  state: string;
  position: number | null;
  offer: { bookingId: string; seatIds: string[]; expiryTime: string } | null;
};

export type TicketRefund = {
  amount: { amountMinor: number; currency: string };
  seatIds: string[];
};

export const cards = {
  good: "pm_card_visa",
  declined: "pm_card_chargeDeclined",
} as const;

/** Signs in one of the demo people with the local identity issuer. */
export async function signIn(
  addresses: { api: string; identity: string; stripe: string },
  person: string,
): Promise<Buyer> {
  const { body } = await send<{ token: string; userId: string }>(`${addresses.identity}/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person }),
  });
  return createBuyer(addresses, body);
}

/** Somebody whom the issuer has given a token. */
export function createBuyer(
  addresses: { api: string; stripe: string },
  { token, userId }: { token: string; userId: string },
): Buyer {
  const authorization = `Bearer ${token}`;

  function post<Body>(path: string, payload: unknown, headers: Record<string, string> = {}) {
    return send<Body>(addresses.api + path, {
      method: "POST",
      headers: { authorization, "content-type": "application/json", ...headers },
      body: JSON.stringify(payload),
    });
  }

  return {
    userId,
    authorization,
    get: (path) => send(addresses.api + path, { headers: { authorization } }),
    reserve: (order, key = randomUUID()) =>
      post("/v1/bookings/reserve", { userId, ...order }, { "idempotency-key": key }),
    startPayment: (bookingId) => post(`/v1/bookings/${bookingId}/payments`, { provider: "stripe" }),
    startApproval: (bookingId) =>
      post(`/v1/bookings/${bookingId}/payments`, { provider: "paypal" }),
    startAnyPayment: (bookingId) => post(`/v1/bookings/${bookingId}/payments`, {}),
    authorise: ({ clientSecret }, card = cards.good) =>
      send(
        `${addresses.stripe}/v1/payment_intents/${clientSecret.split("_secret_")[0] ?? ""}/confirm`,
        {
          method: "POST",
          headers: { authorization: "Bearer pk_test_marquee_local_fake" },
          body: new URLSearchParams({ client_secret: clientSecret, payment_method: card }),
        },
      ),
    confirm: (bookingId) => post("/v1/bookings/confirm", { bookingId }),
    cancel: (bookingId) =>
      send(`${addresses.api}/v1/bookings/${bookingId}`, {
        method: "DELETE",
        headers: { authorization },
      }),
    extend: (bookingId, key = randomUUID()) =>
      post(`/v1/bookings/${bookingId}/extend`, {}, { "idempotency-key": key }),
    changeSeats: (bookingId, change) => post(`/v1/bookings/${bookingId}/seats`, change),
    waitFor: (showId, wish) => post(`/v1/shows/${showId}/waiting-list`, wish),
    stopWaiting: (showId) =>
      send(`${addresses.api}/v1/shows/${showId}/waiting-list`, {
        method: "DELETE",
        headers: { authorization },
      }),
    refund: (bookingId, seatIds, key = randomUUID()) =>
      post(`/v1/bookings/${bookingId}/refund`, { seatIds }, { "idempotency-key": key }),
  };
}

async function send<Body>(url: string, init: RequestInit): Promise<Answer<Body>> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    body: (isJson ? JSON.parse(text) : {}) as Answer<Body>["body"],
    headers: response.headers,
  };
}
