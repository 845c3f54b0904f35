/* The map page: introduces state, drawer, canvas, card, table, tools and the live stream to each other. */
(function () {
  "use strict";
  const { el, icon, say, get, live, furniture, points, tick, debounce, gathered, base, alarming, GRADES, thousands } = window.OneMap;
  const { state, change, query, on, read } = window.OneMap.state;

  async function start(map, screen) {
    read(location.search);
    const part = (id) => screen.querySelector(`#${id}`);
    const phone = () => window.matchMedia("(max-width: 760px)").matches;
    const drawerBox = part("map-layers"), cardBox = part("map-card"), tableBox = part("map-table"), under = part("map-furniture");
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", say("地图：方向键平移，加减号缩放；同样的内容见列表", "Map: arrows pan, plus and minus zoom; the table lists the same"));

    /* base map and the look of the room */
    const ground = window.OneMap.ground(map, screen);
    function room() {
      screen.dataset.theme = state.look;
      ground.lay();
      canvas?.repaint();
      rasters?.show();
    }

    const rasters = window.OneMap.rasters.start(map, under, () => window.OneMap.drawer.draw(drawerBox, answer));
    const remote = window.OneMap.remote.start(map, () => { if (answer) window.OneMap.drawer.draw(drawerBox, answer); });
    const canvas = new points.Points({ scale: 0.66, pad: 0.25, interactive: true, theme: () => state.look, busyTool: () => window.OneMap.tools.busy() });
    const legend = el("div", { class: "furniture legend", "aria-label": say("图例", "Legend") });
    const readout = el("span", { class: "readout" });
    const sheet = el("div", { class: "furniture source" }, readout, el("span", { class: "t3" }, "CGCS2000"), ground.note);
    const tip = el("div", { class: "tip", hidden: true, role: "tooltip" });
    under.append(legend, furniture.scale(map, 110), furniture.north(), sheet, ground.state, tip);
    const at = (latlng) => { readout.textContent = `${latlng.lng.toFixed(5)}, ${latlng.lat.toFixed(5)}`; };
    map.on("mousemove", (event) => { if (!map.dragging.moving()) at(event.latlng); });
    map.on("move", () => phone() && at(map.getCenter()));

    /* layers */
    let entries = new Map(), answer = null;
    const shapes = new Map(), loaded = new Map();

    async function counts() {
      try { answer = await get(`api/layers${query() ? `?${query()}` : ""}`); }
      catch (fault) { drawerBox.replaceChildren(el("p", { class: "note" }, say(`图层读取失败：${fault.message}`, `Could not read layers: ${fault.message}`))); return; }
      rasters.known(answer.rasters);
      entries = window.OneMap.drawer.draw(drawerBox, answer);
      const kept = answer.ignored.map((name) => ({ sector: say("行业", "sector"), industry: say("小类", "industry"), risk: say("风险", "risk"), hazard: say("重大危险源", "hazard sources") }[name]));
      if (kept.length) note(say(`筛选条件“${kept.join("、")}”不对您开放，未生效`, `The filter by ${kept.join(", ")} is not open to you and was not applied`));
    }

    /* What a layer wears: nothing, its own grades, or a theme the server computes for it. */
    const { worn, theme } = window.OneMap.drawer;
    const wears = (id) => (id === worn(state.subject) ? state.subject : "");

    async function load(id) {
      const entry = entries.get(id);
      if (!entry || !entry.drawn) return;
      if (entry.geometry !== "point") return loadShapes(id);
      const subject = wears(id), asked = [query(), theme(subject) ? `theme=${subject}` : ""].filter(Boolean).join("&"), mine = {};
      loaded.set(id, mine);
      screen.dataset.loading = "1";
      try {
        const columns = await coloured(id, await points.columns(id, asked));
        if (loaded.get(id) !== mine) return;
        await canvas.put(id, columns, { ...points.look(entry), graded: Boolean(subject), subject, live: state.subject === alarming.THEME, bare: bare(id), badged: entry.badged && !theme(subject) });
      } catch (fault) { note(say(`${entry.title}读取失败，${fault.message}`, `${entry.title}: ${fault.message}`)); }
      finally { delete screen.dataset.loading; }
    }

    /* Live state, states of dangers and rated risk are themes: whichever is on, the risk of enterprises has no colour beside it. */
    const bare = (id) => id === "enterprises" && (state.subject === alarming.THEME || (theme(state.subject) !== null && worn(state.subject) !== id));

    async function coloured(id, columns) {
      const live = alarming.THEME;
      if (id === live) return state.subject === live ? alarming.laid(columns) : alarming.graded(columns);
      return bare(id) ? alarming.graded(columns) : columns;
    }

    async function loadShapes(id) {
      const b = map.getBounds();
      const box = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((v) => v.toFixed(6)).join(",");
      try {
        const found = await get(`api/shapes/${id}?bbox=${box}`);
        shapes.get(id)?.remove();
        if (!state.layers.has(id)) return;
        const drawn = window.OneMap.areas(id, found, screen);
        drawn.on("click", (event) => { if (!window.OneMap.tools.busy() && !canvas.hit(event.containerPoint)) { L.DomEvent.stop(event); change("selection", { selection: { layer: id, key: event.layer.feature.properties.key } }); } });
        drawn.addTo(map);
        shapes.set(id, drawn);
        if (found.more) note(say(`${entries.get(id).title}过多，请放大后查看全部`, `Zoom in to see all ${entries.get(id).title}`));
      } catch (fault) { note(fault.message); }
    }

    const noteBox = el("div", { class: "furniture map-note", role: "status", hidden: true });
    under.append(noteBox);
    window.OneMap.work.start(under);
    const fade = debounce(() => { noteBox.hidden = true; }, 6000);
    function note(words) { noteBox.textContent = words; noteBox.hidden = false; fade(); }

    function showLegend() {
      const subject = entries.get(worn(state.subject)), chosen = theme(state.subject), parts = [];
      if (chosen && state.layers.has(chosen.layer)) parts.push(el("b", {}, chosen.title), ...furniture.legend(chosen.words, "", canvas.layers.get(chosen.layer)?.columns.grade.includes(0), chosen.none));
      else      if (subject && state.layers.has(subject.id)) parts.push(el("b", {}, subject.id === "enterprises" ? say("风险分级", "Rated risk") : subject.id === alarming.THEME ? say("实时监测", "Live alarms") : subject.title), ...furniture.legend(subject.grades.length ? subject.grades : GRADES.slice(1).map((g) => g.word), "", canvas.layers.get(subject.id)?.columns.grade.includes(0), subject.id === alarming.THEME ? say("正常", "Normal") : ""));
      for (const id of state.layers) {
        const entry = entries.get(id);
        if (entry && !wears(id) && entry.symbol) parts.push(el("span", {}, window.OneMap.drawer.picture(entry.symbol, 18), entry.title));
      }
      legend.replaceChildren(...(parts.length ? parts.filter(Boolean) : [el("span", { class: "t3" }, say("没有打开的图层", "No layer is on"))]));
    }

    async function layers(all) {
      const wanted = [...state.layers].filter((id) => entries.get(id)?.drawn);
      for (const id of [...canvas.order]) if (!wanted.includes(id)) canvas.drop(id);
      for (const [id, drawn] of shapes) if (!wanted.includes(id)) { drawn.remove(); shapes.delete(id); }
      showLegend();
      const stale = wanted.filter((id) => all || (entries.get(id).geometry === "point" ? !canvas.has(id) || canvas.layers.get(id).look.subject !== wears(id) || canvas.layers.get(id).look.bare !== bare(id) || canvas.layers.get(id).look.live !== (state.subject === alarming.THEME) : !shapes.has(id)));
      await Promise.all(stale.map(load));
      showLegend();
    }

    /* selection */
    async function selection(fly) {
      canvas.selection = state.selection;
      canvas.repaint();
      for (const row of tableBox.querySelectorAll("tr[data-key]")) row.setAttribute("aria-selected", String(Boolean(state.selection) && state.table === state.selection.layer && row.dataset.key === state.selection.key));
      if (!state.selection) { window.OneMap.grading.clear(); window.OneMap.sight.clear(); window.OneMap.route.clear(); if (cardBox.dataset.key !== "within") cardBox.hidden = true; settle(); return; }
      drawerBox.classList.remove("open");
      const card = await window.OneMap.card.object(cardBox, state.selection, map);
      settle();
      if (card && state.selection) ring(state.selection, card);
      if (!card || card.lon === null) return;
      if (fly || !map.getBounds().pad(-0.05).contains([card.lat, card.lon])) {
        const zoom = fly ? Math.max(map.getZoom(), 14) : map.getZoom();
        const shift = phone() ? [0, map.getSize().y * 0.2] : [0, 0];
        map.setView(map.unproject(map.project([card.lat, card.lon], zoom).add(shift), zoom), zoom, { animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches });
      }
    }

    /* The ring lies where the card says the object is; what is gone or has no place has none. */
    function ring(asked, card) {
      canvas.selection = card.lon === null ? null : { ...asked, at: L.latLng(card.lat, card.lon) };
      canvas.repaint();
    }

    /* The open card again, for what changed. */
    async function again() {
      const asked = state.selection, card = await window.OneMap.card.object(cardBox, asked, map);
      if (card && state.selection === asked) ring(asked, card);
    }

    function settle() { screen.dataset.card = cardBox.hidden ? "" : "open"; screen.dataset.table = tableBox.hidden ? "" : "open"; map.invalidateSize({ animate: false }); }
    window.OneMap.map = { canvas, settle, map };

    canvas.on("pick", ({ layer, key }) => change("selection", { selection: { layer, key }, fly: false }));
    canvas.on("empty", () => { if (phone()) drawerBox.classList.remove("open"); });
    canvas.on("crowd", ({ layer, keys }) => {
      cardBox.hidden = false;
      cardBox.dataset.key = "crowd";
      const entry = entries.get(layer), columns = canvas.layers.get(layer).columns;
      cardBox.replaceChildren(el("header", {}, el("div", { class: "titles" }, el("h2", {}, say(`同一位置 ${keys.length} 处`, `${keys.length} at one place`)), el("div", { class: "t3" }, entry.title)), el("button", { type: "button", class: "icon close", "aria-label": say("关闭", "Close"), on: { click: () => { cardBox.hidden = true; settle(); } } }, icon("close", 20))),
        el("section", {}, el("ul", {}, keys.map((key) => el("li", {}, el("button", { type: "button", on: { click: () => change("selection", { selection: { layer, key } }) } }, el("span", { class: "el" }, columns.label(columns.row(key)))))))));
      settle();
    });
    canvas.on("hover", ({ mark, point }) => {
      if (!mark || phone()) { tip.hidden = true; return; }
      const { columns } = mark.layer, entry = entries.get(mark.id);
      const words = theme(mark.layer.look.subject)?.words || entry.grades;
      const split = mark.layer.look.graded ? words.map((word, k) => (mark.counts[k + 1] ? `${word} ${thousands(mark.counts[k + 1])}` : "")).filter(Boolean).join("·") : "";
      tip.textContent = mark.count > 1 ? `${entry.title} ${thousands(mark.count)}${split ? "·" + split : ""}` : columns.label(mark.ref);
      tip.hidden = false;
      tip.style.transform = `translate(${Math.min(point.x + 14, map.getSize().x - tip.offsetWidth - 8)}px,${point.y + 14}px)`;
    });

    /* the view */
    map.on("moveend", () => {
      const c = map.getCenter();
      change("view", { centre: { lon: c.lng, lat: c.lat }, zoom: map.getZoom() });
      for (const id of shapes.keys()) loadShapes(id);
    });

    function home(columns) {
      const lon = columns.lon.slice().sort(), lat = columns.lat.slice().sort(), cut = (s, f) => s[Math.min(s.length - 1, Math.floor(s.length * f))];
      return L.latLngBounds([cut(lat, 0.01), cut(lon, 0.01)], [cut(lat, 0.99), cut(lon, 0.99)]);
    }

    /* tools */
    const button = (picture, words, run, extra) => el("button", { type: "button", title: words, "aria-label": words, class: extra || "", on: { click: run } }, icon(picture, 20));
    let homeBounds = null;
    const before = [
      button("layers", say("图层与筛选", "Layers and filters"), () => { drawerBox.classList.toggle("open"); if (drawerBox.classList.contains("open")) cardBox.hidden = true; settle(); }, "phone-only"),
      button("home", screen.dataset.area, () => homeBounds && map.fitBounds(homeBounds, { padding: [40, 40] })),
      button("table", say("列表", "Table"), () => change("table", { table: state.table ? "" : worn(state.subject) || [...state.layers][0] || "enterprises" })),
    ];
    const lookButton = button("day", say("日夜切换", "Day or night"), () => change("look", { look: state.look === "day" ? "night" : "day" }));
    const after = [lookButton];
    if (part("map-weather").dataset.mayEnter) after.push(button("wind", say("录入风", "Enter wind"), () => window.OneMap.manualWind.open(centre, weather), "phone-only"));
    window.OneMap.route.start((asked) => asked.filter((id) => entries.has(id)));
    window.OneMap.tools.start(map, part("map-tools"), cardBox, (asked) => [...asked.filter((id) => entries.get(id)?.drawn), ...[...state.layers].filter((id) => !asked.includes(id) && entries.get(id)?.geometry === "point")], { before, after });
    part("map-account").append(...window.OneMap.account.parts(part("map-account").dataset.name));
    window.OneMap.search.start(part("map-search"), (hit) => {
      const known = entries.get(hit.layer);
      if (known?.drawn && !state.layers.has(hit.layer)) change("layers", { layers: new Set([...state.layers, hit.layer]) });
      change("selection", { selection: { layer: hit.layer, key: hit.key }, fly: true });
    }, ([lon, lat]) => map.setView([lat, lon], 15));

    function centre() {
      const { lng, lat } = map.getCenter();
      return { lon: lng, lat };
    }

    async function weather() {
      const box = part("map-weather");
      try {
        const now = await get("api/weather");
        const hand = now?.manual ? say("（人工）", " (by hand)") : "";
        box.replaceChildren(...(now ? [say(`${now.direction}风 ${now.speed}\u2009m/s`, `${now.direction} ${now.speed}\u2009m/s`), now.temperature === null ? "" : `·${now.temperature}\u2009℃`, el("span", { class: "t3", "data-at": now.at, "data-before": ` ${now.station}${hand} `, title: now.source || null })] : [el("span", { class: "t3" }, say("没有气象观测", "No weather"))]));
        tick();
      } catch (fault) { box.textContent = say("气象读取失败", "Weather unavailable"); }
      if (box.dataset.mayEnter) box.append(window.OneMap.manualWind.button(centre, weather));
    }

    on(async (what) => {
      if (what === "filters") { await counts(); layers(true); window.OneMap.table.draw(tableBox).then(settle); }
      if (what === "layers") { entries = window.OneMap.drawer.draw(drawerBox, answer); layers(false); }
      if (what === "remote") { window.OneMap.drawer.draw(drawerBox, answer); remote.show(); }
      if (what === "rasters") { window.OneMap.drawer.draw(drawerBox, answer); rasters.show(); }
      if (what === "table") { window.OneMap.drawer.draw(drawerBox, answer); await window.OneMap.table.draw(tableBox); settle(); }
      if (what === "selection") selection(Boolean(state.fly));
      if (what === "look") room();
    });

    /* what others change arrives here: reread the layers named, once for a burst */
    let touched = new Set();
    const reread = gathered(async () => {
      const names = touched;
      touched = new Set();
      const card = state.selection && cardBox.dataset.key !== "within" ? again() : null;
      await counts();
      showLegend();
      for (const id of state.layers) if (names.has(id)) load(id);
      if (names.has(state.table)) window.OneMap.table.draw(tableBox);
      await card;
    }, 250, 20);
    live.onChanges((changes) => { if (changes.has("remote_layers")) remote.read(); });
    live.onChanges((changes) => { if (changes.has("alarms")) { alarming.again(); if (state.layers.has(alarming.THEME)) touched.add(alarming.THEME); } });
    live.onChanges((changes) => { if (state.subject === "permits" && (changes.has("licences") || changes.has("licence_cases"))) touched.add("enterprises"); });
    live.onChanges((changes) => { for (const id of changes.keys()) touched.add(id); reread(); });
    live.onState((now, was) => { if (now === "open" && was === "lost") { for (const id of state.layers) touched.add(id); reread(); } });

    room();
    if (state.centre && state.zoom !== null) map.setView([state.centre.lat, state.centre.lon], state.zoom, { animate: false });
    await counts();
    const firms = entries.has("enterprises") ? await points.columns("enterprises", "").catch(() => null) : null;
    if (phone()) map.options.zoomSnap = 0.25;
    if (firms && firms.lon.length) {
      homeBounds = home(firms);
      if (!state.centre) map.fitBounds(homeBounds, { padding: [40, 40], animate: false });
    }
    if (!theme(state.subject) && (!entries.has(state.subject) || !entries.get(state.subject).graded)) state.subject = "";
    canvas.addTo(map);
    await layers(true);
    if (state.selection) selection(false);
    if (state.table) window.OneMap.table.draw(tableBox).then(settle);
    weather();
    setInterval(weather, 60000);
    /* readings are no changes of the store: an open card with a reading asks for the newer ones itself */
    setInterval(() => { if (state.selection && cardBox.querySelector(".reading") && cardBox.dataset.key !== "within" && !document.hidden) again(); }, 30000);
    live.open();
    document.fonts.load('700 20px "Noto Sans SC"').then(() => canvas.repaint());
    screen.dataset.ready = "1";
  }

  window.OneMap.startMap = start;
})();
