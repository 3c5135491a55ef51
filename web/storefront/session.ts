import { dropKeptTickets } from "./kept-tickets.ts";
import type { Language } from "./page-data.ts";

/** Who has signed in here, and the token that says so: good for minutes. */
export type SignedIn = { accessToken: string; userId: string };

/** What the API has refused, by its code; "OFFLINE" when nothing answered. */
export class Refused extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(code: string, details: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** Of what became of a question. */
export function codeOf(error: unknown): string {
  return error instanceof Refused ? error.code : "UNAVAILABLE";
}

/** The access token of whoever is signed in, for `Authorization: Bearer`; undefined when nobody is. Throws Refused. */
export async function accessToken(): Promise<string | undefined> {
  return (await whoIsSignedIn())?.accessToken;
}

/**
 * Who is signed in. The token stays in the memory of this page alone; what lasts is a cookie that no script can read. Throws Refused
 * when nobody can say.
 */
export async function whoIsSignedIn(): Promise<SignedIn | undefined> {
  if (held !== undefined && performance.now() < held.untilMs) return held;
  // However many ask at once, the API is asked once.
  asking ??= renew().finally(() => {
    asking = undefined;
  });
  return asking;
}

/** Whether this user is still the one who was last known here: what was asked for before may come after. */
export function isStillSignedIn(userId: string): boolean {
  return held?.userId === userId;
}

/** Has a code sent. Throws Refused: SIGN_IN_MAIL_REFUSED, RATE_LIMITED, … */
export async function sendCode(email: string, language: Language): Promise<void> {
  await ask("POST", "/v1/session/code", { email, language });
}

/**
 * Signs in with the code; other pages of this browser forget whoever they knew. Mails come in this language from then on, unless another
 * was chosen. Throws Refused: SIGN_IN_CODE_WRONG, SIGN_IN_CODE_OVER, …
 */
export async function signIn(wish: {
  email: string;
  code: string;
  language: Language;
}): Promise<SignedIn> {
  const token = (await ask("POST", "/v1/session", wish)) as Token;
  // Of whoever was here before, and may still be in another page.
  others.postMessage("signed in");
  await dropKeptTickets();
  return hold(token);
}

/** Signs out on this device, or on all of them. Other pages of this browser forget their token, too; its kept tickets go in any case. */
export async function signOut({ everywhere = false } = {}): Promise<void> {
  await dropKeptTickets();
  await ask("DELETE", `/v1/session?everywhere=${String(everywhere)}`);
  forget();
  others.postMessage("signed out");
  // Another page may have kept some meanwhile.
  await dropKeptTickets();
}

export type Asking = {
  method?: string;
  json?: object | undefined;
  headers?: Record<string, string>;
};

/** The text of an answer. Throws Refused: with the API's code, or OFFLINE when nothing answers in time. */
export async function askText(
  path: string,
  { method = "GET", json, headers = {} }: Asking = {},
): Promise<string> {
  const { isDone, text } = await fetch(path, {
    method,
    headers: { ...(json !== undefined && { "content-type": "application/json" }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    signal: AbortSignal.timeout(answerMsMax),
  })
    .then(async (response) => ({ isDone: response.ok, text: await response.text() }))
    .catch(() => {
      throw new Refused("OFFLINE");
    });
  if (isDone) return text;
  throw refusalIn(text);
}

export function readJson(text: string): unknown {
  return text === "" ? undefined : JSON.parse(text);
}

/** Longer than any answer takes; a hold that was lost on the way is found by its key. */
export const answerMsMax = 20_000;

type Token = SignedIn & { expiresInSeconds: number };

let held: (SignedIn & { untilMs: number }) | undefined;
let asking: Promise<SignedIn | undefined> | undefined;
let signOuts = 0;

const others = new BroadcastChannel("session");
others.addEventListener("message", () => {
  forget();
  void dropKeptTickets();
});

function forget(): void {
  held = undefined;
  signOuts += 1;
}

async function renew(): Promise<SignedIn | undefined> {
  const before = signOuts;
  try {
    const token = (await ask("POST", "/v1/session/token")) as Token;
    // Whoever has signed out meanwhile is not signed in again.
    return before === signOuts ? hold(token) : undefined;
  } catch (error) {
    if (!(error instanceof Refused && notSignedIn.has(error.code))) throw error;
    await dropKeptTickets();
    return undefined;
  }
}

// Where there are no codes by mail nobody signs in on these pages.
const notSignedIn = new Set(["TOKEN_MISSING", "SIGN_IN_NOT_OFFERED"]);

function hold({ accessToken: token, userId, expiresInSeconds }: Token): SignedIn {
  // A request that begins with it must also arrive with it.
  const untilMs = performance.now() + (expiresInSeconds - 60) * 1_000;
  held = { accessToken: token, userId, untilMs };
  return held;
}

async function ask(method: string, path: string, json?: object): Promise<unknown> {
  return readJson(await askText(path, { method, json }));
}

function refusalIn(text: string): Refused {
  try {
    const { code, details } = JSON.parse(text) as Pick<Refused, "code" | "details">;
    return new Refused(String(code), details);
  } catch {
    return new Refused("UNAVAILABLE");
  }
}
