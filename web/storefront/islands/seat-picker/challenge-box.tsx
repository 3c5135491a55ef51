import { useEffect, useRef, useState } from "preact/hooks";

import { useBuyingWords } from "../booking/use-buying-words.ts";
import { answerChallenge } from "./answer-challenge.ts";
import type { Challenge } from "./answer-challenge.ts";

/** Says that there is a puzzle, and solves it: `onAnswer` gets nothing where this browser cannot. */
export function ChallengeBox(props: {
  challenge: Challenge;
  onAnswer: (answer: string | undefined) => void;
}) {
  const { challenge, onAnswer } = props;
  const { challenge: words } = useBuyingWords();
  const [share, setShare] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return undefined;
    const stop = new AbortController();
    const hands = { box: box.current, onProgress: setShare, signal: stop.signal };
    answerChallenge(challenge, hands).then(
      (answer) => stop.signal.aborted || onAnswer(answer),
      () => stop.signal.aborted || onAnswer(undefined),
    );
    return () => stop.abort();
  }, [challenge]);
  return (
    <div class="told challenge" role="status">
      <h4>{words.title}</h4>
      <p>{words.text}</p>
      {challenge.kind === "proof-of-work" && (
        <progress max={1} value={share} aria-label={words.progress} />
      )}
      <div ref={box} />
    </div>
  );
}
