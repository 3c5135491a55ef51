import { randomUUID } from "node:crypto";

import pg from "pg";

import type { SeatSupply } from "../seat-supply.ts";

export type HoldFunction = {
  /** One hold of two seats on the client's own connection. */
  hold(client: number): Promise<boolean>;
  close(): Promise<void>;
};

/** L1: the hold function and nothing around it: one prepared statement on each connection, as pgbench sends it. */
export async function openHoldFunction(
  databaseUrl: string,
  connections: number,
  seats: SeatSupply,
): Promise<HoldFunction> {
  const clients = Array.from({ length: connections }, () => new pg.Client(databaseUrl));
  await Promise.all(clients.map((client) => client.connect()));
  return {
    async hold(index) {
      const { showId, seatIds } = seats.next();
      const answer = await clients[index]?.query<{ outcome: string }>({
        name: "l1",
        text: "select hold_seats($1, $2, $3, $4, $5, 600, 120, null, null) ->> 'outcome' as outcome",
        values: [showId, randomUUID(), randomUUID(), seatIds, hash],
      });
      return answer?.rows[0]?.outcome === "held";
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

const hash = "a".repeat(64);
