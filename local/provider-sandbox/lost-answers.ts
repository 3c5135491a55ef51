import { once } from "node:events";

import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";

export type SandboxContext = Context<{ Bindings: HttpBindings }>;

/** Leaves the caller without an answer, until it goes away or `ms` are over. */
export async function keepSilent(context: SandboxContext, ms = 60_000): Promise<Response> {
  const { outgoing } = context.env;
  const silence = setTimeout(() => outgoing.destroy(), ms);
  if (!outgoing.destroyed) await once(outgoing, "close");
  clearTimeout(silence);
  return RESPONSE_ALREADY_SENT;
}

export function breakConnection(context: SandboxContext): Response {
  context.env.outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** An answer that ends in the middle. */
export async function cutShort(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, headers } = response;
  return new Response(text.slice(0, text.length / 2), { status, headers });
}
