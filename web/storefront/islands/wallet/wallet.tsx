import type { KeptTickets } from "../../kept-tickets.ts";
import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import { useSpeech } from "../../speech/use-speech.tsx";
import { HandOn } from "./hand-on.tsx";
import type { WalletTicket } from "../../own/wallet-ticket.ts";
import { TicketCard } from "./ticket-card.tsx";
import { useKeptTickets, useWallet } from "./use-wallet.ts";
import "./wallet.css";

/** The tickets of shows that are to come, soonest first, each with its code. Those of before are shown until they are known, or without a network. */
export function Island() {
  const kept = useKeptTickets();
  return (
    <SignedIn
      instead={(isAway) => kept !== undefined && <KeptWallet kept={kept} isAway={isAway} />}
    >
      {() => <Tickets kept={kept} />}
    </SignedIn>
  );
}

function Tickets({ kept }: { kept: KeptTickets | undefined }) {
  const { own } = useSpeech().words;
  const { answer: tickets, refusal, again } = useWallet();
  const isAway = refusal !== undefined;
  if (tickets === undefined && kept !== undefined) {
    return <KeptWallet kept={kept} isAway={isAway} />;
  }
  if (isAway) return <p role="alert">{own.trouble}</p>;
  if (tickets === undefined) return <p class="soft">{own.loading}</p>;
  if (tickets.length === 0) {
    return (
      <p>
        {own.wallet.none} <a href="/">{own.wallet.home}</a>
      </p>
    );
  }
  return (
    <Cards tickets={tickets}>
      {(ticket) => (
        <HandOn key={ticket.offer?.expiresAt ?? "none"} ticket={ticket} onChanged={again} />
      )}
    </Cards>
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
