import type { House } from "./house.ts";
import { sideRate } from "./side-rate.ts";

/** How much goes through in a second with 16 clients; measured once for each name. */
export function measureCeiling(
  house: House,
  name: string,
  work: () => Promise<boolean>,
): Promise<number> {
  return house.once(`ceiling of ${name}`, async () => {
    house.report(`finding out how many of ${name} go through`);
    const seconds = house.effort.openSeconds / 2;
    return { made: await sideRate({ clients: 16, seconds, work }) };
  });
}
