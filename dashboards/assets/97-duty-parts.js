/* Parts of the duty desk drawn of one incident: its bar, the chain of seven steps, its log, its clocks. */
(function () {
  "use strict";
  const { el, icon, say, time, base } = window.OneMap;
  const duty = (window.OneMap.duty = window.OneMap.duty || {});
  const two = (n) => String(n).padStart(2, "0");
  const THREE = ["", "flash", "followup", "special"];

  function span(seconds) {
    const s = Math.abs(Math.round(seconds)), h = Math.floor(s / 3600);
    return h >= 100 ? say(`${Math.floor(h / 24)} 天`, `${Math.floor(h / 24)} d`) : `${two(h)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  }
  const clockOf = (iso) => (iso ? time.clock(new Date(iso)) : "");
  const short = (iso) => time.dated(new Date(iso), time.clock);
  const who = (name) => String(name || "").split(/[,，]/)[0];

  duty.paper = (each, form) => `${base}api/incidents/paper?entry=${encodeURIComponent(each.entry)}&form=${form}`;

  /* A clock counts in the page between two readings: until when it is the server's to say. */
  function counting(one) {
    if (one.shown === "done" || one.shown === "late" || one.shown === "over" || !one.until) return { shown: one.shown, words: "" };
    const left = (new Date(one.until) - time.now()) / 1000, over = left < 0;
    const shown = one.shown === "runs" && left < 0 ? "over" : over ? (one.id.startsWith("supplement") ? "over" : "overdue") : one.shown;
    return { shown, over, words: span(left) };
  }
  const STANDS = { waits: say("起算时间未填", "beginning not told"), done: say("已完成", "done"), late: say("逾期完成", "done late"), over: say("已过期", "over") };

  function clock(one) {
    const now = counting(one), look = { overdue: "r", late: "o", hurries: "o" }[now.shown] || "";
    const figure = now.words ? (now.shown === "overdue" ? say(`超时 ${now.words}`, `overdue ${now.words}`) : now.words) : STANDS[now.shown] || "";
    const until = one.until ? say(`至 ${short(one.until)}`, `until ${short(one.until)}`) : one.note;
    return el("li", { class: `duty-clock ${look}`, "data-clock-id": one.id },
      el("div", { class: "nm" }, one.title, now.shown === "overdue" || now.shown === "hurries" ? icon("warn", 14) : null),
      el("b", { "data-until": now.words ? one.until : null, "data-id": one.id }, figure),
      el("div", { class: "t3" }, `${until} · ${one.basis}`, one.status === "verified" ? null : el("span", { class: "duty-doubt" }, say(`（${one.status_word}）`, ` (${one.status_word})`))));
  }

  function bar(box, one, acts) {
    if (!one) {
      box.className = "duty-bar none";
      box.replaceChildren(el("b", {}, say("没有打开的事件", "No incident is open")), el("span", { class: "t2" }, say("从报警立为事件，或登记来电、在图上标点", "Open one of an alarm, a call, or a place on the map")), el("span", { class: "sp" }), acts);
      return;
    }
    const f = one.facts, relay = one.clocks.find((each) => each.id === "relay"), open = ["reported", "confirmed", "responding", "controlled"].includes(f.state);
    box.className = `duty-bar ${one.exercise ? "played" : open ? `s-${f.state}` : "over"}`;
    const count = (words, node) => el("span", { class: "fig" }, words, " ", node);
    const hurt = f.serious_injuries === null && f.minor_injuries === null ? say("未报", "not told") : `${f.serious_injuries === null || f.minor_injuries === null ? say("至少 ", "at least ") : ""}${(f.serious_injuries || 0) + (f.minor_injuries || 0)}`;
    const grade = one.grade.level ? `${one.grade.word}${one.grade.at_least ? say("（至少）", " (at least)") : ""}` : say("未定级", "no level");
    box.replaceChildren(...[
      one.exercise ? el("span", { class: "word" }, say("演练", "EXERCISE")) : el("span", { class: "word" }, f.state_word),
      el("h2", { class: "el" }, f.title),
      el("span", { class: "chip-line" }, one.response.level ? one.response.word : say("响应未启动", "no response yet")),
      el("span", { class: "chip-line" }, grade),
      el("span", { class: "sp" }),
      open ? count(say("距接报", "since report"), el("b", { "data-up": f.reported_at }, "")) : count(f.state_word, el("b", {}, f.closed_at ? short(f.closed_at) : "")),
      f.merged_into ? el("button", { type: "button", class: "link", "data-act": "into", on: { click: () => duty.open(f.merged_into) } }, say(`并入 ${f.merged_into}`, `part of ${f.merged_into}`)) : null,
      relay ? count(relay.title, el("b", { class: counting(relay).shown === "overdue" ? "late" : "", "data-until": counting(relay).words ? relay.until : null, "data-id": relay.id }, counting(relay).words || STANDS[counting(relay).shown])) : null,
      count(say("死亡", "dead"), el("b", {}, f.deaths === null ? say("未报", "not told") : String(f.deaths))),
      count(say("伤员", "hurt"), el("b", {}, hurt)), acts].filter(Boolean));
  }

  /* Each step says what there is, or that it was not done; none is drawn as done that nobody did. */
  const NONE = say("未做", "Not done"), NAMES = [say("情景", "Scenario"), say("影响区", "Zones"), say("受影响", "Affected"), say("资源", "Resources"), say("指令", "Orders"), say("预警", "Warning"), say("报告", "Reports")];
  function chain(box, one, chosen, pick) {
    box.replaceChildren(...NAMES.map((name, n) => {
      const [figure, line, state] = one ? duty.rooms.get(n + 1).figure(one) : ["—", "", ""];
      return el("button", { type: "button", class: `duty-step ${state}`, "data-step": n + 1, "aria-pressed": String(chosen === n + 1), disabled: one ? null : true, on: { click: () => pick(n + 1) } },
        el("span", { class: "top" }, el("kbd", {}, String(n + 1)), name, el("i", { class: `mark ${state}`, "aria-hidden": "true" }, { done: "✓", warn: "▲", part: "◐" }[state] || "")),
        el("b", {}, figure), el("span", { class: "el t2" }, line));
    }));
  }

  function log(box, one, { strike, may, add }) {
    const head = el("header", {}, el("h3", {}, say("事件日志", "Log")), el("span", { class: "t3" }, say("可划去，不可删改", "struck through, never erased")), el("span", { class: "sp" }), may && one ? el("button", { type: "button", class: "link", on: { click: add } }, say("记一笔 ", "Note "), el("kbd", {}, "N")) : null);
    const lines = one ? one.log.map((line) => el("li", { class: line.struck ? "struck" : "", "data-entry": line.code },
      el("time", { title: `${say("记录", "written")} ${short(line.at)}` }, short(line.happened_at)), el("span", { class: "by el" }, who(line.by)), el("span", { class: "kd" }, line.kind_word),
      el("span", { class: "tx" }, line.struck ? el("s", {}, line.text) : line.text, line.struck ? el("span", { class: "t3" }, say(` ${who(line.struck.by)}划去：${line.struck.why}`, ` struck by ${who(line.struck.by)}: ${line.struck.why}`)) : null),
      may && !line.struck && line.by_hand ? el("button", { type: "button", class: "link", title: say("划去，原文保留", "Strike; the words stay"), on: { click: () => strike(line) } }, say("划去", "Strike")) : el("span"))) : [];
    box.replaceChildren(head, one ? el("ol", {}, lines) : el("p", { class: "alarms-empty" }, say("打开一个事件后显示它的日志", "The log of the incident that is open")));
  }

  const fact = (name, value, more) => [el("dt", {}, name), el("dd", {}, value || el("span", { class: "t3" }, say("未填", "not told")), more || null)];

  /* What stands under the step that is open; steps nobody can take here yet say so, and where it can be done. */
  function side(box, one, step, tools) {
    if (!one) { box.replaceChildren(el("section", {}, el("h3", {}, say("在办事件", "In hand")), tools.inHand())); return; }
    const beside = [...duty.sections.values()].flatMap((room) => (room.panel ? [room.panel(one, tools)] : []));
    box.replaceChildren(...[head(one, tools), duty.rooms.get(step).panel(one, tools), ...beside, facts(one, one.facts, tools), came(one, tools)].filter(Boolean));
  }

  function head(one, tools) {
    const acts = tools.may ? one.steps.map((each) => el("button", { type: "button", class: `button ${["confirm", "respond", "control", "close"].includes(each.step) ? "primary" : ""}`, "data-act": each.step, on: { click: () => tools.act(each) } }, each.title)) : [];
    return el("section", { class: "duty-acting" }, el("div", { class: "line" }, el("b", {}, one.code), el("span", { class: "t2" }, one.facts.state_word), el("span", { class: "sp" }), el("button", { type: "button", class: "link", on: { click: tools.close } }, say("收起 Esc", "Close Esc"))), el("div", { class: "duty-buttons" }, acts));
  }

  const scenario = (step) => (one) => el("section", {}, el("h3", {}, NAMES[step - 1]),
    el("p", { class: "t2" }, one.facts.hazard_source ? say("未做。按重大危险源的物质和存量、最近最新的气象填好情景，核对后计算。", "Not done. Filled of the hazard source's substance and stock and of the nearest fresh weather, checked and computed.") : say("未做。没有关联重大危险源，须人工填写情景。", "Not done. No hazard source is known: the scenario is filled by hand.")),
    el("div", { class: "duty-buttons" }, el("a", { class: "button", href: `${base}planner` }, say("打开推演", "Open the planner"))));


  function reports(one, tools) {
    const missing = one.lacking || [], made = one.reports || [], first = !one.log.some((line) => !line.struck && line.refs.some((ref) => ref === "report/flash"));
    const file = (each, form) => (each.files[form] ? el("a", { class: "link", href: duty.paper(each, form), target: "_blank", rel: "noopener", title: `SHA-256 ${each.files[form].sha256}` }, form.toUpperCase()) : el("span", { class: "t3" }, say("文件缺失", "file missing")));
    const over = ["false", "merged"].includes(one.facts.state);
    return el("section", {}, el("h3", {}, say("报告与时限", "Reports and clocks")),
      el("ul", { class: "duty-clocks" }, one.clocks.length ? one.clocks.map(clock) : el("li", { class: "t3" }, say("没有在计的时限", "no clock runs"))),
      missing.length ? el("p", { class: "o" }, say(`▲ 缺 ${missing.map((name) => one.titles[name] || name).join("、")}`, `▲ missing: ${missing.map((name) => one.titles[name] || name).join(", ")}`)) : el("p", { class: "t2" }, say("法定报告事项已填齐", "What the law asks for is there")),
      made.length ? el("ul", { class: "duty-papers" }, made.map((each) => el("li", { class: each.struck ? "struck" : "", "data-paper": each.number }, el("b", {}, say(`第 ${each.number} 号`, `No. ${each.number}`)), el("span", { class: "el" }, each.struck ? el("s", {}, each.kind_word) : each.kind_word, el("span", { class: "t3" }, ` ${short(each.at)} · ${who(each.by)}${each.struck ? say(" · 已划去", " · struck") : ""}`)), file(each, "pdf"), file(each, "docx")))) : el("p", { class: "t2" }, say("未制作报告", "No report was made")),
      tools.may && !over ? el("div", { class: "duty-buttons" }, (first ? ["flash"] : ["followup", "special"]).map((kind) => el("button", { type: "button", class: "button primary", "data-paper-of": kind, on: { click: () => tools.paper(kind) } }, { flash: say("制作快报", "Make the flash"), followup: say("制作续报", "Make a follow-up"), special: say("制作专报（终报）", "Make the final") }[kind]))) : null,
      tools.may && !over && !one.exercise ? el("details", { class: "duty-elsewhere" }, el("summary", {}, say("登记以其他方式报出的", "Sent by other means")), el("div", { class: "duty-buttons" }, THREE.slice(1).map((kind) => el("button", { type: "button", class: "button", "data-report": kind, on: { click: () => tools.report(kind) } }, { flash: say("登记已报快报", "Flash was sent"), followup: say("登记已报续报", "Follow-up was sent"), special: say("登记已报终报", "Final was sent") }[kind])))) : null);
  }

  function reported(one) {
    const sent = one.log.filter((line) => !line.struck && line.refs.some((ref) => ref.startsWith("report/"))), relay = one.clocks.find((each) => each.id === "relay"), now = relay && counting(relay);
    if (sent.length) return [say(`已报 ${sent.length} 次`, `${sent.length} sent`), short(sent[0].happened_at), "done"];
    return [now?.words ? (now.shown === "overdue" ? say(`超时 ${now.words}`, `overdue ${now.words}`) : now.words) : NONE, relay ? relay.title : "", now?.shown === "overdue" || now?.shown === "hurries" ? "warn" : ""];
  }
  const blank = () => [NONE, "", ""];
  duty.room(1, { figure: (one) => [NONE, one.facts.chemical_name || say("物质未知", "substance unknown"), ""], panel: scenario(1) });
  duty.room(2, { figure: blank, panel: scenario(2) });
  duty.room(3, { figure: blank, panel: scenario(3) });
  duty.room(7, { figure: reported, panel: reports });

  /* Where nobody marked it there is no way and no zone to be found: it is said, and mended from here. */
  function spot(f, one, tools) {
    const may = tools.may && !["closed", "false", "merged"].includes(f.state), button = may ? el("button", { type: "button", class: "link", "data-act": "place", on: { click: tools.place } }, f.place ? say("改位置 ", "move it ") : say("在图上标 ", "mark it "), el("kbd", {}, "L")) : null;
    return el("div", { class: f.place ? "t3" : "o" }, f.place ? `${f.place.lon.toFixed(5)}, ${f.place.lat.toFixed(5)} ` : say("▲ 没有位置 ", "▲ no place "), button);
  }

  function facts(one, f, tools) {
    const n = (name) => (f[name] === null || f[name] === undefined ? "" : String(f[name])), g = one.grade;
    const level = g.level ? `${g.word}${g.at_least ? say("（至少）", " (at least)") : ""}` : g.none;
    const suggest = one.response.suggested_word ? say(`建议 ${one.response.suggested_word}${one.response.reached.length ? `（${one.response.reached.join("、")}）` : ""}，来源未核实，由人决定`, `suggested: ${one.response.suggested_word}; not read in its text, a person decides`) : "";
    return el("section", {}, el("div", { class: "line" }, el("h3", {}, say("事件信息", "Facts")), el("span", { class: "sp" }), tools.may && one.steps.length && f.state !== "false" && f.state !== "merged" ? el("span", { class: "duty-edits" }, f.state === "closed" ? null : el("button", { type: "button", class: "link", "data-act": "told", on: { click: tools.told } }, say("填写情况", "What is known")), " ", el("button", { type: "button", class: "link", "data-act": "losses", on: { click: tools.losses } }, say("更正伤亡损失", "Correct losses"))) : null),
      el("dl", { class: "duty-facts" },
        fact(say("类型", "Kind"), f.kind_word), fact(say("来源", "Came by"), `${f.origin_word} · ${short(f.reported_at)}`), fact(say("发生时间", "Occurred"), f.occurred_at ? short(f.occurred_at) : ""),
        fact(say("单位", "Enterprise"), f.enterprise_name), fact(say("地点", "Where"), [f.address, f.area_name].filter(Boolean).join(" · "), spot(f, one, tools)),
        "reporter" in f || "reporter_phone" in f ? fact(say("报告人", "Reported by"), f.reporter ? `${f.reporter} ` : "", f.reporter_phone ? el("a", { class: "link", href: `tel:${f.reporter_phone.replace(/[^0-9+]/g, "")}` }, f.reporter_phone) : null) : fact(say("报告人", "Reported by"), el("span", { class: "t3" }, say("您的岗位无权查看", "not open to your role"))), fact(say("物质", "Chemical"), [f.chemical_name, f.chemical].filter(Boolean).join(" ")),
        fact(say("伤亡", "Casualties"), [["deaths", say("死", "dead")], ["missing", say("失踪", "missing")], ["serious_injuries", say("重伤", "serious")], ["minor_injuries", say("轻伤", "minor")]].map(([name, words]) => `${words} ${n(name) || say("未报", "not told")}`).join(say("，", ", "))),
        fact(say("直接损失", "Loss"), f.direct_loss === null || f.direct_loss === undefined ? "" : say(`${f.direct_loss / 10000} 万元`, `${f.direct_loss} yuan`)),
        fact(say("等级", "Level"), level, el("div", { class: "t3" }, g.reached.length ? `${g.reached.join("、")} · ${g.source}` : g.source)),
        fact(say("响应", "Response"), one.response.word || say("未启动", "not begun"), el("div", { class: "t3" }, suggest)),
        fact(say("经过", "Summary"), f.summary)));
  }

  function came(one, tools) {
    return el("section", {}, el("h3", {}, say("来源", "Came of")), one.links.length ? el("ul", { class: "duty-links" }, one.links.map((link) => el("li", {}, link.layer === "alarms" ? el("a", { class: "link", href: `${base}alarms?sel=${encodeURIComponent(link.key)}` }, link.title) : link.title, el("span", { class: "t3" }, `${link.role_word} · ${short(link.at)}`)))) : el("p", { class: "t2" }, say("没有关联报警。选中报警按 M 并入。", "No alarm is linked. Choose one and press M.")));
  }

  /* Once a second: figures are replaced where they stand. */
  function tick(screen) {
    for (const node of screen.querySelectorAll("[data-up]")) { const words = span((time.now() - new Date(node.dataset.up)) / 1000); if (node.textContent !== words) node.textContent = words; }
    for (const node of screen.querySelectorAll("[data-until]")) {
      const left = (new Date(node.dataset.until) - time.now()) / 1000, over = left < 0 && !node.dataset.id.startsWith("supplement");
      const words = over ? say(`超时 ${span(left)}`, `overdue ${span(left)}`) : left < 0 ? STANDS.over : span(left);
      if (node.textContent !== words) node.textContent = words;
      node.classList.toggle("late", over);
    }
  }

  Object.assign(duty, { bar, chain, log, side, clock, tick, short, who, clockOf, byHand: new Set() });
})();
