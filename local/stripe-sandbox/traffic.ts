import { z } from "zod";

/** How many requests an endpoint takes a second, as Stripe limits them; null is as many as come. */
export const trafficOrder = z.strictObject({
  perSecondMax: z.number().int().min(1).max(10_000).nullable(),
  /** Seconds that a refusal names; Stripe may name none. */
  retryAfter: z.number().int().min(1).max(3_600).optional(),
});

export type TrafficOrder = z.infer<typeof trafficOrder>;

export type Traffic = {
  configure(order: TrafficOrder): void;
  /** Counts a request to an endpoint; says whether it is one too many, and how long its sender should wait. */
  admit(route: string): "admitted" | { retryAfter: number | undefined };
  /** What each endpoint has seen. */
  state(): Record<string, { admitted: number; refused: number }>;
  reset(): void;
};

export function createTraffic(): Traffic {
  let limit: TrafficOrder = { perSecondMax: null };
  const roads = new Map<string, { arrivals: number[]; admitted: number; refused: number }>();
  return {
    configure(order) {
      limit = order;
    },
    admit(route) {
      const road = roads.get(route) ?? { arrivals: [], admitted: 0, refused: 0 };
      roads.set(route, road);
      const now = performance.now();
      road.arrivals = road.arrivals.filter((arrival) => arrival > now - 1_000);
      if (road.arrivals.length >= (limit.perSecondMax ?? Infinity)) {
        road.refused += 1;
        return { retryAfter: limit.retryAfter };
      }
      road.arrivals.push(now);
      road.admitted += 1;
      return "admitted";
    },
    state: () =>
      Object.fromEntries(
        [...roads].map(([route, { admitted, refused }]) => [route, { admitted, refused }]),
      ),
    reset() {
      limit = { perSecondMax: null };
      roads.clear();
    },
  };
}
