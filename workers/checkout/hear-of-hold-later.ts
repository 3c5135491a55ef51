/**
 * The hold as the first task of its checkout hears of it: not before `letOthersBegin` resolves. The buyer has their answer from the
 * request, which has begun the same hold; what the task leads to is as much work for Temporal as the start of another checkout, and
 * those who still choose would wait behind it. A hold that fails is heard of at once.
 */
export function hearOfHoldLater<Input, Outcome>(
  holdSeats: (input: Input) => Promise<Outcome>,
  letOthersBegin: () => Promise<void>,
): (input: Input) => Promise<Outcome> {
  return async (input) => {
    const [outcome] = await Promise.all([holdSeats(input), letOthersBegin()]);
    return outcome;
  };
}
