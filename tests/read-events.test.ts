import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "@jest/globals";

import { readEvents } from "../web/storefront/islands/seat-picker/read-events.ts";

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

const event = (id: string) => `id: ${id}\nevent: seats\ndata: {}\n\n`;
const write =
  (text: string, { leaveOpen = false } = {}): Answering =>
  (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(text);
    if (!leaveOpen) response.end();
  };
const refuse =
  (status: number, body = ""): Answering =>
  (_, response) =>
    response.writeHead(status).end(body);

/** Reads from a server that answers so, one after the other, until the reading is over or `isEnough`. */
async function readFrom(
  answers: Answering[],
  isEnough: (seen: string[]) => boolean = () => false,
  silenceMsMax = 60_000,
) {
  const asked: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    (answers[asked.length - 1] ?? refuse(500))(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const seen: string[] = [];
  const pauses: number[] = [];
  await new Promise<void>((resolve) => {
    const see = (what: string) => {
      seen.push(what);
      if (!isEnough(seen)) return;
      stop();
      resolve();
    };
    const stop = readEvents(
      {
        path: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        headers: { "channel-code": "SESAME" },
        take: ({ id }) => see(`event ${id}`),
        onOpen: () => see("open"),
        onCut: () => see("cut"),
        onRefused(code) {
          see(`refused ${code}`);
          resolve();
        },
      },
      { pause: async (ms) => void pauses.push(ms), silenceMsMax },
    );
  });
  server.closeAllConnections();
  server.close();
  return { asked, seen, pauses };
}

test("a stream that was cut is opened again with the id of the last event, and with the same headers", async () => {
  const { asked, seen } = await readFrom([
    write(event("1") + event("2")),
    write(": nothing\n\n"),
    write(event("3")),
    refuse(429, '{"code":"STREAMS_TOO_MANY"}'),
  ]);
  expect(seen).toEqual([
    ...["open", "event 1", "event 2", "cut", "open", "cut", "open", "event 3", "cut"],
    "refused STREAMS_TOO_MANY",
  ]);
  expect(asked.map((headers) => headers["last-event-id"])).toEqual([undefined, "2", "2", "3"]);
  for (const headers of asked) {
    expect(headers).toMatchObject({ accept: "text/event-stream", "channel-code": "SESAME" });
  }
});

test("pauses are as long as the server asks, and twice as long each time that nothing came", async () => {
  const drop: Answering = ({ socket }) => socket.destroy();
  const { pauses } = await readFrom([
    write(`retry: 2000\n\n${event("1")}`),
    ...[drop, drop, drop, drop, drop],
    write(event("2")),
    refuse(503),
  ]);
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 2_000]);
});

test("a stream of which nothing is heard is cut, and opened again", async () => {
  const { seen } = await readFrom(
    [write(event("1"), { leaveOpen: true }), write(event("2"), { leaveOpen: true })],
    (all) => all.includes("event 2"),
    200,
  );
  expect(seen).toEqual(["open", "event 1", "cut", "open", "event 2"]);
});

test.each([
  ["a page of a proxy", "<h1>Forbidden</h1>"],
  ["nothing at all", ""],
  ["no object", "null"],
])("a refusal with %s has no code", async (_, body) => {
  const { seen } = await readFrom([refuse(403, body)]);
  expect(seen).toEqual(["refused undefined"]);
});

test("who has stopped hears nothing more", async () => {
  const { seen } = await readFrom([write(event("1") + event("2"), { leaveOpen: true })], (all) =>
    all.includes("event 1"),
  );
  expect(seen).toEqual(["open", "event 1"]);
});
