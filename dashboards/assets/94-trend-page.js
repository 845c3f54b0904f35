/* The page of trends: points and range in the address, what each point is now at the side, up to six of them compared. */
(function () {
  "use strict";
  const { base, el, say, get, icon, time, debounce } = window.OneMap;
  const LAYERS = ["sensors", "weather_stations"];
  const OBSERVED = [["wind_speed", say("风速", "Wind speed")], ["wind_from", say("风向", "Wind from")], ["gust", say("阵风", "Gust")], ["temperature", say("气温", "Temperature")], ["humidity", say("相对湿度", "Humidity")], ["pressure", say("气压", "Pressure")], ["cloud", say("云量", "Cloud")], ["solar", say("辐射", "Solar")], ["rain_hour", say("小时雨量", "Rain")], ["visibility", say("能见度", "Visibility")]];

  /* point=LAYER:CODE or LAYER:CODE:QUANTITY; a bare code is a sensor's. */
  function named(text) {
    const parts = text.split(":"), known = LAYERS.includes(parts[0]);
    const layer = known ? parts.shift() : "sensors", element = layer === "weather_stations" && parts.length > 1 ? parts.pop() : undefined;
    return { layer, code: parts.join(":"), element: element || (layer === "weather_stations" ? "wind_speed" : undefined) };
  }
  const spelt = (one) => [one.layer, one.code, one.element].filter(Boolean).join(":");

  function start(screen) {
    window.OneMap.office.frame(screen);
    const asked = new URLSearchParams(location.search), trend = window.OneMap.trend;
    const chart = screen.querySelector("#trend-chart"), side = screen.querySelector("#trend-points"), find = screen.querySelector("#trend-find");
    let points = asked.getAll("point").filter(Boolean).slice(0, trend.MOST).map(named), drawn = null;
    const range = trend.RANGES.find(([id]) => id === asked.get("range")) || trend.RANGES[2];

    function written({ from, to, following, hinting }) {
      const next = new URLSearchParams();
      for (const one of points) next.append("point", spelt(one));
      if (following) { const same = trend.RANGES.find(([, span]) => Math.abs(span - (to - from)) < 1000); if (same) next.set("range", same[0]); else next.set("from", new Date(from).toISOString()); }
      else { next.set("from", new Date(from).toISOString()); next.set("to", new Date(to).toISOString()); }
      if (hinting) next.set("hints", "1");
      history.replaceState(null, "", `${location.pathname}?${next}`);
    }
    const write = debounce(() => { if (drawn) written(drawn.window()); }, 200);

    function begin() {
      if (!points.length) { chart.replaceChildren(el("p", { class: "empty" }, say("在“监测点”一栏查找,或从地图、测点状态页打开。", "Find a point under Points, or come from the map or the list of points."))); cards([]); return Promise.resolve(); }
      const given = { points, range: range[1], onData: cards, onChange: write };
      if (asked.get("from")) given.from = asked.get("from");
      if (asked.get("to")) given.to = asked.get("to");
      if (asked.get("hints")) given.hints = asked.get("hints") === "1";
      drawn = trend(chart, given);
      return drawn.ready;
    }

    function chosen(list) {
      points = list;
      if (!points.length || !drawn) { drawn?.destroy(); drawn = null; chart.classList.remove("trend"); return begin().then(write); }
      return drawn.choose(points).then(write);
    }

    function limits(data) {
      if (!data.limits.length) return el("p", { class: "t3" }, say("没有登记限值", "No limits registered"));
      const from = (limit) => el("small", { class: "t3" }, `${limit.source}${say(";", "; ")}${limit.status}`), own = data.limits.filter((limit) => !limit.rule);
      return [el("dl", { class: "trend-limits" }, data.limits.map((limit) => el("div", {}, el("dt", {}, `${limit.id} ${limit.title}`), el("dd", {}, el("b", { class: "num" }, `${limit.value}\u2009${data.unit}`), limit.rule ? from(limit) : null)))), own.length ? from(own[0]) : null];
    }

    function card(one) {
      const { data, fault } = one, letter = window.OneMap.trendDraw.LETTERS[one.place];
      const gone = el("button", { type: "button", class: "adm-close", "aria-label": say(`移除 ${data?.name || one.code}`, `Remove ${data?.name || one.code}`), on: { click: () => chosen(points.filter((other) => spelt(other) !== spelt(one))) } }, icon("close", 16));
      if (!data) return el("section", { class: "trend-card" }, el("header", {}, el("b", {}, one.code), gone), el("p", { class: "t3" }, fault ? (fault.status === 404 ? say("没有这个监测点,或不在您的权限范围内", "No such point, or not open to you") : fault.message) : say("载入中", "Loading")));
      const map = el("a", { class: "link", href: `${base}map?layers=enterprises,${one.layer}&sel=${encodeURIComponent(`${one.layer}:${one.code}`)}` }, say("在地图上看", "On the map"));
      const quantity = one.layer === "weather_stations" ? el("select", { "aria-label": say("要素", "Quantity"), on: { change: (event) => chosen(points.map((other) => (spelt(other) === spelt(one) ? { ...other, element: event.target.value } : other))) } }, OBSERVED.map(([id, words]) => el("option", { value: id, selected: id === one.element }, words))) : el("span", {}, data.quantity);
      return el("section", { class: "trend-card", "data-point": spelt(one) }, el("header", {}, points.length > 1 ? el("i", { class: "trend-letter" }, letter) : null, el("b", {}, data.name), gone),
        el("p", { class: "t3" }, quantity, ` · ${one.code}`, data.enterprise ? ` · ${data.enterprise}` : "", data.area ? ` · ${data.area}` : ""),
        trend.standing(data), el("details", { open: points.length === 1 }, el("summary", {}, say("限值与来源", "Limits and where they are from")), limits(data)), map, video(one));
    }

    /* Video of the point in the span that is shown: listed here, marked on the curve. */
    const views = new Map();
    function video(one) {
      const id = `${one.layer}:${one.code}`, { from, to } = drawn ? drawn.window() : { from: one.data.from, to: one.data.to };
      if (!views.has(id)) views.set(id, window.OneMap.footage.view(one.layer, one.code, { open: points.length === 1, told: () => mark(true) }));
      const view = views.get(id);
      view.show(from, to);
      return el("section", { class: "trend-video" }, el("b", {}, say("视频", "Video")), view.node);
    }
    let held = [];
    function mark(anew) {
      for (const one of held) one.video = views.get(`${one.layer}:${one.code}`)?.found()?.events || [];
      if (anew) drawn?.marked();
    }

    function cards(list) {
      held = list;
      mark(false);
      const opened = new Map([...side.querySelectorAll("[data-point]")].map((node) => [node.dataset.point, node.querySelector("details")?.open]));
      side.replaceChildren(...list.map(card));
      if (list.length === opened.size) for (const node of side.querySelectorAll("[data-point]")) if (opened.has(node.dataset.point)) node.querySelector("details").open = opened.get(node.dataset.point);
      find.hidden = list.length >= trend.MOST;
    }

    /* Search over everything, of which only points are offered. */
    function picker() {
      const input = el("input", { type: "search", id: "trend-search", placeholder: say("加一个监测点:名称、编码、位号", "Add a point: name, code, tag"), "aria-label": say("加一个监测点", "Add a point"), autocomplete: "off" });
      const list = el("ul", { class: "trend-hits" });
      input.addEventListener("input", debounce(async () => {
        const q = input.value.trim();
        if (!q) return list.replaceChildren();
        try {
          const hits = (await get(`api/search?q=${encodeURIComponent(q)}`)).hits.filter((hit) => LAYERS.includes(hit.layer));
          list.replaceChildren(...(hits.length ? hits.slice(0, 8).map((hit) => el("li", {}, el("button", { type: "button", on: { click: () => { input.value = ""; list.replaceChildren(); const one = named(`${hit.layer}:${hit.key}`); if (!points.some((other) => spelt(other) === spelt(one))) chosen([...points, one].slice(0, trend.MOST)); } } }, el("b", {}, hit.label), el("small", { class: "t3" }, hit.key)))) : [el("li", { class: "t3" }, say("没有找到监测点", "No point found"))]));
        } catch (fault) { list.replaceChildren(el("li", { class: "failed" }, fault.message)); }
      }, 250));
      find.replaceChildren(input, list);
    }

    picker();
    window.OneMap.live.open();
    return begin().then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=trend]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
