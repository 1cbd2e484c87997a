// The roll call: a tap is on this device's disk before it is on its way; what is shown is filtered while somebody types.
// A tap goes one way only, with its own time, whatever the network does: save, then send what is saved.
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();
  const told = document.getElementById("saved"), here = location.pathname, to = `/api/v1${here}`, words = JSON.parse(told.dataset.words);
  const me = document.querySelector("[data-state]").dataset.person;  // in another window somebody else may have signed in meanwhile
  const keeps = () => "ready" in document.documentElement.dataset, page = () => all(".roll > li"), row = (person) => document.getElementById(`p-${person}`);
  const hot = new Map();  // taps on their way to the disk, a matter of milliseconds
  const latest = new Map();  // when somebody's row was tapped last in this window
  const memory = [];  // taps that no disk takes: a private window, a full phone
  const known = new Map();  // taps that the server did not have when last looked at
  let waiting = 0, taps = 0, last = 0, more = false, denied = false, pushing = null, painting = Promise.resolve(), queued = false;

  const ours = async () => [...keeps() ? (await toso.mine(me)).filter((it) => it.to === to) : [], ...memory].sort((a, b) => a.at - b.at);
  const unsent = () => hot.size + waiting;

  function uuid() {  // without https a browser has no crypto.randomUUID
    const it = crypto.getRandomValues(new Uint8Array(16));
    it[6] = it[6] & 0x0f | 0x40;
    it[8] = it[8] & 0x3f | 0x80;
    return [...it].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // The time of a tap; two that a busy page hears in one millisecond stay in their order.
  function moment() {
    const now = Date.now();
    last = now > last || last - now > 1_000 ? now : last + 1;
    return last;
  }

  const tapped = (form) => form.querySelector("[name=mark]:checked")?.value;
  function state(form) {
    const { mark, late_kind: late, absent_kind: absent } = Object.fromEntries(new FormData(form));
    return { late: late || "late", absent: absent || "unexcused" }[mark] || mark || "cleared";
  }
  const nameless = (form) => state(form) === "substitute" && !form.elements.substitute_name?.value.trim();

  // What a row says, as the ledger wants it; a tap is that, with its own time.
  function says(form) {
    const { minutes, substitute_name: name } = Object.fromEntries(new FormData(form)), now = state(form);
    return {
      state: now, minutes: tapped(form) === "late" && minutes ? /^\d+$/.test(minutes) ? +minutes : minutes : undefined,
      substitute_name: now === "substitute" ? name : undefined,
    };
  }
  function mark(form, nonce) {
    const { person, reason } = Object.fromEntries(new FormData(form));
    return { nonce, person, marked_at: new Date(moment()).toISOString(), reason: reason || undefined, ...says(form) };
  }
  const differs = (form, { state: kind, minutes, substitute_name: name }) => JSON.stringify(says(form)) !== JSON.stringify({ state: kind, minutes, substitute_name: name });

  // What a tap asks for opens with it: later it would move the next row from under the finger.
  function unfold(form) {
    const box = form.querySelector(".more"), tap = tapped(form);
    all(".how, .wrong", form).forEach((it) => it.remove());
    if (nameless(form)) accuse(form, [told.dataset.nameless]);
    if (box.dataset.of === tap) return;
    box.dataset.of = tap;
    box.replaceChildren(document.querySelector(`[data-more="${tap}"]`)?.content.cloneNode(true) ?? "");
  }

  function accuse(form, sentences) {
    const wrong = Object.assign(document.createElement("p"), { className: "wrong", textContent: sentences.join(" ") });
    wrong.setAttribute("role", "alert");
    form.querySelector(".said").prepend(wrong);
  }

  document.addEventListener("change", ({ target }) => {
    const form = target.closest?.("[data-roll]");
    if (!form) return;
    unfold(form);
    const line = form.closest("li");
    line.classList.toggle("unsaved", nameless(form));
    if (!nameless(form)) hold(form, line).then(push, push);
    recount();
  }, true);

  // On the disk first. What the server refused of this person before is replaced.
  async function hold(form, line) {
    const nonce = uuid(), payload = mark(form, nonce), said = [...form.querySelectorAll("label:has(:checked)")].map((it) => it.textContent.trim()).join(", ");
    const record = { id: nonce, kind: "mark", to, home: here, at: Date.parse(payload.marked_at), head: form.querySelector(".name").textContent, payload, fields: [[tapped(form), payload.state]] };
    record.lines = [document.querySelector("h1").textContent, said];
    line.dataset.tap = nonce;
    hot.set(nonce, payload);
    latest.set(payload.person, record.at);
    taps += 1;
    tell();
    try {
      await phone.started;  // on a slow phone a finger is faster than the store
      const old = (await ours()).filter((it) => it.payload.person === payload.person && it.state === "refused");
      for (const { id } of old) {
        known.delete(id);
        forget(id);
      }
      if (keeps()) await toso.save([{ ...record, author: me }], old.map((it) => it.id));
      else memory.push({ ...record, state: "waiting" });
    } catch { memory.push({ ...record, state: "waiting" }); }  // the disk is full: the network is left
    known.set(nonce, { ...record, state: "waiting" });
    await repaint();
    hot.delete(nonce);
    tell();
  }

  function forget(nonce) {
    const place = memory.findIndex((it) => it.id === nonce);
    if (place >= 0) memory.splice(place, 1);
  }

  // One sender of this page at a time; what is tapped meanwhile goes with the next.
  function push() {
    more = true;
    return pushing ??= (async () => {
      while (more && navigator.onLine) {
        more = false;
        if (keeps()) await phone.flush(true).catch(() => null);  // a full disk notes nothing; what it did not take is sent below
        await direct();
        await repaint();
      }
    })().finally(() => { pushing = null; });
  }

  const post = (marks, options) => fetch(to, { method: "POST", redirect: "error", headers: { "content-type": "application/json", "toso-person": me }, body: JSON.stringify({ marks }), ...options });

  // What no disk keeps is sent by the page itself, while it is open.
  async function direct() {
    const batch = memory.filter((it) => it.state === "waiting").slice(0, 200);
    if (!batch.length) return;
    const answer = await post(batch.map((it) => it.payload)).catch(() => null), said = await answer?.json().catch(() => null);
    denied = answer?.status === 401;
    if (!said || answer.status >= 500 || [401, 429].includes(answer.status)) return;
    for (const it of batch) {
      const result = said.results?.find((one) => one.nonce === it.id) ?? { errors: [{ field: "", message: said.detail }] };
      if (/created|duplicate/.test(result.status)) forget(it.id);
      else Object.assign(it, { state: "refused", errors: result.errors });
    }
  }
  setInterval(() => { if (memory.length) push(); }, 5_000);
  addEventListener("online", push);

  // Who leaves before a tap is on the disk sends it in leaving, early while the page still lives and again at its end, when
  // a worker may lose what it asks; if it came to the disk after all, the nonce makes them one.
  function leave() {
    const marks = [...hot.values(), ...memory.filter((it) => it.state === "waiting").map((it) => it.payload)];
    if (marks.length) post(marks, { keepalive: true }).catch(() => null);  // the next page tells what waits
  }
  for (const leaving of ["beforeunload", "pagehide"]) addEventListener(leaving, leave);
  addEventListener("beforeunload", (event) => { if (memory.length) event.preventDefault(); });

  // Where nothing can be kept, the page itself says what is saved; else the tag of the phone does.
  function tell() {
    const bad = memory.filter((it) => it.state === "refused").length;
    told.hidden = keeps() && !memory.length;
    told.className = `tag ${bad ? "bad" : unsent() ? "wait" : "ok"}`;
    told.lastElementChild.textContent = bad ? `${told.dataset.unsaved} (${bad})` : !unsent() ? told.dataset.saved : denied ? phone.$("#words").dataset.signin : told.dataset.saving;
  }

  // What is shown follows from what is kept: what left it has arrived.
  async function paint() {
    const asked = [...known], mine = await ours(), left = new Set(mine.map((it) => it.id));
    const trouble = keeps() && (!navigator.onLine || await toso.kv("user") !== me || await toso.kv("trouble"));
    const gone = asked.filter(([nonce]) => known.has(nonce) && !left.has(nonce)), stale = gone.some(([, it]) => it.kept || it.state === "refused" || !row(it.payload.person));
    for (const [nonce, it] of gone) {
      known.delete(nonce);
      settle(it);
    }
    for (const it of mine) known.set(it.id, { ...it, kept: it.state === "waiting" && Boolean(trouble) && !memory.includes(it) });
    waiting = mine.filter((it) => it.state === "waiting").length;
    const newest = new Map(mine.map((it) => [it.payload.person, known.get(it.id)]));
    await drop(mine.filter(({ id, at, state: now, payload: { person } }) => now === "refused" && (at < latest.get(person) || newest.get(person).id !== id)));
    for (const line of page()) draw(line, newest.get(line.id.slice(2)));
    recount();
    tell();
    if (stale) refresh();
  }

  // What came back after the row was tapped anew is mended already.
  async function drop(overtaken) {
    for (const { id } of overtaken) {
      known.delete(id);
      forget(id);
    }
    if (keeps() && overtaken.length) await toso.save([], overtaken.map((it) => it.id));
  }
  const repaint = () => {
    const next = () => { queued = false; return paint(); };
    if (!queued) painting = painting.then(next, next);
    queued = true;
    return painting;
  };
  addEventListener("toso", repaint);
  document.addEventListener("htmx:after:swap", repaint);
  phone.started?.then(repaint);

  // The server has it, or, where it was refused, somebody dropped it: then the row comes fresh.
  function settle({ id, state: was, head, payload }) {
    const line = row(payload.person), mine = line?.dataset.tap === id;
    if (!line) return;
    if (mine) delete line.dataset.tap;
    line.dataset.mark = was === "refused" ? "dropped" : id;
    if (was === "refused") return calm(line);
    for (const tag of all("#counts > [data-of]")) {
      const of = tag.dataset.of.split(" ");
      tag.dataset.n = +tag.dataset.n - of.includes(line.dataset.holds) + of.includes(payload.state);
    }
    line.dataset.holds = payload.state;
    if (mine) thank(`${head}: ${words[payload.state]}`, id);
  }

  function calm(line) {
    const form = line.querySelector("form");
    if (!form || nameless(form)) return;
    line.classList.remove("unsaved");
    all(".wrong", form).forEach((it) => it.remove());
  }

  function thank(text, nonce) {
    const toast = document.querySelector("[data-taken]").content.firstElementChild.cloneNode(true), form = toast.querySelector("form");
    toast.querySelector("p").textContent = text;
    form.action = `${here}/undoing?nonce=${nonce}`;
    document.getElementById("toasts").replaceChildren(toast);
    reveal(toast);
    watch(toast);
  }

  // What waits on this device stands in place of the office, which moves no row; why it came back, below.
  function draw(line, it) {
    const own = it?.id === line.dataset.tap, overtaken = it && it.at < latest.get(it.payload.person);
    const form = line.querySelector("form"), place = line.querySelector(".meta"), tile = it && form?.querySelector(`[name=mark][value="${it.fields[0][0]}"]`);
    line.toggleAttribute("data-waits", it?.state === "waiting");
    if (tile && !own && !overtaken && !held(line) && differs(form, it.payload)) show(tile, it.payload);
    if (Boolean(it?.kept) !== ("office" in place.dataset)) {
      if (it?.kept) [place.dataset.office, place.textContent] = [place.textContent, phone.put(told.dataset.kept, phone.local(it.payload.marked_at).slice(11, 16))];
      else {
        place.textContent = place.dataset.office;
        delete place.dataset.office;
      }
    }
    if (it?.state !== "refused" || !form || overtaken || form.querySelector(".wrong")) return;
    line.classList.add("unsaved");
    accuse(form, it.errors.map((error) => error.message));
    if (!form.elements.reason && it.errors.some((error) => error.field === "reason")) form.querySelector(".said").append(document.querySelector("[data-reason]").content.cloneNode(true));
  }

  // Under the hand: what is being typed there, or is not said in full, nobody else may change.
  const held = (line) => line.matches(".unsaved") || (line.contains(document.activeElement) && document.activeElement.matches("[type=text]"));

  // A tap made before this page was opened, or in another window.
  function show(tile, { state: kind, minutes, substitute_name: name }) {
    tile.checked = true;
    unfold(tile.form);
    const { elements } = tile.form, pill = tile.form.querySelector(`.more [value="${kind}"]`);
    if (pill) pill.checked = true;
    if (elements.minutes) elements.minutes.value = minutes ?? "";
    if (elements.substitute_name) elements.substitute_name.value = name ?? "";
  }

  // The counts: what the server told, and the taps since.
  function recount() {
    const by = {};
    for (const line of page()) {
      const was = line.dataset.holds, form = line.querySelector("form"), waits = line.dataset.tap || "waits" in line.dataset, now = form && waits && !line.matches(".unsaved") ? state(form) : was;
      if (was !== now) [by[was], by[now]] = [(by[was] || 0) - 1, (by[now] || 0) + 1];
    }
    const number = (text, n) => text.replace(/\d+/, n);
    for (const tag of all("#counts > [data-of]")) {
      const n = tag.dataset.of.split(" ").reduce((sum, one) => sum + (by[one] || 0), +tag.dataset.n);
      tag.textContent = number(tag.textContent, n);
      if (tag.dataset.of === "substitute") tag.hidden = !n;
      if (tag.dataset.of === "cleared") for (const it of all("[data-left]")) {
        const { none, one, many } = it.dataset;
        it.querySelector(".calm").textContent = number(n === 0 && none || (n === 1 ? one : many), n);
        if (it.closest("details")) it.closest("details").hidden = !n;
      }
    }
  }

  // What another trainer or a trainee's own phone did shows by itself; a row under the hand stays.
  async function refresh() {
    const before = taps, busy = () => unsent() || taps !== before;
    if (busy() || document.hidden || !navigator.onLine) return;
    const text = await fetch(location.href).then((it) => it.ok && !it.redirected ? it.text() : "").catch(() => "");  // no network, or one that broke off
    if (!text || busy()) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const counts = fresh.getElementById("counts");
    if (counts) document.getElementById("counts").replaceWith(counts);
    for (const line of fresh.querySelectorAll(".roll > li")) {
      const mine = document.getElementById(line.id);
      if (!mine || mine.dataset.mark === line.dataset.mark) continue;
      if (held(mine)) {
        mine.dataset.holds = line.dataset.holds;
        continue;
      }
      const { activeElement: at } = document, same = all("a, input", line)[all("a, input", mine).indexOf(at)];
      line.hidden = mine.hidden;
      mine.replaceWith(line);
      if (same && same.type === at.type) same.focus({ preventScroll: true });
    }
    repaint();
  }
  setInterval(refresh, 10_000);

  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("[data-find]");
    if (!form) return;
    const wanted = plain(target.value);
    for (const line of all(`#${form.dataset.find} .roll > li`)) line.hidden = !plain(line.querySelector(".name").textContent).includes(wanted);
  });

  // A row saves by itself. What only the server can do waits until it has every tap; without network "the rest: present" is
  // a tap each, and of what else there is it is said that it needs one.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("[data-find], [data-roll]")) return event.preventDefault();
    if (form.method !== "post" || !form.closest("main, #toasts") || form.dataset.go || (navigator.onLine && !unsent())) return;
    event.preventDefault();
    await push();
    if (navigator.onLine && !unsent()) {
      form.dataset.go = 1;
      return form.requestSubmit();
    }
    const rest = form.action.endsWith("/rest");
    const online = document.querySelector("[data-online]");
    online.hidden = rest;
    if (!rest) return;
    form.closest("details").open = false;
    for (const line of page()) {
      const tile = line.querySelector("[name=mark][value=present]");
      if (!tile || tapped(tile.form)) continue;
      tile.checked = true;
      await hold(tile.form, line);
    }
    online.hidden = form.closest("details").hidden;  // whoever is left stands on no row here
    push();
  }, true);
})();
