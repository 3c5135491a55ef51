import { useState } from "preact/hooks";

import { focusIt } from "../../components/focus-it.ts";
import { SignIn } from "../../components/sign-in.tsx";
import { askOwn } from "../../own/ask-own.ts";
import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import { useAnswer } from "../../own/use-answer.ts";
import type { WaitingListProps } from "../../page-data.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { LeaveList } from "./leave-list.tsx";
import { useLooks } from "./use-looks.ts";
import { isOnList } from "./waiting-entry.ts";
import type { Offer, WaitingEntry } from "./waiting-entry.ts";
import { WishForm } from "./wish-form.tsx";

/** How somebody stands on the waiting list of a show, and the way onto it. */
export function Island(props: WaitingListProps) {
  return <SignedIn>{() => <Standing {...props} />}</SignedIn>;
}

function Standing(props: WaitingListProps) {
  const { own } = useSpeech().words;
  const path = `/v1/shows/${props.showId}/waiting-list`;
  const { answer: entry, refusal, again, tell } = useAnswer(() => askOwn<WaitingEntry>(path));
  // What was pressed here: its button is gone, and the focus goes to what has become of it.
  const [pressed, setPressed] = useState<"join" | "leave">();
  const isOn = entry !== undefined && isOnList(entry.state);
  // An offer that was let go is given to the next a second or more later.
  const isLeaving = isOn && pressed === "leave";
  useLooks(isOn, { isSoon: isLeaving }, again);

  if (refusal === "TOKEN_MISSING" || refusal === "TOKEN_INVALID") {
    return <SignIn onSignedIn={again} />;
  }
  const isNew = refusal === "WAITING_LIST_ENTRY_NOT_FOUND";
  if (entry === undefined && !isNew) {
    return refusal === undefined ? (
      <p class="soft">{own.loading}</p>
    ) : (
      <p role="alert">{own.trouble}</p>
    );
  }
  return (
    <>
      <section class={isOn ? "own-card" : ""}>
        <div role="status">
          {isLeaving ? <p>{own.loading}</p> : entry && <HowItStands {...{ entry, pressed }} />}
        </div>
        {isOn && !isLeaving && (
          <LeaveList
            {...{ key: entry.state, path, hasOffer: entry.offer !== null }}
            onLeft={() => {
              setPressed("leave");
              again();
            }}
          />
        )}
      </section>
      {!isOn && entry?.state !== "closed" && (
        <WishForm
          {...{ ...props, path }}
          onJoined={(joined) => {
            setPressed("join");
            tell(joined);
          }}
          onKnown={again}
        />
      )}
    </>
  );
}

function HowItStands({
  entry,
  pressed,
}: {
  entry: WaitingEntry;
  pressed: "join" | "leave" | undefined;
}) {
  const say = useSpeech().words.own.waitingList;
  if (entry.offer !== null) return <Offered offer={entry.offer} />;
  if (isOnList(entry.state)) return <Waiting entry={entry} takesFocus={pressed === "join"} />;
  return (
    <p tabIndex={-1} ref={pressed === "leave" ? focusIt : null}>
      {say.ended[entry.state]}
    </p>
  );
}

function Waiting({ entry, takesFocus }: { entry: WaitingEntry; takesFocus: boolean }) {
  const { words, number } = useSpeech();
  const say = words.own.waitingList;
  const ahead = (entry.position ?? 1) - 1;
  return (
    <>
      <h2 tabIndex={-1} ref={takesFocus ? focusIt : null}>
        {entry.position === null ? say.soon : say.ahead(ahead, number(ahead))}
      </h2>
      <p>{say.party(entry.partySize)}</p>
      <p class="soft">
        {say.byMail} <a href="/account">{say.whichMail}</a>
      </p>
    </>
  );
}

function Offered({ offer }: { offer: Offer }) {
  const { words, money, clock } = useSpeech();
  const say = words.own.waitingList;
  return (
    <>
      <h2>{say.offered}</h2>
      <p>
        {words.own.bookings.seats(offer.seatIds.length)} · {money(offer.totalAmount)}
      </p>
      <p>{say.until(clock(Date.parse(offer.expiryTime)))}</p>
      <p>
        <a class="act main" href={`/bookings/${offer.bookingId}`}>
          {say.toOffer}
        </a>
      </p>
    </>
  );
}
