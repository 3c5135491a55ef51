import { noChoices } from "../../domain/notices.ts";
import type { NoticeChoices } from "../../domain/notices.ts";
import type { Sealing } from "../../platform/sealing.ts";
import { choiceColumns, openChoices } from "./notice-choices.ts";
import type { StoredChoices } from "./notice-choices.ts";
import { openPerson } from "./people.ts";
import type { Person, StoredPerson } from "./people.ts";
import type { Queryable } from "./pool.ts";

/** Somebody who is to be told something: who they are, what they have chosen, and whether mail reaches them. */
export type Recipient = {
  person: Person;
  choices: NoticeChoices;
  /** Mail to their present address has come back for good. */
  isUnreachable: boolean;
};

export async function findRecipient(
  db: Queryable,
  sealing: Sealing,
  userId: string,
): Promise<Recipient | undefined> {
  const { rows } = await db.query<
    StoredPerson & StoredChoices & { hasChosen: boolean; isUnreachable: boolean }
  >(
    `select person.user_id as "userId", person.email_sealed as "emailSealed", person.name_sealed as "nameSealed",
       choices.user_id is not null as "hasChosen", ${choiceColumns},
       exists (select 1 from mail_bounces bounce
                 where bounce.user_id = person.user_id and bounce.email_digest = person.email_digest
                   and bounce.is_hard and bounce.lifted_at is null) as "isUnreachable"
     from people person
     left join notice_choices choices on choices.user_id = person.user_id
     where person.user_id = $1`,
    [userId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    person: openPerson(sealing, row),
    choices: row.hasChosen ? openChoices(sealing, userId, row) : noChoices,
    isUnreachable: row.isUnreachable,
  };
}
