import { createHash } from "node:crypto";
import { BlockList, isIP } from "node:net";

import { DomainError } from "../../domain/errors.ts";
import { plainAddress } from "../../platform/network-of.ts";

/** Who of the askers is a partner: by a key that they send, or by the address that they come from. */
export type Partners = {
  /** The partner's name. Throws PARTNER_KEY_INVALID: somebody with a wrong key would be refused later, in the middle of a sale. */
  of(asker: { key: string | undefined; address: string }): string | undefined;
};

/**
 * `list` as in the setting PARTNERS, with commas in between: `radio=sha256:` and the SHA-256 of the partner's key in hexadecimal,
 * or `boxoffice=198.51.100.0/24`; a partner may be there several times. Keys are of 32 random bytes, so their digests need no
 * salt, and looking for one tells nobody about another.
 */
export function createPartners(list: string): Partners {
  const names = new Map<string, string>();
  const ranges: { name: string; range: BlockList }[] = [];
  for (const entry of list.split(",").filter((one) => one.trim() !== "")) {
    const [, name = "", known = ""] = /^\s*([\w-]+)=(\S+)\s*$/.exec(entry) ?? [];
    const [, digest] = /^sha256:([0-9a-f]{64})$/i.exec(known) ?? [];
    const range = digest === undefined ? rangeOf(known) : undefined;
    if (digest !== undefined) names.set(digest.toLowerCase(), name);
    else if (range !== undefined) ranges.push({ name, range });
    // Not what it says: it may be a key that somebody has put there in clear.
    else
      throw new Error(`PARTNERS: ${name === "" ? "an entry" : name} has no digest and no address`);
  }

  return {
    of({ key, address }) {
      if (key !== undefined) {
        const name = names.get(createHash("sha256").update(key).digest("hex"));
        if (name === undefined) throw new DomainError("PARTNER_KEY_INVALID");
        return name;
      }
      if (ranges.length === 0) return undefined;
      const plain = plainAddress(address);
      const family = isIP(plain) === 6 ? "ipv6" : "ipv4";
      return ranges.find(({ range }) => isIP(plain) !== 0 && range.check(plain, family))?.name;
    },
  };
}

function rangeOf(text: string): BlockList | undefined {
  const [address = "", bits] = text.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const bitsMax = family === "ipv6" ? 128 : 32;
  const length = bits === undefined ? bitsMax : Number(bits);
  if (isIP(address) === 0 || !Number.isInteger(length) || length < 0 || length > bitsMax) {
    return undefined;
  }
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return range;
}
