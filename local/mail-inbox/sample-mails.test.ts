import { expect, test } from "@jest/globals";

import { languages } from "../../domain/notices.ts";
import { createMailInbox } from "./create-mail-inbox.ts";
import { sampleMails, writeSample } from "./sample-mails.ts";

const everyMail = Object.entries(sampleMails).flatMap(([name, sample]) =>
  languages.map((language) => ({ name, language, mail: writeSample(sample, language) })),
);

test.each(everyMail)("$name in $language: text and HTML say the same", ({ mail }) => {
  const { lines, links } = read(mail.html);
  const written = mail.text.split("\n").filter((line) => line !== "");
  // A link of the text is one of the page; what stands before it in its line are the words of that link.
  const parts = written.map((line) => /^(?:(.+): )?(https:\S+)$/.exec(line) ?? ["", line, ""]);
  const words = parts.map(([, text]) => text).filter((text) => text !== undefined);
  const urls = parts.map(([, , url]) => url).filter((url) => url !== "");
  expect(inOrder(words)).toEqual(inOrder(lines.filter((line) => !buttons.has(line))));
  expect(inOrder(urls)).toEqual(inOrder(links));
});

function inOrder(list: (string | undefined)[]): string {
  return list.toSorted((a = "", b = "") => a.localeCompare(b)).join("\n");
}

/** Their place in the text is the address below the seat. */
const buttons = new Set(["Open ticket", "Karte öffnen"]);

test.each(everyMail)(
  "$name in $language: names are escaped, nothing is loaded, and it fits a phone and the dark",
  ({ mail, language }) => {
    expect(mail.html).not.toMatch(/<live>|<floor>|<script|undefined|\bNaN\b|\[object/);
    expect(mail.text + mail.subject).not.toMatch(/undefined|\bNaN\b|\[object|&amp;|<\//);
    expect(mail.html).not.toMatch(/\bsrc=|<link|@import|url\(|<img|<iframe|<form/i);
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(mail.html).toContain(`<html lang="${language}">`);
    // No colour of text without its ground, no width that a phone has not.
    const styles = [...mail.html.matchAll(/style="([^"]*)"/g)].map(([, style = ""]) => style);
    const uneven = styles.filter(
      (style) => /(?<!-)\bcolor:(?!inherit)/.test(style) !== /background:/.test(style),
    );
    expect(uneven).toEqual([]);
    expect(styles.join()).not.toMatch(/(?<!max-)width:\d{3,}px/);
  },
);

test("mails that can be turned off say where, and no others", () => {
  const withFooter = everyMail.filter(({ mail }) => mail.html.includes("/unsubscribe/"));
  expect(new Set(withFooter.map(({ name }) => sampleMails[name]?.kind))).toEqual(
    new Set(["reminders", "holds", "offers"]),
  );
  expect(withFooter.every(({ mail }) => mail.text.includes("/unsubscribe/"))).toBe(true);
});

test("both languages say other words", () => {
  for (const sample of Object.values(sampleMails)) {
    expect(writeSample(sample, "de").text).not.toBe(writeSample(sample, "en").text);
  }
});

test("each mail is to be seen on a page of the inbox, and what is none is not there", async () => {
  const { app } = createMailInbox();
  const index = await (await app.request("/templates")).text();
  for (const { name, language } of everyMail) {
    expect(index).toContain(`/templates/${name}/${language}`);
    const page = await app.request(`/templates/${name}/${language}`);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain("<live>");
  }
  for (const odd of ["/templates/none/en", "/templates/tickets/xx", "/templates/toString/en"]) {
    expect((await app.request(odd)).status).toBe(404);
  }
});

/** What a page says, line by line, and where its links lead. */
function read(html: string): { lines: string[]; links: string[] } {
  const body = html.slice(html.indexOf("<div"), html.indexOf("</body>"));
  const plain = (text: string) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
  const lines = body
    .replaceAll("\n", " ")
    .split(/<[^>]*>/)
    .map((part) => plain(part).trim())
    .filter((part) => part !== "" && part !== "Marquee");
  const links = [...body.matchAll(/href="([^"]*)"/g)].map(([, url = ""]) => plain(url));
  return { lines, links };
}
