/* The map beside the picture: the camera, what it sees, zones on the ground, and the places of the calibration. */
(function () {
  "use strict";
  const { el, say, get } = window.OneMap;
  const flip = ([lon, lat]) => [lat, lon];
  const seven = (n) => Math.round(n * 1e7) / 1e7;
  const FINE = 22; // the base map ends at 18; a click must be finer than half a metre

  function ground(map, draft, { mode, may_write, said }) {
    const shapes = L.layerGroup().addTo(map), marks = L.layerGroup().addTo(map), still = L.layerGroup().addTo(map);
    const tiles = Object.values(map._layers).find((layer) => layer instanceof L.TileLayer);
    tiles.options.maxZoom = FINE;
    map.setMaxZoom(FINE);
    const lay = (look) => tiles.setUrl(tiles._url.replace(/\/base\/(day|night)\//, `/base/${look}/`));
    window.OneMap.office.onDress(lay);
    lay(window.OneMap.office.theme());
    map.getContainer().setAttribute("aria-label", say("地图:摄像机、区域和标定点", "Map: the camera, zones and pairs"));
    let drawing = null, waiting = null, fitted = false;

    async function camera(one) {
      if (one.lon === null) { said(say("该视频点没有坐标,地图未定位", "The camera has no position")); return; }
      map.setView([one.lat, one.lon], 18, { animate: false });
      fitted = false;
      draw();
      L.marker([one.lat, one.lon], { icon: L.divIcon({ className: "zones-camera", iconSize: [22, 22] }), keyboard: false, title: one.name }).addTo(still);
      try {
        const seen = await get(`api/cameras/sight?key=${encodeURIComponent(one.code)}&reach=200`);
        L.geoJSON(seen.shape, { interactive: false, style: { className: "zones-sight", color: "#0B7A75", weight: 1, fillColor: "#0B7A75", fillOpacity: 0.1 } }).addTo(still);
      } catch (fault) { said(fault.message); }
    }

    function mark(place, look, text, label, moved, drop, chosen) {
      const made = L.marker(flip(place), { icon: L.divIcon({ className: `zones-mark ${look}`, html: text, iconSize: [22, 22] }), draggable: may_write(), title: label, alt: label, keyboard: true });
      made.on("dragend", () => { const at = made.getLatLng(); moved([seven(at.lng), seven(at.lat)]); });
      made.on("click", () => chosen?.());
      made.on("add", () => {
        const node = made.getElement();
        node.setAttribute("aria-label", label);
        node.addEventListener("keydown", (event) => {
          const turn = { ArrowUp: 0, ArrowRight: 90, ArrowDown: 180, ArrowLeft: 270 }[event.key];
          if (turn !== undefined && may_write()) { event.preventDefault(); event.stopPropagation(); const to = window.OneMap.geo.destination(made.getLatLng(), event.shiftKey ? 5 : 0.2, turn); moved([seven(to.lng), seven(to.lat)], true); }
          if ((event.key === "Delete" || event.key === "Backspace") && may_write()) { event.preventDefault(); event.stopPropagation(); drop(); }
        });
      });
      return made;
    }

    function draw() {
      const active = document.activeElement?.getAttribute?.("aria-label");
      shapes.clearLayers();
      marks.clearLayers();
      for (const one of draft.now.zones) {
        const told = draft.drawn.zones[one.name], ring = one.ground || told?.ground, chosen = one.name === draft.zone;
        if (!ring) continue;
        L.polygon(ring.map(flip), { color: chosen ? "#16202A" : "#0B7A75", weight: chosen ? 2.5 : 1.5, dashArray: one.ground ? "3 4" : "9 5", fillColor: "#0B7A75", fillOpacity: 0.14 })
          .bindTooltip(one.name + (told?.cut ? say("(远端未画)", " (far part not drawn)") : "")).on("click", () => { if (!drawing && mode() === "zones") draft.pick(one.name); }).addTo(shapes);
      }
      if (drawing?.length) L.polyline(drawing.map(flip), { color: "#16202A", weight: 2.5 }).addTo(shapes);
      const zone = draft.selected(), index = draft.now.zones.indexOf(zone);
      if (zone?.ground && mode() === "zones" && !drawing) {
        zone.ground.forEach((place, n) => mark(place, "corner", "", say(`${zone.name} 第 ${n + 1} 角点`, `${zone.name}, corner ${n + 1}`), (to) => draft.change((now) => { now.zones[index].ground[n] = to; }),
          () => { if (zone.ground.length > 3) draft.change((now) => now.zones[index].ground.splice(n, 1)); }).addTo(marks));
      }
      draft.now.pairs.forEach((one, n) => mark([one.lon, one.lat], `pair${draft.pair === n ? " picked" : ""}${draft.drawn.errors[n] > draft.worst ? " off" : ""}`, String(n + 1), say(`标定点 ${n + 1} 的地图位置`, `Pair ${n + 1} on the map`),
        (to) => draft.change((now) => { [now.pairs[n].lon, now.pairs[n].lat] = to; }), () => draft.change((now) => now.pairs.splice(n, 1)), () => { draft.pair = n; draft.tell(); }).addTo(marks));
      if (active) [...map.getContainer().querySelectorAll(".zones-mark")].find((node) => node.getAttribute("aria-label") === active)?.focus({ preventScroll: true });
      map.getContainer().classList.toggle("picks", Boolean(drawing || waiting));
      if (!fitted) {
        const rings = Object.values(draft.drawn.zones).flatMap((one) => one.ground || []), all = [...rings.map(flip), ...draft.now.pairs.map((one) => [one.lat, one.lon])];
        if (all.length) { fitted = true; map.fitBounds(L.latLngBounds(all).pad(0.3), { animate: false, maxZoom: 20 }); }
      }
    }

    /* The next place that is clicked, or the middle of the map by the button: what the keyboard has. */
    function wait(run) { waiting = run; draw(); }
    function take(place) {
      if (drawing) { drawing.push(place); draw(); mine.onDrawn?.(drawing.length); return; }
      const run = waiting;
      waiting = null;
      run?.(place);
      draw();
    }
    map.on("click", (event) => { if (may_write()) take([seven(event.latlng.lng), seven(event.latlng.lat)]); });
    function middle() { const at = map.getCenter(); take([seven(at.lng), seven(at.lat)]); }
    function begin() { drawing = []; draw(); }
    function finish(keep) { const ring = drawing; drawing = null; draw(); return keep && ring?.length >= 3 ? ring : null; }

    new ResizeObserver(() => map.invalidateSize(false)).observe(map.getContainer());
    draft.on(draw);
    const mine = { camera, wait, middle, begin, finish, draw, busy: () => Boolean(drawing || waiting), waits: () => Boolean(waiting), drawing: () => drawing, onDrawn: null, stop: () => { waiting = null; draw(); } };
    return mine;
  }

  window.OneMap.zones.ground = ground;
})();
