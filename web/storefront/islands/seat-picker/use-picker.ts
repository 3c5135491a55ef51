import { useEffect, useReducer, useState } from "preact/hooks";

import type { Layout } from "../../../../domain/layout.ts";
import { dropRefusedKey, useChannelKey } from "./channel-key.ts";
import { createPicker } from "./create-picker.ts";
import type { Picker, ShowToPick } from "./create-picker.ts";
import { followSeats } from "./follow-seats.ts";

export type PickerState =
  { state: "loading" } | { state: "failed"; again: () => void } | { state: "open"; picker: Picker };

/** The picker of a show, once its hall is loaded. `own` are seats that the buyer holds already. */
export function usePicker(show: ShowToPick | undefined, own?: readonly string[]): PickerState {
  const [tries, again] = useReducer((count: number) => count + 1, 0);
  const [found, setFound] = useState<Picker | "failed" | undefined>();
  const ownSeats = own?.join(",");
  useEffect(() => {
    if (show === undefined) return undefined;
    const stop = new AbortController();
    setFound(undefined);
    loadLayout(show.layoutHash, stop.signal).then(
      (layout) => setFound(createPicker(show, layout, own)),
      () => stop.signal.aborted || setFound("failed"),
    );
    return () => stop.abort();
  }, [show?.showId, ownSeats, tries]);
  if (found === undefined) return { state: "loading" };
  if (found === "failed") return { state: "failed", again: () => again(undefined) };
  return { state: "open", picker: found };
}

export async function loadLayout(hash: string, signal?: AbortSignal): Promise<Layout> {
  const answer = await fetch(`/v1/layouts/${hash}`, signal && { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Layout;
}

/** Draws again with every change of what is seen and chosen. */
export function usePickerChanges(picker: Picker): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => picker.listen(() => redraw(undefined)), [picker]);
}

/** Follows the seats while the component is there; true while nothing is heard of them. */
export function useLiveSeats(picker: Picker): boolean {
  const [isAway, setIsAway] = useState(false);
  const { showId } = picker.show;
  const key = useChannelKey(showId);
  useEffect(() => {
    const onKeyRefused = () => dropRefusedKey(showId);
    const hands = { take: picker.takeNews, onAway: setIsAway, onKeyRefused };
    return followSeats({ showId, key }, hands);
  }, [picker, key]);
  return isAway;
}
