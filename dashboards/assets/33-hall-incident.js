/* The wall while an incident is in hand: the same frame filled anew, the gravest first, turned when there are several. */
(function () {
  "use strict";
  const { el, say, get, live, time, tick, alarming } = window.OneMap;
  const TURN = 30, LOOK = 20, ASK = 15000;
  const LAYERS = ["incidents", "incident_log", "incident_links", "scenarios", "incident_projections", "incident_orders", "incident_tasks", "warnings"];
  const COLOURS = [null, "#FF5A6E", "#F18F01", "#F4D35E", "#3A86FF"];
  const BURST = { leak: "漏", fire: "火", explosion: "爆", poisoning: "毒", traffic: "车", collapse: "塌", equipment: "设", natural: "灾", other: "事" };
  const NAMED = { "7782-50-5": "氯", "7664-41-7": "氨", "7783-06-4": "硫", "68476-85-7": "爆", "74-98-6": "爆" };

  const sign = (facts) => NAMED[facts.chemical] || BURST[facts.kind] || "事";
  const far = (a, b) => window.OneMap.geo.distance({ lat: a[0], lng: a[1] }, { lat: b[0], lng: b[1] });
  const rings = (shape) => (!shape ? [] : shape.type === "Polygon" ? shape.coordinates : shape.type === "MultiPolygon" ? shape.coordinates.flat() : []);

  /* `home` frames the city again; `page` pages the rows; `eyes` are the cameras; `at` a time that is looked back to. */
  function start(map, hall, { home, page, eyes, exercise, code, at }) {
    const idle = { ask: async () => {}, frame: () => {}, active: () => false, told: () => null, draw: () => {}, went: () => {}, alarms: async () => {}, resized: () => {}, look: async () => {} };
    if (code === "none") return idle; // the frame of every day; its head names the incident all the same
    const parts = window.OneMap.hallParts, room = el("div", { id: "hall-incident", class: "hall-incident", hidden: true });
    const group = L.layerGroup();
    hall.append(room);
    let told = null, current = "", left = TURN, on = false, failed = false, others = [], framed = "", away = 0, moment = at || "";
    const played = exercise || String(code || "").startsWith("YL");
    const list = () => (told ? told.hand : []);
    const one = () => list().find((each) => each.code === current) || list()[0] || null;
    const wide = () => hall.dataset.form === "wide";

    function enter() {
      if (on) return;
      on = true;
      hall.dataset.mode = "incident";
      room.hidden = false;
      group.addTo(map);
      map.invalidateSize(false);
    }
    function leave() {
      if (!on || played || moment) return;
      on = false;
      delete hall.dataset.mode;
      hall.removeAttribute("data-own-wind");
      room.hidden = true;
      group.remove();
      framed = "";
      eyes?.towards(null);
      map.invalidateSize(false);
      home();
    }

    /* The zones with their bands and the place, or so much round the place as a hall should see. */
    function frame(force) {
      const now = one(), place = now?.facts.place;
      if (!place) return;
      const cards = room.querySelector(".hi-cards")?.offsetHeight || 0; // they lie on the map, and must not lie on the place
      const key = `${now.code}|${now.scenario?.code || ""}|${now.scenario?.computed_at || ""}|${now.projection?.code || ""}|${map.getSize().x}|${Math.round(cards / 20)}`;
      if (!force && key === framed) return;
      framed = key;
      const box = L.latLngBounds([[place.lat, place.lon]]);
      for (const shape of [...now.zones, ...now.bands, ...(now.projection ? [now.projection] : [])].map((each) => each.geometry)) for (const ring of rings(shape)) for (const [lon, lat] of ring) box.extend([lat, lon]);
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches || Boolean(moment);
      const side = wide() ? 420 : 90, high = box.getNorth() - box.getSouth();
      const over = Math.max(150, cards + 32 + (box.getNorth() - place.lat < 0.3 * high ? 110 : 0));
      if (box.getNorthEast().equals(box.getSouthWest())) map.flyTo([place.lat, place.lon], 14, { animate: !still, duration: 0.6 });
      else map.flyToBounds(box, { paddingTopLeft: [side, over], paddingBottomRight: [side, 110], maxZoom: 16, animate: !still, duration: 0.6 });
    }

    /* A card at the edge of its zone, each in a direction of its own, the way the cloud goes first. */
    function label(zone, n, place, heading) {
      const turn = heading + (n - 1) * 0.9, ways = [Math.cos(turn), Math.sin(turn)], flat = Math.cos((place.lat * Math.PI) / 180);
      let best = null, most = -Infinity;
      for (const ring of rings(zone.geometry)) for (const [lon, lat] of ring) { const along = (lon - place.lon) * flat * ways[0] + (lat - place.lat) * ways[1]; if (along > most) { most = along; best = [lat, lon]; } }
      if (!best) return null;
      const right = ways[0] >= 0;
      return L.marker(best, { interactive: false, keyboard: false, zIndexOffset: 600, icon: L.divIcon({ className: `hi-card g${Math.min(4, zone.severity)} ${right ? "right" : "left"}`, html: el("div", {}, window.OneMap.glyph(Math.min(4, zone.severity)), el("span", {}, parts.level(zone)[0]), el("b", {}, parts.people(zone))), iconSize: [0, 0] }) });
    }

    function draw_map() {
      group.clearLayers();
      const now = one();
      if (!now) return;
      const place = now.facts.place, zones = now.zones.filter((each) => each.reached && each.geometry);
      parts.patterns(hall);
      for (const band of [...now.bands].sort((a, b) => b.severity - a.severity)) if (band.geometry) L.geoJSON(band.geometry, { interactive: false, style: { color: "#EAF0F4", weight: 2, dashArray: "8 6", fillColor: COLOURS[Math.min(4, band.severity)], fillOpacity: 0.06 } }).addTo(group);
      for (const zone of [...zones].sort((a, b) => b.severity - a.severity)) L.geoJSON(zone.geometry, { interactive: false, style: { color: COLOURS[Math.min(4, zone.severity)], weight: 2.5, dashArray: zone.verified ? null : "10 5", fillColor: `url(#hall-level-${Math.min(4, zone.severity)})`, fillOpacity: 1 } }).addTo(group);
      /* what nobody has adopted: an outline of long dashes, never filled */
      if (now.projection?.geometry) for (const style of [{ color: "#0B1218", weight: 8, opacity: 0.6 }, { color: "#F18F01", weight: 4, dashArray: "20 12", className: "hi-next" }]) L.geoJSON(now.projection.geometry, { interactive: false, style: { fill: false, ...style } }).addTo(group);
      for (const target of (now.targets || []).slice(0, 30)) L.marker([target.lat, target.lon], { interactive: false, keyboard: false, zIndexOffset: 300, icon: L.divIcon({ className: "hi-target", html: el("img", { src: `${window.OneMap.base}api/symbols/${target.symbol}.svg`, alt: "", width: 36, height: 36 }), iconSize: [36, 36] }) }).addTo(group);
      for (const each of list()) if (each.facts.place && each.code !== now.code) L.marker([each.facts.place.lat, each.facts.place.lon], { interactive: false, keyboard: false, icon: L.divIcon({ className: "hi-other", html: el("span", { class: "burst" }, sign(each.facts)), iconSize: [40, 40] }) }).addTo(group);
      if (!place) return;
      let heading = Math.PI / 2, most = 0;
      const outer = zones[zones.length - 1];
      for (const ring of rings(outer?.geometry)) for (const [lon, lat] of ring) { const away_ = far([place.lat, place.lon], [lat, lon]); if (away_ > most) { most = away_; heading = Math.atan2(lat - place.lat, (lon - place.lon) * Math.cos((place.lat * Math.PI) / 180)); } }
      zones.slice(0, 4).map((zone, n) => label(zone, n, place, heading)).forEach((card) => card?.addTo(group));
      L.marker([place.lat, place.lon], { interactive: false, keyboard: false, zIndexOffset: 900, icon: L.divIcon({ className: `hi-source ${played ? "played" : ""}`, html: el("div", {}, el("i", { class: "stem" }), el("span", { class: "burst" }, sign(now.facts)), el("b", {}, now.facts.address || now.facts.enterprise_name || now.facts.title)), iconSize: [0, 0] }) }).addTo(group);
      turned();
    }
    /* Cards of zones that end at one place stand one above the other, the farthest where it is. */
    function apart() {
      const taken = [], meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      for (const card of [...map.getContainer().querySelectorAll(".hi-card > div")].reverse()) {
        card.style.translate = "";
        const box = card.getBoundingClientRect(), scale = box.height / (card.offsetHeight || 1) || 1;
        let up = 0, moved = box;
        for (let met; (met = taken.find((other) => meet(moved, other))); ) { up += moved.bottom - met.top + 6; moved = new DOMRect(box.x, box.y - up, box.width, box.height); }
        if (up) card.style.translate = `0 ${-up / scale}px`;
        taken.push(moved);
      }
    }

    /* The name of the place stands at the other side of it where the map ends. */
    function turned() {
      apart();
      const edge = map.getContainer().getBoundingClientRect().right;
      for (const pin of map.getContainer().querySelectorAll(".hi-source")) { pin.classList.remove("left"); pin.classList.toggle("left", pin.querySelector("b").getBoundingClientRect().right > edge); }
    }
    map.on("moveend", turned);

    function draw() {
      const now = one();
      if (!now && !played && !moment) return leave();
      enter();
      parts.fill(room, { now, told, others, played, failed, moment, wide: wide(), left, demo: Boolean(document.querySelector(".demo-tag")), duty: played ? null : hall.querySelector("#hall-top .on-duty") });
      hall.toggleAttribute("data-own-wind", Boolean(now?.wind)); // two winds on one map are one too many
      map.invalidateSize(false);
      draw_map();
      frame(false);
      eyes?.towards(now && !played && !moment ? now.facts.place : null);
      count();
      page();
      tick();
    }

    /* Clocks count in the page: until when is the server's to say. */
    function count() {
      const at_ = moment ? new Date(moment) : time.now();
      for (const node of room.querySelectorAll("[data-up]")) node.textContent = parts.span((at_ - new Date(node.dataset.up)) / 1000);
      for (const node of room.querySelectorAll("[data-until]")) {
        const rest = (new Date(node.dataset.until) - at_) / 1000;
        node.textContent = rest < 0 ? say(`超时 ${parts.span(rest)}`, `over ${parts.span(rest)}`) : parts.span(rest);
        node.classList.toggle("late", rest < 0);
        node.classList.toggle("soon", rest >= 0 && rest < Number(node.dataset.term || 0) * 0.2);
      }
      for (const node of room.querySelectorAll("[data-replay-clock]")) node.textContent = time.clock(at_);
      for (const node of room.querySelectorAll("[data-leaf]")) node.textContent = list().length > 1 && !moment ? say(`${list().findIndex((each) => each.code === one().code) + 1} / ${list().length}·${left} 秒后换`, `${list().findIndex((each) => each.code === one().code) + 1} / ${list().length} · next in ${left} s`) : "";
    }

    async function ask() {
      const query = new URLSearchParams();
      if (code) query.set("code", code); else if (played) query.set("exercise", "1");
      if (moment) query.set("at", moment);
      let found;
      const asked_ = moment;
      try { found = await get(`api/incidents/wall${query.size ? `?${query}` : ""}`); failed = false; }
      catch (fault) { if (fault.status === 404 && code) { told = { hand: [], waiting: [], more: 0, at: moment }; draw(); } else if (fault.status !== 403) { failed = true; if (on) draw(); } return; }
      if (asked_ !== moment) return;
      const before = told;
      told = found;
      /* what came new, or grew graver, is shown at once */
      const known = new Map((before?.hand || []).map((each) => [each.code, `${each.response.level}|${each.grade.level}`]));
      const news = before && found.hand.find((each) => known.get(each.code) !== `${each.response.level}|${each.grade.level}`);
      if (news) { current = news.code; left = TURN; }
      if (!found.hand.some((each) => each.code === current)) { current = found.hand[0]?.code || ""; left = TURN; }
      await beside();
      draw();
    }

    /* Alarms beside it: of what is real alone, and of now alone. */
    async function beside() {
      if (played || moment) { others = []; return; }
      const mine = new Set(list().flatMap((each) => each.links.filter((link) => link.layer === "alarms").map((link) => link.key)));
      others = ((await alarming.standing().catch(() => null)) || []).filter((each) => !mine.has(each.code) && each.state !== "shelved");
    }

    setInterval(() => {
      if (live.stopped() || !on) return;
      if (away && Date.now() > away) { away = 0; frame(true); }
      if (list().length > 1 && !moment) {
        left -= 1;
        if (left <= 0) { left = TURN; current = list()[(list().findIndex((each) => each.code === one().code) + 1) % list().length].code; draw(); }
      }
      count();
    }, 1000);
    const soon = window.OneMap.gathered(ask, 400);
    live.onChanges((changes) => { if (!moment && (played ? ["exercise_incidents", "incident_log", "incident_orders", "incident_projections"] : LAYERS).some((layer) => changes.has(layer))) soon(); });
    setInterval(() => { if (!document.hidden && !moment && live.state() === "open") ask(); }, ASK);

    return {
      ask, frame: () => frame(true), active: () => on, told: () => told, draw,
      /* the map went to a red alarm: after a while it comes back to what is in hand */
      went: () => { away = Date.now() + LOOK * 1000; },
      alarms: async () => { if (on && !played) { await beside(); draw(); } },
      resized: () => { framed = ""; if (on) draw(); },
      look: (when) => { moment = when; return ask(); },
      /* between two entries nothing was learned: the clocks alone go on */
      pass: (when) => { const before = parts.lateAt(one(), moment); moment = when; if (parts.lateAt(one(), moment) !== before) draw(); else count(); },
      moment: () => moment,
    };
  }

  window.OneMap.hallIncident = { start };
})();
