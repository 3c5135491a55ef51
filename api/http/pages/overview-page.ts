import { html } from "hono/html";

import type { Member } from "../../organisers/act-for.ts";
import { organiserPage } from "./organiser-frame.ts";
import type { Page } from "./page.ts";

/** Where somebody begins who works for an organisation. */
export function overviewPage(member: Member): Page {
  return organiserPage(
    member,
    member.name,
    html`<p>Catalogue files call it <code>${member.key}</code>. You are its ${member.role}.</p>`,
  );
}
