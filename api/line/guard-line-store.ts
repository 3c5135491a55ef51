import type { LineStore } from "../../adapters/redis/line.ts";
import { DomainError } from "../../domain/errors.ts";

/** Without its store a line stands still: whoever needs it is told to come again, and nobody is let past. */
export function guardLineStore(
  store: LineStore,
): Omit<LineStore, "turn" | "remind" | "finish" | "hearAfterDraw" | "countPeople"> {
  return {
    join: guarded(store.join),
    restore: guarded(store.restore),
    enter: guarded(store.enter),
    renew: guarded(store.renew),
    leave: guarded(store.leave),
  };
}

function guarded<Args extends unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) {
  return async (...args: Args): Promise<Answer> => {
    try {
      return await ask(...args);
    } catch (error) {
      throw new DomainError("UNAVAILABLE", {}, { cause: error });
    }
  };
}
