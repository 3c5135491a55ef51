import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";
import type { Loss } from "./use-loss.ts";
import type { useSeatNames } from "./use-seat-names.ts";

/** Says kindly that somebody else was faster, and offers what comes nearest, one click away. */
export function LossNotice(props: {
  picker: Picker;
  names: ReturnType<typeof useSeatNames>;
  loss: Loss;
  announce: (text: string) => void;
}) {
  const { picker, names, loss, announce } = props;
  const words = useBuyingWords().seats;
  const { lost, offer } = loss;
  const found = typeof offer === "string" ? undefined : offer;

  function take(seatIds: readonly string[]): void {
    picker.choose({ seatIds, places: picker.choice().places });
    announce(words.found(seatIds.length));
  }

  return (
    <div class="told" role="alert" id="seats-lost">
      <p>{words.lost(names.names(lost))}</p>
      {offer === "none" && <p>{words.noOffer}</p>}
      {offer === "away" && <p>{words.noAnswer}</p>}
      {found && (
        <>
          <p>{words.offer(names.names(found.seatIds), names.sum(found.total.amountMinor))}</p>
          <button type="button" class="act main" onClick={() => take(found.seatIds)}>
            {words.takeOffer}
          </button>
        </>
      )}
    </div>
  );
}
