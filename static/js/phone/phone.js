// On every page of whoever logs visits: who is it, what waits, is there a new version; and leaving.
const phone = (() => {
  if (!globalThis.document) return {};  // the worker
  const $ = (selector, within = document) => within.querySelector(selector);
  const EVERY = 30_000, FRESH = 600_000, root = document.documentElement;
  const words = $("#words")?.dataset, tag = $("[data-state]");
  if (!tag) return {};
  const put = (text, n) => text.replace("#", n), { person, signIn, marksOnly } = tag.dataset, offline = () => !navigator.onLine;
  let waiting = null, leaving = null, reloading = false, sent;

  // The phone's own wall clock, as 2026-11-23T09:42:00; and as 09:42 23/11.
  const local = (at = Date.now()) => {
    const it = new Date(at);
    return new Date(it - it.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  };
  const moment = (at) => local(at).replace(/\d+-(\d+)-(\d+)T(.{5}).*/, "$3 $2/$1");
  const make = (name, look, ...inside) => {
    const it = Object.assign(document.createElement(name), look);
    it.append(...inside);
    return it;
  };

  const clone = (selector) => $(selector).content.firstElementChild.cloneNode(true);

  function banner(name) {
    const news = clone(`[data-banner="${name}"]`);
    news.dataset.said = name;
    if (!$(`[data-said="${name}"]`)) $("[data-banners]").append(news);
  }

  async function show() {
    const now = await toso.counts(), use = $("use", tag);
    if (now.sent > sent) snapshot(true);  // who was met is due no more
    sent = now.sent;
    const [icon, text, tone] = now.refused ? ["circle-alert", put(words.mend, now.refused), "bad"]
      : now.waiting && now.trouble === "sign-in" ? ["key-round", words.signin, "wait"]
      : now.waiting ? [offline() ? "cloud-off" : "clock", put(words.waiting, now.waiting), "wait"]
      : offline() ? ["cloud-off", words.offline, "wait"] : ["check", words.sent, "ok"];
    use.setAttribute("href", `${use.dataset.icons}#${icon}`);
    tag.lastElementChild.textContent = text;
    tag.className = `tag ${tone}`;
    tag.hidden = false;
    // The browser may throw all away: a word in another store remembers that there was something.
    if (await toso.kv("kept")) localStorage.setItem("toso-kept", now.waiting + now.refused + now.others);
  }

  async function flush(now) {
    if (!offline()) {
      await revoke();
      await toso.flush(now);
    }
    return show();
  }

  // Somebody else's names go when another one signs in here; what they have not sent stays, unseen.
  async function meet() {
    const before = await toso.kv("user"), marked = await toso.kv("sign-out");
    if (person && marked?.signIn === signIn) return revoke();
    if (!person) return;
    if (before && before !== person) await toso.wipe("another user signed in");
    for (const [key, value] of Object.entries({ "sign-out": null, user: person, "sign-in": signIn, language: root.lang, "marks-only": marksOnly })) await toso.keep(key, value);
    if (before !== person || await toso.kv("trouble") === "sign-in") await toso.keep("pause", null);
    snapshot(before !== person);  // nobody waits for a slow network
  }

  async function snapshot(now) {
    const before = await toso.kv("snapshot"), user = await toso.kv("user"), kept = before?.user === user ? before : null;
    if (!user || marksOnly || offline() || (!now && kept && Date.now() - kept.at < FRESH)) return;
    const answer = await toso.ask("/api/v1/offline/snapshot", user, { headers: kept?.tag ? { "if-none-match": kept.tag } : {} }).catch(() => null);
    if (!answer) return;  // no network: what is kept stays
    const fresh = { ...kept, user, at: Date.now() };
    if (answer.status !== 304) Object.assign(fresh, { tag: answer.headers.get("etag"), body: await answer.json().catch(() => null) });  // null: the page of a portal
    if (fresh.body?.user === user) await toso.keep("snapshot", fresh).catch(() => null);  // a full phone keeps the old one
    toso.tell("snapshot");
  }

  // A sign-out without network is made good at the next contact.
  async function revoke() {
    if (offline() || !(await toso.kv("sign-out"))) return;
    const answer = await fetch("/sign-out", { method: "POST", redirect: "manual" }).catch(() => null);
    if (!answer) return;
    await toso.keep("sign-out", null);
    if (person) location.replace("/sign-in");
  }

  async function leave(how) {
    if (how === "send" && (await toso.flush(true) || (await toso.counts()).waiting)) {
      $("#sign-out").close();
      return show();
    }
    await toso.wipe("signed out");
    if (!offline()) { leaving.dataset.go = 1; leaving.requestSubmit(); }
    else { await toso.keep("sign-out", { signIn: await toso.kv("sign-in"), at: Date.now() }); location.assign("/m/outbox"); }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/sign-out" || form.dataset.go) return;
    event.preventDefault();
    leaving = form;
    const { waiting: left, refused, marks } = await toso.counts(), box = $("#sign-out");
    if (left + refused === 0) return leave("keep");
    $("[data-unsent]", box).textContent = put(marks ? words.entries : words.unsent, left + refused);
    box.showModal();
  });

  document.addEventListener("click", ({ target }) => {
    // Where the phone keeps the shell, its form opens without a network too.
    const inside = target.closest("a[data-shell]");
    if (inside && "ready" in root.dataset) inside.href = inside.dataset.shell;
    const it = target.closest("[data-leave], [data-update], [data-copy-link]")?.dataset;
    if (!it) return;
    if (it.leave) leave(it.leave);
    else if ("update" in it) { reloading = true; target.textContent = words.updating; waiting ? waiting.postMessage("take over") : location.reload(); }
    else navigator.clipboard?.writeText(location.href);
  });

  async function worker() {
    const { serviceWorker: workers } = navigator;
    if (!workers) return;
    workers.addEventListener("controllerchange", () => { if (reloading) location.reload(); });
    const registration = await workers.register("/sw.js"), ready = () => {
      waiting = registration.waiting;
      if (waiting && workers.controller) banner("update");
    };
    ready();
    document.addEventListener("visibilitychange", ready);  // not while somebody taps: it moves the page
    setInterval(() => registration.update().catch(() => null), 20 * EVERY);  // no network: asked again later
  }

  async function missing() {
    const had = Number(localStorage.getItem("toso-kept"));
    if (!had || await toso.kv("kept")) return;
    await toso.lose("storage wiped", had);
    await toso.keep("kept", true);
    banner("lost");
  }

  async function start() {
    try {
      await toso.db();
      await navigator.locks.query();
      await missing();
    } catch {  // a private window keeps nothing, a page without https neither: the plain form stays as it is
      root.dataset.keeps = "nothing";
      banner("private");
      return;
    }
    if (/Zalo|FBAN|FBAV/.test(navigator.userAgent)) banner("inside");
    else if (/iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone) banner("install");
    await meet();
    root.dataset.ready = "";
    toso.tell("ready");
    worker().catch(() => null);  // without a worker the pages still send by themselves
    flush(true);
    setInterval(flush, EVERY);
    addEventListener("online", () => flush(true));
    addEventListener("offline", show);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  }

  addEventListener("toso", show);
  toso.heard.onmessage = () => dispatchEvent(new Event("toso"));
  return { $, flush, snapshot, put, words, local, moment, make, clone, started: start() };
})();
