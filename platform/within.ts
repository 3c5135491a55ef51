/** What `work` brings, or an error when it has not come after `ms`. The work itself goes on; whoever started it must end it. */
export function within<Result>(ms: number, what: string, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${what}: nothing came within ${ms} ms`));
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
