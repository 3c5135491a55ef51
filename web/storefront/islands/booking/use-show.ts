import { useEffect, useState } from "preact/hooks";

import type { PickedShow } from "../../page-data.ts";
import { toPick } from "../seat-picker/create-picker.ts";
import type { ShowToPick } from "../seat-picker/create-picker.ts";
import { createHall } from "../seat-picker/hall.ts";
import type { Hall } from "../seat-picker/hall.ts";
import { loadLayout } from "../seat-picker/use-picker.ts";
import { askApi } from "./ask-api.ts";

export type BookedShow = {
  toPick: ShowToPick;
  title: string;
  startsAt: string;
  timeZone: string;
  where: string;
  hall?: Hall;
};

type ShowAnswer = PickedShow & {
  title: { name: string };
  venue: { name: string; city: string; timeZone: string };
  hallName: string;
  startsAt: string;
};

/** The show of a booking and its hall, when they are known. Without them a booking is shown by the ids of its seats. */
export function useShow(showId: string | undefined): BookedShow | undefined {
  const [show, setShow] = useState<BookedShow | undefined>();
  useEffect(() => {
    if (showId !== undefined) void load(showId, setShow);
  }, [showId]);
  return show;
}

async function load(showId: string, tell: (show: BookedShow) => void): Promise<void> {
  const { body } = await askApi<ShowAnswer>(`/v1/shows/${showId}`, { isPublic: true });
  if (body === undefined) return;
  const show = toBookedShow(body);
  tell(show);
  // The browser has it from the page where the seats were chosen.
  const layout = await loadLayout(show.toPick.layoutHash).catch(() => undefined);
  if (layout !== undefined) tell({ ...show, hall: createHall(layout) });
}

function toBookedShow({ title, venue, hallName, startsAt, ...show }: ShowAnswer): BookedShow {
  return {
    toPick: toPick(show),
    title: title.name,
    ...{ startsAt, timeZone: venue.timeZone },
    where: [venue.name, hallName, venue.city].join(", "),
  };
}
