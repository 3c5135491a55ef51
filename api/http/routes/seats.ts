import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { seatStatuses } from "../../../domain/booking.ts";
import { showIds } from "../../../domain/ids.ts";
import type { SeatFace } from "../../live/seat-face.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { channelCodeHeader, channelSchema, readChannelKey } from "../channel-key.ts";
import { createRoutes } from "../create-routes.ts";
import { wholeAnswer } from "../house-headers.ts";
import {
  chooseCoding,
  codedHeaders,
  isWorthPacking,
  packBody,
  varyByCoding,
} from "../pack-body.ts";
import { publicCaching, publicLives, staleHeader } from "../public-caching.ts";
import { idParam, idSchema, problems } from "../schemas.ts";
import { whoAsks } from "../who-asks.ts";

/** Which seats are free. One second in a cache at the edge turns a crowd in front of one show into one question a second. */
export function createSeatRoutes(deps: {
  operations: Operations;
  trustedProxies: number;
}): OpenAPIHono<AppEnv> {
  const { operations, trustedProxies } = deps;
  const routes = createRoutes();
  routes.openapi(seatsRoute, async (context) => {
    const { id } = context.req.valid("param");
    const { format, channel: named } = context.req.valid("query");
    const showId = showIds.decode(id);
    const key = readChannelKey(context, named, trustedProxies);
    const channel = await operations.openChannel(showId, key);
    operations.lineDemand.hear(showId, () => whoAsks(context, trustedProxies));
    const { view, staleSeconds } = await operations.seatViews.read(showId, channel);
    // Written once for everybody until a seat changes.
    const { body, headers } = view.once(format, () => writeAnswer(id, view, format));
    const stale = staleHeader(staleSeconds);
    const caching =
      channel === undefined
        ? publicCaching(publicLives.seats, [id, "seats"])
        : { "cache-control": "private, no-store" };
    const all = { ...headers, ...caching, ...stale };
    const isPlain = channel !== undefined || !isWorthPacking(body.length, headers["content-type"]);
    if (isPlain) return wholeAnswer(context, body, { headers: all });
    const varied = varyByCoding(all);
    const coding = chooseCoding(context.req.raw, ["gzip"]);
    if (coding === undefined) return wholeAnswer(context, body, { headers: varied });
    const packed = await view.once(`${format} ${coding}`, () => packBody(body, coding));
    return wholeAnswer(context, packed, { headers: codedHeaders(varied, coding) });
  });
  return routes;
}

function writeAnswer(showId: string, view: SeatFace, format: "json" | "bitmap") {
  const isJson = format === "json";
  return {
    // A copy: the next change is made in the bitmap itself, while a slow reader may still be sent this one.
    body: isJson ? seatsJson(showId, view) : view.bitmap().slice(),
    headers: {
      "content-type": isJson ? "application/json" : "application/octet-stream",
      etag: `"${format}-${view.fingerprint()}"`,
      "layout-hash": view.layoutHash,
    },
  };
}

function seatsJson(showId: string, view: SeatFace): string {
  const { layoutHash } = view;
  const seats = view.seats().map(({ id: seatId, ...seat }) => ({ seatId, ...seat }));
  const areas = [...view.areas.values()].map(({ id: area, name, priceCode, capacity, free }) => ({
    ...{ area, name, priceCode, capacity },
    free: free(),
  }));
  return JSON.stringify({ showId, layoutHash, seats, areas } satisfies z.infer<typeof seatsSchema>);
}

const seatsSchema = z
  .object({
    showId: idSchema("sh"),
    layoutHash: z.string(),
    seats: z.array(
      z.object({
        seatId: z.string(),
        status: z.enum(seatStatuses),
        priceCode: z.string(),
        version: z.int().openapi({ description: "Goes up by one at each change of the seat" }),
      }),
    ),
    areas: z
      .array(
        z.object({
          area: z.string(),
          name: z.string(),
          priceCode: z.string(),
          capacity: z.int(),
          free: z.int(),
        }),
      )
      .openapi({ description: "Room without seats: how many places of each area are free now" }),
  })
  .openapi("Seats");

const seatsRoute = createRoute({
  method: "get",
  path: "/v1/shows/{id}/seats",
  summary: "Every seat of a show, in layout order",
  description:
    "`format=bitmap` answers two bits a seat in layout order, lowest bits first: 0 available, 1 held, 2 booked, 3 blocked; areas are not in it. The header `Layout-Hash` names the layout. A seat that is kept for a channel is `blocked`; `channel`, with its code, shows it as it is to those who come through that channel. While the database is away the last known seats are answered, and the header `Stale-Seconds` says how old they are.",
  request: {
    params: idParam("sh"),
    query: z.object({
      format: z.enum(["json", "bitmap"]).default("json"),
      channel: channelSchema,
    }),
  },
  parameters: [channelCodeHeader],
  responses: {
    200: {
      description: "The seats",
      content: {
        "application/json": { schema: seatsSchema },
        "application/octet-stream": {
          schema: z.string().openapi({ type: "string", format: "binary" }),
        },
      },
    },
    304: { description: "Nothing has changed since the ETag" },
    ...problems(
      "REQUEST_INVALID",
      "ID_MALFORMED",
      "SHOW_NOT_FOUND",
      "CHANNEL_UNKNOWN",
      "CHANNEL_CODE_WRONG",
      "CHANNEL_CODES_TOO_MANY",
    ),
  },
});
