import { useEffect, useState } from "preact/hooks";

import { codeOf } from "../session.ts";

/** What became of a question: nothing yet, an answer, or a code that says why there is none, or no newer one. */
export type Asked<Answer> = { answer?: Answer; refusal?: string };

/**
 * Asks once, and again whenever `again` is called. What was there stays until the new answer comes, or is told: by another question
 * that has the same answer.
 */
export function useAnswer<Answer>(
  ask: () => Promise<Answer>,
): Asked<Answer> & { again: () => void; tell: (answer: Answer) => void } {
  const [asked, setAsked] = useState<Asked<Answer>>({});
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let isOver = false;
    ask().then(
      (answer) => !isOver && setAsked({ answer }),
      (error: unknown) => !isOver && setAsked((was) => ({ ...was, refusal: codeOf(error) })),
    );
    return () => {
      isOver = true;
    };
  }, [times]);
  return {
    ...asked,
    again: () => setTimes((was) => was + 1),
    tell: (answer) => setAsked({ answer }),
  };
}
