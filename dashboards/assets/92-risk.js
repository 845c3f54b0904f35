/* The risk map: ranking, map and drivers of one selection, now or at an earlier moment; all of it in the address. */
(function () {
  "use strict";
  const { el, say, get, time, icon, GRADES, furniture, live, debounce, gathered, thousands } = window.OneMap;
  const my = window.OneMap.admin, risk = window.OneMap.risk;
  const NS = "http://www.w3.org/2000/svg";
  const SPANS = { "24h": [24, 15, say("24 小时", "24 hours")], "7d": [168, 120, say("7 天", "7 days")], "30d": [720, 360, say("30 天", "30 days")] };
  const LEVELS = [["district", say("区县", "Districts")], ["town", say("镇街", "Towns")], ["grid", say("网格", "Grid")], ["none", say("不显示", "None")]];
  const ROWS = 200;
  const state = { area: "", grade: "", by: "known", level: "district", tab: "firms", sel: "", t: "", q: "", span: "24h" };
  const usual = { ...state };

  function read() {
    const asked = new URLSearchParams(location.search);
    for (const name of Object.keys(state)) if (asked.has(name)) state[name] = asked.get(name);
    if (!SPANS[state.span]) state.span = "24h";
    if (state.t && Number.isNaN(Date.parse(state.t))) state.t = "";
  }

  const keep = debounce(() => {
    const asked = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(state)) { if (value && value !== usual[name]) asked.set(name, value); else asked.delete(name); }
    history.replaceState(null, "", `${location.pathname}${asked.size ? `?${asked}` : ""}`);
  }, 150);

  async function start(map, screen) {
    window.OneMap.office.frame(screen);
    read();
    const part = (id) => screen.querySelector(`#risk-${id}`);
    const [bar, standing, list, side, over, clock] = ["bar", "standing", "list", "one", "over", "time"].map(part);
    const theme = () => screen.dataset.theme;
    let told = null, shapes = {}, drawn = L.layerGroup().addTo(map), framed = false, turn = 0, playing = 0;
    const earlier = new Map();

    const canvas = new risk.RiskPoints({ scale: 0.8, pad: 0.1, interactive: true, theme, density: 1 });
    const name = el("div", { class: "furniture theme-name" }), legend = el("div", { class: "furniture risk-legend" });
    over.append(name, legend, furniture.scale(map, 120), furniture.north());
    map.getContainer().setAttribute("aria-label", say("风险地图,左侧排名列出同样内容", "Map of the risk; the ranking lists the same"));
    canvas.on("pick", ({ key }) => pick(`e:${key}`));
    canvas.on("crowd", ({ keys }) => pick(`e:${keys[0]}`));

    /* what lies under the filters, each row with its look */
    function rows() {
      const firms = told.enterprises, total = told.model.terms, words = state.q.trim().toLowerCase();
      const found = firms.keys.map((key, k) => {
        const row = { key, name: firms.name[k], score: firms.score[k], highest: firms.highest[k], grade: firms.grade[k], grade_highest: firms.grade_highest[k], unknown: firms.unknown[k], share: firms.unknown[k] / total, area: firms.area[k] || "", override: firms.override[k], lon: firms.lon[k], lat: firms.lat[k] };
        row.seen = risk.look(row, state.by);
        return row;
      }).filter((row) => (!state.area || row.area.startsWith(inside(state.area))) && (!words || `${row.name} ${row.key}`.toLowerCase().includes(words)) && (!state.grade || String(row.seen.grade) === state.grade));
      return found.sort(order);
    }
    const inside = (code) => (code.length === 6 && code.endsWith("00") ? code.slice(0, 4) : code);
    const worst = (row) => (state.by === "highest" ? row.highest ?? 101 : row.score ?? -1);
    const order = (a, b) => (state.by === "known" ? (a.grade || 5) - (b.grade || 5) : 0) || worst(b) - worst(a) || (b.highest ?? 101) - (a.highest ?? 101) || (a.key < b.key ? -1 : 1);
    const kind = (one) => one.level || "grid";
    function zones(level) {
      return told.areas.filter((one) => !level || kind(one) === level).map((one) => ({ ...one, seen: risk.look({ ...one, share: one.partly / Math.max(1, one.enterprises) }, state.by) }))
        .filter((one) => !state.area || one.code.startsWith(inside(state.area))).sort(order);
    }
    const nameOf = (key) => told.enterprises.name[told.enterprises.keys.indexOf(key)] || key;

    function hatches() {
      document.getElementById("risk-hatches")?.remove();
      const token = (one) => getComputedStyle(screen).getPropertyValue(one).trim();
      const node = (tag, facts, ...more) => { const made = document.createElementNS(NS, tag); for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value); made.append(...more); return made; };
      const one = (n, colour) => node("pattern", { id: `risk-hatch-${n}`, width: 9, height: 9, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-45)" }, node("rect", { width: 9, height: 9, fill: colour, "fill-opacity": n ? 0.08 : 0.05 }), node("path", { d: "M0 0v9", stroke: colour, "stroke-width": 1.4, opacity: 0.6 }));
      screen.append(node("svg", { id: "risk-hatches", width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" }, node("defs", {}, ...["--line2", "--rf", "--of", "--yf", "--bf"].map((token_, n) => one(n, token(token_))))));
      return ["--line2", "--rf", "--of", "--yf", "--bf"].map(token);
    }

    async function outlines(layer) {
      if (!shapes[layer]) shapes[layer] = await risk.outlines(layer).catch(() => new Map());
      return shapes[layer];
    }

    async function paintZones() {
      const mine = (paintZones.turn = (paintZones.turn || 0) + 1);
      const ways = state.level === "none" ? new Map() : await outlines(state.level === "grid" ? "grids" : "areas");
      if (mine !== paintZones.turn) return;
      const colours = hatches();
      drawn.clearLayers();
      const found = state.level === "none" ? [] : zones(state.level);
      for (const one of [...found].reverse()) {
        const geometry = ways.get(one.code);
        if (!geometry) continue;
        const { seen } = one, chosen = state.sel === `a:${one.code}`, colour = colours[seen.grade];
        const few = found.length <= 8;
        const words = el("div", {}, el("b", {}, one.name), el("br"), say(`已知 ${one.score ?? "未知"} · 最高可能 ${one.highest}`, `known ${one.score ?? "?"}, at most ${one.highest}`), el("br"), say(`${one.partly}/${one.enterprises} 家有未知项`, `${one.partly} of ${one.enterprises} partly unknown`));
        L.geoJSON(geometry, { style: { color: chosen ? getComputedStyle(screen).getPropertyValue("--t1") : colour, weight: chosen ? 3.5 : 1.8, dashArray: seen.kind === "certain" ? null : "6 4", fillColor: seen.kind === "certain" ? colour : `url(#risk-hatch-${seen.grade})`, fillOpacity: seen.kind === "certain" ? 0.2 : 1, bubblingMouseEvents: true } })
          .bindTooltip(words, { sticky: true, className: "risk-tip" }).on("click", (event) => { if (!canvas.hit(event.containerPoint)) pick(`a:${one.code}`); }).addTo(drawn);
        if (few) L.tooltip({ permanent: true, direction: "center", className: "risk-name", interactive: false }).setLatLng(risk.middle(geometry)).setContent(el("div", {}, el("b", {}, one.name), el("br"), say(`${one.score ?? "?"} 至 ${one.highest}`, `${one.score ?? "?"} to ${one.highest}`))).addTo(drawn);
      }
      if (!framed && drawn.getLayers().length) { framed = true; map.fitBounds(L.featureGroup(drawn.getLayers().filter((one) => one.getBounds)).getBounds(), { animate: false, padding: [20, 20] }); }
    }

    async function paint() {
      const found = rows(), placed = found.filter((row) => row.lon !== null);
      if (!framed && !told.areas.length && placed.length) { framed = true; map.fitBounds(L.latLngBounds(placed.map((row) => [row.lat, row.lon])), { animate: false, padding: [40, 40], maxZoom: 15 }); }
      if (!canvas.map && map._loaded) canvas.addTo(map);
      await canvas.put("risk", risk.placed(placed), { graded: true, symbolZoom: 99, labelZoom: 99 });
      const [sort, key] = [state.sel.slice(0, 1), state.sel.slice(2)];
      canvas.selection = sort === "e" ? { layer: "risk", key } : null;
      canvas.repaint();
      paintZones();
      name.replaceChildren(el("b", {}, state.by === "known" ? say("按已知项着色", "By what is known") : say("按最高可能着色", "By the worst it may be")),
        el("span", { class: "risk-model" }, told.model.label), told.at ? el("span", {}, say(`回看 ${stamp(told.at)}`, `As of ${stamp(told.at)}`)) : "");
      const line = (seen, words) => el("span", {}, risk.picture(seen, theme()), words);
      legend.replaceChildren(line({ kind: "certain", grade: 1, most: 1 }, say("实心:等级已定", "Filled: settled")), line({ kind: "open", grade: 3, most: 1 }, say("空心:可能更重,角标为最高", "Hollow: may be graver, the worst beside")), line({ kind: "unknown", grade: 0, most: 2 }, say("问号:过半未知,不作蓝色", "?: mostly unknown, not blue")),
        el("span", { class: "t3" }, GRADES.slice(1).map((one, n) => el("span", {}, window.OneMap.glyph(n + 1), one.word))));
    }
    const stamp = (at) => `${time.date(new Date(at)).slice(5)} ${time.minute(new Date(at))}`;

    function ranking() {
      const tabs = [["firms", say("企业", "Enterprises")], ["areas", say("区域", "Areas")], ["compounds", say("复合预警", "Compound")]].filter(([id]) => id !== "areas" || told.areas.length);
      const lasting = told.compounds.filter((one) => !one.ended_at).length;
      const head = el("div", { class: "risk-tabs", role: "tablist" }, tabs.map(([id, title]) => el("button", { type: "button", role: "tab", "aria-selected": String(state.tab === id), on: { click: () => { change({ tab: id }); } } }, title, id === "compounds" && lasting ? ` ${lasting}` : "")));
      const foot = el("p", { class: "risk-foot" });
      const items = state.tab === "compounds" ? compounds(foot) : state.tab === "areas" ? areas(foot) : firms(foot);
      list.replaceChildren(head, items, foot);
    }
    const sums = (row) => el("span", { class: "sums" }, el("b", {}, state.by === "known" ? (row.score ?? "?") : row.highest), el("br"), el("small", {}, state.by === "known" ? say(`最高 ${row.highest}`, `max ${row.highest}`) : say(`已知 ${row.score ?? "?"}`, `known ${row.score ?? "?"}`)));
    const item = (row, key, note) => el("li", {}, el("button", { type: "button", class: "row", "aria-pressed": String(state.sel === key), "data-key": key, on: { click: () => pick(key) } }, el("span", { class: "mark" }, risk.picture(row.seen, theme()), row.seen.kind === "unknown" ? say("未知", "open") : GRADES[row.seen.grade].word), el("span", { class: "el" }, row.name || row.key), sums(row), el("small", {}, note)));

    function firms(foot) {
      const found = rows(), total = told.enterprises.keys.length;
      const open = found.filter((row) => row.seen.kind !== "certain").length;
      foot.textContent = found.length ? say(`${thousands(found.length)} 家,其中 ${thousands(open)} 家等级未定${found.length > ROWS ? `;列出前 ${ROWS} 家` : ""}`, `${thousands(found.length)} enterprises, ${thousands(open)} not settled${found.length > ROWS ? `; the first ${ROWS}` : ""}`) : "";
      if (!total) return my.empty(told.at ? say("当时尚无风险指数。", "There was no index then.") : say("尚未计算风险指数;启动后半分钟内首次计算。", "No index yet; it is computed within half a minute of the start."));
      if (!found.length) return my.empty(say("没有符合条件的企业。", "No enterprise fits."));
      return el("ol", { class: "risk-rows" }, found.slice(0, ROWS).map((row) => item(row, `e:${row.key}`, [say(`${row.unknown} 项未知`, `${row.unknown} unknown`), row.override ? say(" · 一票定级", " · overridden") : ""].join(""))));
    }
    function areas(foot) {
      const level = state.level === "none" ? "district" : state.level, found = zones(level);
      foot.textContent = say(`${LEVELS.find(([id]) => id === level)[1]} ${found.length} 个,0.6×最高 + 0.4×平均`, `${found.length}: 0.6 of the worst and 0.4 of the mean`);
      if (!found.length) return my.empty(say("没有符合条件的区域。", "No area fits."));
      return el("ol", { class: "risk-rows" }, found.slice(0, ROWS).map((one) => item(one, `a:${one.code}`, say(`${one.enterprises} 家 · ${one.partly} 家有未知项 · ${one.red} 家红色`, `${one.enterprises} enterprises, ${one.partly} partly unknown, ${one.red} red`))));
    }
    function compounds(foot) {
      foot.textContent = say("单看不重、同时出现则重;条件为本系统拟定。", "Harmless alone, grave together; conditions of our own.");
      if (!told.compounds.length) return my.empty(say("没有复合预警。作业票、视频人员尚未接入,相关情形无法判定。", "No compound warning. Tickets and people on video are not connected: what needs them cannot be judged."));
      return el("ol", { class: "risk-rows" }, told.compounds.map((one) => el("li", {}, el("button", { type: "button", class: "row", "data-key": one.code, on: { click: () => one.enterprise && pick(`e:${one.enterprise}`) } }, el("span", { class: "mark" }, window.OneMap.glyph(one.ended_at ? 0 : one.level), GRADES[one.level].word), el("b", { class: "el" }, one.title), el("small", {}, one.ended_at ? say(`已结束 ${stamp(one.ended_at)}`, `ended ${stamp(one.ended_at)}`) : el("span", { "data-at": one.since })), el("p", { class: "why" }, one.cause)))));
    }

    async function drivers() {
      const [sort, key] = [state.sel.slice(0, 1), state.sel.slice(2)];
      const body = side.querySelector(".body") || el("div", { class: "body" });
      if (!body.parentElement) side.replaceChildren(body);
      if (!key) { body.replaceChildren(my.empty(say("从地图或排名选一家企业或一个区域,看指数由什么构成。", "Choose an enterprise or an area to see what its index is made of."))); return; }
      const close = el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: () => pick("") } }, icon("close"));
      const context = { close, at: state.t, now: told.now, model: told.model, nameOf, pick, go: (moment) => { change({ t: moment.toISOString(), span: spanOf(moment) }, true); }, within: (code) => change({ area: code, tab: "firms" }) };
      await my.room(body, () => get(sort === "a" ? `api/risk/area?code=${encodeURIComponent(key)}` : `api/risk/one?key=${encodeURIComponent(key)}`), (answer) => [
        state.t ? el("p", { class: "risk-warn" }, say("地图与排名为回看时刻;构成为现在。", "The map and the ranking are of then; this is of now.")) : null, ...(sort === "a" ? risk.area(answer, context) : risk.firm(answer, context))]);
      if (drivers.focus) { drivers.focus = false; body.querySelector("h2")?.focus({ preventScroll: window.innerWidth > 1279 }); }
    }
    const spanOf = (moment) => { const hours = (time.now() - moment) / 3600e3; return hours <= 24 ? "24h" : hours <= 168 ? "7d" : "30d"; };

    function pick(key) {
      state.sel = key;
      drivers.focus = Boolean(key);
      keep();
      for (const row of list.querySelectorAll("button.row")) row.setAttribute("aria-pressed", String(row.dataset.key === key));
      paint();
      drivers();
      const at = key.startsWith("e:") ? canvas.position("risk", key.slice(2)) : null;
      if (at && !map.getBounds().pad(-0.1).contains(at)) map.panTo(at);
      if (key && window.innerWidth < 1280) side.scrollIntoView({ block: "start" });
    }

    function change(next, fresh) {
      Object.assign(state, next);
      keep();
      controls();
      if (fresh || "span" in next || "t" in next) { slider(); load(); } else show();
      if ("t" in next) drivers();
    }

    function controls() {
      const names = told ? told.areas.filter((one) => one.level === "district" || one.level === "town") : [];
      const districts = names.filter((one) => one.level === "district").sort((a, b) => (a.code < b.code ? -1 : 1));
      const options = districts.flatMap((one) => [one, ...names.filter((town) => town.level === "town" && town.code.startsWith(one.code))]);
      const rest = names.filter((one) => !options.includes(one));
      const area = el("select", { "aria-label": say("区域", "Area"), on: { change: () => change({ area: area.value }) } }, el("option", { value: "" }, say("全部区域", "Everywhere")), [...options, ...rest].map((one) => el("option", { value: one.code, selected: one.code === state.area }, `${one.level === "town" ? "　" : ""}${one.name}`)));
      const toggle = (label, chosen, all, set) => el("span", { class: "risk-toggle", role: "group", "aria-label": label }, all.map(([id, title]) => el("button", { type: "button", "aria-pressed": String(chosen === id), on: { click: () => set(id) } }, title)));
      const find = bar.querySelector("input") || el("input", { type: "search", value: state.q, placeholder: say("企业名称、代码", "Name, code"), "aria-label": say("查找企业", "Find an enterprise"), on: { input: debounce(() => { state.q = find.value; keep(); show(); }, 200) } });
      const level = el("select", { "aria-label": say("区域图层", "Areas shown"), on: { change: () => change({ level: level.value }) } }, LEVELS.map(([id, title]) => el("option", { value: id, selected: id === state.level }, title)));
      bar.replaceChildren(...[find, area, told?.areas.length ? level : null,
        toggle(say("着色", "Colour"), state.by, [["known", say("按已知", "Known")], ["highest", say("按最高可能", "At most")]], (by) => change({ by })),
        toggle(say("等级", "Grade"), state.grade, [["", say("全部", "All")], ...GRADES.slice(1).map((one, n) => [String(n + 1), [window.OneMap.glyph(n + 1), one.word]]), ["0", [window.OneMap.glyph(0), say("未知", "?")]]], (grade) => change({ grade }))].filter(Boolean));
    }

    /* The slider's places are whole steps back from now; the last is now and lives. */
    function slider() {
      const [hours, minutes] = SPANS[state.span], places = (hours * 60) / minutes, now = time.now();
      const place = state.t ? Math.max(0, Math.min(places - 1, Math.round(places - (now - new Date(state.t)) / (minutes * 60e3)))) : places;
      const range = el("input", { type: "range", min: 0, max: places, step: 1, value: place, "aria-label": say("回看时刻", "Moment") });
      const words = () => (state.t ? stamp(state.t) : say("现在", "Now"));
      const out = el("output", {}, words());
      const set = (n, end) => { state.t = n >= places ? "" : new Date(now - (places - n) * minutes * 60e3).toISOString(); out.textContent = words(); range.setAttribute("aria-valuetext", words()); clock.classList.toggle("risk-past", Boolean(state.t)); keep(); if (end) { load(); drivers(); } else later(); };
      const later = debounce(() => load(), 120);
      range.addEventListener("input", () => set(Number(range.value)));
      range.addEventListener("change", () => drivers());
      const play = el("button", { type: "button", class: "adm-button small" }, say("播放", "Play"));
      const stop = () => { clearTimeout(playing); playing = 0; play.textContent = say("播放", "Play"); };
      const step = async () => { const n = Number(range.value) + 1; if (n > places) return stop(); range.value = n; set(n); await load(); if (playing) playing = setTimeout(step, 350); return null; };
      const toggle = () => { if (playing) return stop(); if (Number(range.value) >= places) range.value = 0; play.textContent = say("暂停", "Pause"); playing = setTimeout(step, 0); return null; };
      play.addEventListener("click", toggle);
      range.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); toggle(); } });
      clearTimeout(playing);
      const span = el("select", { "aria-label": say("回看范围", "Span"), on: { change: () => { stop(); change({ span: span.value, t: "" }); } } }, Object.entries(SPANS).map(([id, [, , title]]) => el("option", { value: id, selected: id === state.span }, title)));
      clock.replaceChildren(play, span, range, out, el("button", { type: "button", class: "adm-button small", on: { click: () => { stop(); range.value = places; set(places, true); } } }, say("现在", "Now")));
      clock.classList.toggle("risk-past", Boolean(state.t));
    }

    function stands() {
      const { state: how, at, fault } = told.standing;
      const age = at ? el("span", { "data-at": at, "data-before": say("计算于 ", "computed ") }) : say("尚未计算", "not computed yet");
      standing.replaceChildren(...[how === "failed" ? el("span", { class: "bad" }, `${fault} · `) : how === "stale" ? el("span", { class: "bad" }, say("计算停顿 · ", "grading stopped · ")) : null, age].filter(Boolean));
      window.OneMap.tick();
    }

    const show = () => { ranking(); window.OneMap.tick(); return paint(); };

    async function load() {
      const mine = ++turn, at = state.t;
      try {
        const answer = (at && earlier.get(at)) || (await get(`api/risk${at ? `?at=${encodeURIComponent(at)}` : ""}`));
        if (at) { earlier.set(at, answer); if (earlier.size > 150) earlier.delete(earlier.keys().next().value); }
        if (mine !== turn) return;
        const first = !told;
        told = answer;
        if (first) controls();
        stands();
        await show();
      } catch (fault) {
        if (mine !== turn) return;
        if (fault.status === 403) { list.replaceChildren(my.empty(say("风险指数不对您的岗位开放。", "The risk index is not open to your role."))); side.hidden = true; bar.hidden = true; clock.hidden = true; return; }
        const words = el("span", { class: "bad" }, say(`读取失败:${fault.message}`, `Could not read: ${fault.message}`));
        standing.replaceChildren(words, " ", my.button(say("重试", "Try again"), load, "small"));
        if (!told) list.replaceChildren(my.empty(say("读取失败。", "Could not read.")));
      }
    }

    list.append(...[80, 92, 66, 84].map((width) => el("span", { class: "skeleton", style: `width:${width}%;margin:14px` })));
    slider();
    await load();
    screen.dataset.ready = "1";
    if (told) { drivers(); if (state.sel.startsWith("e:")) { const at = canvas.position("risk", state.sel.slice(2)); if (at) map.setView(at, Math.max(13, map.getZoom()), { animate: false }); } }
    const changed = gathered(async () => { if (!state.t && told) await Promise.all([load(), state.sel ? drivers() : null]); }, 800);
    live.onChanges((layers) => { if (["risk_scores", "area_risks", "compounds"].some((id) => layers.has(id))) { earlier.clear(); changed(); } });
    live.onState((now, was) => { if (now === "open" && was === "lost") changed(); });
    setInterval(() => { if (!document.hidden && live.state() === "open" && !state.t) load(); }, 60000);
    live.open();
    window.OneMap.office.onDress(() => { if (told) show(); });
  }

  window.OneMap.startRisk = start;
})();
