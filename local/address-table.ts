import { paths } from "./paths.ts";

type Shown = Record<"api" | "identity" | "stripe" | "paypal" | "inbox" | "temporalUi", string>;

/** Where a running Marquee is, for people: one address a line, and what cannot be had on this machine. */
export function addressTable(addresses: Shown, leftOut: string[] = []): string {
  const lines = [
    ["API", addresses.api, "the shop; its reference is at /docs"],
    ["Demo people", addresses.identity, "tokens to sign in with"],
    ["Stripe", addresses.stripe, "its sandbox: the page to pay on"],
    ["PayPal", addresses.paypal, "its sandbox"],
    ["Mail inbox", addresses.inbox, "every mail that is sent"],
    ["Temporal UI", addresses.temporalUi, "every checkout, step by step"],
    ["Logs", `${paths.state}/{servers,house}/logs`, ""],
    ...(leftOut.length > 0 ? [["Left out", `${leftOut.join(", ")}: see above`, ""]] : []),
  ];
  return lines
    .map(([what = "", where = "", why = ""]) => `  ${what.padEnd(13)}${where.padEnd(24)} ${why}`)
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
