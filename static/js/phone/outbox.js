// What a phone keeps until the server has it. Pages and the service worker share this file.
// Stores: outbox {id, author, kind, to, payload, fields, at, state, errors, theirs, conflict}, drafts, kv, losses.
const toso = (() => {
  const BATCH = 20, PATIENCE = 15_000, FIRST_WAIT = 5_000, LONGEST_WAIT = 300_000, SYNC = "/api/v1/visits/sync";
  const LISTS = { visit: "visits", household: "households", resident: "residents", mark: "marks" };
  const heard = new BroadcastChannel("toso");
  let opening;

  const db = () => opening ??= idb.openDB("toso", 1, {
    upgrade(base) {  // later versions only add; the outbox is never dropped
      base.createObjectStore("outbox", { keyPath: "id" }).createIndex("author", "author");
      base.createObjectStore("drafts");
      base.createObjectStore("kv");
      base.createObjectStore("losses", { keyPath: "id" });
    },
    blocking: (_now, _next, event) => { event.target.close(); opening = null; },
    terminated: () => { opening = null; },
  }).catch((fault) => { opening = null; throw fault; });

  const kv = async (key) => (await db()).get("kv", key);
  const keep = async (key, value) => (await db()).put("kv", value, key);
  const tell = (what) => { heard.postMessage(what); globalThis.dispatchEvent?.(new Event("toso")); };

  // A save is told only when the disk has it. What a mended record replaces goes in the same act.
  async function save(records, replaced = []) {
    const work = (await db()).transaction("outbox", "readwrite", { durability: "strict" });
    for (const id of replaced) await work.store.delete(id);
    for (const record of records) {
      const there = await work.store.get(record.id);
      if (there?.state !== "waiting") await work.store.put({ state: "waiting", at: Date.now(), ...record });
    }
    await work.done;
    await keep("kept", true);
    tell("saved");
    navigator.storage?.persist?.().catch(() => null);  // a wish; the state is shown with what waits
    navigator.serviceWorker?.ready.then((it) => it.sync?.register("outbox")).catch(() => null);  // an extra of some browsers
  }

  const mine = async (user) => (await (await db()).getAllFromIndex("outbox", "author", user)).sort((a, b) => a.at - b.at);

  const today = async (user) => {
    const sent = await kv("sent"), day = new Date().toDateString();
    return sent?.day === day && sent.user === user ? sent : { user, day, count: 0 };
  };

  async function counts() {
    const user = await kv("user"), all = await (await db()).getAll("outbox"), own = all.filter((it) => it.author === user);
    const among = (state) => own.filter((it) => it.state === state).length;
    return {
      user, waiting: among("waiting"), refused: among("refused"), others: all.length - own.length,
      marks: all.some((it) => it.kind === "mark"), sent: (await today(user)).count, trouble: await kv("trouble") || "", last: await kv("last"),
    };
  }

  // Nothing goes from this phone in silence: what was deleted, why and how many, is told to the server.
  async function lose(reason, count) {
    const device = navigator.userAgent.slice(0, 120);
    if (count > 0) await (await db()).put("losses", { id: crypto.randomUUID(), at: new Date().toISOString(), reason, count, device, person: await kv("user") });
  }

  // Names leave the phone with their reader; what was not sent stays.
  async function wipe(reason) {
    const base = await db();
    await lose(reason, await base.count("drafts"));
    const work = base.transaction(["drafts", "kv"], "readwrite"), pairs = work.objectStore("kv");
    await Promise.all([work.objectStore("drafts").clear(), pairs.delete("snapshot"), pairs.delete("user"), work.done]);
    tell("wiped");
  }

  const ask = async (path, user, options = {}) => fetch(path, {
    credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...options,
    headers: { accept: "application/json", "accept-language": await kv("language") || "vi", "toso-person": user, ...options.headers },
  });

  async function settle(record, result) {
    const base = await db(), { status, errors = [], theirs } = result;
    if (/created|duplicate/.test(status)) return base.delete("outbox", record.id).then(() => 1);
    // What was replaced or sent another way meanwhile stays gone.
    if (/rejected|conflict/.test(status) && await base.get("outbox", record.id)) await base.put("outbox", { ...record, state: "refused", errors, theirs, conflict: status === "conflict" });
    return 0;
  }

  function post(user, to, batch, losses) {
    const body = to === SYNC ? { visits: [] } : {};
    for (const record of batch) (body[LISTS[record.kind]] ??= []).push(record.payload);
    if (losses.length) body.losses = losses.map(({ at, reason, count, device }) => ({ at, reason, count, device }));
    return ask(to, user, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  }

  // What an answer means: "" all well, else why to wait. A portal's page in place of ours keeps everything.
  async function read(answer, user, batch, losses) {
    if (answer.status === 401) return "sign-in";
    if (!/json/.test(answer.headers.get("content-type"))) return "network";
    const said = await answer.json();
    if (answer.status === 413 && batch.length > 1) return "halve";
    if ([400, 403, 413, 422].includes(answer.status) || (batch[0]?.to && [404, 409].includes(answer.status))) {
      const errors = [{ field: "", message: said.detail || said.title || "" }];
      for (const record of batch) await settle(record, { status: "rejected", errors });
      return "";
    }
    if (!answer.ok || !Array.isArray(said.results)) return "server";
    const results = new Map([said.results, said.households, said.residents].flat().map((result) => [result?.id || result?.nonce, result]));
    const sent = await today(user), base = await db();
    for (const record of batch) sent.count += await settle(record, results.get(record.id) || {});
    for (const loss of losses) await base.delete("losses", loss.id);
    await keep("sent", sent);
    await keep("last", Date.now());
    return batch.every((record) => results.has(record.id)) ? "" : "server";
  }

  async function send(now) {
    const user = await kv("user"), pause = await kv("pause");
    if (!user) return "";
    if (!now && pause?.until > Date.now()) return await kv("trouble") || "";
    const stuck = new Set();
    let trouble = "", size = BATCH;
    for (;;) {
      const waiting = (await mine(user)).filter((it) => it.state === "waiting" && !stuck.has(it.to || SYNC)), to = waiting[0]?.to || SYNC;
      const batch = waiting.filter((it) => (it.to || SYNC) === to).slice(0, size);
      const losses = to === SYNC && !stuck.has(to) ? (await (await db()).getAll("losses")).filter((it) => !it.person || it.person === user).slice(0, 50) : [];
      if (!batch.length && !losses.length) break;
      let answer, why;
      try {
        answer = await post(user, to, batch, losses);
        why = await read(answer, user, batch, losses);
      } catch { why = "network"; }  // no network, a hung one, or a page that sends elsewhere
      if (why === "halve") { size = Math.max(1, size >> 1); continue; }
      tell("sent");
      if (!why) continue;
      trouble = why;
      stuck.add(to);  // what goes elsewhere may go on
      await wait(answer?.headers.get("retry-after"));
      if (why !== "server") break;
    }
    await keep("trouble", trouble);
    if (!trouble) await keep("pause", null);
    tell("sent");
    return trouble;
  }

  async function wait(after) {
    const tries = ((await kv("pause"))?.tries || 0) + 1, long = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1));
    await keep("pause", { tries, until: Date.now() + Math.max(long * (0.5 + Math.random() / 2), (Number(after) || 0) * 1000) });
  }

  // One sender at a time over all tabs and the worker.
  const flush = (now) => navigator.locks.request("outbox", () => send(now));

  return { db, kv, keep, save, mine, counts, lose, wipe, flush, ask, tell, heard };
})();
