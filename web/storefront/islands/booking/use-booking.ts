import { useEffect, useRef, useState } from "preact/hooks";

import { askApi, serverClock } from "./ask-api.ts";
import { pauseBefore, stageOf } from "./booking-view.ts";
import type { BookingView } from "./booking-view.ts";

export type BookingState = {
  /** undefined: not known yet, or nobody's who is signed in. */
  booking: BookingView | undefined;
  trouble: "signed_out" | "not_found" | "away" | undefined;
  isPaymentBegun: boolean;
  /** The provider is being asked for the buyer who has come back from it. */
  isAsking: boolean;
};

/**
 * Follows a booking until nothing can change any more: asked for again and again, less often the longer nothing happens. Whoever
 * comes back to this page, from the provider's or from another tab, makes Marquee ask the provider too.
 */
export function useBooking(bookingId: string) {
  const [state, setState] = useState<BookingState>({
    ...{ booking: undefined, trouble: undefined },
    ...{ isPaymentBegun: false, isAsking: false },
  });
  const loop = useRef<ReturnType<typeof createLoop>>(undefined);
  useEffect(() => {
    const own = createLoop(bookingId, setState);
    loop.current = own;
    void own.ask();
    const back = () => document.visibilityState === "visible" && void own.ask();
    const returned = new BroadcastChannel("marquee-checkout");
    returned.addEventListener("message", back);
    document.addEventListener("visibilitychange", back);
    return () => {
      own.stop();
      returned.close();
      document.removeEventListener("visibilitychange", back);
    };
  }, [bookingId]);
  return {
    ...state,
    /** Asks for the booking at once. */
    look: () => loop.current?.look(),
    /** Makes Marquee ask the provider too. */
    ask: () => loop.current?.ask(),
  };
}

function createLoop(
  bookingId: string,
  tell: (change: (state: BookingState) => BookingState) => void,
) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let isPaymentBegun = false;
  let last: BookingView | undefined;
  let quiet = 0;

  function take(booking: BookingView): void {
    quiet = last?.status === booking.status ? quiet + 1 : 0;
    last = booking;
    tell((state) => ({ ...state, booking, trouble: undefined, isPaymentBegun }));
  }

  function plan(): void {
    clearTimeout(timer);
    if (isOver) return;
    const nowMs = serverClock.nowMs();
    const stage = last === undefined ? "checking" : stageOf(last, { isPaymentBegun, nowMs });
    let pauseMs = pauseBefore(stage, quiet);
    // The end of a hold is looked at when it comes.
    if (last !== undefined && (stage === "to_pay" || stage === "checking")) {
      const leftMs = Date.parse(last.expiryTime) - nowMs;
      pauseMs = Math.min(pauseMs ?? 0, Math.max(300, leftMs + 200));
    }
    if (pauseMs !== undefined) timer = setTimeout(() => void look(), pauseMs);
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    const { status, body } = await askApi<BookingView>(`/v1/bookings/${bookingId}`);
    if (isOver) return;
    if (body !== undefined) take(body);
    else {
      quiet += 1;
      tell((state) => ({ ...state, trouble: troubleOf(status) }));
    }
    if (status !== 401 && status !== 404 && status !== 400) plan();
  }

  return {
    look,
    async ask(): Promise<void> {
      await look();
      if (isOver || last?.status !== "held") return undefined;
      tell((state) => ({ ...state, isAsking: true }));
      const question = { method: "POST", body: { bookingId } } as const;
      const { body, code } = await askApi<BookingView>("/v1/bookings/confirm", question);
      if (isOver) return undefined;
      isPaymentBegun = body !== undefined || (isPaymentBegun && code !== "PAYMENT_NOT_FOUND");
      tell((state) => ({ ...state, isAsking: false, isPaymentBegun }));
      if (body === undefined) return look();
      take(body);
      return plan();
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

function troubleOf(status: number): NonNullable<BookingState["trouble"]> {
  if (status === 401) return "signed_out";
  return status === 404 || status === 400 ? "not_found" : "away";
}
