// The roll call: a tap is on this device's disk before it is on its way; what is shown is filtered while somebody types.
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();
  const told = document.getElementById("saved"), here = location.pathname, to = `/api/v1${here}`;
  const keeps = () => "ready" in document.documentElement.dataset;
  const queued = new Map(), flying = new Set();  // nonces of taps that htmx has yet to send, and of those it is sending
  const hot = new Map();  // taps on their way to the disk, a matter of milliseconds
  let waiting = 0, taps = 0, crossed = false;  // answers that may have come in another order than they were made

  // Where nothing can be kept, the page itself says what is saved; else the tag of the phone does.
  function tell() {
    const bad = all(".roll > li.unsaved").length;
    told.hidden = keeps() && !bad;
    told.className = `tag ${bad ? "bad" : waiting ? "wait" : "ok"}`;
    told.lastElementChild.textContent = bad ? `${told.dataset.unsaved} (${bad})` : waiting ? told.dataset.saving : told.dataset.saved;
  }

  const ours = async () => (await toso.mine(await toso.kv("user"))).filter((it) => it.to === to);

  // A tap as the ledger wants it, with its own time.
  function mark(form, nonce) {
    const one = Object.fromEntries(new FormData(form)), state = { late: one.late_kind || "late", absent: one.absent_kind || "unexcused" }[one.mark] || one.mark;
    return {
      nonce, person: one.person, state, marked_at: new Date().toISOString(), reason: one.reason || undefined,
      minutes: one.mark === "late" && one.minutes ? +one.minutes : undefined, substitute_name: state === "substitute" ? one.substitute_name || "" : undefined,
    };
  }

  // On the disk first. What the server refused of this person before is replaced.
  async function hold(form) {
    const nonce = crypto.randomUUID(), payload = mark(form, nonce), head = form.querySelector(".name").textContent;
    hot.set(nonce, payload);
    try {
      const old = (await ours()).filter((it) => it.payload.person === payload.person && it.state === "refused").map((it) => it.id);
      const lines = [document.querySelector("h1").textContent, [...form.querySelectorAll("label:has(:checked)")].map((it) => it.textContent.trim()).join(", ")];
      await toso.save([{ id: nonce, author: await toso.kv("user"), kind: "mark", to, home: here, head, lines, payload, fields: [[one(form), payload.state]] }], old);
    } finally { hot.delete(nonce); }
    return nonce;
  }
  const one = (form) => form.querySelector("[name=mark]:checked")?.value;

  // What a tap asks for opens with it: later it would move the next row from under the finger.
  function unfold(form) {
    const more = form.querySelector(".more"), tap = one(form);
    form.querySelector(".how")?.remove();
    if (more.dataset.of === tap) return;
    more.dataset.of = tap;
    more.replaceChildren(document.querySelector(`[data-more="${tap}"]`)?.content.cloneNode(true) ?? "");
  }

  document.addEventListener("change", async (event) => {
    const form = event.target.closest?.("[data-roll]");
    if (!form || form.passed) return;
    unfold(form);
    if (!form.elements.nonce) form.prepend(Object.assign(document.createElement("input"), { type: "hidden", name: "nonce" }));
    if (!keeps()) { form.elements.nonce.value = crypto.randomUUID?.() ?? ""; return; }
    event.stopImmediatePropagation();
    const person = form.elements.person.value;
    let nonce = "";
    try {
      nonce = await hold(form);
    } catch { nonce = crypto.randomUUID(); }  // the disk is full: the network is left
    if (!navigator.onLine) return;
    form.elements.nonce.value = nonce;
    queued.set(nonce, person);
    flying.add(nonce);
    pass(form);
  }, true);

  // Who leaves before that sends them in leaving, early while the page still lives and again at its end, when a worker may
  // lose what it asks; if they came to the disk after all, the nonce makes them one.
  function send() {
    const marks = [...hot.values()];
    if (marks.length) fetch(to, { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify({ marks }) });
  }
  for (const leaving of ["beforeunload", "pagehide"]) addEventListener(leaving, send);

  function pass(form) {
    form.passed = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.passed = false;
  }

  const row = ({ detail }) => detail.ctx?.sourceElement?.closest?.("[data-roll]")?.closest("li");

  document.addEventListener("htmx:before:request", (event) => {
    if (!row(event)) return;
    const { ctx } = event.detail, nonce = ctx.request.body?.get?.("nonce"), person = queued.get(nonce);
    ctx.settles = [];  // this tap, and those before it that never left because this one came so soon
    for (const [tap, whose] of queued) {
      if (whose === person) { ctx.settles.push(tap); queued.delete(tap); }
      if (tap === nonce) break;
    }
    crossed ||= waiting > 0;
    waiting += 1;
    taps += 1;
    tell();
  });

  document.addEventListener("htmx:finally:request", async (event) => {
    const line = row(event);
    if (!line) return;
    const { ctx } = event.detail, answer = ctx.response?.raw, came = answer && !answer.redirected && answer.status < 500 && answer.status !== 429;
    waiting = Math.max(0, waiting - 1);
    for (const tap of ctx.settles) flying.delete(tap);
    line.classList.toggle("unsaved", keeps() ? Boolean(came && !answer.ok) : !answer?.ok);
    line.toggleAttribute("data-again", !keeps() && !came);
    if (came && answer.ok) line.dataset.mark = ctx.request.body.get("nonce");
    tell();
    if (crossed && !waiting) {  // the counts of the last answer need not be the last counts
      crossed = false;
      setTimeout(refresh, 500);
    }
    if (!keeps()) return;
    if (came) await toso.save([], ctx.settles);  // the server has it, or the row says why not
    else { await paint(); phone.flush(); }
  });

  // Without a place to keep things: what found no server is sent again by the page, while it is open.
  function again() {
    for (const form of all(".roll > li[data-again] > form")) pass(form);
  }
  addEventListener("online", again);
  setInterval(() => { if (navigator.onLine) again(); }, 5000);
  addEventListener("beforeunload", (event) => { if (!keeps() && (waiting || document.querySelector(".roll > li.unsaved"))) event.preventDefault(); });

  // What waits on this device stands in place of the office, which moves no row; what came back, below.
  async function paint() {
    const last = new Map((await ours()).filter((it) => !flying.has(it.id)).map((it) => [it.payload.person, it]));
    for (const line of all(".roll > li")) {
      const it = last.get(line.id.slice(2)), said = line.querySelector(".said"), place = line.querySelector(".meta"), note = line.querySelector("[data-kept]");
      note?.remove();
      if (place.dataset.office !== undefined) place.textContent = place.dataset.office;
      if (place.dataset.office !== undefined || note) line.toggleAttribute("data-stale", !it);
      delete place.dataset.office;
      if (!it || !said) continue;
      const tile = line.querySelector(`[name=mark][value="${it.fields[0][0]}"]`);
      if (tile && !tile.checked) show(tile, it.payload);
      if (it.state !== "refused") {
        place.dataset.office = place.textContent;
        place.textContent = phone.put(told.dataset.kept, phone.local(it.payload.marked_at).slice(11, 16));
      } else if (!said.querySelector("[role=alert]")) {  // else the row says why already
        said.prepend(phone.make("p", { className: "wrong", textContent: it.errors.map((error) => error.message).join(" ") }));
        said.firstElementChild.dataset.kept = "";
      }
    }
    if (document.querySelector("[data-stale]")) await refresh();
  }

  // A tap made before this page was opened, with what was said of it.
  function show(tile, { state, minutes, substitute_name: name }) {
    tile.checked = true;
    unfold(tile.form);
    const { elements } = tile.form, kind = tile.form.querySelector(`.more [value="${state}"]`);
    if (kind) kind.checked = true;
    if (elements.minutes) elements.minutes.value = minutes ?? "";
    if (elements.substitute_name) elements.substitute_name.value = name ?? "";
  }

  // What waited here, and what another trainer or a trainee's own phone did, shows by itself; a row under the hand stays.
  async function refresh() {
    const before = taps, busy = () => waiting || taps !== before || document.querySelector(".roll > li.unsaved");
    if (busy() || document.hidden || !navigator.onLine) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const kept = new Set(keeps() ? (await ours()).map((it) => it.payload.person) : []);
    if (busy()) return;
    const now = (id, place) => {
      const mine = document.getElementById(id);
      if (!mine || !place || mine.contains(document.activeElement)) return;
      place.hidden = mine.hidden;
      mine.replaceWith(place);
      htmx.process(place);
    };
    for (const id of ["counts", "finish"]) now(id, fresh.getElementById(id));
    for (const line of fresh.querySelectorAll(".roll > li")) {
      const mine = document.getElementById(line.id)?.dataset;
      if (mine && !kept.has(line.id.slice(2)) && (mine.mark !== line.dataset.mark || "stale" in mine)) now(line.id, line);
    }
  }
  setInterval(refresh, 10_000);

  let painting = Promise.resolve();
  const repaint = () => { if (keeps()) painting = painting.then(paint, paint); };
  addEventListener("toso", repaint);
  phone.started?.then(repaint);

  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("[data-find]");
    if (!form) return;
    const wanted = plain(target.value);
    for (const line of all(`#${form.dataset.find} .roll > li`)) line.hidden = !plain(line.querySelector(".name").textContent).includes(wanted);
  });

  // Without network "the rest: present" is a tap each; what only the server can do is said so.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.closest("[data-find]")) event.preventDefault();
    else if (!navigator.onLine && form.closest("main") && keeps()) {
      event.preventDefault();
      document.querySelector("[data-online]").hidden = form.action.endsWith("/rest");
      if (!form.action.endsWith("/rest")) return;
      form.closest("details").open = false;
      for (const line of all(".roll > li")) {
        const tile = line.querySelector("[name=mark][value=present]");
        if (!tile || line.querySelector("[name=mark]:checked")) continue;
        tile.checked = true;
        await hold(tile.form);
      }
    }
  }, true);
})();
