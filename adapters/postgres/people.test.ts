import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { demoPeople } from "../../local/demo-data/people.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { addPerson, findPerson, savePerson } from "./people.ts";

const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

function demoPerson(handle: string) {
  const found = demoPeople.find((person) => person.handle === handle);
  if (found === undefined) throw new Error(`No ${handle}`);
  const { userId, email, name } = found;
  return { userId, email, name };
}

test("a person is found as saved, and the newest saving counts", async () => {
  const asha = demoPerson("asha");
  await savePerson(database.pool, sealing, asha);
  expect(await findPerson(database.pool, sealing, asha.userId)).toEqual(asha);
  const moved = { ...asha, email: "asha.rao@example.com" };
  await savePerson(database.pool, sealing, moved);
  expect(await findPerson(database.pool, sealing, asha.userId)).toEqual(moved);
  expect(await findPerson(database.pool, sealing, demoPerson("ben").userId)).toBeUndefined();
});

test("who is added is known, unless they have said something of themselves, before or at the same moment", async () => {
  const [first, second] = [demoPerson("elena"), demoPerson("farah")];
  const own = { ...second, email: "own.address@example.com" };
  await addPerson(database.pool, sealing, first);
  expect(await findPerson(database.pool, sealing, first.userId)).toEqual(first);
  await Promise.all([
    ...Array.from({ length: 10 }, () => addPerson(database.pool, sealing, second)),
    savePerson(database.pool, sealing, own),
    ...Array.from({ length: 10 }, () => addPerson(database.pool, sealing, second)),
  ]);
  await addPerson(database.pool, sealing, second);
  expect(await findPerson(database.pool, sealing, second.userId)).toEqual(own);
});

test("the table shows no address and no name, and one address has one digest however it is written", async () => {
  const [chloe, daichi] = [demoPerson("chloe"), demoPerson("daichi")];
  await savePerson(database.pool, sealing, chloe);
  await savePerson(database.pool, sealing, { ...daichi, email: " CHLOE@example.com " });
  const { rows } = await database.pool.query<{ row: string; digest: Buffer }>(
    `select encode(email_sealed || name_sealed || email_digest, 'escape') as row, email_digest as digest
     from people where user_id = any($1::uuid[])`,
    [[chloe.userId, daichi.userId]],
  );
  expect(rows.map(({ row }) => row).join()).not.toMatch(/chloe|daichi|example/i);
  expect(rows[0]?.digest).toEqual(rows[1]?.digest);
});

test("what was sealed for one person does not open as another's", async () => {
  const [elena, farah] = [demoPerson("elena"), demoPerson("farah")];
  await savePerson(database.pool, sealing, elena);
  await savePerson(database.pool, sealing, farah);
  await database.pool.query(
    `update people set email_sealed = (select email_sealed from people where user_id = $1) where user_id = $2`,
    [elena.userId, farah.userId],
  );
  await expect(findPerson(database.pool, sealing, farah.userId)).rejects.toThrow(
    "unable to authenticate",
  );
});
