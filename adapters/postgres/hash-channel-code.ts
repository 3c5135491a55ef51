import { createHash } from "node:crypto";

/**
 * What is kept of a channel's code: another one for every show and channel, so that two that have the same code do not show it. A code
 * is at least eight characters long and read in capitals.
 */
export function hashChannelCode(showId: string, channel: string, code: string): string {
  return createHash("sha256").update(`${showId} ${channel} ${code}`).digest("hex");
}

export const channelCodePattern = /^[A-Z0-9-]{8,40}$/;
