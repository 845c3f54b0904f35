/* Parts of the wall in an incident: head, strip of clocks, zones, targets, orders, log, losses, time line, inset. */
(function () {
  "use strict";
  const { el, icon, say, time, glyph, length, thousands, furniture, points, alarming, GRADES } = window.OneMap;
  const NS = "http://www.w3.org/2000/svg", two = (n) => String(n).padStart(2, "0");
  const none = () => say("未报", "not told");

  function span(seconds) {
    const s = Math.abs(Math.round(seconds)), h = Math.floor(s / 3600);
    return h >= 100 ? say(`${Math.floor(h / 24)} 天`, `${Math.floor(h / 24)} d`) : `${two(h)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  }
  const minute = (iso) => time.dated(new Date(iso));
  const who = (name) => String(name || "").split(/[,，]/)[0];
  const shown = (value) => (value === null || value === undefined ? none() : thousands(value));

  /* "AEGL-3 危及生命" is a name and what it does. */
  const level = (zone) => { const [name, ...rest] = zone.level.split(/[ ·（(]/); return [name, rest.join(" ").replace(/[)）]$/, "")]; };
  const people = (zone) => (zone.people === null ? say("人数未统计", "people not counted") : say(`${thousands(zone.people)} 人`, `${thousands(zone.people)} people`));

  /* Dense hatch, sparse hatch, dots: the pattern says the level again. */
  function patterns(hall) {
    if (document.getElementById("hall-patterns")) return;
    const svg = document.createElementNS(NS, "svg"), defs = document.createElementNS(NS, "defs");
    svg.setAttribute("id", "hall-patterns");
    svg.setAttribute("aria-hidden", "true");
    const make = (n, size, turn, colour, tint, d) => {
      const pattern = document.createElementNS(NS, "pattern"), ground = document.createElementNS(NS, "rect"), path = document.createElementNS(NS, "path");
      for (const [name, value] of Object.entries({ id: `hall-level-${n}`, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` })) pattern.setAttribute(name, value);
      for (const [name, value] of Object.entries({ width: size, height: size, fill: colour, "fill-opacity": tint })) ground.setAttribute(name, value);
      for (const [name, value] of Object.entries({ d, stroke: colour, "stroke-width": 1.6, fill: "none", opacity: 0.85 })) path.setAttribute(name, value);
      pattern.append(ground, path);
      defs.append(pattern);
    };
    make(1, 8, 45, "#FF5A6E", 0.4, "M2 0v8M6 0v8");
    make(2, 12, 45, "#F18F01", 0.3, "M4 0v12");
    make(3, 12, 0, "#F4D35E", 0.22, "M3 3h.01M9 9h.01M2.2 3h1.6M8.200 9h1.6");
    make(4, 14, 0, "#3A86FF", 0.2, "M6 7h2");
    svg.append(defs);
    hall.append(svg);
  }

  const panel = (name, title, more, ...body) => el("section", { class: `wall-panel hi-panel fades hi-${name}` }, el("h2", { class: "ph" }, title, el("span", { class: "m" }, more)), el("div", { class: "body" }, ...body));
  const paged = (rows) => [el("div", { class: "wall-rows", "data-paged": "true" }, rows), el("div", { class: "wall-more" }, el("span", { class: "rest" }), el("span", { class: "sp" }), el("span", { class: "leaf" }))];
  const note = (words) => el("div", { class: "wall-row note" }, words);

  /* Words that stay out of Dash's own head: link, its loss, the clock. */
  function lost() {
    return el("div", { class: "lost-bar", role: "alert" }, el("b", { "data-lost-words": "1" }), el("span", { "data-lost-more": "1" }), el("span", { class: "sp" }), el("div", { class: "hall-clock", "data-clock": "1" }, "--:--:--"));
  }

  function head(state) {
    const { now, told, others, played, moment, demo, duty, failed } = state;
    const mark = played ? el("span", { class: "hi-drill" }, say("演练", "EXERCISE")) : null, back = moment ? el("span", { class: "hi-back" }, say("回放", "REPLAY")) : null;
    const clock = moment ? el("div", { class: "hall-clock", "data-replay-clock": "1" }, time.clock(new Date(moment))) : el("div", { class: "hall-clock", "data-clock": "1" }, "--:--:--");
    if (!now) return el("header", { class: "hall-head hi-head over" }, mark, back, el("h1", {}, moment ? say("此时尚未接报", "Nothing was reported then") : say("没有进行中的演练", "No exercise goes on")), el("span", { class: "sp" }), el("div", { class: "pair" }, el("div", { "data-link-age": moment ? null : "1" })), clock, lost());
    const f = now.facts, grade = now.grade.level ? `${now.grade.word}${now.grade.at_least ? say("（至少）", " (at least)") : ""}` : say("未定级", "no level");
    const worst = others.reduce((best, each) => (best && best <= each.level ? best : each.level), 0), red = others.find((each) => each.level === 1 && each.state === "raised");
    const look = played ? "played" : { confirmed: "hot", responding: "hot" }[f.state] || "over";
    return el("header", { class: `hall-head hi-head ${look}` }, mark, back,
      el("span", { class: "word" }, f.state_word), el("h1", { class: "el", title: f.title }, f.title.replace(/^【演练】/, "")),
      el("span", { class: "hi-chip" }, now.response.level ? now.response.word : say("响应未启动", "no response")), el("span", { class: "hi-chip" }, grade), demo ? el("span", { class: "demo-tag" }, say("演示数据", "Demo data")) : null, el("span", { class: "hi-leaf", "data-leaf": "1" }),
      el("span", { class: "sp" }),
      el("div", { class: "pair" }, el("div", {}, moment && told.afterwards ? say(`补录：${time.date(new Date(told.afterwards)).slice(5)} ${time.minute(new Date(told.afterwards))} 录入`, `entered afterwards, ${time.date(new Date(told.afterwards)).slice(5)} ${time.minute(new Date(told.afterwards))}`) : duty ? `${say("值班 ", "On duty ")}${duty.lastElementChild.textContent}` : ""),
        el("div", {}, moment && told.afterwards ? say("按日志所载时间重现", "by the log's own times") : moment ? say(`截至 ${time.date(new Date(moment))} 已知`, `as known on ${time.date(new Date(moment))}`) : failed ? say("读取失败，画面为上次所得", "could not read: the last answer") : el("span", { "data-link-age": "1" }))),
      played || moment ? null : el("div", { class: "pair" }, el("div", {}, say(`其他报警 ${others.length}`, `${others.length} other alarms`), worst ? [say("，最高 ", ", worst "), glyph(worst), GRADES[worst].word] : ""),
        el("div", {}, red ? say(`新红色：${red.title}`, `new red: ${red.title}`) : told.waiting.length ? say(`待核实 ${told.waiting.length} 起`, `${told.waiting.length} unconfirmed`) : "")),
      clock, lost());
  }

  /* A zone that was cut where its model ends reaches at least so far. */
  const far = (zone) => `${zone.cut !== "none" ? "≥ " : ""}${length(zone.distance)}`;

  function tile(label, value, below, attributes) {
    return el("div", { class: `kpi ${attributes?.wide ? "wide-only" : ""}`, "data-figure": label }, el("div", { class: "l" }, label), el("div", { class: `v ${attributes?.look || ""}` }, value), el("div", { class: "a" }, below));
  }

  function due(one) {
    const still = ["runs", "hurries", "overdue"].includes(one.shown);
    const value = still && one.until ? el("span", { "data-until": one.until, "data-term": (new Date(one.until) - new Date(one.since)) / 1000 }, "") : { done: say("已完成", "done"), late: say("逾期完成", "done late"), over: say("已过期", "over"), waits: say("起算未知", "not begun") }[one.shown] || one.shown;
    const basis = one.basis.replace(/《[^》]*》/, "").replace(/[(（]国务院令第(\d+)号[)）]/, "$1号令");
    return tile(one.title, value, `${one.until ? say(`${minute(one.until)} 前·`, `by ${minute(one.until)} · `) : ""}${basis}`, { look: still ? "" : "none" });
  }

  /* Six on the smaller wall, ten on the wide one. */
  function strip({ now }) {
    const f = now.facts, order = ["overdue", "hurries", "runs", "waits", "late", "done", "over"];
    const clocks = [...now.clocks].sort((a, b) => order.indexOf(a.shown) - order.indexOf(b.shown) || new Date(a.until || 8e15) - new Date(b.until || 8e15));
    const relay = clocks.find((each) => each.id === "relay"), rest = clocks.filter((each) => each !== relay && !each.id.startsWith("supplement"));
    const nothing = (words) => tile(words, say("没有在计", "none"), "", { look: "none" });
    const hurt = f.serious_injuries === null && f.minor_injuries === null ? none() : thousands((f.serious_injuries || 0) + (f.minor_injuries || 0));
    const reached = now.zones.filter((each) => each.reached), outer = reached[reached.length - 1];
    return el("section", { class: "kpis hi-strip fades", "aria-label": say("时限和伤亡", "Clocks and losses") },
      tile(say("距接报", "Since report"), el("span", { "data-up": f.reported_at }, ""), say(`${minute(f.reported_at)} 接报`, `reported ${minute(f.reported_at)}`)),
      relay ? due(relay) : nothing(say("向上级报告", "Report upwards")), rest[0] ? due(rest[0]) : nothing(say("其他时限", "Other clocks")),
      orders_tile(now),
      tile(say("死亡 / 伤员", "Dead / hurt"), [el("span", { class: f.deaths ? "r" : "" }, shown(f.deaths)), " / ", hurt], say(`失踪 ${shown(f.missing)}·被困 ${shown(f.trapped)}`, `missing ${shown(f.missing)} · trapped ${shown(f.trapped)}`)),
      outer ? tile(say("影响最远", "Farthest reach"), far(outer), `${level(outer)[0]}·${people(outer)}`) : tile(say("影响最远", "Farthest reach"), say("未推演", "not computed"), "", { look: "none" }),
      tile(say("疏散转移", "Moved to safety"), shown(f.evacuated), f.evacuated === null || f.evacuated === undefined ? "" : say("人", "people"), { wide: true, look: f.evacuated === null ? "none" : "" }),
      rest[1] ? Object.assign(due(rest[1]), { className: "kpi wide-only" }) : tile(say("重伤 / 轻伤", "Serious / minor"), [shown(f.serious_injuries), " / ", shown(f.minor_injuries)], "", { wide: true }),
      tile(say("生效预警", "Warnings in force"), String(now.warnings.length), now.warnings[0]?.title || say("本市没有生效的预警", "none in force"), { wide: true }),
      tile(say("涉及物质", "Substance"), f.chemical_name || say("未知", "unknown"), f.chemical || say("CAS 号未填", "no CAS number"), { wide: true, look: f.chemical_name ? "" : "none" }));
  }

  const numbered = (now) => now.orders && now.orders.length;
  /* In a replay it is the moment that is looked back to: what was in time then is not late. */
  let looked = null;
  const clock = () => looked || time.now();
  const overdue = (each) => each.receipt && new Date(each.receipt) < clock();
  const behind = (each) => each.eta && each.state === "on_way" && new Date(each.eta) < clock();
  function orders_tile(now) {
    if (numbered(now)) {
      const waits = now.orders.filter((each) => each.receipt), late = waits.filter(overdue);
      return tile(say("指令未签收", "Orders not received"), [String(waits.length), el("small", {}, say("条", ""))], late.length ? say(`超时 ${late.length} 条·${two(late[0].number)} 号`, `${late.length} overdue, no. ${late[0].number}`) : say(`共 ${now.orders.length} 条`, `of ${now.orders.length}`), { look: late.length ? "o" : "" });
    }
    const lines = now.log.filter((line) => line.kind === "order");
    return tile(say("指令", "Orders"), [String(lines.length), el("small", {}, say("条", ""))], lines.length ? say("记在日志，无回执", "in the log, no receipts") : say("没有下达", "none given"));
  }

  function zones({ now }) {
    const rows = now.zones.map((zone) => { const [name, does] = level(zone); return el("div", { class: "wall-row hi-zone" }, glyph(Math.min(4, zone.severity)), el("div", { class: "nm" }, el("b", {}, name), " ", el("span", { class: "t2" }, does)), el("div", { class: "q" }, zone.reached ? (zone.people === null ? el("span", { class: "t3" }, say("未统计", "not counted")) : [thousands(zone.people), el("small", {}, say(" 人", " people"))]) : el("span", { class: "t3" }, say("未达到", "not reached"))), el("div", { class: "w t2" }, zone.reached ? `${zone.value} ${zone.unit}·${far(zone)}` : `${zone.value} ${zone.unit}`), el("div", { class: "w t3 right" }, zone.cut !== "none" ? say("▲ 截断", "▲ cut") : !zone.valid ? say("▲ 超适用范围", "▲ outside validity") : zone.verified ? "" : say("未核实", "unverified"))); });
    return panel("zones", say("影响范围", "Reach"), now.scenario ? say(`${minute(now.scenario.computed_at)} 计算，外区人数含内区`, `${minute(now.scenario.computed_at)}, outer includes inner`) : say("未推演", "not computed"), ...(rows.length ? paged(rows) : [note(say("没有关联推演情景", "No scenario belongs to it"))]));
  }

  function limits({ now }) {
    return el("div", { class: "hi-limits" }, icon("warn", 26), el("div", {}, el("b", {}, say("什么没有算", "What was not counted")), el("ul", {}, now.limits.map((words) => el("li", {}, words)))));
  }

  function targets(state) {
    const { now } = state, rows = (now.targets || []).map((each) => el("div", { class: "wall-row hi-row" }, el("img", { src: `${window.OneMap.base}api/symbols/${each.symbol}.svg`, alt: "", width: 38, height: 38 }), el("div", { class: "nm" }, el("div", { class: "el" }, each.name), el("div", { class: "w t2" }, `${each.kind}·${length(each.distance)}`)), el("div", { class: "st" }, el("div", {}, each.room ? each.room : each.people === null || each.people === undefined ? say("人数未填", "people not told") : say(`${thousands(each.people)} 人`, `${thousands(each.people)} people`)), el("div", { class: "t3" }, glyph(Math.min(4, each.severity))))));
    const more = now.targets ? say(`${now.targets_total} 处在影响区内`, `${now.targets_total} inside`) : say("未推演", "not computed");
    return panel("targets", say("敏感目标", "Protected"), more, ...(rows.length ? paged(rows) : [note(now.targets ? say("影响区内没有在册目标", "No registered one inside") : say("没有影响区，未列目标", "No zones, so none listed"))]), limits(state));
  }

  function orders({ now }) {
    if (numbered(now)) {
      /* what nobody has received in time stands first, then what is under way, what is over last: a page shows few of them */
      const place = (each) => (overdue(each) ? 0 : each.receipt ? 1 : ["done", "withdrawn", "unable"].includes(each.state) ? 3 : 2);
      const rows = [...now.orders].sort((a, b) => place(a) - place(b) || a.number - b.number).map((each) => { const late = overdue(each), look = late ? "o" : ["done", "arrived"].includes(each.state) ? "acc" : ["withdrawn", "unable"].includes(each.state) ? "t3" : ""; return el("div", { class: `wall-row hi-order ${late ? "waits" : ""}`, "data-order": each.number }, el("span", { class: "no" }, two(each.number)), el("div", { class: "nm" }, el("div", { class: "el" }, each.action), el("div", { class: "w t2 el" }, each.to)), el("div", { class: "st" }, el("div", { class: look }, late ? icon("warn", 20) : "", each.receipt ? say("未签收", "not received") : each.word), el("div", { class: "t3" }, each.receipt ? el("span", { "data-up": each.at }, "") : each.eta && each.state === "on_way" ? (behind(each) ? el("span", { class: "o" }, say(`▲ 应于 ${minute(each.eta)} 到`, `▲ was due ${minute(each.eta)}`)) : say(`预计 ${minute(each.eta)} 到`, `due ${minute(each.eta)}`)) : minute(each.since)))); });
      return panel("orders", say("指令", "Orders"), say(`${rows.length} 条，完成 ${now.orders.filter((each) => each.state === "done").length}`, `${rows.length}, ${now.orders.filter((each) => each.state === "done").length} done`) + (now.tasks ? say(`·任务 ${now.tasks.done} / ${now.tasks.total}`, ` · tasks ${now.tasks.done} / ${now.tasks.total}`) : ""), ...paged(rows));
    }
    const lines = now.log.filter((line) => line.kind === "order"), tasks = now.tasks ? say(`·任务 ${now.tasks.done} / ${now.tasks.total}`, ` · tasks ${now.tasks.done} / ${now.tasks.total}`) : "";
    const rows = lines.map((line) => el("div", { class: "wall-row hi-order" }, el("span", { class: "no" }, minute(line.happened_at)), el("div", { class: "nm" }, el("div", { class: "two" }, line.text)), el("div", { class: "st t3" }, who(line.by))));
    return panel("orders", say("指令", "Orders"), `${say("记在日志", "in the log")}${tasks}`, ...(rows.length ? paged(rows) : [note(say("没有下达指令", "No order was given"))]));
  }

  function log({ now }) {
    const rows = now.log.map((line) => el("div", { class: "wall-row hi-line" }, el("time", {}, minute(line.happened_at)), el("div", { class: "nm two" }, el("b", {}, line.kind_word), " ", line.text), el("span", { class: "t3" }, who(line.by))));
    return panel("log", say("事件日志", "Log"), say(`${now.lines} 条，新的在前`, `${now.lines}, newest first`), ...paged(rows));
  }

  /* The rest of what is known, on the wide wall. */
  function losses({ now }) {
    const f = now.facts, rows = [[say("死亡", "Dead"), f.deaths], [say("失踪", "Missing"), f.missing], [say("重伤（含急性中毒）", "Serious injuries"), f.serious_injuries], [say("轻伤", "Minor injuries"), f.minor_injuries], [say("被困", "Trapped"), f.trapped], [say("疏散转移", "Moved to safety"), f.evacuated]];
    return panel("losses", say("伤亡与处置", "Losses and course"), now.code, el("dl", { class: "hi-losses" }, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { class: value === null || value === undefined ? "t3" : "" }, shown(value)))),
      el("div", { class: "all" }, el("dt", {}, say("单位", "Enterprise")), el("dd", { class: "el" }, f.enterprise_name || none())), el("div", { class: "all" }, el("dt", {}, say("地点", "Where")), el("dd", { class: "el" }, [f.area_name, f.address].filter(Boolean).join("·") || none()))));
  }

  /* Past solid, now a bar, what is expected hollow; labels never closer than four letters. */
  function course({ now, moment, wide: broad }) {
    const at = moment ? new Date(moment) : time.now(), from = new Date(now.facts.reported_at), marks = now.marks.map((each) => ({ at: new Date(each.at), first: each.first || (each.step && each.kind === "decision"), word: each.first ? say("接报", "Reported") : each.step && each.kind === "decision" ? each.text.replace(/^启动响应\s*(.)级$/, "$1级响应").slice(0, 8) : each.word }));
    const expected = now.clocks.filter((each) => each.until && ["runs", "hurries"].includes(each.shown) && !each.id.startsWith("supplement") && new Date(each.until) > at).map((each) => ({ at: new Date(each.until), word: each.title, hollow: true })).sort((a, b) => a.at - b.at).slice(0, 2);
    const passed = Math.max(60000, at - from), last = expected.length ? Math.min(expected[expected.length - 1].at - from, passed * 1.6) : passed * 1.15;
    const place = (when) => 4 + 90 * Math.min(1, Math.max(0, (when - from) / Math.max(passed * 1.15, last)));
    const all = [...marks, { at, word: moment ? time.minute(at) : say("现在", "Now"), now: true }, ...expected];
    const taken = [];
    const words = [...all].sort((a, b) => Boolean(b.now) - Boolean(a.now) || Boolean(a.hollow) - Boolean(b.hollow) || Boolean(b.first) - Boolean(a.first)).filter((each) => { const x = place(each.at), wide = 0.6 + each.word.length * (broad ? 1.06 : 1.98); if (taken.some(([y, w]) => Math.abs(x - y) < (wide + w) / 2 + 0.6)) return false; taken.push([x, wide]); return true; });
    return el("div", { class: "hi-course", "aria-label": say("时间轴", "Time line") }, el("i", { class: "all" }), el("i", { class: "past", style: `width:${place(at) - 4}%` }),
      ...all.map((each) => el("i", { class: each.now ? "now" : each.hollow ? "dot hollow" : "dot", style: `left:${place(each.at)}%` })),
      ...words.map((each) => el("span", { class: each.now ? "now" : each.hollow ? "t3" : "", style: place(each.at) > 86 ? "right:1%;transform:none" : place(each.at) < 7 ? "left:1.5%;transform:none" : `left:${place(each.at)}%` }, each.word)));
  }

  /* The wind its zones were computed with: that of the city has its own place on the calm wall. */
  function wind({ now, moment }) {
    const of = now.wind;
    if (!now.scenario || !of) return null;
    const drawn = furniture.wind({ from: of.from, direction: of.direction, speed: of.speed, station: "", at: null });
    drawn.classList.add("hi-wind");
    const who = of.typed ? say("人工填写", "typed") : of.station, at = of.at ? (moment ? say(` ${minute(of.at)} 读数`, ` read ${minute(of.at)}`) : el("span", { "data-at": of.at })) : "";
    drawn.lastElementChild.replaceChildren(el("div", { class: "t2" }, say("推演所用的风", "The wind of the zones")), drawn.querySelector("b"), el("div", { class: of.stale ? "y" : "t3" }, of.stale ? say("过期 ", "stale ") : "", `${who} `, at));
    return drawn;
  }

  function cards({ now, told, played, moment }) {
    const title = now.scenario ? say(`${now.scenario.chemical_name || ""}影响范围`, `Reach of ${now.scenario.chemical_name || "it"}`) : say("事发地点", "Where it happened");
    const doubt = now.scenario ? (now.bands.length ? [el("i", { class: "dashes" }), now.scenario.round ? say("不确定范围（已发表方法或输入之间）", "uncertain (between published methods or inputs)") : say("不确定范围（风向偏转）", "uncertain (turns of the wind)")] : now.scenario.round ? say("无不确定带（无来源）", "no band: no source") : say("风向偏转没有算", "turns of the wind not counted")) : say("没有推演情景", "no scenario");
    const waiting = played || moment ? [] : told.waiting;
    return el("div", { class: "hi-cards" }, el("div", { class: "furniture hi-title" }, el("b", {}, title), el("span", {}, doubt), now.scenario ? el("span", { class: "t2" }, now.scenario.weather) : null), el("div", { class: "hi-winds" }, wind({ now, moment }),
      now.projection ? el("div", { class: "furniture hi-projected", role: "status", "data-projection": now.projection.code }, el("b", {}, now.projection.wind && !now.projection.wind.typed ? say("▲ 按当前风推算，未采用", "▲ Projected of the wind now, not adopted") : say("▲ 按当前条件推算，未采用", "▲ Projected, not adopted")), el("span", {}, now.projection.text), el("span", { class: "t2" }, say(`${minute(now.projection.at)} 推算`, `projected ${minute(now.projection.at)}`))) : null),
      waiting.length ? el("div", { class: "furniture hi-waiting" }, el("b", {}, say("待核实", "Unconfirmed")), ` ${waiting[0].title} `, el("span", { class: "t3", "data-at": waiting[0].at }), waiting.length > 1 ? say(`，共 ${waiting.length} 起`, `, ${waiting.length} in all`) : "") : null,
      now.alarms.length ? el("div", { class: "furniture hi-alarms" }, say("来源报警 ", "Of alarms: "), now.alarms.slice(0, 2).map((each) => el("span", {}, glyph(each.level), ` ${each.title} · ${each.word}`)), now.alarms.length > 2 ? say(` 等 ${now.alarms.length} 条`, ` and ${now.alarms.length - 2} more`) : "") : null,
      told.more ? el("div", { class: "furniture hi-waiting" }, say(`另有 ${told.more} 起在办未轮播`, `${told.more} more in hand`)) : null);
  }

  /* The rest of the city, so that what happens elsewhere is not lost behind one incident; of what is real alone. */
  let small = null;
  function inset(room, { now, others, played, moment, wide }) {
    if (!wide || played || moment) { if (small) small.box.remove(); return; }
    if (!small) {
      const box = el("div", { class: "hi-inset" }, el("header", {}, el("b", {}, say("全市", "City")), el("span", {})), el("div", { class: "hi-small" }));
      small = { box, map: null };
    }
    room.append(small.box);
    small.box.querySelector("span").textContent = say(`其他报警 ${others.length}`, `${others.length} other alarms`);
    if (!small.map) {
      small.map = L.map(small.box.querySelector(".hi-small"), { zoomControl: false, attributionControl: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false, keyboard: false, zoomSnap: 0.25, fadeAnimation: false, aside: true });
      small.map.setView([33.2, 121.9], 9);
      window.OneMap.patient(room.parentElement.dataset.tiles, { tileSize: 512, zoomOffset: -1, maxNativeZoom: 18 }).addTo(small.map);
      small.group = L.layerGroup().addTo(small.map);
      window.OneMap.risk.outlines("areas").then((city) => { if (city.size) small.map.fitBounds(L.geoJSON([...city.values()]).getBounds(), { animate: false }); }).catch(() => { /* the middle of the city stays */ });
    }
    small.map.invalidateSize(false);
    small.group.clearLayers();
    const dot = (at, look, words) => L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: `hi-dot ${look}`, html: words, iconSize: [26, 26] }) }).addTo(small.group);
    for (const each of [...others].sort((a, b) => b.level - a.level)) if (each.lon !== null) dot([each.lat, each.lon], "", glyph(each.level));
    const place = now.facts.place;
    if (place) dot([place.lat, place.lon], "here", el("i", {}));
  }

  /* How many orders are late at a moment: between two entries of a replay that alone may change. */
  const lateAt = (now, at) => { looked = at ? new Date(at) : null; return (now?.orders || []).filter((each) => overdue(each) || behind(each)).length; };

  function fill(room, state) {
    looked = state.moment ? new Date(state.moment) : null;
    const { now, played, moment } = state, stays = room.querySelector(".hi-inset");
    const marks = [played ? el("div", { class: "hi-drilled", "aria-hidden": "true" }, el("b", {}, say("演 练", "EXERCISE")), el("span", {}, say("演练画面，不是真实事件", "This is an exercise, nothing real"))) : null, moment ? el("div", { class: "hi-replayed" }, say("回放", "REPLAY")) : null];
    room.parentElement.toggleAttribute("data-empty", !now);
    if (!now) { room.replaceChildren(...[head(state), ...marks].filter(Boolean)); return; }
    room.replaceChildren(...[head(state), strip(state), zones(state), targets(state), orders(state), log(state), losses(state), el("div", { class: "hi-over" }, cards(state), moment ? null : course(state)), ...marks, stays].filter(Boolean));
    inset(room, state);
  }

  window.OneMap.hallParts = { fill, lateAt, span, level, people, patterns, minute };
})();
