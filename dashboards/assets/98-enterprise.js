/* One enterprise on one page: ledger, sites, licences, points, cases, files, risk and what happened, by system and year. */
(function () {
  "use strict";
  const { base, el, say, get, may, time, glyph, icon, thousands, live, gathered, tick } = window.OneMap;
  const my = window.OneMap.admin;
  const FEW = 8;
  const day = (iso) => (iso ? time.date(new Date(iso)) : "");
  const when = (iso) => (iso ? `${time.date(new Date(iso))} ${time.minute(new Date(iso))}` : "");
  const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))}\u2009kB` : `${(n / 1e6).toFixed(1)}\u2009MB`);
  const money = (n) => say(`${thousands(n)} 元`, `CNY ${thousands(n)}`);
  const onMap = (layer, key, row) => `${base}map?layers=${layer === "enterprises" ? layer : `enterprises,${layer}`}&sel=${encodeURIComponent(`${layer}:${key}`)}${row && row.lon !== undefined && row.lon !== null ? `&c=${row.lon},${row.lat}&z=16` : ""}`;
  const caseAt = (system, code) => `${base}cases?system=${encodeURIComponent(system)}&view=all&code=${encodeURIComponent(code)}`;

  function panel(id, title, more, ...body) {
    return el("section", { class: "panel", id: `firm-${id}`, "aria-label": title }, el("header", {}, el("h2", {}, title), more ? el("span", { class: "more" }, [more].flat(2).filter(Boolean).map((one) => (one instanceof Node ? one : el("span", {}, one)))) : null), el("div", { class: "firm-body" }, body));
  }

  /* The first rows; the rest opens where it is, and what was not told is said. */
  function some(rows, total, few = FEW) {
    const list = el("ul", { class: "firm-rows" }, rows.slice(0, few)), rest = rows.slice(few);
    const more = rest.length ? el("button", { type: "button", class: "link firm-more", on: { click: () => { list.append(...rest); more.remove(); } } }, say(`其余 ${thousands(rest.length)} 条`, `${thousands(rest.length)} more`)) : null;
    const untold = total > rows.length ? el("p", { class: "t3 firm-more" }, say(`另有 ${thousands(total - rows.length)} 条,未列出`, `${thousands(total - rows.length)} more are not listed`)) : null;
    return [list, more, untold];
  }

  const none = (words) => el("p", { class: "empty" }, words);

  function due(row) {
    if (row.closed_at) return el("span", { class: "t3" }, day(row.closed_at));
    if (row.stopped) return el("span", { class: "t3" }, say("暂停计时", "clock stopped"));
    if (row.days === null) return null;
    const late = row.overdue, words = late ? say(`逾期 ${Math.max(1, -row.days)} 天`, `${Math.max(1, -row.days)} d late`) : row.days === 0 ? say("今日到期", "due today") : say(`还有 ${row.days} 天`, `${row.days} d left`);
    return el("span", { class: late ? "case-late" : row.days <= 7 ? "case-soon" : "t3" }, late ? icon("clock", 14) : null, words);
  }

  const counted = (one) => [[say("在办", "open"), one.open], [say("逾期", "late"), one.overdue], [say("在册", "standing"), one.standing], [say("已办结", "closed"), one.closed]].filter(([, n]) => n).map(([word, n]) => el("span", { class: word === say("逾期", "late") ? "case-late" : "" }, `${word} ${thousands(n)}`));

  function system(one, firm) {
    const rows = one.rows.map((row) => el("li", { class: "firm-case" }, el("a", { class: "link el", href: caseAt(one.system, row.code), "data-code": row.code }, row.grade ? glyph(row.grade) : null, row.title), my.chip(row.state_word, row.closed_at ? "dull" : ""), due(row), el("small", { class: "t3 el" }, [row.code, day(row.opened_at), !row.closed_at && row.turn_word ? say(`待${row.turn_word}`, `for ${row.turn_word}`) : "", row.amount ? money(row.amount) : ""].filter(Boolean).join(" · "))));
    const head = el("h3", { "data-system": one.system }, el("a", { href: `${base}cases?system=${encodeURIComponent(one.system)}&view=all&enterprise=${encodeURIComponent(firm)}` }, one.title), el("span", { class: "firm-counts" }, counted(one)));
    return el("section", { class: "firm-system" }, head, one.decided ? el("p", { class: "t2 firm-fines" }, say(`已决定 ${thousands(one.decided)} 件,罚款合计 ${money(one.fines)}`, `${thousands(one.decided)} decided, fines of ${money(one.fines)}`)) : null, some(rows, one.total, one.open ? 4 : 2));
  }

  function cases(told) {
    const there = told.cases.filter((one) => one.total), without = told.cases.filter((one) => !one.total);
    const sum = (name) => there.reduce((all, one) => all + one[name], 0);
    const open = sum("open"), late = sum("overdue");
    there.sort((a, b) => b.overdue - a.overdue || b.open - a.open || b.total - a.total);
    return panel("cases", say("业务案件", "Cases"), [say(`在办 ${thousands(open)}`, `open ${thousands(open)}`), late ? el("b", { class: "case-late" }, say(`逾期 ${thousands(late)}`, `late ${thousands(late)}`)) : null, say(`共 ${thousands(sum("total"))}`, `of ${thousands(sum("total"))}`)],
      there.length ? there.map((one) => system(one, told.id)) : none(say("没有符合条件的案件", "No case fits")),
      without.length && there.length ? el("p", { class: "empty" }, say(`没有案件:${without.map((one) => one.title).join("、")}`, `No case in: ${without.map((one) => one.title).join(", ")}`)) : null);
  }

  function reading(found) {
    if (!found) return null;
    const old = found.state === "unknown";
    return el("span", { class: `firm-reading${old ? " t3" : ""}` }, el("b", {}, old ? found.state_title : `${found.value}\u2009${found.unit}`), !old && found.limit ? el("small", { class: "t3" }, say(` 限 ${found.limit}`, ` limit ${found.limit}`)) : null, old && found.said !== null ? el("small", {}, say(` 最后 ${found.said}\u2009${found.unit}`, ` last ${found.said}\u2009${found.unit}`)) : null);
  }

  function line(section, row, pick) {
    const picture = row.symbol ? window.OneMap.drawer.picture(row.symbol, 22) : el("span", { class: "swatch" });
    const name = row.lon !== undefined || row.shape ? el("button", { type: "button", class: "el firm-name", on: { click: () => pick(row) } }, row.label) : el("span", { class: "el" }, row.label);
    const at = row.reading?.at ? el("small", { class: "t3 nw", "data-at": row.reading.at }) : null;
    return el("li", { "data-key": row.key }, row.grade ? glyph(row.grade) : picture, name, row.reading ? reading(row.reading) : null, at, el("small", { class: "t2 el firm-told" }, row.told.join(" · "), row.holds ? ` ${row.holds.map((one) => `${one.title} ${one.count}`).join(" · ")}` : ""),
      section.on_map && may("map") ? el("a", { class: "firm-open", href: onMap(section.id, row.key, row), "aria-label": say(`在一张图上看 ${row.label}`, `${row.label} on the map`), title: say("在一张图上看", "On the map") }, icon("pin", 16)) : null);
  }

  function belongs(section, pick, few) {
    const more = section.id === "alarms" && section.standing ? el("b", { class: "case-late" }, say(`未恢复 ${section.standing}`, `${section.standing} stand`)) : section.id === "licences" && section.total ? [section.over ? el("b", { class: "case-late" }, say(`过期 ${section.over}`, `${section.over} ran out`)) : null, say(`90 天内到期 ${section.near}`, `${section.near} end in 90 days`)] : null;
    return panel(section.id, section.title, [section.total ? thousands(section.total) : null, more], section.total ? some(section.rows.map((row) => line(section, row, pick)), section.total, few) : none(section.note));
  }

  function basics(told) {
    const lines = told.basics.pairs.map((pair) => el("div", {}, el("dt", {}, pair.title), el("dd", {}, pair.kept ? el("span", { class: "kept t3" }, icon("lock", 14), pair.kept) : pair.grade ? [glyph(pair.grade), " ", pair.words] : pair.words)));
    const first = lines.slice(0, 12), rest = lines.slice(12);
    return panel("basics", say("台账", "Ledger"), say(`第 ${told.version} 版`, `version ${told.version}`), el("dl", { class: "firm-pairs" }, first), rest.length ? el("details", {}, el("summary", {}, say(`其余 ${rest.length} 项`, `${rest.length} more`)), el("dl", { class: "firm-pairs" }, rest)) : null,
      el("p", { class: "t3 firm-source" }, say(`来源 ${told.source || "未注明"}·原坐标系 ${told.datum}`, `Source ${told.source || "not stated"} · ${told.datum}`)));
  }

  function history(told) {
    const change = (one) => el("li", {}, el("span", { class: "t3" }, one.title), " ", el("span", {}, one.from || say("空", "blank")), " → ", el("b", {}, one.to || say("空", "blank")));
    return panel("history", say("台账版本", "Versions of the ledger"), say(`第 ${told.version} 版`, `version ${told.version}`), some(told.history.map((one) => el("li", { class: "firm-version" }, el("div", {}, el("b", {}, say(`第 ${one.version} 版`, `version ${one.version}`)), " ", el("span", { class: "t2" }, [one.change, one.by, when(one.at)].filter(Boolean).join(" · "))), one.reason ? el("p", { class: "t3" }, one.reason) : null, one.changed.length ? el("ul", {}, one.changed.slice(0, 8).map(change), one.changed.length > 8 ? el("li", { class: "t3" }, say(`另有 ${one.changed.length - 8} 项`, `${one.changed.length - 8} more`)) : null) : null)), told.version, 4));
  }

  function timeline(told) {
    const rows = told.timeline.map((one) => el("li", { class: `firm-event ${one.kind}` }, el("span", { class: "t3 nw" }, when(one.at)), el("div", {}, el("b", {}, one.what), " ", one.code ? el("a", { class: "link", href: caseAt(one.system, one.code) }, one.about) : one.layer ? el("a", { class: "link", href: onMap(one.layer, one.key) }, one.about || one.from) : el("span", {}, one.about), el("small", { class: "t3" }, ` ${[one.from, one.by].filter(Boolean).join(" · ")}`), one.why ? el("p", { class: "t3" }, one.why) : null)));
    return panel("timeline", say("经过", "What happened"), told.timeline_more ? say("只列最近 200 条", "the latest 200") : thousands(rows.length), rows.length ? some(rows, rows.length, 12) : none(say("没有记录", "Nothing is recorded")));
  }

  function files(told) {
    const rows = told.files.map((one) => el("li", {}, icon("page", 18), el("a", { class: "link el", href: `${base}api/files/${one.id}`, target: "_blank", rel: "noopener" }, one.name), el("small", { class: "t3 nw" }, size(one.size)), el("small", { class: "t3 el firm-told" }, [one.layer, one.key, one.by, when(one.at)].filter(Boolean).join(" · "))));
    return panel("files", say("附件", "Files"), rows.length ? thousands(rows.length) : null, rows.length ? some(rows, rows.length, 5) : none(say("没有附件", "No file is attached")));
  }

  /* The index with what is unknown of it, from its own door; whoever may not see it is told so. */
  async function risk(box, key) {
    const { firm } = window.OneMap.risk;
    try {
      const one = await get(`api/risk/one?key=${encodeURIComponent(key)}`);
      const go = (at) => { location.href = `${base}risk?sel=${encodeURIComponent(`e:${key}`)}&t=${at.toISOString()}`; };
      box.replaceChildren(el("div", { class: "firm-risk" }, ...firm(one, { close: null, here: true, now: time.now().toISOString(), at: "", go }).filter(Boolean)));
      box.closest("section").querySelector(".more").replaceChildren(el("a", { href: `${base}risk?sel=${encodeURIComponent(`e:${key}`)}` }, say("风险一张图", "Risk map")));
      return one;
    } catch (fault) {
      box.replaceChildren(none(fault.status === 404 ? say("还没有计算", "Not computed yet") : fault.status === 403 ? say("风险指数不对您的岗位开放", "Not open to your role") : fault.message));
      return null;
    }
  }

  /* Its own plans step by step: who does what, within how many minutes of when. */
  async function plans(box, key) {
    const ROMAN = ["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"];
    const within = (step) => (step.minutes === null ? say("不限时", "no limit") : say(`${step.moment_word}起 ${step.minutes} 分内`, `within ${step.minutes} min of: ${step.moment_word}`));
    const step = (one) => el("li", { class: "firm-step" }, el("b", {}, String(one.number)), el("div", {}, el("div", {}, one.text, one.detail ? el("small", { class: "t3" }, ` ${one.detail}`) : null), el("small", { class: "t3" }, [[one.unit, one.role].filter(Boolean).join(" "), one.levels.length ? say(`${one.levels.map((level) => ROMAN[Number(level)]).join("")} 级响应`, `level ${one.levels.map((level) => ROMAN[Number(level)]).join("")}`) : say("各级响应", "all levels"), within(one)].join(" · "))));
    const plan = (one) => el("details", { class: "firm-plan", "data-plan": one.code }, el("summary", {}, one.title, " ", el("small", { class: one.stands === "current" ? "t3" : "case-late" }, [one.stands_word, one.edition, one.nature === "official" ? "" : one.nature_word, one.filing ? say(`备案 ${one.filing}`, `filed ${one.filing}`) : ""].filter(Boolean).join(" · "))), one.steps.length ? el("ol", { class: "firm-rows" }, one.steps.map(step)) : none(say("没有行动步骤", "No steps")));
    const count = (words) => box.closest("section").querySelector(".more").replaceChildren(el("span", {}, words));
    try {
      const { rows } = await get(`api/enterprise/plans?id=${encodeURIComponent(key)}`);
      count(thousands(rows.length));
      box.replaceChildren(...(rows.length ? rows.map(plan) : [none(say("没有登记的数字化预案", "No digital plan is registered"))]));
    } catch (fault) { count(" "); box.replaceChildren(none(fault.message)); }
  }

  function strip(told) {
    const of = (id) => told.sections.find((one) => one.id === id), by = (id) => told.cases.find((one) => one.system === id);
    const sum = (name) => told.cases.reduce((all, one) => all + one[name], 0);
    const tile = (to, title, figure, under, bad) => el("a", { class: "firm-tile", href: `#firm-${to}` }, el("span", { class: "t2" }, title), el("b", { class: bad ? "case-late" : "" }, figure), el("small", { class: "t3" }, under || "\u00a0"));
    const tiles = [tile("cases", say("在办案件", "Open cases"), thousands(sum("open")), sum("overdue") ? say(`逾期 ${thousands(sum("overdue"))}`, `${thousands(sum("overdue"))} late`) : say("没有逾期", "none late"), sum("overdue"))];
    const danger = by("hidden-danger"), penalty = by("penalty"), check = by("site-check");
    if (danger) tiles.push(tile("cases", say("未闭环隐患", "Open dangers"), thousands(danger.open), say(`累计 ${thousands(danger.total)}`, `${thousands(danger.total)} in all`), danger.overdue));
    if (check) tiles.push(tile("cases", say("现场检查", "Checks"), thousands(check.total), check.open ? say(`在办 ${thousands(check.open)}`, `${thousands(check.open)} open`) : ""));
    const complaint = by("complaint");
    if (complaint) tiles.push(tile("cases", say("举报投诉", "Complaints"), thousands(complaint.total), complaint.open ? say(`在办 ${thousands(complaint.open)}`, `${thousands(complaint.open)} open`) : ""));
    if (penalty) tiles.push(tile("cases", say("已决定处罚", "Penalties decided"), thousands(penalty.decided || 0), penalty.decided ? money(penalty.fines) : say("没有", "none")));
    const licences = of("licences"), sensors = of("sensors"), alarms = of("alarms"), accidents = of("accidents");
    if (licences) tiles.push(tile("licences", licences.title, thousands(licences.total), licences.over ? say(`过期 ${licences.over}`, `${licences.over} ran out`) : say(`90 天内到期 ${licences.near}`, `${licences.near} end in 90 d`), licences.over));
    if (sensors) tiles.push(tile("sensors", sensors.title, thousands(sensors.total), alarms ? say(`未恢复报警 ${alarms.standing}`, `${alarms.standing} alarms`) : "", alarms && alarms.standing));
    if (accidents) tiles.push(tile("accidents", accidents.title, thousands(accidents.total), accidents.total ? accidents.rows[0].told[0] : accidents.note));
    return tiles;
  }

  async function start(map, screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#firm-${id}`);
    const [head, tiles, left, middle, right] = ["head", "strip", "left", "middle", "right"].map(part);
    const asked = new URLSearchParams(location.search);
    const state = { id: asked.get("id") || screen.dataset.own, system: asked.get("system") || "", year: asked.get("year") || "" };
    const drawn = L.featureGroup().addTo(map), picked = L.layerGroup().addTo(map);
    map.getContainer().setAttribute("aria-label", say("企业位置地图,左侧列出同样内容", "Map of the enterprise; the lists say the same"));
    const riskBox = el("div", {}, el("span", { class: "skeleton" }));
    const planBox = el("div", {}, el("span", { class: "skeleton" }));
    let framed = false, years = [], marked = null, videoBox = null;

    function address() {
      const now = new URLSearchParams();
      for (const name of ["id", "system", "year"]) if (state[name]) now.set(name, state[name]);
      if (asked.get("lang")) now.set("lang", asked.get("lang"));
      history_(now);
    }
    const history_ = (now) => window.history.replaceState(null, "", `${location.pathname}?${now}`);

    function choose(name, title, choices) {
      return el("select", { "aria-label": title, on: { change: (event) => { state[name] = event.target.value; address(); read(); } } }, el("option", { value: "" }, title), choices.map(([value, words]) => el("option", { value, selected: state[name] === value }, words)));
    }

    function top(told) {
      const systems = screen.dataset.systems.split("\n").filter(Boolean).map((one) => one.split(/:(.*)/s).slice(0, 2));
      const chips = [told.grade ? el("span", { class: `chip g${told.grade.grade}` }, glyph(told.grade.grade), told.grade.word, say(" 风险分级", " rated risk")) : null, ...told.chips.map((one) => el("span", { class: "chip" }, one))];
      head.replaceChildren(el("div", {}, el("h2", { tabindex: "-1" }, told.name), el("p", { class: "t2" }, say(`统一社会信用代码 ${told.id}`, `USCC ${told.id}`)), el("p", { class: "chips" }, chips)),
        el("div", { class: "firm-tools" }, told.into ? null : choose("system", say("全部系统", "All systems"), systems), told.into ? null : choose("year", say("全部年份", "All years"), years.map((one) => [String(one), say(`${one} 年`, String(one))])),
          may("map") ? el("a", { class: "adm-button", href: onMap("enterprises", told.id, told) }, say("在一张图上看", "On the map")) : null,
          told.into ? null : el("a", { class: "adm-button", href: `${base}cases?view=open&enterprise=${encodeURIComponent(told.id)}` }, say("在办案件", "Open cases"))));
      if (told.into) head.append(el("p", { class: "firm-into", role: "status" }, say("本记录已并入 ", "This record was merged into "), el("a", { class: "link", href: `?id=${encodeURIComponent(told.into.key)}` }, told.into.label), say(",证照、监测和案件见该企业;下面是并档前的台账。", ": licences, points and cases are there; below is the ledger as it was.")));
      if (told.merged) head.append(el("p", { class: "firm-into" }, say("已并入本企业:", "Merged into this one: "), told.merged.rows.map((row, n) => [n ? say("、", ", ") : "", el("a", { class: "link", href: `?id=${encodeURIComponent(row.key)}` }, `${row.label} ${row.key}`)])));
    }

    function pick(row) {
      picked.clearLayers();
      marked = row;
      if (row.shape) { map.fitBounds(L.geoJSON(row.shape).getBounds(), { padding: [24, 24], maxZoom: 17 }); return; }
      const at = L.latLng(row.lat, row.lon);
      L.circleMarker(at, { radius: 17, weight: 3, color: getComputedStyle(screen).getPropertyValue("--acc").trim(), fill: false }).addTo(picked);
      map.setView(at, Math.max(map.getZoom(), 16), { animate: false });
      if (window.innerWidth < 1280) map.getContainer().scrollIntoView({ block: "nearest" });
    }

    function lay(told) {
      drawn.clearLayers();
      const colour = getComputedStyle(screen).getPropertyValue("--acc").trim();
      for (const section of told.sections || []) for (const row of section.rows) {
        if (row.shape) L.geoJSON(row.shape, { style: { color: colour, weight: 3, fillOpacity: 0.06 }, interactive: false }).addTo(drawn);
        else if (row.lon !== undefined && row.symbol && ["hazard_sources", "tanks", "sensors", "cameras"].includes(section.id)) L.marker([row.lat, row.lon], { icon: L.icon({ iconUrl: `${base}api/symbols/${row.symbol}.svg`, iconSize: [26, 26], className: "firm-symbol" }), keyboard: false, title: row.label }).on("click", () => pick(row)).addTo(drawn);
      }
      if (!drawn.getLayers().length && told.lon !== null) L.circleMarker([told.lat, told.lon], { radius: 9, weight: 3, color: "#fff", fillColor: colour, fillOpacity: 1 }).addTo(drawn);
      part("map-more").textContent = told.lon === null ? say("没有坐标", "no position") : `${told.lon.toFixed(5)}, ${told.lat.toFixed(5)}`;
      if (!framed && drawn.getLayers().length) { framed = true; map.fitBounds(drawn.getBounds(), { padding: [28, 28], maxZoom: 17, animate: false }); }
      if (marked) picked.eachLayer((ring) => ring.bringToFront());
    }

    function paint(told) {
      if (!state.year && !state.system && told.years) years = told.years;
      else if (told.years) years = [...new Set([...years, ...told.years, ...(state.year ? [Number(state.year)] : [])])].sort((a, b) => b - a);
      top(told);
      document.title = told.name;
      lay(told);
      if (told.into) { tiles.replaceChildren(); left.replaceChildren(basics(told)); middle.replaceChildren(history(told)); right.replaceChildren(); return; }
      const rest = new Map(told.sections.map((one) => [one.id, one]));
      const take = (...ids) => ids.map((id) => { const found = rest.get(id); rest.delete(id); return found ? belongs(found, pick, id === "sensors" ? 10 : 6) : null; }).filter(Boolean);
      tiles.replaceChildren(...strip(told));
      const [places, running, after] = [take("sites", "hazard_sources", "tanks"), take("licences", "sensors", "alarms", "cameras"), take("accidents", "issued_documents", "danger_listings", "credit_listings")];
      const others = [...rest.values()], empty = others.filter((one) => !one.total);
      left.replaceChildren(basics(told), ...places, ...after, ...others.filter((one) => one.total).map((one) => belongs(one, pick, 6)), history(told), empty.length ? panel("without", say("没有登记的", "Not registered"), null, none(empty.map((one) => one.title).join(say("、", ", ")))) : "");
      videoBox ||= panel("video", say("视频", "Video"), null, window.OneMap.footage.fold("enterprises", state.id));
      const planPanel = screen.querySelector("#firm-plans") || panel("plans", say("应急预案", "Emergency plans"), " ", planBox);
      middle.replaceChildren(cases(told), ...running, planPanel, may("map") ? videoBox : "");
      const riskPanel = screen.querySelector("#firm-risk") || panel("risk", say("风险指数", "Risk index"), " ", riskBox);
      right.replaceChildren(riskPanel, timeline(told), files(told));
      tick();
    }

    let turn = 0;
    async function read() {
      const mine = ++turn, query = new URLSearchParams({ id: state.id });
      if (state.system) query.set("system", state.system);
      if (state.year) query.set("year", state.year);
      let told;
      try { told = await get(`api/enterprise?${query}`); }
      catch (fault) {
        if (mine !== turn) return;
        head.replaceChildren(el("p", { class: "failed", role: "alert" }, fault.status === 404 ? say(`没有企业 ${state.id},或不在您的权限范围内`, `No enterprise ${state.id}, or it is not open to you`) : fault.message));
        for (const box of [tiles, left, middle, right]) box.replaceChildren();
        return;
      }
      if (mine === turn) paint(told);
    }

    if (!state.id) { head.replaceChildren(el("div", {}, el("h2", {}, say("一企一档", "One enterprise")), el("p", { class: "t2" }, say("用上方的搜索按名称或信用代码查找企业,或从一张图、案件打开。", "Search above by name or code, or open an enterprise from the map or a case.")))); screen.dataset.ready = "1"; return; }
    await read();
    if (right.childElementCount) { risk(riskBox, state.id); plans(planBox, state.id); }
    /* what changes elsewhere is read again, once for a burst */
    const again = gathered(read, 1500);
    live.onChanges(again);
    live.onState((now, was) => { if (now === "open" && was === "lost") again(); });
    live.open();
    setInterval(() => { if (!document.hidden && screen.querySelector(".firm-reading")) again(); }, 30000);
    screen.dataset.ready = "1";
  }

  window.OneMap.startEnterprise = start;
})();
