import { readFileSync } from "node:fs";
import { createContext, SourceTextModule } from "node:vm";

import { expect, test } from "@jest/globals";

const readScript = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");

test.each([
  [400, "This link is not complete. Open it from the mail again."],
  [403, "This link is not valid. Open it from the mail again."],
  [404, "There is no such ticket."],
  [500, "The ticket is away for the moment. Reload the page in a minute."],
  [503, "The ticket is away for the moment. Reload the page in a minute."],
])("an API that answers %i is told in words the reader can act on", async (status, sentence) => {
  const page = await openPage("#key", async () => new Response("{}", { status }));
  expect(page("#said").textContent).toBe(sentence);
});

test("a network that is away is told apart from an API that refuses", async () => {
  const page = await openPage("#key", () => Promise.reject(new TypeError("fetch failed")));
  expect(page("#said").textContent).toMatch(/^The ticket could not be loaded. Check your connect/);
});

test("a link that has lost its key asks nobody", async () => {
  const page = await openPage("", () => Promise.reject(new Error("asked")));
  expect(page("#said").textContent).toMatch(/^This link is not complete/);
});

test("a ticket tells the time of its venue, and no code when it is not valid any more", async () => {
  const asked: string[] = [];
  const page = await openPage("#key", async (path, { headers }) => {
    asked.push(`${path} ${headers["Ticket-Access"] ?? ""}`);
    return Response.json(ticket);
  });
  expect(page("#when").textContent).toMatch(/25 November 2026.*20:15|November 25, 2026.*8:15/);
  expect(page("#said").textContent).toBe("This ticket is not valid any more.");
  expect(asked).toEqual(["/v1/tickets/tk_1 key"]);
});

test("a place without a number shows its area, and no row and seat", async () => {
  const seat = { seatId: "FLOOR:000017", section: "Standing floor", row: "", number: null };
  const page = await openPage("#key", async () => Response.json({ ...ticket, seat }));
  expect(page("#section").textContent).toBe("Standing floor");
  expect([page("#row-box").hidden, page("#number-box").hidden]).toEqual([true, true]);
  const seated = await openPage("#key", async () => Response.json(ticket));
  expect([seated("#row-box").hidden, seated("#number-box").hidden]).toEqual([false, false]);
});

test("a page offers the wallets that its house has an account with, and no others", async () => {
  const page = await openPage("#key", async () =>
    Response.json({ ...ticket, wallets: ["google"] }),
  );
  expect([page("#apple").hidden, page("#google").hidden]).toEqual([true, false]);
});

const ticket = {
  ticketId: "tk_1",
  wallets: [] as string[],
  status: "void",
  seat: { seatId: "A1", section: "Stalls", row: "A", number: 1 },
  show: {
    title: "Quiet Engine",
    status: "scheduled",
    startsAt: "2026-11-25T11:15:00.000Z",
    timeZone: "Asia/Tokyo",
    city: "Tokyo",
    venueName: "Akari",
  },
};

type Ask = (path: string, request: { headers: Record<string, string> }) => Promise<Response>;
type Element = { textContent: string; hidden: boolean };

/** Runs the page's script with this much of a browser, and answers with what finds its elements. */
async function openPage(hash: string, fetch: Ask): Promise<(selector: string) => Element> {
  const elements = new Map<string, Element>();
  const querySelector = (selector: string) => {
    const element = elements.get(selector) ?? createElement();
    elements.set(selector, element);
    return element;
  };
  const browser = {
    document: { title: "", querySelector },
    location: { pathname: "/tickets/tk_1", hash },
    fetch,
  };
  const context = createContext(browser);
  const page = new SourceTextModule(readScript("ticket-page.js"), { context });
  await page.link((file: string) => new SourceTextModule(readScript(file), { context }));
  await page.evaluate();
  return querySelector;
}

function createElement() {
  return {
    textContent: "",
    hidden: true,
    classList: { add: () => undefined },
    addEventListener: () => undefined,
    removeAttribute: () => undefined,
  };
}
