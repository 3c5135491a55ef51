import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Lets the receiver of a mail see a ticket, or accept one, without signing in: a keyed digest of the public id, of the ticket or of
 * the transfer. Each kind of id has a prefix of its own, so that no key of one opens another.
 */
export type TicketLinks = {
  access(publicTicketId: string): string;
  verify(publicTicketId: string, access: string): boolean;
};

/** `linkKey` is 32 bytes in base64. */
export function createTicketLinks(linkKey: string): TicketLinks {
  const key = Buffer.from(linkKey, "base64");
  if (key.length !== 32) throw new Error("LINK_KEY must be 32 bytes in base64");

  function digest(publicTicketId: string): Buffer {
    return createHmac("sha256", key).update(`ticket:${publicTicketId}`).digest();
  }
  return {
    access: (publicTicketId) => digest(publicTicketId).toString("base64url"),
    verify(publicTicketId, access) {
      const given = Buffer.from(access, "base64url");
      const wanted = digest(publicTicketId);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
