import type { Language } from "../../domain/notices.ts";
import { localMoment, venueMoment } from "../../domain/venue-dates.ts";

type ShowOfText = {
  title: string;
  venue: string;
  timeZone: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
};

/** What text messages say: one sentence or two, and no link, for nobody can tell a good one from a bad one there. */
export const showTexts = {
  cancelled: (show: ShowOfText & { isPaid: boolean }, language: Language): string => {
    const say = words[language];
    const cancelled = say.cancelled(titleOf(show), localMoment(show, language, "short"));
    return [cancelled, ...(show.isPaid ? [say.allGoesBack] : []), say.more].join(" ");
  },
  rescheduled: (show: ShowOfText & { startsAtMs: number }, language: Language): string => {
    const { startsAtMs: epochMs, timeZone } = show;
    const moment = venueMoment({ epochMs, timeZone }, language, "short");
    return words[language].rescheduled(titleOf(show), moment);
  },
  reminder: (show: ShowOfText, language: Language): string =>
    words[language].reminder(titleOf(show), localMoment(show, language, "short"), show.venue),
};

/** A message has 70 characters where one of them is not Latin: a long title would make it three. */
function titleOf({ title }: ShowOfText): string {
  return title.length > titleMax ? `${title.slice(0, titleMax - 1)}…` : title;
}

const titleMax = 40;

const words = {
  en: {
    cancelled: (title: string, moment: string) => `Marquee: ${title} on ${moment} is cancelled.`,
    allGoesBack: "All that you paid goes back.",
    more: "Our mail says more.",
    rescheduled: (title: string, moment: string) =>
      `Marquee: ${title} has a new time: ${moment}. Your tickets stay valid. Our mail says more.`,
    reminder: (title: string, moment: string, venue: string) =>
      `Marquee: ${title}, ${moment}, ${venue}. Your tickets are in your mail.`,
  },
  de: {
    cancelled: (title: string, moment: string) => `Marquee: ${title} am ${moment} ist abgesagt.`,
    allGoesBack: "Sie erhalten alles zurück.",
    more: "Mehr in unserer Mail.",
    rescheduled: (title: string, moment: string) =>
      `Marquee: ${title} hat einen neuen Termin: ${moment}. Ihre Karten gelten weiter. Mehr in unserer Mail.`,
    reminder: (title: string, moment: string, venue: string) =>
      `Marquee: ${title}, ${moment}, ${venue}. Ihre Karten sind in Ihrer Mail.`,
  },
};
