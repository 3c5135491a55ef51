import { expect, test } from "@jest/globals";

/** Answers when it is told to. */
const renewal = Promise.withResolvers<Response>();

Object.assign(globalThis, {
  BroadcastChannel: class extends EventTarget {
    postMessage = () => undefined;
  },
  fetch: async (path: string) =>
    path === "/v1/session/token" ? renewal.promise : new Response(null, { status: 204 }),
});

test("a renewal that is under way while somebody signs out does not sign them in again", async () => {
  const { signOut, whoIsSignedIn } = await import("./session.ts");
  const renewed = whoIsSignedIn();
  await signOut();
  renewal.resolve(Response.json({ accessToken: "a", userId: "u", expiresInSeconds: 900 }));
  expect(await renewed).toBeUndefined();
});
