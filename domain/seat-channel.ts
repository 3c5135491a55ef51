/**
 * A way in which a show is sold. Its seats are kept for who comes through it: members before the general sale, a partner's
 * customers, or, without a code, for nobody until the organiser releases them: they are held back.
 */
export type SeatChannel = {
  /** At most 64 of a–z, 0–9 and -. */
  channel: string;
  name: string;
  /** Of the code that opens it; null: no code does. */
  codeHash: string | null;
  /** Epoch milliseconds; null: with the general sale. */
  opensAtMs: number | null;
  /** When its unsold seats become everybody's; null: never by itself. */
  closesAtMs: number | null;
};

/** The names of those channels whose seats are kept from everybody else. */
export function keptChannels(channels: readonly SeatChannel[], nowMs: number): Set<string> {
  const keeping = channels.filter(({ closesAtMs }) => closesAtMs === null || nowMs < closesAtMs);
  return new Set(keeping.map(({ channel }) => channel));
}
