/* Steps filed without a network: kept in this browser with photographs and place, sent under a key of their own when it is back. */
(function () {
  "use strict";
  const { base, el, say, post, time } = window.OneMap;
  const { box, key, unreached, passing, sender } = window.OneMap.unsent;
  const my = window.OneMap.admin;
  const STORE = "unsent";
  const AGAIN = 30000, LATE = 60000;
  const STATES = { waiting: say("待发送", "Waiting"), sending: say("发送中", "Sending"), sent: say("已送达", "Sent"), refused: say("被拒", "Refused") };

  const kept = box("onemap_cases", 1, (db) => db.createObjectStore(STORE, { keyPath: "key" }));
  const within = (mode, run) => kept.within(STORE, mode, run), all = () => kept.all(STORE), mark = (entry, change) => kept.mark(STORE, entry.key, change);

  /* Kept behind the last step of its case that still waits, if one does. */
  const keep = (entry) => within("readwrite", (store) => {
    const found = store.getAll();
    found.onsuccess = () => store.put({ ...entry, after: last(found.result.filter((one) => one.account === entry.account), entry.code)?.key || "" });
  });

  /* One goes and what was filed on top of it is changed, in one stroke: the page may be closed at any moment. */
  const leave = (entry, onto) => within("readwrite", (store) => {
    store.delete(entry.key);
    const found = store.getAll();
    found.onsuccess = () => { for (const one of found.result.filter((each) => each.after === entry.key)) store.put({ ...one, after: "", ...onto }); };
  });

  const byTime = (a, b) => a.at.localeCompare(b.at);
  const last = (entries, code) => (code ? entries.filter((one) => one.code === code && one.state !== "refused").sort(byTime).at(-1) : null);

  /* Steps that people took, by which one knows whether anybody else did. */
  const acts = (one) => one.log.filter((line) => line.step !== "remind").length;

  async function upload(system, code, file) {
    const query = new URLSearchParams({ system, code, name: file.name });
    const answer = await fetch(`${base}api/cases/files?${query}`, { method: "POST", credentials: "same-origin", body: file.blob });
    if (!answer.ok) throw window.OneMap.refusal(answer.status, await answer.json().catch(() => ({})));
  }

  /* What arrives later than it was filled in says when that was, by the clock of this device. */
  function dated(entry) {
    const at = new Date(entry.at);
    if (time.now() - at < LATE) return entry.reason;
    return [entry.reason, say(`(离线填写于 ${time.date(at)} ${time.minute(at)},本机时间)`, `(filled in without a network at ${time.date(at)} ${time.minute(at)}, by the device's clock)`)].filter(Boolean).join(" ");
  }

  /* One entry, in the order in which it can be sent again from anywhere: the server knows the key and the content of each file. */
  async function send(entry) {
    const { system, code, values } = entry, reason = dated(entry);
    if (!code) {
      const made = await post("api/cases/open", { system, values, reason, key: entry.key });
      for (const file of entry.files) await upload(system, made.code, file);
      return made;
    }
    for (const file of entry.files) await upload(system, code, file);
    return post("api/cases/step", { system, code, version: entry.version, step: entry.step, values, reason, key: entry.key });
  }

  /* `line` says on the page what waits and what was refused; `told` hears of each that arrived. */
  function start(screen, line, told) {
    const mine = async () => (await all().catch(() => [])).filter((entry) => entry.account === screen.dataset.account).sort(byTime);
    const sending = sender({ name: "onemap_cases", again: AGAIN, work, shown: show }), { go } = sending;

    async function show() {
      const entries = await mine();
      screen.dataset.waiting = entries.filter((entry) => entry.state !== "refused").length;
      line.hidden = !entries.length;
      line.replaceChildren(...entries.map((entry) => el("li", { "data-state": entry.state },
        el("b", {}, STATES[entry.state]),
        el("span", { class: "el" }, [entry.name, entry.title, `${time.date(new Date(entry.at))} ${time.minute(new Date(entry.at))}`, entry.files.length ? say(`${entry.files.length} 个附件`, `${entry.files.length} files`) : ""].filter(Boolean).join(" · ")),
        entry.fault ? el("span", { class: "case-late" }, entry.fault) : el("span", { class: "t3" }, entry.after ? say("前一步送达后发送", "sent after the step before it") : say("已存于本机,联网后自动发送", "kept on this device, sent when the network is back")),
        entry.state === "refused" ? my.button(say("再次发送", "Send again"), async () => { await mark(entry, { state: "waiting", fault: "" }); go(); }, "small") : "",
        entry.state === "refused" ? my.button(say("不再发送", "Give up"), async () => { if (await my.sure(say("不再发送", "Give up"), say("本机所存的填写内容和照片将删去。", "What this device has kept is deleted."), say("删去", "Delete"), () => give(entry))) show(); }, "small") : "")));
    }

    const give = (entry) => leave(entry, { state: "refused", fault: say("前一步没有送达,不能发送", "the step before it was not sent") });

    /* What was filed on top of this step goes on from what it left, unless somebody else acted in between. */
    const follow = (entry, made) => leave(entry, acts(made) === entry.acts + 1 ? { version: made.version, acts: entry.acts + 1 } : { state: "refused", fault: say("案件已被他人办理,请看过后再办", "somebody else acted on the case: look at it first") });

    async function work() {
      const tried = new Set(), next = async () => (await mine()).find((one) => one.state !== "refused" && !one.after && !tried.has(one.key));
      for (let entry = await next(); entry; entry = await next()) {
        tried.add(entry.key);
        let one;
        try { one = await send(entry); sending.reached(); }
        catch (fault) {
          if (passing(fault)) { sending.missed(); return; }
          sending.reached();
          if (fault.status === 401) { await mark(entry, { fault: say("登录已失效,登录后自动发送", "signed out: it is sent once you sign in") }); return; }
          await mark(entry, { state: "refused", fault: fault.message });
          continue;
        }
        await follow(entry, one);
        await told(one, entry);
      }
    }

    const of = async (code) => (await mine()).filter((one) => one.code === code && one.state !== "refused");

    /* Sent at once where there is a network and nothing waits before it; else kept. Whether it arrived. */
    async function file(entry) {
      const filed = { ...entry, key: key(), account: screen.dataset.account, at: time.now().toISOString(), state: "waiting", fault: "", files: entry.files.map((one) => ({ name: one.name, blob: one })) };
      const before = last(await mine(), entry.code);
      try {
        if (before) throw new Error("waits");
        return await send(filed);
      }
      catch (fault) {
        if (!unreached(fault)) throw fault;
        await keep(filed);
        await show();
        line.scrollIntoView({ block: "nearest" });
        if (before) go(); else { sending.missed(); sending.later(); }
        return null;
      }
    }

    show().then(go);
    return { file, of };
  }

  window.OneMap.caseQueue = { start, acts };
})();
