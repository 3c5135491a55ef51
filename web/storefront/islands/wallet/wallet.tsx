import "../../own/own.css";
import { SignedIn } from "../../own/signed-in.tsx";
import { useAnswer } from "../../own/use-answer.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { readWallet } from "./read-wallet.ts";
import { TicketCard } from "./ticket-card.tsx";
import "./wallet.css";

/** The tickets of shows that are to come, soonest first, each with its code. */
export function Island() {
  return <SignedIn>{() => <Tickets />}</SignedIn>;
}

function Tickets() {
  const { own } = useSpeech().words;
  const { answer: tickets, refusal } = useAnswer(readWallet);
  if (refusal !== undefined) return <p role="alert">{own.trouble}</p>;
  if (tickets === undefined) return <p class="soft">{own.loading}</p>;
  if (tickets.length === 0) {
    return (
      <p>
        {own.wallet.none} <a href="/">{own.wallet.home}</a>
      </p>
    );
  }
  return (
    <ul class="wallet">
      {tickets.map((ticket) => (
        <li key={ticket.ticketId}>
          <TicketCard ticket={ticket} />
        </li>
      ))}
    </ul>
  );
}
