import type { Availability, ShowSummary } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** How a show stands, in words and in a shape: nobody has to tell colours apart. */
export function State({ show }: { show: Pick<ShowSummary, "status" | "availability"> }) {
  const { words } = useSpeech();
  const state: Availability | "cancelled" =
    show.status === "cancelled" ? "cancelled" : show.availability;
  return (
    <span class={`state ${state}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={shapes[state]} />
      </svg>
      {words.show.availability[state]}
    </span>
  );
}

/** A full disc, a half one, a ring, a cross. */
const shapes = {
  available: "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z",
  few: "M6 1a5 5 0 0 1 0 10zM6 1a5 5 0 0 0 0 10V9.500a3.500 3.500 0 0 1 0-7z",
  sold_out:
    "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm0 1.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z",
  cancelled:
    "M2.500 1 6 4.500 9.500 1 11 2.500 7.500 6 11 9.500 9.500 11 6 7.500 2.500 11 1 9.500 4.500 6 1 2.500z",
};
