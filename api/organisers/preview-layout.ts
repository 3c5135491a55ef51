import { findItems } from "../../adapters/postgres/catalogue-items.ts";
import type { Item } from "../../adapters/postgres/catalogue-items.ts";
import type { Database } from "../../adapters/postgres/pool.ts";
import { drawLayout } from "../../domain/draw-layout.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { ActFor, Member } from "./act-for.ts";
import type { Ask } from "./organisations.ts";
import { planItems, tellItemProblems } from "./plan-items.ts";
import type { ItemProblem } from "./plan-items.ts";

/** A layout that is drawn, or everything that is wrong with it. */
export type Preview = { svg: string } | { problems: ItemProblem[] };

/** Pictures of layouts. At most 100,000 seats, of which a picture takes some 0.3 s of CPU. */
export function createPreviewLayout({
  db,
  actFor,
  sealing,
}: {
  db: Database;
  actFor: ActFor;
  sealing: Sealing;
}) {
  return {
    /** Of one that is not saved. */
    draw: async ({ item, ...ask }: Ask & { item: Item }): Promise<Preview> =>
      draw(await actFor.memberOf({ ...ask, permission: "edit the catalogue" }), item),

    /** Of one that is. Throws ITEM_NOT_FOUND. */
    drawSaved: async ({ key, ...ask }: Ask & { key: string }): Promise<Preview> => {
      const member = await actFor.memberOf({ ...ask, permission: "see" });
      const place = { organiserId: ask.organiserId, list: "layouts", keys: [key] } as const;
      const [stored] = await findItems(db, sealing, place);
      if (stored === undefined) throw new DomainError("ITEM_NOT_FOUND");
      return draw(member, stored.item);
    },
  };
}

function draw(member: Member, item: Item): Preview {
  const { plan, problems } = planItems({ layouts: [{ key: "preview", ...item }] }, member);
  const [layout] = plan.layouts;
  if (layout !== undefined) return { svg: drawLayout(layout.layout) };
  return { problems: tellItemProblems(problems, (path) => path.slice(2)) };
}
