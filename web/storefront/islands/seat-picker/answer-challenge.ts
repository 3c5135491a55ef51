/** What `details.challenge` of a refusal says: docs/limits.md. */
export type Challenge =
  | { kind: "proof-of-work"; nonce: string; bits: number }
  | { kind: "turnstile"; siteKey: string; widget: string };

type AnswerChallenge = (
  challenge: Challenge,
  hands: { box: HTMLElement; onProgress: (share: number) => void; signal: AbortSignal },
) => Promise<string>;

/** Solves a challenge as the page of the line does, by the same script, which only those load who are asked for one. */
export const answerChallenge: AnswerChallenge = async (challenge, hands) => {
  const script = (await import(/* @vite-ignore */ address)) as { answerChallenge: AnswerChallenge };
  return script.answerChallenge(challenge, hands);
};

const address = "/assets/answer-challenge.js";
