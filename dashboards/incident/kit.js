/* Base maps, zones, marks and controls of an incident's map. Names are set as text, never as HTML. */
var kit = (function () {
  "use strict";
  var maps = [], marks = {};

  function el(tag, text, className) {
    var node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  }
  function told(lines) {
    var box = el("div", "", "told");
    lines.forEach(function (line, n) { if (line) box.append(el(n ? "div" : "b", line, n ? "t3" : "")); });
    return box;
  }
  function zone(map, layer, lines) { layer.bindPopup(function () { return told(lines); }, { maxWidth: 280 }); }

  function put(map, group, facts) {
    facts.forEach(function (one) {
      var mark = L.circleMarker([one.lat, one.lon], { radius: one.big ? 8 : 5, color: "#FFFFFF", weight: 1.5, fillColor: one.colour, fillOpacity: 1 });
      mark.bindPopup(function () { return told(one.lines); }, { maxWidth: 280 });
      mark.addTo(group);
      if (one.big) L.marker([one.lat, one.lon], { keyboard: false, interactive: false, icon: L.divIcon({ className: "pin", html: el("span", one.lines[0]), iconSize: null }) }).addTo(group);
      if (one.id) marks[one.id] = { map: map, mark: mark, group: group };
    });
  }
  function labels(map, group, facts) {
    facts.forEach(function (one) { L.marker([one.lat, one.lon], { keyboard: false, interactive: false, icon: L.divIcon({ className: "pin", html: el("span", one.words), iconSize: null }) }).addTo(group); });
  }

  function frame(map, facts) {
    facts.grounds.forEach(function (one, n) {
      var picture = document.getElementById(one.id), drawn = picture && L.imageOverlay(picture.src, one.corners, { alt: facts.base, interactive: false, zIndex: n });
      if (!drawn) return;
      drawn.addTo(map);
      if (!n) return;
      /* the closer one is of small print: from afar the wider one says more */
      var see = function () { drawn.setOpacity(map.getZoom() < 13.5 ? 0 : 1); };
      map.on("zoomend", see);
      see();
    });
    L.control.zoom({ position: "topleft", zoomInTitle: facts["in"], zoomOutTitle: facts.out }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 120 }).addTo(map);
    var north = L.control({ position: "bottomright" });
    north.onAdd = function () { return el("div", facts.north, "north"); };
    north.addTo(map);
    var toggle = map.getContainer().querySelector(".leaflet-control-layers-toggle");
    if (toggle) { toggle.textContent = facts.layers; toggle.title = facts.layers; }
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", facts.label);
    map.fitBounds(facts.home, { padding: [14, 14], animate: false });
    map.setMinZoom(map.getZoom() - 1.5);
    map.setMaxBounds(L.latLngBounds(facts.grounds[0].corners).pad(0.2));
    maps.push(map);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("button[data-show]"), found = link && marks[link.dataset.show];
    if (!found) return;
    if (!found.map.hasLayer(found.group)) found.group.addTo(found.map);
    found.map.getContainer().scrollIntoView({ block: "center" });
    found.map.setView(found.mark.getLatLng(), Math.max(found.map.getZoom(), 14), { animate: false });
    found.mark.openPopup();
  });
  return { zone: zone, put: put, labels: labels, frame: frame, maps: maps, marks: marks };
})();
