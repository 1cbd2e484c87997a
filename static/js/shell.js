// Fills the shell from what the phone keeps: the households, the form of one, what waits to be sent.
(() => {
  const { form } = visit, { put } = phone, $ = (selector, root = document) => root.querySelector(selector), OLD = 7 * 86_400_000;
  const day = (text) => text ? text.split("-").reverse().join("/") : "", plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const two = (n) => String(n).padStart(2, "0"), moment = (at) => { const it = new Date(at); return `${two(it.getHours())}:${two(it.getMinutes())} ${two(it.getDate())}/${two(it.getMonth() + 1)}`; };
  const today = () => { const now = new Date(); return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`; };
  let kept = null;

  function view(name) {
    document.querySelectorAll("[data-view]").forEach((it) => { it.hidden = it.dataset.view !== name; });
    document.querySelectorAll("[data-place]").forEach((it) => it.toggleAttribute("aria-current", it.dataset.place === (name === "outbox" ? "/m/outbox" : "/m/log")));
    scrollTo(0, 0);
  }

  const make = (name) => $(`[data-row="${name}"]`).content.firstElementChild.cloneNode(true);
  const tag = (text, tone) => Object.assign(document.createElement("span"), { className: `tag ${tone}`, textContent: text });

  // Households added on this phone stand in the list at once.
  async function homes() {
    const user = await toso.kv("user"), fresh = (await toso.mine(user || "")).filter((it) => it.kind === "household");
    const own = fresh.map(({ id, payload }) => ({ id, head: payload.head, code: "", address: payload.address, area: "", residents: [], services: [], fresh: true }));
    return [...own, ...(kept?.body.households || [])];
  }

  async function list() {
    const all = await homes(), words = plain($("#find").value.trim()), digits = words.replace(/\D/g, ""), box = $("[data-homes]"), now = today();
    const found = all.filter((it) => !words || plain(`${it.head} ${it.code} ${it.address} ${it.area}`).includes(words) || (digits.length > 2 && (it.phone || "").endsWith(digits)));
    const rank = (it) => it.due_on || (it.fresh ? "" : "9");
    found.sort((a, b) => rank(a).localeCompare(rank(b)));
    box.replaceChildren(...found.slice(0, 200).map((it) => {
      const line = make("home"), link = $(".name", line), marks = $(".tags", line);
      link.href = `#${it.id}`;
      link.textContent = it.head;
      $(".meta", line).textContent = [it.area, it.code, it.address, it.last_met_on ? put(box.dataset.last, day(it.last_met_on)) : it.fresh ? "" : box.dataset.never].filter(Boolean).join(" · ");
      if (it.fresh) marks.append(tag(box.dataset.fresh, "wait"));
      else if (it.due_on && it.due_on < now) marks.append(tag(box.dataset.late, "bad"));
      else if (it.due_on === now) marks.append(tag(box.dataset.due, "wait"));
      return line;
    }));
    $("[data-missing]").hidden = Boolean(kept);
    $("[data-nothing]").hidden = !kept || found.length > 0;
    const age = $("[data-age]"), days = kept ? Math.floor((Date.now() - kept.at) / 86_400_000) : 0;
    age.hidden = !kept;
    if (kept) age.textContent = Date.now() - kept.at > OLD ? put(age.dataset.old, days) : put(age.dataset.new, moment(kept.at));
    age.classList.toggle("old", Boolean(kept) && Date.now() - kept.at > OLD);
  }

  const tile = (box, shape, value, text) => {
    const it = shape.cloneNode(true), input = $("input", it);
    Object.assign(input, { value, checked: false });
    input.removeAttribute("id");
    $("span", it).textContent = text;
    box.prepend(it);
  };

  function people(home) {
    const box = $(`[data-field="resident"] .tiles`), shape = box.lastElementChild;
    [...box.children].slice(0, -1).forEach((it) => it.remove());
    for (const one of [...(home?.residents || [])].reverse()) tile(box, shape, one.id, one.label);
    const mates = kept?.body.mates || [], took = $(`[data-field="participants"] .tiles`), by = form.elements.performed_by;
    took.replaceChildren();
    by.replaceChildren(by.options[0]);
    $("[data-mates]").hidden = mates.length === 0;
    for (const mate of mates) {
      const label = document.createElement("label"), text = document.createElement("span");
      label.className = "tile";
      text.textContent = mate.name;
      label.append(Object.assign(document.createElement("input"), { type: "checkbox", name: "participants", value: mate.id }), text);
      took.append(label);
      by.append(new Option(mate.name, mate.id));
    }
  }

  // The six services this reader gives most stand first; the others lie under "Something else".
  function order() {
    const first = $("[data-usual]"), rest = $("[data-others]"), all = [...form.querySelectorAll(".service")], usual = kept?.body.usual || [];
    const place = (it) => { const at = usual.indexOf(it.dataset.service); return at < 0 ? 99 : at; };
    const sorted = usual.length ? all.map((it, at) => [it, at]).sort((a, b) => place(a[0]) - place(b[0]) || a[1] - b[1]).map(([it]) => it) : all;
    first.append(...sorted.slice(0, 6));
    rest.append(...sorted.slice(6));
  }

  async function open(id, again) {
    const home = (await homes()).find((it) => it.id === id);
    if (!home && id !== "loose" && !again) { view("list"); return list(); }
    form.reset();
    people(home);
    order();
    form.dataset.home = home?.id || again?.payload.household || "";
    form.dataset.head = home?.head || again?.head || "";
    const title = $("[data-title]");
    title.textContent = form.dataset.home ? put(title.dataset.of, form.dataset.head) : title.dataset.loose;
    $("[data-over]").textContent = [home?.area, home?.code].filter(Boolean).join(" · ");
    $("[data-same]").dataset.same = (home?.services || []).join(" ");
    form.classList.toggle("loose", !form.dataset.home);
    $("section[data-saved]").hidden = true;
    document.querySelectorAll(".problems").forEach((it) => it.remove());
    view("form");
    await visit.begin(again?.id || crypto.randomUUID());
    if (again) { visit.fill(again.fields); visit.complain(Object.fromEntries(reasons(again).map((it, at) => [it.field || ` ${at}`, it.message]))); }
    else {
      if (!form.dataset.home) visit.fill([["met", "elsewhere"], ["consent", "anonymous"]]);
      await visit.offer();
    }
    return undefined;
  }

  const reasons = (record) => record.conflict ? [{ field: "", message: $("[data-kinds]").dataset.conflict }] : record.errors || [];

  async function outbox() {
    const now = await toso.counts(), own = now.user ? await toso.mine(now.user) : [], kinds = $("[data-kinds]").dataset, at = $("ul[data-waiting]").dataset.at;
    const line = (it) => {
      const row = make("record"), mend = $(".acts", row), refused = it.state === "refused";
      $(".name", row).textContent = [kinds[it.kind], it.kind === "visit" || it.kind === "household" ? it.head : ""].filter(Boolean).join(": ");
      $(".meta", row).textContent = refused ? reasons(it).map((one) => one.message).join(" ") : put(at, moment(it.at));
      mend.hidden = !refused;
      $("a", mend).href = `#mend-${it.id}`;
      return row;
    };
    $("ul[data-waiting]").replaceChildren(...own.filter((it) => it.state === "waiting").map(line));
    $("ul[data-mend]").replaceChildren(...own.filter((it) => it.state === "refused").map(line));
    $("[data-mend-box]").hidden = !now.refused;
    $("[data-none]").hidden = now.waiting > 0;
    $("[data-signin]").hidden = now.trouble !== "sign-in" && Boolean(now.user);
    const trouble = $("[data-trouble]"), why = trouble.dataset[now.trouble];
    trouble.hidden = !why || !now.waiting;
    if (why) $(".notice > div", trouble).textContent = why;
    const others = $("[data-others]", $(`[data-view="outbox"]`));
    others.hidden = now.others === 0;
    $(".notice > div", others).textContent = put(others.dataset.text, now.others);
    $("[data-today]").textContent = put($("[data-today]").dataset.text, now.sent);
    const facts = $("[data-facts]"), safe = await navigator.storage?.persisted?.();
    facts.textContent = [now.last ? put(facts.dataset.last, moment(now.last)) : "", facts.dataset.version, safe ? facts.dataset.kept : facts.dataset.loose].filter(Boolean).join(" · ");
    $("[data-out]").hidden = !now.user;
    $("[data-signed-out]").hidden = !(await toso.kv("sign-out"));
  }

  async function household() {
    const pick = document.getElementById("area");
    pick.replaceChildren(...(kept?.body.areas || []).map((it) => new Option(it.name, it.id)));
    view("household");
    document.getElementById("head").focus();
  }

  const adding = $("[data-household]");
  adding.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(adding), one = (name) => (data.get(name) || "").trim(), wrong = {};
    for (const name of ["area", "head"]) if (one(name).length < 2) wrong[name] = adding.dataset.need;
    if (one("phone") && one("phone").replace(/\D/g, "").length < 9) wrong.phone = adding.dataset.digits;
    adding.querySelectorAll(".bad").forEach((it) => { it.classList.remove("bad"); $(".wrong", it)?.remove(); });
    for (const [name, text] of Object.entries(wrong)) {
      const place = document.getElementById(name).closest(".field");
      place.classList.add("bad");
      $("label", place).after(Object.assign(document.createElement("p"), { className: "wrong", textContent: text }));
    }
    if (Object.keys(wrong).length) { document.getElementById(Object.keys(wrong)[0]).focus(); return; }
    const mended = location.hash.startsWith("#mend-") ? location.hash.slice(6) : "", id = mended || crypto.randomUUID(), count = +one("people");
    const payload = { id, area: one("area"), head: one("head"), address: one("address"), really_new: Boolean(mended), ...(one("phone") ? { phone: one("phone") } : {}), ...(count ? { people: count } : {}) };
    await toso.save({ id, author: await toso.kv("user"), kind: "household", head: payload.head, fields: [...data], payload });
    adding.reset();
    phone.flush();
    location.hash = mended ? "" : id;
  });

  async function mend(id) {
    const record = await (await toso.db()).get("outbox", id);
    if (!record || record.author !== await toso.kv("user")) return list();
    if (record.kind === "visit") return open(record.payload.household || "loose", record);
    if (record.kind === "household") {
      await household();
      for (const [name, value] of record.fields) document.getElementById(name).value = value;
      return undefined;
    }
    return open(record.home, { ...record, id: crypto.randomUUID() });
  }

  async function route() {
    const found = /^\/households\/([0-9a-f-]{36})/.exec(location.pathname), hash = location.hash.slice(1) || (found ? found[1] : "");
    if (!found && location.pathname === "/m/outbox" && !hash) { view("outbox"); return outbox(); }
    if (hash === "household") return household();
    if (hash.startsWith("mend-")) return mend(hash.slice(5));
    if (hash && hash !== "main") return open(hash);
    view("list");
    return list();
  }

  addEventListener("toso-done", async ({ detail }) => {
    const next = $("[data-next]"), now = today(), due = (await homes()).filter((it) => it.id !== detail && it.due_on && it.due_on <= now).sort((a, b) => a.due_on.localeCompare(b.due_on))[0];
    next.hidden = false;
    next.href = due ? `#${due.id}` : "#";
    if (due) next.textContent = `${next.dataset.word ||= next.textContent}: ${due.head}`;
  });

  async function load() {
    const snapshot = await toso.kv("snapshot"), user = await toso.kv("user");
    kept = snapshot && snapshot.user === user ? snapshot : null;
    const look = document.documentElement;
    if (kept && ["light", "dark"].includes(kept.body.theme)) look.dataset.theme = kept.body.theme;
    if (kept && kept.body.text_size > 17) look.dataset.size = kept.body.text_size;
  }

  document.querySelector(".foot form").addEventListener("submit", async (event) => {
    event.preventDefault();
    await toso.keep("language", event.submitter.value);
    location.assign(`/m/log?language=${event.submitter.value}${location.hash}`);
  });
  $("#find").addEventListener("input", list);
  $("[data-send]").addEventListener("click", async () => { await phone.flush(true); await outbox(); });
  addEventListener("hashchange", route);
  for (const name of ["toso", "toso-elsewhere"]) addEventListener(name, async () => { await load(); if (!$(`[data-view="outbox"]`).hidden) await outbox(); else if (!$(`[data-view="list"]`).hidden) await list(); });

  phone.started.then(async () => {
    if (document.documentElement.dataset.keeps === "nothing") { view("list"); $("[data-missing]").hidden = false; return; }
    const asked = new URLSearchParams(location.search).get("language");
    if (asked) await toso.keep("language", asked);
    if (await toso.kv("user")) await phone.snapshot();
    await load();
    await route();
    document.documentElement.dataset.routed = "";
  });
})();
