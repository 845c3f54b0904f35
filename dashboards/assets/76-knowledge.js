/* Knowledge: one search over cases, substances, plans and laws at the left, what was opened at the right; the address names both. */
(function () {
  "use strict";
  const { base, el, icon, say, get, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const kinds = () => [["", say("全部", "All")], ["case", say("案例", "Cases")], ["substance", say("化学品", "Substances")], ["plan", say("预案", "Plans")], ["law", say("法规", "Laws")], ...(window.OneMap.may("edit") ? [["exercise", say("演练案例", "Exercises")]] : [])]; // what was played is found when it is asked for alone
  const ROMAN = ["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"];
  const marked = (passage) => el("span", { class: "know-passage" }, passage.map(([words, hit]) => (hit ? el("mark", {}, words) : words)));
  const LONG = new Set(["summary", "course", "cause", "lessons", "text"]);

  function shown(row) {
    const value = Array.isArray(row.value) ? row.value.join(say("、", ", ")) : String(row.value);
    if (row.unit === "CNY") return say(`${row.value / 10000} 万元`, `${row.value} yuan`);
    return value.split("\n").map((words) => el("span", { class: "know-line" }, words));
  }
  /* A case is put right by officers of its area; what the public reads names nobody. */
  function edit(one, again) {
    const now = one.edit, prose = (name, title) => ({ name, label: title, type: "prose", value: now[name], longest: 4000, wide: true });
    return my.form(say(`修改案例：${one.title}`, `Edit: ${one.title}`), [
      { type: "note", label: say("案例不写人名。公开的案例含电话、证件号码的不予保存。", "A case names nobody; a public one with telephone or identity numbers is refused.") },
      { name: "title", label: say("案例名称", "Title"), value: now.title, required: true, longest: 120, wide: true },
      { name: "place", label: say("地点", "Where"), value: now.place, longest: 200 },
      { name: "setting", label: say("场所", "Setting"), value: now.setting, longest: 200 },
      prose("summary", say("基本情况", "What happened")), prose("course", say("处置过程", "How it was handled")), prose("cause", say("原因", "Cause")), prose("lessons", say("经验教训", "Lessons")),
      { name: "reference", label: say("资料出处", "Reference"), value: now.reference, longest: 200 },
      { name: "sensitivity", label: say("公开范围", "Open to"), value: now.sensitivity, options: now.open_to.map((each) => [each.code, each.name]) },
    ], say("保存", "Save"), async (given) => { await window.OneMap.post("api/knowledge/edit", { key: one.key, version: now.version, ...given }); await again(); });
  }
  function drawn(one, again) {
    const facts = one.facts.filter((row) => !LONG.has(row.name)), prose = one.facts.filter((row) => LONG.has(row.name));
    const on = one.place ? el("a", { class: "adm-button", href: `${base}map?layers=emergency_cases&sel=emergency_cases:${encodeURIComponent(one.key)}` }, say("在地图上看", "On the map")) : null;
    const law = one.kind === "law", played = one.kind === "exercise", change = one.edit ? my.button(say("修改", "Edit"), () => edit(one, again)) : null;
    return [el("header", {}, el("h2", { tabindex: "-1" }, one.title), on, change),
      played ? el("p", { class: "know-remark", role: "note" }, el("b", { class: "ex-mark" }, say("演练", "EXERCISE")), say(" 由演练整理，不是真实事件。", " Drafted of an exercise, not real.")) : null,
      law ? el("p", { class: "know-remark" }, icon("warn", 14), say("条文以所示文本日期为准，现行文本可能已修改。", "The words are of the date shown; what is in force may be newer.")) : null,
      ...prose.flatMap((row) => [law ? null : el("h3", {}, row.title), el("div", { class: "know-prose" }, shown(row))]),
      el("dl", { class: "know-facts" }, facts.flatMap((row) => [el("dt", {}, row.title), el("dd", {}, shown(row))])),
      one.around.length > 1 ? el("nav", { class: "know-around", "aria-label": say("前后条文", "Articles around") }, one.around.map((each) => el("button", { type: "button", class: "link", "aria-current": each.here ? "true" : null, "data-open": `law:${each.key}` }, each.title))) : null].filter(Boolean);
  }

  function plan(one, here) {
    const within = (step) => (step.minutes === null ? say("不限时", "no limit") : say(`${step.moment_word}起 ${step.minutes} 分`, `${step.minutes} min from: ${step.moment_word}`));
    const rows = one.steps.map((step) => ({ cells: [step.section || String(step.number), el(step.code === here ? "b" : "span", { class: step.code === here ? "know-here" : "" }, step.text, step.detail ? el("small", { class: "t3" }, ` ${step.detail}`) : null), [step.unit, step.role].filter(Boolean).join(" · "), step.levels.length ? step.levels.map((level) => ROMAN[Number(level)]).join("") : say("各级", "all"), within(step)] }));
    const facts = [[say("类别", "Kind"), one.kind_word], [say("版本", "Edition"), one.edition], [say("编制单位", "Issued by"), one.issuer], [say("有效期", "Valid"), `${one.valid_from || "–"} ${say("至", "to")} ${one.valid_until || say("未写明", "not told")}`], [say("地区", "Area"), one.area_name], [say("单位", "Enterprise"), one.enterprise_name], [say("物质", "Chemicals"), one.chemicals.join(say("、", ", "))], [say("来源", "Source"), one.source]].filter(([, value]) => value);
    return [el("header", {}, el("h2", { tabindex: "-1" }, one.title)),
      one.stands === "current" && one.nature === "official" ? null : el("p", { class: "know-remark" }, icon("warn", 14), [one.stands === "current" ? "" : one.stands_word, one.nature === "official" ? "" : one.nature_word].filter(Boolean).join(" · ")),
      el("p", { class: "know-prose" }, one.summary), el("dl", { class: "know-facts" }, facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      el("h3", {}, say(`行动步骤 ${one.steps.length} 项`, `${one.steps.length} steps`)), my.table([say("章节", "Section"), say("行动", "Action"), say("责任", "By"), say("响应", "Level"), say("时限", "Within")], rows)].filter(Boolean);
  }

  function start(screen) {
    window.OneMap.office.frame(screen);
    const bar = screen.querySelector("#knowledge-bar"), room = screen.querySelector("#knowledge-list"), paper = screen.querySelector("#knowledge-card");
    const given = new URLSearchParams(location.search);
    let sought = given.get("q") || "", kind = given.get("kind") || "", picked = given.get("open") || "", asked = 0;
    const find = el("input", { type: "search", value: sought, maxlength: 60, placeholder: say("物质、事故、条文、措施", "Substance, accident, article, measure"), "aria-label": say("查找", "Find") });
    const chips = el("div", { class: "segments", role: "group", "aria-label": say("类别", "Kind") });
    bar.replaceChildren(find, chips);
    find.addEventListener("input", debounce(() => { sought = find.value.trim(); keep(); list(); }, 250));

    function keep() {
      const now = new URLSearchParams();
      for (const [name, value] of [["q", sought], ["kind", kind], ["open", picked], ["lang", given.get("lang")]]) if (value) now.set(name, value);
      history.replaceState(null, "", `${location.pathname}${now.size ? `?${now}` : ""}`);
    }
    function counts(groups) {
      const n = (id) => { const group = groups.find((each) => each.kind === id); return group ? `${group.shown}${group.more ? "+" : ""}` : ""; };
      chips.replaceChildren(...kinds().map(([id, words]) => el("button", { type: "button", "data-kind": id, "aria-pressed": String(id === kind), on: { click: () => { kind = id; keep(); list(); } } }, words, id && n(id) ? el("b", {}, ` ${n(id)}`) : null)));
    }
    const row = (one) => { const id = `${one.kind}:${one.key}`; return el("li", {}, el("button", { type: "button", "data-open": id, "aria-pressed": String(id === picked) }, el("b", {}, one.title), marked(one.passage), el("small", { class: "t3" }, one.line))); };

    async function list() {
      const turn = ++asked;
      if (!sought) { counts([]); room.replaceChildren(my.empty(say("按物质、事故、条文或措施查找案例、化学品、预案和法规。", "Find cases, substances, plans and laws by substance, accident, article or measure."))); return; }
      try {
        const answer = await get(`api/knowledge/search?q=${encodeURIComponent(sought)}${kind === "exercise" ? "&kind=exercise" : ""}`);
        if (turn !== asked) return;
        counts(answer.groups);
        const groups = answer.groups.filter((group) => group.rows.length && (!kind || group.kind === kind));
        room.replaceChildren(...(groups.length ? groups.flatMap((group) => [el("h3", {}, group.word, el("span", { class: "t3" }, group.more ? say(` 前 ${group.shown} 条，还有更多，请加词`, ` first ${group.shown}; add a word`) : ` ${group.shown}`)), el("ul", { class: "know-rows" }, group.rows.map(row))]) : [my.empty(say(`没有与“${sought}”相符的内容。`, `Nothing matches “${sought}”.`))]));
      } catch (fault) { if (turn === asked) room.replaceChildren(my.empty(say(`读取失败：${fault.message}`, `Could not read: ${fault.message}`))); }
    }
    async function open(id) {
      picked = id;
      keep();
      const [what, key] = [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];
      if (what === "substance") { location.href = `${base}chemicals?id=${encodeURIComponent(key)}`; return; }
      for (const each of screen.querySelectorAll("[data-open][aria-pressed]")) each.setAttribute("aria-pressed", String(each.dataset.open === id));
      await my.room(paper, () => get(what === "plan" ? `api/plans/one?code=${encodeURIComponent(key.split("/")[0])}` : `api/knowledge/one?kind=${what}&key=${encodeURIComponent(key)}`), what === "plan" ? (one) => plan(one, key) : (one) => drawn(one, () => open(id)));
      if (window.innerWidth < 900) paper.scrollIntoView({ block: "start" });
      paper.querySelector("h2")?.focus({ preventScroll: true });
    }
    screen.addEventListener("click", (event) => { const id = event.target.closest("[data-open]")?.dataset.open; if (id) open(id); });

    paper.replaceChildren(my.empty(say("选一条查看全文。", "Choose one to read it.")));
    return Promise.all([list(), picked ? open(picked) : null]).then(() => { screen.dataset.ready = "1"; if (!picked) find.focus(); });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=knowledge]");
    if (!screen) return;
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
