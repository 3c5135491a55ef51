import { z } from "zod";

/**
 * Bad luck on order. `route` is a method and a path as the sandbox knows them, such as `POST /v1/payment_intents/:id/capture`,
 * or `*`. Each fault strikes `times` requests.
 */
export const faultOrder = z.strictObject({
  route: z.string().default("*"),
  kind: z.enum([
    /** Too many requests: nothing happened, and the key is not remembered. */
    "429",
    /** Nothing happened, and the key remembers the failure. */
    "500",
    /** It happened, and the answer never comes. */
    "timeout_after_commit",
    /** It happened, and the connection breaks. */
    "reset_after_commit",
    /** Nothing happened, and no answer comes. */
    "black_hole",
    /** It happens, later than usual. */
    "delay",
    /** The card's bank refuses. */
    "decline",
    /** The balance does not cover a refund: Stripe refuses it. */
    "balance_refused",
    /** The balance does not cover a refund: Stripe accepts it and waits for money. */
    "balance_awaited",
    /** Search and lists know nothing yet. */
    "stale",
  ]),
  times: z.number().int().min(1).max(1_000_000).default(1),
  /** How long a delay takes, or how long a lost connection stays open. */
  ms: z.number().int().min(0).max(600_000).optional(),
  /** Seconds, for a 429. */
  retryAfter: z.number().int().min(1).max(3_600).optional(),
});

export type Fault = z.infer<typeof faultOrder>;

export type Faults = {
  order(fault: Fault): void;
  /** The fault that strikes this request, if any; it is used up by one. */
  strike(method: string, path: string): Fault | undefined;
  pending(): Fault[];
  reset(): void;
};

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    order(fault) {
      faults.push({ ...fault });
    },
    strike(method, path) {
      const route = `${method} ${path}`;
      const fault = faults.find((candidate) => [route, "*"].includes(candidate.route));
      if (fault === undefined) return undefined;
      fault.times -= 1;
      faults = faults.filter(({ times }) => times > 0);
      return fault;
    },
    pending: () => faults,
    reset() {
      faults = [];
    },
  };
}
