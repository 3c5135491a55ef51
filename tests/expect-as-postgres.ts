import { expect } from "@jest/globals";

import { compareIndex, noDifferences } from "./compare-index.ts";
import { eventually } from "./eventually.ts";
import type { SearchHouse } from "./search-house.ts";

/** In the end the index holds what PostgreSQL does, document by document. */
export async function expectAsPostgres(house: SearchHouse, waitMsMax = 20_000): Promise<void> {
  const compare = () => compareIndex(house.system.database.pool, house.elastic, house.alias);
  const isAsPostgres = async () =>
    Object.values(await compare()).every((showIds) => showIds.length === 0);
  await eventually(isAsPostgres, waitMsMax).catch(() => undefined);
  expect(await compare()).toEqual(noDifferences);
}
