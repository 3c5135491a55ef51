import { randomUUID } from "node:crypto";

import type { Browser } from "playwright-core";

import type { Layout } from "../domain/layout.ts";
import type { Buyer } from "../local/buyer.ts";
import { fitHall, toView } from "../web/storefront/islands/seat-picker/camera.ts";
import { openTab } from "./browser.ts";
import type { Screen, Tab } from "./browser.ts";
import { findPageFaults } from "./find-page-faults.ts";
import { readCode } from "./read-code.ts";
import type { Shop } from "./shop.ts";

/** Somebody in front of the shop, who counts what they have to do. */
export type Visitor = {
  tab: Tab;
  /** undefined: they have not signed in. */
  buyer: Buyer | undefined;
  /** How often they have pressed something or typed something in. */
  actions(): number;
  go(path: string): Promise<void>;
  /** Presses the button, link or field of this name. */
  press(name: string | RegExp, role?: "button" | "link"): Promise<void>;
  type(label: string | RegExp, text: string): Promise<void>;
  sees(text: string | RegExp): Promise<void>;
  /** The text of what has the focus; "nowhere" while nothing on the page has it. */
  focus(): Promise<string>;
  /** What keeps somebody from using the page as it is now. */
  faults(): Promise<string[]>;
  /** Pays on the sandbox's page and comes back. */
  pay(): Promise<void>;
  /** What of this person can be read in addresses or in what the browser keeps: []. */
  leaks(): Promise<string[]>;
};

/** With `isKnown` they have signed in before: their browser is given tokens, as a session's cookie would. */
export async function openVisitor(
  { shop, browser }: { shop: Shop; browser: Browser },
  { isKnown = true, ...screen }: Screen & { isKnown?: boolean } = {},
): Promise<Visitor> {
  const tab = await openTab(browser, screen);
  tab.setDefaultTimeout(15_000);
  const buyer = isKnown ? await shop.system.signIn(randomUUID()) : undefined;
  const token = buyer?.authorization.replace("Bearer ", "");
  if (buyer !== undefined) {
    const body = { accessToken: token, userId: buyer.userId, expiresInSeconds: 900 };
    await tab.route("**/v1/session/token", (route) => route.fulfill({ json: body }));
  }
  let count = 0;
  const visitor: Visitor = {
    ...{ tab, buyer },
    actions: () => count,
    go: async (path) => void (await tab.goto(shop.system.addresses.api + path)),
    async press(name, role = "button") {
      count += 1;
      await tab.getByRole(role, { name }).first().click();
    },
    async type(label, text) {
      count += 1;
      await tab.getByLabel(label).fill(text);
    },
    focus: () =>
      tab.evaluate<string>(
        "document.activeElement === document.body ? 'nowhere' : document.activeElement.textContent",
      ),
    sees: (text) => tab.getByText(text).first().waitFor(),
    async faults() {
      const { stripe, paypal } = shop.system.addresses;
      // Buyers pay on the provider's own page.
      const found = await findPageFaults(tab);
      return found.filter(
        (fault) => !fault.startsWith(`asked ${stripe}`) && !fault.startsWith(`asked ${paypal}`),
      );
    },
    async pay() {
      await visitor.press("Pay by card");
      await visitor.press("Pay with a good card");
      await visitor.sees("The money is set aside");
      await visitor.press("Back to the shop", "link");
    },
    async leaks() {
      const kept = await tab.evaluate<string>(
        "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])",
      );
      const secrets = [token, buyer?.userId, "eyJ", "@"].filter((one) => one !== undefined);
      const shopAddresses = tab.asked.filter((url) => url.startsWith(shop.system.addresses.api));
      return [kept, ...shopAddresses].filter((text) => secrets.some((one) => text.includes(one)));
    },
  };
  return visitor;
}

/** Signs in with the code from the mail, where the page asks for it. */
export async function signInByMail(shop: Shop, visitor: Visitor): Promise<void> {
  const email = `visitor-${randomUUID()}@example.com`;
  await visitor.type(/e-mail/i, email);
  await visitor.press("Send me a code");
  // The last digit signs in by itself.
  await visitor.type(/six digits/, await readCode(shop.system.addresses.inbox, email));
}

/** Presses a seat of the list, which is opened first. */
export async function choose(visitor: Visitor, ...seats: string[]): Promise<void> {
  const { tab } = visitor;
  const list = tab.locator("details:has(> summary:text('All seats as a list'))");
  if ((await list.getAttribute("open")) === null) await list.locator("summary").click();
  for (const seat of seats) await visitor.press(new RegExp(`^${seat},`));
}

/** Where a seat is on the map, while the whole hall is seen. */
export async function seatOnMap({ tab }: Visitor, hall: Layout, seatId: string) {
  const box = await tab.locator(".seat-map canvas").boundingBox();
  const seat = hall.seats.find(({ id }) => id === seatId);
  if (box === null || seat === undefined) throw new Error(`No ${seatId} on the map`);
  const at = toView(fitHall(hall, box), seat);
  return { x: box.x + at.x, y: box.y + at.y };
}

/** Scrolls it into view. */
export async function middleOfMap({ tab }: Visitor) {
  const canvas = tab.locator(".seat-map canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("There is no map");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
