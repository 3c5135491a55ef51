import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

import { findChromium } from "../local/provision/chromium.ts";
import { eventually } from "./eventually.ts";

/** How somebody looks at a page. */
export type Screen = {
  width?: number;
  height?: number;
  dark?: boolean;
  withoutScript?: boolean;
  /** 2: everything is twice as large, as a reader sets it. */
  zoom?: number;
  /** It is touched, and has two pixels to each of CSS. */
  isPhone?: boolean;
};

/** What organisers work on. */
export const deskScreens: [string, Screen][] = [
  ["on a small phone", { width: 320, height: 640 }],
  ["on a desk", { width: 1_100 }],
  ["on a desk, in the dark", { width: 1_100, dark: true }],
  ["twice as large", { width: 640, height: 640, zoom: 2 }],
  ["without its script", { width: 390, withoutScript: true }],
];

export type Tab = Page & {
  /** The addresses of all its requests so far. */
  asked: string[];
  /** Looks at the page as it is, with scripts of a test: at a copy where the page itself may run none. */
  still<Value>(look: (tab: Tab) => Promise<Value>): Promise<Value>;
};

/** A real browser without a window. The first test that asks for one fetches it: `local/provision/chromium.ts`. */
export async function openBrowser(flags: string[] = []): Promise<Browser> {
  const { executablePath, env } = await findChromium((line) => process.stderr.write(`${line}\n`));
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: ["--disable-gpu", "--disable-dev-shm-usage", ...flags],
  });
}

/** A page with cookies of its own. */
export async function openTab(browser: Browser, screen: Screen = {}): Promise<Tab> {
  const { width = 1_000, height = 800, dark = false, withoutScript = false, zoom = 1 } = screen;
  const { isPhone = false } = screen;
  const context = await browser.newContext({
    // A reader who sets twice the size has half as many pixels for it.
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: isPhone ? 2 : zoom,
    isMobile: isPhone || width < 600,
    hasTouch: isPhone,
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: !withoutScript,
  });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const tab: Tab = Object.assign(page, {
    asked,
    async still<Value>(look: (tab: Tab) => Promise<Value>): Promise<Value> {
      if (!withoutScript) return look(tab);
      const copy = await openTab(browser, { ...screen, withoutScript: false });
      // It may be loading itself again at this moment.
      const body = (await eventually(() => page.content())).replaceAll(moving, "");
      await copy.route(page.url(), (route) => route.fulfill({ body, contentType: "text/html" }));
      await copy.goto(page.url());
      const seen = await look(copy);
      await copy.context().close();
      return seen;
    },
  });
  return tab;
}

/** What stands in `noscript` is seen where no script runs; what loads the page again is left out. */
const moving = /<\/?noscript>|<meta http-equiv="refresh"[^>]*>|<script[^>]*><\/script>/g;
