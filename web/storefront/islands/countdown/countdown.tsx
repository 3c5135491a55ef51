import { useEffect, useState } from "preact/hooks";

import { useSpeech } from "../../speech/use-speech.tsx";

/**
 * How long it is until the sale opens, by the server's clock: what is told is the distance. When it is over the page is loaded again,
 * by everybody within a few seconds and not at once.
 */
export function Island({ leftMs }: { leftMs: number }) {
  const { words, timeLeft } = useSpeech();
  const [left, setLeft] = useState(leftMs);
  useEffect(() => {
    const endsAt = performance.now() + leftMs;
    const timer = setInterval(() => {
      const now = endsAt - performance.now();
      setLeft(Math.max(now, 0));
      if (now > 0) return;
      clearInterval(timer);
      setTimeout(reload, Math.random() * spreadMs);
    }, 1_000);
    return () => clearInterval(timer);
  }, [leftMs]);
  return <p class="countdown">{left > 0 && words.show.opensIn(timeLeft(left))}</p>;
}

/** Who chooses through a channel already keeps what is chosen, until they go on without its code. */
function reload(): void {
  if (document.querySelector(".seat-picker") === null) location.reload();
  else setTimeout(reload, 1_000);
}

// The page is kept for ten seconds: whoever came sooner might be shown that the sale is not open yet.
const spreadMs = 5_000;
