import type { Tab } from "./browser.ts";

/**
 * What keeps somebody from using a page: too little contrast, a control without a name or too small for a finger, headings out of
 * order, something that is wider than the screen, and whatever comes from another host. None of it: [].
 */
export async function findPageFaults(tab: Tab): Promise<string[]> {
  const origin = await tab.evaluate<string>("location.origin");
  const foreign = tab.asked.filter((url) => !url.startsWith(origin) && !url.startsWith("data:"));
  const nameless = (await tab.spoken())
    .filter(({ role, name }) => controls.has(role) && name.trim() === "")
    .map(({ role }) => `a ${role} without a name`);
  const seen = await tab.evaluate<string[]>(`(${String(findVisibleFaults)})()`);
  return [...seen, ...nameless, ...foreign.map((url) => `asked ${url}`)];
}

const controls = new Set([
  ...["button", "link", "textbox", "combobox", "checkbox", "progressbar", "spinbutton", "image"],
  ...["table", "figure"],
]);

/** Runs in the page. */
function findVisibleFaults(): string[] {
  // oxlint-disable typescript/no-explicit-any -- this is a browser's world, which the tests' types do not know
  const { document, getComputedStyle, innerWidth } = globalThis as any;
  const faults: string[] = [];
  const all: any[] = [...document.body.querySelectorAll("*")];
  const nameOf = (element: any) =>
    `${element.localName}#${element.id} "${element.textContent.trim().slice(0, 30)}"`;

  const rgba = (color: string): number[] => {
    const canvas = document.createElement("canvas");
    canvas.width = 1;
    canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = (color: number[]): number => {
    const [red = 0, green = 0, blue = 0] = color.map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: any): number[] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  for (const element of all) {
    const hasText = [...element.childNodes].some(
      (node: any) => node.nodeType === 3 && node.data.trim() !== "",
    );
    const box = element.getBoundingClientRect();
    if (!hasText || box.width <= 1 || !element.checkVisibility()) continue;
    const [ink, ground] = [light(rgba(getComputedStyle(element).color)), light(groundOf(element))];
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(1)}: ${nameOf(element)}`);
  }
  for (const element of document.querySelectorAll(
    "button, .act, input, select, textarea, summary",
  )) {
    const { width, height } = element.getBoundingClientRect();
    if (element.checkVisibility() && Math.min(width, height) < 24)
      faults.push(`too small: ${nameOf(element)}`);
  }
  for (const element of all) {
    const { right, width } = element.getBoundingClientRect();
    const isCut = element.closest(".scrolls, .unseen") !== null;
    if (width > 0 && right > innerWidth + 1 && !isCut) faults.push(`too wide: ${nameOf(element)}`);
  }
  const levels = [...document.querySelectorAll("h1, h2, h3")].map((heading: any) =>
    Number(heading.localName[1]),
  );
  if (levels.filter((level) => level === 1).length !== 1) faults.push("not one h1");
  if (levels.some((level, index) => level > (levels[index - 1] ?? 0) + 1))
    faults.push("a heading is left out");
  if (document.documentElement.lang === "" || document.title === "")
    faults.push("no language or title");
  const ids = all.map(({ id }) => id).filter((id) => id !== "");
  if (new Set(ids).size !== ids.length) faults.push("an id is there twice");
  return faults;
}
