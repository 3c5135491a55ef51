import { useEffect, useState } from "preact/hooks";

import { askOwn } from "../../own/ask-own.ts";
import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import { useAnswer } from "../../own/use-answer.ts";
import type { Money, WaitingListProps } from "../../page-data.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { LeaveList } from "./leave-list.tsx";
import { WishForm } from "./wish-form.tsx";

/** What of an entry, as `GET /v1/shows/{id}/waiting-list` has it, is shown. */
type Entry = {
  state: "waiting" | "offered" | "served" | "declined" | "lapsed" | "left" | "closed";
  position: number | null;
  partySize: number;
  offer: {
    bookingId: string;
    seatIds: string[];
    expiryTime: string;
    totalAmount: Money;
  } | null;
};

/** How somebody stands on the waiting list of a show, and the way onto it. */
export function Island(props: WaitingListProps) {
  return <SignedIn>{() => <Standing {...props} />}</SignedIn>;
}

function Standing(props: WaitingListProps) {
  const { own } = useSpeech().words;
  const say = own.waitingList;
  const path = `/v1/shows/${props.showId}/waiting-list`;
  const { answer: entry, refusal, again } = useAnswer(() => askOwn<Entry>(path));
  // Whether a press has led here, whose button is gone.
  const [wasPressed, setWasPressed] = useState(false);
  // Offers come by mail; a page that is left open says it as well.
  useEffect(() => {
    const timer = setTimeout(again, lookEveryMs);
    return () => clearTimeout(timer);
  });
  const onChanged = () => {
    setWasPressed(true);
    again();
  };
  const isNew = refusal === "WAITING_LIST_ENTRY_NOT_FOUND";
  if (entry === undefined && refusal === undefined) return <p class="soft">{own.loading}</p>;
  if (entry === undefined && !isNew) return <p role="alert">{own.trouble}</p>;
  if (entry === undefined || (entry.state !== "waiting" && entry.state !== "offered")) {
    return (
      <>
        {entry !== undefined && <p role="status">{say.ended[entry.state]}</p>}
        {entry?.state !== "closed" && <WishForm {...{ ...props, path, onChanged }} />}
      </>
    );
  }
  return (
    <section class="own-card">
      {entry.offer === null ? (
        <Waiting {...{ entry, wasPressed }} />
      ) : (
        <Offered offer={entry.offer} takesFocus={wasPressed} />
      )}
      <LeaveList {...{ path, onChanged, hasOffer: entry.offer !== null }} />
    </section>
  );
}

function Waiting({ entry, wasPressed }: { entry: Entry; wasPressed: boolean }) {
  const { words, number } = useSpeech();
  const say = words.own.waitingList;
  const ahead = (entry.position ?? 1) - 1;
  return (
    <>
      <h2 tabIndex={-1} ref={wasPressed ? focusOnce : null}>
        {entry.position === null ? say.soon : say.ahead(ahead, number(ahead))}
      </h2>
      <p>{say.party(entry.partySize)}</p>
      <p class="soft">
        {say.byMail} <a href="/account">{say.whichMail}</a>
      </p>
    </>
  );
}

function Offered(props: { offer: NonNullable<Entry["offer"]>; takesFocus: boolean }) {
  const { bookingId, seatIds, expiryTime, totalAmount } = props.offer;
  const { words, money, moment } = useSpeech();
  const say = words.own.waitingList;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <>
      <h2 tabIndex={-1} ref={props.takesFocus ? focusOnce : null}>
        {say.offered}
      </h2>
      <p>
        {words.own.bookings.seats(seatIds.length)} · {money(totalAmount)}
      </p>
      <p>{say.until(moment(expiryTime, timeZone))}</p>
      <p>
        <a class="act main" href={`/bookings/${bookingId}`}>
          {say.toOffer}
        </a>
      </p>
    </>
  );
}

/** A page that looks again must not take the focus again. */
function focusOnce(heading: HTMLHeadingElement | null): void {
  if (heading === null || heading.dataset["had"] !== undefined) return;
  heading.dataset["had"] = "";
  heading.focus();
}

const lookEveryMs = 30_000;
