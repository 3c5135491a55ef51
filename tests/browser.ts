import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a Chromium is; tests that need one are left out without it. */
export const chromiumPath = process.env["CHROMIUM"];

export type Browser = {
  /** A window of its own, with its own cookies. */
  open(screen?: Screen): Promise<Tab>;
  close(): Promise<void>;
};

export type Screen = {
  width?: number;
  height?: number;
  dark?: boolean;
  withoutScript?: boolean;
  /** 2: everything is twice as large, as a reader sets it. */
  zoom?: number;
};

export type Tab = {
  goTo(url: string): Promise<void>;
  /** What an expression is worth in the page. Works without the page's own scripts too. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** A real click, by its place on the screen. */
  click(selector: string): Promise<void>;
  press(key: string): Promise<void>;
  setCookie(cookie: { url: string; name: string; value: string }): Promise<void>;
  /** PNG of the whole page. */
  picture(): Promise<Buffer>;
  /** Role and name of everything that a screen reader comes to. */
  spoken(): Promise<{ role: string; name: string }[]>;
  /** The addresses of all requests so far. */
  asked: string[];
};

/** A real browser without a screen, spoken to by its own protocol: no driver to install. */
export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("CHROMIUM names no browser");
  const folder = await mkdtemp(join(tmpdir(), "marquee-browser-"));
  const child = spawn(
    chromiumPath,
    [
      ...["--headless=shell", "--no-sandbox", "--no-zygote", "--disable-gpu", "--hide-scrollbars"],
      ...["--disable-dev-shm-usage", "--remote-debugging-port=0", `--user-data-dir=${folder}`],
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const { call, onEvent, close } = await connect(await addressIn(child.stderr));
  return {
    async open(screen = {}) {
      const { browserContextId } = await call("Target.createBrowserContext", {});
      const target = { url: "about:blank", browserContextId };
      const { targetId } = await call("Target.createTarget", target);
      const attached = await call("Target.attachToTarget", { targetId, flatten: true });
      const sessionId = String(attached["sessionId"]);
      return openTab((method, params) => call(method, params, sessionId), {
        screen,
        onEvent: (listener) => onEvent(sessionId, listener),
      });
    },
    async close() {
      close();
      child.kill("SIGKILL");
      await once(child, "exit");
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a browser answers is as its protocol says
type Answer = Record<string, any>;
type Call = (method: string, params: object, sessionId?: string) => Promise<Answer>;
type Listener = (method: string, params: Answer) => void;

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  let said = "";
  for await (const chunk of output) {
    said += String(chunk);
    const address = /ws:\/\/\S+/.exec(said)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error(`The browser did not start: ${said}`);
}

async function connect(address: string) {
  const socket = new WebSocket(address);
  await once(socket, "open");
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  const listeners = new Map<string, Listener>();
  let lastId = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, error, result, method, params, sessionId } = JSON.parse(String(data)) as Answer;
    if (id === undefined) return listeners.get(sessionId)?.(method, params);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message));
  });
  const call: Call = (method, params, sessionId) => {
    lastId += 1;
    const asked = Promise.withResolvers<Answer>();
    waiting.set(lastId, asked);
    socket.send(JSON.stringify({ id: lastId, method, params, sessionId }));
    return asked.promise;
  };
  return {
    call,
    onEvent: (sessionId: string, listener: Listener) => listeners.set(sessionId, listener),
    close: () => socket.close(),
  };
}

async function openTab(
  call: (method: string, params: object) => Promise<Answer>,
  { screen, onEvent }: { screen: Screen; onEvent: (listener: Listener) => void },
): Promise<Tab> {
  const { width = 1_000, height = 800, dark = false, withoutScript = false, zoom = 1 } = screen;
  const asked: string[] = [];
  let loaded = Promise.withResolvers<void>();
  onEvent((method, params) => {
    if (method === "Page.loadEventFired") loaded.resolve();
    if (method === "Network.requestWillBeSent") asked.push(params["request"].url);
  });
  for (const domain of ["Page", "Network", "Accessibility"]) await call(`${domain}.enable`, {});
  // A reader who sets twice the size has half as many pixels for it.
  const size = { width: Math.round(width / zoom), height: Math.round(height / zoom) };
  const metrics = { ...size, deviceScaleFactor: zoom, mobile: width < 600 };
  await call("Emulation.setDeviceMetricsOverride", metrics);
  await call("Emulation.setScriptExecutionDisabled", { value: withoutScript });
  await call("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }],
  });

  async function evaluate<Value>(expression: string): Promise<Value> {
    const answer = await call("Runtime.evaluate", {
      ...{ expression, returnByValue: true, awaitPromise: true },
    });
    if (answer["exceptionDetails"] !== undefined) {
      throw new Error(JSON.stringify(answer["exceptionDetails"]));
    }
    return answer["result"].value as Value;
  }
  const afterLoading = async (act: () => Promise<unknown>) => {
    loaded = Promise.withResolvers<void>();
    await act();
    await loaded.promise;
  };

  return {
    asked,
    evaluate,
    goTo: (url) => afterLoading(() => call("Page.navigate", { url })),
    ...hands({ call, evaluate, afterLoading }),
    async setCookie(cookie) {
      await call("Network.setCookie", cookie);
    },
    async picture() {
      const { cssContentSize } = await call("Page.getLayoutMetrics", {});
      const clip = { x: 0, y: 0, width: size.width, height: cssContentSize.height, scale: 1 };
      const shot = await call("Page.captureScreenshot", { clip, captureBeyondViewport: true });
      return Buffer.from(String(shot["data"]), "base64");
    },
    async spoken() {
      const { nodes } = await call("Accessibility.getFullAXTree", {});
      return (nodes as Answer[])
        .filter(({ ignored }) => ignored !== true)
        .map(({ role, name }) => ({
          ...{ role: String(role?.value ?? ""), name: String(name?.value ?? "") },
        }));
    },
  };
}

/** What somebody does with a mouse and a keyboard. */
function hands({
  call,
  evaluate,
  afterLoading,
}: {
  call: (method: string, params: object) => Promise<Answer>;
  evaluate: Tab["evaluate"];
  afterLoading: (act: () => Promise<unknown>) => Promise<void>;
}): Pick<Tab, "click" | "press"> {
  return {
    async click(selector) {
      const at = await evaluate<{ x: number; y: number }>(`(() => {
        const element = document.querySelector(${JSON.stringify(selector)});
        element.scrollIntoView({ block: "center" });
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      })()`);
      const mouse = { ...at, button: "left", clickCount: 1 };
      await afterLoading(async () => {
        await call("Input.dispatchMouseEvent", { type: "mousePressed", ...mouse });
        await call("Input.dispatchMouseEvent", { type: "mouseReleased", ...mouse });
      });
    },
    async press(key) {
      const code = key === "Enter" ? { windowsVirtualKeyCode: 13, text: "\r" } : {};
      const tab = key === "Tab" ? { windowsVirtualKeyCode: 9 } : {};
      await call("Input.dispatchKeyEvent", { type: "keyDown", key, code: key, ...code, ...tab });
      await call("Input.dispatchKeyEvent", { type: "keyUp", key, code: key, ...code, ...tab });
    },
  };
}
