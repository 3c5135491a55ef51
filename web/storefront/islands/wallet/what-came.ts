/** The answers that came, in the order of the questions. Rejects only where questions were asked and none was answered. */
export async function whatCame<Answer>(asked: readonly Promise<Answer>[]): Promise<Answer[]> {
  const came: Answer[] = [];
  const failures: unknown[] = [];
  for (const one of await Promise.allSettled(asked)) {
    if (one.status === "fulfilled") came.push(one.value);
    else failures.push(one.reason);
  }
  if (came.length === 0 && failures.length > 0) throw failures[0];
  return came;
}
