import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { z } from "zod";

const order = z.strictObject({
  showId: z.string(),
  seatIds: z.array(z.string()).min(1).max(10),
  userId: z.string(),
});

const app = new Hono();
app.get("/readyz", (context) => context.text("ready"));
app.get("/bytes/:count", (context) => context.text(filling(context.req.param("count"))));
app.post("/echo", async (context) => context.json(order.parse(await context.req.json())));

const fillings = new Map<string, string>();

/** Written once for each length, as an answer that is kept. */
function filling(count: string): string {
  const known = fillings.get(count) ?? "x".repeat(Number(count));
  fillings.set(count, known);
  return known;
}

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env["HEALTH_PORT"]) });
process.once("SIGTERM", () => process.exit());
