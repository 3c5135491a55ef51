import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Something that happens to a seat, and how long after it each of two screens showed it. */
export type LifeStep = {
  what: string;
  /** Undefined: it is nothing to show. */
  shows: string | undefined;
  screensMs: number[];
};

const path = fileURLToPath(new URL("../docs/seat-life.md", import.meta.url));

/** The document as it is and as these steps write it, without their times, which are others every time. `WRITE_DOCS=1` writes it. */
export function compareSeatLife(steps: LifeStep[]): { is: string; mustBe: string } {
  const written = documentOf(steps);
  if (process.env["WRITE_DOCS"] !== undefined) writeFileSync(path, written);
  const is = existsSync(path) ? readFileSync(path, "utf8") : "";
  return { is: withoutTimes(is), mustBe: withoutTimes(written) };
}

function withoutTimes(document: string): string {
  return document.replaceAll(/-?\d+ ms/g, "… ms");
}

function documentOf(steps: LifeStep[]): string {
  const rows = steps.map(({ what, shows = "nothing new", screensMs }) => {
    const [first = "–", second = "–"] = screensMs.map(msText);
    return `| ${what} | ${shows} | ${first} | ${second} |\n`;
  });
  const events = steps.map(({ what, shows, screensMs }) =>
    shows === undefined
      ? `  ${what} : nothing to show\n`
      : `  ${what} : ${shows} : ${msText(Math.max(...screensMs))} later\n`,
  );
  return `# A seat's life on two screens

What happens to one seat, and how long after the commit each of two watchers of \`GET /v1/shows/{id}/seats/stream\` showed it. One
recording; every step must come within a second, whatever the machine does besides.

| what happens | the screens show | screen 1 | screen 2 |
|---|---|---|---|
${rows.join("")}
\`\`\`mermaid
timeline
  title One seat
${events.join("")}\`\`\`

Written by \`WRITE_DOCS=1 npm run jest -- tests/live-seats.alone.test.ts\`; the test fails when the steps or their order are others,
not when the times are. The whole house runs on the machine that measures, and the screens are two connections to one API process. A reader asks
PostgreSQL for the seat all the time, and a step is timed from when it last asked and the seat was still as before. That is before
the commit, so the times are too long, by one or two such questions: some milliseconds. They hold the way from the checkout process
through Redis to the API process, and what is left of the 50 ms within which changes are told together. "Its time is over" is timed
from the end of hold and grace, which the API process looks for four times a second.
`;
}

function msText(ms: number): string {
  return `${Math.round(ms)} ms`;
}
