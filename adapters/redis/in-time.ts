/**
 * Nobody waits for Redis longer than 50 ms. But a busy process reads late what came in time: what has come by then is read
 * first.
 */
export function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error("Redis did not answer in time"));
    const timer = setTimeout(() => setImmediate(giveUp), answerMsMax);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const answerMsMax = 50;
