import { isIP } from "node:net";

/**
 * By what an address is counted: an address of IPv4 by itself, one of IPv6 by its /64, because who has one address of that has the
 * other 2^64 as well. However an address is written, it is the same network; what is no address is its own.
 */
export function networkOf(written: string): string {
  const address = plainAddress(written);
  if (isIP(address) !== 6) return address;
  const [head = [], tail = []] = address.toLowerCase().split("::").map(groupsOf);
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => "0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}

/** Without the port that some proxies add (`192.0.2.1:4711`, `[2001:db8::1]:4711`), the zone, and what maps IPv4 into IPv6. */
export function plainAddress(written: string): string {
  // Nearly all: a dot and no colon.
  if (!written.includes(":")) return written;
  const [, dotted] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(written) ?? [];
  if (dotted !== undefined) return dotted;
  const [, bracketed = written] = /^\[([^\]]+)\](?::\d+)?$/.exec(written) ?? [];
  return bracketed.split("%")[0] ?? "";
}

/** A group in dots counts as two, and lies behind the network. */
function groupsOf(part: string): string[] {
  const groups = part === "" ? [] : part.split(":");
  return groups.flatMap((group) =>
    group.includes(".") ? ["0", "0"] : [Number.parseInt(group, 16).toString(16)],
  );
}
