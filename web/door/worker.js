// Keeps the page and its files, so that a scanner opens without the network. It touches nothing else: what is asked of the API goes out
// as it is.
const cacheName = "door";
const own = [
  ...["door.css", "door.js", "door.webmanifest", "jsqr.js", "read-code.js", "door-list.js"],
  ...["door-store.js", "ask-door.js", "watch-camera.js", "show-verdict.js", "scan-desk.js"],
  ...["tell-waiting.js", "watch-network.js", "page-parts.js", "show-door.js"],
];
const files = [
  "/door",
  "/assets/page.css",
  "/assets/icon.svg",
  ...own.map((file) => `/door/${file}`),
];
/** A network that is slower than this is none. */
const patienceMs = 2_000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  );
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isOurs = origin === location.origin && files.includes(pathname);
  if (isOurs && event.request.method === "GET") event.respondWith(answer(event.request, pathname));
});

/** The network's answer, which is kept; without one, what was kept. */
async function answer(request, pathname) {
  const cache = await caches.open(cacheName);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(patienceMs) });
    if (fresh.status >= 500) throw new Error(`Answered ${fresh.status}`);
    if (fresh.ok) await cache.put(pathname, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(pathname);
    if (kept === undefined) throw error;
    return kept;
  }
}
