import type { Operations } from "../operations/create-operations.ts";
import type { ShowAsk } from "../organisers/act-on-show.ts";
import type { ShowAndMember } from "./pages/show-frame.ts";

/** The show of an organisation, and who looks at it. Throws as the operation does. */
export async function seeShow(
  { showDesk, readShow }: Pick<Operations, "showDesk" | "readShow">,
  ask: ShowAsk,
): Promise<ShowAndMember> {
  const member = await showDesk.memberOf(ask);
  const { show } = await readShow(ask.showId);
  return { member, show };
}
