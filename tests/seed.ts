/** What chance a run was given. It is printed, so that a failure can be had again: `SEED=<number> npm run jest -- <file>`. */
export function seedOf(what: string): number {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`${what}: SEED=${seed}\n`);
  return seed;
}
