import type { Challenge } from "../../domain/challenge.ts";
import { DomainError } from "../../domain/errors.ts";
import { guardCalls } from "../../platform/guard-calls.ts";

/**
 * A challenge that Cloudflare's Turnstile sets and checks, or anything that speaks as it does: the client's widget gives a token,
 * which the verifier takes once and for five minutes. It does not know for whom a token is: a token is good for one request.
 */
export function createTurnstile(options: {
  /** The address of `siteverify`; beside it lies `api.js`, the script of the widget. */
  verifyUrl: string;
  secretKey: string;
  /** Public: the widget needs it. */
  siteKey: string;
  callMsMax?: number;
}): Challenge {
  const { verifyUrl, secretKey, siteKey, callMsMax = 3_000 } = options;
  const guard = guardCalls(
    {
      callMsMax,
      concurrentMax: 50,
      queuedMax: 200,
      queuedMsMax: 1_000,
      failuresMax: 5,
      breakMs: 5_000,
    },
    () => true,
  );

  async function verify(response: string, address: string): Promise<Verdict> {
    const body = {
      ...{ secret: secretKey, response },
      ...(address !== "" && { remoteip: address }),
    };
    const answered = await fetch(verifyUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(callMsMax),
    });
    const { success, "error-codes": codes } = (await answered.json()) as Record<string, unknown>;
    const verdict = {
      success: success === true,
      codes: Array.isArray(codes) ? codes.map(String) : [],
    };
    const ours = verdict.codes.find((code) => oursToMend.has(code));
    if (ours !== undefined) throw new Error(`Turnstile says ${ours}`);
    if (!answered.ok && verdict.codes.length === 0) {
      throw new Error(`Turnstile answered ${answered.status}`);
    }
    return verdict;
  }

  const { href: widget, origin: widgetOrigin } = new URL("api.js", verifyUrl);
  return {
    widgetOrigin,
    task: () => ({ kind: "turnstile", siteKey, widget, answer: "token" }),
    async isSolved(answer, { address }) {
      if (answer.length > answerLengthMax) return false;
      try {
        return (await guard.execute(() => verify(answer, address))).success;
      } catch (cause) {
        throw new DomainError("UNAVAILABLE", {}, { cause });
      }
    },
  };
}

type Verdict = { success: boolean; codes: string[] };

/** Says nothing about the answer: our secret is wrong, or Turnstile has failed. */
const oursToMend = new Set(["missing-input-secret", "invalid-input-secret", "internal-error"]);
/** As Turnstile documents it. */
const answerLengthMax = 2_048;
