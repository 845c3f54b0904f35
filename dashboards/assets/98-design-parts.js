/* Parts of a procedure: its states as a diagram, and the forms of a step, of states, documents, reminders and its head. */
(function () {
  "use strict";
  const { el, say } = window.OneMap;
  const english = window.OneMap.english;
  const pair = (two) => (english ? two[1] : two[0]);

  /* Codes in words: those that may be chosen, and what the open version calls its own. */
  function words(one, data) {
    const of = (list) => Object.fromEntries(list.map((each) => [each.code, each.name]));
    const c = one.choices, states = of(c.states), limits = Object.fromEntries(c.limits.map((each) => [each.code, each]));
    for (const own of data.own || []) states[own.code] = pair(own.title);
    const tables = { states, fields: of(c.fields), roles: of(c.roles), clocks: of(c.clocks), tiers: of(c.tiers), guards: of(c.guards), effects: of(c.effects), deadlines: of(c.deadlines), papers: Object.fromEntries(data.documents.map((each) => [each.id, pair(each.title)])) };
    return { ...tables, limits, state: (code) => (code === null ? say("不变", "stays") : states[code] || code), any: (code) => { for (const table of Object.values(tables)) if (table[code]) return table[code]; return limits[code]?.name || code; } };
  }

  /* ---- the diagram: states by how far they are from the start, one line for all steps between two of them ---- */
  const SVG = "http://www.w3.org/2000/svg";
  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  function depths(data) {
    const depth = { [data.start]: 0 };
    for (let round = [data.start]; round.length;) {
      const next = [];
      for (const step of data.steps) for (const from of step.source) if (round.includes(from) && step.target && depth[step.target] === undefined) { depth[step.target] = depth[from] + 1; next.push(step.target); }
      round = next;
    }
    const far = Math.max(0, ...Object.values(depth));
    for (const state of data.states) if (depth[state] === undefined) depth[state] = far + 1;
    const end = Math.max(0, ...data.states.filter((state) => !data.final.includes(state)).map((state) => depth[state])) + 1;
    for (const state of data.final) if (depth[state] !== undefined) depth[state] = Math.max(depth[state], Math.min(end, far + 1));
    return depth;
  }

  function diagram(data, w, chosen, pick) {
    const depth = depths(data), columns = [];
    for (const state of data.states) (columns[depth[state]] ||= []).push(state);
    const filled = columns.filter(Boolean), tall = Math.max(...filled.map((one) => one.length));
    const W = english ? 172 : 124, H = 40, GX = 66, GY = 34, PAD = 18;
    const lows = 26 + 12 * Math.min(6, data.steps.filter((step) => step.source.some((from) => step.target && depth[step.target] < depth[from])).length);
    const width = PAD * 2 + filled.length * W + (filled.length - 1) * GX, height = PAD + tall * H + (tall - 1) * GY + lows;
    const at = {};
    filled.forEach((column, x) => column.forEach((state, y) => { at[state] = { x: PAD + x * (W + GX), y: PAD + (tall - column.length) * (H + GY) / 2 + y * (H + GY) }; }));
    const lines = new Map();
    for (const step of data.steps) for (const from of step.source) if (step.target && step.target !== from && at[from] && at[step.target]) {
      const key = `${from} ${step.target}`;
      lines.set(key, [...(lines.get(key) || []), step]);
    }
    const marker = (id, look) => svg("marker", { id, viewBox: "0 0 8 8", refX: "7", refY: "4", markerWidth: "8", markerHeight: "8", orient: "auto" }, svg("path", { d: "M0 0 8 4 0 8z", class: look }));
    const root = svg("svg", { class: "design-diagram", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": say("状态与步骤示意图,步骤在下表逐项列出", "States and steps; the table below lists every step") }, svg("defs", {}, marker("design-arrow", "tip"), marker("design-arrow-on", "tip on")));
    let back = 0;
    for (const [key, steps] of lines) {
      const [from, to] = key.split(" "), a = at[from], b = at[to], on = steps.some((step) => step.name === chosen);
      let d;
      if (depth[to] > depth[from]) { const x1 = a.x + W, y1 = a.y + H / 2, x2 = b.x, y2 = b.y + H / 2, far = depth[to] - depth[from] > 1 && y1 === y2 ? 30 : 0, m = (x2 - x1) / 2; d = `M${x1} ${y1 - far / 6}C${x1 + Math.min(m, 90)} ${y1 - far} ${x2 - Math.min(m, 90)} ${y2 - far} ${x2} ${y2}`; }
      else if (depth[to] === depth[from]) { const down = b.y > a.y, x = a.x + W / 2 + (down ? 12 : -12); d = `M${x} ${down ? a.y + H : a.y}L${x} ${down ? b.y : b.y + H}`; }
      else { back += 1; const low = height - 10 - 12 * ((back - 1) % 6); d = `M${a.x + W / 2 - 10} ${a.y + H}C${a.x + W / 2 - 10} ${low + 14} ${b.x + W / 2 + 10} ${low + 14} ${b.x + W / 2 + 10} ${b.y + H}`; }
      const line = svg("path", { d, class: `way${depth[to] < depth[from] ? " back" : ""}${on ? " on" : ""}`, "marker-end": `url(#design-arrow${on ? "-on" : ""})` }, svg("title", {}, steps.map((step) => pair(step.title)).join(say("、", ", "))));
      line.addEventListener("click", () => pick(`step:${steps[0].name}`));
      root.append(line);
    }
    for (const state of data.states) {
      const { x, y } = at[state], stays = data.steps.filter((step) => step.source.includes(state) && (step.target === null || step.target === state)).length;
      const look = state === data.start ? " start" : data.final.includes(state) ? " final" : "";
      const name = w.state(state), room = english ? 22 : 8;
      root.append(svg("g", { class: `state${look}`, transform: `translate(${x} ${y})` }, svg("rect", { width: W, height: H, rx: 6 }), svg("text", { x: W / 2, y: stays ? 18 : 25, "text-anchor": "middle" }, name.length > room ? `${name.slice(0, room - 1)}…` : name), stays ? svg("text", { x: W / 2, y: 33, "text-anchor": "middle", class: "small" }, say(`不变 ${stays} 步`, `${stays} stay here`)) : "", svg("title", {}, name)));
    }
    return el("div", { class: "design-canvas", tabindex: "0", role: "group", "aria-label": say("流程图", "Diagram") }, root);
  }

  /* ---- forms: each control writes into the data and says that it did; faults stand under the control they are about ---- */
  function forms(data, w, one, live, changed) {
    const fault = (at) => el("p", { class: "adm-fault", "data-fault": at, role: "status" });
    const box = (label, at, ...nodes) => el("div", { class: "design-field" }, el("div", { class: "design-label" }, label), ...nodes, fault(at));
    function line(label, value, at, write, more) {
      const input = el(more?.long ? "textarea" : "input", { value: value ?? "", rows: more?.long ? "2" : null, "aria-label": label, readonly: !live, type: more?.type || null, min: more?.min, maxlength: more?.longest || null, class: more?.narrow ? "narrow" : "", on: { input: () => { write(more?.type === "number" ? Number(input.value) : input.value); changed(); } } });
      if (more?.long) input.value = value ?? "";
      return input;
    }
    const two = (label, value, at, long) => box(label, at, el("div", { class: "design-two" }, line(say(`${label}(中文)`, `${label} in Chinese`), value[0], at, (v) => { value[0] = v; }, { long }), line(say(`${label}(英文)`, `${label} in English`), value[1], at, (v) => { value[1] = v; }, { long })));
    function choose(label, options, value, at, write, note) {
      const select = el("select", { "aria-label": label, disabled: !live, on: { change: () => { write(select.value || null); changed(); draw(); } } }, options.map(([code, name]) => el("option", { value: code ?? "", selected: (code ?? "") === (value ?? "") }, name)));
      const under = el("p", { class: "t3" });
      const draw = () => under.replaceChildren(...[note ? note(select.value) : ""].flat().filter(Boolean));
      draw();
      return box(label, at, select, note ? under : null);
    }
    function ticks(label, options, list, at, more) {
      const known = new Set(options.map(([code]) => code)), all = [...options, ...list.filter((code) => !known.has(code)).map((code) => [code, say(`${code}(程序中没有)`, `${code} (not in the program)`)])];
      return box(label, at, el("div", { class: "design-ticks", role: "group", "aria-label": label }, all.map(([code, name]) => el("label", {}, el("input", { type: "checkbox", checked: list.includes(code), disabled: !live, on: { change: (event) => { if (event.target.checked) list.push(code); else list.splice(list.indexOf(code), 1); more?.(code, event.target.checked); changed(); } } }), name))));
    }
    const check = (label, value, at, write) => el("label", { class: "design-tick" }, el("input", { type: "checkbox", checked: value, disabled: !live, on: { change: (event) => { write(event.target.checked); changed(); } } }), label);
    const button = (title, run, look) => (live ? el("button", { type: "button", class: `adm-button small ${look || ""}`, on: { click: run } }, title) : null);
    const pairs = (list) => list.map((each) => [each.code, each.name]);
    const states = () => data.states.map((code) => [code, w.state(code)]);

    function asks(step, at) {
      const names = Object.keys(w.fields), list = el("ol", { class: "design-asks" });
      const add = el("select", { "aria-label": say("增加填写内容", "Ask for more"), on: { change: () => { if (add.value) { step.asks.push(add.value); changed(); draw(); } } } });
      function draw() {
        list.replaceChildren(...step.asks.map((name, n) => el("li", {}, el("span", { class: "el" }, w.fields[name] || name),
          el("label", {}, el("input", { type: "checkbox", checked: step.needs.includes(name), disabled: !live, on: { change: (event) => { step.needs = event.target.checked ? [...step.needs, name] : step.needs.filter((one_) => one_ !== name); changed(); } } }), say("必填", "needed")),
          live ? el("button", { type: "button", class: "adm-button small", disabled: n === 0, "aria-label": say(`${w.fields[name]}上移`, `Move ${w.fields[name]} up`), on: { click: () => { step.asks.splice(n - 1, 0, ...step.asks.splice(n, 1)); changed(); draw(); } } }, "↑") : null,
          live ? el("button", { type: "button", class: "adm-button small", "aria-label": say(`不再填写${w.fields[name]}`, `Ask no more for ${w.fields[name]}`), on: { click: () => { step.asks.splice(n, 1); step.needs = step.needs.filter((one_) => one_ !== name); changed(); draw(); } } }, "×") : null)));
        add.replaceChildren(el("option", { value: "" }, say("增加填写内容…", "Ask for more…")), ...names.filter((name) => !step.asks.includes(name)).map((name) => el("option", { value: name }, w.fields[name])));
      }
      draw();
      return box(say("填写内容,按表单顺序", "Asks for, in the order of the form"), at, list, live ? add : null, fault(at.replace(/asks$/, "needs")));
    }

    const limit_note = (code) => { const found = w.limits[code]; return found ? [el("span", {}, say(`自${found.starts}起 ${found.term}·${found.source || "无出处"}`, `${found.term} from ${found.starts} · ${found.source || "no source"}`)), el("span", { class: `adm-chip ${found.status === "verified" ? "good" : "dull"}` }, found.status_word)] : []; };

    function step(step_) {
      const at = `steps.${step_.name}`;
      if (!step_.law) step_.law = null;
      const law = step_.law || ["", ""];
      const keep_law = () => { step_.law = law[0].trim() || law[1].trim() ? law : null; };
      return el("div", { class: "design-form" }, fault(at),
        two(say("步骤名称", "Title"), step_.title, `${at}.title`),
        step_.opens ? el("p", { class: "t3" }, say("立项步骤:案件由此进入起始状态。", "Opens a case, which is then in the state of start.")) : ticks(say("可在哪些状态办理", "From"), states(), step_.source, `${at}.source`),
        step_.opens ? null : choose(say("办理后状态", "To"), [[null, say("不变", "stays")], ...states()], step_.target, `${at}.target`, (v) => { step_.target = v; }),
        ticks(say("办理身份", "Who"), pairs(one.choices.roles), step_.by, `${at}.by`),
        asks(step_, `${at}.asks`),
        ticks(say("办理规则,全部满足才能办理", "Rules, all of which must hold"), pairs(one.choices.guards), step_.guards, `${at}.guards`),
        choose(say("办理结果", "What follows"), [[null, say("无", "nothing more")], ...pairs(one.choices.effects)], step_.sets, `${at}.sets`, (v) => { step_.sets = v; }),
        choose(say("办理后期限", "Then due within"), [[null, say("无", "no limit")], ...one.choices.limits.map((each) => [each.code, `${each.name} ${each.term}`])], step_.limit, `${at}.limit`, (v) => { step_.limit = v; }, limit_note),
        choose(say("期限取自所填日期(优先于上项)", "Due by a date filled in (before the above)"), [[null, say("无", "none")], ...pairs(one.choices.dates)], step_.until, `${at}.until`, (v) => { step_.until = v; }),
        one.choices.deadlines.length ? choose(say("期限按案件确定(不与上两项并用)", "Due as the case has it (instead of the above)"), [[null, say("无", "no")], ...pairs(one.choices.deadlines)], step_.deadline ?? null, `${at}.deadline`, (v) => { if (v) step_.deadline = v; else delete step_.deadline; }) : null,
        choose(say("计时", "Clock"), pairs(one.choices.clocks), step_.clock, `${at}.clock`, (v) => { step_.clock = v; }),
        box(say("理由和附件", "Reason and files"), `${at}.files`, check(say("须写办理意见", "with a reason"), step_.reason, at, (v) => { step_.reason = v; }), el("label", { class: "design-tick" }, say("附件至少", "files at least"), line(say("附件至少几个", "Files at least"), step_.files, `${at}.files`, (v) => { step_.files = v; }, { type: "number", min: "0", narrow: true }))),
        data.documents.length ? ticks(say("文书", "Documents"), data.documents.map((each) => [each.id, pair(each.title)]), step_.documents, `${at}.documents`) : null,
        box(say("依据(可不填)", "Law, if any"), `${at}.law`, el("div", { class: "design-two" }, line(say("依据(中文)", "Law in Chinese"), law[0], at, (v) => { law[0] = v; keep_law(); }, { long: true }), line(say("依据(英文)", "Law in English"), law[1], at, (v) => { law[1] = v; keep_law(); }, { long: true }))));
    }

    function head() {
      return el("div", { class: "design-form" }, two(say("流程名称", "Title"), data.title, "title"), two(say("说明", "About"), data.about, "about", true), two(say("依据", "Law"), data.law, "law", true));
    }

    function whole(redraw) {
      const own = (code) => (data.own || []).find((each) => each.code === code);
      const away = (code) => { data.states = data.states.filter((each) => each !== code); data.final = data.final.filter((each) => each !== code); if (data.own) { data.own = data.own.filter((each) => each.code !== code); if (!data.own.length) delete data.own; } for (const each of data.steps) each.source = each.source.filter((from) => from !== code); changed(); redraw(); };
      const rows = data.states.map((code) => el("li", {}, el("div", { class: "design-row" }, el("b", { class: "el" }, w.state(code)), el("code", { class: "t3" }, code), check(say("办结", "final"), data.final.includes(code), "states", (v) => { data.final = v ? [...data.final, code] : data.final.filter((each) => each !== code); }), button(say("删去", "Take out"), () => away(code), "danger")),
        own(code) ? el("div", { class: "design-own" }, two(say("状态名称", "Name"), own(code).title, `states.${code}`), choose(say("待谁办理", "Acts next"), pairs(one.choices.roles).filter(([role]) => role !== "system"), own(code).turn, `states.${code}.turn`, (v) => { own(code).turn = v; })) : fault(`states.${code}`)));
      const left = one.choices.states.filter((each) => !data.states.includes(each.code));
      const pick = el("select", { "aria-label": say("增加已有状态", "Add a state of the list") }, left.map((each) => el("option", { value: each.code }, each.name)));
      const code = el("input", { placeholder: say("英文标识,如 approving", "identifier, as approving"), "aria-label": say("新状态标识", "Identifier of a new state"), maxlength: "40" }), zh = el("input", { placeholder: say("名称", "in Chinese"), "aria-label": say("新状态名称", "Name in Chinese") }), en = el("input", { placeholder: say("英文名称", "in English"), "aria-label": say("新状态英文名称", "Name in English") });
      const add_own = () => { if (!code.value.trim()) { code.focus(); return; } data.own = [...(data.own || []), { code: code.value.trim(), title: [zh.value.trim(), en.value.trim()], turn: "officer" }]; data.states.push(code.value.trim()); changed(); redraw(); };
      return el("div", { class: "design-form" }, fault("states"),
        choose(say("起始状态", "State of start"), states(), data.start, "start", (v) => { data.start = v; for (const each of data.steps) if (each.opens) each.target = v; }),
        el("ol", { class: "design-list" }, rows),
        live && left.length ? el("div", { class: "design-add" }, pick, button(say("增加", "Add"), () => { data.states.push(pick.value); changed(); redraw(); })) : null,
        live ? el("div", { class: "design-add" }, code, zh, en, button(say("新建状态", "New state"), add_own)) : null);
    }

    const form_note = (code) => { const found = one.choices.forms.find((each) => each.code === code); return found ? [el("span", {}, say("式样:", "form: "), found.status_word)] : []; };

    function papers(redraw) {
      const id = el("input", { placeholder: say("英文标识,如 notice", "identifier, as notice"), "aria-label": say("新文书标识", "Identifier of a new document"), maxlength: "40" });
      return el("div", { class: "design-form" }, fault("documents"), el("ol", { class: "design-list" }, data.documents.map((paper) => el("li", {}, el("div", { class: "design-row" }, el("code", { class: "t3 el" }, paper.id), button(say("删去", "Take out"), () => { data.documents = data.documents.filter((each) => each !== paper); for (const each of data.steps) each.documents = each.documents.filter((one_) => one_ !== paper.id); changed(); redraw(); }, "danger")), two(say("文书名称", "Title"), paper.title, `documents.${paper.id}`), choose(say("式样", "Form"), [["", say("请选择", "choose")], ...pairs(one.choices.forms)], paper.form, `documents.${paper.id}.form`, (v) => { paper.form = v || ""; }, form_note), choose(say("印发条件", "Made where"), [[null, say("办理即印发", "always")], ...pairs(one.choices.conditions)], paper.when ?? null, `documents.${paper.id}`, (v) => { paper.when = v; }), fault(`documents.${paper.id}.fills`)))),
        live ? el("div", { class: "design-add" }, id, button(say("增加文书", "Add"), () => { if (!id.value.trim()) { id.focus(); return; } data.documents.push({ id: id.value.trim(), title: ["", ""], form: "", fills: [], when: null }); changed(); redraw(); })) : null);
    }

    function ladder(redraw) {
      return el("div", { class: "design-form" }, fault("reminders"), el("p", { class: "t3" }, say("相对期限的天数:负数为期限前,0 为到期当日,正数为逾期后。", "Days from the deadline: negative before it, 0 that day, positive after it.")),
        el("ol", { class: "design-list" }, data.reminders.map((rung) => el("li", {}, el("div", { class: "design-row" }, line(say("天数", "Days"), rung.days, "reminders", (v) => { rung.days = v; }, { type: "number", narrow: true }), el("select", { "aria-label": say("提醒谁", "Who is told"), disabled: !live, on: { change: (event) => { rung.tier = event.target.value; changed(); } } }, one.choices.tiers.map((tier) => el("option", { value: tier.code, selected: tier.code === rung.tier }, tier.name))), button(say("删去", "Take out"), () => { data.reminders = data.reminders.filter((each) => each !== rung); changed(); redraw(); }, "danger"))))),
        el("div", { class: "design-add" }, button(say("增加提醒", "Add"), () => { data.reminders.push({ days: (data.reminders[data.reminders.length - 1]?.days ?? -1) + 1, tier: "enterprise" }); changed(); redraw(); }), button(say("按时间排序", "Put in order"), () => { data.reminders.sort((a, b) => a.days - b.days); changed(); redraw(); })));
    }
    return { step, head, states: whole, documents: papers, reminders: ladder };
  }

  window.OneMap.design = { words, diagram, forms, pair };
})();
