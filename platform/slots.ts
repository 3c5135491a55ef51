/** Room for so many at once, and for so many of one group. Who belongs to no group counts towards all of them alone. */
export type Slots = {
  /** Whether there was room; then it is taken, and must be given back once. */
  take(group?: string): boolean;
  giveBack(group?: string): void;
  hasRoom(group?: string): boolean;
  taken(): number;
};

/** Nobody waits here: two numbers, counted up and down. */
export function createSlots({ max, perGroupMax }: { max: number; perGroupMax: number }): Slots {
  const groups = new Map<string, number>();
  let taken = 0;

  function hasRoom(group?: string): boolean {
    if (taken >= max) return false;
    return group === undefined || (groups.get(group) ?? 0) < perGroupMax;
  }

  return {
    hasRoom,
    take(group) {
      if (!hasRoom(group)) return false;
      taken += 1;
      if (group !== undefined) groups.set(group, (groups.get(group) ?? 0) + 1);
      return true;
    },
    giveBack(group) {
      taken -= 1;
      if (group === undefined) return;
      const left = (groups.get(group) ?? 0) - 1;
      // Groups come and go: those without anybody are forgotten.
      if (left > 0) groups.set(group, left);
      else groups.delete(group);
    },
    taken: () => taken,
  };
}
