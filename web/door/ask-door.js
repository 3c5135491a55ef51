/** People wait: after so long the device decides by itself. */
const scanMsMax = 800;
const askMsMax = 15_000;

/** The API as scanners ask it. Throws `Away` without the network, `Refused` with the code of a problem. */
export class Away extends Error {}
export class Refused extends Error {
  constructor(code, title) {
    super(title);
    this.code = code;
  }
}

export const isSignedOut = (error) =>
  error instanceof Refused && (error.code === "TOKEN_MISSING" || error.code === "TOKEN_INVALID");

export const signIn = (token) => request("PUT", "/v1/door/session", { token });
export const sendCode = (email) => request("POST", "/v1/session/code", { email });
export const signInByCode = async (email, code) =>
  signIn((await request("POST", "/v1/session", { email, code })).accessToken);
export async function signOut() {
  await request("DELETE", "/v1/door/session");
  // Whoever came with a token has no other session, and some houses have none at all.
  await request("DELETE", "/v1/session").catch(() => undefined);
}
export const listShows = async () => (await ask("GET", "shows")).shows;
export const readManifest = (showId, since) =>
  ask("GET", `shows/${showId}/manifest${since ? `?since=${encodeURIComponent(since)}` : ""}`);
export const undo = (showId, code) => ask("POST", `shows/${showId}/undo`, { code });

/** One scan that somebody waits for. */
export async function sendScan(showId, scans) {
  return (await ask("POST", `shows/${showId}/entries`, scans, scanMsMax)).answers[0];
}
/** Scans that were made without the network. */
export async function sendScans(showId, scans) {
  return (await ask("POST", `shows/${showId}/entries`, scans)).answers;
}

/** The door's session is as short as its token; whoever has signed in by mail has one that lasts, and gets another token for it. */
async function ask(method, path, json, patienceMs) {
  const work = () => request(method, `/v1/door/${path}`, json, patienceMs);
  try {
    return await work();
  } catch (error) {
    if (!isSignedOut(error) || !(await renew())) throw error;
    return work();
  }
}

async function renew() {
  try {
    await signIn((await request("POST", "/v1/session/token")).accessToken);
    return true;
  } catch {
    return false;
  }
}

async function request(method, path, json, patienceMs = askMsMax) {
  const response = await fetch(path, {
    method,
    signal: AbortSignal.timeout(patienceMs),
    ...(json && { headers: { "content-type": "application/json" }, body: JSON.stringify(json) }),
  }).catch((error) => {
    throw new Away("No network", { cause: error });
  });
  if (response.status >= 500) throw new Away(`Answered ${response.status}`);
  if (response.status === 202 || response.status === 204) return undefined;
  const answer = await response.json().catch((error) => {
    throw new Away("The answer broke off", { cause: error });
  });
  if (!response.ok) throw new Refused(answer.code, answer.title);
  return answer;
}
