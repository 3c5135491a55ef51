import { z } from "zod";

/**
 * Bad luck on order. `route` is a method and a path as the sandbox knows them, such as `POST /v2/checkout/orders`, or `*`.
 * Each fault strikes `times` requests.
 */
export function faultOrderOf<const Kinds extends readonly [string, ...string[]]>(kinds: Kinds) {
  return z.strictObject({
    route: z.string().default("*"),
    kind: z.enum(kinds),
    times: z.number().int().min(1).max(1_000_000).default(1),
    /** How long a delay takes, or how long a lost connection stays open. */
    ms: z.number().int().min(0).max(600_000).optional(),
    /** Seconds, for a 429. */
    retryAfter: z.number().int().min(1).max(3_600).optional(),
  });
}

/** What happens to every provider's answers. A sandbox adds what its provider alone can do. */
export const answerFaults = [
  /** Too many requests: nothing happened. */
  "429",
  /** Nothing happened. */
  "500",
  /** It happened, and the answer never comes. */
  "timeout_after_commit",
  /** It happened, and the connection breaks. */
  "reset_after_commit",
  /** It happened, and the answer ends in the middle. */
  "garbled_after_commit",
  /** Nothing happened, and no answer comes. */
  "black_hole",
  /** It happens, later than usual. */
  "delay",
] as const;

export type Fault<Kind extends string> = {
  route: string;
  kind: Kind;
  times: number;
  ms?: number | undefined;
  retryAfter?: number | undefined;
};

export type Faults<Kind extends string> = {
  order(fault: Fault<Kind>): void;
  /** The fault that strikes this request, if any; it is used up by one. */
  strike(method: string, path: string): Fault<Kind> | undefined;
  pending(): Fault<Kind>[];
  reset(): void;
};

export function createFaults<Kind extends string>(): Faults<Kind> {
  let faults: Fault<Kind>[] = [];
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
