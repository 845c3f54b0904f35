/* The designer: systems and versions, the open version as diagram and table, its draft, its differences, publishing it. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, debounce, thousands, time } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip } = my;
  const parts = window.OneMap.design;
  const copy = (data) => JSON.parse(JSON.stringify(data));
  const minute = (iso) => `${time.date(new Date(iso))} ${time.minute(new Date(iso))}`;
  const PARTS = [["head", say("名称与依据", "Title and law")], ["states", say("状态", "States")], ["documents", say("文书", "Documents")], ["reminders", say("提醒", "Reminders")]];

  function start(screen) {
    window.OneMap.office.frame(screen);
    const [systems, sheet, side] = ["systems", "sheet", "side"].map((part) => screen.querySelector(`#design-${part}`));
    const state = { all: null, one: null, data: null, live: false, open: "", faults: [], changes: [], mark: "", in_force: 0, kept: "" };

    async function list() {
      return my.room(systems, () => get("api/cases/design"), (answer) => {
        state.all = answer;
        if (!answer.systems.length) return my.empty(say("没有业务系统。", "No business systems."));
        return answer.systems.map((of) => el("section", { class: "design-system" }, el("button", { type: "button", class: "design-name", "data-system": of.id, "aria-pressed": String(of.id === state.one?.system), on: { click: () => open(of.id) } },
          el("b", {}, of.title), el("small", { class: "t3" }, say(`在用第 ${of.version} 版·在办 ${thousands(of.running)} 件${of.earlier ? `(早先版本 ${thousands(of.earlier)} 件)` : ""}`, `version ${of.version} in force · ${thousands(of.running)} running${of.earlier ? ` (${thousands(of.earlier)} by earlier versions)` : ""}`)),
          el("span", { class: "design-chips" }, of.offered ? chip(say("程序有更新", "Update offered")) : null, of.draft ? chip(say("有草稿", "Draft"), "dull") : null, of.gone.length ? chip(say("不能办理", "Cannot run"), "bad") : null)), of.id === state.one?.system ? versions() : null));
      });
    }

    function versions() {
      const one = state.one;
      return el("ol", { class: "design-versions", "aria-label": say("历次版本", "Versions") }, one.versions.map((each) => el("li", {}, el("button", { type: "button", "aria-pressed": String(!state.live && each.version === one.version), on: { click: () => open(one.system, each.version) } },
        el("span", {}, el("b", {}, say(`第 ${each.version} 版`, `Version ${each.version}`)), each.version === one.in_force ? chip(say("在用", "In force"), "good") : null, each.gone.length ? chip(say("规则缺失", "Rules missing"), "bad") : null),
        el("small", { class: "t3" }, `${each.at} ${each.by}·${each.origin}`), each.reason ? el("small", {}, each.reason) : null,
        el("small", { class: "t3" }, say(`在办 ${thousands(each.running)} 件`, `${thousands(each.running)} running`))))));
    }

    /* A version to look at; one's own draft comes first where there is one and nothing else was asked for. */
    async function open(system, version, fresh) {
      await flush();
      const answer = await my.room(sheet, () => get(`api/cases/design/one?${new URLSearchParams({ system, ...(version ? { version } : {}) })}`), () => []);
      if (!answer) return;
      Object.assign(state, { one: answer, data: answer.data, live: false, open: "", faults: [], changes: answer.changes, mark: "", in_force: answer.in_force });
      location.hash = version ? `${system}/${version}` : system;
      side.hidden = true;
      if (answer.draft && !version && !fresh) resume();
      else draw();
      await list();
    }

    function resume() {
      const { draft } = state.one;
      Object.assign(state, { data: draft.data, live: true, mark: draft.mark, in_force: draft.in_force, kept: draft.at });
      draw();
      look();
    }

    function begin(from) {
      Object.assign(state, { data: copy(from), live: true, mark: state.one.draft?.mark || "", in_force: state.one.in_force, kept: "" });
      draw();
      if (from === state.one.data && state.one.version === state.one.in_force) look(); else touched();
    }

    /* ---- as one writes: faults and differences from the server, the draft kept there ---- */
    let waits = false;
    const look = debounce(async () => {
      const asked = state.data;
      try {
        const answer = await post("api/cases/design/check", { system: state.one.system, data: asked });
        if (asked !== state.data || !state.live) return;
        Object.assign(state, { faults: answer.faults, changes: answer.changes, newest: answer.in_force });
        said();
      } catch (fault) { status(fault.message, true); }
    }, 350);
    const keep = debounce(() => flush(), 900);
    async function flush() {
      if (!waits || !state.live) return;
      waits = false;
      try {
        const { draft } = await post("api/cases/design/draft", { system: state.one.system, data: state.data, in_force: state.in_force, seen: state.mark });
        Object.assign(state, { mark: draft.mark, kept: draft.at });
        status(say(`草稿已存 ${minute(draft.at)}`, `Draft kept ${minute(draft.at)}`));
      } catch (fault) {
        if (fault.status === 409) collided(fault); else { waits = true; status(say(`草稿未能保存:${fault.message}`, `Draft not kept: ${fault.message}`), true); }
      }
    }
    function touched() { waits = true; look(); keep(); }
    const changed = () => { touched(); redraw_table(); };

    function collided(fault) {
      const note = sheet.querySelector(".design-note");
      note.hidden = false;
      note.replaceChildren(icon("warn", 16), el("span", {}, fault.message), button(say("改用那一份", "Take the other"), () => open(state.one.system)), button(say("以本页为准", "Keep this one"), async () => {
        state.mark = (await get(`api/cases/design/one?system=${encodeURIComponent(state.one.system)}`)).draft?.mark || "";
        waits = true;
        note.hidden = true;
        await flush();
      }));
    }

    function status(words, bad) {
      const node = sheet.querySelector(".design-status");
      if (node) { node.textContent = words; node.classList.toggle("adm-fault", Boolean(bad)); }
    }

    /* ---- the sheet ---- */
    function draw() {
      const { one, live } = state;
      const gone = one.versions.find((each) => each.version === one.version)?.gone || [];
      const history = !live && one.version !== one.in_force;
      const title = live ? say("草稿", "Draft") : history ? say(`第 ${one.version} 版(历史)`, `Version ${one.version}, earlier`) : say(`第 ${one.version} 版(在用)`, `Version ${one.version}, in force`);
      const tools = live
        ? [button(say("弃稿", "Drop the draft"), drop, "danger"), one.may_publish ? button(say("发布", "Publish"), publish, "primary") : null]
        : [button(history ? say("以此版为稿", "Write from this one") : say("修改", "Edit"), () => begin(one.data), "primary"), history && one.may_publish ? button(say("恢复此版", "Put it back"), back) : null];
      sheet.replaceChildren(
        el("header", { class: "adm-card design-head" }, el("div", {}, el("h3", { tabindex: "-1" }, one.title, el("span", { class: "t3" }, ` ${title}`)), el("p", { class: "t3 design-status", role: "status" }, live && state.kept ? say(`草稿已存 ${minute(state.kept)}`, `Draft kept ${minute(state.kept)}`) : "")), el("div", { class: "design-tools" }, tools)),
        el("div", { class: "adm-card design-note", role: "alert", hidden: true }),
        gone.length ? el("p", { class: "adm-card design-warn adm-fault", role: "alert" }, icon("warn", 16), say(` 本版引用的规则 ${gone.join("、")} 程序中已没有,按本版不能办理;改正后发布。`, ` This version names ${gone.join(", ")}, which the program no longer has: nothing can be done by it until a mended one is published.`)) : "",
        one.offered && !live ? offer() : "",
        live && !one.may_publish ? el("p", { class: "adm-card design-warn" }, say("流程全市共用,由管辖全市的系统管理员发布;您可以拟稿和查看差别。", "Procedures are the whole city's and published by its administrators; you may draft and compare.")) : "",
        el("section", { class: "adm-card design-said", "aria-label": say("错误和差别", "Faults and differences") }),
        el("section", { class: "adm-card design-drawn" }),
        el("section", { class: "adm-card design-steps" }),
        el("section", { class: "adm-card design-rest" }));
      redraw_table();
      said();
    }

    function offer() {
      const { offered } = state.one;
      return el("section", { class: "adm-card design-offer" }, el("h4", {}, say("程序更新带来的流程与在用版本不同,未自动生效", "The program brings another procedure, which is not in force")), changes(offered.changes), el("div", { class: "design-tools" }, button(say("以更新为稿", "Write from it"), () => begin(offered.data))));
    }

    const changes = (list_) => (list_.length ? el("ul", { class: "design-changes" }, list_.map((each) => el("li", {}, each.text))) : el("p", { class: "t3" }, say("没有差别。", "No differences.")));

    /* Faults first, each a way to its field; then what differs from the version in force. */
    function said() {
      const room = sheet.querySelector(".design-said"), w = parts.words(state.one, state.data);
      if (!state.live && !state.changes.length) { room.hidden = true; return; }
      room.hidden = false;
      const faults = state.live ? state.faults : [];
      const stale = state.live && state.newest && state.newest !== state.in_force;
      room.replaceChildren(...[
        stale ? el("p", { class: "design-stale" }, icon("clock", 16), say(`拟稿后在用版本已变为第 ${state.newest} 版,差别按新版列出。`, `Version ${state.newest} has come into force since; differences are from it.`), button(say("看第 ", "See version ") + state.newest + say(" 版", ""), () => open(state.one.system, state.newest), "small"), button(say("已对照,继续", "Compared, go on"), () => { state.in_force = state.newest; waits = true; flush(); said(); }, "small")) : null,
        faults.length ? el("h4", { class: "adm-fault" }, say(`${faults.length} 处有误`, `${faults.length} faults`)) : null,
        faults.length ? el("ul", { class: "design-faults" }, faults.map((fault) => el("li", {}, el("button", { type: "button", class: "link", on: { click: () => pick(place(fault.field), fault.field) } }, where(fault.field, w)), ` ${fault.value && fault.value !== fault.field.split(".")[1] ? say(`“${w.any(fault.value)}”`, `“${w.any(fault.value)}” `) : ""}${fault.rule}`))) : null,
        faults.length ? null : el("h4", {}, state.live ? say(`与在用第 ${state.newest || state.in_force} 版的差别 ${state.changes.length} 项`, `${state.changes.length} differences from version ${state.newest || state.in_force}`) : say(`第 ${state.one.version} 版与在用版本的差别`, `How version ${state.one.version} differs from the one in force`)),
        faults.length ? null : changes(state.changes),
      ].filter(Boolean));
      for (const node of side.querySelectorAll("[data-fault]")) {
        const mine = faults.filter((fault) => fault.field === node.dataset.fault);
        node.textContent = mine.map((fault) => `${fault.value ? say(`“${w.any(fault.value)}”`, `“${w.any(fault.value)}” `) : ""}${fault.rule}`).join(say(";", "; "));
      }
      for (const row of sheet.querySelectorAll("tr[data-step]")) row.classList.toggle("wrong", faults.some((fault) => fault.field.split(".")[1] === row.dataset.step && fault.field.startsWith("steps.")));
    }
    const place = (field) => { const [what, name] = field.split("."); return what === "steps" && name ? `step:${name}` : ["states", "start", "final"].includes(what) ? "states" : ["documents", "reminders"].includes(what) ? what : "head"; };
    const where = (field, w) => { const [what, name] = field.split("."), step = what === "steps" && state.data.steps.find((each) => each.name === name); return step ? say(`步骤“${parts.pair(step.title) || step.name}”`, `Step “${parts.pair(step.title) || step.name}”`) : what === "states" && name ? w.state(name) : PARTS.find(([part]) => part === place(field))?.[1] || field; };

    function redraw_table() {
      const { data, one, live } = state, w = parts.words(one, data), names = (codes, table) => codes.map((code) => table[code] || code).join(say("、", ", "));
      const chosen = state.open.startsWith("step:") ? state.open.slice(5) : "";
      sheet.querySelector(".design-drawn").replaceChildren(parts.diagram(data, w, chosen, pick));
      const move = (n, by) => { data.steps.splice(n + by, 0, ...data.steps.splice(n, 1)); changed(); sheet.querySelectorAll("tr[data-step] .design-move")[(n + by) * 2 + (by > 0 ? 1 : 0)]?.focus(); };
      const rows = data.steps.map((step, n) => ({ step, selected: step.name === chosen, cells: [
        el("button", { type: "button", class: "adm-name", on: { click: () => pick(`step:${step.name}`) } }, el("b", {}, parts.pair(step.title) || step.name), step.law ? el("small", { class: "t3" }, parts.pair(step.law)) : null),
        el("span", {}, `${step.opens ? say("立项", "opens") : step.source.length > 3 ? say(`${step.source.length} 个状态`, `${step.source.length} states`) : names(step.source, w.states)} → ${w.state(step.target)}`),
        names(step.by, w.roles),
        el("span", {}, due(step, w)),
        el("span", {}, step.guards.length ? el("details", { class: "design-rules" }, el("summary", {}, say(`${step.guards.length} 条`, `${step.guards.length} rules`)), el("ul", {}, step.guards.map((guard) => el("li", {}, w.guards[guard] || guard)))) : "—"),
        [step.reason ? say("意见", "reason") : "", step.files ? say(`附件 ${step.files}`, `${step.files} files`) : "", ...step.documents.map((id) => w.papers[id] || id)].filter(Boolean).join(say("、", ", ")) || "—",
        ...(live ? [el("span", { class: "design-moves" }, el("button", { type: "button", class: "adm-button small design-move", disabled: n === 0, "aria-label": say(`${parts.pair(step.title)}上移`, `Move ${parts.pair(step.title)} up`), on: { click: () => move(n, -1) } }, "↑"), el("button", { type: "button", class: "adm-button small design-move", disabled: n === data.steps.length - 1, "aria-label": say(`${parts.pair(step.title)}下移`, `Move ${parts.pair(step.title)} down`), on: { click: () => move(n, 1) } }, "↓"))] : [])] }));
      const table = my.table([say("步骤", "Step"), say("状态", "States"), say("身份", "Who"), say("办理后期限", "Then due"), say("规则", "Rules"), say("须附", "With"), ...(live ? [say("顺序", "Order")] : [])], rows, (row) => pick(`step:${row.step.name}`));
      [...table.querySelectorAll("tbody tr")].forEach((line, n) => { line.dataset.step = data.steps[n].name; });
      sheet.querySelector(".design-steps").replaceChildren(el("header", { class: "design-tools" }, el("h4", {}, say(`步骤 ${data.steps.length} 个`, `${data.steps.length} steps`)), live ? button(say("新增步骤", "New step"), add, "small") : null), table);
      sheet.querySelector(".design-rest").replaceChildren(el("ul", { class: "design-parts" }, PARTS.map(([part, title]) => el("li", {}, el("button", { type: "button", class: "design-name", "aria-pressed": String(state.open === part), on: { click: () => pick(part) } }, el("b", {}, title), el("small", { class: "t3" }, summary(part, w)))))));
    }

    function due(step, w) {
      if (step.clock !== "goes_on") return w.clocks[step.clock] || step.clock;
      if (step.deadline) return w.deadlines[step.deadline] || step.deadline;
      if (step.until) return w.fields[step.until] || step.until;
      const found = step.limit && w.limits[step.limit];
      return found ? [found.term, found.status === "verified" ? null : el("span", { class: "design-doubt" }, found.status_word)] : step.limit || "—";
    }
    function summary(part, w) {
      const { data } = state;
      if (part === "head") return parts.pair(data.law);
      if (part === "states") return data.states.map(w.state).join(say("、", ", "));
      if (part === "documents") return data.documents.map((paper) => parts.pair(paper.title) || paper.id).join(say("、", ", ")) || say("无", "none");
      return data.reminders.map((rung) => `${rung.days > 0 ? "+" : ""}${rung.days} ${w.tiers[rung.tier] || rung.tier}`).join(say("、", ", ")) || say("无", "none");
    }

    /* ---- the side: one part, to read or to write ---- */
    function pick(what, field) {
      state.open = what;
      redraw_table();
      const { data, one, live } = state, w = parts.words(one, data);
      const redraw = () => pick(what);
      const form = parts.forms(data, w, one, live, changed);
      const name = what.startsWith("step:") ? what.slice(5) : "", step = name && data.steps.find((each) => each.name === name);
      if (name && !step) { shut(); return; }
      const title = step ? parts.pair(step.title) || step.name : PARTS.find(([part]) => part === what)[1];
      side.replaceChildren(
        el("header", {}, el("h3", { tabindex: "-1" }, title), step ? el("code", { class: "t3" }, step.name) : null, el("span", { class: "sp" }), step && live && !step.opens ? button(say("删去", "Take out"), () => { data.steps.splice(data.steps.indexOf(step), 1); changed(); shut(); }, "small danger") : null, el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: shut } }, icon("close"))),
        step ? form.step(step) : form[what](redraw));
      side.hidden = false;
      screen.dataset.open = what;
      said();
      const at = field && side.querySelector(`[data-fault="${CSS.escape(field)}"]`);
      (at?.closest(".design-field")?.querySelector("input,select,textarea") || side.querySelector("h3")).focus();
    }
    function shut() {
      const was = state.open;
      state.open = "";
      side.hidden = true;
      delete screen.dataset.open;
      redraw_table();
      said();
      (was.startsWith("step:") ? sheet.querySelector(`tr[data-step="${CSS.escape(was.slice(5))}"] .adm-name`) : sheet.querySelector(".design-parts button"))?.focus();
    }

    function add() {
      my.form(say("新增步骤", "New step"), [
        { name: "zh", label: say("步骤名称", "Title in Chinese"), required: true, longest: 120 }, { name: "en", label: say("英文名称", "Title in English"), required: true, longest: 120 },
        { name: "name", label: say("英文标识", "Identifier"), required: true, longest: 40, hint: say("小写字母、数字、下划线,如 approve", "small letters, digits, _; as approve") },
        { name: "source", label: say("在哪个状态办理", "From"), options: state.data.states.map((code) => [code, parts.words(state.one, state.data).state(code)]) },
        { name: "target", label: say("办理后状态", "To"), options: [["", say("不变", "stays")], ...state.data.states.map((code) => [code, parts.words(state.one, state.data).state(code)])] },
      ], say("增加", "Add"), ({ zh, en, name, source, target }) => {
        if (!/^[a-z][a-z0-9_]*$/.test(name) || state.data.steps.some((each) => each.name === name)) { const fault = new Error(""); fault.faults = [{ field: "name", value: name, rule: say("须为未用过的小写英文标识", "must be an identifier that no step has") }]; throw fault; }
        state.data.steps.push({ name, title: [zh, en], source: [source], target: target || null, by: ["officer"], asks: [], needs: [], guards: [], sets: null, limit: null, until: null, clock: "goes_on", reason: false, files: 0, documents: [], law: null, opens: false });
        changed();
        setTimeout(() => pick(`step:${name}`), 0);
      });
    }

    async function drop() {
      const done = await my.sure(say("弃稿", "Drop the draft"), say("所写内容不再保留,在用版本不变。", "What was written is not kept; the version in force stays."), say("弃稿", "Drop"), () => post("api/cases/design/draft", { system: state.one.system, data: null }));
      if (done) { waits = false; state.live = false; await open(state.one.system); }
    }

    /* What goes out of the house shows first what it changes and for whom, and asks why. */
    async function publish() {
      await flush();
      const answer = await post("api/cases/design/check", { system: state.one.system, data: state.data }).catch((fault) => { status(fault.message, true); return null; });
      if (!answer) return;
      Object.assign(state, { faults: answer.faults, changes: answer.changes, newest: answer.in_force });
      said();
      if (answer.faults.length || !answer.changes.length || answer.in_force !== state.in_force) { sheet.querySelector(".design-said").scrollIntoView({ block: "center" }); status(answer.faults.length ? say("有误,不能发布", "Faulty: cannot be published") : answer.changes.length ? say("请先对照新的在用版本", "Compare with the version in force first") : say("与在用版本没有差别", "It is what is in force already"), true); return; }
      confirm(state.data, answer.changes, state.in_force);
    }
    function confirm(data, list_, in_force) {
      const running = state.one.versions.reduce((sum, each) => sum + each.running, 0);
      const made = () => ({ node: el("div", { class: "wide design-confirm" }, el("p", {}, say(`发布后为第 ${in_force + 1} 版,立即用于新立项的案件;在办 ${thousands(running)} 件仍按原版本办完。`, `It becomes version ${in_force + 1} and holds at once for new cases; ${thousands(running)} that run end by theirs.`)), changes(list_)), value: () => undefined });
      my.form(say(`发布:${state.one.title}`, `Publish: ${state.one.title}`), [{ type: "made", make: made }, { name: "reason", label: say("发布理由", "Why"), required: true, longest: 400, wide: true }], say("发布", "Publish"), async ({ reason }) => {
        await post("api/cases/design/publish", { system: state.one.system, data, in_force, reason });
        waits = false;
        state.live = false;
        setTimeout(() => open(state.one.system, null, true), 0);
      });
    }
    async function back() {
      const { one } = state;
      const answer = await post("api/cases/design/check", { system: one.system, data: one.data });
      if (answer.faults.length) { begin(one.data); return; }
      if (!answer.changes.length) { status(say("与在用版本没有差别", "It is what is in force already"), true); return; }
      confirm(one.data, answer.changes, answer.in_force);
    }

    document.addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "Escape" && !side.hidden) shut();
      if (event.key === "Enter" && event.ctrlKey && state.live && state.one.may_publish) { event.preventDefault(); publish(); }
    });
    window.addEventListener("pagehide", () => { if (waits && state.live) fetch(`${base}api/cases/design/draft`, { method: "POST", credentials: "same-origin", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify({ system: state.one.system, data: state.data, in_force: state.in_force, seen: state.mark }) }); });
    const [wanted, version] = decodeURIComponent(location.hash.slice(1)).split("/");
    return list().then((answer) => { const first = answer?.systems.find((of) => of.id === wanted) || answer?.systems[0]; return first ? open(first.id, first.id === wanted ? version : null) : null; }).then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=design]");
    if (!screen) return;
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
