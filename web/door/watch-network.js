import { Away, isSignedOut as isOver } from "./ask-door.js";

/** Whether anybody answers. A session that is over is as good as no network: nothing is lost, and it is said. */
export function watchNetwork() {
  const state = { isOnline: true, isSignedOut: false };
  return {
    state,
    /** undefined: nobody has answered in time, or nobody is signed in here. Throws `Refused` for everything else. */
    async try(work) {
      try {
        const answer = await work();
        Object.assign(state, { isOnline: true, isSignedOut: false });
        return answer;
      } catch (error) {
        const isSignedOut = isOver(error);
        if (!isSignedOut && !(error instanceof Away)) throw error;
        Object.assign(state, { isOnline: false, isSignedOut });
        return undefined;
      }
    },
  };
}
