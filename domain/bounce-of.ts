/** `code` is a mail server's: "550", or "5.1.1". Hard: there is no such address, and there will be none tomorrow. */
export type Bounce = { isHard: boolean; code: string };

/**
 * What a report means for an address; undefined: nothing, the mail is late, or has arrived. By the words of RFC 3463: 5.1.x is about the
 * address, but 5.1.7 and 5.1.8 about ours; 5.2.1 is a mailbox that takes nothing any more. Where a server says no more than 5.0.0, its
 * answer to the recipient counts, as when it answers us (550, 551, 553). Everything else may mend: a full mailbox, a rule, our own fault.
 */
export function bounceOf({
  action,
  status,
  diagnosticCode,
}: {
  action: string;
  status: string;
  diagnosticCode: string;
}): Bounce | undefined {
  if (action !== "failed") return undefined;
  const [, reply = "", enhanced = ""] =
    /^(?:smtp|x-[\w-]+)\s*;\s*(?:[^\d]{0,40}\s)?(\d{3})\b(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/i.exec(
      diagnosticCode,
    ) ?? [];
  const told = isVague(status) && enhanced !== "" ? enhanced : status;
  const isHard = isVague(told)
    ? ["550", "551", "553"].includes(reply)
    : /^5\.(1\.([1-36]|10)|2\.1)$/.test(told);
  const code = isVague(told) && reply !== "" ? reply : told;
  return { isHard, code: codePattern.test(code) ? code : "5.0.0" };
}

const codePattern = /^\d\.\d{1,3}\.\d{1,3}$|^\d{3}$/;

function isVague(status: string): boolean {
  return !codePattern.test(status) || status === "5.0.0";
}
