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

test("tickets that are kept on the device are forgotten also when nobody answers the sign-out", async () => {
  const { signOut } = await import("./session.ts");
  const dropped: string[] = [];
  const { fetch } = globalThis;
  Object.assign(globalThis, {
    caches: { delete: async (name: string) => void dropped.push(name) },
    fetch: () => Promise.reject(new TypeError("away")),
  });
  await expect(signOut()).rejects.toThrow("OFFLINE");
  expect(dropped).toEqual(["tickets"]);
  Object.assign(globalThis, { fetch, caches: undefined });
});

test("a renewal that is under way while somebody signs out does not sign them in again", async () => {
  const { signOut, whoIsSignedIn } = await import("./session.ts");
  const renewed = whoIsSignedIn();
  await signOut();
  renewal.resolve(Response.json({ accessToken: "a", userId: "u", expiresInSeconds: 900 }));
  expect(await renewed).toBeUndefined();
});
