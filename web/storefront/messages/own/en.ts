/** What the pages of one person say: signing in, bookings, tickets, account. */
export const ownEn = {
  ways: "Yours",
  pages: { bookings: "My bookings", wallet: "Tickets", account: "Account" },
  loading: "One moment …",
  trouble:
    "This is away for the moment. Your tickets and your money are safe. Try again in a minute.",
  needsScript: "This page needs JavaScript. Your tickets are in your mail, too.",
  account: {
    known: "Who you are",
    why: "Tickets and news about your bookings go to this address. Nobody else sees it.",
    name: "Name",
    email: "E-mail address for tickets",
    save: "Save",
    saved: "Saved.",
    refused: "Please fill in a name and an e-mail address.",
    out: "Sign out",
    outWhy: "On a device that others use, too, sign out when you are done.",
    outHere: "Sign out here",
    outEverywhere: "Sign out everywhere",
  },
  signIn: {
    heading: "Sign in",
    why: "We send you a code by mail. There is no password.",
    email: "Your e-mail address",
    send: "Send me a code",
    sent: (email: string) => `We have sent a code to ${email}.`,
    code: "The six digits from the mail",
    go: "Sign in",
    again: "Send another code",
    againIn: (seconds: number) => `Send another code (in ${seconds} s)`,
    other: "Use another address",
    refusals: {
      SIGN_IN_CODE_WRONG: "That is not the code in our newest mail. Look once more.",
      SIGN_IN_CODE_OVER: "This code is over. Have another one sent.",
      SIGN_IN_MAIL_REFUSED: "No mail reaches this address. Is there a slip in it?",
      SIGN_IN_NOT_OFFERED: "Nobody can sign in here by mail.",
      REQUEST_INVALID: "This does not look like an e-mail address.",
      RATE_LIMITED: "That was often. Wait some minutes, and try again.",
      OFFLINE: "There is no connection. Try again when there is.",
    } as Record<string, string>,
    trouble: "Signing in is away for the moment. Try again in a minute.",
  },
};

export type OwnMessages = typeof ownEn;
