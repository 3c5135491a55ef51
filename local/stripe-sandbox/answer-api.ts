import { setTimeout as delay } from "node:timers/promises";

import type Stripe from "stripe";

import type { Faults } from "../provider-sandbox/faults.ts";
import { breakConnection, cutShort, keepSilent } from "../provider-sandbox/lost-answers.ts";
import type { SandboxContext } from "../provider-sandbox/lost-answers.ts";
import type { ApiRequest, ApiRoute } from "./api-route.ts";
import { decodeForm } from "./form.ts";
import { declineIntent } from "./intent-changes.ts";
import type { KeyRecord, Ledger } from "./ledger.ts";
import { newId, sandboxApiVersion } from "./objects.ts";
import { Refusal, serverFailure, tooManyRequests } from "./refusal.ts";
import type { StripeFault } from "./stripe-faults.ts";
import type { Traffic } from "./traffic.ts";

type Api = {
  ledger: Ledger;
  faults: Faults<StripeFault["kind"]>;
  traffic: Traffic;
  secretKey: string;
  /** Keys whose first request is still running. */
  runningKeys: Set<string>;
  publish: (events: Stripe.Event[]) => void;
};

type Answer = { status: number; body: unknown; headers?: Record<string, string> };

/** One request through everything that Stripe puts around its work: who asks, bad luck, the key, the work, the answer. */
export async function answerApi(
  api: Api,
  route: ApiRoute,
  context: SandboxContext,
): Promise<Response> {
  const request = await readRequest(context);
  const headers = {
    "request-id": request.id,
    "stripe-version": context.req.header("stripe-version") ?? sandboxApiVersion,
    ...(request.idempotencyKey === null ? {} : { "idempotency-key": request.idempotencyKey }),
  };
  try {
    request.caller = callerOf(api.secretKey, route, context);
    const admission = api.traffic.admit(`${route.method} ${route.path}`);
    if (admission !== "admitted") throw tooManyRequests(admission.retryAfter);
    const fault = api.faults.strike(route.method, route.path);
    if (fault?.kind === "429") throw tooManyRequests(fault.retryAfter);
    if (fault?.kind === "black_hole") return await keepSilent(context, fault.ms);

    const answer = await answerOnce(api, route, request, fault);
    if (fault?.kind === "timeout_after_commit") return await keepSilent(context, fault.ms);
    if (fault?.kind === "reset_after_commit") return breakConnection(context);
    const response = respond(answer, headers);
    return fault?.kind === "garbled_after_commit" ? await cutShort(response) : response;
  } catch (error) {
    if (error instanceof Refusal) return respond(asAnswer(error), headers);
    throw error;
  }
}

/** The same key gives the same answer without the work being done again; other parameters under it are refused. */
async function answerOnce(
  api: Api,
  route: ApiRoute,
  request: ReadRequest,
  fault: StripeFault | undefined,
): Promise<Answer> {
  const name = request.idempotencyKey;
  if (route.method === "GET" || name === null) {
    if (fault?.kind === "delay") await delay(fault.ms ?? 1_000);
    return work(api, route, request, fault, undefined);
  }
  const known = api.ledger.key(name);
  if (known !== undefined) return replay(known, request);
  if (api.runningKeys.has(name)) throw keyInUse(name);
  api.runningKeys.add(name);
  try {
    if (fault?.kind === "delay") await delay(fault.ms ?? 1_000);
    return work(api, route, request, fault, name);
  } finally {
    api.runningKeys.delete(name);
  }
}

function work(
  { ledger, publish }: Api,
  route: ApiRoute,
  request: ReadRequest,
  fault: StripeFault | undefined,
  key: string | undefined,
): Answer {
  const { answer, stored } = attempt(ledger, route, request, fault);
  const record: KeyRecord = {
    fingerprint: request.fingerprint,
    requestId: request.id,
    status: answer.status,
    body: answer.body,
  };
  if (route.method === "POST") {
    publish(ledger.commit(key === undefined || !stored ? undefined : { name: key, record }));
  }
  return answer;
}

function attempt(
  ledger: Ledger,
  route: ApiRoute,
  request: ReadRequest,
  fault: StripeFault | undefined,
): { answer: Answer; stored: boolean } {
  try {
    if (fault?.kind === "500") throw serverFailure();
    if (fault?.kind === "stale") return { answer: emptyList(request.path), stored: false };
    const intent = ledger.intent(request.objectId);
    if (fault?.kind === "decline" && intent !== undefined) {
      throw declineIntent(ledger, intent, { declineCode: "generic_decline" }, request);
    }
    return {
      answer: { status: 200, body: route.answer(ledger, { ...request, fault: fault?.kind }) },
      stored: true,
    };
  } catch (error) {
    if (error instanceof Refusal) return { answer: asAnswer(error), stored: error.stored };
    throw error;
  }
}

function replay(known: KeyRecord, request: ReadRequest): Answer {
  if (known.fingerprint !== request.fingerprint) {
    throw new Refusal(400, {
      type: "idempotency_error",
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with.`,
    });
  }
  return {
    status: known.status,
    body: known.body,
    headers: { "idempotent-replayed": "true", "original-request": known.requestId },
  };
}

function keyInUse(name: string): Refusal {
  return new Refusal(409, {
    type: "idempotency_error",
    code: "idempotency_key_in_use",
    message: `There is currently another in-progress request using this Idempotency Key: ${name}`,
  });
}

type ReadRequest = ApiRequest & { path: string; fingerprint: string };

async function readRequest(context: SandboxContext): Promise<ReadRequest> {
  const url = new URL(context.req.url);
  const text = context.req.method === "GET" ? url.search : await context.req.text();
  const pairs = new URLSearchParams(text);
  const sorted = [...pairs].toSorted(([first], [second]) => (first < second ? -1 : 1));
  return {
    id: newId("req"),
    idempotencyKey: context.req.header("idempotency-key") ?? null,
    caller: "publishable",
    objectId: context.req.param("id") ?? "",
    form: decodeForm(pairs),
    path: url.pathname,
    fingerprint: JSON.stringify([context.req.method, url.pathname, sorted]),
  };
}

function callerOf(
  secretKey: string,
  route: ApiRoute,
  context: SandboxContext,
): ApiRequest["caller"] {
  const key = context.req.header("authorization")?.replace(/^Bearer /, "") ?? "";
  if (key === secretKey) return "secret";
  if (route.publishable === true && key.startsWith("pk_test_")) return "publishable";
  throw new Refusal(401, {
    type: "invalid_request_error",
    message: key === "" ? "You did not provide an API key." : "Invalid API Key provided.",
  });
}

function emptyList(path: string): Answer {
  const object = path.endsWith("/search") ? "search_result" : "list";
  return { status: 200, body: { object, data: [], has_more: false, next_page: null, url: path } };
}

function asAnswer({ status, body, headers }: Refusal): Answer {
  return { status, body: { error: body }, headers };
}

function respond({ status, body, headers = {} }: Answer, more: Record<string, string>): Response {
  return Response.json(body, { status, headers: { ...more, ...headers } });
}
