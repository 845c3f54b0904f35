/* Tools on the map: measure distance and area, draw a circle or polygon and list what is inside. Esc leaves, Enter ends. */
(function () {
  "use strict";
  const { el, icon, say, geo, length, area } = window.OneMap;
  const ASKED = ["teams", "fire_stations", "depots", "materials", "hospitals", "shelters", "protection_targets", "hazard_sources", "enterprises"];
  let map = null, box = null, group = null, active = null, points = [], seen = () => [], hint = null, buttons = {};

  const line = () => ({ color: getComputedStyle(map.getContainer()).getPropertyValue("--t1").trim() || "#fff", weight: 2.5, smoothFactor: 0.2, interactive: false });

  function write(words) { hint.textContent = words || ""; hint.hidden = !words; }

  function label(at, words) {
    L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "tool-label", html: "", iconSize: null }) }).addTo(group).getElement().append(el("span", {}, words));
  }

  function clear() { group?.clearLayers(); points = []; }

  function use(tool) {
    clear();
    active = active === tool ? null : tool;
    for (const [name, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(name === active));
    map.getContainer().classList.toggle("drawing", Boolean(active));
    map.doubleClickZoom[active ? "disable" : "enable"]();
    write({ distance: say("单击加点，双击或回车结束，Esc 取消", "Click to add, double-click or Enter to end"), area: say("单击加点，双击或回车结束，Esc 取消", "Click to add, double-click or Enter to end"), circle: say("单击定圆心，再单击定半径；回车以地图中心、3 km 画圆", "Click the centre, click the radius; Enter draws 3 km at the map centre"), polygon: say("单击加点，双击或回车结束", "Click to add, double-click or Enter to end") }[active]);
  }

  function sketch(last) {
    group.clearLayers();
    const all = last ? [...points, last] : points;
    if (!all.length) return;
    if (active === "circle") {
      L.circleMarker(points[0], { ...line(), radius: 4, fillOpacity: 1 }).addTo(group);
      if (all.length > 1) { const metres = geo.distance(points[0], all[1]); L.polygon(geo.circle(points[0], metres), { ...line(), fillOpacity: 0.08 }).addTo(group); label(all[1], length(metres)); }
      return;
    }
    const closed = active === "area" || active === "polygon";
    (closed && all.length > 2 ? L.polygon(all, { ...line(), fillOpacity: 0.08 }) : L.polyline(all, line())).addTo(group);
    points.forEach((p) => L.circleMarker(p, { ...line(), radius: 3, fillOpacity: 1 }).addTo(group));
    if (active === "distance") label(all[all.length - 1], length(all.slice(1).reduce((sum, p, k) => sum + geo.distance(all[k], p), 0)));
    if (active === "area" && all.length > 2) label(all[all.length - 1], area(geo.area(all)));
  }

  function end() {
    if (active === "circle" && points.length === 0) { const c = map.getCenter(); points = [c, geo.destination(c, 3000, 90)]; sketch(); return circle(points[0], 3000); }
    if (active === "circle" && points.length === 2) return circle(points[0], geo.distance(points[0], points[1]));
    if (active === "polygon" && points.length > 2) {
      const ring = points.map((p) => [p.lng, p.lat]);
      sketch();
      stop();
      return window.OneMap.card.inside(box, { polygon: ring }, say("多边形圈查", "Inside the polygon"), seen(ASKED), null);
    }
    if (points.length > 1) { sketch(); stop(); }
  }

  function stop() { const kept = active; active = null; for (const button of Object.values(buttons)) button.setAttribute("aria-pressed", "false"); map.getContainer().classList.remove("drawing"); setTimeout(() => map.doubleClickZoom.enable(), 300); write(""); return kept; }

  const questionRound = (card, metres) => ({ circle: { lon: card.lon, lat: card.lat, radius: metres }, subject: { layer: card.layer, key: card.key }, layers: seen(ASKED) });

  function circle(centre, metres, card) {
    const radius = Math.min(100000, Math.max(10, Math.round(metres)));
    active = "circle"; points = [centre, geo.destination(centre, radius, 90)]; sketch(); stop();
    map.fitBounds(L.latLngBounds(geo.circle(centre, radius)), { padding: [60, 60], maxZoom: 16, animate: false });
    const input = el("input", { type: "number", min: 0.01, max: 100, step: "any", value: (radius / 1000).toFixed(2), "aria-label": say("半径，公里", "Radius, km") });
    const again = el("form", { class: "radius" }, say("半径", "Radius"), input, "km", el("button", { type: "submit", class: "button" }, say("重查", "Again")));
    again.addEventListener("submit", (event) => { event.preventDefault(); const km = Number(input.value); if (km > 0) circle(centre, km * 1000, card); });
    const question = card ? questionRound(card, radius) : { circle: { lon: centre.lng, lat: centre.lat, radius } };
    return window.OneMap.card.inside(box, question, say(`圈查 ${length(radius)}`, `Within ${length(radius)}`), seen(ASKED), again);
  }

  function start(theMap, toolbar, room, known, extras) {
    map = theMap; box = room; seen = known;
    group = L.layerGroup().addTo(map);
    const make = (name, picture, words) => (buttons[name] = el("button", { type: "button", "aria-pressed": "false", title: words, "aria-label": words, on: { click: () => use(name) } }, icon(picture, 20)));
    toolbar.append(...extras.before, make("circle", "ring", say("圈查", "Circle")), make("polygon", "area", say("多边形圈查", "Polygon")), make("distance", "ruler", say("测距", "Distance")), make("area", "table", say("测面积", "Area")), ...extras.after);
    buttons.area.replaceChildren(icon("area", 20), el("small", {}, "m²"));
    hint = el("div", { class: "furniture tool-hint", role: "status", hidden: true });
    toolbar.parentElement.append(hint);
    map.on("click", (event) => { if (!active) return; points.push(event.latlng); sketch(); if (active === "circle" && points.length === 2) end(); });
    map.on("mousemove", (event) => { if (active && points.length) sketch(event.latlng); });
    map.on("dblclick", () => { if (active && active !== "circle") { points.pop(); end(); } });
    document.addEventListener("keydown", (event) => {
      if (!active) return;
      if (event.key === "Escape") { clear(); stop(); }
      if (event.key === "Enter" && !/^(BUTTON|INPUT|SELECT)$/.test(document.activeElement?.tagName || "")) end();
    });
  }

  window.OneMap.tools = { start, clear, busy: () => Boolean(active), circleAt: (card, metres) => circle(L.latLng(card.lat, card.lon), metres, card), questionRound, circle: (lon, lat, metres) => circle(L.latLng(lat, lon), metres) };
})();
