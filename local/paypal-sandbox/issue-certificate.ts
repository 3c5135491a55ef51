import type { KeyObject } from "node:crypto";
import { sign } from "node:crypto";

/**
 * An X.509 certificate as PEM, signed by an Ed25519 key. node:crypto reads certificates and issues none; this writes the few
 * fields that a chain is checked by. The same input gives the same certificate.
 */
export function issueCertificate(given: {
  subject: string;
  publicKey: KeyObject;
  issuer: { subject: string; privateKey: KeyObject };
  serial: number;
  /** Before 2050: a later year is written in another way. */
  validFrom: Date;
  validTo: Date;
  /** Whether it may issue certificates itself. */
  isAuthority: boolean;
}): string {
  const toBeSigned = sequence(
    tagged(0xa0, integer(2)), // version 3
    integer(given.serial),
    ed25519,
    name(given.issuer.subject),
    sequence(time(given.validFrom), time(given.validTo)),
    name(given.subject),
    given.publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(basicConstraints(given.isAuthority))),
  );
  const signature = sign(null, toBeSigned, given.issuer.privateKey);
  return pemOf(sequence(toBeSigned, ed25519, bits(signature)));
}

// Object identifiers, as they stand in every certificate.
const ed25519 = Buffer.from("300506032b6570", "hex");
const commonNameId = Buffer.from("0603550403", "hex");
const basicConstraintsId = Buffer.from("0603551d13", "hex");

function basicConstraints(isAuthority: boolean): Buffer {
  const yes = tagged(0x01, Buffer.from([0xff]));
  const constraints = isAuthority ? sequence(yes) : sequence();
  return sequence(basicConstraintsId, yes, tagged(0x04, constraints));
}

function name(commonName: string): Buffer {
  const text = tagged(0x0c, Buffer.from(commonName));
  return sequence(tagged(0x31, sequence(commonNameId, text)));
}

/** `261124120000Z`. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, "").slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  // A first bit of one would make it negative.
  return tagged(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function bits(content: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), content]));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** DER: what it is, how long it is, and the thing itself. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), content]);
  const [high, low] = [length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, 0x82, high, low]), content]);
}

function pemOf(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
