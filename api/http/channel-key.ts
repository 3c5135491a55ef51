import { z } from "@hono/zod-openapi";
import type { Context } from "hono";

import type { ChannelKey } from "../shows/open-channel.ts";
import type { AppEnv } from "./app-env.ts";
import { requestAddress } from "./caller-address.ts";
import { header } from "./schemas.ts";

/** In the query or the body; its code is a header, so that no log and no cache has it in an address. */
export const channelSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .optional()
  .openapi({
    example: "presale",
    description: "Through which channel; its code is in the header `Channel-Code`",
  });

export const channelCodeHeader = header(
  "channel-code",
  "The code of the channel that the request names",
);

export function readChannelKey(
  context: Context<AppEnv>,
  channel: string | undefined,
  trustedProxies: number,
): ChannelKey | undefined {
  if (channel === undefined) return undefined;
  const address = requestAddress(context, trustedProxies);
  return { channel, code: context.req.header("channel-code") ?? "", address };
}
