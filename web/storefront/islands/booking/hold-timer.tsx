import { useEffect, useRef, useState } from "preact/hooks";

import { serverClock } from "./ask-api.ts";
import { countdown, spokenMoment } from "./countdown.ts";
import { useBuyingWords } from "./use-buying-words.ts";

/** What is left of a hold, on the server's clock: seen every second, said aloud at few moments. */
export function HoldTimer({ until, onEnd }: { until: string; onEnd: () => void }) {
  const { booking: words } = useBuyingWords();
  const untilMs = Date.parse(until);
  const [nowMs, setNowMs] = useState(serverClock.nowMs());
  const [spoken, setSpoken] = useState("");
  const before = useRef(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const tick = () => {
      const now = serverClock.nowMs();
      setNowMs(now);
      const moment = spokenMoment(before.current, untilMs - now);
      if (moment !== undefined && before.current !== Number.POSITIVE_INFINITY) {
        setSpoken(words.left(Math.floor(moment / 60), moment % 60));
      }
      before.current = untilMs - now;
      if (now < untilMs) return;
      clearInterval(timer);
      onEnd();
    };
    const timer = setInterval(tick, 1_000);
    tick();
    return () => clearInterval(timer);
  }, [until]);
  const leftMs = untilMs - nowMs;
  return (
    <p class={leftMs < 60_000 ? "hold-timer soon" : "hold-timer"}>
      {words.heldFor} <span role="timer">{countdown(untilMs, nowMs)}</span>
      <span class="unseen" role="status">
        {spoken}
      </span>
    </p>
  );
}
