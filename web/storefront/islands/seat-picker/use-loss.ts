import { useEffect, useState } from "preact/hooks";

import type { Picker } from "./create-picker.ts";
import { findOffer } from "./find-offer.ts";
import { findSeats } from "./find-seats.ts";
import type { Found } from "./find-seats.ts";

/** Seats that somebody else was given while they were chosen here, and what comes nearest to them. */
export type Loss = { lost: readonly string[]; offer: Found | "looking" | "none" | "away" };

/** The last loss, until it is forgotten: by taking what is offered, or by choosing something else. */
export function useLoss(picker: Picker): { loss: Loss | undefined; forget: () => void } {
  const [loss, setLoss] = useState<Loss | undefined>();
  useEffect(() => {
    let latest: readonly string[] = [];
    const stop = picker.listen(({ lost }) => {
      if (lost.length === 0) return;
      latest = lost;
      setLoss({ lost, offer: "looking" });
      const { hall, show } = picker;
      const asked = { hall, kept: picker.choice(), lost };
      void findOffer(asked, (wish) => findSeats(show.showId, wish)).then((offer) => {
        // Another seat may have been lost meanwhile, which has an offer of its own.
        if (latest === lost) setLoss((now) => (now?.lost === lost ? { lost, offer } : now));
      });
    });
    return () => {
      latest = [];
      stop();
    };
  }, [picker]);
  return { loss, forget: () => setLoss(undefined) };
}
