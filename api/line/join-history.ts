/** How many had joined by when, in the last half hour, as one process has seen it. */
export type JoinHistory = {
  hear(joined: number): void;
  read(): JoinSample[];
};

export type JoinSample = { atMs: number; joined: number };

export function createJoinHistory(): JoinHistory {
  let samples: JoinSample[] = [];
  return {
    hear(joined) {
      const atMs = Date.now();
      const last = samples.at(-1);
      if (last !== undefined && atMs - last.atMs < sampleEveryMs) return;
      samples = [...samples.slice(1 - samplesMax), { atMs, joined }];
    },
    read: () => samples,
  };
}

const sampleEveryMs = 15_000;
const samplesMax = 120;
