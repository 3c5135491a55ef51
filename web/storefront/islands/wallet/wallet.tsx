import { useState } from "preact/hooks";

import type { KeptTickets } from "../../kept-tickets.ts";
import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import type { WalletTicket } from "../../own/wallet-ticket.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { HandOn } from "./hand-on.tsx";
import { TicketCard } from "./ticket-card.tsx";
import { useKeptTickets, useWallet } from "./use-wallet.ts";
import "./wallet.css";

/**
 * The tickets of shows that are to come, soonest first, each with its code. Those of before are shown until they are known, and without
 * a network.
 */
export function Island() {
  const kept = useKeptTickets();
  return (
    <SignedIn
      instead={(isAway) => kept !== undefined && <KeptWallet kept={kept} isAway={isAway} />}
    >
      {({ userId }) => <Tickets key={userId} userId={userId} />}
    </SignedIn>
  );
}

function Tickets({ userId }: { userId: string }) {
  const kept = useKeptTickets(userId);
  const { own } = useSpeech().words;
  const { answer: tickets, refusal, again } = useWallet(userId);
  const [said, setSaid] = useState("");
  const isAway = refusal !== undefined;
  if (tickets === undefined) {
    if (kept !== undefined) return <KeptWallet kept={kept} isAway={isAway} />;
    return isAway ? <p role="alert">{own.trouble}</p> : <p class="soft">{own.loading}</p>;
  }
  const readAgain = (why: string) => {
    setSaid(why);
    again();
  };
  return (
    <>
      <p role="status">{isAway ? own.trouble : said}</p>
      {tickets.length === 0 && (
        <p>
          {own.wallet.none} <a href="/">{own.wallet.home}</a>
        </p>
      )}
      <Cards tickets={tickets}>
        {(ticket) => (
          <HandOn key={ticket.offer?.expiresAt ?? "none"} ticket={ticket} onOvertaken={readAgain} />
        )}
      </Cards>
    </>
  );
}

function KeptWallet({ kept, isAway }: { kept: KeptTickets; isAway: boolean }) {
  const { words, clock } = useSpeech();
  const say = words.own;
  return (
    <>
      <p class="soft" role="status">
        {isAway ? say.wallet.kept(clock(kept.readAtMs)) : say.loading}
      </p>
      <Cards tickets={kept.tickets}>{() => undefined}</Cards>
    </>
  );
}

function Cards({
  tickets,
  children,
}: {
  tickets: WalletTicket[];
  children: (ticket: WalletTicket) => preact.ComponentChildren;
}) {
  if (tickets.length === 0) return null;
  return (
    <ul class="wallet">
      {tickets.map((ticket) => (
        <li key={ticket.ticketId}>
          <TicketCard ticket={ticket}>{children(ticket)}</TicketCard>
        </li>
      ))}
    </ul>
  );
}
