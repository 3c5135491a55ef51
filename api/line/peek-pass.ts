import type { LineSlips, Pass } from "./line-slips.ts";
import type { Lines } from "./lines.ts";

/** The pass on a slip that is genuine, not over and not ended. Who may use it comes later: this is for the door, which is quick. */
export type PeekPass = (slip: string) => Pass | undefined;

export function createPeekPass(deps: { lines: Lines; slips: LineSlips }): PeekPass {
  const { lines, slips } = deps;
  return (slip) => {
    const pass = slips.readPass(slip);
    if (pass === undefined || pass.untilMs < Date.now() || !lines.isReady()) return undefined;
    return lines.of(pass.showId)?.hasEnded(pass.number) === true ? undefined : pass;
  };
}
