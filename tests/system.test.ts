import { expect, test } from "@jest/globals";

import { createDatabase } from "./databases.ts";
import { startSystem } from "./system.ts";

test("a system that does not start leaves no database behind", async () => {
  // The second process refuses its settings; the first runs by then and must be ended as well.
  const settings = { MAIL_INBOX_PORT: "no port" };
  const error: unknown = await startSystem(["identity", "inbox"], settings).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  const [, name] = /^test-(\w+) did not start$/.exec((error as Error).message) ?? [];
  expect(String((error as Error).cause)).toContain("local/mail-inbox/main.ts");

  const other = await createDatabase();
  const { rowCount } = await other.pool.query("select 1 from pg_database where datname = $1", [
    `marquee_test_${name ?? ""}`,
  ]);
  await other.drop();
  expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect(rowCount).toBe(0);
});
