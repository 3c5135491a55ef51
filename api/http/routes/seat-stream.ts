import type { ServerResponse } from "node:http";

import type { HttpBindings } from "@hono/node-server";
import { createRoute, z } from "@hono/zod-openapi";
import type { OpenAPIHono } from "@hono/zod-openapi";

import { showIds } from "../../../domain/ids.ts";
import type { Operations } from "../../operations/create-operations.ts";
import type { AppEnv } from "../app-env.ts";
import { callerAddress } from "../caller-address.ts";
import { channelCodeHeader, channelSchema, readChannelKey } from "../channel-key.ts";
import { createRoutes } from "../create-routes.ts";
import { createEventStreams } from "../event-streams.ts";
import type { EventStream, StreamLimits } from "../event-streams.ts";
import { idParam, problems } from "../schemas.ts";
import { whoAsks } from "../who-asks.ts";

export type SeatStreamDeps = {
  operations: Operations;
  trustedProxies: number;
  streamLimits?: StreamLimits | undefined;
};

/** Seat changes as they happen. Written to Node's own response: eight thousand watchers leave no room for a stream each. */
export function createSeatStreamRoutes(deps: SeatStreamDeps): OpenAPIHono<AppEnv> {
  const routes = createRoutes();
  const streams = createEventStreams(deps.streamLimits);
  routes.openapi(streamRoute, async (context) => {
    const showId = showIds.decode(context.req.valid("param").id);
    const { incoming, outgoing } = context.env as HttpBindings;
    const release = streams.admit(callerAddress(incoming, deps.trustedProxies));
    try {
      const { channel: named } = context.req.valid("query");
      const key = readChannelKey(context, named, deps.trustedProxies);
      const channel = await deps.operations.openChannel(showId, key);
      deps.operations.lineDemand.hear(showId, () => whoAsks(context, deps.trustedProxies));
      const show = await deps.operations.seatViews.watch(showId, channel);
      if (context.req.method === "HEAD") {
        release();
        return context.body(null, 200, { "content-type": "text/event-stream" });
      }
      if (outgoing.destroyed) {
        release();
        return context.body(null);
      }
      const stream = streams.open(outgoing, { "x-request-id": context.get("requestId") ?? "" });
      show.join(stream, context.req.valid("header")["last-event-id"]);
      leaveOnceClosed({ outgoing, stream, show, release });
    } catch (error) {
      release();
      throw error;
    }
    return context.body(null);
  });
  return routes;
}

/** Apart from the handler: a listener made in there would keep the whole request in memory for as long as the stream is open. */
function leaveOnceClosed(watching: {
  outgoing: ServerResponse;
  stream: EventStream;
  show: { leave: (stream: EventStream) => void };
  release: () => void;
}): void {
  const { outgoing, stream, show, release } = watching;
  outgoing.on("close", () => {
    show.leave(stream);
    release();
  });
}

const streamRoute = createRoute({
  method: "get",
  path: "/v1/shows/{id}/seats/stream",
  summary: "Seat changes as they happen, as Server-Sent Events",
  description: [
    'The first event is `snapshot`: `{"layoutHash", "bitmap"}`, the bitmap in base64, two bits a seat as `format=bitmap` of the seats answers them. A hall with areas has also `areas`: `[{"area", "free"}]`, how many places of each are free.',
    'Then `seats`: `{"seats": [{"seatId", "status", "version"}]}`, whenever some change. Take them in the order in which they come: each replaces what was known of its seats. `areas` beside them names those areas whose number is another now: `{"seats": [], "areas": [{"area": "FLOOR", "free": 1204}]}`.',
    'Whoever comes back with the `Last-Event-ID` of the last event gets what it has missed, or a `snapshot` again when that is too long ago. `stale`: `{"stale": true}` says that the database is away and seats may be older than ten seconds, `{"stale": false}` that it is back.',
    "A comment comes every 15 seconds. A reader that does not keep up is cut, and may come back.",
  ].join("\n\n"),
  request: {
    params: idParam("sh"),
    query: z.object({ channel: channelSchema }),
    headers: z.object({ "last-event-id": z.string().max(100).optional() }),
  },
  parameters: [channelCodeHeader],
  responses: {
    200: {
      description: "The events, until the client leaves",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...problems(
      "REQUEST_INVALID",
      "ID_MALFORMED",
      "SHOW_NOT_FOUND",
      "CHANNEL_UNKNOWN",
      "CHANNEL_CODE_WRONG",
      "CHANNEL_CODES_TOO_MANY",
      "WATCHERS_TOO_MANY",
      "WATCHING_FULL",
    ),
  },
});
