import { seatStatuses } from "../../../../domain/booking.ts";
import type { SeatStatus } from "../../../../domain/booking.ts";

/** How the seats of one show stand, by position in layout order. */
export type SeatStates = {
  statusAt(position: number): SeatStatus;
  /** Everything anew, from two bits a seat. Returns the positions that look different now. */
  takeBitmap(bytes: Uint8Array): number[];
  /** What has changed. Returns the positions that look different now; seats that the hall has not are passed over. */
  takeChanges(changes: readonly { seatId: string; status: SeatStatus }[]): number[];
};

export function createSeatStates(positions: ReadonlyMap<string, number>): SeatStates {
  // Nobody is offered what is not known yet.
  const codes = new Uint8Array(positions.size).fill(3);
  return {
    statusAt: (position) => seatStatuses[codes[position] ?? 3] ?? "blocked",
    takeBitmap(bytes) {
      const changed: number[] = [];
      for (let position = 0; position < codes.length; position += 1) {
        const code = ((bytes[position >> 2] ?? 0xff) >> ((position & 3) * 2)) & 3;
        if (codes[position] !== code) changed.push(position);
        codes[position] = code;
      }
      return changed;
    },
    takeChanges(changes) {
      return changes.flatMap(({ seatId, status }) => {
        const position = positions.get(seatId);
        const code = seatStatuses.indexOf(status);
        if (position === undefined || codes[position] === code) return [];
        codes[position] = code;
        return [position];
      });
    },
  };
}

/** The bitmap as the stream sends it. */
export function decodeBitmap(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
