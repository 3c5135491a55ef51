import { organiserIds, showIds } from "../domain/ids.ts";
import { organiserRoles } from "../domain/organiser-roles.ts";
import type { OrganiserRole } from "../domain/organiser-roles.ts";
import type { Edge } from "./edge.ts";
import { plantShow } from "./plant-show.ts";

type Person = Awaited<ReturnType<Edge["signIn"]>>;

/** A show of an organisation with somebody in each role. `at` is where its organisers find it. */
export async function plantHouse(edge: Edge, show: Parameters<typeof plantShow>[1] = {}) {
  const db = edge.database.pool;
  const showId = await plantShow(db, show);
  const { rows } = await db.query<{ organiserId: string }>(
    `select venue.organiser_id as "organiserId"
     from shows show join halls hall using (hall_id) join venues venue using (venue_id) where show_id = $1`,
    [showId],
  );
  const organiserId = rows[0]?.organiserId ?? "";
  const people: Record<string, Person> = {};
  for (const role of organiserRoles) {
    const person = await edge.signIn();
    people[role] = person;
    await db.query("insert into organiser_members values ($1, $2, $3)", [
      ...[organiserId, person.userId, role],
    ]);
  }
  const home = `/organisations/${organiserIds.encode(organiserId)}`;
  return {
    ...{ showId, organiserId, people: people as Record<OrganiserRole, Person> },
    home: `/v1/organiser${home}`,
    at: `/v1/organiser${home}/shows/${showIds.encode(showId)}`,
    page: `/desk${home}/shows/${showIds.encode(showId)}`,
  };
}

/** What was done in an organisation's name, first things first. */
export async function actionsOf(edge: Edge, organiserId: string) {
  const { rows } = await edge.database.pool.query<{
    action: string;
    actor: string;
    subject: string;
    details: Record<string, unknown>;
  }>(
    "select action, actor, subject, details from organiser_actions where organiser_id = $1 order by action_id",
    [organiserId],
  );
  return rows;
}
