import { useRef } from "preact/hooks";

import { askOwn } from "../../own/ask-own.ts";
import { inOrder } from "../../own/listed-booking.ts";
import type { BookingList } from "../../own/listed-booking.ts";
import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import { useAnswer } from "../../own/use-answer.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { BookingCard } from "./booking-card.tsx";
import { ReceivedCard } from "./received-card.tsx";

/** Everything that somebody has booked: what is to come, then what was. */
export function Island() {
  const say = useSpeech().words.own.bookings;
  return (
    <SignedIn>
      {() => (
        <>
          <List when="upcoming" heading={say.upcoming} none={say.noneUpcoming} />
          <List when="past" heading={say.past} none={say.nonePast} />
        </>
      )}
    </SignedIn>
  );
}

function List({
  when,
  heading,
  none,
}: {
  when: "upcoming" | "past";
  heading: string;
  none: string;
}) {
  const { own } = useSpeech().words;
  const pages = useRef(1);
  const { answer, refusal, again } = useAnswer(() => askPages(when, pages.current));
  const entries = answer === undefined ? [] : inOrder(answer, when);
  const isPast = when === "past";
  const isEmpty = entries.length === 0 && answer !== undefined && answer.nextCursor === undefined;
  return (
    <section aria-busy={answer === undefined && refusal === undefined}>
      <h2>{heading}</h2>
      {refusal !== undefined && <p role="alert">{own.trouble}</p>}
      {isEmpty && <p class="soft">{none}</p>}
      <ul class="own-list">
        {entries.map((entry) => (
          <li key={entry.bookingId}>
            {"ticketIds" in entry ? (
              <ReceivedCard received={entry} isPast={isPast} />
            ) : (
              <BookingCard booking={entry} isPast={isPast} onChanged={again} />
            )}
          </li>
        ))}
      </ul>
      {answer?.nextCursor !== undefined && (
        <button
          class="act"
          onClick={() => {
            pages.current += 1;
            again();
          }}
        >
          {own.bookings.more}
        </button>
      )}
    </section>
  );
}

/** So many pages as one: what has changed on one of them may stand on another. */
async function askPages(when: string, count: number): Promise<BookingList> {
  let list = await ask(when);
  for (let page = 1; page < count && list.nextCursor !== undefined; page += 1) {
    const next = await ask(when, list.nextCursor);
    list = {
      ...next,
      bookings: [...list.bookings, ...next.bookings],
      received: [...list.received, ...next.received],
    };
  }
  return list;
}

function ask(when: string, cursor?: string): Promise<BookingList> {
  const query = new URLSearchParams({ when, ...(cursor !== undefined && { cursor }) });
  return askOwn<BookingList>(`/v1/me/bookings?${query}`);
}
