import type { Language, NoticeChoices } from "../../domain/notices.ts";
import { noChoices } from "../../domain/notices.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { Queryable } from "./pool.ts";

/** What somebody has chosen last replaces what they chose before. */
export async function saveNoticeChoices(
  db: Queryable,
  sealing: Sealing,
  { userId, ...choices }: NoticeChoices & { userId: string },
): Promise<void> {
  const { language, phone, mailsOff, textsOn } = choices;
  await db.query(
    `insert into notice_choices (user_id, language, phone_sealed, mails_off, texts_on, updated_at)
     values ($1, $2, $3, $4, $5, now())
     on conflict (user_id) do update set language = excluded.language, phone_sealed = excluded.phone_sealed,
       mails_off = excluded.mails_off, texts_on = excluded.texts_on, updated_at = excluded.updated_at`,
    [
      userId,
      language,
      phone === null ? null : sealing.seal(phone, phoneContext(userId)),
      mailsOff,
      textsOn,
    ],
  );
}

/** In which language somebody is told of things who has chosen nothing. What they have chosen stays, also if they choose it at this moment. */
export async function addLanguage(
  db: Queryable,
  { userId, language }: { userId: string; language: Language },
): Promise<void> {
  await db.query(
    `insert into notice_choices (user_id, language, updated_at) values ($1, $2, now()) on conflict do nothing`,
    [userId, language],
  );
}

export async function readNoticeChoices(
  db: Queryable,
  sealing: Sealing,
  userId: string,
): Promise<NoticeChoices> {
  const { rows } = await db.query<StoredChoices>(
    `select ${choiceColumns} from notice_choices choices where user_id = $1`,
    [userId],
  );
  const [row] = rows;
  return row === undefined ? noChoices : openChoices(sealing, userId, row);
}

/** One kind of mail less, and nothing else is changed. Repeating it does nothing. */
export async function turnMailOff(
  db: Queryable,
  { userId, kind }: { userId: string; kind: string },
): Promise<void> {
  await db.query(
    `insert into notice_choices (user_id, mails_off, updated_at) values ($1, array[$2::text], now())
     on conflict (user_id) do update set mails_off = notice_choices.mails_off || excluded.mails_off, updated_at = now()
       where not $2::text = any(notice_choices.mails_off)`,
    [userId, kind],
  );
}

export type StoredChoices = Omit<NoticeChoices, "phone"> & { phoneSealed: Buffer | null };

export const choiceColumns = `choices.language, choices.phone_sealed as "phoneSealed",
  choices.mails_off as "mailsOff", choices.texts_on as "textsOn"`;

export function openChoices(
  sealing: Sealing,
  userId: string,
  { language, phoneSealed, mailsOff, textsOn }: StoredChoices,
): NoticeChoices {
  const phone = phoneSealed === null ? null : sealing.open(phoneSealed, phoneContext(userId));
  return { language, phone, mailsOff, textsOn };
}

function phoneContext(userId: string): string {
  return `notice_choices.phone:${userId}`;
}
