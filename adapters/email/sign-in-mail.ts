import type { Language } from "../../domain/notices.ts";
import { escapeHtml, mailPage } from "./mail-page.ts";
import type { MailContent } from "./reader.ts";

/** The mail with a code to sign in with: short, for it is read on a lock screen. `minutes`: how long the code is good. */
export function signInMail(mail: {
  code: string;
  language: Language;
  minutes: number;
}): MailContent {
  const { code, language, minutes } = mail;
  const words = wordsOf[language];
  const subject = `${code} ${words.subject}`;
  const sentences = [words.once.replace("{minutes}", String(minutes)), words.notYou];
  const body = [
    `    <h1 style="font-size:24px;margin:0 0 8px">${escapeHtml(words.heading)}</h1>`,
    // Spaced by style: a code that is copied must not bring spaces along.
    `    <p style="font-size:32px;font-weight:700;letter-spacing:0.2em;margin:16px 0">${escapeHtml(code)}</p>`,
    ...sentences.map((sentence) => `    <p>${escapeHtml(sentence)}</p>`),
  ].join("\n");
  const text = [words.heading, "", code, "", ...sentences].join("\n");
  return { subject, html: mailPage({ subject, body }, { language }), text };
}

const wordsOf = {
  en: {
    subject: "is your code for Marquee",
    heading: "Your code",
    once: "It works once, for {minutes} minutes. We never ask you for it on the phone or in a chat.",
    notYou: "You did not ask for a code? Then you need do nothing: without it nobody gets in.",
  },
  de: {
    subject: "ist Ihr Code für Marquee",
    heading: "Ihr Code",
    once: "Er gilt einmal und {minutes} Minuten lang. Wir fragen nie am Telefon oder im Chat danach.",
    notYou:
      "Sie haben keinen Code verlangt? Dann ist nichts zu tun: Ohne ihn kommt niemand hinein.",
  },
};
