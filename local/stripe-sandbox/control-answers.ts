import type { Context } from "hono";
import { z } from "zod";

import { Refusal } from "./refusal.ts";

/** Only JSON is read: a page of another origin cannot send that without asking first. */
export async function withBody<Body>(
  context: Context,
  schema: z.ZodType<Body>,
  work: (body: Body) => unknown,
): Promise<Response> {
  if (context.req.header("content-type")?.startsWith("application/json") !== true) {
    return Response.json({ error: { message: "Send application/json." } }, { status: 415 });
  }
  const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
  if (!parsed.success) {
    const message = z.prettifyError(parsed.error);
    return Response.json({ error: { message } }, { status: 400 });
  }
  return answer(() => work(parsed.data));
}

function answer(work: () => unknown): Response {
  try {
    return Response.json(work());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Response.json({ error: error.body }, { status: error.status });
  }
}
