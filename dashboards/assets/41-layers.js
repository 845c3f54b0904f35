/* The drawer: themes, layer tree with counts and legend, filters. */
(function () {
  "use strict";
  const { el, glyph, icon, say, thousands, base, GRADES } = window.OneMap;
  const { state, change, filter } = window.OneMap.state;
  const SUBJECTS = [
    ["enterprises", say("风险分级", "Risk")],
    ["sensors", say("实时监测", "Live")],
    ["hazard_sources", say("危险源", "Hazards")],
    ["accidents", say("事故", "Accidents")],
    ["", say("不分级", "None")],
  ];
  const folded = new Set(["base"]);

  const picture = (stem, size) => el("img", { src: `${base}api/symbols/${stem}.svg`, alt: "", width: size, height: size, loading: "lazy", on: { error: (event) => event.target.replaceWith(el("span", { class: "swatch" })) } });

  /* Themes that are no grade of the rows themselves, as the server offers them, and the layer that wears a theme. */
  let themes = new Map();
  const worn = (subject) => themes.get(subject)?.layer || subject;

  function subjects(entries) {
    const own = SUBJECTS.filter(([id]) => id && entries.has(id) && entries.get(id).graded);
    const offered = [...own, ...[...themes.values()].map((one) => [one.id, one.title]), SUBJECTS.at(-1)];
    const buttons = offered.map(([id, name]) =>
      el("button", { type: "button", "aria-pressed": String(state.subject === id), on: { click: () => {
        const layers = new Set(state.layers);
        if (offered.some(([other]) => other && other === state.subject)) layers.delete(worn(state.subject));
        if (id) layers.add(worn(id));
        change("layers", { subject: id, layers });
      } } }, name));
    return el("div", { class: "segments", role: "group", "aria-label": say("主题", "Theme") }, buttons);
  }

  function row(layer) {
    const on = state.layers.has(layer.id);
    const box = el("input", { type: "checkbox", checked: on, disabled: !layer.drawn, on: { change: (event) => {
      const layers = new Set(state.layers);
      if (event.target.checked) layers.add(layer.id); else layers.delete(layer.id);
      change("layers", { layers, subject: layer.id === worn(state.subject) && !event.target.checked ? "" : state.subject });
    } } });
    box.checked = on;
    const table = el("button", { type: "button", class: "icon", title: say("列表", "Table"), "aria-label": say(`${layer.title}列表`, `Table of ${layer.title}`), "aria-pressed": String(state.table === layer.id),
      on: { click: () => change("table", { table: state.table === layer.id ? "" : layer.id }) } }, icon("table", 16));
    const line = el("li", { "data-layer": layer.id }, el("label", { title: layer.about }, box, layer.symbol ? picture(layer.symbol, 20) : el("span", { class: "swatch" }), el("span", { class: "el" }, layer.title)),
      el("span", { class: "count" }, thousands(layer.count)), table);
    if (on && (layer.legend.length > 1 || layer.grades.length || layer.precision)) line.append(legend(layer));
    return line;
  }

  function legend(layer) {
    const chosen = themes.get(state.subject), own = chosen && chosen.layer === layer.id ? chosen.words : layer.grades;
    const grades = own.map((word, k) => (word ? el("span", {}, glyph(k + 1), word) : null));
    const kinds = layer.badged ? [] : layer.legend.length > 1 ? layer.legend.map((entry) => el("span", {}, picture(entry.symbol, 18), entry.title)) : [];
    return el("div", { class: "legend-rows" }, grades, kinds, layer.precision ? el("span", { class: "t3" }, layer.precision) : null);
  }

  function branch(theme) {
    const details = el("details", { open: !folded.has(theme.id) }, el("summary", {}, theme.title), el("ul", {}, theme.layers.map(row)));
    details.addEventListener("toggle", () => (details.open ? folded.delete(theme.id) : folded.add(theme.id)));
    return details;
  }

  function choice(name, title, offered, all) {
    const select = el("select", { id: `filter-${name}`, on: { change: (event) => filter(name, event.target.value) } }, el("option", { value: "" }, all),
      offered.map((option) => el("option", { value: option.code }, option.count === undefined ? option.title : `${option.title}（${thousands(option.count)}）`)));
    select.value = state.filters[name] || "";
    return el("label", { class: "field" }, el("span", {}, title), select);
  }

  function grades(name, title, words) {
    const chosen = new Set((state.filters[name] || "").split(",").filter(Boolean));
    const buttons = words.map((word, k) => {
      const code = String(k + 1);
      return el("button", { type: "button", class: "chip", "aria-pressed": String(chosen.has(code)), on: { click: () => {
        if (!chosen.delete(code)) chosen.add(code);
        filter(name, [...chosen].sort().join(","));
      } } }, glyph(k + 1), word);
    });
    return el("div", { class: "field", role: "group", "aria-label": title }, el("span", {}, title), el("div", { class: "chips" }, buttons));
  }

  function since() {
    const day = (days) => window.OneMap.time.date(new Date(window.OneMap.time.now() - days * 864e5));
    const offered = [[30, say("近 30 天", "30 days")], [90, say("近 90 天", "90 days")], [365, say("近一年", "1 year")], [1095, say("近三年", "3 years")]].map(([days, title]) => ({ code: day(days), title }));
    const now = state.filters.since;
    if (now && !offered.some((option) => option.code === now)) offered.unshift({ code: now, title: say(`${now} 起`, `since ${now}`) });
    return choice("since", say("事故", "Accidents"), offered, say("全部时间", "All time"));
  }

  /* Inspections of today, or of the draw the address names. */
  function checks() {
    const now = state.filters.checks, today = window.OneMap.time.date(new Date(window.OneMap.time.now()));
    const offered = [{ code: today, title: say("今日检查", "Today's") }];
    if (now && now !== today) offered.push({ code: now, title: /^\d{4}-/.test(now) ? say(`${now} 检查`, `of ${now}`) : say(`抽取 ${now}`, `draw ${now}`) });
    return choice("checks", say("检查", "Checks"), offered, say("全部检查", "All checks"));
  }

  function filters(answer, entries) {
    const offered = answer.choices || {}, parts = [];
    if (offered.area?.length) parts.push(choice("area", say("区县", "District"), offered.area, document.querySelector("[data-area]").dataset.area));
    if (offered.sector?.length) parts.push(choice("sector", say("行业", "Sector"), offered.sector, say("全部行业", "All sectors")));
    if (offered.industry?.length) parts.push(choice("industry", say("小类", "Industry"), offered.industry, say("全部国民经济小类", "All")));
    if (entries.get("enterprises")?.graded) parts.push(grades("risk", say("风险", "Risk"), GRADES.slice(1).map((grade) => grade.word)));
    if (entries.get("hazard_sources")?.graded) parts.push(grades("hazard", say("危险源", "Hazards"), entries.get("hazard_sources").grades));
    if (entries.has("accidents")) parts.push(since());
    if (entries.has("site_checks")) parts.push(checks());
    const used = Object.keys(state.filters).length;
    const clear = el("button", { type: "button", class: "link", hidden: !used, on: { click: () => change("filters", { filters: {} }) } }, say(`清除 ${used} 项`, `Clear ${used}`));
    return el("section", { class: "filters" }, el("h2", {}, say("筛选", "Filters"), clear), parts);
  }

  /* The base map is a choice only where the operator listed another one. */
  function ground() {
    const bases = JSON.parse(document.querySelector("[data-bases]").dataset.bases);
    if (bases.length < 2) return null;
    const select = el("select", { id: "base-map", on: { change: (event) => change("look", { base: event.target.value === bases[0].id ? "" : event.target.value }) } }, bases.map((one) => el("option", { value: one.id }, one.title)));
    select.value = state.base || bases[0].id;
    return el("label", { class: "field" }, el("span", {}, say("底图", "Base map")), select);
  }

  function draw(box, answer) {
    themes = new Map((answer.subjects || []).map((one) => [one.id, one]));
    const entries = new Map(answer.themes.flatMap((theme) => theme.layers).map((layer) => [layer.id, layer]));
    const focus = document.activeElement?.id, at = box.scrollTop;
    box.replaceChildren(el("h2", {}, say("主题与图层", "Theme and layers"), el("button", { type: "button", class: "icon close phone-only", "aria-label": say("收起", "Close"), on: { click: () => box.classList.remove("open") } }, icon("close"))),
      ...[subjects(entries), ground(), filters(answer, entries), el("section", { class: "tree" }, answer.themes.map(branch), window.OneMap.rasters.branch(answer.rasters, folded), window.OneMap.remote.branch(folded)), window.OneMap.account.foot()].filter(Boolean));
    box.scrollTop = at;
    if (focus) document.getElementById(focus)?.focus();
    return entries;
  }

  window.OneMap.drawer = { draw, picture, worn, theme: (id) => themes.get(id) || null };
})();
