import { useState } from "preact/hooks";

import { focusIt } from "../../components/focus-it.ts";
import { askOwn } from "../../own/ask-own.ts";
import type { TicketOffer, WalletTicket } from "../../own/wallet-ticket.ts";
import { codeOf } from "../../session.ts";
import { useSpeech } from "../../speech/use-speech.tsx";
import { nameSeat } from "./name-seat.ts";
import { OfferForm } from "./offer-form.tsx";
import type { Receiver } from "./offer-form.tsx";

/** Offers a ticket to somebody, says how the offer stands, and takes it back. `onOvertaken`: it is not as it was, for this reason. */
export function HandOn({
  ticket,
  onOvertaken,
}: {
  ticket: WalletTicket;
  onOvertaken: (why: string) => void;
}) {
  const { words } = useSpeech();
  const say = words.own.handOn;
  const [offer, setOffer] = useState(ticket.offer);
  const [receiver, setReceiver] = useState<Receiver>();
  const [isAsking, setIsAsking] = useState(false);
  const [said, setSaid] = useState("");
  const path = `/v1/tickets/${ticket.ticketId}/transfer`;

  async function attempt(work: () => Promise<void>): Promise<void> {
    setSaid("");
    try {
      await work();
    } catch (error) {
      const why = say.refusals[codeOf(error)] ?? words.own.trouble;
      if (overtaken.has(codeOf(error))) onOvertaken(why);
      else setSaid(why);
    }
  }
  const open = (to: Receiver, key: string) =>
    attempt(async () => {
      const request = { method: "POST", json: to, headers: { "idempotency-key": key } };
      setOffer(await askOwn<TicketOffer>(path, request));
      setReceiver(to);
      setIsAsking(false);
    });
  const takeBack = () =>
    attempt(async () => {
      await askOwn(path, { method: "DELETE" });
      setOffer(null);
      setReceiver(undefined);
      setSaid(say.kept);
    });

  const isOver = ticket.show.status === "cancelled";
  return (
    <div class="hand-on">
      {offer !== null && <Offered {...{ ticket, offer, receiver, onTakeBack: takeBack }} />}
      {offer === null && isAsking && (
        <OfferForm onSend={open} onClose={() => setIsAsking(false)} seat={nameSeat(ticket.seat)} />
      )}
      {offer === null && !isAsking && !isOver && (
        <button
          class="act"
          aria-label={say.openOf(nameSeat(ticket.seat))}
          onClick={() => {
            setSaid("");
            setIsAsking(true);
          }}
        >
          {say.open}
        </button>
      )}
      <p class="own-said" role="status">
        {said}
      </p>
    </div>
  );
}

/** The owner has done it elsewhere, or the receiver was quicker. */
const overtaken = new Set([
  ...["TRANSFER_OPEN", "TRANSFER_CLOSED", "TICKET_NOT_LIVE", "TICKET_NOT_FOUND"],
]);

function Offered(props: {
  ticket: WalletTicket;
  offer: TicketOffer;
  receiver: Receiver | undefined;
  onTakeBack: () => Promise<void>;
}) {
  const { ticket, offer, receiver, onTakeBack } = props;
  const { words, moment } = useSpeech();
  const say = words.own.handOn;
  const until = moment(offer.expiresAt, ticket.show.timeZone);
  return (
    <>
      <p tabIndex={-1} ref={receiver === undefined ? null : focusIt}>
        {say.offered(receiver?.name ?? say.somebody, until)}
      </p>
      <p>
        <button
          class="act"
          aria-label={say.takeBackOf(nameSeat(ticket.seat))}
          onClick={() => void onTakeBack()}
        >
          {say.takeBack}
        </button>
      </p>
    </>
  );
}
