import { z } from "zod";

import { DomainError, errorTable } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { SignIn } from "../../domain/sign-in.ts";
import { accessTokenMessage, begunSessionMessage } from "./messages.ts";
import type { SignInMessages } from "./messages.ts";

/** Asks the process that signs people in, over HTTP. `address` is its own, such as http://sign-in:4060. */
export function createSignInClient({ address }: { address: string }): SignIn {
  async function ask<Path extends keyof SignInMessages>(
    path: Path,
    message: SignInMessages[Path],
  ): Promise<unknown> {
    try {
      const response = await fetch(new URL(path, address), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(answerMsMax),
      });
      const answer: unknown = await response.json();
      if (response.ok) return answer;
      throw refusalOf(answer);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError("SIGN_IN_UNAVAILABLE", {}, { cause: error });
    }
  }
  return {
    sendCode: async (wish) => void (await ask("/codes", wish)),
    begin: async (answer) => begunSessionMessage.parse(await ask("/sessions", answer)),
    accessToken: async (session) => accessTokenMessage.parse(await ask("/tokens", { session })),
    end: async (session, options) => void (await ask("/ends", { session, ...options })),
  };
}

/** Somebody waits for it, and a mail is handed to its server meanwhile. */
const answerMsMax = 8_000;

const refusalMessage = z.object({ code: z.string() });

function refusalOf(answer: unknown): DomainError {
  const { code = "" } = refusalMessage.safeParse(answer).data ?? {};
  return new DomainError(code in errorTable ? (code as ErrorCode) : "SIGN_IN_UNAVAILABLE");
}
