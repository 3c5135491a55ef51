import { useEffect, useState } from "preact/hooks";

import { recall, remember } from "../../tab-memory.ts";
import { askApi } from "../booking/ask-api.ts";

/** With what a buyer comes through a channel of a show. */
export type ChannelKey = { channel: string; code: string };

const listeners = new Set<() => void>();
/** Shows whose key has opened nothing any more, since this page was loaded. */
const refused = new Set<string>();

/** The key that a buyer has given in this tab, which forgets it when it is closed. No address has its code. */
export function channelKeyOf(showId: string): ChannelKey | undefined {
  const kept = recall(nameOf(showId));
  return kept === undefined ? undefined : (JSON.parse(kept) as ChannelKey);
}

/** undefined: the buyer is one of the public again. */
export function keepChannelKey(showId: string, key: ChannelKey | undefined): void {
  refused.delete(showId);
  remember(nameOf(showId), key && JSON.stringify(key));
  for (const listener of listeners) listener();
}

/** Of a key that was good and opens nothing any more. */
export function dropRefusedKey(showId: string): void {
  remember(nameOf(showId), undefined);
  refused.add(showId);
  for (const listener of listeners) listener();
}

/** The same for a component, which is drawn again when it changes. */
export function useChannelKey(showId: string): ChannelKey | undefined {
  return useLatest(() => channelKeyOf(showId), showId);
}

/** Whether the last key was dropped for the buyer, who has not given another one. */
export function useIsKeyRefused(showId: string): boolean {
  return useLatest(() => refused.has(showId), showId);
}

function useLatest<Value>(read: () => Value, showId: string): Value {
  const [value, setValue] = useState(read);
  useEffect(() => {
    const listener = () => setValue(read);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [showId]);
  return value;
}

/** What a question about a show names and sends to be asked through the channel. */
export function throughChannel(key: ChannelKey | undefined): {
  query: { channel?: string };
  headers: Record<string, string>;
} {
  if (key === undefined) return { query: {}, headers: {} };
  return { query: { channel: key.channel }, headers: { "channel-code": key.code } };
}

/** Keeps a key that opens its channel; returns the code of the refusal of one that does not. */
export async function tryChannelKey(showId: string, key: ChannelKey): Promise<string | undefined> {
  const { query, headers } = throughChannel(key);
  const path = `/v1/shows/${showId}/seats?${new URLSearchParams({ ...query, format: "bitmap" })}`;
  const { status, code = "UNAVAILABLE" } = await askApi(path, { isPublic: true, headers });
  if (status !== 200) return code;
  keepChannelKey(showId, key);
  return undefined;
}

function nameOf(showId: string): string {
  return `channel:${showId}`;
}
