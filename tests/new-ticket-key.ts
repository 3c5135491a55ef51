import { generateKeyPairSync } from "node:crypto";

/** A key for tickets, as TICKET_KEYS has it. */
export function newTicketKey(id: string): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return `${id}:${privateKey.export({ format: "der", type: "pkcs8" }).toString("base64")}`;
}
