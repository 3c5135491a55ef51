import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

import { serve } from "@hono/node-server";
import { Hono } from "hono";

/**
 * Speaks as Turnstile's `siteverify` does: a token is good once, and Cloudflare's secrets for tests answer as Cloudflare says.
 * Solving is getting a token; the widget gets one by itself, in a frame as the real one.
 */
export function createTurnstileStandIn({ secretKey }: { secretKey: string }) {
  const tokens = new Set<string>();
  const used = new Set<string>();
  const app = new Hono();

  app.post("/turnstile/v0/siteverify", async (context) => {
    const isJson = context.req.header("content-type")?.includes("json") === true;
    const body = isJson
      ? await context.req.json<Record<string, unknown>>()
      : await context.req.parseBody();
    const codes = verify(textOf(body["secret"]), textOf(body["response"]));
    if (codes.length > 0) return context.json({ success: false, "error-codes": codes });
    return context.json({
      ...{ success: true, "error-codes": [], hostname: "localhost" },
      ...{ challenge_ts: new Date().toISOString(), action: "", cdata: "" },
    });
  });

  app.get("/turnstile/v0/api.js", (context) =>
    context.body(widgetScript, 200, { "content-type": "text/javascript" }),
  );
  app.get("/turnstile/v0/frame", (context) =>
    context.html(`<script>parent.postMessage("${giveToken()}", "*")</script>`),
  );

  function giveToken(): string {
    const token = randomUUID();
    tokens.add(token);
    return token;
  }

  function verify(secret: string, response: string): string[] {
    if (secret === "") return ["missing-input-secret"];
    if (response === "") return ["missing-input-response"];
    const always = testSecrets.get(secret);
    if (always !== undefined) return always;
    if (secret !== secretKey) return ["invalid-input-secret"];
    if (used.has(response)) return ["timeout-or-duplicate"];
    if (!tokens.delete(response)) return ["invalid-input-response"];
    used.add(response);
    return [];
  }

  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  return {
    /** The address of `siteverify`. */
    async listen(): Promise<string> {
      if (!server.listening) await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      return `http://127.0.0.1:${port}/turnstile/v0/siteverify`;
    },
    /** What a widget gives to somebody who is no machine. */
    solve: giveToken,
    close: promisify(server.close.bind(server)),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

const testSecrets = new Map<string, string[]>([
  ["1x0000000000000000000000000000000AA", []],
  ["2x0000000000000000000000000000000AA", ["invalid-input-response"]],
  ["3x0000000000000000000000000000000AA", ["timeout-or-duplicate"]],
]);

/** What a page has of it: `render` shows the widget and calls back with its answer. */
const widgetScript = `
const home = document.currentScript.src;
globalThis.turnstile = {
  render(box, { callback }) {
    const frame = document.createElement("iframe");
    frame.title = "Widget of a stand-in";
    frame.src = new URL("frame", home);
    addEventListener("message", ({ source, data }) => {
      if (source === frame.contentWindow) callback(data);
    });
    box.append(frame);
  },
};
`;
