import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { organiserIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeAnswer } from "../../tests/edge.ts";
import { ownedBy, plainCatalogue } from "../../tests/plain-catalogue.ts";
import { plantOrganisation } from "../../tests/plant-organisation.ts";

let edge: Edge;
type Person = Awaited<ReturnType<Edge["signIn"]>>;
let operator: Person;

beforeAll(async () => {
  edge = await createEdge();
  operator = await edge.signIn(randomUUID(), ["operator"]);
}, 60_000);
afterAll(() => edge.close(), 30_000);

const home = "/v1/organiser/organisations";

async function found(key: string, owner: Person): Promise<EdgeAnswer> {
  const json = { name: `House of ${key}`, ownerId: owner.userId };
  return edge.send("PUT", `/v1/desk/organisations/${key}`, { ...operator, json });
}

async function rowsOf(at: string) {
  const id = organiserIds.decode(at.slice(home.length + 1));
  const { rows } = await edge.database.pool.query(
    `select organiser.name, (select jsonb_agg(to_jsonb(member) order by user_id) from organiser_members member
         where member.organiser_id = organiser.organiser_id) as members,
       (select jsonb_agg(to_jsonb(item) order by list, key) from catalogue_items item
         where item.organiser_id = organiser.organiser_id) as items,
       (select jsonb_agg(to_jsonb(show) order by show_id) from shows show) as shows,
       (select count(*) from organiser_actions done where done.organiser_id = organiser.organiser_id) as actions
     from organisers organiser where organiser.organiser_id = $1`,
    [id],
  );
  return rows;
}

test("an operator founds an organisation; its owner takes people in, and each act leaves one row, repeats none", async () => {
  const owner = await edge.signIn();
  const first = await found("first-house", owner);
  expect(first).toMatchObject({
    ...{ status: 200, body: { key: "first-house", name: "House of first-house" } },
  });
  expect(await found("first-house", owner)).toMatchObject({ status: 200, body: first.body });
  const at = `${home}/${String(first.body["organiserId"])}`;
  const seller = await edge.signIn();
  for (const role of ["viewer", "seller", "seller"]) {
    const json = { role };
    const put = await edge.send("PUT", `${at}/members/${seller.userId}`, { ...owner, json });
    expect(put).toMatchObject({ status: 200, body: { userId: seller.userId, role } });
  }
  expect((await edge.send("GET", home, seller)).body).toEqual({
    organisations: [{ ...first.body, role: "seller" }],
  });
  await edge.send("PUT", at, { ...owner, json: { name: "First House" } });
  expect((await edge.send("GET", at, seller)).body).toMatchObject({ name: "First House" });
  expect(await edge.send("DELETE", `${at}/members/${seller.userId}`, owner)).toMatchObject({
    status: 204,
  });
  expect(await edge.send("GET", at, seller)).toMatchObject(refused(404, "ORGANISATION_NOT_FOUND"));
  const { body } = await edge.send("GET", `${at}/actions`, owner);
  expect(body["actions"]).toMatchObject([
    { action: "member removed", subject: seller.userId, actor: owner.userId },
    { action: "organisation renamed", subject: "first-house", details: { name: "First House" } },
    { action: "member set", subject: seller.userId, details: { role: "seller" } },
    { action: "member set", subject: seller.userId, details: { role: "viewer" } },
    { action: "organisation founded", subject: owner.userId, actor: operator.userId },
  ]);
  const [latest] = body["actions"] as { actionId: string }[];
  const page = await edge.send("GET", `${at}/actions?before=${latest?.actionId}`, owner);
  expect(page.body["actions"]).toHaveLength(4);
});

test("an organisation that has an owner gets no other from outside", async () => {
  const { key, at } = await plantOrganisation(edge);
  const before = await rowsOf(at);
  expect(await found(key, await edge.signIn())).toMatchObject(refused(409, "ORGANISATION_OWNED"));
  expect(await rowsOf(at)).toEqual(before);
});

test("two owners who leave at the same moment, in twenty organisations: one of them stays in each", async () => {
  const houses = await Promise.all(Array.from({ length: 20 }, () => plantOrganisation(edge)));
  const owners = await Promise.all(
    houses.map(async ({ at, owner, editor }) => {
      const toOwner = { ...owner, json: { role: "owner" } };
      await edge.send("PUT", `${at}/members/${editor.userId}`, toOwner);
      await Promise.all([
        edge.send("DELETE", `${at}/members/${owner.userId}`, owner),
        edge.send("PUT", `${at}/members/${editor.userId}`, { ...editor, json: { role: "viewer" } }),
      ]);
      const [row] = await rowsOf(at);
      return (row.members as { role: string }[]).filter(({ role }) => role === "owner").length;
    }),
  );
  expect(owners).toEqual(houses.map(() => 1));
});

