/* Step 5 of the duty desk: numbered orders, to whom, what came back, urged by U; each leaves once, by Ctrl Enter. */
(function () {
  "use strict";
  const { el, say, get, post, time, length } = window.OneMap;
  const duty = (window.OneMap.duty = window.OneMap.duty || {});
  const OPEN = ["issued", "received", "on_way", "acting", "arrived"];
  const ICONS = { issued: "➤", received: "›", on_way: "›", acting: "›", arrived: "●", done: "✓", unable: "✕", withdrawn: "–" };
  const LED = ["reported", "confirmed", "responding", "controlled"], LOOK = 10000;
  let told = null, chosen = "", due = 0, ages = 0, again = 0;

  const seconds = (from, to) => Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  const late = (row) => row.state === "issued" && time.now() > new Date(row.receipt_due);
  const behind = (row) => row.state === "on_way" && row.eta && time.now() > new Date(row.eta);
  const of = (one) => (told && told.code === one.code ? told : null);
  const latest = (row) => row.ended_at || row.arrived_at || row.acting_at || row.left_at || row.received_at || row.at;
  const exact = (s) => (s < 3600 && s >= 60 ? say(`${Math.floor(s / 60)} 分 ${s % 60} 秒`, `${Math.floor(s / 60)} min ${s % 60} s`) : time.span(s));
  const nameOf = (row) => String(row.number).padStart(2, "0");

  /* 在途 says when it will be there; what waits for a receipt counts up; the rest says since when it stands so. */
  function age(row) {
    if (late(row)) return say(`未签收 ${exact(seconds(row.at, time.now()))}`, `no receipt for ${exact(seconds(row.at, time.now()))}`);
    if (row.state === "on_way" && row.eta) { const left = (new Date(row.eta) - time.now()) / 1000; return left > 0 ? say(`约 ${time.span(left)}后到`, `in about ${time.span(left)}`) : say(`应于 ${time.minute(new Date(row.eta))} 到，已过 ${time.span(-left)}`, `was due ${time.minute(new Date(row.eta))}, ${time.span(-left)} ago`); }
    if (OPEN.includes(row.state)) return time.age(latest(row));
    return time.dated(new Date(latest(row)));
  }

  async function read(one, tools) {
    try {
      const found = await get(`api/incidents/orders?code=${encodeURIComponent(one.code)}`), before = of(one);
      told = found;
      refused(before, found, tools);
      clearTimeout(due);
      const limits = found.rows.map((row) => (row.state === "issued" && !late(row) ? row.receipt_due : row.state === "on_way" && row.eta && !behind(row) ? row.eta : null));
      const next = Math.min(...limits.filter(Boolean).map((at) => new Date(at) - time.now()));
      if (Number.isFinite(next)) due = setTimeout(tools.redraw, Math.min(next + 500, 2 ** 31 - 1));
      tools.redraw();
    } catch (fault) { tools.toast(say(`指令读取失败，${fault.message}`, `Orders could not be read: ${fault.message}`), "fault"); }
  }

  /* Who cannot do what was ordered is said at once: somebody else has to be sent. */
  function refused(before, now, tools) {
    const could = new Set((before?.rows || []).filter((row) => row.state !== "unable").map((row) => row.code));
    for (const row of now.rows) if (row.state === "unable" && could.has(row.code)) tools.toast(say(`▲ 第 ${row.number} 号 ${row.to_name}不能执行：${row.said}`, `▲ Order ${row.number}: ${row.to_name} cannot: ${row.said}`), "fault");
  }

  function figure(one) {
    const rows = of(one)?.rows.filter((row) => row.state !== "withdrawn");
    if (!rows) return [say("读取中", "Reading"), "", ""];
    if (!rows.length) return [say("未做", "Not done"), "", ""];
    const received = rows.filter((row) => row.received_at).length, waits = rows.filter(late).length, over = rows.every((row) => !OPEN.includes(row.state));
    const cannot = rows.filter((row) => row.state === "unable").length, unable = cannot ? say(`不能执行 ${cannot} 条，`, `${cannot} cannot, `) : "";
    const line = waits ? say(`已签收，超时 ${waits} 条`, `received, ${waits} late`) : over ? say("已签收，全部办结", "received, all ended") : say("已签收", "received");
    return [`${received} / ${rows.length}`, `${unable}${line}`, waits ? "warn" : over ? "done" : "part"];
  }

  const step = async (row, act, why, tools, command) => {
    told = await post("api/incidents/orders/step", { command, order: row.code, step: act, ...(why ? { why } : {}) });
    await tools.again();
  };
  function act(row, each, tools) {
    const command = tools.key();
    if (!each.why && each.act !== "done") { step(row, each.act, "", tools, command).catch((fault) => tools.toast(fault.message, "fault")); return; }
    tools.form(say(`${each.title}：第 ${row.number} 号`, `${each.title}: order ${row.number}`), [{ type: "note", label: `${row.to_name}：${row.action}` }, { name: "why", label: each.why ? say("原因", "Why") : say("结果（可空）", "What came of it"), required: each.why, longest: 400, wide: true }], each.title, async ({ why }) => { await step(row, each.act, why, tools, command); }, each.act === "withdraw" ? "danger" : "primary");
  }

  function urge(one, tools) {
    const rows = of(one)?.rows.filter((row) => row.state === "issued") || [], row = rows.find((each) => each.code === chosen) || rows.filter(late).at(-1) || rows.at(-1);
    if (!tools.may || !row) { tools.toast(say("没有未签收的指令", "No order waits for its receipt")); return; }
    chosen = row.code;
    step(row, "urge", "", tools, tools.key()).then(() => tools.toast(say(`已催办第 ${row.number} 号 ${row.to_name}，记入日志${row.to_phone ? `；电话 ${row.to_phone}` : ""}`, `Order ${row.number} to ${row.to_name} is urged${row.to_phone ? `; phone ${row.to_phone}` : ""}`))).catch((fault) => tools.toast(fault.message, "fault"));
  }

  const TIMES = [["at", "by", say("下达", "given")], ["received_at", "received_by", say("签收", "received")], ["left_at", "left_by", say("出发", "left")], ["acting_at", "acting_by", say("执行", "begun")], ["arrived_at", "arrived_by", say("到达", "arrived")], ["ended_at", "ended_by", say("办结", "ended")]];
  function details(row, tools) {
    const way = row.way, times = TIMES.filter(([at]) => row[at]).map(([at, by, words]) => `${words} ${duty.short(row[at])} ${duty.who(row[by])}`);
    return el("div", { class: "order-more" },
      row.details ? el("p", {}, row.details) : null,
      el("p", { class: "t2" }, times.join(" · ")),
      row.urged ? el("p", { class: "t2" }, say(`已催办 ${row.urged} 次，最近 ${duty.short(row.urged_at)}`, `urged ${row.urged} times, last ${duty.short(row.urged_at)}`)) : null,
      row.place_name || way ? el("p", { class: "t2" }, [row.place_name ? say(`去向 ${row.place_name}`, `to ${row.place_name}`) : "", way ? say(`路线 ${length(way.length_m)}，推算 ${time.span(way.time_s)}`, `way ${length(way.length_m)}, about ${time.span(way.time_s)}`) : ""].filter(Boolean).join(" · ")) : null,
      way && !way.avoids ? el("p", { class: "o" }, say("▲ 路线经影响区", "▲ the way runs through a zone")) : null,
      way?.said ? el("p", { class: "t3" }, way.said) : null,
      row.said ? el("p", {}, say(`结果：${row.said}`, `Came of it: ${row.said}`)) : null,
      row.to_phone ? el("p", {}, el("a", { class: "link", href: `tel:${row.to_phone.replace(/[^0-9+]/g, "")}` }, say(`电话 ${row.to_phone}`, `phone ${row.to_phone}`))) : null,
      tools.may && row.acts.length ? el("div", { class: "duty-buttons" }, row.acts.map((each) => el("button", { type: "button", class: "button", "data-order-act": each.act, on: { click: () => act(row, each, tools) } }, each.title, each.act === "urge" ? el("kbd", {}, "U") : null))) : null);
  }

  function line(row, tools) {
    const open = row.code === chosen, slow = late(row), past = behind(row);
    return el("li", { class: `order ${slow || past ? "late" : ""} ${OPEN.includes(row.state) ? "" : "over"}`, "data-entry": row.code, "data-order": row.number },
      el("button", { type: "button", class: "order-row", "aria-expanded": String(open), on: { click: () => { chosen = open ? "" : row.code; tools.redraw(); } } },
        el("span", { class: "num" }, nameOf(row)), el("span", { class: "el" }, row.exercise ? el("i", { class: "played" }, say("演练", "EX")) : null, row.action), el("span", { class: "el t2" }, row.to_name),
        el("span", { class: "st el" }, el("i", { "aria-hidden": "true" }, slow || past ? "▲" : ICONS[row.state]), " ", slow ? el("span", { "data-order-age": row.code }, age(row)) : row.state_word),
        slow ? el("b", { class: "urge" }, say("催办 U", "Urge U")) : el("span", { class: "t3 num", "data-order-age": row.code }, age(row))),
      open ? details(row, tools) : null);
  }

  function panel(one, tools) {
    const mine = of(one), slow = mine?.rows.filter(late).map(nameOf) || [];
    const open = LED.includes(one.facts.state);
    return el("section", { class: "duty-orders-room" }, el("div", { class: "line" }, el("h3", {}, say("指令", "Orders")), slow.length ? el("span", { class: "o" }, say(`${slow.slice(0, 4).join("、")} 号超时，按 U 催办`, `${slow.slice(0, 4).join(", ")} late, U urges`)) : null, el("span", { class: "sp" }), tools.may && open ? el("button", { type: "button", class: "link", "data-act": "order", on: { click: () => give(one, tools) } }, say("新指令 ", "New ", ), el("kbd", {}, "O")) : null),
      !mine ? el("p", { class: "t3" }, say("读取中", "Reading")) : mine.rows.length ? el("ol", { class: "order-list" }, el("li", { class: "order-head t3", "aria-hidden": "true" }, [say("号", "No."), say("内容", "What"), say("对象", "To"), say("状态", "State"), say("时间", "When")].map((words) => el("span", {}, words))), mine.rows.map((row) => line(row, tools))) : el("p", { class: "t2" }, open && tools.may ? say("未下达指令。按 O 下达。", "No order was given. O gives one.") : say("未下达指令。", "No order was given.")));
  }

  /* whom it goes to and how many stand above the button all the time; Enter alone sends nothing */
  async function give(one, tools, given = {}) {
    if (!tools.may) return;
    if (!LED.includes(one.facts.state)) { tools.toast(say(`事件${one.facts.state_word}，不能下达指令`, `The incident is over (${one.facts.state_word}): no order is given`), "fault"); return; }
    let to;
    try { to = await get(`api/incidents/orders/to?code=${encodeURIComponent(one.code)}`); } catch (fault) { tools.toast(fault.message, "fault"); return; }
    const command = tools.key(), spot = one.facts.place, spots = [...(spot ? [["incident", say("事发地点", "The scene"), spot.lon, spot.lat]] : []), ...duty.all().flatMap((room) => room.places?.(one) || [])];
    const teams = to.teams.map((team) => [team.code, `${team.name} · ${team.state_word}${team.metres === undefined ? "" : say(` · 直线 ${length(team.metres)}`, ` · ${length(team.metres)} straight`)}`]);
    const contacts = (kind) => [["", say("手工填写", "Type a name")], ...to.contacts.filter((each) => (each.kind === "person") === (kind === "person")).map((each) => [each.code, [each.name, each.said].filter(Boolean).join(" · ")])];
    const team = () => to.teams.find((each) => each.code === box.querySelector("[name=team]").value);
    const kinds = [...(teams.length ? [["team", say("队伍", "Team")]] : []), ["unit", say("单位", "Body")], ["person", say("个人", "Person")]], is = (...names) => (now) => names.includes(now.to_kind);
    const box = tools.form(one.exercise ? say("下达演练指令", "Give an order (exercise)") : say("下达指令", "Give an order"), [
      ...(one.exercise ? [{ type: "note", label: say("演练：指令标明演练，不占用真实队伍。", "An exercise: the order says so and books no team.") }] : []),
      { name: "to_kind", label: say("发给", "To"), options: kinds, value: given.team ? "team" : kinds[0][0] },
      { name: "team", label: say("队伍", "Team"), options: teams.length ? teams : [["", ""]], value: given.team || teams[0]?.[0], when: is("team") },
      { name: "unit", label: say("单位", "Body"), options: contacts("unit"), when: is("unit") },
      { name: "person", label: say("个人", "Person"), options: contacts("person"), when: is("person") },
      { name: "to_name", label: say("名称", "Name"), longest: 80, when: (now) => (now.to_kind === "unit" && !now.unit) || (now.to_kind === "person" && !now.person), needed: (now) => (now.to_kind === "unit" && !now.unit) || (now.to_kind === "person" && !now.person) },
      { name: "action", label: say("做什么（动词开头）", "What to do"), value: given.action || "", required: true, longest: 200, wide: true },
      { name: "details", label: say("要求（可空）", "Details"), value: given.details || "", longest: 1000, wide: true },
      { name: "place", label: say("去向", "Where to"), options: [["", say("不指定", "None")], ...spots.map(([id, words]) => [id, words])], value: given.place || "" },
      { name: "route", label: say("带路线（按道路推算，避开影响区和封路）", "With the way"), type: "check", value: Boolean(given.place), when: (now) => now.to_kind === "team" && Boolean(now.place) },
      { name: "book", label: say("同时调用该队伍", "Book the team"), type: "check", value: to.may_book && given.book !== false, when: (now) => now.to_kind === "team" && to.may_book && to.teams.find((each) => each.code === now.team)?.state === "ready" && to.teams.find((each) => each.code === now.team)?.own },
    ], say("下达 Ctrl Enter", "Send Ctrl Enter"), async (now) => {
      if (!box.dataset.sure) throw new Error(say("核对对象后按 Ctrl Enter 或点“下达”", "Check to whom it goes, then Ctrl Enter or the button"));
      const kind = now.to_kind, place = spots.find(([id]) => id === now.place), free = to.teams.find((each) => each.code === now.team);
      const body = { command, code: one.code, to_kind: kind, to_key: kind === "team" ? now.team : now[kind] || "", action: now.action.trim(), details: (now.details || "").trim(), ...(kind !== "team" && !now[kind] ? { to_name: now.to_name.trim() } : {}),
        ...(place ? { lon: place[2], lat: place[3], place_name: place[1] } : {}), ...(kind === "team" && place && now.route ? { route: true } : {}), ...(kind === "team" && to.may_book && now.book && free?.state === "ready" && free.own ? { book: true } : {}) };
      const done = await post("api/incidents/orders", body), made = done.rows.find((row) => row.entry === done.entry);
      told = done;
      chosen = "";
      tools.toast(say(`第 ${made.number} 号已下达 ${made.to_name}`, `Order ${made.number} to ${made.to_name} is given`));
      await tools.again();
    });
    const sheet = box.querySelector("form"), says = el("p", { class: "order-to wide", role: "status" }), button = sheet.querySelector("button[type=submit]");
    sheet.querySelector(".adm-form").append(says);
    const name = () => { const kind = sheet.querySelector("[name=to_kind]").value; if (kind === "team") { const one_team = team(); return one_team ? `${one_team.name}${one_team.phone ? `（${one_team.phone}）` : ""}` : ""; } const found = to.contacts.find((each) => each.code === sheet.querySelector(`[name=${kind}]`).value); return found ? `${found.name}${found.phone ? `（${found.phone}）` : ""}` : sheet.querySelector("[name=to_name]").value.trim(); };
    const show = () => { const to_whom = name(); says.textContent = to_whom ? say(`发给 1 个对象：${to_whom}${one.exercise ? "，演练" : ""}`, `To 1: ${to_whom}`) : say("还没有对象", "To nobody yet"); };
    sheet.addEventListener("change", show);
    sheet.addEventListener("input", show);
    const send = () => { box.dataset.sure = "1"; sheet.requestSubmit(); setTimeout(() => delete box.dataset.sure, 0); };
    button.type = "button";
    button.addEventListener("click", send);
    sheet.addEventListener("keydown", (event) => { if (event.key !== "Enter" || event.target === button) return; if (event.ctrlKey || event.metaKey) { event.preventDefault(); send(); } else if (event.target.tagName !== "TEXTAREA" && event.target.tagName !== "BUTTON") event.preventDefault(); });
    show();
    if (given.team) sheet.querySelector("[name=action]").focus();
  }
  duty.giveOrder = give;

  /* where orders lead, and the way of each that is under way: what is behind is not told, so all of it is drawn as to come */
  function map(one, group) {
    const css = getComputedStyle(document.querySelector(".duty")), ours = css.getPropertyValue("--acc").trim(), red = css.getPropertyValue("--r").trim();
    for (const row of of(one)?.rows || []) {
      if (!OPEN.includes(row.state)) continue;
      if (row.way && row.state !== "arrived") {
        const points = row.way.line.map(([lon, lat]) => [lat, lon]), good = row.way.avoids;
        L.polyline(points, { color: "#0B1722", weight: 7, opacity: 0.7, interactive: false }).addTo(group);
        L.polyline(points, { color: good ? ours : red, weight: 4, dashArray: "10 8", interactive: false }).addTo(group);
      }
      if (row.place) L.marker([row.place.lat, row.place.lon], { keyboard: false, zIndexOffset: 300, icon: L.divIcon({ className: "order-pin", html: el("div", { class: late(row) || behind(row) ? "late" : "" }, el("b", {}, nameOf(row)), el("span", {}, `${row.to_name} `, late(row) ? say("未签收", "no receipt") : row.state === "on_way" && row.eta ? el("span", { "data-order-age": row.code }, age(row)) : row.state_word)), iconSize: [0, 0] }) }).addTo(group);
    }
  }

  /* where teams said they are: with the age, and as stale where they have not said so for long */
  function teams(one, group) {
    const mine = of(one);
    for (const seen of mine?.seen || []) {
      const row = mine.rows.find((each) => each.team === seen.team), old = (time.now() - new Date(seen.at)) / 1000 > mine.stale_s;
      if (!row || (!OPEN.includes(row.state) && old)) continue;
      if (seen.accuracy > 30) L.circle([seen.lat, seen.lon], { radius: seen.accuracy, color: "#45D0C0", weight: 1, fillOpacity: 0.06, interactive: false }).addTo(group);
      L.marker([seen.lat, seen.lon], { keyboard: false, zIndexOffset: 600, icon: L.divIcon({ className: "order-pin seen-pin", html: el("div", { class: old ? "stale" : "", "data-team": seen.team }, el("b", {}, say("队", "T")), el("span", {}, `${row.to_name} `, el("span", { "data-at": seen.at, "data-before": old ? say("过期 ", "stale ") : "" }))), iconSize: [0, 0] }) }).addTo(group);
    }
    window.OneMap.tick();
  }

  function tick() {
    for (const node of document.querySelectorAll("[data-order-age]")) { const row = told?.rows.find((each) => each.code === node.dataset.orderAge); if (row) { const words = age(row); if (node.textContent !== words) node.textContent = words; } }
  }

  duty.room(5, {
    figure, panel, map: (one, group) => { map(one, group); teams(one, group); }, layers: ["incident_orders"],
    opened: (one, tools) => { told = null; chosen = ""; clearInterval(ages); clearInterval(again); if (one) { read(one, tools); ages = setInterval(tick, 1000); again = setInterval(() => { if (!document.hidden && told?.rows.some((row) => row.team && OPEN.includes(row.state))) read(one, tools); }, LOOK); } },
    changed: (keys, one, tools) => { if (keys.some((key) => key.startsWith(`${one.code}/`))) read(one, tools); },
    keys: [["O", say("新指令", "new order"), (one, tools) => give(one, tools)], ["U", say("催办", "urge"), urge]],
  });
})();
