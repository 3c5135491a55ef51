import { accessToken, answerMsMax } from "../../session.ts";
import { createServerClock } from "./server-clock.ts";

/** What the API said. `status` 0: nothing was heard of it. `code` is that of a refusal (docs/errors.md). */
export type Answer<Body> = {
  status: number;
  body: Body | undefined;
  code: string | undefined;
  details: Record<string, unknown>;
};

export type Question = {
  method?: "GET" | "POST" | "DELETE";
  body?: object;
  /** The same key makes the same request again, and not a second one. */
  idempotencyKey?: string;
  /** The answer is the same for everybody: it does not wait for a session. */
  isPublic?: boolean;
  headers?: Readonly<Record<string, string>>;
};

/** The server's time, heard from every answer. */
export const serverClock = createServerClock({
  readTimerMs: () => performance.now(),
  readClockMs: () => Date.now(),
});

/** Asks as the buyer who is signed in, unless the question is public. The token stands in a header and nowhere else. */
export async function askApi<Body>(
  path: string,
  { method = "GET", body, idempotencyKey, isPublic = false, headers = {} }: Question = {},
): Promise<Answer<Body>> {
  try {
    const token = isPublic ? undefined : await accessToken();
    // Whoever signs in first takes their time: that is none of this answer's.
    const sentAt = performance.now();
    const response = await fetch(path, {
      method,
      headers: {
        ...headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMsMax),
    });
    // What may be kept, by the browser too, says what time it was then.
    if (response.headers.get("cache-control")?.includes("no-store") === true) {
      serverClock.hear(response.headers.get("date"), performance.now() - sentAt);
    }
    return await read<Body>(response);
  } catch {
    return { status: 0, body: undefined, code: undefined, details: {} };
  }
}

async function read<Body>(response: Response): Promise<Answer<Body>> {
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  const body: unknown = isJson ? await response.json() : undefined;
  const problem = (body ?? {}) as { code?: string; details?: Record<string, unknown> };
  return {
    status: response.status,
    body: response.ok ? (body as Body) : undefined,
    code: problem.code,
    details: problem.details ?? {},
  };
}
