import { ApiError, ArgumentsValidationError } from "@paypal/paypal-server-sdk";
import { isBrokenCircuitError, isBulkheadRejectedError, isTaskCancelledError } from "cockatiel";

import { DomainError } from "../../domain/errors.ts";

/**
 * What PayPal has answered that is no success, or that it has not answered at all. The client's own errors carry requests with
 * access tokens and answers with people's addresses; this carries a few words of PayPal's own vocabulary.
 */
export class PaypalError extends Error {
  /** Undefined when no answer came, or one that could not be read: whatever was asked for may have happened. */
  readonly status: number | undefined;
  /** PayPal's word for what is wrong, such as `INSTRUMENT_DECLINED`. */
  readonly issue: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number | undefined,
    issue: string,
    more: { debugId?: string; retryAfterSeconds?: number } = {},
  ) {
    const where = more.debugId === undefined ? "" : `, debug id ${more.debugId}`;
    super(
      `PayPal ${status === undefined ? "gave no answer" : `answered ${status}`}: ${issue}${where}`,
    );
    this.name = "PaypalError";
    this.status = status;
    this.issue = issue;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** Reads an error of the client's. What is a mistake of ours, and not PayPal's word, stays as it is. */
export function asPaypalError(error: unknown): unknown {
  if (error instanceof PaypalError || error instanceof DomainError) return error;
  if (error instanceof TypeError || error instanceof ArgumentsValidationError) return error;
  if (error instanceof ApiError) return readApiError(error);
  // A broken connection, an aborted request, and what came with a 2xx but was cut or made no sense.
  return new PaypalError(undefined, codeOf(error) ?? "unreadable or lost");
}

/**
 * The error that says "nobody knows", or undefined when PayPal has given a clear answer. A breaker that is open, or a full queue,
 * has sent nothing; for the caller it is the same: ask again later.
 */
export function asUnavailable(error: unknown, breakMs: number): DomainError | undefined {
  if (isBrokenCircuitError(error)) {
    return unavailable(error, Math.ceil(breakMs / 1_000));
  }
  if (isOutage(error) || isBulkheadRejectedError(error) || isOther(error)) {
    return unavailable(error, error instanceof PaypalError ? error.retryAfterSeconds : undefined);
  }
  return undefined;
}

export function unavailable(cause: unknown, retryAfterSeconds?: number): DomainError {
  return new DomainError(
    "PAYMENT_PROVIDER_UNAVAILABLE",
    { provider: "paypal", ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    { cause },
  );
}

/** Whether this failure speaks against PayPal as a whole. A declined payment does not; refused credentials do. */
export function isOutage(error: unknown): boolean {
  if (isTaskCancelledError(error)) return true;
  if (!(error instanceof PaypalError)) return false;
  const { status } = error;
  return status === undefined || status >= 500 || outageStatuses.has(status);
}

const outageStatuses = new Set([401, 403, 408, 429]);

/** What PayPal's business rules refuse, in PayPal's word; undefined for any other error. Nothing was done. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof PaypalError && error.status === 422 ? error.issue : undefined;
}

/** Whether PayPal does not know the id that it was asked about, or no longer. */
export function isUnknownToPaypal(error: unknown): boolean {
  const failure = error instanceof DomainError ? error.cause : error;
  return failure instanceof PaypalError && failure.status === 404;
}

/** Whether PayPal has more transactions than it lists at once. */
export function isTooMany(error: unknown): boolean {
  return error instanceof PaypalError && error.status === 400 && error.issue === tooMany;
}

const tooMany = "RESULTSET_TOO_LARGE";

/**
 * The same request is still running; or an id is unknown. PayPal gave us every id that we send. If it knows one no more we may be
 * asking in another account, and the money is where it was: that must never be taken for "nothing moved".
 */
function isOther(error: unknown): boolean {
  return error instanceof PaypalError && (error.status === 404 || error.status === 409);
}

function readApiError(error: ApiError): PaypalError {
  // Errors without a class of their own come with their body unread.
  const body = (error.result ?? parse(error.body)) as Partial<ErrorBody> | undefined;
  const seconds = Number(error.headers?.["retry-after"]);
  return new PaypalError(error.statusCode, wordOf(body) ?? "no reason given", {
    ...(isWord(body?.debug_id) ? { debugId: body.debug_id } : {}),
    ...(Number.isInteger(seconds) && seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  });
}

/** `error` is the token endpoint's spelling. */
type ErrorBody = {
  name: unknown;
  error: unknown;
  debug_id: unknown;
  details: { issue?: unknown }[];
};

/** PayPal's words are made of letters and underscores. A sentence could name somebody. */
function wordOf(body: Partial<ErrorBody> | undefined): string | undefined {
  const details = Array.isArray(body?.details) ? body.details : [];
  const words = [details[0]?.issue, body?.name, body?.error];
  return words.find(isWord);
}

function isWord(text: unknown): text is string {
  return typeof text === "string" && /^\w{1,80}$/.test(text);
}

function parse(body: unknown): unknown {
  try {
    return typeof body === "string" ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return isWord(code) ? code : undefined;
}
