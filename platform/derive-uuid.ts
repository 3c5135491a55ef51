import { hash } from "node:crypto";

/** The same parts give the same UUID (version 8 of RFC 9562) in every process and for ever; nobody can aim at somebody else's. */
export function deriveUuid(purpose: string, ...parts: string[]): string {
  // JSON keeps the parts apart: ["a", "bc"] is not ["ab", "c"].
  const hex = hash("sha256", JSON.stringify([purpose, ...parts]));
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
