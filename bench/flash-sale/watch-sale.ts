import { setTimeout as delay } from "node:timers/promises";

import type { Queryable } from "../../adapters/postgres/pool.ts";
import { showIds as publicIds } from "../../domain/ids.ts";
import { createHttpCaller } from "../http-caller.ts";

/** The sale at one moment, all shows together. */
export type Look = {
  /** From the opening on. */
  atMs: number;
  free: number;
  held: number;
  sold: number;
  joined: number;
  called: number;
  calledByShow: number[];
  inside: number;
  /** Of the show where it is largest by its seats: people inside. */
  insideMost: number;
};

export type SaleWatch = {
  looks: Look[];
  last(): Look;
  close(): Promise<void>;
};

const lookEveryMs = 250;

/** Looks at the seats and at the lines four times a second, from outside: by one statement, and by the line that everybody may see. */
export function watchSale(deps: {
  db: Queryable;
  api: string;
  showIds: readonly string[];
  openingMs: number;
}): SaleWatch {
  const { db, showIds, openingMs } = deps;
  const caller = createHttpCaller(deps.api, 4);
  const looks: Look[] = [];
  let isOpen = true;

  async function look(): Promise<void> {
    const [seats, lines] = await Promise.all([
      countSeats(db, showIds),
      Promise.all(showIds.map((showId) => readLine(caller, showId))),
    ]);
    const sum = (count: (line: Line) => number) =>
      lines.reduce((total, line) => total + count(line), 0);
    looks.push({
      atMs: Date.now() - openingMs,
      ...seats,
      joined: sum(({ joined }) => joined),
      called: sum(({ served }) => served),
      calledByShow: lines.map(({ served }) => served),
      inside: sum(({ inside }) => inside),
      insideMost: Math.max(...lines.map(({ inside }) => inside)),
    });
  }

  async function run(): Promise<void> {
    while (isOpen) {
      // A look that fails is one less: the house may be in trouble.
      await look().catch(() => undefined);
      await delay(lookEveryMs);
    }
  }
  const running = run();
  return {
    looks,
    last: () => looks.at(-1) ?? nothingYet,
    async close() {
      isOpen = false;
      await running;
      caller.close();
    },
  };
}

const nothingYet: Look = {
  ...{ atMs: 0, free: 0, held: 0, sold: 0 },
  ...{ joined: 0, called: 0, calledByShow: [], inside: 0, insideMost: 0 },
};

type Line = { joined: number; served: number; inside: number };

async function readLine(
  caller: ReturnType<typeof createHttpCaller>,
  showId: string,
): Promise<Line> {
  const path = `/v1/shows/${publicIds.encode(showId)}/line`;
  const { status, body } = await caller.call({ path });
  if (status !== 200) throw new Error(`The line was answered ${status}`);
  return JSON.parse(body) as Line;
}

export async function countSeats(
  db: Queryable,
  showIds: readonly string[],
): Promise<{ free: number; held: number; sold: number }> {
  const { rows } = await db.query<{ free: number; held: number; sold: number }>({
    name: "bench_look",
    text: `select count(*) filter (where status = 'available')::integer as free,
         count(*) filter (where status = 'held')::integer as held,
         count(*) filter (where status = 'booked')::integer as sold
       from show_seats where show_id = any($1) /* bench */`,
    values: [showIds],
  });
  const [row] = rows;
  if (row === undefined) throw new Error("PostgreSQL has counted nothing");
  return row;
}
