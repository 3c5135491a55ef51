// The pages work without this: then the browser loads them again. Here they are loaded behind themselves, so that the reader stays
// where they are. Pages with something to type have no #live and stay as they are.
const patienceMs = 15_000;
const live = () => document.querySelector("#live");

if (live() !== null) void keepLive();

async function keepLive() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, Number(live().dataset.ask) * 1_000));
    if (!document.hidden) await renew().catch(() => undefined);
  }
}

async function renew() {
  const response = await fetch(location.href, { signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) return;
  // The session is over.
  if (response.redirected) return location.reload();
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = fresh.querySelector("#live");
  if (next === null) return;
  const focused = live().contains(document.activeElement) ? document.activeElement.id : "";
  live().replaceWith(next);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
