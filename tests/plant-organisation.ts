import { randomUUID } from "node:crypto";

import { organiserRoles } from "../domain/organiser-roles.ts";
import type { OrganiserRole } from "../domain/organiser-roles.ts";
import type { Edge } from "./edge.ts";
import { ownedBy, plainCatalogue } from "./plain-catalogue.ts";

type Organisation = Awaited<ReturnType<typeof plantOrganisation>>;
type Person = Awaited<ReturnType<Edge["signIn"]>>;

/** An organisation with somebody in each role: its key, its id, where it is, and its people. */
export async function plantOrganisation(
  edge: Edge,
): Promise<{ key: string; id: string; at: string } & Record<OrganiserRole, Person>> {
  const key = `house-${randomUUID().slice(0, 8)}`;
  const operator = await edge.signIn(randomUUID(), ["operator"]);
  const owner = await edge.signIn();
  const json = { name: `House of ${key}`, ownerId: owner.userId };
  const { body } = await edge.send("PUT", `/v1/desk/organisations/${key}`, { ...operator, json });
  const id = String(body["organiserId"]);
  const at = `/v1/organiser/organisations/${id}`;
  const people: Record<OrganiserRole, Person> = {
    owner,
    editor: await edge.signIn(),
    seller: await edge.signIn(),
    viewer: await edge.signIn(),
    door: await edge.signIn(),
  };
  for (const role of organiserRoles.filter((one) => one !== "owner")) {
    await edge.send("PUT", `${at}/members/${people[role].userId}`, { ...owner, json: { role } });
  }
  return { key, id, at, ...people };
}

/** Gives an organisation the plain catalogue, and says what it is. */
export async function putPlainCatalogue(
  edge: Edge,
  house: Pick<Organisation, "key" | "at" | "owner">,
) {
  const file = ownedBy(plainCatalogue(), house.key);
  const put = await edge.send("PUT", `${house.at}/catalogue`, { ...house.owner, json: file });
  if (put.status !== 200) throw new Error(`The catalogue was answered ${put.status}`);
  return file;
}
