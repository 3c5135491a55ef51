/**
 * Keeps this page and the files that it has loaded, so that it opens without a network: `wallet-worker.js` answers with them. They are
 * the same for everybody.
 */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/wallet-worker.js", { scope: "/wallet" });
  const loaded = performance
    .getEntriesByType("resource")
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/assets/"))
    .map(({ pathname }) => pathname);
  const page = await fetch("/wallet");
  const html = await page.clone().text();
  // A newer page than this one names other files: it keeps itself when it is opened.
  if (!page.ok || !loaded.some((file) => html.includes(file))) return;
  const wanted = new Set(["/wallet", ...loaded]);
  const cache = await caches.open("wallet-page");
  await cache.addAll(loaded);
  await cache.put("/wallet", page);
  // Those of the version before.
  const kept = await cache.keys();
  const old = kept.filter(({ url }) => !wanted.has(new URL(url).pathname));
  await Promise.all(old.map((request) => cache.delete(request)));
}
