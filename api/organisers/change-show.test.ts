import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import type { ShowChangeClient } from "../../adapters/checkout/show-change-client.ts";
import { findShowOrganiser } from "../../adapters/postgres/organisers.ts";
import { listActions } from "../../adapters/postgres/organiser-actions.ts";
import { putMember } from "../../adapters/postgres/organiser-members.ts";
import { DomainError } from "../../domain/errors.ts";
import type { ShowChangeAnswer } from "../../domain/show-change.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { createActFor } from "./act-for.ts";
import { createActOnShow } from "./act-on-show.ts";
import { createChangeShow } from "./change-show.ts";

// The workflows themselves: tests/desk-show-changes.test.ts. Here it is about what is left of an answer that never comes.

let database: TestDatabase;
let ask: { userId: string; organiserId: string; showId: string };

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const showId = await plantShow(database.pool);
  const organiserId = (await findShowOrganiser(database.pool, showId)) ?? "";
  const userId = randomUUID();
  await putMember(database.pool, { organiserId, userId, role: "owner", gates: null });
  ask = { userId, organiserId, showId };
});

const running: ShowChangeAnswer = {
  ...{ outcome: "there", phase: "running", code: null, askedBy: null, result: null },
  ...{ startsAt: null, refundUntil: null, survey: null, progress: null },
};

/** Changes by workflows that all answer like this. */
function changesThatAnswer(answer: () => Promise<ShowChangeAnswer>) {
  const showChanges: ShowChangeClient = {
    ...{ start: answer, decide: answer, call: answer },
    read: async () => running,
  };
  const db = database.pool;
  const actOnShow = createActOnShow({ db, actFor: createActFor(db), tellSeats: () => undefined });
  return createChangeShow({ actOnShow, showChanges });
}

async function rows() {
  const actions = await listActions(database.pool, ask);
  return actions.map(({ action, details }) => ({ action, details }));
}

const acts = {
  "cancellation asked for": (changes: ReturnType<typeof createChangeShow>) =>
    changes.ask({ ...ask, kind: "cancellation" }),
  "cancellation approved": (changes) =>
    changes.approve({ ...ask, kind: "cancellation", code: "abc123" }),
  "reschedule abandoned": (changes) => changes.abandon({ ...ask, kind: "reschedule" }),
  "cancellation paused": (changes) => changes.call({ ...ask, call: "pause" }),
  "cancellation resumed": (changes) => changes.call({ ...ask, call: "resume" }),
} satisfies Record<string, (changes: ReturnType<typeof createChangeShow>) => Promise<unknown>>;

test.each(Object.entries(acts))(
  "the row is there before the workflow hears of it, and stays when no answer comes: %s",
  async (action, act) => {
    const meant = [{ action, details: { outcome: "not known" } }];
    let seen: unknown;
    const silent = changesThatAnswer(async () => {
      seen = await rows();
      throw new DomainError("UNAVAILABLE");
    });
    await expect(act(silent)).rejects.toThrow(DomainError);
    expect(seen).toEqual(meant);
    expect(await rows()).toEqual(meant);
  },
);

test.each(Object.entries(acts))(
  "an answer makes it a row of what was done, and a refusal leaves none: %s",
  async (action, act) => {
    const refusing = changesThatAnswer(async () => ({ outcome: "refused", problem: "No." }));
    await expect(act(refusing)).rejects.toThrow("Nothing was done");
    expect(await rows()).toEqual([]);
    await act(changesThatAnswer(async () => running));
    expect(await rows()).toEqual([{ action, details: {} }]);
  },
);
