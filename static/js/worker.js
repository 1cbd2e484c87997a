// The service worker: one shell without anybody's data, the files it needs, and the same sending as the pages.
// VERSION, FILES and SHELLS come from /sw.js.
const CACHE = `toso-${VERSION}`, HURRY = 4_000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...FILES, ...Object.values(SHELLS)].map((path) => new Request(path, { cache: "no-cache", credentials: "omit" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("toso-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", ({ data }) => { if (data === "take over") self.skipWaiting(); });
self.addEventListener("sync", (event) => { if (event.tag === "outbox") event.waitUntil(toso.flush(true)); });

async function shell() {
  const language = await toso.kv("language").catch(() => "vi");  // a phone that keeps nothing reads Vietnamese
  return (await caches.match(SHELLS[language] || SHELLS.vi, { ignoreVary: true })) || Response.error();
}

async function navigate(request) {
  if (new URL(request.url).pathname.startsWith("/m/")) {
    const kept = await shell();
    if (kept.type !== "error") return kept;
  }
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), HURRY);
  try {
    return await fetch(request, { signal: stop.signal });
  } catch {
    return shell();  // no network, or none that answers in time
  } finally { clearTimeout(clock); }
}

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") { if (!pathname.startsWith("/api/") && !/\.\w+$/.test(pathname)) event.respondWith(navigate(request)); }
  else if (pathname.startsWith("/static/")) event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept || fetch(request)));
});
