import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";

import { createMailer } from "../adapters/email/create-mailer.ts";
import { createMailInbox } from "../local/mail-inbox/create-mail-inbox.ts";
import { sampleMails, writeSample } from "../local/mail-inbox/sample-mails.ts";
import { openBrowser, openTab } from "./browser.ts";
import type { Screen } from "./browser.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { freePort } from "./free-port.ts";
import { keepPicture } from "./keep-picture.ts";

// Mails as somebody reads them: on a phone, in the dark, twice as large, and in the inbox of one machine.

let browser: Browser;
let inbox: ReturnType<typeof createMailInbox>;
let home: string;

beforeAll(async () => {
  browser = await openBrowser();
  inbox = createMailInbox();
  const [smtpPort, webPort] = [await freePort(), await freePort()];
  await inbox.listen({ smtpPort, webPort });
  home = `http://127.0.0.1:${webPort}`;
  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${smtpPort}`, from: "m@example.com" });
  for (const [name, sample] of Object.entries(sampleMails)) {
    await mailer.send({
      ...{ ...writeSample(sample, "en"), messageId: `${name}@marquee` },
      to: { name: "Asha", address: "asha@example.com" },
    });
  }
  await mailer.close();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await inbox.close();
}, 30_000);

describe.each<[string, Screen]>([
  ["on a small phone", { width: 320, height: 640 }],
  ["on a small phone, in the dark", { width: 320, height: 640, dark: true }],
  ["twice as large", { width: 640, height: 640, zoom: 2 }],
])("%s everybody can read", (_, screen) => {
  test.each(Object.keys(sampleMails))("%s", async (name) => {
    const tab = await openTab(browser, screen);
    const url = `${home}/mail`;
    const sample = sampleMails[name] ?? never();
    const { html: body, subject } = writeSample(sample, "de");
    await tab.route(url, (route) => route.fulfill({ body, contentType: "text/html" }));
    await tab.goto(url);
    expect(await tab.title()).toBe(subject);
    expect(await findPageFaults(tab)).toEqual([]);
    await tab.context().close();
  });
});

test("the inbox shows each mail, and the page of a template too", async () => {
  const tab = await openTab(browser, { width: 1_100, height: 800 });
  for (const name of ["reminder", "tickets"]) {
    await tab.goto(home);
    const { subject } = writeSample(sampleMails[name] ?? never(), "en");
    await tab.getByRole("button", { name: subject }).click();
    await tab.frameLocator("#body").getByText("Booking bk_").waitFor();
    await keepPicture(tab, `mail-${name}`);
  }
  await tab.goto(`${home}/templates/offer/de`);
  await tab.frameLocator("iframe").getByText("Plätze sind frei geworden").waitFor();
  await keepPicture(tab, "mail-template");
  expect(tab.asked.filter((url) => !url.startsWith(home) && !/^(data|about):/.test(url))).toEqual(
    [],
  );
  await tab.context().close();
}, 30_000);

function never(): never {
  throw new Error("There is no such mail");
}
