/* The phone of a team: one order, the next step under the thumb, photographs, notes, where it is; without a network it goes on. */
(function () {
  "use strict";
  const { base, el, say, get, post, time, length } = window.OneMap;
  const OPEN = ["issued", "received", "on_way", "acting", "arrived"];
  const MAIN = { issued: "receive", received: "leave", on_way: "arrive", arrived: "done", acting: "done" };
  const AFTER = { receive: "received", leave: "on_way", act: "acting", arrive: "arrived", done: "done", unable: "unable" };
  const WORDS = { receive: say("签收", "Received"), leave: say("出发", "Set out"), act: say("开始执行", "Begin"), arrive: say("到达", "Arrived"), done: say("完成", "Done"), unable: say("不能执行", "Cannot") };
  const STATE = { received: say("已签收", "received"), on_way: say("在途", "on the way"), acting: say("执行中", "being done"), arrived: say("到达", "arrived"), done: say("已完成", "done"), unable: say("不能执行", "cannot be done") };
  const LARGEST = 15 << 20, WIDEST = 4000; /* as app/bounds.py has it; pixels of what is drawn smaller */
  const MOVED = 15, EVERY = 15000, KEEP = 10 * 60e3, FEW = 2;

  async function start(screen) {
    const part = (id) => screen.querySelector(`#field-${id}`), played = new URLSearchParams(location.search).get("exercise") === "1";
    let answer = null, waiting = [], away = false, chosen = new URLSearchParams(location.search).get("order") || "", here = null, watch = null, last = { at: 0, lat: 0, lon: 0 }, watched = say("位置未开", "position off"), since = null, known = null, unread = false, link = { live: false, silent: false }, open_ = false;
    const ringer = window.OneMap.fieldListen.ringer();
    const queue = window.OneMap.fieldQueue.start(screen.dataset.account, (entries, lost) => { waiting = entries; away = lost || unread; screen.dataset.waiting = entries.filter((one) => !one.fault).length; draw(); }, async (found) => { if (found.orders) take(found); });

    /* what waits to be sent is shown as told already, marked as not sent */
    const state = (row) => waiting.filter((one) => one.path === "step" && !one.fault && one.body.order === row.code).reduce((now, one) => AFTER[one.body.step] || now, row.state);
    const rows = () => (answer?.orders || []).map((row) => ({ ...row, now: state(row), pending: waiting.some((one) => one.path === "step" && one.body.order === row.code) }));
    const where = () => (here ? { lon: here.lon, lat: here.lat } : {});

    function take(found) { if (found.exercise !== played) return; answer = found; since = new Date(); time.skew = new Date(found.now) - Date.now(); queue.keep(found); notice(); draw(); }

    /* An order that was not there before, or that is urged once more; what the page begins with is no news. */
    function notice() {
      const now = new Map(answer.orders.filter((row) => row.state === "issued" && !row.over).map((row) => [row.code, row.urged]));
      const fresh = known && answer.orders.find((row) => now.has(row.code) && (!known.has(row.code) || known.get(row.code) < row.urged));
      known = now;
      if (!fresh) return;
      if (!rows().some((row) => row.code === chosen && OPEN.includes(row.now) && row.now !== "issued")) chosen = fresh.code;
      ringer.ring(say(`▲ ${fresh.urged ? "催办" : "新指令"} 第 ${fresh.number} 号`, `▲ ${fresh.urged ? "urged" : "new order"} ${fresh.number}`));
    }
    const tell = (row, step, why) => queue.file("step", { order: row.code, step, ...(why ? { why } : {}), ...where() });

    function ask(title, label, yes, run, need) {
      const text = el("textarea", { rows: 4, maxlength: 400, "aria-label": label, placeholder: label }), fault = el("p", { class: "o", hidden: true, role: "alert" });
      const box = el("dialog", { class: "field-ask" }, el("h2", {}, title), text, fault, el("div", { class: "field-two" }, el("button", { type: "button", class: "field-main", on: { click: () => { const words = text.value.trim().replace(/\s+/g, " "); if (need && !words) { fault.hidden = false; fault.textContent = say("须写明", "Say something"); text.focus(); return; } box.close(); run(words); } } }, yes), el("button", { type: "button", class: "field-second", on: { click: () => box.close() } }, say("返回", "Back"))));
      box.addEventListener("close", () => box.remove());
      screen.append(box);
      box.showModal();
      text.focus();
    }

    /* One's own password: changing it ends every session, and the phone asks for the new one. */
    function password() {
      const field = (name, label, how) => el("label", { class: "field-ask-row" }, label, el("input", { type: "password", name, autocomplete: how, required: true, maxlength: 256 }));
      const fault = el("p", { class: "o", hidden: true, role: "alert" });
      const form = el("form", {}, field("old", say("原口令", "Old password"), "current-password"), field("new", say("新口令", "New password"), "new-password"), field("again", say("再输一遍", "Once more"), "new-password"), fault, el("div", { class: "field-two" }, el("button", { type: "submit", class: "field-main" }, say("修改", "Change")), el("button", { type: "button", class: "field-second", on: { click: () => box.close() } }, say("返回", "Back"))));
      const box = el("dialog", { class: "field-ask" }, el("h2", {}, say("修改口令", "Change password")), el("p", { class: "t2" }, say("修改后各处登录都结束，用新口令重新登录。", "Every session ends; sign in with the new one.")), form);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        event.stopPropagation();
        const given = Object.fromEntries(new FormData(form));
        try {
          if (given.new !== given.again) throw new Error(say("两次输入不一致", "The two are not the same"));
          await post("api/me/password", { old: given.old, new: given.new });
          location.href = `${base}signin?next=/field`;
        } catch (wrong) { fault.hidden = false; fault.textContent = wrong.message; }
      });
      box.addEventListener("close", () => box.remove());
      screen.append(box);
      box.showModal();
      form.querySelector("input").focus();
    }

    /* a photograph larger than the server takes is drawn smaller here; what cannot be drawn goes as it is, and is refused by name */
    async function fitting(file) {
      if (file.size <= LARGEST) return file;
      const picture = await createImageBitmap(file), part = Math.min(1, WIDEST / Math.max(picture.width, picture.height)), canvas = el("canvas", { width: Math.round(picture.width * part), height: Math.round(picture.height * part) });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return new Promise((done, fail) => { canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error(""))), "image/jpeg", 0.9); });
    }

    function photo(row) {
      const pick = el("input", { type: "file", accept: "image/*", capture: "environment", hidden: true });
      pick.addEventListener("change", async () => {
        const file = pick.files[0], at = where();
        pick.remove();
        if (file) queue.file("photo", { order: row.code, name: file.name || "photo.jpg", text: "", ...at }, await fitting(file).catch(() => file));
      });
      screen.append(pick);
      pick.click();
    }

    /* a road found blocked where the phone is: without a position nobody could draw it */
    function blocked(row) {
      if (!here) { watched = say("先开“报位置”再标封路", "Send the position first"); draw(); return; }
      ask(say("标记封路", "Blocked road"), say("哪条路、为何（可空）", "Which road, why"), say("上报封路", "Tell"), (title) => queue.file("mark", { order: row.code, title: title.slice(0, 100), ...where() }), false);
    }

    function follow() {
      if (watch !== null) { navigator.geolocation.clearWatch(watch); watch = null; here = null; watched = say("位置已关", "position off"); draw(); return; }
      if (!navigator.geolocation || !window.isSecureContext) { watched = say("本机不能定位", "no position here"); draw(); return; }
      watched = say("正在定位", "finding position");
      watch = navigator.geolocation.watchPosition(({ coords }) => {
        here = { lon: coords.longitude, lat: coords.latitude, off: coords.accuracy, at: Date.now() };
        const now = Date.now(), moved = L.latLng(last.lat, last.lon).distanceTo([here.lat, here.lon]);
        watched = say(`位置上报中，误差约 ${Math.round(here.off)} 米`, `position sent, off by about ${Math.round(here.off)} m`);
        if (now - last.at >= EVERY && (moved >= MOVED || now - last.at >= 4 * EVERY)) { last = { at: now, lat: here.lat, lon: here.lon }; queue.position(here.lon, here.lat, here.off); }
        draw();
      }, (fault) => { watched = fault.code === 1 ? say("未获准使用位置", "position is not allowed") : say("定位失败，继续尝试", "no position yet"); draw(); }, { enableHighAccuracy: true, maximumAge: 5000 });
      draw();
    }

    function card(row) {
      const way = row.way, clock = (iso) => time.dated(new Date(iso));
      return el("article", { class: `field-card ${row.exercise ? "played" : ""}`, "data-order": row.code, "data-state": row.now },
        row.urged ? el("p", { class: "field-urged", role: "alert" }, say(`▲ 已催办 ${row.urged} 次`, `▲ urged ${row.urged} times`)) : null,
        el("h2", {}, row.action),
        el("p", { class: "t2" }, say(`第 ${row.number} 号·下达 ${row.by.split(",")[0]} ${clock(row.at)}`, `No. ${row.number} · ${row.by.split(",")[0]} ${clock(row.at)}`)),
        el("p", { class: "t2" }, `${row.incident_title}·${row.incident_state}`),
        row.details ? el("p", {}, row.details) : null,
        row.place ? el("div", { class: `field-way ${way && !way.avoids ? "bad" : ""}` }, el("p", {}, el("b", {}, row.place_name || say("去处", "Where to")), way ? say(` 路程 ${length(way.length_m)}，约 ${time.span(way.time_s)}`, ` ${length(way.length_m)}, about ${time.span(way.time_s)}`) : ""), way && !way.avoids ? el("p", {}, say("▲ 路线经影响区，听现场指挥", "▲ the way runs through a zone: ask the command")) : null, el("a", { class: "field-link-out", href: `geo:${row.place.lat},${row.place.lon}?q=${row.place.lat},${row.place.lon}` }, say("用本机地图导航", "Open in this phone's map"))) : null,
        (answer.marks || []).some((mark) => mark.incident === row.incident && mark.kind === "blocked") ? el("div", { class: "field-way bad" }, (answer.marks || []).filter((mark) => mark.incident === row.incident && mark.kind === "blocked").map((mark) => el("p", {}, el("b", {}, say("▲ 封路 ", "▲ blocked ")), `${mark.title || `${mark.lat.toFixed(4)}, ${mark.lon.toFixed(4)}`} · ${clock(mark.at)}`))) : null,
        (answer.marks || []).filter((mark) => mark.incident === row.incident && ["command", "staging"].includes(mark.kind)).map((mark) => el("a", { class: "field-link-out", href: `geo:${mark.lat},${mark.lon}?q=${mark.lat},${mark.lon}` }, `${mark.kind_word} ${mark.title}`)),
        row.eta && row.now === "on_way" ? (new Date(row.eta) < time.now() ? el("p", { class: "o" }, say(`▲ 预计 ${clock(row.eta)} 到，已过 ${time.span((time.now() - new Date(row.eta)) / 1000)}`, `▲ was expected ${clock(row.eta)}, ${time.span((time.now() - new Date(row.eta)) / 1000)} ago`)) : el("p", { class: "t2" }, say(`预计 ${clock(row.eta)} 到`, `expected ${clock(row.eta)}`))) : null,
        el("p", { class: "field-state" }, say("现在：", "Now: "), el("b", {}, row.now === row.state ? row.state_word : STATE[row.now]), row.pending ? el("span", { class: "o" }, say(" 待发送", " not sent yet")) : null));
    }

    function draw() {
      const list = rows(), open = list.filter((row) => OPEN.includes(row.now) && !row.over), one = list.find((row) => row.code === chosen) || open.at(-1) || null;
      part("title").textContent = answer ? answer.team.name : say("任务", "Tasks");
      if (answer) ringer.called(answer.team.name);
      freshness();
      screen.dataset.played = played ? "1" : "";
      const held = waiting.filter((entry) => !entry.fault);
      part("unsent").hidden = !waiting.length;
      part("unsent").dataset.open = open_ || held.length <= FEW + 1 ? "1" : "";
      part("count").hidden = held.length <= FEW + 1;
      part("count").setAttribute("aria-expanded", String(open_));
      part("count").textContent = held.length ? say(`待发送 ${held.length} 条，最早 ${time.dated(new Date(held[0].shown_at))}，${open_ ? "收起" : "全部显示"}`, `${held.length} wait, since ${time.dated(new Date(held[0].shown_at))}: ${open_ ? "fewer" : "all"}`) : "";
      part("unsent").replaceChildren(...waiting.map((entry) => el("li", { class: entry.fault ? "bad" : "", "data-state": entry.fault ? "refused" : "waiting" }, el("b", {}, entry.fault ? say("被拒", "Refused") : say("待发送", "Waiting")), el("span", {}, `${entry.path === "step" ? WORDS[entry.body.step] : entry.path === "photo" ? say("照片", "Photograph") : entry.path === "mark" ? say("封路", "Blocked road") : entry.body.text} · ${time.dated(new Date(entry.shown_at))}`), entry.fault ? el("span", { class: "o" }, entry.fault) : null, entry.fault ? el("button", { type: "button", on: { click: () => queue.again(entry) } }, say("再发", "Again")) : null, entry.fault ? el("button", { type: "button", on: { click: () => queue.give(entry) } }, say("不发", "Drop")) : null)));
      part("one").replaceChildren(...[played ? el("p", { class: "field-played" }, say("演练", "EXERCISE")) : null, one ? card(one) : el("p", { class: "field-none" }, answer ? say("没有待办指令。有新指令会显示在这里。", "No order waits. A new one shows here.") : say("读取中", "Reading"))].filter(Boolean));
      part("scene").replaceChildren(...(one ? window.OneMap.fieldSketch.parts(answer, one, here) : []));
      const rest = list.filter((row) => row.code !== one?.code);
      part("others").replaceChildren(...[answer?.elsewhere ? el("a", { class: "field-other", href: played ? `${base}field` : `${base}field?exercise=1` }, played ? say(`实战指令 ${answer.elsewhere} 条`, `${answer.elsewhere} real orders`) : say(`演练指令 ${answer.elsewhere} 条`, `${answer.elsewhere} orders of exercises`)) : null, ...rest.map((row) => el("button", { type: "button", class: `field-other ${row.now === "issued" ? "new" : ""}`, on: { click: () => { chosen = row.code; draw(); scrollTo(0, 0); } } }, el("b", {}, say(`第 ${row.number} 号`, `No. ${row.number}`)), el("span", {}, row.action), el("span", { class: row.now === "issued" ? "o" : "t3" }, row.now === "issued" ? say("▲ 未签收", "▲ not received") : row.now === row.state ? row.state_word : STATE[row.now])))].filter(Boolean));
      const main = one && MAIN[one.now], more = one ? ["act", "done", "unable"].filter((act) => act !== main && ((act === "act" && ["received", "arrived"].includes(one.now)) || (act === "done" && OPEN.includes(one.now) && one.now !== "issued") || (act === "unable" && ["issued", "received", "on_way"].includes(one.now)))) : [];
      const press = (act) => (act === "unable" ? ask(WORDS.unable, say("原因", "Why"), say("上报", "Tell"), (why) => tell(one, act, why), true) : act === "done" ? ask(WORDS.done, say("结果（可空）", "What came of it"), say("完成", "Done"), (why) => tell(one, act, why), false) : tell(one, act));
      const stood = document.activeElement?.dataset?.act;
      part("acts").replaceChildren(...[
        main ? el("div", { class: "field-two" }, el("button", { type: "button", class: "field-main", "data-act": main, on: { click: () => press(main) } }, WORDS[main]), ...more.slice(-1).map((act) => el("button", { type: "button", class: "field-second", "data-act": act, on: { click: () => press(act) } }, WORDS[act]))) : null,
        one ? el("div", { class: "field-tools" }, ...more.slice(0, -1).map((act) => el("button", { type: "button", "data-act": act, on: { click: () => press(act) } }, WORDS[act])), el("button", { type: "button", "data-act": "photo", on: { click: () => photo(one) } }, say("拍照", "Photo")), el("button", { type: "button", "data-act": "note", on: { click: () => ask(say("记一笔", "Note"), say("现场情况", "What is seen"), say("记入日志", "Write"), (text) => queue.file("note", { order: one.code, text, ...where() }), true) } }, say("记一笔", "Note")), el("button", { type: "button", "data-act": "follow", "aria-pressed": String(watch !== null), on: { click: follow } }, watch === null ? say("报位置", "Position") : say("停报", "Stop")), el("button", { type: "button", "data-act": "blocked", on: { click: () => blocked(one) } }, say("封路", "Blocked"))) : null,
        el("p", { class: "t3 field-said" }, `${ringer.loud() ? "" : say("铃声未开，点一下屏幕即开；", "no sound until the screen is touched; ")}${watched}${answer?.seen_at ? say(`，服务器最近收到 ${time.age(answer.seen_at)}`, `, last received ${time.age(answer.seen_at)}`) : ""}`)].filter(Boolean));
      if (stood) part("acts").querySelector(`[data-act="${stood}"]`)?.focus();
    }

    /* The page itself is kept for opening it without a network; one of another version is opened anew once nothing is typed and nothing waits. */
    let keptAt = 0, older = false;
    async function keepPage() {
      if (away || !screen.dataset.away || Date.now() - keptAt < KEEP) return;
      keptAt = Date.now();
      try { const found = await window.OneMap.fieldAway.take(screen.dataset.account); screen.dataset.kept = found ? "1" : "0"; older = found === "other"; }
      catch (fault) { keptAt = 0; if (fault.status) console.warn(fault.message); }
    }
    function renew() { if (older && !away && !waiting.length && !screen.querySelector("dialog")) location.reload(); }

    async function read() {
      try { const found = await get(`api/field${played ? "?exercise=1" : ""}`); take(found); if (away) { queue.go(); keptAt = 0; } away = unread = false; if (screen.dataset.ready) { keepPage(); renew(); } freshness(); return true; }
      catch (fault) {
        if (fault.status === 401) { window.OneMap.ended(); return; }
        if (fault.status === undefined || fault.status >= 502) away = unread = true;
        if (!answer) { const kept = await queue.seen(played); if (kept) { answer = kept.answer; since = new Date(kept.at); } }
        draw();
        if (fault.status === 403) part("one").replaceChildren(el("p", { class: "field-none" }, fault.message));
        return false;
      }
    }
    /* How old what is shown is, said plainly whenever it is not of now. */
    function freshness() {
      const old = away || link.silent, of = since ? time.clock(new Date(since.getTime() + time.skew)) : "--:--:--";
      part("link").className = `field-link ${old ? "off" : ""}`;
      part("link").textContent = away ? say("▲ 离线", "▲ offline") : link.silent ? say("▲ 无更新", "▲ silent") : link.live ? say("● 实时", "● live") : say("● 已联网", "● online");
      screen.dataset.network = away ? "away" : link.silent ? "silent" : "on";
      part("old").hidden = !old;
      if (!old) return;
      const age = since ? time.span((Date.now() - since) / 1000) : say("未知", "unknown");
      part("old").textContent = answer ? say(`${away ? "离线" : "没有收到更新"}：显示的是 ${of} 的内容（${age}前），可能已有变化。${away ? "所报先存本机，联网后按序发送。" : "正在重连。"}`, `${away ? "Offline" : "Nothing was heard"}: shown as of ${of} (${age} ago), it may have changed. ${away ? "What you tell waits on this phone." : "Trying again."}`) : say("离线，本机没有存过内容", "Offline, and nothing is kept here");
    }
    part("count").addEventListener("click", () => { open_ = !open_; draw(); });
    const shut = el("button", { type: "button", class: "link", id: "field-password" }, say("修改口令", "Password"));
    shut.addEventListener("click", password);
    part("account").append(shut, ...window.OneMap.account.parts(part("account").dataset.name));
    part("account").querySelector("[type=submit]").addEventListener("click", (event) => { if (waiting.length && !window.confirm(say(`还有 ${waiting.length} 条没有发出。退出后留在本机，本账号再登录时发送。退出吗？`, `${waiting.length} are not sent. They stay on this phone until this account signs in again. Sign out?`))) event.preventDefault(); });
    draw();
    await window.OneMap.fieldAway.mine(screen.dataset.away ? screen.dataset.account : "").catch(() => {});
    await read();
    window.OneMap.fieldListen.follow(read, (found) => { link = found; freshness(); });
    screen.dataset.ready = "1";
    keepPage();
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=field]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
