import { eventually } from "./eventually.ts";

/** The code in the newest mail to an address; `subject` says where in its subject. */
export async function readCode(
  inbox: string,
  email: string,
  subject = /(\d{6}) is your code/,
): Promise<string> {
  let code: string | undefined;
  await eventually(async () => {
    const answer = await fetch(`${inbox}/api/messages?to=${encodeURIComponent(email)}`);
    const { messages } = (await answer.json()) as { messages: { subject: string }[] };
    code = subject.exec(messages[0]?.subject ?? "")?.[1];
    return code !== undefined;
  });
  return code ?? "";
}

/** A code of as many digits that is not this one. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}
