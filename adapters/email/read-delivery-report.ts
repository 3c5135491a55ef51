import { readParts, readFields } from "./mime-parts.ts";

/** What a mail server says of a mail that it could not deliver, as RFC 3464 has it. */
export type DeliveryReport = {
  /** Of the mail that has come back. */
  messageId: string;
  /** "failed", or "delayed", "delivered", "relayed", "expanded", in lower case. */
  action: string;
  /** Such as "5.1.1"; "" where there is none. */
  status: string;
  /** Of another mail server in its own words, such as "smtp; 550 5.1.1 No such user"; "" where there is none. */
  diagnosticCode: string;
  /** By the clock of whoever wrote the report, which stays the same when it is sent again; undefined where it does not say. */
  writtenAt: Date | undefined;
};

/**
 * Reads a whole mail, or its first part: what is returned comes last, and of that only the head is looked at. undefined: it is no report,
 * or does not name the mail that it is about. Our mails have one recipient each; of a report about several the first that failed counts.
 */
export function readDeliveryReport(raw: Uint8Array): DeliveryReport | undefined {
  const mail = Buffer.from(raw.subarray(0, bytesMax)).toString("latin1");
  const parts = readParts(mail);
  const told = parts.find(({ type }) => /^message\/(global-)?delivery-status$/.test(type));
  const returned = parts.findLast(({ type }) => returnedTypes.test(type));
  if (told === undefined || returned === undefined) return undefined;

  const messageId = readFields(returned.text).get("message-id");
  // The first group is about the report, each of the others about one recipient.
  const recipients = told.text
    .split(/\n[ \t]*\n/)
    .map(readFields)
    .filter((fields) => fields.has("action"));
  const actionOf = (fields: Map<string, string>) => firstWord(fields.get("action") ?? "");
  const failed = recipients.find((fields) => actionOf(fields) === "failed") ?? recipients[0];
  if (messageId === undefined || failed === undefined) return undefined;
  return {
    messageId,
    action: actionOf(failed),
    status: firstWord(failed.get("status") ?? ""),
    diagnosticCode: failed.get("diagnostic-code") ?? "",
    writtenAt: readDate(readFields(mail.replaceAll("\r\n", "\n")).get("date") ?? ""),
  };
}

const returnedTypes = /^(message\/(rfc822|global|global-headers)|text\/rfc822-headers)$/;
/** Reports are some kilobytes; with all of a mail that comes back they are larger, and nothing of that is needed. */
const bytesMax = 64 * 1_024;

function readDate(value: string): Date | undefined {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Comments in brackets may follow. */
function firstWord(value: string): string {
  return (/^[^\s(;]+/.exec(value)?.[0] ?? "").toLowerCase();
}
