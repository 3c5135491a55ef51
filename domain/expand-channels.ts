import type { ShowTimes } from "./expand-series.ts";
import type { PlanPath, PlanProblem } from "./plan-problem.ts";
import type { SeatChannel } from "./seat-channel.ts";
import { resolveMoment } from "./show-moment.ts";
import type { ShowMoment } from "./show-moment.ts";

export type ChannelPlan = {
  key: string;
  name: string;
  opens?: ShowMoment | undefined;
  closes?: ShowMoment | undefined;
};

export type ChannelTimes = Pick<SeatChannel, "channel" | "name" | "opensAtMs" | "closesAtMs">;

/** The channels of one show of a series, and what is wrong with their times. */
export function expandChannels(
  plans: readonly ChannelPlan[],
  show: ShowTimes,
  timeZone: string,
  path: PlanPath,
): { channels: ChannelTimes[]; problems: PlanProblem[] } {
  const problems: PlanProblem[] = [];
  const channels = plans.map(({ key, name, opens, closes }, index): ChannelTimes => {
    const problem = (field: string, message: string) =>
      problems.push({ path: [...path, "channels", index, field], message });
    const resolve = (field: string, moment: ShowMoment | undefined) => {
      if (moment === undefined) return null;
      const at = resolveMoment(moment, show.localDate, timeZone);
      if (typeof at === "number") return at;
      problem(field, at);
      return null;
    };
    const [opensAtMs, closesAtMs] = [resolve("opens", opens), resolve("closes", closes)];
    const endsAtMs = Math.min(closesAtMs ?? Infinity, show.salesCloseAtMs);
    if ((opensAtMs ?? show.salesOpenAtMs) >= endsAtMs) {
      const message = `${show.localDate} ${show.localTime}: the channel would close before it opens`;
      problem(closes === undefined ? "opens" : "closes", message);
    }
    return { channel: key, name, opensAtMs, closesAtMs };
  });
  return { channels, problems };
}
