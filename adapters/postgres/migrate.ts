import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import { runner } from "node-pg-migrate";

/**
 * Brings a database to the newest schema. Safe to run from several processes at once: the runner takes one lock and the
 * others find nothing left to do. Each file is one transaction, sent a statement at a time because Citus refuses DDL in a
 * string of several. `report` hears one line for each migration applied.
 */
export async function migrate(
  databaseUrl: string,
  report: (line: string) => void = () => {},
): Promise<void> {
  const applied = await runner({
    databaseUrl: withTimeouts(databaseUrl),
    dir: fileURLToPath(new URL("./migrations", import.meta.url)),
    ignorePattern: ".*(?<!\\.sql)",
    migrationsTable: "migrations",
    direction: "up",
    migrationLoaderStrategies: [{ extensions: [".sql"], loader: loadSqlFiles }],
    logger: { info: () => {}, warn: report, error: report },
  });
  for (const { name } of applied) report(`migrated ${name}`);
}

/** A migration that waits for a lock holds up everybody behind it: it gives up after 5 s, and is tried again by hand. */
function withTimeouts(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", "-c lock_timeout=5s -c statement_timeout=60s");
  return url.href;
}

async function loadSqlFiles(filePaths: string[]) {
  return Promise.all(
    filePaths.map(async (path) => {
      const statements = splitStatements(await readFile(path, "utf8"));
      return {
        id: basename(path, ".sql"),
        filePaths: [path],
        actions: {
          up: (builder: { sql(statement: string): void }) => {
            for (const statement of statements) builder.sql(statement);
          },
        },
      };
    }),
  );
}

/** A statement ends with a semicolon at the end of a line, unless the line is inside a `$$` body. */
function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let lines: string[] = [];
  let insideBody = false;
  for (const line of text.split("\n")) {
    lines.push(line);
    if (line.split("$$").length % 2 === 0) insideBody = !insideBody;
    if (!insideBody && line.endsWith(";")) {
      statements.push(lines.join("\n"));
      lines = [];
    }
  }
  return statements;
}
