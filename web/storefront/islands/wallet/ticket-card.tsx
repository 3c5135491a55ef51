import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { WalletTicket } from "../../own/wallet-ticket.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { nameSeat } from "./name-seat.ts";

/** A ticket as the door wants to see it: its code large, and on white in the dark, too. Below it, what can be done with it. */
export function TicketCard({
  ticket,
  children,
}: {
  ticket: WalletTicket;
  children: ComponentChildren;
}) {
  const { words, moment } = useSpeech();
  const say = words.own.wallet;
  const { show, seat } = ticket;
  return (
    <article class="ticket-card">
      <div class="what">
        <h2>{show.title}</h2>
        <p class="when">{moment(show.startsAt, show.timeZone)}</p>
        <p class="soft">{[show.venueName, show.hallName, show.city].join(", ")}</p>
        {show.status === "cancelled" && <p class="trouble">{say.cancelled}</p>}
      </div>
      <Code svg={ticket.picture} label={say.codeOf(nameSeat(seat))} />
      <p class="typed">{`${ticket.code.slice(0, 4)} ${ticket.code.slice(4)}`}</p>
      <dl>
        {seat.section !== "" && <Fact name={say.section} value={seat.section} />}
        {seat.row !== "" && <Fact name={say.row} value={seat.row} />}
        {seat.number !== null && <Fact name={say.seat} value={String(seat.number)} />}
      </dl>
      {children}
    </article>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Parsed as SVG and put in as elements: text of an answer never becomes HTML of this page. */
function Code({ svg, label }: { svg: string; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const picture = new DOMParser().parseFromString(svg, "image/svg+xml");
    place.current?.replaceChildren(document.importNode(picture.documentElement, true));
  }, [svg]);
  return <div ref={place} class="code" role="img" aria-label={label} />;
}
