import { expect, test } from "@jest/globals";

import { createEventParser } from "./parse-events.ts";
import type { ServerEvent } from "./parse-events.ts";

const stream = [
  "retry: 1500\n\n",
  ":\n\n",
  'id: 1-7\nevent: snapshot\ndata: {"bitmap":"//8="}\n\n',
  "event:stale\ndata:a\ndata: b: c\n\n",
  "data: unfinished\n",
].join("");

const events: ServerEvent[] = [
  { name: "snapshot", id: "1-7", data: '{"bitmap":"//8="}' },
  { name: "stale", id: undefined, data: "a\nb: c" },
];

test("a stream says the same in whatever pieces it comes", () => {
  for (let size = 1; size <= stream.length; size += 1) {
    const taken: ServerEvent[] = [];
    const pauses: number[] = [];
    const parse = createEventParser({
      take: (event) => taken.push(event),
      onRetry: (ms) => pauses.push(ms),
    });
    for (let at = 0; at < stream.length; at += size) parse(stream.slice(at, at + size));
    expect({ size, taken, pauses }).toEqual({ size, taken: events, pauses: [1_500] });
  }
});
