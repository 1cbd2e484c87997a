// On every page of whoever logs visits: who is it, what waits, is there a new version; and leaving.
(() => {
  const EVERY = 30_000, FRESH = 600_000;
  const words = document.getElementById("words")?.dataset, tag = document.querySelector("[data-state]");
  if (!words || !tag) return;
  const put = (text, n) => text.replace("#", n), { person, signIn } = tag.dataset;
  const online = () => navigator.onLine;
  let waiting = null, leaving = null, reloading = false;

  function banner(name) {
    const place = document.querySelector("[data-banners]"), shape = document.querySelector(`[data-banner="${name}"]`);
    if (!place || !shape || place.querySelector(`[data-said="${name}"]`)) return;
    const news = shape.content.firstElementChild.cloneNode(true);
    news.dataset.said = name;
    place.append(news);
  }

  function paint(icon, text, tone) {
    const use = tag.querySelector("use");
    use.setAttribute("href", `${use.dataset.icons}#${icon}`);
    tag.lastElementChild.textContent = text;
    tag.className = `tag ${tone}`;
    tag.hidden = false;
  }

  async function show() {
    const now = await toso.counts();
    if (now.refused) paint("circle-alert", put(words.mend, now.refused), "bad");
    else if (now.waiting && now.trouble === "sign-in") paint("key-round", words.signin, "wait");
    else if (!online()) paint("cloud-off", now.waiting ? put(words.waiting, now.waiting) : words.offline, "wait");
    else if (now.waiting) paint("clock", put(words.waiting, now.waiting), "wait");
    else paint("check", words.sent, "ok");
  }

  async function flush(now = false) {
    if (!online()) return show();
    await revoke();
    await toso.flush(now);
    return show();
  }

  // Somebody else's names go when another one signs in here; what they have not sent stays, unseen.
  async function meet() {
    const before = await toso.kv("user"), marked = await toso.kv("sign-out");
    if (person && marked && marked.signIn === signIn) return revoke();
    if (!person) return undefined;
    if (marked) await toso.keep("sign-out", null);
    if (before && before !== person) await toso.wipe("another user signed in");
    await toso.keep("user", person);
    await toso.keep("sign-in", signIn);
    await toso.keep("language", document.documentElement.lang);
    if (before !== person || await toso.kv("trouble") === "sign-in") await toso.keep("pause", null);
    return snapshot(before !== person);
  }

  async function snapshot(now) {
    const kept = await toso.kv("snapshot"), user = await toso.kv("user");
    if (!user || !online() || (!now && kept && kept.user === user && Date.now() - kept.at < FRESH)) return;
    const headers = kept?.user === user && kept.tag ? { "if-none-match": kept.tag } : {};
    const answer = await toso.ask("/api/v1/offline/snapshot", user, { headers, language: document.documentElement.lang }).catch(() => null);
    if (!answer) return;  // no network: what is kept stays
    if (answer.status === 304) await toso.keep("snapshot", { ...kept, at: Date.now() });
    else if (answer.ok && toso.json(answer)) {
      const body = await answer.json();
      if (body.user === user) await toso.keep("snapshot", { user, tag: answer.headers.get("etag"), at: Date.now(), body });
    }
    toso.tell("snapshot");
  }

  // A sign-out without network is made good at the next contact.
  async function revoke() {
    if (!(await toso.kv("sign-out")) || !online()) return;
    const answer = await fetch("/sign-out", { method: "POST", redirect: "manual" }).catch(() => null);
    if (!answer) return;
    await toso.keep("sign-out", null);
    if (person) location.replace("/sign-in");
  }

  async function leave(how) {
    if (how === "send" && await toso.flush(true) === "" && !(await toso.counts()).waiting) how = "keep";
    if (how === "send") { document.getElementById("sign-out").close(); return show(); }
    const mark = await toso.kv("sign-in");
    await toso.wipe("signed out");
    if (online()) { leaving.dataset.go = 1; leaving.requestSubmit(); }
    else { await toso.keep("sign-out", { signIn: mark, at: Date.now() }); location.assign("/m/outbox"); }
    return undefined;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/sign-out" || form.dataset.go) return;
    event.preventDefault();
    leaving = form;
    const { waiting: left, refused } = await toso.counts(), box = document.getElementById("sign-out");
    if (left + refused === 0) { await leave("keep"); return; }
    box.querySelector("[data-unsent]").textContent = put(words.unsent, left + refused);
    box.showModal();
  });

  document.addEventListener("click", (event) => {
    const it = event.target.closest("[data-leave], [data-update], [data-copy-link]");
    if (!it) return;
    if (it.dataset.leave) leave(it.dataset.leave);
    else if ("update" in it.dataset) { reloading = true; it.textContent = words.updating; waiting?.postMessage("take over"); }
    else navigator.clipboard?.writeText(location.href);
  });

  function watch(registration) {
    const ready = (worker) => { if (worker && navigator.serviceWorker.controller) { waiting = worker; banner("update"); } };
    ready(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next?.addEventListener("statechange", () => { if (next.state === "installed") ready(next); });
    });
    setInterval(() => { if (online()) registration.update().catch(() => null); }, 20 * EVERY);  // no network: asked again later
  }

  async function worker() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.addEventListener("controllerchange", () => { if (reloading) location.reload(); });
    watch(await navigator.serviceWorker.register("/sw.js"));
  }

  // The browser may have thrown everything away: a word in another store remembers that there was something.
  async function missing() {
    const had = localStorage.getItem("toso-kept");
    if (Number(had) && !(await toso.kv("kept"))) {
      await toso.lose("storage wiped", Number(had));
      await toso.keep("kept", Date.now());
      banner("lost");
    }
  }

  async function remember() {
    const all = (await toso.counts());
    if (await toso.kv("kept")) localStorage.setItem("toso-kept", String(all.waiting + all.refused + all.others));
  }

  async function start() {
    try {
      await toso.db();
      await missing();
    } catch {  // a private window keeps nothing: the plain form stays as it is
      document.documentElement.dataset.keeps = "nothing";
      return banner("private");
    }
    if (/Zalo|FBAN|FBAV/.test(navigator.userAgent)) banner("inside");
    else if (/iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone) banner("install");
    await meet();
    document.documentElement.dataset.ready = "";
    document.querySelectorAll("a[data-shell]").forEach((it) => { it.href = it.dataset.shell; });
    toso.tell("ready");
    await show();
    worker().catch(() => null);  // without a worker the pages still send by themselves
    flush();
    setInterval(flush, EVERY);
    addEventListener("online", () => flush(true));
    addEventListener("offline", show);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
    return undefined;
  }

  addEventListener("toso", () => { show(); remember(); });
  toso.heard.addEventListener("message", () => { show(); globalThis.dispatchEvent(new Event("toso-elsewhere")); });
  globalThis.phone = { flush, snapshot, banner, put, words, leave, started: start() };
})();
