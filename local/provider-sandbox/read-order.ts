import type { Context } from "hono";
import { z } from "zod";

/** Reads an order to a sandbox's own levers. Only JSON is read: a page of another origin cannot send that without asking first. */
export async function readOrder<Order>(
  context: Context,
  schema: z.ZodType<Order>,
  work: (order: Order) => unknown,
): Promise<Response> {
  if (context.req.header("content-type")?.startsWith("application/json") !== true) {
    return Response.json({ error: { message: "Send application/json." } }, { status: 415 });
  }
  const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
  if (!parsed.success) {
    const message = z.prettifyError(parsed.error);
    return Response.json({ error: { message } }, { status: 400 });
  }
  return Response.json(work(parsed.data) ?? null);
}
