/** Calls a sandbox's levers over HTTP; throws when one does not move. */
export function callControls(address: string) {
  return async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(address + path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
}
