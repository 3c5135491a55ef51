import { useEffect, useState } from "preact/hooks";

import type { Picker } from "./create-picker.ts";
import { findOffer } from "./find-offer.ts";
import { findSeats } from "./find-seats.ts";
import type { Found } from "./find-seats.ts";

/** Seats that somebody else was given while they were chosen here, and what comes nearest to them. */
export type Loss = { lost: readonly string[]; offer: Found | "looking" | "none" | "away" };

/** The last loss, until something else is chosen: what is offered, or whatever it is. `onLoss` is called with each. */
export function useLoss(picker: Picker, onLoss: () => void): Loss | undefined {
  const [loss, setLoss] = useState<Loss | undefined>();
  useEffect(() => {
    let latest: readonly string[] = [];
    let left = picker.choice();
    const stop = picker.listen(({ lost }) => {
      if (lost.length === 0) {
        if (picker.choice() !== left) setLoss(undefined);
        return;
      }
      [latest, left] = [lost, picker.choice()];
      onLoss();
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
  return loss;
}
