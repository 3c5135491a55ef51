import { Refused, accessToken, askText, readJson } from "../session.ts";
import type { Asking } from "../session.ts";

/** Asks the API as whoever is signed in. Throws Refused with the API's code; OFFLINE when nothing answers. */
export async function askOwn<Answer>(path: string, request: Asking = {}): Promise<Answer> {
  return readJson(await askOwnText(path, request)) as Answer;
}

/** The same, for what is no JSON. */
export async function askOwnText(path: string, request: Asking = {}): Promise<string> {
  const token = await accessToken();
  if (token === undefined) throw new Refused("TOKEN_MISSING");
  const headers = { authorization: `Bearer ${token}`, ...request.headers };
  return askText(path, { ...request, headers });
}
