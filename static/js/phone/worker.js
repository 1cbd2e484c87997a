// The service worker: one shell without anybody's data, the files it needs, and the same sending as the pages.
// VERSION, FILES and SHELLS come from /sw.js.
if (!globalThis.document) {
  const CACHE = `toso-${VERSION}`, HURRY = 4_000;

  addEventListener("install", (event) => {
    const all = [...FILES, ...Object.values(SHELLS)].map((path) => new Request(path, { cache: "no-cache", credentials: "omit" }));
    event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(all)));
  });

  addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("toso-") && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await clients.claim();
    })());
  });

  addEventListener("message", () => skipWaiting());  // "take over" is all that pages say
  addEventListener("sync", (event) => { if (event.tag === "outbox") event.waitUntil(toso.flush(true)); });

  const shell = async () => {
    const language = await toso.kv("language").catch(() => "vi");  // a phone that keeps nothing reads Vietnamese
    return (await caches.match(SHELLS[language] || SHELLS.vi, { ignoreVary: true })) || Response.error();
  };

  const navigate = async (request, { pathname }) => {
    const kept = await shell();
    if (pathname.startsWith("/m/") && kept.type !== "error") return kept;
    // The answer must begin by then, not end; who asks for the page again would rather wait than have the shell.
    const stop = new AbortController(), clock = setTimeout(() => stop.abort(), request.cache === "no-cache" ? 30_000 : HURRY);
    return fetch(request, { signal: stop.signal }).catch(() => kept).finally(() => clearTimeout(clock));
  };

  addEventListener("fetch", (event) => {
    const { request } = event, url = new URL(request.url), { origin, pathname } = url;
    if (request.method !== "GET" || origin !== location.origin) return;
    if (request.mode === "navigate") { if (!pathname.startsWith("/api/") && !/\.\w+$/.test(pathname)) event.respondWith(navigate(request, url)); }
    else if (pathname.startsWith("/static/")) event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept || fetch(request)));
  });
}
