import { createHttpCaller } from "../http-caller.ts";
import type { HttpAnswer, HttpCall, HttpCaller } from "../http-caller.ts";
import type { Person } from "./crowd.ts";
import type { Diary, Step } from "./diary.ts";
import type { SaleClock } from "./sale-clock.ts";

/** An answer of the public API. `code` is OK for a success, else the problem's code; NO_ANSWER when none came. */
export type Answer = Pick<HttpAnswer, "status" | "raw"> & {
  code: string;
  body: Record<string, unknown>;
  /** When it came, in ms from the opening. */
  atMs: number;
  retryAfterMs: number;
};

/** Somebody who sends requests: a person with a token, who may stand in line and hold a pass. */
export type Caller = Pick<Person, "device" | "address"> & {
  token: string;
  place?: string | undefined;
  pass?: string | undefined;
};

export type Call = Pick<HttpCall, "method"> & {
  path: string;
  json?: unknown;
  /** The caller's own name for the request. */
  key?: string;
  /** When the request was due; left out: now. */
  dueMs?: number;
};

export type ShopFront = {
  ask(step: Step, caller: Caller, call: Call): Promise<Answer>;
  /** What the provider's script does in the browser. */
  authorise(clientSecret: string, card: string): Promise<Answer>;
  close(): void;
};

/** Both doors that a buyer's browser knows, Marquee's and the payment provider's; each answer goes into the diary. */
export function createShopFront(deps: {
  api: string;
  stripe: string;
  clock: SaleClock;
  diary: Diary;
}): ShopFront {
  const { clock, diary } = deps;
  // 20,000 people must not each have a socket at once, and so few are enough: most requests take milliseconds. In the world each of
  // them has their own: nobody who asks whether they are called waits behind those who are still let into the line.
  const arriving = createHttpCaller(deps.api, 256);
  const waiting = createHttpCaller(deps.api, 128);
  const outside: Partial<Record<Step, HttpCaller>> = {
    ...{ join: arriving, bot: arriving, ask: waiting },
  };
  const inside = createHttpCaller(deps.api, 256);
  const provider = createHttpCaller(deps.stripe, 64);

  async function send(
    step: Step,
    door: HttpCaller,
    call: HttpCall,
    dueMs = clock.now(),
  ): Promise<Answer> {
    const answer = await door.call(call).catch(() => noAnswer);
    const atMs = clock.now();
    const read = { ...readAnswer(answer), atMs };
    diary.request(step, { atMs: dueMs, ms: Math.max(0, atMs - dueMs), code: read.code });
    return read;
  }

  return {
    ask(step, caller, { method = "POST", path, json, key, dueMs }) {
      const headers = {
        authorization: `Bearer ${caller.token}`,
        "device-id": caller.device,
        "x-forwarded-for": caller.address,
        ...(caller.place !== undefined && { "line-place": caller.place }),
        ...(caller.pass !== undefined && { "line-pass": caller.pass }),
        ...(key !== undefined && { "idempotency-key": key }),
      };
      const body = json === undefined ? {} : { body: JSON.stringify(json) };
      const door = outside[step] ?? inside;
      return send(step, door, { method, path, headers, ...body }, dueMs);
    },
    authorise(clientSecret, card) {
      const [intent = ""] = clientSecret.split("_secret_");
      const form = new URLSearchParams({ client_secret: clientSecret, payment_method: card });
      const headers = {
        authorization: "Bearer pk_test_marquee_local_fake",
        "content-type": "application/x-www-form-urlencoded",
      };
      const path = `/v1/payment_intents/${intent}/confirm`;
      return send("card", provider, { method: "POST", path, headers, body: form.toString() });
    },
    close() {
      arriving.close();
      waiting.close();
      inside.close();
      provider.close();
    },
  };
}

const noAnswer = { status: 0, raw: Buffer.alloc(0), headers: {} };

function readAnswer({
  status,
  raw,
  headers,
}: Pick<HttpAnswer, "status" | "raw" | "headers">): Omit<Answer, "atMs"> {
  const isJson = headers["content-type"]?.includes("json") === true;
  const body = isJson ? (JSON.parse(raw.toString()) as Record<string, unknown>) : {};
  const retryAfterMs = Number(body["askAgainMs"] ?? Number(headers["retry-after"] ?? 1) * 1_000);
  return { status, raw, body, retryAfterMs, code: codeOf(status, body) };
}

function codeOf(status: number, body: Record<string, unknown>): string {
  if (status === 0) return "NO_ANSWER";
  if (typeof body["code"] === "string") return body["code"];
  if (status < 400) return "OK";
  return status === 402 ? "CARD_DECLINED" : `HTTP_${status}`;
}
