/** What a mail server writes about a mail that has come back, as RFC 3464 has it. */
export function writeDeliveryReport({
  messageId,
  action = "failed",
  status = "5.1.1",
  diagnosticCode = "smtp; 550 5.1.1 No such mailbox here",
  recipient = "somebody@example.com",
  returnedType = "text/rfc822-headers",
  date = new Date(),
  more = "",
}: {
  messageId: string;
  action?: string;
  status?: string;
  diagnosticCode?: string;
  recipient?: string;
  returnedType?: string;
  /** Of the report. */
  date?: Date;
  /** What follows the head of the mail that has come back. */
  more?: string;
}): string {
  return [
    "Return-Path: <>",
    "From: Mail Delivery System <postmaster@mx.example.com>",
    "To: <returns@tickets.example>",
    `Date: ${date.toUTCString().replace("GMT", "+0000 (UTC)")}`,
    "Subject: Undelivered",
    "MIME-Version: 1.0",
    "Content-Type: multipart/report; report-type=delivery-status;",
    '\tboundary="=_cut here (1)"',
    "",
    "For programs that know no parts.",
    "--=_cut here (1)",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "It could not be delivered.",
    "Message-ID: <said-in-words@marquee>",
    "",
    "--=_cut here (1)",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.com",
    "Arrival-Date: Sat, 28 Nov 2026 04:00:00 +0000",
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    "Remote-MTA: dns; mx.example.com",
    `Diagnostic-Code: ${diagnosticCode}`,
    "",
    "--=_cut here (1)",
    `Content-Type: ${returnedType}`,
    "",
    "From: Marquee <tickets@tickets.example>",
    `To: Asha <${recipient}>`,
    "Message-ID:",
    ` ${messageId}`,
    "Subject: Your tickets",
    "",
    more,
    "--=_cut here (1)--",
    "",
  ].join("\r\n");
}
