import { z } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { TicketView } from "../../adapters/postgres/describe-ticket.ts";
import type { Wallets } from "../../adapters/wallet/offer-wallets.ts";
import { DomainError } from "../../domain/errors.ts";
import { ticketIds } from "../../domain/ids.ts";
import type { TicketLinks } from "../../platform/ticket-links.ts";
import type { Operations } from "../operations/create-operations.ts";
import type { AppEnv } from "./app-env.ts";
import { bearerToken } from "./authenticate.ts";
import type { TokenVerifier } from "./authenticate.ts";

export type TicketAccess = {
  operations: Operations;
  verifyToken: TokenVerifier;
  ticketLinks: TicketLinks;
  wallets: Wallets;
};

/** A ticket for its owner, or for whoever has the link from the mail: a friend at the door need not sign in. */
export async function readTicketOf(
  { operations, verifyToken, ticketLinks }: TicketAccess,
  context: Context<AppEnv>,
  publicId: string,
): Promise<TicketView> {
  const { id: ticketId, showId } = ticketIds.decode(publicId);
  const access = context.req.header("ticket-access");
  if (access !== undefined) {
    if (!ticketLinks.verify(publicId, access)) throw new DomainError("TICKET_ACCESS_INVALID");
    return operations.readTicket({ ticketId, showId, userId: undefined });
  }
  const token = bearerToken(context.req.header("authorization"));
  if (token === undefined) throw new DomainError("TOKEN_MISSING");
  const { userId } = await verifyToken(token);
  return operations.readTicket({ ticketId, showId, userId });
}

/** Whether somebody asks who has the link, and is not known otherwise. */
export function isByLink(context: Context<AppEnv>): boolean {
  return context.req.header("ticket-access") !== undefined;
}

export const ticketHeaders = z.object({
  "ticket-access": z
    .string()
    .optional()
    .openapi({ description: "The key after the # of the link in the mail" }),
});

export const ownerOrLink = [{ bearer: [] }, { ticketAccess: [] }];

export const ticketRefusals = [
  "ID_MALFORMED",
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TICKET_ACCESS_INVALID",
  "TICKET_NOT_FOUND",
] as const;
