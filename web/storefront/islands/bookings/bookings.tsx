import { useState } from "preact/hooks";

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
  const { answer, refusal, again } = useAnswer(() => ask(when));
  const [more, setMore] = useState<BookingList>();
  const bookings = [...(answer?.bookings ?? []), ...(more?.bookings ?? [])];
  const next = more === undefined ? answer?.nextCursor : more.nextCursor;

  async function goOn(): Promise<void> {
    const page = await ask(when, next).catch(() => undefined);
    if (page === undefined) return;
    setMore({ ...page, bookings: [...(more?.bookings ?? []), ...page.bookings] });
  }
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
      {next !== undefined && (
        <button class="act" onClick={() => void goOn()}>
          {own.bookings.more}
        </button>
      )}
    </section>
  );
}

function ask(when: string, cursor?: string): Promise<BookingList> {
  const query = new URLSearchParams({ when, ...(cursor !== undefined && { cursor }) });
  return askOwn<BookingList>(`/v1/me/bookings?${query}`);
}