const catalogue = plainCatalogue();

// Every route of an organisation, with a request that would change something. authorisation.test.ts knows whether a route is missing.
const routes: [string, string, unknown?][] = [
  ["GET", ""],
  ["PUT", "", { name: "Taken over" }],
  ["GET", "/members"],
  ["PUT", `/members/${randomUUID()}`, { role: "owner" }],
  ["DELETE", "/members/:viewer"],
  ["GET", "/actions"],
  ["GET", "/catalogue"],
  ["PUT", "/catalogue", catalogue],
  ["PUT", "/catalogue?check=true", catalogue],
  ["GET", "/series/evenings/shows"],
  ["GET", "/layouts/hall/preview"],
  ["POST", "/layouts/preview", catalogue.layouts[0]],
  ...(["layouts", "venues", "titles", "series"] as const).flatMap(
    (list): [string, string, unknown?][] => {
      const [{ key, ...item }] = catalogue[list];
      const at = `/${list}/${String(key)}`;
      return [
        ["GET", `/${list}`],
        ["GET", at],
        ["PUT", at, item],
        ["PUT", `${at}?check=true`, item],
        ["DELETE", at],
      ];
    },
  ),
];
const forViewers = [
  ...["GET ", "GET /catalogue", "GET /series/evenings/shows", "GET /layouts/hall/preview"],
  ...["layouts", "venues", "titles", "series"].map((list) => `GET /${list}`),
  ...["GET /layouts/hall", "GET /venues/playhouse", "GET /titles/tide", "GET /series/evenings"],
];
const refusalOf = {
  nobody: refused(401, "TOKEN_MISSING"),
  "a stranger": refused(404, "ORGANISATION_NOT_FOUND"),
  "a member of another": refused(404, "ORGANISATION_NOT_FOUND"),
  "an operator": refused(404, "ORGANISATION_NOT_FOUND"),
  "a viewer": refused(403, "ROLE_TOO_LOW"),
};

test.each(["nobody", "a stranger", "a member of another", "an operator", "a viewer"] as const)(
  "%s learns and changes nothing that is not theirs, on any route",
  async (who) => {
    const house = await plantOrganisation(edge);
    const { headers } = {
      nobody: { headers: {} },
      "a stranger": await edge.signIn(),
      "a member of another": (await plantOrganisation(edge)).owner,
      "an operator": operator,
      "a viewer": house.viewer,
    }[who];
    const owned = ownedBy(catalogue, house.key);
    expect(
      await edge.send("PUT", `${house.at}/catalogue`, { ...house.owner, json: owned }),
    ).toMatchObject({ status: 200 });
    const before = await rowsOf(house.at);
    for (const [method, route, json] of routes) {
      const path = route.replace(":viewer", house.viewer.userId);
      const answer = await edge.send(method, `${house.at}${path}`, { headers, json });
      const isOpen = who === "a viewer" && forViewers.includes(`${method} ${route}`);
      expect(answer).toMatchObject(isOpen ? { status: 200 } : refusalOf[who]);
      // As what does not exist: nothing of the organisation is in the answer.
      expect(isOpen || !answer.text.includes(house.key)).toBe(true);
    }
    expect(await rowsOf(house.at)).toEqual(before);
  },
);

test("what is not theirs and what is not there are answered alike", async () => {
  const { at } = await plantOrganisation(edge);
  const stranger = await edge.signIn();
  const nowhere = `${home}/${organiserIds.encode(randomUUID())}`;
  for (const [method, route, json] of routes) {
    const [closed, missing] = await Promise.all(
      [at, nowhere].map((place) => edge.send(method, `${place}${route}`, { ...stranger, json })),
    );
    const plain = ({ requestId: _, ...body }: EdgeAnswer["body"]) => body;
    expect([closed?.status, closed && plain(closed.body)]).toEqual([
      missing?.status,
      missing && plain(missing.body),
    ]);
  }
});

function refused(status: number, code: string) {
  return { status, body: { code } };
}
