import { Refused, accessToken, askText } from "../session.ts";

/** Asks the API as whoever is signed in. Throws Refused with the API's code; OFFLINE when nothing answers. */
export async function askOwn<Answer>(
  path: string,
  request: { method?: string; json?: object; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const text = await askOwnText(path, request);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** The same, for what is no JSON. */
export async function askOwnText(
  path: string,
  { method = "GET", json, headers = {} }: Parameters<typeof askOwn>[1] & object = {},
): Promise<string> {
  const token = await accessToken();
  if (token === undefined) throw new Refused("TOKEN_MISSING");
  return askText(path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(json !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
}
