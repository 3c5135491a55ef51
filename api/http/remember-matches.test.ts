import { expect, test } from "@jest/globals";
import { Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";

import { rememberMatches } from "./remember-matches.ts";

test("a remembered route answers as a looked-up one, by its method, and with the middleware in front of it", async () => {
  const inner = new TrieRouter<never>();
  const asked: string[] = [];
  const match = inner.match.bind(inner);
  inner.match = (method, path) => {
    asked.push(`${method} ${path}`);
    return match(method, path);
  };
  const app = new Hono({ router: rememberMatches(inner) });
  app.use("/b/*", async (context, next) => {
    await next();
    context.header("seen", "yes");
  });
  app.post("/b/reserve", (context) => context.text("reserve"));
  app.get("/b/:id", (context) => context.text(`one ${context.req.param("id")}`));
  app.delete("/b/:id", (context) => context.text(`gone ${context.req.param("id")}`));
  for (const _ of [1, 2]) {
    const answers = await Promise.all([
      app.request("/b/reserve", { method: "POST" }),
      app.request("/b/reserve"),
      app.request("/b/reserve", { method: "DELETE" }),
      app.request("/b/other"),
      app.request("/b/else", { method: "DELETE" }),
    ]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts).toEqual(["reserve", "one reserve", "gone reserve", "one other", "gone else"]);
    expect(answers.map(({ headers }) => headers.get("seen"))).toEqual(Array(5).fill("yes"));
  }
  expect(asked.filter((each) => each === "POST /b/reserve")).toHaveLength(1);
  expect(asked.filter((each) => each === "GET /b/other")).toHaveLength(2);
});
