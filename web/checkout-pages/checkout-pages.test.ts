import { readFileSync } from "node:fs";
import { createContext, SourceTextModule } from "node:vm";

import { expect, test } from "@jest/globals";

const script = readFileSync(new URL("checkout-pages.js", import.meta.url), "utf8");

test("the page names the booking, tells the shop's other pages, and keeps nothing of what PayPal has added", async () => {
  const page = await openPage("?booking=bk_1aB-_9&token=5O190127TN364715T&PayerID=ABC");
  expect(page.line).toEqual({ textContent: "Booking bk_1aB-_9", hidden: false });
  expect(page.way).toEqual({ href: "/bookings/bk_1aB-_9", parentElement: { hidden: false } });
  expect(page.told).toEqual([["marquee-checkout", { booking: "bk_1aB-_9", outcome: "returned" }]]);
  expect(page.addresses).toEqual(["/checkout/paid"]);
});

test.each([
  ["no booking", "?token=5O190127TN364715T"],
  ["a sentence of somebody else's", "?booking=Call+this+number+to+get+your+money"],
  ["markup", "?booking=bk_%3Cimg+src%3Dx%3E"],
  ["something else's id", "?booking=tk_1aB"],
  ["a very long one", `?booking=bk_${"a".repeat(101)}`],
])("%s in the address is neither shown nor passed on", async (_, search) => {
  const page = await openPage(search);
  expect(page.line).toEqual({ textContent: "", hidden: true });
  expect(page.way).toEqual({ href: "/", parentElement: { hidden: true } });
  expect(page.told).toEqual([]);
  expect(page.addresses).toEqual(["/checkout/paid"]);
});

/** Runs the page's script with this much of a browser. */
async function openPage(search: string) {
  const line = { textContent: "", hidden: true };
  const way = { href: "/", parentElement: { hidden: true } };
  const told: [string, unknown][] = [];
  const addresses: string[] = [];
  const browser = {
    URLSearchParams,
    document: {
      querySelector: (selector: string) => (selector === "#booking" ? line : way),
      documentElement: { dataset: { outcome: "returned" } },
    },
    location: { pathname: "/checkout/paid", search },
    history: { replaceState: (_: null, __: string, address: string) => addresses.push(address) },
    BroadcastChannel: class {
      readonly name: string;
      constructor(name: string) {
        this.name = name;
      }
      postMessage(message: unknown) {
        told.push([this.name, message]);
      }
    },
  };
  const page = new SourceTextModule(script, { context: createContext(browser) });
  await page.link(() => {
    throw new Error("the page is one file");
  });
  await page.evaluate();
  return { line, way, told, addresses };
}
