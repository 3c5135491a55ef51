import type { Item } from "../../adapters/postgres/catalogue-items.ts";
import { drawLayout } from "../../domain/draw-layout.ts";
import type { ActFor, Member } from "./act-for.ts";
import type { Ask } from "./organisations.ts";
import { planItems, tellItemProblems } from "./plan-items.ts";
import type { ItemProblem } from "./plan-items.ts";
import type { ReadItems } from "./read-items.ts";

/** A layout that is drawn, or everything that is wrong with it. */
export type Preview = { svg: string } | { problems: ItemProblem[] };

/** Pictures of layouts. At most 100,000 seats, of which a picture takes some 0.3 s of CPU. */
export function createPreviewLayout({
  actFor,
  items,
}: {
  actFor: ActFor;
  items: Pick<ReadItems, "read">;
}) {
  return {
    /** Of one that is not saved. */
    draw: async ({ item, ...ask }: Ask & { item: Item }): Promise<Preview> =>
      draw(await actFor.memberOf({ ...ask, permission: "edit the catalogue" }), item),

    /** Of one that is. Throws ITEM_NOT_FOUND. */
    drawSaved: async ({ key, ...ask }: Ask & { key: string }): Promise<Preview> => {
      const { member, item } = await items.read({ ...ask, list: "layouts", key });
      return draw(member, item);
    },
  };
}

function draw(member: Member, item: Item): Preview {
  const { plan, problems } = planItems({ layouts: [{ key: "preview", ...item }] }, member);
  const [layout] = plan.layouts;
  if (layout !== undefined) return { svg: drawLayout(layout.layout) };
  return { problems: tellItemProblems(problems, (path) => path.slice(2)) };
}
