import { createKeyedDigest } from "./keyed-digest.ts";

/**
 * Short signed texts that people carry for us, so that a process can believe them without asking anybody: some words, and a
 * keyed digest of them and of what kind of slip it is. What is in a slip can be read by everybody.
 */
export type Slips = {
  /** `words` are of letters, digits, `-` and `_`. */
  sign(kind: string, words: readonly string[]): string;
  /** The words of a slip of this kind; undefined: it is not one of ours, or was changed. */
  read(kind: string, slip: string): string[] | undefined;
  /** 32 secret bytes that belong to this name and to this key. */
  secret(name: string): Buffer;
};

/** `key` is 32 bytes in base64. */
export function createSlips(key: string): Slips {
  const keyBytes = Buffer.from(key, "base64");
  if (keyBytes.length !== 32) throw new Error("A key for slips is 32 bytes in base64");
  const digest = createKeyedDigest(keyBytes);
  const sealOf = (kind: string, body: string) =>
    digest(`${kind}:${body}`).toString("base64url", 0, sealBytes);

  return {
    sign(kind, words) {
      const body = words.join(".");
      if (!words.every((word) => wordPattern.test(word))) throw new Error(`No words: ${body}`);
      return `${body}.${sealOf(kind, body)}`;
    },
    read(kind, slip) {
      if (slip.length > slipLengthMax) return undefined;
      const end = slip.lastIndexOf(".");
      const body = slip.slice(0, Math.max(end, 0));
      return isEqual(slip.slice(end + 1), sealOf(kind, body)) ? body.split(".") : undefined;
    },
    secret: (name) => digest(`secret:${name}`),
  };
}

/** Takes as long wherever they differ: how much of a seal was guessed right is nobody's to know. */
function isEqual(given: string, seal: string): boolean {
  let difference = given.length ^ seal.length;
  for (let at = 0; at < seal.length; at += 1) {
    difference |= given.charCodeAt(at) ^ seal.charCodeAt(at);
  }
  return difference === 0;
}

/** 128 bits: nobody guesses them while a slip is worth anything. */
const sealBytes = 16;
/** Longer than any of ours, and whatever is in it no more bytes than can be digested. */
const slipLengthMax = 300;
const wordPattern = /^[\w-]+$/;
