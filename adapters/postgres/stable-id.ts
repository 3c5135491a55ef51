import { createHash } from "node:crypto";

/**
 * The id of what a catalogue file calls by a key: the same names give the same UUID, so that a second import finds the row of the
 * first. Version 8 of RFC 9562: made from a hash.
 */
export function stableId(kind: string, ...names: string[]): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([kind, ...names]))
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex", 0, 16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
