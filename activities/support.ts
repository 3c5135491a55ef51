import type { Queryable } from "../adapters/postgres/pool.ts";
import * as actions from "../adapters/postgres/support-actions.ts";

/** The trace that each act of support leaves, as activities. */
export function createSupportActivities({ db }: { db: Queryable }) {
  return {
    /** Safe to run again: an action is written down once, under its id. */
    async openSupportAction(
      action: Parameters<typeof actions.openSupportAction>[1],
    ): Promise<void> {
      await actions.openSupportAction(db, action);
    },

    /** Safe to run again: the first outcome stands. */
    async closeSupportAction(
      action: Parameters<typeof actions.closeSupportAction>[1],
    ): Promise<void> {
      await actions.closeSupportAction(db, action);
    },

    /** Safe to run again: an action that has had its tickets sent sends no more. */
    async resendTickets(
      action: Parameters<typeof actions.resendTickets>[1],
    ): ReturnType<typeof actions.resendTickets> {
      return actions.resendTickets(db, action);
    },
  };
}
