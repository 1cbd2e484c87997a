// The visit form with script: saved on the phone first, then sent. What folds and opens is CSS.
const visit = (() => {
  const { $, words, put, local, moment, make } = phone, form = $?.("form[data-visit]");
  if (!form) return {};
  const root = document.documentElement, box = $("section[data-saved]");
  const sentences = JSON.parse(form.dataset.sentences), rules = JSON.parse(form.dataset.rules);
  const read = Object.fromEntries(Object.entries(rules).map(([name, list]) => [name, list.map((it) => new RegExp(it, "g"))]));
  const dated = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, timed = /^([01]?\d|2[0-3])[:hg.]([0-5]\d)$/;
  let id = "", replaced = [], saving = false, clock = 0;
  const self = { form, begin, fill, complain, offer };  // and `after`, what follows a save

  // The same steps as the server's guard.
  const isCard = (number) => [...number.replace(/\D/g, "")].reverse().reduce((sum, it, at) => sum + (at % 2 ? (it * 2 > 9 ? it * 2 - 9 : it * 2) : +it), 0) % 10 === 0;
  function secret(text) {
    const blank = (plain, list) => list.reduce((rest, it) => rest.replace(it, " * "), plain);
    let plain = blank(text.normalize("NFC").toLowerCase(), read.not_code_word);
    plain = plain.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/\s+/g, " ").trim();
    plain = blank(plain, read.spared);
    return [...read.id, ...read.code].some((it) => plain.search(it) >= 0) || read.card.some((it) => [...plain.matchAll(it)].some((found) => isCard(found[1])));
  }

  const fields = () => [...new FormData(form)].filter(([, value]) => value !== "");
  const reader = (data) => (name) => (data.get(name) || "").trim();
  const unmet = (one) => /absent|refused/.test(one("met"));
  function dayOf(text) {
    const [, d, m, y] = dated.exec(text) || [], it = new Date(y, m - 1, d);
    return it.getMonth() === m - 1 && it.getDate() === +d ? it : null;
  }

  // A day or an hour that was typed is Viet Nam's (UTC+7), whatever zone the phone stands in.
  const away = 7 * 36e5, dayAt = (at) => new Date(+at + away).toISOString().slice(0, 10);
  function when(one) {
    const at = new Date(Date.now() + away), [, hour, minute] = timed.exec(one("at")) || [], day = dayOf(one("on"));
    if (day) at.setUTCFullYear(day.getFullYear(), day.getMonth(), day.getDate());
    if (hour) at.setUTCHours(hour, minute);
    return new Date(at - away);
  }

  // The day to come again: as typed, else so many days after the visit.
  function again(one) {
    const [days, typed] = unmet(one) ? [one("again"), one("again_on")] : [one("follow_up"), one("follow_up_on")];
    if (typed) return local(dayOf(typed)).slice(0, 10);
    return days && dayAt(+when(one) + days * 864e5);
  }

  function check(data) {
    const wrong = {}, one = reader(data), codes = data.getAll("service"), must = (ok, field, name) => { if (!ok) wrong[field] ??= sentences[name]; };
    const here = one("met") && !unmet(one), named = here && one("consent") === "consent", typed = unmet(one) ? "again_on" : "follow_up_on";
    must(one("met"), "met", "met");
    if (one("met") === "elsewhere") must(one("place"), "place", "place");
    if (here) {
      must(one("consent"), "consent", "consent");
      must(codes.length, "service", "service");
      for (const code of codes) {
        must(one(`outcome.${code}`), `outcome.${code}`, "outcome");
        if (one(`outcome.${code}`) === "pending") must(one(`obstacle.${code}`), `obstacle.${code}`, "obstacle");
      }
    }
    if (named && one("resident") === "new") must(one("resident_name") || one("age_band") || one("sex"), "age_band", "resident");
    if (named && one("consent_method") === "spoken") must(one("witness"), "witness", "witness");
    must(!one("on") || dayOf(one("on")), "on", "day");
    must(!one("at") || timed.test(one("at")), "at", "time");
    must(!one(typed) || dayOf(one(typed)), typed, "day");
    must(!one(typed) || again(one) > dayAt(when(one)), typed, "again");
    for (const name of ["note", "resident_name"]) must(!secret(one(name)), name, "note");
    must(one("note").length <= 500, "note", "long");
    return wrong;
  }

  const consent = (one) => ({ consent_method: one("consent_method") || "tapped", consent_text: +one("consent_text"), witness: one("witness") });

  function payload(data, resident) {
    const one = reader(data), at = when(one), west = at.getTimezoneOffset(), far = new Date(Math.abs(west) * 60_000).toISOString().slice(11, 16);
    // An instant with the phone's own distance from Greenwich, so that the server knows both.
    const or = (value) => value || undefined, told = {
      id, met: unmet(one) ? one("met") : "met", met_at: `${local(at)}${west > 0 ? "-" : "+"}${far}`, place: one("met") === "elsewhere" ? one("place") : "home", app_version: form.dataset.version,
      household: or(form.dataset.home), note: or(one("note")), follow_up_on: or(again(one)), performed_by: or(one("performed_by")), participants: data.getAll("participants"),
    };
    if (!unmet(one)) {
      told.consent = one("consent");
      if (told.consent === "consent") Object.assign(told, consent(one));
      told.supports = data.getAll("service").map((service) => {
        const outcome = one(`outcome.${service}`), obstacle = outcome === "pending" ? one(`obstacle.${service}`) : undefined;
        return { service, outcome, obstacle, resident: or(resident) };
      });
      told.follow_up_referral = or(one("follow_up_referral"));
    }
    return told;
  }

  // As the server draws it: the summary first and focused, the sentence beside the field.
  function complain(wrong, sheet = form) {
    all(".problems").forEach((it) => it.remove());
    all(".field.bad", sheet).forEach((it) => { it.classList.remove("bad"); $(":scope > .wrong", it)?.remove(); });
    const lines = Object.entries(wrong).map(([name, text]) => {
      const place = sheet.querySelector(`[data-field="${name}"]`) || sheet.elements[name]?.closest?.(".field"), target = place?.querySelector("input, textarea, select");
      if (!target) return make("li", { textContent: text });
      const label = $("legend, label", place);
      place.classList.add("bad");
      label.after(make("p", { className: "wrong", textContent: text }));
      place.closest("details")?.setAttribute("open", "");
      target.id ||= `field-${name}`;
      const link = make("a", { href: `#${target.id}`, textContent: `${label.firstChild.textContent.trim().replace(/[^?]$/, "$&:")} ${text}` });
      link.onclick = (event) => { event.preventDefault(); target.focus(); place.scrollIntoView({ block: "center" }); };
      return make("li", {}, link);
    });
    if (!lines.length) return false;
    const news = make("div", { className: "problems", tabIndex: -1, role: "alert" }, make("h2", { textContent: form.dataset.problem }), make("ul", {}, ...lines));
    sheet.before(news);
    news.focus();
    news.scrollIntoView({ block: "start" });
    return true;
  }

  const draftKey = async () => `${await toso.kv("user")}:${form.dataset.home || "none"}`;
  async function draft() {
    if (id && !saving) await (await toso.db()).put("drafts", { fields: fields(), at: Date.now() }, await draftKey());
  }

  function choose(name, value, sheet = form) {
    for (const node of all(`[name="${name}"]`, sheet)) {
      if (!/radio|checkbox/.test(node.type)) node.value = value;
      else if (node.value === value) node.checked = true;
      if (node.type !== "hidden" && node.value === value) node.closest("details")?.setAttribute("open", "");
    }
  }

  function fill(list, sheet = form) {
    sheet.reset();
    for (const [name, value] of list) if (!/^(id|consent_text)$/.test(name)) choose(name, value, sheet);
  }

  // A draft is never put back in silence: the reader is asked.
  async function offer() {
    const base = await toso.db(), key = await draftKey(), kept = await base.get("drafts", key), asked = $("[data-draft]");
    asked.hidden = !kept || kept.fields.length < 4;
    if (asked.hidden) return;
    $("[data-when]", asked).textContent = moment(kept.at);
    asked.onclick = async ({ target }) => {
      const act = target.closest("[data-take], [data-drop]")?.dataset;
      if (!act) return;
      if ("take" in act) fill(kept.fields);
      else { await base.delete("drafts", key); await toso.lose("draft discarded by its author", 1); }
      asked.hidden = true;
      ($("[name=met]", form) || form.elements[0]).focus();
    };
  }

  // The visit, and before it whoever is new in it: the same person as long as nothing else is told of them.
  async function keep() {
    const data = new FormData(form), one = reader(data), base = await toso.db(), before = await base.get("outbox", id), author = await toso.kv("user");
    const common = { author, fields: fields(), home: form.dataset.home, head: form.dataset.head }, gone = [...replaced], records = [];
    let resident = one("consent") === "consent" && !unmet(one) ? one("resident") : "", newcomer, same = false;
    if (resident === "new") {
      newcomer = { household: form.dataset.home, name: one("resident_name"), age_band: one("age_band"), sex: one("sex") || null, ...(one("resident_name") && consent(one)) };
      same = JSON.stringify(before?.newcomer) === JSON.stringify(newcomer);
      resident = same ? before.resident : crypto.randomUUID();
      records.push({ ...common, id: resident, kind: "resident", visit: id, payload: { id: resident, ...newcomer }, at: Date.now() - 1 });
    }
    if (before?.newcomer && !same) gone.push(before.resident);
    records.push({ ...common, id, kind: "visit", resident, newcomer, payload: payload(data, resident) });
    await toso.save(records, gone);
    await base.delete("drafts", await draftKey());
  }

  async function follow() {
    if (box.hidden) return;
    const it = await (await toso.db()).get("outbox", id);
    $("h2", box).textContent = put(it ? words.saved : words.went, box.dataset.time);
    $("[data-where]", box).textContent = !it ? words.arrived : it.state === "refused" ? words.back : words.will;
    box.dataset.saved = it?.state || "sent";
  }
  addEventListener("toso", follow);

  async function done() {
    box.dataset.time = local().slice(11, 16);
    await self.after?.();
    form.hidden = true;
    $("[data-draft]").hidden = true;
    box.hidden = false;
    await follow();
    box.focus();
    scrollTo(0, 0);
    phone.flush(true);
  }

  form.addEventListener("submit", async (event) => {
    if (root.dataset.keeps || !id) return;
    event.preventDefault();
    if (saving) return;
    if (complain(check(new FormData(form)))) return;
    saving = true;
    clearTimeout(clock);
    form.setAttribute("aria-busy", "true");
    try {
      await keep();
      await done();
    } catch (fault) {  // the disk refused: say so, and nothing is lost from the form
      saving = false;
      complain({ "": fault.name === "QuotaExceededError" ? words.full : words.failed });
    } finally {
      form.removeAttribute("aria-busy");
    }
  });

  form.addEventListener("input", () => { clearTimeout(clock); clock = setTimeout(() => draft().catch(() => null), 400); });  // a draft is a comfort

  const same = $("[data-same]", form);
  same.addEventListener("click", () => {
    for (const code of same.dataset.same.split(" ")) choose("service", code);
    $("[name=service]:checked", form).focus();
  });

  const told = $("[data-clock]", form), tick = () => { told.textContent = put(told.dataset.text, local().slice(11, 16)); };
  function begin(key, gone = []) {
    form.elements.id.value = id = key || form.elements.id.value;
    replaced = gone;
    form.hidden = saving = false;
    same.hidden = !same.dataset.same;
    tick();
  }

  phone.started?.then(async () => {
    if (root.dataset.keeps) return;
    setInterval(tick, 20_000);
    if (form.hasAttribute("data-shell")) return;
    begin();
    await offer();
  });
  return self;
})();
