// Fills the shell from what the phone keeps: the households, the form of one, what waits to be sent.
(() => {
  const { form } = visit, { $, put, local, moment, make, clone } = phone;
  if (!form?.hasAttribute("data-shell")) return;
  const day = (text) => text.split("-").reverse().join("/"), plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const today = () => local().slice(0, 10), look = document.documentElement;
  const tag = (textContent, tone) => make("span", { className: `tag ${tone}`, textContent });
  const joined = (...parts) => parts.filter(Boolean).join("\u00a0· ");
  let kept;

  function view(name) {
    all("[data-view]").forEach((it) => { it.hidden = it.dataset.view !== name; });
    all("[data-place]").forEach((it) => it.toggleAttribute("aria-current", it.dataset.place === (/outbox|back/.test(name) ? "/m/outbox" : "/m/log")));
    scrollTo(0, 0);
  }

  // Households added on this phone stand in the list at once; one whose visit waits here is due no more.
  async function homes() {
    const own = await toso.mine(await toso.kv("user") || ""), told = own.map((it) => it.home), fresh = true;
    const added = own.filter((it) => it.kind === "household").map(({ id, payload: { head, address } }) => ({ id, head, address, due_on: "", fresh }));
    return [...added, ...(kept?.body.households || []).map((it) => told.includes(it.id) ? { ...it, due_on: null, fresh } : it)];
  }

  async function list() {
    const searched = plain($("#find").value.trim()), digits = searched.replace(/\D/g, ""), box = $("[data-homes]"), now = today();
    const holds = (it) => plain([it.head, it.code, it.address, it.area].join()).includes(searched) || (digits.length > 2 && it.phone?.endsWith(digits));
    const found = (await homes()).filter(holds).sort((a, b) => (a.due_on ?? "9").localeCompare(b.due_on ?? "9"));
    box.replaceChildren(...found.slice(0, 200).map((it) => {
      const line = clone("[data-row=home]"), marks = $(".tags", line);
      Object.assign($(".name", line), { href: `#${it.id}`, textContent: it.head });
      $(".meta", line).textContent = joined(it.area, it.code, it.address, it.last_met_on ? put(box.dataset.last, day(it.last_met_on)) : !it.fresh && box.dataset.never);
      if (it.fresh) marks.append(tag(box.dataset.fresh, "wait"));
      else if (it.due_on && it.due_on <= now) marks.append(it.due_on < now ? tag(box.dataset.late, "bad") : tag(box.dataset.due, "wait"));
      return line;
    }));
    $("[data-missing]").hidden = !!kept;
    $("[data-nothing]").hidden = !kept || found.length > 0;
    const age = $("[data-age]"), days = Math.floor((Date.now() - kept?.at) / 864e5);
    age.hidden = !kept;
    if (kept) age.textContent = days < 7 ? put(age.dataset.new, moment(kept.at)) : put(age.dataset.old, days);
  }

  // Filled before it is seen: nothing grows above a finger.
  const choose = async () => { await list(); view("list"); };

  const tile = (type, name, value, textContent) => make("label", { className: "tile" }, make("input", { type, name, value }), make("span", { textContent }));

  function people(home) {
    const box = $(`[data-field="resident"] .tiles`), mates = kept?.body.mates || [], by = form.elements.performed_by;
    box.replaceChildren(...(home?.residents || []).map((it) => tile("radio", "resident", it.id, it.label)), box.lastElementChild);
    $(`[data-field="participants"] .tiles`).replaceChildren(...mates.map((it) => tile("checkbox", "participants", it.id, it.name)));
    by.replaceChildren(by.options[0], ...mates.map((it) => new Option(it.name, it.id)));
    $("[data-mates]").hidden = !mates.length;
  }

  // The six services this reader gives most stand first; the others lie under "Something else".
  function order() {
    const usual = kept?.body.usual || [], place = (it) => usual.indexOf(it.dataset.service) + 1 || 99;
    const sorted = all(".service", form).sort((a, b) => place(a) - place(b));
    $("[data-usual]").append(...sorted.slice(0, 6));
    $("[data-others]").append(...sorted.slice(6));
  }

  // The form of a household, or of a record that came back. It keeps its number unless the server has another under it.
  async function open(id, again, number = again?.id, gone = []) {
    const home = (await homes()).find((it) => it.id === id), title = $("[data-title]"), { dataset } = form;
    if (!home && id !== "loose" && !again) {
      if (navigator.onLine && location.pathname === "/m/log") return location.replace(`/households/${id}/visits/new`);
      return choose();
    }
    people(home);
    order();
    dataset.home = home?.id || again?.payload.household || "";
    dataset.head = home?.head || again?.head || "";
    title.textContent = dataset.home ? put(title.dataset.of, dataset.head) : title.dataset.loose;
    $("[data-over]").textContent = joined(home?.area, home?.code);
    $("[data-same]").dataset.same = (home?.services || []).join(" ");
    form.classList.toggle("loose", !dataset.home);
    $("section[data-saved]").hidden = true;
    visit.begin(number || crypto.randomUUID(), gone);
    visit.fill(again?.fields || (dataset.home ? [] : [["met", "elsewhere"], ["consent", "anonymous"]]));
    if (!again) await visit.offer();
    view("form");
    visit.complain(Object.fromEntries((again?.errors || []).map((it, at) => [it.field || ` ${at}`, it.message])));
  }

  const named = ({ kind, head }) => [$("[data-kinds]").dataset[kind], head].filter(Boolean).join(": ");
  const why = (record) => record.conflict ? $("[data-kinds]").dataset.conflict : record.errors.map((it) => it.message).join(" ");

  async function outbox() {
    const now = await toso.counts(), own = now.user ? await toso.mine(now.user) : [], kinds = $("[data-kinds]").dataset, waiting = $("ul[data-waiting]");
    const rows = (state, meta) => own.filter((it) => it.state === state).map((it) => {
      const row = clone("[data-row=record]"), acts = $(".acts", row), [mend, over] = acts.children;
      $(".name", row).textContent = named(it);
      $(".meta", row).textContent = meta(it);
      acts.hidden = state === "waiting";
      mend.href = `#mend-${it.id}`;
      over.href = `#over-${it.id}`;
      over.hidden = it.conflict;
      if (it.conflict) mend.textContent = kinds.both;
      return row;
    });
    waiting.replaceChildren(...rows("waiting", (it) => put(waiting.dataset.at, moment(it.at))));
    $("ul[data-mend]").replaceChildren(...rows("refused", why));
    $("[data-mend-box]").hidden = !now.refused;
    waiting.hidden = !now.waiting;
    $("[data-none]").hidden = now.waiting + now.refused > 0;
    waiting.closest(".section").hidden = !now.waiting && now.refused > 0;
    $("[data-signin]").hidden = now.trouble !== "sign-in" && !!now.user;
    const trouble = $("[data-trouble]"), said = trouble.dataset[now.trouble], others = $("[data-others-wait]"), facts = $("[data-facts]"), sent = $("[data-today]");
    trouble.hidden = !said || !now.waiting;
    $(".notice > div", trouble).textContent = said;
    others.hidden = !now.others;
    $(".notice > div", others).textContent = put(now.marks ? others.dataset.entries : others.dataset.text, now.others);
    sent.textContent = put(sent.dataset.text, now.sent);
    const safe = await navigator.storage?.persisted?.();
    facts.textContent = joined(now.last && put(facts.dataset.last, moment(now.last)), facts.dataset.version, safe ? facts.dataset.kept : facts.dataset.loose);
    $("[data-out]").hidden = !now.user;
    $("[data-signed-out]").hidden = !(await toso.kv("sign-out"));
  }

  async function household(fields = []) {
    $("#area").replaceChildren(...(kept?.body.areas || []).map((it) => new Option(it.name, it.id)));
    view("household");
    visit.fill(fields, adding);
    $("#head").focus();
  }

  const adding = $("[data-household]");
  adding.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(adding), one = (name) => data.get(name).trim(), wrong = {}, { need, digits } = adding.dataset;
    for (const name of ["area", "head"]) if (one(name).length < 2) wrong[name] = need;
    if (one("phone") && one("phone").replace(/\D/g, "").length < 9) wrong.phone = digits;
    if (visit.complain(wrong, adding)) return;
    const mended = location.hash.startsWith("#mend-"), id = mended ? location.hash.slice(6) : crypto.randomUUID();
    const payload = { id, area: one("area"), head: one("head"), address: one("address"), really_new: mended, phone: one("phone") || undefined, people: +one("people") || undefined };
    await toso.save([{ id, author: await toso.kv("user"), kind: "household", head: payload.head, fields: [...data], payload }]);
    phone.flush();
    location.hash = mended ? "" : id;
  });

  // What a visit says, in the words of the form.
  const worded = (name, value) => $(`[name="${name}"][value="${value}"]`, form)?.closest("label").textContent.trim() || value;
  function told(it) {
    const met = it.met !== "met" ? worded("met", it.met) : it.place === "home" ? worded("met", "home") : worded("place", it.place);
    return [moment(it.met_at), met, ...(it.supports || []).map((one) => `${worded("service", one.service)}: ${worded(`outcome.${one.service}`, one.outcome).toLowerCase()}`), it.note].filter(Boolean);
  }

  // What came back may be handed over, or was sent with other words before: its author sees all, then chooses.
  async function back(record) {
    const { id, payload, theirs, head, resident, conflict, lines } = record, acts = $("[data-choose]");
    const mine = lines || (payload.met && told(payload)) || [payload.address, payload.phone].filter(Boolean), title = $("[data-back-head]");
    title.textContent = conflict ? title.dataset.both : title.dataset.back;
    $("[data-over]", title.parentElement).textContent = named(record);
    $("[data-why]").textContent = why(record);
    for (const [name, list] of [["mine", mine], ["theirs", theirs ? told(theirs) : []]]) {
      const box = $(`[data-${name}]`);
      box.replaceChildren(...list.map((textContent) => make("li", { textContent })));
      box.closest(".card").hidden = !list.length;
    }
    for (const it of acts.children) it.hidden = !conflict === "conflict" in it.dataset;
    $("a", acts).href = `/visits/${id}`;
    $("[data-copy]", acts).dataset.copy = [head, ...mine].join("\n");
    acts.onclick = async ({ target }) => {
      const act = target.closest("button")?.dataset;
      if (act && "anew" in act) await open(payload.household || "loose", record, crypto.randomUUID(), [id]);
      else if (act?.gone) {
        await toso.save([], [id, resident || id]);
        await toso.lose(act.gone, 1);
        location.assign("/m/outbox");
      }
    };
    view("back");
  }

  // A record that came back: to its form, or (`over`) to its being handed over.
  async function mend(id, over) {
    const base = await toso.db(), record = await base.get("outbox", id), its = record?.kind === "resident" ? await base.get("outbox", record.visit || "") : record;
    if (!record || record.author !== await toso.kv("user")) return choose();
    if (over || record.conflict) return back(its || record);
    if (record.kind === "mark") return location.assign(`${record.home}#p-${record.payload.person}`);
    if (record.kind === "household") return household(record.fields);
    return its ? open(its.payload.household || "loose", { ...its, errors: record.errors }) : open(record.home, record, crypto.randomUUID(), [id]);
  }

  async function route() {
    const found = /^\/households\/([0-9a-f-]{36})/.exec(location.pathname), hash = location.hash.slice(1) || found?.[1];
    visit.complain({});
    if (!hash && (location.pathname === "/m/outbox" || (!kept && location.pathname !== "/m/log"))) { await outbox(); return view("outbox"); }
    if (hash === "household") return household();
    if (/^(mend|over)-/.test(hash)) return mend(hash.slice(5), hash.startsWith("over"));
    if (hash && hash !== "main") return open(hash);
    return choose();
  }

  visit.after = async () => {
    const next = $("[data-next]"), now = today(), [due] = (await homes()).filter((it) => it.id !== form.dataset.home && it.due_on && it.due_on <= now).sort((a, b) => a.due_on.localeCompare(b.due_on));
    next.hidden = false;
    next.href = `#${due?.id || ""}`;
    next.textContent = [next.dataset.next, due?.head].filter(Boolean).join(": ");
  };

  async function load() {
    const snapshot = await toso.kv("snapshot");
    $("[data-place='/m/log']").hidden = await toso.kv("marks-only");
    kept = snapshot?.user === await toso.kv("user") ? snapshot : null;
    if (/light|dark/.test(kept?.body.theme)) look.dataset.theme = kept.body.theme;
    if (kept?.body.text_size > 17) look.dataset.size = kept.body.text_size;
  }

  $(".foot form").addEventListener("submit", async (event) => {
    event.preventDefault();
    await toso.keep("language", event.submitter.value);
    location.assign(`/m/log?language=${event.submitter.value}${location.hash}`);
  });
  $("#find").addEventListener("input", list);
  $("[data-send]").addEventListener("click", async () => { await phone.flush(true); await outbox(); });
  addEventListener("hashchange", route);
  addEventListener("toso", async () => {
    await load();
    if (!$(`[data-view="outbox"]`).hidden) await outbox();
    else if (!$(`[data-view="list"]`).hidden && !(kept && $("[data-homes] li"))) await list();  // a row under the finger stays
  });

  phone.started.then(async () => {
    $("[data-instead]").hidden = /^\/m\/|visits\/new$/.test(location.pathname);
    if (look.dataset.keeps) { view("list"); $("[data-missing]").hidden = false; return; }
    const asked = new URLSearchParams(location.search).get("language");
    if (asked) await toso.keep("language", asked);
    await load();
    const news = phone.snapshot();
    if (!kept && location.pathname !== "/m/outbox") {
      view("list");
      await news;
      await load();
    }
    await route();
    look.dataset.routed = "";
  });
})();
