import type { Hono } from "hono";

import type { AppEnv } from "./app-env.ts";

/** The methods that this address does have; none when there is nothing at all. */
export function findAllowedMethods(app: Pick<Hono<AppEnv>, "routes">, path: string): string[] {
  const methods = app.routes
    .filter((route) => route.method !== "ALL" && matches(route.path, path))
    .map(({ method }) => method);
  return [...new Set(methods)].toSorted();
}

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split("/");
  const actual = path.split("/");
  return (
    expected.length === actual.length &&
    expected.every((part, index) => part.startsWith(":") || part === actual[index])
  );
}
