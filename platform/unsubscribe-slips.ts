import { createSlips } from "./slips.ts";

/** Lets the receiver of a mail turn off mails of its kind without signing in: words that are signed as links to tickets are. */
export type UnsubscribeSlips = {
  sign(order: UnsubscribeOrder): string;
  /** undefined: none of ours. */
  read(slip: string): UnsubscribeOrder | undefined;
};

export type UnsubscribeOrder = { userId: string; kind: string };

/** `linkKey` is 32 bytes in base64. */
export function createUnsubscribeSlips(linkKey: string): UnsubscribeSlips {
  const slips = createSlips(linkKey);
  return {
    sign: ({ userId, kind }) => slips.sign("unsubscribe", [userId, kind]),
    read(slip) {
      const [userId, kind] = slips.read("unsubscribe", slip) ?? [];
      return userId === undefined || kind === undefined ? undefined : { userId, kind };
    },
  };
}
