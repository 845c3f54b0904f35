/* Who is nearest to an object by road, and the way from there: round the zones of a kept scenario where one is chosen. */
(function () {
  "use strict";
  const { el, icon, say, get, post, may, length, time } = window.OneMap;
  const SENT = ["teams", "fire_stations", "depots", "hospitals"];
  const MINUTE = 60;
  let drawn = null, kept = { of: "", node: null }, seen = () => [];

  function clear() { drawn?.remove(); drawn = null; kept = { of: "", node: null }; }

  const minutes = (seconds) => (seconds < MINUTE ? say("不足 1 分", "under 1 min") : say(`${Math.round(seconds / MINUTE)} 分`, `${Math.round(seconds / MINUTE)} min`));

  /* A way that meets a zone is broken and red, and says so: never colour alone. */
  function draw(map, route) {
    drawn?.remove();
    const good = route.properties.avoids, ink = getComputedStyle(map.getContainer()), colour = ink.getPropertyValue(good ? "--acc" : "--r").trim();
    const under = L.geoJSON(route, { interactive: false, style: { color: "#0B1722", weight: 8, opacity: 0.75 } });
    const line = L.geoJSON(route, { interactive: false, style: { color: colour, weight: 4, dashArray: good ? null : "10 8" } });
    drawn = L.layerGroup([under, line]).addTo(map);
    map.fitBounds(line.getBounds().pad(0.2), { maxZoom: 16 });
  }

  function told(route) {
    const way = route.properties, mark = way.avoids ? null : el("p", { class: "note", role: "alert" }, way.ends_inside ? say(`▲ 终点在影响区内：${way.crossed.join("、")}；在区内多久取决于停留`, `▲ the end lies inside: ${way.crossed.join(", ")}; how long depends on the stay`) : say(`▲ 约 ${minutes(way.exposure_s)}在影响区内：${way.crossed.join("、")}`, `▲ about ${minutes(way.exposure_s)} inside: ${way.crossed.join(", ")}`));
    const steps = way.steps.map((one) => el("li", {}, el("span", {}, one.turn, " ", el("b", {}, one.name || say("无名道路", "unnamed road")), one.waits_s ? say(`（先等 ${minutes(one.waits_s)}）`, ` (wait ${minutes(one.waits_s)} first)`) : ""), el("span", { class: "num t3" }, length(one.length_m))));
    return [mark, el("details", {}, el("summary", {}, say(`路线 ${length(way.length_m)}·${minutes(way.duration_s)}·${way.steps.length} 段`, `Route ${length(way.length_m)} · ${minutes(way.duration_s)} · ${way.steps.length} steps`)), el("ol", { class: "route-steps" }, steps)),
      el("ul", { class: "sight-notes t3" }, [...way.notices, way.not_known].map((one) => el("li", {}, one)))];
  }

  function row(one, chosen, pick) {
    const age = one.observed_at ? el("span", { "data-at": one.observed_at }) : el("span", {}, say("数据时间未登记", "age not filed"));
    const far = one.duration_s === null ? one.why : `${minutes(one.duration_s)} · ${length(one.length_m)}`;
    const zone = one.duration_s !== null && !one.avoids ? el("span", { class: "route-mark" }, say("▲经影响区", "▲ through a zone")) : null;
    return el("li", {}, el("button", { type: "button", "aria-pressed": String(chosen), disabled: one.duration_s === null ? "" : null, on: { click: pick } },
      el("b", {}, one.title), el("span", { class: "num" }, far), el("span", { class: "t3" }, `${one.layer_title}·${say("直线", "straight")} ${length(one.straight_m)}·`, age), zone));
  }

  /* A section of the card of any object that has a place. */
  function section(card, map) {
    const mine = `${card.layer}:${card.key}:${card.version}`;
    if (kept.of !== mine) clear();
    const layers = seen(SENT).filter((id) => id !== card.layer);
    if (card.lon === null || !layers.length) return null;
    if (kept.of === mine) return kept.node;
    const room = el("div", { role: "status" }), to = [card.lon, card.lat];
    const scenario = el("select", { "aria-label": say("避开推演情景的影响区", "Keep out of the zones of a scenario") }, el("option", { value: "" }, say("不避开影响区", "No zones")));
    const button = el("button", { type: "button", class: "button", on: { click: ask } }, icon("pin"), el("span", {}, say("查最近", "Find nearest")));
    if (may("plan")) get("api/scenarios?state=current").then((found) => {
      scenario.append(...found.rows.map((one) => el("option", { value: one.code }, `${say("避开", "Avoid")} ${one.title}`)));
      const own = card.layer === "scenarios" ? card.key : "";
      if (own && found.rows.some((one) => one.code === own)) scenario.value = own;
    }).catch((fault) => room.replaceChildren(el("p", { class: "note", role: "alert" }, fault.message)));
    const given = (more) => ({ to, ...(scenario.value ? { scenario: scenario.value } : {}), ...more });
    let turn = 0;
    async function ask() {
      const now = ++turn;
      button.disabled = true;
      try {
        const found = await post("api/routes", given({ nearest: layers, most: 6 }));
        if (now === turn) show(found.nearest, found.nearest.findIndex((one) => one.duration_s !== null), found.route, found);
      } catch (fault) { room.replaceChildren(el("p", { class: "note", role: "alert" }, fault.message)); }
      button.disabled = false;
    }
    async function pick(rows, index, found) {
      const now = ++turn, one = rows[index];
      try {
        const one_way = await post("api/routes", given({ from: { layer: one.layer, key: one.key } }));
        if (now === turn) show(rows, index, one_way.route, found);
      } catch (fault) { room.append(el("p", { class: "note", role: "alert" }, fault.message)); }
    }
    function show(rows, chosen, route, found) {
      if (route) draw(map, route);
      const avoided = found.avoided.length ? el("p", { class: "t3" }, say("避开：", "Keeping out of: "), found.avoided.join("、")) : null;
      room.replaceChildren(...[avoided, rows.length ? el("ul", { class: "route-list" }, rows.map((one, index) => row(one, index === chosen, () => pick(rows, index, found)))) : el("p", { class: "note" }, say("没有可查的资源", "Nothing to send is filed")), ...(route ? told(route) : []), el("p", { class: "t3" }, say("出发时刻 ", "Setting out at "), time.minute(new Date(found.depart)))].filter(Boolean));
      window.OneMap.tick();
    }
    scenario.addEventListener("change", () => { if (room.querySelector(".route-list")) ask(); });
    kept = { of: mine, node: el("section", { "data-section": "route" }, el("h3", {}, say("路线", "Routes"), el("span", { class: "t3" }, say("按行车时间最近的资源", "nearest by road time"))), el("div", { class: "sight-ask" }, button, may("plan") ? scenario : null), room) };
    return kept.node;
  }

  window.OneMap.route = { section, clear, start: (known) => { seen = known; } };
})();
