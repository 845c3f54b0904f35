/* The hall: fit to the wall, rotate map themes, page long lists, refresh what changed. Nothing moves but what is new. */
(function () {
  "use strict";
  const { el, say, get, live, furniture, points, tick, alarming, GRADES } = window.OneMap;
  const THEME_SECONDS = 30, PAGE_SECONDS = 15;
  const THEMES = [
    { layer: "sensors", live: true, name: say("实时监测", "Live alarms"), plain: say("监测点分布", "Sensors"), what: say("监测点", "Sensors"), more: say("数字为监测点数，圆环取最重报警", "Sensors; ring and badge: the worst alarm") },
    { layer: "enterprises", name: say("风险分级", "Rated risk"), plain: say("企业分布", "Enterprises"), what: say("企业", "Enterprises"), more: say("数字为企业数，圆环为占比，角标取最重", "Enterprises; badge: the worst") },
    { layer: "hazard_sources", name: say("危险源分级", "Major hazards"), plain: say("危险源分布", "Major hazards"), what: say("重大危险源", "Major hazards"), more: say("数字为重大危险源数，角标取最重", "Hazard sources; badge: the worst") },
    { layer: "accidents", name: say("事故分布", "Accidents"), plain: say("事故分布", "Accidents"), what: say("已归档事故", "Accidents on record"), more: say("数字为事故起数，角标取最重", "Accidents; badge: the worst") },
  ];

  function fit(hall) {
    const w = window.innerWidth, h = window.innerHeight, form = w <= 760 ? "phone" : w / h > 2.6 ? "wide" : "std";
    if (form === "phone") { hall.dataset.form = form; hall.style.transform = "none"; return 1; }
    const base = form === "wide" ? 3840 : 1920, k = Math.min(w / base, h / 1080);
    hall.dataset.form = form;
    hall.style.transform = k === 1 ? "none" : `translate(${(w - base * k) / 2}px,${(h - 1080 * k) / 2}px) scale(${k})`;
    return k;
  }

  /* The districts take the height they need on the smaller wall; accidents get the rest of the column. */
  function column(hall) {
    const [districts, accidents, trend] = ["#hall-districts", "#hall-alarms, #hall-accidents", "#hall-trend"].map((names) => hall.querySelector(names));
    if (!districts || !accidents || !trend) return;
    if (hall.dataset.form === "phone") { for (const room of [districts, accidents]) room.removeAttribute("style"); return; }
    const rows = Math.max(1, districts.querySelectorAll(".district").length);
    const wide = hall.dataset.form === "wide", height = Math.min(wide ? 390 : 330, Math.max(112, 56 + rows * (wide ? 56 : 46)));
    const top = 224 + height + 12, end = wide ? 1064 : 878;
    districts.style.height = `${height}px`;
    accidents.style.top = `${top}px`;
    accidents.style.height = `${end - top}px`;
  }

  /* Rows that do not fit are counted and turned every 15 s; the first page is the worst or newest. */
  function paging(root) {
    let turn = 0;
    function show() {
      column(root);
      for (const box of root.querySelectorAll("[data-paged]")) {
        const rows = [...box.children];
        if (!rows.length) continue;
        if (root.dataset.form === "phone") { for (const row of rows) row.style.display = ""; continue; } // a hand scrolls
        const height = rows.find((r) => r.offsetHeight)?.offsetHeight || Number(box.dataset.row) || 56;
        box.dataset.row = height;
        const foot = box.nextElementSibling?.classList.contains("wall-more") ? box.nextElementSibling : null;
        if (foot) foot.hidden = false;
        let fits = Math.max(1, Math.floor((box.clientHeight + 1) / height));
        if (foot && rows.length * height <= box.clientHeight + foot.offsetHeight) { foot.style.display = "none"; fits = rows.length; }
        else if (foot) foot.style.display = "";
        const pages = Math.ceil(rows.length / fits), page = turn % pages;
        rows.forEach((row, k) => { row.style.display = Math.floor(k / fits) === page ? "" : "none"; });
        if (foot && pages > 1) {
          foot.querySelector(".rest").textContent = say(`另有 ${rows.length - fits} 条，轮播显示`, `${rows.length - fits} more, in turn`);
          foot.querySelector(".leaf").textContent = `${page + 1} / ${pages}`;
        }
      }
    }
    setInterval(() => { if (!live.stopped()) { turn += 1; show(); } }, PAGE_SECONDS * 1000);
    return show;
  }

  /* The wall of exercises: the map, what is played, and nothing else. */
  async function played(map, hall, show, asked_for) {
    hall.querySelector("#hall-furniture").append(furniture.scale(map, 150), furniture.north());
    window.OneMap.patient(hall.dataset.tiles, { tileSize: 512, zoomOffset: -1, maxNativeZoom: 18 }).addTo(map);
    const city = await window.OneMap.risk.outlines("areas").catch(() => new Map());
    if (city.size) map.fitBounds(L.geoJSON([...city.values()]).getBounds(), { animate: false, padding: [40, 40] });
    const at = window.OneMap.time.linked(asked_for.get("at"));
    if (asked_for.get("at") && (!at || Date.parse(at) > window.OneMap.time.now())) {
      const why = at ? say("链接中的时刻还没有到", "The time of this link is still to come") : say("链接中的时刻读不懂，须带时区，如 2026-11-29T14:30+08:00", "The time of this link cannot be read: it has its offset, as 2026-11-29T14:30+08:00");
      delete hall.dataset.mode;
      hall.querySelector("#hall-top").replaceChildren(el("header", { class: "hall-head", role: "alert" }, el("h1", {}, `${why}：${asked_for.get("at").slice(0, 40)}`)));
      return show();
    }
    const incident = window.OneMap.hallIncident.start(map, hall, { home: () => {}, page: show, eyes: null, exercise: Boolean(hall.dataset.exercise), code: asked_for.get("incident") || "", at });
    await incident.ask();
    const replay = hall.dataset.replay ? window.OneMap.hallReplay.start(hall, incident) : null;
    live.open();
    hall.dataset.ready = "1";
    window.addEventListener("resize", () => { fit(hall); map.invalidateSize(false); incident.resized(); show(); });
    window.OneMap.hall = { incident, replay };
  }

  async function start(map, hall) {
    const factor = fit(hall);
    map.invalidateSize(false);
    const show = paging(hall), asked_for = new URLSearchParams(location.search);
    show();
    tick();
    if (hall.dataset.apart) return played(map, hall, show, asked_for);
    const wide = hall.dataset.form === "wide";
    const canvas = new points.Points({ scale: 1, pad: 0.05, interactive: false, theme: () => "night", density: Math.max(1, factor) });
    const box = hall.querySelector("#hall-furniture");
    const name = el("div", { class: "furniture theme-name", "aria-live": "polite" });
    const key = el("div", { class: "furniture legend" });
    const datum = el("div", { class: "furniture datum" }, say("坐标 CGCS2000·底图 本市基础地理", "CGCS2000 · city base geography"));
    const windBox = el("div");
    box.append(name, key, furniture.scale(map, 150), furniture.north(), datum, windBox);

    const tree = await get("api/layers");
    const entries = new Map(tree.themes.flatMap((branch) => branch.layers).map((layer) => [layer.id, layer]));
    const themes = THEMES.filter((theme) => entries.has(theme.layer) && entries.get(theme.layer).count > 0);
    /* Grades that are kept from the caller are neither named nor explained: the theme is where things are. */
    const called = (theme) => (entries.get(theme.layer).graded ? theme.name : theme.plain);
    let current = 0, left = THEME_SECONDS, paused = false, framed = null;
    const padded = { paddingTopLeft: [wide ? 300 : 70, 110], paddingBottomRight: [wide ? 300 : 70, 100] };

    async function load(theme) {
      const found = await points.columns(theme.layer, ""), columns = theme.live ? await alarming.laid(found) : found;
      if (!framed && columns.lon.length) { frame(columns); canvas.addTo(map); }
      for (const other of [...canvas.order]) if (other !== theme.layer) canvas.drop(other);
      const entry = entries.get(theme.layer);
      await canvas.put(theme.layer, columns, { ...points.look(entry), symbolZoom: 99, labelZoom: 99, graded: true });
      theme.drawn = columns.total;
      theme.unrated = columns.grade.some((grade) => grade === 0);
      const words = entry.grades.length ? entry.grades : GRADES.slice(1).map((grade) => grade.word);
      const ungraded = [el("span", {}, window.OneMap.glyph(0), theme.what), el("span", { class: "t3" }, say("圈内为数量，分级无权查看", "Ring: how many; grades are not open to you"))];
      key.replaceChildren(...(entry.graded ? furniture.legend(words, theme.more, theme.unrated, theme.live ? say("正常", "Normal") : "").filter(Boolean) : ungraded));
      head();
    }

    function frame(columns) {
      const cut = (values) => { const s = values.slice().sort(); return [s[Math.floor(s.length * 0.01)], s[Math.floor(s.length * 0.99)]]; };
      const [west, east] = cut(columns.lon), [south, north] = cut(columns.lat);
      framed = L.latLngBounds([[south, west], [north, east]]);
      map.fitBounds(framed, { animate: false, ...padded });
    }

    const pause = el("button", { type: "button", "aria-pressed": "false" });
    pause.addEventListener("click", () => { paused = !paused; pause.setAttribute("aria-pressed", String(paused)); head(); });
    function head() {
      const theme = themes[current], next = themes[(current + 1) % themes.length];
      pause.textContent = paused ? say("继续", "Go on") : say("暂停", "Pause");
      const coming = live.stopped() ? say("轮播已停", "Stopped") : paused ? say("轮播已暂停", "Paused") : themes.length > 1 ? say(`下一主题 ${called(next)}，${left} 秒后`, `Next ${called(next)}, in ${left} s`) : "";
      const title = live.stopped() ? say(`${called(theme)} 定格`, `${called(theme)}, frozen`) : called(theme);
      name.replaceChildren(el("b", {}, title), el("span", { class: "t2" }, hall.dataset.area), el("span", { class: "rotation" }, coming), themes.length > 1 ? pause : "");
    }

    const tiles = window.OneMap.patient(hall.dataset.tiles, { tileSize: 512, zoomOffset: -1, maxNativeZoom: 18 });
    if (!themes.length) { tiles.addTo(map); name.append(el("b", {}, say("没有可看的主题", "No theme is open to you"))); return; }
    await load(themes[0]);
    setInterval(() => {
      if (paused || live.stopped() || themes.length < 2 || document.hidden) return head();
      left -= 1;
      if (left <= 0) { left = THEME_SECONDS; current = (current + 1) % themes.length; load(themes[current]); }
      else head();
    }, 1000);

    async function weather() {
      try {
        const now = await get("api/weather");
        windBox.replaceChildren(now ? furniture.wind(now) : "");
        windBox.querySelector("b")?.before(el("div", { class: "t3 of-city" }, say("全市气象站，非事发地点", "City station, not the place of the incident")));
        tick();
      } catch (fault) { /* the stale age on screen says it */ }
    }
    weather();
    setInterval(weather, 60000);

    const eyes = window.OneMap.hallEyes.start(hall);
    const home = () => framed && map.fitBounds(framed, { animate: false, ...padded });
    const incident = window.OneMap.hallIncident.start(map, hall, { home, page: show, eyes, exercise: false, code: asked_for.get("incident") || "", at: window.OneMap.time.linked(asked_for.get("at")) });
    const rings = window.OneMap.hallAlarms.start(map, () => (incident.active() ? incident.frame() : home()), () => incident.went());
    /* What changes while it changes on is drawn every two seconds, not when it has stopped. */
    let asked = 0;
    const beat = () => { asked = asked || setTimeout(() => { asked = 0; window.dash_clientside.set_props("beat", { data: Date.now() }); }, 700); };
    let coming = 0;
    const alarms = () => { coming = coming || setTimeout(() => { coming = 0; alarming.again(); rings.look(); eyes.ask(); incident.alarms(); if (themes[current].live) load(themes[current]); }, 700); };
    live.onChanges((layers) => {
      if (layers.has("alarms")) alarms();
      if (layers.has("violations")) eyes.ask();
      if (layers.has(themes[current].layer)) load(themes[current]);
      beat();
    });
    live.onState((now, was) => { head(); if (now === "open" && was === "lost") { incident.ask(); alarms(); load(themes[current]); beat(); } });
    try { await incident.ask(); } finally { rings.look(); tiles.addTo(map); }  // the ground of where the wall stays alone: what it passed would be drawn first
    setInterval(() => { if (live.state() === "open") beat(); }, 60000);
    new MutationObserver(() => { show(); tick(); eyes.draw(); }).observe(hall.querySelector("#hall-side"), { childList: true });
    new MutationObserver(tick).observe(hall.querySelector("#hall-top"), { childList: true });
    live.open();
    document.fonts.load('700 20px "Noto Sans SC"').then(() => canvas.repaint());
    hall.dataset.ready = "1";
    window.addEventListener("resize", () => { fit(hall); map.invalidateSize(false); incident.resized(); show(); });
    window.OneMap.hall = { incident, canvas, themes, rings, eyes, current: () => themes[current], choose: (k) => { current = k; left = THEME_SECONDS; return load(themes[k]); } };
  }

  window.OneMap.startHall = start;
})();
