import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import type { Faults } from "../provider-sandbox/faults.ts";
import { breakConnection, cutShort, keepSilent } from "../provider-sandbox/lost-answers.ts";
import type { SandboxContext } from "../provider-sandbox/lost-answers.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { ApiRequest, ApiRoute, Done } from "./api-route.ts";
import type { PaypalFault } from "./paypal-faults.ts";
import {
  inProgress,
  invalidBody,
  notAuthenticated,
  Refusal,
  refused,
  serverFailure,
  tooManyRequests,
} from "./refusal.ts";
import type { KeyRecord, SandboxEvent, SandboxLedger } from "./rows.ts";
import type { Site } from "./views.ts";
import { viewOf } from "./views.ts";
import { toWire } from "./wire.ts";

export type Api = {
  ledger: SandboxLedger;
  faults: Faults<PaypalFault["kind"]>;
  tokens: AccessTokens;
  site: Site;
  /** Keys whose first request is still running. */
  runningKeys: Set<string>;
  publish: (events: SandboxEvent[]) => void;
  /** How late a transaction comes into the account's list. */
  reporting: { lagHours: number };
};

/** One request through everything that PayPal puts around its work: who asks, bad luck, the request id, the work, the answer. */
export async function answerApi(
  api: Api,
  route: ApiRoute,
  context: SandboxContext,
): Promise<Response> {
  const debugId = randomBytes(7).toString("hex");
  const headers = { "paypal-debug-id": debugId };
  try {
    if (!api.tokens.isValid(context.req.header("authorization"))) throw notAuthenticated();
    const fault = api.faults.strike(route.method, route.path);
    if (fault?.kind === "429") throw tooManyRequests(fault.retryAfter);
    if (fault?.kind === "black_hole") return await keepSilent(context, fault.ms);
    if (fault?.kind === "500") throw serverFailure();

    const request = await readRequest(route, context, fault?.kind);
    const done = await doOnce(api, route, request, fault?.ms);
    if (fault?.kind === "timeout_after_commit") return await keepSilent(context, fault.ms);
    if (fault?.kind === "reset_after_commit") return breakConnection(context);
    const response = show(api, done, request.isVerbose, headers);
    return fault?.kind === "garbled_after_commit" ? cutShort(response) : response;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Response.json(error.body(debugId), {
      status: error.status,
      headers: { ...headers, ...error.headers },
    });
  }
}

/** The same request id does nothing again: it is answered with what became of the first. */
async function doOnce(
  api: Api,
  route: ApiRoute,
  request: ReadRequest,
  delayMs = 1_000,
): Promise<Done> {
  const { requestId: name } = request;
  if (name === undefined) {
    if (request.fault === "delay") await delay(delayMs);
    return work(api, route, request);
  }
  const record = api.ledger.key(name);
  const keptMs = (route.keptHours ?? 0) * 3_600_000;
  const isKept = record !== undefined && api.ledger.nowMs() - record.atMs < keptMs;
  if (isKept) return replay(record, request);
  if (api.runningKeys.has(name)) throw inProgress();
  api.runningKeys.add(name);
  try {
    if (request.fault === "delay") await delay(delayMs);
    return work(api, route, request);
  } finally {
    api.runningKeys.delete(name);
  }
}

function work({ ledger, publish }: Api, route: ApiRoute, request: ReadRequest): Done {
  const { done, outcome } = attempt(ledger, route, request);
  const name = request.requestId;
  const record = { fingerprint: request.fingerprint, atMs: ledger.nowMs(), outcome };
  if (route.method !== "GET")
    publish(ledger.commit(name === undefined ? undefined : { name, record }));
  if (done instanceof Refusal) throw done;
  return done;
}

function attempt(
  ledger: SandboxLedger,
  route: ApiRoute,
  request: ReadRequest,
): { done: Done | Refusal; outcome: KeyRecord["outcome"] } {
  try {
    const done = route.work(ledger, request);
    return { done, outcome: { ref: done.ref } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { issue, message: description } = error;
    return { done: error, outcome: { refusal: { issue, description } } };
  }
}

/** PayPal says that a repeat is answered with the latest state. Of refusals it says nothing; here they are repeated: the worse case. */
function replay({ fingerprint, outcome }: KeyRecord, request: ReadRequest): Done {
  if (fingerprint !== request.fingerprint) {
    throw refused("DUPLICATE_REQUEST_ID", "The PayPal-Request-Id was used for another request.");
  }
  if ("ref" in outcome) return { status: 200, ref: outcome.ref };
  throw refused(outcome.refusal.issue, outcome.refusal.description);
}

type ReadRequest = ApiRequest & {
  /** Of this route alone. */
  requestId: string | undefined;
  fingerprint: string;
  /** Whether the whole object is wanted, or its id and status. */
  isVerbose: boolean;
};

async function readRequest(
  route: ApiRoute,
  context: SandboxContext,
  fault: ApiRequest["fault"],
): Promise<ReadRequest> {
  const text = await context.req.text();
  const objectId = context.req.param("id") ?? "";
  const requestId = context.req.header("paypal-request-id");
  return {
    objectId,
    body: text === "" ? undefined : parse(text),
    fault,
    requestId:
      requestId === undefined || route.keptHours === undefined
        ? undefined
        : `${route.path} ${requestId}`,
    fingerprint: JSON.stringify([objectId, text]),
    isVerbose: route.method === "GET" || context.req.header("prefer") === "return=representation",
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidBody("The body is no JSON.");
  }
}

function show(
  { ledger, site }: Api,
  { status, ref }: Done,
  isVerbose: boolean,
  headers: Record<string, string>,
): Response {
  const view = viewOf(ledger, ref, site);
  if (status === 204 && (!isVerbose || ref.table === "orders")) {
    return new Response(null, { status, headers });
  }
  const { id, status: state, links } = view as { id?: string; status?: string; links?: unknown };
  const body = isVerbose ? view : { id, status: state, links };
  return Response.json(toWire(body), { status: status === 204 ? 200 : status, headers });
}
