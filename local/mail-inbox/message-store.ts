import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export type Message = {
  messageId: string;
  to: string[];
  subject: string;
  receivedAt: string;
  text: string;
  html: string;
};

export type MessageStore = ReturnType<typeof createMessageStore>;

const messagesMax = 1_000;

/** The newest thousand mails, newest first. With a file, they are there again after a restart. */
export function createMessageStore(file?: string) {
  let messages: Message[] = [];
  if (file !== undefined && existsSync(file)) {
    const kept = readFileSync(file, "utf8").split("\n").flatMap(readLine).slice(-messagesMax);
    messages = kept.toReversed();
    // What was dropped goes from the file too, and what was torn: it grows between restarts only.
    writeFileSync(`${file}.new`, kept.map((message) => `${JSON.stringify(message)}\n`).join(""));
    renameSync(`${file}.new`, file);
  }
  return {
    add(message: Message): void {
      messages = [message, ...messages].slice(0, messagesMax);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(message)}\n`);
    },
    list: (): Message[] => messages,
  };
}

/** None, for a line that a crash has cut short. */
function readLine(line: string): Message[] {
  try {
    return [JSON.parse(line) as Message];
  } catch {
    return [];
  }
}
