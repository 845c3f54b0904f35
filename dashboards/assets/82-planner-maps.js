/* The two maps of the workbench: one extent and scale, zones with pattern, band and what is not sure of them. */
(function () {
  "use strict";
  const { el, say, length, furniture, geo, glyph } = window.OneMap;
  const plan = window.OneMap.plan;
  const NS = "http://www.w3.org/2000/svg";

  /* Dense hatch, sparse hatch, dots: the pattern says the level again; the other way round says unverified. */
  function patterns() {
    if (document.getElementById("plan-patterns")) return;
    const svg = document.createElementNS(NS, "svg"), defs = document.createElementNS(NS, "defs");
    svg.setAttribute("id", "plan-patterns"); svg.setAttribute("aria-hidden", "true");
    const make = (id, size, turn, tint, drawn) => {
      const pattern = document.createElementNS(NS, "pattern");
      for (const [name, value] of Object.entries({ id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` })) pattern.setAttribute(name, value);
      const ground = document.createElementNS(NS, "rect");
      for (const [name, value] of Object.entries({ width: size, height: size, fill: tint, "fill-opacity": tint === "none" ? 0 : 0.3 })) ground.setAttribute(name, value);
      pattern.append(ground, ...drawn);
      defs.append(pattern);
    };
    const line = (d, stroke, width, opacity) => { const path = document.createElementNS(NS, "path"); path.setAttribute("d", d); path.setAttribute("stroke", stroke); path.setAttribute("stroke-width", width); path.setAttribute("opacity", opacity); return path; };
    const dot = (x, y, fill) => { const one = document.createElementNS(NS, "circle"); one.setAttribute("cx", x); one.setAttribute("cy", y); one.setAttribute("r", 1); one.setAttribute("fill", fill); return one; };
    const [, r, o, y, b] = plan.COLOURS;
    make("plan-level-1", 6, 45, r, [line("M0 0v6M3 0v6", r, 1.1, 0.8)]);
    make("plan-level-2", 8, 45, o, [line("M0 0v8", o, 1.1, 0.7)]);
    make("plan-level-3", 10, 0, y, [dot(2.5, 2.5, y), dot(7.5, 7.5, y)]);
    make("plan-level-4", 12, 0, b, [dot(3, 3, b)]);
    make("plan-unverified", 9, -45, "none", [line("M0 0v9", "currentColor", 1, 0.5)]);
    svg.append(defs);
    document.querySelector(".planner").append(svg);
  }

  const rings = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : []).flat();
  const farthest = (geometry, from) => {
    let best = from, most = -1;
    for (const ring of rings(geometry)) for (const [lng, lat] of ring) { const away = geo.distance(from, { lat, lng }); if (away > most) { most = away; best = { lat, lng }; } }
    return best;
  };
  const bearing = (a, b) => (Math.atan2((b.lng - a.lng) * Math.cos((a.lat * Math.PI) / 180), b.lat - a.lat) * 180) / Math.PI;

  function board(map, side, { onPoint, onMove, onZone, onHazard }) {
    patterns();
    const group = L.layerGroup().addTo(map), over = document.getElementById(`plan-over-${side.toLowerCase()}`);
    const card = el("div", { class: "furniture plan-warn", hidden: true, role: "status" });
    const legend = el("div", { class: "furniture plan-legend" });
    const breeze = el("div", { class: "plan-wind" });
    over.append(card, legend, breeze, furniture.scale(map, 110), furniture.north());
    const box = map.getContainer();
    box.setAttribute("aria-label", say(`情景 ${side} 地图，方向键移动，回车读取图中心一点`, `Map of scenario ${side}; arrows move it, Enter reads the point at its centre`));
    map.on("click", (event) => onPoint(side, event.latlng));
    box.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === box) { event.preventDefault(); onPoint(side, map.getCenter()); } });

    /* The source is taken by its handle; Esc while it is held puts it back, the arrow keys move it a little. */
    function release(at) {
      const words = say("释放点，拖动或按方向键移动", "The source; drag it, or move it by the arrow keys");
      const mark = L.marker(at, { keyboard: true, draggable: true, title: words, alt: words, autoPan: true, zIndexOffset: 500, icon: L.divIcon({ className: "plan-pin", html: el("span", { class: "plan-source" }), iconSize: [30, 30] }) });
      const put = (event) => { if (event.key === "Escape") { mark.dragging.disable(); mark.setLatLng(at); mark.dragging.enable(); held = false; } };
      let held = false;
      mark.on("dragstart", () => { held = true; document.addEventListener("keydown", put); });
      mark.on("dragend", () => { document.removeEventListener("keydown", put); if (held) onMove(side, mark.getLatLng()); held = false; });
      mark.on("add", () => {
        const node = mark.getElement();
        node.setAttribute("aria-label", words);
        node.addEventListener("keydown", (event) => {
          const step = { ArrowUp: [0, -8], ArrowDown: [0, 8], ArrowLeft: [-8, 0], ArrowRight: [8, 0] }[event.key];
          if (!step && event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault(); event.stopPropagation();
          if (step) mark.setLatLng(map.containerPointToLatLng(map.latLngToContainerPoint(mark.getLatLng()).add(step)));
          else if (event.key === "Escape") mark.setLatLng(at);
          else if (!mark.getLatLng().equals(at)) onMove(side, mark.getLatLng());
        });
        node.addEventListener("blur", () => { if (!held) mark.setLatLng(at); }); // moved by keys and left: it is where it was
      });
      return mark;
    }

    /* It outlasts what is drawn anew round it: whoever holds it, by hand or by keys, goes on. */
    let source = null, stands = null;
    function placed(at) {
      if (source && at && stands.equals(at)) return;
      const focused = source?.getElement() === document.activeElement && source !== null;
      source?.remove();
      source = at ? release(at).addTo(map) : null;
      stands = at;
      if (focused) source?.getElement().focus();
    }

    function zone(one, from) {
      const colour = plan.COLOURS[plan.grade(one.severity)], name = `${one.name} ${plan.far(one)}`;
      const parts = [];
      if (one.band) parts.push(L.geoJSON(one.band, { interactive: false, style: { className: "plan-band-line", weight: 1.6, dashArray: "6 5", fillColor: colour, fillOpacity: 0.1 } }));
      parts.push(L.geoJSON(one.geometry, { style: { color: colour, weight: 2, dashArray: one.verified ? null : "7 4", fillColor: `url(#plan-level-${plan.grade(one.severity)})`, fillOpacity: 1, bubblingMouseEvents: true }, onEachFeature: (_, layer) => layer.bindTooltip(name, { sticky: true, className: "plan-tip" }).on("click", () => onZone(side, one)) }));
      if (!one.verified) parts.push(L.geoJSON(one.geometry, { interactive: false, style: { stroke: false, fillColor: "url(#plan-unverified)", fillOpacity: 1 } }));
      if (plan.cut(one)) {
        const end = farthest(one.geometry, from), angle = bearing(from, end);
        const arc = Array.from({ length: 41 }, (_, k) => geo.destination(from, one.distance, angle - 30 + k * 1.5));
        parts.push(L.polyline(arc, { className: "plan-cut-line", weight: 2, interactive: false }));
        parts.push(L.marker(end, { keyboard: false, interactive: false, icon: L.divIcon({ className: "plan-cut", html: el("span", {}, say(`截断 ${length(one.distance)}`, `Cut ${length(one.distance)}`)), iconSize: null }) }));
      }
      return parts;
    }

    function targets(inside) {
      return ["targets", "hazards"].flatMap((kind) => (inside?.[kind]?.rows || []).slice(0, 60).map((row) => {
        const mark = L.circleMarker([row.at[1], row.at[0]], { radius: 4.5, className: `plan-${kind}`, weight: 1.5, fillOpacity: 1, bubblingMouseEvents: false }).bindTooltip(`${row.name} ${length(row.distance)}`, { className: "plan-tip" });
        return kind === "hazards" ? mark.on("click", () => onHazard(side, row)) : mark;
      }));
    }

    function about(one) {
      const answer = one.answer, drawn = answer.zones.filter((each) => each.reached && each.geometry), wrong = drawn.filter(plan.cut)[0];
      if (wrong) { card.hidden = false; card.replaceChildren(el("b", {}, say(`${side} 的 ${plan.level(wrong.name)[0]} 不能用于疏散决策。`, `${plan.level(wrong.name)[0]} of ${side} cannot be used for evacuation. `)), wrong.cut_text); }
      const dial = el("div", { class: "dial" }, el("i"));
      dial.firstChild.style.transform = `rotate(${(answer.wind.from + 180) % 360}deg)`;
      const speed = `${plan.rounded(answer.wind.speed)}${plan.THIN}m/s`;
      breeze.replaceChildren(el("div", { class: "furniture wind", title: say("箭头指向风去的方向", "The arrow points where the wind goes") }, dial, el("div", {}, el("span", {}, say(`${answer.wind.direction}风 ${speed}`, `${answer.wind.direction} wind ${speed}`)), plan.airAge(one))));
      const dot = (total, kind, words) => (total ? el("span", {}, el("i", { class: `plan-dot ${kind}` }), words) : null);
      legend.replaceChildren(...[
        ...drawn.map((each) => el("span", {}, glyph(plan.grade(each.severity)), plan.level(each.name)[0], each.verified ? null : el("em", {}, say("未核实", "unverified")))),
        dot(answer.exposure?.targets?.total, "target", say("保护目标", "targets")),
        dot(answer.exposure?.hazards?.total, "hazard", say("危险源", "hazards")),
        drawn.some((each) => each.band) ? el("span", {}, el("i", { class: "plan-band" }), say("风向带", "wind band")) : null,
      ].filter(Boolean));
      legend.hidden = !legend.children.length;
    }

    function draw(one, point) {
      group.clearLayers();
      card.hidden = true;
      legend.hidden = true;
      breeze.replaceChildren();
      if (point) L.marker(point, { keyboard: false, interactive: false, icon: L.divIcon({ className: "plan-spot", html: el("span", { class: "plan-point" }), iconSize: [18, 18] }) }).addTo(group);
      if (!one) { placed(null); return; }
      const from = L.latLng(one.given.place.lat, one.given.place.lon);
      if (one.answer) {
        const drawn = one.answer.zones.filter((each) => each.reached && each.geometry);
        for (const each of [...drawn].sort((a, b) => b.severity - a.severity)) for (const part of zone(each, from)) part.addTo(group);
        for (const mark of targets(one.answer.exposure)) mark.addTo(group);
        about(one);
      }
      placed(from);
    }

    const reach = (one) => {
      if (!one) return null;
      const box = L.latLngBounds([[one.given.place.lat, one.given.place.lon]]);
      for (const each of one.answer?.zones || []) for (const shape of [each.geometry, each.band].filter(Boolean)) for (const ring of rings(shape)) for (const [lng, lat] of ring) box.extend([lat, lng]);
      return box;
    };
    return { map, draw, reach };
  }

  /* Where one goes the other follows at once; the one that moved first leads. */
  function tie(one, other, moved) {
    let leading = null;
    for (const [lead, follow] of [[one, other], [other, one]]) {
      lead.on("move zoom", () => {
        if (leading && leading !== lead) return;
        leading = lead;
        follow.setView(lead.getCenter(), lead.getZoom(), { animate: false });
        leading = null;
      });
    }
    one.on("moveend", moved);
  }

  Object.assign(plan, { board, tie });
})();
