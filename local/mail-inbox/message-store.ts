import { appendFileSync, existsSync, readFileSync } from "node:fs";

export type Message = {
  messageId: string;
  to: string[];
  subject: string;
  receivedAt: string;
  text: string;
  html: string;
};

const messagesMax = 1_000;

/** The newest thousand mails, newest first. With a file, they are there again after a restart. */
export function createMessageStore(file?: string) {
  let messages: Message[] = [];
  if (file !== undefined && existsSync(file)) {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean).slice(-messagesMax);
    messages = lines.map((line) => JSON.parse(line) as Message).toReversed();
  }
  return {
    add(message: Message): void {
      messages = [message, ...messages].slice(0, messagesMax);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(message)}\n`);
    },
    list: (): Message[] => messages,
  };
}
