import { randomUUID } from "node:crypto";

import { Gauge } from "prom-client";

import { errorTable } from "../../domain/errors.ts";
import { createSlots } from "../../platform/slots.ts";
import type { Slots } from "../../platform/slots.ts";
import { createTurns } from "../../platform/turns.ts";
import type { TurnLimits } from "../../platform/turns.ts";
import { comeAgainSeconds, countTurnedAway } from "../gate/turn-away.ts";
import type { TurnedAwayFor } from "../gate/turn-away.ts";
import type { Fetch } from "./fetch.ts";
import { alwaysHeaders } from "./house-headers.ts";
import { problemBody } from "./problem.ts";
import type { BusyPage } from "./storefront/create-busy-page.ts";
import type { ClassedRequest, RequestClass } from "./request-class.ts";

/**
 * Per class: how much may be under way, and from which lateness on only so many a second are let in. Who joins a line waits for a
 * turn.
 */
export type AdmissionLimits = Record<Exclude<RequestClass, "joining">, ClassLimits> & {
  joining: TurnLimits;
};
type ClassLimits = { atOnceMax: number; whenLate?: { lateMs: number; perSecondMax: number } };

/**
 * The door of this process. Each class of requests has room for so many at once, and half of it for any one show, so that nobody waits
 * behind a crowd of another kind or in front of another show. When the process is late, those who only ask are turned away first,
 * then those who only look. Whoever is turned away costs neither a route nor a body. Room is given back when the answer is there,
 * however it ended.
 */
export function admitRequests<AppFetch extends Fetch>(
  fetch: AppFetch,
  deps: {
    classOf: (request: Request) => ClassedRequest;
    latenessMs: () => number;
    publicUrl: string;
    /** What people read in place of a problem in JSON. */
    busyPage?: BusyPage | undefined;
    limits?: AdmissionLimits | undefined;
  },
): AppFetch {
  const { classOf, latenessMs, limits = defaultLimits } = deps;
  const doors = {
    buying: createDoor(limits.buying, latenessMs),
    joining: createQueue(limits.joining),
    asking: createDoor(limits.asking, latenessMs),
    browsing: createDoor(limits.browsing, latenessMs),
    provider: createDoor(limits.provider, latenessMs),
  };

  function admit(request: Request, ...rest: never[]): Response | Promise<Response> {
    const { name, show } = classOf(request);
    const door = doors[name];
    const answer = (reason: TurnedAwayFor | undefined) => {
      if (reason !== undefined) {
        countTurnedAway(name, reason);
        return busyResponse(request, deps);
      }
      inFlight[name] += 1;
      const leave = () => {
        inFlight[name] -= 1;
        door.leave(show);
      };
      return leaveAfter(() => fetch(request, ...rest), leave);
    };
    const reason = door.enter(show);
    return reason instanceof Promise ? reason.then(answer) : answer(reason);
  }

  return admit as AppFetch;
}

/** Well above what one process can do: what is beyond it waits for something that does not answer. */
const defaultLimits: AdmissionLimits = {
  buying: { atOnceMax: 512 },
  // A crowd comes at once and has time; a few at a time leave this process's thread to those who buy meanwhile. With 32 of a show in
  // front of two cores that were full, who was called waited up to 6.4 s for their pass (p99), with 4 up to 1 s. A join is one command of
  // Redis, so that more at once would only make each of them slower.
  joining: {
    ...{ atOnceMax: 24, groupAtOnceMax: 2, waitingMax: 1_024, groupWaitingMax: 512 },
    waitMsMax: 5_000,
  },
  // More than may wait for a turn with the checkouts: while those hang, refusals still go through.
  asking: { atOnceMax: 1_024, whenLate: { lateMs: 100, perSecondMax: 100 } },
  browsing: { atOnceMax: 512, whenLate: { lateMs: 250, perSecondMax: 200 } },
  provider: { atOnceMax: 256 },
};

function createDoor({ atOnceMax, whenLate }: ClassLimits, latenessMs: () => number) {
  const slots: Slots = createSlots({ max: atOnceMax, perGroupMax: Math.ceil(atOnceMax / 2) });
  let second = 0;
  let thisSecond = 0;

  function isTooLate(): boolean {
    if (whenLate === undefined || latenessMs() <= whenLate.lateMs) return false;
    const now = Math.floor(performance.now() / 1_000);
    if (now !== second) [second, thisSecond] = [now, 0];
    thisSecond += 1;
    return thisSecond > whenLate.perSecondMax;
  }

  return {
    /** Why not, or undefined: then `leave` must follow once. */
    enter(show: string | undefined): TurnedAwayFor | undefined {
      if (isTooLate()) return "late";
      return slots.take(show) ? undefined : "full";
    },
    leave: slots.giveBack,
  };
}

/** Who comes waits for a turn, in the order of coming, and the crowds of several shows take turns. */
function createQueue(limits: TurnLimits) {
  const turns = createTurns(limits);
  return {
    enter: async (show = ""): Promise<TurnedAwayFor | undefined> =>
      (await turns.begin(show)) ? undefined : "full",
    leave: (show = "") => turns.end(show),
  };
}

function leaveAfter(
  answer: () => Response | Promise<Response>,
  leave: () => void,
): Response | Promise<Response> {
  let response: Response | Promise<Response>;
  try {
    response = answer();
  } catch (error) {
    leave();
    throw error;
  }
  if (response instanceof Promise) {
    response.then(leave, leave);
    return response;
  }
  leave();
  return response;
}

/** As the app would write it, without the app. */
function busyResponse(
  request: Request,
  { publicUrl, busyPage }: { publicUrl: string; busyPage?: BusyPage | undefined },
): Response {
  const page = busyPage?.(request);
  const requestId = randomUUID();
  const retryAfterSeconds = comeAgainSeconds();
  const busy = { code: "BUSY", details: { retryAfterSeconds } } as const;
  const headers = {
    ...alwaysHeaders,
    "x-request-id": requestId,
    "content-type": "application/problem+json",
    ...page?.headers,
    "cache-control": "no-store",
    "retry-after": String(retryAfterSeconds),
  };
  const body = page?.body ?? problemBody(busy, { publicUrl, requestId });
  return new Response(body, { status: errorTable.BUSY.status, headers });
}

/** Of all apps in this process, which is one. */
const inFlight: Record<RequestClass, number> = {
  ...{ buying: 0, joining: 0, asking: 0, browsing: 0, provider: 0 },
};
new Gauge({
  name: "marquee_http_requests_in_flight",
  help: "Requests that are being answered, by class",
  labelNames: ["class"],
  collect() {
    for (const [name, count] of Object.entries(inFlight)) this.set({ class: name }, count);
  },
});
