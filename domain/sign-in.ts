import type { Language } from "./notices.ts";

/** Signing in by a code in a mail, as the edge asks for it. Everything throws SIGN_IN_UNAVAILABLE while it cannot be had. */
export type SignIn = {
  /** Sends a code to the address, in the house's language unless another is asked for. Throws SIGN_IN_MAIL_REFUSED when no mail can ever reach it. */
  sendCode(wish: { email: string; language?: Language | undefined }): Promise<void>;
  /**
   * Begins a session. Mails come in this language to whoever has chosen none. Throws SIGN_IN_CODE_WRONG, and SIGN_IN_CODE_OVER when only
   * another code will do.
   */
  begin(answer: {
    email: string;
    code: string;
    language?: Language | undefined;
  }): Promise<BegunSession>;
  /** An access token for a session. Throws TOKEN_MISSING when the session is over, or never was. */
  accessToken(session: string): Promise<AccessToken>;
  /** Ends a session; one that is over already is no error. Or all of its person: throws TOKEN_MISSING when it is over. */
  end(session: string, options: { everywhere: boolean }): Promise<void>;
};

export type AccessToken = { token: string; userId: string; expiresInSeconds: number };
/** `session` is a secret of the browser: it goes into a cookie that no script reads. */
export type BegunSession = AccessToken & { session: string };

/** A code is good for so long, and for so many tries. */
export const signInCodeSeconds = 600;
export const signInTriesMax = 5;
/** A session ends so long after it was last used. */
export const sessionSeconds = 30 * 24 * 3_600;
/** What a stolen token is worth, and how long somebody stays signed in who was signed out everywhere. */
export const accessTokenSeconds = 900;
