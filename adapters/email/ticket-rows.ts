import type { Language } from "../../domain/notices.ts";
import { escapeHtml } from "./mail-page.ts";

/** `seat` as people read it: "F12", or the name of an area. The link opens the ticket page without signing in. */
export type TicketOfMail = { seat: string; link: string };

/** A table with a link to each ticket. */
export function ticketRows(tickets: TicketOfMail[], language: Language): string {
  const { open } = words[language];
  const rows = tickets.map(
    ({ seat, link }) => `
      <tr>
        <td style="padding:12px 0;font-size:18px"><b>${escapeHtml(seat)}</b></td>
        <td style="padding:12px 0;text-align:right;white-space:nowrap">
          <a href="${escapeHtml(link)}" aria-label="${open}: ${escapeHtml(seat)}"
            style="display:inline-block;background:#7c2d5e;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">${open}</a>
        </td>
      </tr>`,
  );
  return `<table role="presentation" style="width:100%;border-top:1px solid #888;border-bottom:1px solid #888;border-collapse:collapse">${rows.join("")}
    </table>`;
}

/** The same as text. */
export function ticketLines(tickets: TicketOfMail[]): string[] {
  return tickets.map(({ seat, link }) => `${seat}\n${link}`);
}

const words = { en: { open: "Open ticket" }, de: { open: "Karte öffnen" } } as const;
