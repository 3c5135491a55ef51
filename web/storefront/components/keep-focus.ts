/**
 * From now on the focus does not fall out of an element: when what had it is taken away or disabled and nothing else takes it, the
 * nearest element around it that is still there does. Whoever listens goes on from there, and not from the top of the page.
 */
export function keepFocus(root: HTMLElement): void {
  let around: HTMLElement[] = [];
  root.addEventListener("focusin", ({ target }) => (around = pathTo(root, target)));
  // Whoever points elsewhere takes the focus away themselves.
  addEventListener("pointerdown", ({ target }) => {
    if (around[0]?.contains(target as Node) !== true) around = [];
  });
  const observer = new MutationObserver(() => {
    const [focused, ...outer] = around;
    const { activeElement } = document;
    const isElsewhere = activeElement !== document.body && activeElement !== focused;
    const isFallen = focused?.isConnected === false || focused?.matches(":disabled") === true;
    const next =
      isFallen && !isElsewhere ? outer.find((element) => element.isConnected) : undefined;
    if (next === undefined) return;
    if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}

/** From an element inside out, with the root. */
function pathTo(root: HTMLElement, target: EventTarget | null): HTMLElement[] {
  const path: HTMLElement[] = [];
  for (let at = target; at instanceof HTMLElement && at !== root; at = at.parentElement) {
    path.push(at);
  }
  return [...path, root];
}
