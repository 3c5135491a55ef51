import { z } from "@hono/zod-openapi";

import { transferIds } from "../../domain/ids.ts";
import type { Transfer } from "../../domain/transfer.ts";
import { idSchema, isoTime, timestampSchema } from "./schemas.ts";

/** An offer of a ticket, as its owner and its receiver see it. */
export const transferSchema = z
  .object({
    transferId: idSchema("tt"),
    status: z.enum(["open", "accepted", "cancelled", "expired"]),
    expiresAt: timestampSchema,
  })
  .openapi("Transfer");

export function toTransfer({
  transferId,
  showId,
  status,
  expiresAtMs,
}: Transfer): z.infer<typeof transferSchema> {
  const publicId = transferIds.encode({ id: transferId, showId });
  return { transferId: publicId, status, expiresAt: isoTime(expiresAtMs) };
}
