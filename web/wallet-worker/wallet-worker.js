// Answers for the page of tickets when nothing else does, with what that page has kept of itself: `web/storefront/islands/wallet/
// keep-page.ts`. What is asked of the API goes out as it is, and tickets never come by here.
const cacheName = "wallet-page";
/** A network that is slower than this is none: somebody stands at a door. */
const patienceMs = 3_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isKept = pathname === "/wallet" || pathname.startsWith("/assets/");
  const isOurs = origin === location.origin && isKept;
  if (isOurs && event.request.method === "GET") event.respondWith(answer(event.request, pathname));
});

/** The network's answer; what was kept, where none comes in time. A built file's name is its content: what was kept of it is it. */
async function answer(request, pathname) {
  // In whichever language it was opened last.
  const kept = await caches.match(pathname, { cacheName, ignoreVary: true });
  if (kept === undefined) return fetch(request);
  if (pathname.startsWith("/assets/storefront/")) return kept;
  const fresh = fetch(request).then((found) => (found.status < 500 ? found : kept));
  return Promise.race([
    fresh.catch(() => kept),
    new Promise((resolve) => setTimeout(() => resolve(kept), patienceMs)),
  ]);
}
