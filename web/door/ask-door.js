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

export const signIn = (token) => ask("PUT", "session", { token });
export const signOut = () => ask("DELETE", "session");
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

async function ask(method, path, json, patienceMs = askMsMax) {
  const response = await fetch(`/v1/door/${path}`, {
    method,
    signal: AbortSignal.timeout(patienceMs),
    ...(json && { headers: { "content-type": "application/json" }, body: JSON.stringify(json) }),
  }).catch((error) => {
    throw new Away("No network", { cause: error });
  });
  if (response.status >= 500) throw new Away(`Answered ${response.status}`);
  if (response.status === 204) return undefined;
  const answer = await response.json().catch((error) => {
    throw new Away("The answer broke off", { cause: error });
  });
  if (!response.ok) throw new Refused(answer.code, answer.title);
  return answer;
}
