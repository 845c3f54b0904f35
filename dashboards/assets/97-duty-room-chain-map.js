/* Zones of the incident on the desk's map: a pattern for each level, the band always, wind with its age, what is inside. */
(function () {
  "use strict";
  const { el, say, time, length, glyph, thousands } = window.OneMap;
  const duty = window.OneMap.duty, NS = "http://www.w3.org/2000/svg";
  const COLOURS = ["#8FA3B3", "#FF5A6E", "#F18F01", "#F4D35E", "#6FA8FF"];
  const grade = (severity) => Math.min(Math.max(severity, 1), 4);
  const level = (name) => window.OneMap.plan.level(name);
  const made = (tag, attributes, ...inside) => { const node = document.createElementNS(NS, tag); for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value); node.append(...inside); return node; };

  /* Dense hatch, sparse hatch, dots: the pattern says the level again; crossed the other way: nobody verified it. */
  function patterns() {
    if (document.getElementById("chain-patterns")) return;
    const one = (n, size, turn, drawn) => made("pattern", { id: `chain-level-${n}`, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` }, made("rect", { width: size, height: size, fill: COLOURS[n], "fill-opacity": 0.2 }), ...drawn);
    const line = (n, d) => made("path", { d, stroke: COLOURS[n], "stroke-width": 1.2, opacity: 0.85 }), dot = (n, x, y) => made("circle", { cx: x, cy: y, r: 1.1, fill: COLOURS[n] });
    document.querySelector(".duty").append(made("svg", { id: "chain-patterns", width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" }, made("defs", {},
      one(1, 6, 45, [line(1, "M0 0v6M3 0v6")]), one(2, 9, 45, [line(2, "M0 0v9")]), one(3, 10, 0, [dot(3, 2.5, 2.5), dot(3, 7.5, 7.5)]), one(4, 12, 0, [dot(4, 3, 3)]),
      made("pattern", { id: "chain-unverified", width: 11, height: 11, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-45)" }, made("path", { d: "M0 0v11", stroke: "#fff", "stroke-width": 0.8, opacity: 0.3 })))));
  }

  function farthest(geometry, lon, lat, downwind) {
    const rings = (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).flat();
    let best = null, most = -Infinity;
    for (const ring of rings) for (const [x, y] of ring) { const east = (x - lon) * Math.cos((lat * Math.PI) / 180), north = y - lat, along = east * Math.sin(downwind) + north * Math.cos(downwind); if (along > most) { most = along; best = [y, x]; } }
    return best;
  }

  function draw(told, group, map) {
    patterns();
    const drawn = told.zones.filter((zone) => zone.reached && zone.geometry).sort((a, b) => b.severity - a.severity);
    for (const zone of drawn) {
      const colour = COLOURS[grade(zone.severity)], name = `${zone.name} ${length(zone.distance)}`;
      if (zone.band) L.geoJSON(zone.band, { interactive: false, style: { className: "chain-band", color: "#F3F7FA", weight: 1.6, dashArray: "7 6", opacity: 0.85, fillColor: colour, fillOpacity: 0.05 } }).addTo(group);
    }
    for (const zone of drawn) {
      const colour = COLOURS[grade(zone.severity)], name = `${zone.name} ${length(zone.distance)}`;
      L.geoJSON(zone.geometry, { style: { color: colour, weight: 2, dashArray: zone.verified ? null : "8 4", fillColor: `url(#chain-level-${grade(zone.severity)})`, fillOpacity: 1 } }).bindTooltip(name, { sticky: true, className: "chain-tip" }).addTo(group);
      if (!zone.verified) L.geoJSON(zone.geometry, { interactive: false, style: { stroke: false, fillColor: "url(#chain-unverified)", fillOpacity: 1 } }).addTo(group);
    }
    const place = told.scenario_place, turned = ((told.wind.from + 180) * Math.PI) / 180;
    const taken = [];
    for (const zone of drawn) {
      const at = farthest(zone.geometry, place.lon, place.lat, turned);
      if (!at) continue;
      const here = map.latLngToContainerPoint(at);
      while (taken.some((other) => Math.abs(other.y - here.y) < 28 && Math.abs(other.x - here.x) < 150)) here.y += 30;
      taken.push(here);
      const down = here.y - map.latLngToContainerPoint(at).y;
      L.marker(at, { keyboard: false, interactive: false, zIndexOffset: 300, icon: L.divIcon({ className: "chain-label", iconSize: null, html: el("span", { style: `--c:${COLOURS[grade(zone.severity)]};--down:${down}px` }, glyph(grade(zone.severity)), ` ${level(zone.name)[0]} `, zone.people === null ? length(zone.distance) : say(`${thousands(Math.round(zone.people))} 人`, `${thousands(Math.round(zone.people))}`)) }) }).addTo(group);
    }
    L.circleMarker([place.lat, place.lon], { radius: 6, color: "#fff", weight: 3, fillColor: "#C5162E", fillOpacity: 1, interactive: false }).addTo(group);
    const inside = [["targets", "#B69CFF"], ["domino", "#F18F01"]].flatMap(([kind, colour]) => (told[kind]?.rows || []).slice(0, 80).map((row) => [row, colour, kind]));
    for (const [row, colour, kind] of inside) L.circleMarker([row.at[1], row.at[0]], { radius: 5, color: "#0B1218", weight: 1.5, fillColor: colour, fillOpacity: 1, className: `chain-${kind}` }).bindTooltip(`${row.name} ${length(row.distance)}`, { className: "chain-tip" }).addTo(group);
  }

  /* Round, age, what the dashed line is; the wind with where it was read and how old. */
  function furniture(told, one) {
    document.getElementById("chain-furniture")?.remove();
    document.querySelector(".duty-map .chain-legend")?.remove();
    if (!told?.number || !one) return;
    const observed = told.inputs.find((each) => each.name === "weather.wind_from"), drawn = told.zones.filter((zone) => zone.reached);
    const read = observed?.origin;
    const wind = el("div", { class: "chain-wind" }, el("span", { class: "rose", style: `transform:rotate(${told.wind.from + 180}deg)`, "aria-hidden": "true" }, "↑"), el("div", {}, el("b", {}, say(`${told.wind.direction}风 ${told.wind.speed} m/s`, `from ${told.wind.direction} ${told.wind.speed} m/s`)), el("div", { class: read?.stale || told.wind_old ? "y" : "t3" }, read ? `${read.stale || told.wind_old ? say("过期 ", "stale ") : ""}${duty.air.from({ ...read, stale: false, note: "" })}` : say("人工填写", "typed"))));
    const next = told.projection?.turned_at ? told.projection.wind : null;
    if (next) wind.append(el("span", { class: "rose next", style: `transform:rotate(${next.from + 180}deg)`, "aria-hidden": "true" }, "↑"), el("div", {}, el("b", {}, say(`${next.direction}风 ${next.speed} m/s`, `from ${next.direction} ${next.speed} m/s`)), el("div", { class: "o" }, say(`${time.dated(new Date(told.projection.turned_at))} 读数，未采用`, `read ${time.dated(new Date(told.projection.turned_at))}, not adopted`))));
    const head = el("div", { class: "chain-head" }, el("b", {}, `${told.chemical_name}${told.kind.title}`), el("span", { class: "t2" }, say(` 第 ${told.number} 轮，${time.age(told.computed_at)}`, ` round ${told.number}, ${time.age(told.computed_at)}`)), told.stale ? el("span", { class: "o" }, told.projection ? say(" ▲ 待更新，长虚线为推算", " ▲ to be renewed; long dashes are projected") : say(" ▲ 待更新", " ▲ to be renewed")) : null, el("span", { class: "t2" }, told.round_zones ? (drawn.some((zone) => zone.band) ? say(" ┄ 不确定带：已发表方法或输入之间", " ┄ between published methods or inputs") : say(" 圆形，无不确定带（无来源）", " circles; no band, no source")) : drawn.some((zone) => zone.ends) ? say(" ┄ 风向偏转和方法误差可及", " ┄ if the wind turns or the method is off") : say(" ┄ 风向偏转可及", " ┄ if the wind turns")));
    const legend = el("div", { class: "chain-legend" }, drawn.map((zone) => el("span", {}, glyph(grade(zone.severity)), ` ${level(zone.name)[0]}`)), told.targets?.total ? el("span", {}, el("i", { class: "dot p" }), say("保护目标", "targets")) : null, told.domino?.total ? el("span", {}, el("i", { class: "dot o" }), say("其他危险源", "other sources")) : null);
    const box = document.getElementById("duty-furniture");
    box?.append(el("div", { id: "chain-furniture" }, el("div", { class: "chain-top" }, head, wind)));
    box?.querySelector(".legend")?.append(legend); // above the other, however many lines either takes
  }

  duty.air = { ...(duty.air || {}), draw, furniture, farthest, grade, level };
})();
