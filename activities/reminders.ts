import type { Pool } from "../adapters/postgres/pool.ts";
import { listDueReminders, remindOfShow } from "../adapters/postgres/show-reminders.ts";
import { workOffPage } from "./work-off-page.ts";

export type ReminderDependencies = { db: Pool; heartbeat: () => void };

/** The day before a show, as an activity. */
export function createReminderActivities({ db, heartbeat }: ReminderDependencies) {
  return {
    /**
     * One page of buyers of each of the next shows. Safe to run again: how far a show has come is written in the transaction that
     * tells its buyers.
     */
    async remindBuyers(order: {
      shows: number;
      buyers: number;
      atOnce: number;
    }): Promise<{ reminded: number; isEnd: boolean }> {
      const due = await listDueReminders(db, { limit: order.shows });
      let reminded = 0;
      await workOffPage(due, { atOnce: order.atOnce, heartbeat }, async (show) => {
        const page = await remindOfShow(db, { ...show, limit: order.buyers });
        reminded += page.reminded;
      });
      return { reminded, isEnd: due.length === 0 };
    },
  };
}
