import { formatMoney } from "../domain/format-money.ts";
import type { ShowProgress, ShowSurvey } from "../domain/show-change.ts";

/** What agents read of a change of a show, in Markdown: numbers, ids and the catalogue's own words, nobody's data. */
export const showChangeDetails = {
  survey: (survey: ShowSurvey) =>
    [
      `**${plain(survey.title)}**, ${plain(survey.venue)}, ${survey.localStart}`,
      "",
      ...(survey.status === "cancelled" ? ["- it is cancelled already"] : []),
      `- bookings with tickets: **${count(survey.ticketed)}**, live tickets: ${count(survey.tickets)}`,
      `- bookings being paid: ${count(survey.confirmed)}, held: ${count(survey.held)}`,
      ...survey.sums.map(
        ({ currency, refundMinor, feeMinor }) =>
          `- paid for these tickets: **${money(refundMinor, currency)}**, ${money(feeMinor, currency)} of it fees`,
      ),
    ].join("\n"),

  ask: ({ code, untilMs }: { code: string; untilMs: number }, askedBy: string) =>
    [
      "**Nothing is changed yet.**",
      `Another agent than \`${askedBy}\` carries it out by the update \`approve\` with the code \`${code}\`.`,
      `Without that it ends at ${utc(untilMs)} UTC with nothing changed; \`abandon\` ends it now.`,
    ].join("\n\n"),

  progress: ({ voided, ticketed, confirmed, held, refunds }: ShowProgress) =>
    [
      `- bookings given back: **${count(voided)} of ${count(voided + ticketed + confirmed)}**`,
      `- bookings being paid: ${count(confirmed)}, held: ${count(held)}`,
      ...refunds.map(
        ({ currency, opened, openedMinor, paidOut, paidOutMinor }) =>
          `- refunds: ${count(opened)} of ${money(openedMinor, currency)}; paid out: ${count(paidOut)} of **${money(paidOutMinor, currency)}**; on their way: ${count(opened - paidOut)}`,
      ),
    ].join("\n"),

  refused: (refused: { bookingId: string; code: string }[]) =>
    refused.map(({ bookingId, code }) => `- not given back: \`${bookingId}\` (${code})`).join("\n"),

  utc,
};

function money(amountMinor: number, currency: string): string {
  return formatMoney({ amountMinor, currency });
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function utc(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 16).replace("T", " ");
}

/** The UI renders Markdown and lets HTML through: of a title only its words stay. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N} .,:;!?'’&()–-]/gu, " ").slice(0, 200);
}
