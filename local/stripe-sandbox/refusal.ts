import type Stripe from "stripe";

type ErrorBody = Omit<Partial<Stripe.StripeRawError>, "type"> & { type: string; message: string };

/** An answer that is an error. `stored`: whether the idempotency key remembers it, as Stripe does once it has begun to work. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly stored: boolean;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    body: ErrorBody,
    options: { stored?: boolean; headers?: Record<string, string> } = {},
  ) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.stored = options.stored ?? false;
    this.headers = options.headers ?? {};
  }
}

export function invalidParameter(param: string, message: string, code?: string): Refusal {
  return new Refusal(400, {
    type: "invalid_request_error",
    message,
    param,
    ...(code === undefined ? {} : { code }),
  });
}

export function missing(kind: string, id: string, param = "id"): Refusal {
  return new Refusal(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${kind}: '${id}'`,
    param,
  });
}

export function unexpectedState(intent: Stripe.PaymentIntent, wish: string): Refusal {
  return new Refusal(
    400,
    {
      type: "invalid_request_error",
      code: "payment_intent_unexpected_state",
      message: `This PaymentIntent could not be ${wish} because it has a status of ${intent.status}.`,
      payment_intent: intent,
    },
    { stored: true },
  );
}

export function serverFailure(): Refusal {
  return new Refusal(
    500,
    { type: "api_error", message: "An unknown error occurred." },
    { stored: true, headers: { "stripe-should-retry": "false" } },
  );
}

export function tooManyRequests(retryAfterSeconds: number | undefined): Refusal {
  return new Refusal(
    429,
    { type: "invalid_request_error", code: "rate_limit", message: "Too many requests." },
    {
      headers: {
        "stripe-should-retry": "true",
        "stripe-rate-limited-reason": "endpoint-rate",
        ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
      },
    },
  );
}
