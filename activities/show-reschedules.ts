import type { Pool } from "../adapters/postgres/pool.ts";
import type { BookingPage } from "../adapters/postgres/show-changes.ts";
import * as reschedules from "../adapters/postgres/show-reschedules.ts";
import { surveyShow } from "../adapters/postgres/show-survey.ts";
import { showIds } from "../domain/ids.ts";
import { planReschedule } from "../domain/plan-reschedule.ts";
import type { ReschedulePlan, RescheduleWish } from "../domain/plan-reschedule.ts";
import type { ShowSurvey } from "../domain/show-change.ts";

/** The dry run of another time for a show, or why it cannot have it. */
export type RescheduleSurvey = { survey: ShowSurvey; plan: ReschedulePlan } | { problem: string };

/** Another time for a show, as activities. */
export function createShowRescheduleActivities({ db }: { db: Pool }) {
  return {
    /** Safe to run again: it counts and compares. Time zones are read here, because their tables change. */
    async surveyReschedule({
      showId,
      ...wish
    }: RescheduleWish & { showId: string }): Promise<RescheduleSurvey> {
      const [survey, times] = await Promise.all([
        surveyShow(db, showId),
        reschedules.findShowTimes(db, showId),
      ]);
      if (survey === undefined || times === undefined) return { problem: "No such show." };
      const plan = planReschedule(times, wish, Date.now());
      if (typeof plan === "string") return { problem: plan };
      const clash = await reschedules.findHallClash(db, { showId, ...plan });
      if (clash === undefined) return { survey, plan };
      const { localStart } = clash;
      return { problem: `The hall is taken by ${showIds.encode(clash.showId)} at ${localStart}.` };
    },

    /** Safe to run again: a change is made once, under its id. */
    async rescheduleShow(
      change: ReschedulePlan & { showId: string; changeId: string },
    ): Promise<void> {
      await reschedules.rescheduleShow(db, change);
    },

    /** Safe to run again: a buyer is told once of each change. */
    async tellOfReschedule(
      page: BookingPage & { changeId: string },
    ): Promise<{ after: string | null }> {
      return { after: await reschedules.tellOfReschedule(db, page) };
    },
  };
}
