/**
 * Something that a person's client does easily once, and a machine for a thousand accounts not: asked of those alone who look like
 * one. `subject` is whom an answer is good for.
 */
export type Challenge = {
  /** Whose script and frames a page needs beside ours to show it. */
  widgetOrigin?: string;
  /** What to do, for the client: a part of the problem's details. */
  task(subject: string): Record<string, unknown>;
  /** Whether it was done; an answer is good once. Throws `DomainError("UNAVAILABLE")` when nobody can say. */
  isSolved(answer: string, asker: { subject: string; address: string }): Promise<boolean>;
};
