/* Cases: to-dos first, the list as the server filters it, one case with clock, next steps, log and files, statistics. */
(function () {
  "use strict";
  const { base, el, say, get, post, time, glyph, icon, debounce, thousands, fetchFile } = window.OneMap;
  const my = window.OneMap.admin;
  const VIEWS = [["todo", say("待我办理", "To do")], ["overdue", say("逾期", "Overdue")], ["soon", say("7 日内到期", "Due in 7 days")], ["open", say("在办", "Open")], ["stopped", say("暂停计时", "Clock stopped")], ["standing", say("在册", "Standing")], ["closed", say("已办结", "Closed")], ["all", say("全部", "All")]];
  const PAGE = 50, AWAY = 60000, MOST_IN_LINE = 8;
  const may = window.OneMap.may;
  const when = (iso) => (iso ? `${time.date(new Date(iso))} ${time.minute(new Date(iso))}` : "");
  const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))}\u2009kB` : `${(n / 1e6).toFixed(1)}\u2009MB`);

  function due(row) {
    if (row.closed_at) return el("span", { class: "t3" }, say("已办结", "closed"));
    if (row.stopped || row.stopped_at) return el("span", { class: "t3" }, say("暂停计时", "clock stopped"));
    if (row.days === null) return el("span", { class: "t3" }, "—");
    const late = row.overdue ?? row.days < 0;
    const words = late ? say(`逾期 ${Math.max(1, -row.days)} 天`, `${Math.max(1, -row.days)} d late`) : row.days === 0 ? say("今日到期", "due today") : say(`还有 ${row.days} 天`, `${row.days} d left`);
    return el("span", { class: late ? "case-late" : row.days <= 7 ? "case-soon" : "" }, late ? icon("clock", 14) : null, words);
  }

  async function start(map, screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#case-${id}`);
    const [systems, bar, list, side, numbers] = ["systems", "bar", "list", "one", "side"].map(part);
    const pin = L.layerGroup().addTo(map);
    map.getContainer().setAttribute("aria-label", say("案件位置地图", "Map of the case"));
    const asked = new URLSearchParams(location.search);
    const away = window.OneMap.caseAway.start(screen, part("away"));
    let all;
    for (;;) {
      try { all = await get("api/cases"); break; }
      catch (fault) { await new Promise((go) => list.replaceChildren(el("p", { class: "failed", role: "alert" }, fault.message, " ", el("button", { type: "button", class: "link", on: { click: go } }, say("重读", "Read again"))))); }
    }
    window.OneMap.caseKeys.start(list);
    const state = { system: asked.get("system") || all.systems.find((one) => one.register === asked.get("register"))?.id || away.system() || all.systems.find((one) => one.acts)?.id || all.systems[0]?.id || "", view: asked.get("view") || (all.role ? "todo" : "open"), code: asked.get("code") || "", sort: asked.get("sort") || "due_at", desc: asked.get("desc") || "0", q: asked.get("q") || "", enterprise: asked.get("enterprise") || "", plan_item: asked.get("plan_item") || "", draw: asked.get("draw") || "", offset: 0, filters: {} };
    if (!asked.get("view") && !all.systems.find((one) => one.id === state.system)?.counts[state.view]) state.view = all.systems.find((one) => one.id === state.system)?.counts.open ? "open" : "all";
    if (state.enterprise && !asked.get("view")) state.view = "open";
    const of = () => all.systems.find((one) => one.id === state.system);
    if (state.view === "todo" && !of()?.acts) state.view = "open";

    function address() {
      const now = new URLSearchParams();
      for (const name of ["system", "view", "code", "q", "enterprise", "plan_item", "draw"]) if (state[name]) now.set(name, state[name]);
      if (state.sort !== "due_at") now.set("sort", state.sort);
      if (state.desc === "1") now.set("desc", "1");
      if (asked.get("lang")) now.set("lang", asked.get("lang"));
      history.replaceState(null, "", `${location.pathname}?${now}`);
    }

    const question = () => {
      const sent = { system: state.system, view: state.view, sort: state.sort, desc: state.desc };
      if (state.q) sent.q = state.q;
      for (const name of ["enterprise", "plan_item", "draw"]) if (state[name]) sent[name] = state[name];
      for (const [name, value] of Object.entries(state.filters)) if (value) sent[name] = value;
      return sent;
    };

    function choose(one) {
      state.system = one.id;
      if (state.view === "todo" && !one.acts) state.view = "open";
      state.code = state.plan_item = state.draw = "";
      state.offset = 0;
      state.filters = {};
      head();
      rows();
      show("");
    }

    /* Many systems stand in groups, of which the one in use is open; a phone has them all in a line to push along. */
    function grouped(button) {
      const groups = new Map(all.systems.map((one) => [one.group, all.systems.filter((other) => other.group === one.group)]));
      return [...groups].map(([title, inside]) => {
        const open = inside.some((one) => one.id === state.system), todo = all.role ? inside.reduce((sum, one) => sum + (one.counts.todo || 0), 0) : 0;
        const head = el("button", { type: "button", class: "case-group-head", "aria-expanded": String(open), on: { click: () => { if (!open) choose(inside[0]); systems.querySelector("[aria-expanded=true]")?.focus(); } } }, title, todo ? el("b", { title: say("待我办理", "To do") }, ` ${thousands(todo)}`) : null);
        return el("span", { class: `case-group-set${open ? " open" : ""}` }, head, inside.map(button));
      });
    }

    function head() {
      const button = (one) => el("button", { type: "button", class: "adm-button", "aria-pressed": String(one.id === state.system), on: { click: () => choose(one) } }, one.title);
      systems.replaceChildren(...(all.systems.length > MOST_IN_LINE ? grouped(button) : all.systems.length > 1 ? all.systems.map(button) : []));
      const on = systems.querySelector("[aria-pressed=true]");
      if (on) systems.scrollLeft = on.offsetLeft - systems.offsetLeft - 16;
      const one = of();
      bar.replaceChildren(...[
        one?.may_open ? my.button(one.open_title, () => begin(), "primary") : null,
        all.role ? el("button", { type: "button", class: "adm-button", on: { click: () => window.OneMap.caseDraft.list(resume) } }, say("我的草稿", "My drafts")) : null,
        one?.register === "site_checks" && may("map") ? el("a", { class: "adm-button", href: `${base}map?layers=site_checks&theme=none&checks=${time.date(new Date())}` }, say("今日检查上图", "Today's on the map")) : null,
        el("button", { type: "button", class: "adm-button", on: { click: statistics } }, say("统计", "Statistics")),
        el("button", { type: "button", class: "adm-button", on: { click: supervision } }, say("电子督办", "Supervision")),
        one?.acts && away.ask && one.may_take ? el("button", { type: "button", class: "adm-button", on: { click: () => away.ask(of()) } }, say("存到本机", "Take along")) : null,
        one?.may_open ? el("button", { type: "button", class: "adm-button", on: { click: () => window.OneMap.caseImport.open(one, refresh) } }, say("批量导入", "Import")) : null,
        may("export") ? el("button", { type: "button", class: "adm-button", on: { click: take } }, say("导出", "Export")) : null,
      ].filter(Boolean));
    }

    function take() {
      const said = el("p", { class: "adm-fault", role: "alert", hidden: true });
      const as = (format, title) => my.button(title, async (event) => {
        event.target.disabled = true;
        try {
          const file = await fetchFile("api/cases/export", { ...question(), format });
          const link = el("a", { href: URL.createObjectURL(file.blob), download: file.name });
          link.click();
          setTimeout(() => URL.revokeObjectURL(link.href), 10000);
          box.close();
        } catch (fault) { said.textContent = fault.message; said.hidden = false; event.target.disabled = false; }
      }, "primary");
      const box = my.dialog(say("导出列表", "Export the list"), el("p", { class: "case-draft alone" }, say("按当前的筛选和排序导出,您看不到的字段不在其中;导出记入审计。", "As filtered and sorted now, without fields beyond your rights; recorded in the audit.")), said, el("footer", {}, as("xlsx", "XLSX"), as("csv", "CSV")));
    }

    function narrow(filters) {
      const word = el("input", { type: "search", value: state.q, placeholder: say("编号、名称、企业(按 / 查找)", "Number, title, firm (press /)"), "aria-keyshortcuts": "/", "aria-label": say("查找", "Search"), on: { input: debounce(() => { state.q = word.value.trim(); state.offset = 0; rows(true); }, 300) } });
      const shown = filters.filter((one) => ["area", "state", "level", "kind", "grade", "condition", "sector", "industry"].includes(one.name) && one.choices.length > 1);
      return el("div", { class: "case-narrow" }, word, shown.map((one) => el("select", { "aria-label": one.title, on: { change: (event) => { state.filters[one.name] = event.target.value; state.offset = 0; rows(true); } } }, el("option", { value: "" }, one.title), one.choices.map((choice) => el("option", { value: choice.code, selected: state.filters[one.name] === choice.code }, choice.name)))));
    }

    const order = el("select", { "aria-label": say("排序", "Sort"), on: { change: (event) => { [state.sort, state.desc] = event.target.value.split(" "); state.offset = 0; rows(true); } } });
    let turn = 0, readAt = "";
    async function rows(quiet) {
      address();
      const counts = of()?.counts || {};
      const tabs = el("div", { class: "case-views", role: "tablist" }, VIEWS.filter(([view]) => (view !== "todo" || of()?.acts) && (view !== "standing" || counts.standing || state.view === view)).map(([view, title]) => el("button", { type: "button", role: "tab", "aria-selected": String(view === state.view), on: { click: () => { state.view = view; state.offset = 0; rows(); } } }, title, el("b", { class: view === "overdue" && counts[view] ? "case-late" : "" }, ` ${thousands(counts[view] ?? 0)}`))));
      const mine = ++turn;
      if (!quiet) list.replaceChildren(tabs, el("p", { class: "empty" }, say("载入中", "Loading")));
      let answer;
      try { answer = await get(`api/cases/list?${new URLSearchParams({ ...question(), offset: state.offset, limit: PAGE })}`); }
      catch (fault) {
        if (mine !== turn) return;
        const again = el("button", { type: "button", class: "link", on: { click: () => rows() } }, say("重读", "Read again"));
        list.querySelector(".case-stale")?.remove();
        if (quiet && list.querySelector(".case-rows")) list.querySelector(".case-rows").before(el("p", { class: "failed case-stale", role: "alert" }, say(`以下为 ${readAt} 读取的列表,可能已过时:${fault.message} `, `The list is of ${readAt} and may be stale: ${fault.message} `), again));
        else list.replaceChildren(tabs, el("p", { class: "failed", role: "alert" }, `${fault.message} `, again));
        return;
      }
      if (mine !== turn) return;
      readAt = time.minute(new Date());
      const held = list.contains(document.activeElement) ? document.activeElement.dataset.code : undefined;
      const focused = quiet && document.activeElement?.type === "search";
      order.replaceChildren(...[["due_at 0", say("期限先后", "By deadline")], ["opened_at 1", say("新立项在前", "Newest first")], ["state_since 0", say("停留最久", "Longest waiting")], ["code 0", say("按编号", "By number")]].map(([value, title]) => el("option", { value, selected: value === `${state.sort} ${state.desc}` }, title)));
      const filters = narrow(answer.filters);
      filters.append(order);
      const found = el("ol", { class: `case-rows${answer.rows.some((row) => row.grade) ? "" : " plain"}` }, answer.rows.map((row) => el("li", {}, el("button", { type: "button", "data-code": row.code, "aria-pressed": String(row.code === state.code), on: { click: () => show(row.code) } },
        el("span", { class: "mark" }, row.grade ? glyph(row.grade) : "", el("small", {}, window.OneMap.english ? row.grade_word : row.grade_word.slice(0, 2))),
        el("b", { class: "el" }, row.title), due(row),
        el("small", { class: "el" }, [row.enterprise_name, row.area_word].filter(Boolean).join(" · ")),
        el("small", { class: "case-state" }, my.chip(row.state_word, row.closed_at ? "dull" : "")),
        el("small", { class: "el t3" }, `${row.code}${row.turn_word ? say(` · 待${row.turn_word}`, ` · for ${row.turn_word}`) : ""}${row.told !== "none" && !row.closed_at ? say(` · 已提醒至${row.told_word}`, ` · told: ${row.told_word}`) : ""}`)))));
      const from = answer.total ? state.offset + 1 : 0, to = state.offset + answer.rows.length;
      const foot = el("footer", {}, el("span", {}, say(`${thousands(from)} 至 ${thousands(to)},共 ${thousands(answer.total)} 件`, `${thousands(from)} to ${thousands(to)} of ${thousands(answer.total)}`), el("span", { class: "t3" }, say(` ${readAt} 读取`, ` read ${readAt}`))), el("span", { class: "case-turn" }, el("button", { type: "button", class: "adm-button small", disabled: state.offset === 0, on: { click: () => { state.offset = Math.max(0, state.offset - PAGE); rows(); } } }, say("上一页", "Previous")), el("button", { type: "button", class: "adm-button small", disabled: to >= answer.total, on: { click: () => { state.offset += PAGE; rows(); } } }, say("下一页", "Next"))));
      list.replaceChildren(tabs, filters, state.enterprise ? el("p", { class: "case-firm" }, say(`只看 ${answer.rows[0]?.enterprise_name || state.enterprise} `, `Only ${answer.rows[0]?.enterprise_name || state.enterprise} `), el("button", { type: "button", class: "link", on: { click: () => { state.enterprise = ""; rows(); } } }, say("看全部", "Show all"))) : "", state.plan_item || state.draw ? el("p", { class: "case-firm" }, state.draw ? say(`只看抽查批次 ${state.draw} `, `Only draw ${state.draw} `) : say(`只看计划项目 ${state.plan_item} `, `Only item ${state.plan_item} `), el("button", { type: "button", class: "link", on: { click: () => { state.plan_item = state.draw = ""; rows(); } } }, say("看全部", "Show all"))) : "", answer.rows.length ? found : el("p", { class: "empty" }, say("没有符合条件的案件。", "No case fits.")), foot);
      if (held) list.querySelector(`button[data-code="${held}"]`)?.focus();
      if (focused) { const box = list.querySelector("input[type=search]"); box.focus(); box.setSelectionRange(box.value.length, box.value.length); }
      if (!state.code && answer.rows.length && window.innerWidth >= 1280) show(answer.rows[0].code, true);
    }

    async function refresh() {
      all = await get("api/cases").catch(() => all); // the list says that it could not be read
      head();
      await rows(true);
    }

    /* Whoever comes back to the page reads what is there now, unless something is being filled in. */
    let left = 0;
    document.addEventListener("visibilitychange", async () => {
      if (document.hidden) { left = Date.now(); return; }
      if (Date.now() - left < AWAY || document.querySelector("dialog[open]")) return;
      await refresh();
      if (state.code) await show(state.code, true);
    });

    async function show(code, quiet) {
      state.code = code;
      address();
      screen.dataset.open = code;
      for (const row of list.querySelectorAll("button[data-code]")) row.setAttribute("aria-pressed", String(row.dataset.code === code));
      if (!code) { shown = NOTHING; side.replaceChildren(el("p", { class: "empty" }, say("选一件案件。", "Choose a case."))); pin.clearLayers(); return; }
      try { paint(await get(`api/cases/one?${new URLSearchParams({ system: state.system, code, ...(away.on(state.system) ? { ahead: 1 } : {}) })}`)); }
      catch (fault) { shown = NOTHING; side.replaceChildren(el("p", { class: "failed", role: "alert" }, fault.message, " ", el("button", { type: "button", class: "link", on: { click: () => show(code, quiet) } }, say("重读", "Read again")))); return; }
      if (!quiet && window.innerWidth < 1280) side.scrollIntoView({ block: "start" });
    }

    /* The case as it will be once what waits on this device has arrived: its next steps are those of the states ahead. */
    function onward(one, waiting) {
      let now = one;
      for (const entry of waiting) {
        const to = now.steps.find((step) => step.name === entry.step)?.target_code;
        const there = to ? one.ahead?.[to] : { state_word: now.state_word, steps: now.steps };
        now = { ...now, state: to || now.state, state_word: there?.state_word ?? now.state_word, steps: there?.steps || [], waiting: waiting.length };
      }
      return now;
    }

    /* What was asked for earlier may come later: of one case nothing older than what stands there is shown. */
    const NOTHING = { code: "", version: 0 };
    let shown = NOTHING;
    async function paint(found) {
      if (state.code !== found.code || (shown.code === found.code && found.version < shown.version)) return;
      shown = found;
      const one = onward(found, await queue.of(found.code));
      if (shown !== found) return;
      pin.clearLayers();
      if (one.place) {
        const at = L.latLng(one.place.lat, one.place.lon);
        L.circleMarker(at, { radius: 9, weight: 3, color: "#fff", fillColor: "#0B7A75", fillOpacity: 1 }).addTo(pin);
        map.setView(at, 15, { animate: false });
      }
      const links = el("p", { class: "case-links" },
        may("map") && one.mapped ? el("a", { class: "link", href: `${base}map?layers=enterprises,${one.register}&sel=${encodeURIComponent(`${one.register}:${one.code}`)}${one.place ? `&c=${one.place.lon},${one.place.lat}&z=15` : ""}` }, say("在一张图上看", "On the map")) : null,
        one.enterprise && may("map") ? el("a", { class: "link", href: `${base}map?layers=enterprises&sel=${encodeURIComponent(`enterprises:${one.enterprise}`)}` }, say("企业", "Enterprise")) : null,
        one.enterprise ? el("a", { class: "link", href: `${base}enterprise?id=${encodeURIComponent(one.enterprise)}` }, say("一企一档", "All of this enterprise")) : null,
        one.enterprise ? el("button", { type: "button", class: "link", on: { click: () => { state.enterprise = one.enterprise; state.view = "open"; state.offset = 0; rows(); } } }, say("该企业在办案件", "Open cases of this firm")) : null,
        (one.system === "random-draw" ? [] : one.related || []).map((other) => el("button", { type: "button", class: "link", on: { click: async () => { state.system = other.system; state.view = "all"; state.offset = 0; state.filters = {}; head(); await show(other.code); rows(); } } }, `${other.system_title} ${other.code}`)));
      side.replaceChildren(
        el("header", {}, el("div", {}, el("h2", { tabindex: "-1" }, one.name), el("p", { class: "t3" }, `${one.code} · ${one.title} · ${say(`流程第 ${one.process} 版`, `procedure v${one.process}`)}`)), my.chip(one.waiting ? say(`${one.state_word}(待发送)`, `${one.state_word} (not sent yet)`) : one.state_word, one.waiting || one.final.includes(one.state) ? "dull" : "good"), my.button(say("返回列表", "Back"), () => { show(""); list.scrollIntoView(); }, "small case-back")),
        el("div", { class: "body" }, clock(one), steps(one, found), window.OneMap.casePlan.panel(one), window.OneMap.caseDraw.panel(one), window.OneMap.caseReporter.panel(one, () => show(one.code, true)), window.OneMap.casePapers.list(one, async (made) => { paint(made); await refresh(); }), window.OneMap.casePapers.sent(one), links, video(one), loose(one), facts(one), log(one)));
    }

    /* The case drawn anew keeps the pictures it shows; some systems have them open. */
    let looked = { key: "", node: null };
    function video(one) {
      if (!may("map") || !one.mapped) return null;
      const key = `${one.register}:${one.code}`;
      if (looked.key !== key) looked = { key, node: el("section", { class: "case-video" }, el("h3", {}, say("视频", "Video")), window.OneMap.footage.fold(one.register, one.code, one.video)) };
      return looked.node;
    }

    function clock(one) {
      const { clock: now } = one;
      if (one.final.includes(one.state)) return el("p", { class: "case-clock" }, say("已办结", "Closed"));
      if (now.stopped_at) return el("div", { class: "case-clock" }, el("b", {}, say("计时已暂停", "The clock stands still")), el("span", { class: "t3" }, say(`自 ${when(now.stopped_at)} 起不计时`, `since ${when(now.stopped_at)}`)));
      if (!now.due_at) return el("p", { class: "case-clock t3" }, say("本环节没有期限", "No time limit here"));
      return el("div", { class: `case-clock${one.overdue ? " late" : now.days <= 7 ? " soon" : ""}` },
        el("b", {}, due({ ...now, overdue: one.overdue, stopped: false })), el("span", {}, say(`期限 ${now.due_day}${one.overdue ? "" : `(还有 ${now.working_days} 个工作日)`}`, `due ${now.due_day}`)),
        el("span", { class: "t3" }, [now.rule, now.basis].filter(Boolean).join(say(":", ": "))),
        now.assumed ? el("span", { class: "doubtful" }, say("放假安排未收录,按周末推算", "holidays not known, weekends only")) : null,
        now.told !== "none" ? el("span", {}, say(`已提醒至${now.told_word},${when(now.told_at)}`, `told up to ${now.told_word}, ${when(now.told_at)}`)) : null);
    }

    function steps(one, found) {
      const over = one.final.includes(one.state);
      if (over && !one.steps.length) return null;
      const wait = one.turn_word ? say(`待${one.turn_word}办理`, `waits for: ${one.turn_word}`) : "";
      if (!one.steps.length) return el("p", { class: "case-wait t3" }, wait);
      return el("section", { class: "case-steps" }, el("h3", {}, over ? say("办结后可办理", "After the end") : say("下一步", "Next"), el("span", { class: "t3" }, ` ${wait}`)), el("ul", {}, one.steps.map((step) => {
        const button = my.button(step.title, () => act(one, step, found), step.reasons.length ? "" : "primary");
        button.disabled = step.reasons.length > 0;
        return el("li", {}, button, step.target ? el("span", { class: "t3" }, `→ ${step.target}`) : null, step.reasons.map((reason) => el("p", { class: "case-why" }, reason)));
      })));
    }

    /* Nobody is told a day later, at the desk, that a field was left blank. */
    function whole(step, values, files) {
      const blank = step.form.filter((field) => field.needed && values[field.name] === undefined).map((field) => field.title);
      if (files.length < step.files) blank.push(say("照片或文件", "photographs or papers"));
      if (blank.length) throw new Error(say(`请填齐:${blank.join("、")}`, `Fill in first: ${blank.join(", ")}`));
    }

    function act(one, step, found) {
      const ask = { system: one.system, code: one.code, step: step.name };
      window.OneMap.caseForm.open(screen, map, {
        of: ask, title: step.title, form: step.form, reason: step.reason, files: step.files, law: step.law, limit: step.limit, documents: step.documents,
        check: (values, reason) => post("api/cases/check", { ...ask, values, reason }),
        look: (paper, values, reason) => window.OneMap.casePapers.look({ ...ask, paper, values, reason }),
        send: async (values, reason, files) => {
          if (screen.dataset.network === "away") whole(step, values, files);
          const after = await queue.file({ ...ask, version: one.version, acts: window.OneMap.caseQueue.acts(one), title: step.title, name: one.name, values, reason, files });
          if (after) { paint(after); await refresh(); }
          else await paint(found);
        },
      });
    }

    /* A draft goes on where it was: at the step of its case, or at the form that opens one. */
    async function resume(draft) {
      if (state.system !== draft.system) { state.system = draft.system; state.offset = 0; state.filters = {}; head(); rows(); }
      if (!draft.code) { await begin(draft.about ? { licence: draft.about } : undefined); return; }
      const one = await get(`api/cases/one?${new URLSearchParams({ system: draft.system, code: draft.code })}`);
      await show(draft.code);
      const step = one.steps.find((each) => each.name === draft.step);
      if (step && !step.reasons.length) act(one, step, one);
      else my.dialog(draft.step_title, el("p", { class: "case-draft alone" }, say(`案件现为“${one.state_word}”,不能办理这一步;草稿仍保留。`, `The case is now ${one.state_word}: this step is not possible; the draft is kept.`)));
    }

    async function begin(given) {
      const form = await formOf(state.system);
      window.OneMap.caseForm.open(screen, map, {
        of: { system: state.system, about: given?.licence || "" }, title: form.step_title, form: form.form.map((one) => (given?.[one.name] ? { ...one, value: given[one.name] } : one)), reason: false, files: 0, law: form.law, limit: form.limit,
        check: (values, reason) => post("api/cases/check", { system: state.system, values, reason }),
        send: async (values, reason, files) => {
          const made = await queue.file({ system: form.system, code: "", step: form.step, title: form.step_title, name: values.title || "", values, reason, files });
          if (!made) return;
          state.view = "open";
          await show(made.code);
          await refresh();
        },
      });
    }

    /* The form that opens a case is there without a network too, once this page has met it. */
    const forms = new Map();
    async function formOf(system) {
      try { forms.set(system, await get(`api/cases/form?system=${encodeURIComponent(system)}`)); }
      catch (fault) { if (fault.status !== undefined || !forms.has(system)) throw fault; }
      return forms.get(system);
    }

    const files = (found) => (found.length ? el("ul", { class: "case-files" }, found.map((file) => el("li", {}, file.picture && !file.missing ? el("a", { href: `${base}api/files/${file.id}`, target: "_blank", rel: "noopener" }, el("img", { src: `${base}api/files/${file.id}`, alt: "", width: "56", height: "42", loading: "lazy" })) : icon("page", 18), el("a", { class: "link", href: `${base}api/files/${file.id}`, target: "_blank", rel: "noopener" }, file.name), el("span", { class: "t3" }, ` ${size(file.size)}`), file.versions > 1 ? el("span", { class: file.version === file.versions ? "case-version" : "case-version t3" }, file.version === file.versions ? say(`第 ${file.version} 版,现行`, `version ${file.version}, current`) : say(`第 ${file.version} 版,已有新版`, `version ${file.version}, replaced`)) : null))) : null);
    const loose = (one) => (one.loose.length && !one.final.includes(one.state) ? el("section", {}, el("h3", {}, say("已上传,待下一步引用", "Uploaded for the next step")), files(one.loose)) : null);
    const facts = (one) => el("section", {}, el("h3", {}, say("登记内容", "Register")), one.sealed ? el("p", { class: one.sealed.same ? "case-sealed" : "case-sealed other" }, one.sealed.same ? say("检查记录已签字锁定,内容与签字时一致", "The record is sealed: it says what was signed") : say("检查记录与签字时不一致", "The record does not say what was signed"), el("code", { title: one.sealed.hash }, one.sealed.hash.slice(0, 12))) : null, el("dl", { class: "case-facts" }, one.facts.map((fact) => el("div", { class: fact.value.length > 40 ? "wide" : "" }, el("dt", {}, fact.title), el("dd", {}, fact.strokes ? window.OneMap.caseFix.drawing(fact.strokes) : fact.value)))));
    const log = (one) => el("section", {}, el("h3", {}, say(`办理经过 ${one.log.length} 步`, `Log: ${one.log.length} steps`)), el("ol", { class: "case-log" }, one.log.map((line) => el("li", { class: line.step === "remind" ? "told" : "" }, el("span", { class: "t3" }, line.minute), el("div", {}, el("b", {}, line.title), el("span", { class: "t3" }, ` ${line.by} · ${line.role_word}`), line.source !== line.target ? el("span", {}, ` ${line.source ? `${line.source} → ` : ""}${line.target}`) : null, line.reason ? el("p", {}, line.reason) : null, line.changed.length ? el("p", { class: "t3" }, say(`填写:${line.changed.join("、")}`, `Filled in: ${line.changed.join(", ")}`)) : null, line.papers.length ? el("p", { class: "t3" }, say(`文书:${line.papers.join("、")}`, `Documents: ${line.papers.join(", ")}`)) : null, files(line.files), line.lost.length ? el("p", { class: "case-late" }, say(`${line.lost.length} 个附件已被移除`, `${line.lost.length} files were taken off`)) : null)))));

    /* Bars of one scale: of each what is late, what else is in hand, and the rest; one without a name alone says nothing. */
    const bars = (rows, title) => {
      if (!rows.some((row) => row.name || row.code)) return null;
      const most = Math.max(1, ...rows.map((row) => row.count));
      const part = (n, look) => (n > 0 ? el("i", { class: look, style: `width:${(n / most) * 100}%` }) : null);
      const said = (row) => [row.open ? say(`在办 ${thousands(row.open)}`, `open ${thousands(row.open)}`) : "", row.overdue ? el("span", { class: "case-late" }, say(` 逾期 ${thousands(row.overdue)}`, ` late ${thousands(row.overdue)}`)) : null];
      return el("section", {}, el("h3", {}, title), el("ul", { class: "case-bars" }, rows.map((row) => {
        const late = row.overdue || 0, open = Math.max(0, (row.open || 0) - late), rest = row.count - late - open, name = row.name || row.code || say("未填", "not given");
        return el("li", {}, el("span", { class: "el", title: name }, name), el("span", { class: "case-track", "aria-hidden": "true" }, part(late, "late"), part(open, "open"), part(rest, row.open === undefined ? "open" : "rest")), el("b", {}, thousands(row.count)), row.open === undefined ? null : el("small", { class: "t3" }, said(row)));
      })));
    };
    async function statistics() {
      const found = await get(`api/cases/statistics?system=${encodeURIComponent(state.system)}`);
      const key = el("p", { class: "case-bars-key t3" }, [["late", say("逾期", "late")], ["open", say("其他在办", "else open")], ["rest", say("其余", "the rest")]].map(([look, words]) => el("span", {}, el("i", { class: look }), words)));
      window.OneMap.office.read(say(`${of().title}统计`, `${of().title}: statistics`), say(`共 ${thousands(found.total)} 件,辖区内`, `${thousands(found.total)} in your areas`), ...(found.sums ? [window.OneMap.caseSums(state.system, found.sums)] : []), key, el("div", { class: "case-stats" }, [bars(found.areas, say("按区域", "By area")), bars(found.sectors, say("按行业", "By industry")), bars(found.months, say("按立项月份", "By month opened")), bars(found.states, say("按状态", "By state"))].filter(Boolean)));
    }
    async function supervision() {
      const found = await get(`api/cases/supervision?system=${encodeURIComponent(state.system)}`);
      const tiers = found.tiers.filter((tier) => tier.code !== "none");
      const cells = (row) => [row.name, row.open || 0, row.soon || 0, row.overdue || 0, ...tiers.map((tier) => row.tiers[tier.code] || 0), row.stopped || 0];
      const dialog = window.OneMap.office.read(say("电子督办清单", "Supervision"), say("逾期按已提醒到的层级计数", "Overdue, by how far up it has been told"), el("div", { class: "adm-scroll" }, my.table([say("区域", "Area"), say("在办", "Open"), say("7 日内到期", "Due soon"), say("逾期", "Overdue"), ...tiers.map((tier) => say(`至${tier.name}`, tier.name)), say("暂停", "Stopped")], found.areas.map((row) => ({ cells: cells(row).map(String) })))), held(found.cases, () => dialog.close()));
    }

    /* What is overdue (red) and soon will be (yellow), with who holds it and who acted last. */
    function held(cases, close) {
      if (!cases.length) return el("p", { class: "empty" }, say("没有逾期和 7 日内到期的案件。", "Nothing is overdue or due within seven days."));
      const open = (row) => { close(); show(row.code); };
      return el("section", { class: "case-held-box" }, el("h3", {}, say("逐件清单,逾期在前", "One by one, the latest first")), el("ol", { class: "case-held" }, cases.map((row) => el("li", { class: row.overdue ? "over" : "near" },
        el("button", { type: "button", class: "link el", on: { click: () => open(row) } }, row.title), due(row),
        el("small", {}, [row.state_word, row.turn_word ? say(`待${row.turn_word}`, `for ${row.turn_word}`) : "", row.area_word].filter(Boolean).join(" · ")),
        el("small", { class: "t3" }, row.by ? say(`上一步 ${row.step},${row.by},${when(row.at)}`, `last: ${row.step}, ${row.by}, ${when(row.at)}`) : row.code)))));
    }

    const queue = window.OneMap.caseQueue.start(screen, part("queue"), async (one) => { await refresh(); await paint(one); });
    head();
    numbers.hidden = true;
    if (of()?.may_open) formOf(state.system).catch(() => null);
    await Promise.all([rows(), state.code ? show(state.code, true) : null]);
    if (asked.get("begin") && of()?.may_open) await begin({ matter: asked.get("begin"), licence: asked.get("licence") || "", incident: asked.get("incident") || "" });
    screen.dataset.ready = "1";
  }

  window.OneMap.startCases = start;
})();
