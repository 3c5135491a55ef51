import { HTTPException } from "hono/http-exception";

import { DomainError } from "../../domain/errors.ts";

/** Whatever was thrown, as an outcome that a client may see. What it does not know is INTERNAL and keeps its cause. */
export function domainErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof HTTPException) return ofHttpException(error);
  if (isDatabaseAway(error)) return new DomainError("UNAVAILABLE", {}, { cause: error });
  return new DomainError("INTERNAL", {}, { cause: error });
}

/** Hono's own refusals: a body that does not parse, or is of another type. */
function ofHttpException(error: HTTPException): DomainError {
  if (error.status === 415) return new DomainError("MEDIA_TYPE_UNSUPPORTED");
  if (error.status === 413) return new DomainError("BODY_TOO_LARGE");
  if (error.status === 400) return new DomainError("JSON_MALFORMED");
  return new DomainError("INTERNAL", {}, { cause: error });
}

/** Connections that fail or are cut, a server that starts or stops, a statement or a wait that took too long. */
function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    /^(08...|53300|57P0[1-3]|57014|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/.test(
      error.message,
    )
  );
}
