import type { TicketDocument } from "../../domain/ticket-document.ts";
import { optionalSettings } from "../../platform/optional-settings.ts";
import { signApplePass } from "./sign-apple-pass.ts";
import { signGoogleLink } from "./sign-google-link.ts";

/** What makes a ticket fit for the wallets of phones; undefined: this deployment has no account there. */
export type Wallets = {
  /** A `.pkpass` file. */
  apple: ((ticket: TicketDocument) => Buffer) | undefined;
  /** The link that saves it. */
  google: ((ticket: TicketDocument) => Promise<string>) | undefined;
};

export type WalletSettings = {
  [Key in (typeof appleKeys | typeof googleKeys)[number]]?: Setting;
};
type Setting = string | undefined;

/** Certificates and keys come as base64 of their PEM files, which have lines. Throws when half an account is configured. */
export function offerWallets(settings: WalletSettings): Wallets {
  const apple = optionalSettings(pick(settings, appleKeys), ...appleKeys);
  const google = optionalSettings(pick(settings, googleKeys), ...googleKeys);
  return {
    apple:
      apple &&
      ((ticket) =>
        signApplePass(ticket, {
          passTypeId: apple.APPLE_PASS_TYPE_ID,
          teamId: apple.APPLE_TEAM_ID,
          certificate: pemOf(apple.APPLE_PASS_CERTIFICATE),
          privateKey: pemOf(apple.APPLE_PASS_KEY),
          intermediateCertificate: pemOf(apple.APPLE_INTERMEDIATE_CERTIFICATE),
        })),
    google:
      google &&
      ((ticket) =>
        signGoogleLink(ticket, {
          issuerId: google.GOOGLE_WALLET_ISSUER_ID,
          clientEmail: google.GOOGLE_WALLET_EMAIL,
          privateKey: pemOf(google.GOOGLE_WALLET_KEY),
        })),
  };
}

const appleKeys = [
  ...(["APPLE_PASS_TYPE_ID", "APPLE_TEAM_ID", "APPLE_PASS_CERTIFICATE"] as const),
  ...(["APPLE_PASS_KEY", "APPLE_INTERMEDIATE_CERTIFICATE"] as const),
] as const;
const googleKeys = [
  ...(["GOOGLE_WALLET_ISSUER_ID", "GOOGLE_WALLET_EMAIL", "GOOGLE_WALLET_KEY"] as const),
] as const;

function pick<Key extends string>(
  settings: { [Name in Key]?: Setting },
  keys: readonly Key[],
): Record<Key, Setting> {
  return Object.fromEntries(keys.map((key) => [key, settings[key]])) as Record<Key, Setting>;
}

function pemOf(encoded: string): string {
  return Buffer.from(encoded, "base64").toString();
}
