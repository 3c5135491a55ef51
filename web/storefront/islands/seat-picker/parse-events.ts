/** `name` is "message" where the server gives none. */
export type ServerEvent = { name: string; id: string | undefined; data: string };

/**
 * Reads a `text/event-stream` in whatever pieces it comes: each event is taken when its blank line is there. Lines end with "\n", as
 * the API writes them. `onRetry` hears for how many ms the server wants to be left alone after a cut.
 */
export function createEventParser(hands: {
  take: (event: ServerEvent) => void;
  onRetry: (ms: number) => void;
}): (text: string) => void {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) readBlock(block, hands);
  };
}

function readBlock(block: string, { take, onRetry }: Parameters<typeof createEventParser>[0]) {
  const event: ServerEvent = { name: "message", id: undefined, data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^(\w+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === "event") event.name = value;
    if (field === "id") event.id = value;
    if (field === "data") data.push(value);
    if (field === "retry" && /^\d+$/.test(value)) onRetry(Number(value));
  }
  // A comment keeps the connection alive and says nothing.
  if (data.length > 0) take({ ...event, data: data.join("\n") });
}
