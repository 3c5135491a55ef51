import { hash } from "node:crypto";

/** The same parts give the same UUID (version 8 of RFC 9562) in every process and for ever; nobody can aim at somebody else's. */
export function deriveUuid(purpose: string, ...parts: string[]): string {
  // JSON keeps the parts apart: ["a", "bc"] is not ["ab", "c"].
  const bytes = hash("sha256", JSON.stringify([purpose, ...parts]), "buffer").subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
