import { useRef } from "preact/hooks";

import { askOwn } from "../../own/ask-own.ts";
import type { BookingList, ListedBooking } from "../../own/listed-booking.ts";
import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import { useAnswer } from "../../own/use-answer.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { BookingCard } from "./booking-card.tsx";

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
  const { bookings = [], nextCursor } = answer ?? {};
  return (
    <section aria-busy={answer === undefined && refusal === undefined}>
      <h2>{heading}</h2>
      {refusal !== undefined && <p role="alert">{own.trouble}</p>}
      {answer !== undefined && bookings.length === 0 && <p class="soft">{none}</p>}
      <ul class="own-list">
        {bookings.map((booking: ListedBooking) => (
          <li key={booking.bookingId}>
            <BookingCard booking={booking} isPast={when === "past"} onChanged={again} />
          </li>
        ))}
      </ul>
      {nextCursor !== undefined && (
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
    list = { ...next, bookings: [...list.bookings, ...next.bookings] };
  }
  return list;
}

function ask(when: string, cursor?: string): Promise<BookingList> {
  const query = new URLSearchParams({ when, ...(cursor !== undefined && { cursor }) });
  return askOwn<BookingList>(`/v1/me/bookings?${query}`);
}
