// The visit form with script: saved on the phone first, then sent. What folds and opens is CSS.
(() => {
  const form = document.querySelector("form[data-visit]");
  if (!form) return;
  const sentences = JSON.parse(form.dataset.sentences), rules = JSON.parse(form.dataset.rules);
  const read = Object.fromEntries(Object.entries(rules).map(([name, list]) => [name, list.map((it) => new RegExp(it, "g"))]));
  const dated = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, timed = /^([01]?\d|2[0-3])[:hg.]([0-5]\d)$/;
  let id = "", saving = false, clock = 0;

  // The same steps as the server's guard.
  const isCard = (number) => [...number].filter((it) => /\d/.test(it)).reverse().reduce((sum, it, at) => sum + (at % 2 ? (it * 2 > 9 ? it * 2 - 9 : it * 2) : +it), 0) % 10 === 0;
  function secret(text) {
    const blank = (plain, list) => list.reduce((rest, it) => rest.replace(it, " * "), plain);
    let plain = blank(text.normalize("NFC").toLowerCase(), read.not_code_word);
    plain = plain.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/\s+/g, " ").trim();
    plain = blank(plain, read.spared);
    if ([...read.id, ...read.code].some((it) => plain.search(it) >= 0)) return true;
    return read.card.some((it) => [...plain.matchAll(it)].some((found) => isCard(found[1])));
  }

  const fields = () => [...new FormData(form)].filter(([, value]) => value !== "");
  const pad = (n) => String(n).padStart(2, "0");
  const local = (day) => `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
  const isDay = (y, m, d) => { const it = new Date(y, m - 1, d); return it.getMonth() === m - 1 && it.getDate() === d ? it : null; };
  const dayOf = (text) => { const found = dated.exec(text); return found ? isDay(+found[3], +found[2], +found[1]) : null; };

  // An instant with the phone's own distance from Greenwich, so that the server knows both.
  function instant(day) {
    const off = -day.getTimezoneOffset(), sign = off < 0 ? "-" : "+", far = Math.abs(off);
    return `${local(day)}T${pad(day.getHours())}:${pad(day.getMinutes())}:${pad(day.getSeconds())}${sign}${pad(Math.floor(far / 60))}:${pad(far % 60)}`;
  }

  function check(data) {
    const wrong = {}, one = (name) => (data.get(name) || "").trim(), must = (ok, field, name) => { if (!ok) wrong[field] ??= sentences[name]; };
    const met = one("met"), here = !["absent", "refused"].includes(met), codes = data.getAll("service");
    must(met, "met", "met");
    if (met === "elsewhere") must(one("place"), "place", "place");
    if (met && here) {
      must(one("consent"), "consent", "consent");
      must(codes.length, "service", "service");
      for (const code of codes) {
        must(one(`outcome.${code}`), `outcome.${code}`, "outcome");
        if (one(`outcome.${code}`) === "pending") must(one(`obstacle.${code}`), `obstacle.${code}`, "obstacle");
      }
      const named = one("consent") === "consent";
      if (named && one("resident") === "new") must(one("resident_name") || one("age_band") || one("sex"), "age_band", "resident");
      if (named && one("consent_method") === "spoken") must(one("witness"), "witness", "witness");
      if (one("follow_up_on")) must(dayOf(one("follow_up_on")), "follow_up_on", "day");
    }
    if (one("on")) must(dayOf(one("on")), "on", "day");
    if (one("at")) must(timed.test(one("at")), "at", "time");
    must(!secret(one("note")), "note", "note");
    must(!secret(one("resident_name")), "resident_name", "note");
    must(one("note").length <= 500, "note", "long");
    return wrong;
  }

  function when(one) {
    const now = new Date(), [, hour, minute] = timed.exec(one("at")) || [];
    if (!one("on") && !hour) return now;
    const day = dayOf(one("on")) || now;
    return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour ?? now.getHours(), minute ?? now.getMinutes(), now.getSeconds());
  }

  function payload(data, resident) {
    const one = (name) => (data.get(name) || "").trim(), tapped = one("met"), met = ["absent", "refused"].includes(tapped) ? tapped : "met";
    const at = when(one), days = one(met === "met" ? "follow_up" : "again"), typed = met === "met" ? dayOf(one("follow_up_on")) : null;
    const again = typed || (days ? new Date(at.getFullYear(), at.getMonth(), at.getDate() + +days) : null);
    const visit = { id: one("id"), met, met_at: instant(at), place: tapped === "elsewhere" ? one("place") : "home", app_version: form.dataset.version };
    if (form.dataset.home) visit.household = form.dataset.home;
    if (met === "met") {
      visit.consent = one("consent");
      if (visit.consent === "consent") Object.assign(visit, { consent_method: one("consent_method") || "tapped", consent_text: +one("consent_text"), witness: one("witness") });
      visit.supports = data.getAll("service").map((service) => {
        const outcome = one(`outcome.${service}`), obstacle = one(`obstacle.${service}`);
        return { service, outcome, ...(outcome === "pending" ? { obstacle } : {}), ...(resident ? { resident } : {}) };
      });
    }
    if (one("note")) visit.note = one("note");
    if (again) visit.follow_up_on = local(again);
    if (met === "met" && one("follow_up_referral")) visit.follow_up_referral = one("follow_up_referral");
    if (data.getAll("participants").length) visit.participants = data.getAll("participants");
    if (one("performed_by")) visit.performed_by = one("performed_by");
    return visit;
  }

  function somebody(data, key) {
    const one = (name) => (data.get(name) || "").trim(), name = one("resident_name");
    const consent = name ? { consent_method: one("consent_method") || "tapped", consent_text: +one("consent_text"), witness: one("witness") } : {};
    return { id: key, household: form.dataset.home, name, age_band: one("age_band"), sex: one("sex") || null, ...consent };
  }

  function clear() {
    document.querySelectorAll(".problems").forEach((it) => it.remove());
    form.querySelectorAll(".field.bad").forEach((it) => { it.classList.remove("bad"); it.querySelector(":scope > .wrong")?.remove(); });
  }

  const frame = (name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`) || form.elements[name]?.closest?.(".field");
  const label = (place) => (place?.querySelector("legend, label")?.firstChild?.textContent || "").trim();

  // As the server draws it: the summary first and focused, the sentence beside the field.
  function complain(wrong) {
    clear();
    const box = document.createElement("div"), head = document.createElement("h2"), list = document.createElement("ul");
    Object.assign(box, { className: "problems", tabIndex: -1 });
    box.setAttribute("role", "alert");
    head.textContent = form.dataset.problem;
    for (const [name, text] of Object.entries(wrong)) {
      const place = frame(name), line = document.createElement("li"), target = place?.querySelector("input, textarea, select");
      if (place) {
        place.classList.add("bad");
        const said = document.createElement("p");
        said.className = "wrong";
        said.textContent = text;
        (place.querySelector(":scope > legend, :scope > label") || place.firstChild).after(said);
        place.closest("details")?.setAttribute("open", "");
      }
      if (target) {
        target.id ||= `field-${name}`;
        const link = document.createElement("a");
        link.href = `#${target.id}`;
        link.textContent = label(place) ? `${label(place)}${label(place).endsWith("?") ? "" : ":"} ${text}` : text;
        link.addEventListener("click", (event) => { event.preventDefault(); target.focus(); place.scrollIntoView({ block: "center" }); });
        line.append(link);
      } else line.textContent = text;
      list.append(line);
    }
    box.append(head, list);
    form.before(box);
    box.focus();
    box.scrollIntoView({ block: "start" });
  }

  const draftKey = async () => `${await toso.kv("user")}:${form.dataset.home || "none"}`;
  async function draft() {
    clearTimeout(clock);
    if (id && !saving) await (await toso.db()).put("drafts", { fields: fields(), at: Date.now() }, await draftKey());
  }

  function fill(list) {
    form.reset();
    for (const [name, value] of list) {
      if (name === "id" || name === "consent_text") continue;
      for (const it of [form.elements[name]].flat().filter(Boolean)) {
        const nodes = it instanceof RadioNodeList ? [...it] : [it];
        for (const node of nodes) {
          if (["radio", "checkbox"].includes(node.type)) { if (node.value === value) node.checked = true; }
          else node.value = value;
          if (node.type !== "hidden" && (node.checked || node.value === value)) node.closest("details")?.setAttribute("open", "");
        }
      }
    }
  }

  // A draft is never put back in silence: the reader is asked.
  async function offer() {
    const base = await toso.db(), key = await draftKey(), kept = await base.get("drafts", key), box = document.querySelector("[data-draft]");
    if (!box) return;
    box.hidden = !kept || kept.fields.length < 4;
    if (box.hidden) return;
    box.querySelector("[data-when]").textContent = ((it) => `${pad(it.getHours())}:${pad(it.getMinutes())} ${pad(it.getDate())}/${pad(it.getMonth() + 1)}`)(new Date(kept.at));
    box.onclick = async (event) => {
      const act = event.target.closest("[data-take], [data-drop]")?.dataset;
      if (!act) return;
      if ("take" in act) fill(kept.fields);
      else { await base.delete("drafts", key); await toso.lose("draft discarded by its author", 1); }
      box.hidden = true;
      (form.querySelector("[name=met]") || form.elements[0]).focus();
    };
  }

  async function keep() {
    const data = new FormData(form), author = await toso.kv("user"), fresh = data.get("resident") === "new" && data.get("consent") === "consent" && !["absent", "refused"].includes(data.get("met"));
    const resident = fresh ? crypto.randomUUID() : data.get("consent") === "consent" ? data.get("resident") : null;
    const common = { author, fields: fields(), home: form.dataset.home, head: form.dataset.head || document.querySelector("h1")?.textContent };
    if (fresh) await toso.save({ ...common, id: resident, kind: "resident", payload: somebody(data, resident), at: Date.now() - 1 });
    await toso.save({ ...common, id, kind: "visit", payload: payload(data, resident) });
    await (await toso.db()).delete("drafts", await draftKey());
    navigator.storage?.persist?.().catch(() => null);  // a wish; the state is shown under "Waiting to be sent"
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("outbox").catch(() => null);  // an extra of some browsers
  }

  async function follow(box, time) {
    const { words, put } = phone, head = box.querySelector("h2"), where = box.querySelector("[data-where]");
    const it = await (await toso.db()).get("outbox", id);
    head.textContent = put(!it ? words.went : words.saved, time);
    where.textContent = !it ? words.arrived : it.state === "refused" ? words.back : words.will;
    box.dataset.saved = !it ? "sent" : it.state;
  }

  async function done() {
    const box = document.querySelector("section[data-saved]"), now = new Date(), time = `${pad(now.getHours())}:${pad(now.getMinutes())}`;
    form.hidden = true;
    document.querySelector("[data-draft]")?.setAttribute("hidden", "");
    box.hidden = false;
    await follow(box, time);
    box.focus();
    scrollTo(0, 0);
    dispatchEvent(new CustomEvent("toso-done", { detail: form.dataset.home }));
    for (const name of ["toso", "toso-elsewhere"]) addEventListener(name, () => { if (!box.hidden) follow(box, time); });
    phone.flush(true);
  }

  form.addEventListener("submit", async (event) => {
    if (document.documentElement.dataset.keeps === "nothing" || !id) return;
    event.preventDefault();
    if (saving) return;
    const wrong = check(new FormData(form));
    if (Object.keys(wrong).length) { complain(wrong); return; }
    saving = true;
    clearTimeout(clock);
    clear();
    form.setAttribute("aria-busy", "true");
    try {
      await keep();
      await done();
    } catch (fault) {  // the disk refused: say so, and nothing is lost from the form
      saving = false;
      complain({ "": fault.name === "QuotaExceededError" ? phone.words.full : phone.words.failed });
    } finally {
      form.removeAttribute("aria-busy");
    }
  });

  form.addEventListener("input", () => { clearTimeout(clock); clock = setTimeout(() => draft().catch(() => null), 400); });  // a draft is a comfort

  const same = form.querySelector("[data-same]");
  same.addEventListener("click", () => {
    for (const code of same.dataset.same.split(" ")) {
      const box = form.querySelector(`[name="service"][value="${CSS.escape(code)}"]`);
      if (box) { box.checked = true; box.closest("details.others")?.setAttribute("open", ""); }
    }
    form.querySelector(`[name="service"]:checked`)?.focus();
  });

  async function begin(key) {
    id = key || form.elements.id.value || crypto.randomUUID();
    form.elements.id.value = id;
    form.hidden = false;
    saving = false;
    same.hidden = !same.dataset.same;
    const tell = form.querySelector("[data-clock]"), tick = () => { const now = new Date(); tell.textContent = tell.dataset.text.replace("#", `${pad(now.getHours())}:${pad(now.getMinutes())}`); };
    tick();
    setInterval(tick, 20_000);
  }

  globalThis.visit = { form, begin, fill, complain, offer, secret };
  phone.started.then(async () => {
    if (document.documentElement.dataset.keeps === "nothing" || form.hasAttribute("data-shell")) return;
    await begin();
    await offer();
  });
})();
