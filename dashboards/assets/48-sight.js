/* The ground a camera can see, drawn from its card: by direction and terrain, with what is not known of it. */
(function () {
  "use strict";
  const { base, el, icon, say, get } = window.OneMap;
  const REACHES = [200, 500, 1000, 2000];
  let drawn = null, of = "", kept = { of: "", node: null };

  function clear() { drawn?.remove(); drawn = null; of = ""; kept = { of: "", node: null }; }

  function draw(map, found) {
    drawn?.remove();
    drawn = L.geoJSON(found.shape, { interactive: false, style: { color: "#4FD1C5", weight: 1.5, fillColor: "#4FD1C5", fillOpacity: 0.22 } }).addTo(map);
    of = found.key;
    map.fitBounds(drawn.getBounds().pad(0.2), { maxZoom: 17 });
  }

  function said(found) {
    const hidden = found.hidden === null ? null : el("p", {}, say(`扇区内约 ${Math.round(found.hidden * 100)}% 被地形遮挡`, `The terrain hides some ${Math.round(found.hidden * 100)} % of the sector`), el("span", { class: "t3" }, ` ${found.terrain}`));
    return [hidden, el("ul", { class: "sight-notes t3" }, found.notes.map((one) => el("li", {}, one)))];
  }

  /* A section of the card of a camera; of any other object nothing. */
  function section(card, map) {
    const mine = `${card.key}:${card.version}`;
    if (card.layer !== "cameras" || kept.of !== mine) clear();
    if (card.layer !== "cameras" || card.lon === null) return null;
    if (kept.of === mine) return kept.node; // the card is drawn anew; what is said of the drawing stays beside it
    const room = el("div", { role: "status" }), words = el("span", {}, say("看视域", "Show what it sees"));
    const rules = window.OneMap.may("edit") ? el("a", { class: "link", href: `${base}cameras/rules?camera=${encodeURIComponent(card.key)}` }, say("区域、规则与标定", "Zones, rules, calibration")) : null;
    const reach = el("select", { "aria-label": say("可视距离未登记时按", "Where no reach is filed, to") }, REACHES.map((metres) => el("option", { value: metres, selected: metres === 500 ? "" : null }, `${metres} m`)));
    const button = el("button", { type: "button", class: "button", on: { click: ask } }, icon("ring"), words);
    reach.addEventListener("change", () => { if (of === card.key) ask(); });
    async function ask() {
      button.disabled = true;
      try {
        const found = await get(`api/cameras/sight?key=${encodeURIComponent(card.key)}&reach=${reach.value}`);
        reach.hidden = !found.chosen;
        room.replaceChildren(...said(found).filter(Boolean));
        draw(map, found);
      } catch (fault) { room.replaceChildren(el("p", { class: "note", role: "alert" }, fault.message)); }
      button.disabled = false;
    }
    kept = { of: mine, node: el("section", { "data-section": "sight" }, el("h3", {}, say("视域", "View")), el("div", { class: "sight-ask" }, button, reach, rules), room) };
    return kept.node;
  }

  window.OneMap.sight = { section, clear };
})();
