import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import MailComposer from "nodemailer/lib/mail-composer/index.js";

import { writeDeliveryReport } from "../../tests/write-delivery-report.ts";
import { readParts } from "./mime-parts.ts";
import { readDeliveryReport } from "./read-delivery-report.ts";

const messageId = "<e.u.m.s@marquee>";
const date = new Date("2026-11-28T04:00:07Z");
const told = {
  ...{ messageId, action: "failed", status: "5.1.1" },
  diagnosticCode: "smtp; 550 5.1.1 No such mailbox here",
  writtenAt: date,
};

test.each([
  ["its head alone is returned", writeDeliveryReport({ messageId, date })],
  [
    "all of it is returned",
    writeDeliveryReport({ messageId, date, returnedType: "message/rfc822" }),
  ],
  ["the lines end as on Unix", writeDeliveryReport({ messageId, date }).replaceAll("\r\n", "\n")],
  ["what returns is large", writeDeliveryReport({ messageId, date, more: "x".repeat(500_000) })],
  [
    "it breaks off in what returns",
    writeDeliveryReport({ messageId, date }).split("Subject: Your")[0],
  ],
  [
    "a status comes with a comment",
    writeDeliveryReport({ messageId, date, status: "5.1.1 (bad mailbox)" }),
  ],
  [
    "fields are written in capitals and go on",
    writeDeliveryReport({ messageId, date })
      .replace("Action: failed", "ACTION:\r\n\tFailed")
      .replace("smtp; 550 5.1.1 No such", "smtp;\r\n 550 5.1.1 No such"),
  ],
])("a report is read: %s", (_what, mail = "") => {
  expect(readDeliveryReport(Buffer.from(mail))).toEqual(told);
});

test("of a report about several recipients the first that failed counts", () => {
  const other =
    "Final-Recipient: rfc822; b@example.com\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n";
  const mail = writeDeliveryReport({ messageId, date }).replace(
    "Final-Recipient",
    `${other}Final-Recipient`,
  );
  expect(readDeliveryReport(Buffer.from(mail))).toEqual(told);
});

test.each([
  [
    "an answer of somebody who is away",
    "Subject: Away\r\nAuto-Submitted: auto-replied\r\n\r\nBack on Monday",
  ],
  [
    "a mail of several parts",
    writeDeliveryReport({ messageId, date }).replace("message/delivery-status", "text/plain"),
  ],
  [
    "one that returns nothing",
    writeDeliveryReport({ messageId, date }).replace("text/rfc822-headers", "text/plain"),
  ],
  [
    "one that names no mail",
    writeDeliveryReport({ messageId, date }).replace(/Message-ID:\r\n \S+\r\n/, ""),
  ],
  ["nothing", ""],
])("%s is no report", (_what, mail) => {
  expect(readDeliveryReport(Buffer.from(mail))).toBeUndefined();
});

/** The same by libraries that know all of MIME: one writes it, the other reads it. */
test.each(["7bit", "base64", "quoted-printable"] as const)(
  "parts are what mailparser reads, in %s",
  async (encoding) => {
    const status = "Reporting-MTA: dns; mx.example.com\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n";
    const returned = `Message-ID: ${messageId}\r\nSubject: a = b, and =41\r\n`;
    const part = (contentType: string, content: string) => ({
      ...{ contentType, content, contentDisposition: "inline" as const },
      ...{ filename: false as const, contentTransferEncoding: encoding },
    });
    const mail = await new MailComposer({
      ...{ from: "mx@example.com", to: "returns@tickets.example", text: "It came back." },
      attachments: [part("message/delivery-status", status), part("text/rfc822-headers", returned)],
    })
      .compile()
      .build();
    const { attachments } = await simpleParser(mail, { keepDeliveryStatus: true });
    const read = readParts(mail.toString("latin1")).filter(({ type }) => type !== "text/plain");
    const unix = (text: string) => text.replaceAll("\r\n", "\n").trim();
    expect(attachments).toHaveLength(2);
    expect(read.map(({ type, text }) => [type, unix(text)])).toEqual(
      attachments.map(({ contentType, content }) => [contentType, unix(content.toString())]),
    );
    expect(readDeliveryReport(mail)).toMatchObject({
      messageId,
      action: "failed",
      status: "5.1.1",
    });
  },
);

test("whatever comes is answered, and at once", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom("\r\n", "\n\n", "--", "=_cut here (1)", "Content-Type: ", "multipart/report; "),
    fc.constantFrom('boundary="a"', "message/delivery-status", "Action: ", ":", "\t", " "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      readDeliveryReport(Buffer.from(pieces.join("")));
    }),
  );
  for (const repeated of [
    "\n ",
    "--a\n",
    "a:",
    "=\n",
    "\t",
    '; boundary="',
    "\n\n",
    "Content-Type: multipart/",
  ]) {
    const mail = `Content-Type: multipart/report; boundary=a\n\n--a\n${repeated.repeat(30_000)}`;
    const startedAt = performance.now();
    readDeliveryReport(Buffer.from(mail));
    readDeliveryReport(Buffer.from(repeated.repeat(30_000)));
    // A bound against what grows with the square: that takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  }
  const packed = (blanks: number) => {
    const head = "Content-Type: multipart/report; boundary=a\n\n--a\n";
    const part = "Content-Transfer-Encoding: quoted-printable\n\n";
    const startedAt = performance.now();
    readDeliveryReport(Buffer.from(`${head}${part}${" ".repeat(blanks)}x`));
    return performance.now() - startedAt;
  };
  // A million blanks take some ms; when each of them was looked at anew, a sixteenth of that took three seconds.
  expect(packed(1_000_000)).toBeLessThan(10_000);
});
