/* Base map, marks, labels and controls of an offline scenario. Names are set as text, never as HTML. */
var handout = (function () {
  "use strict";
  var sheets = [], marks = {};

  function el(tag, text, className) {
    var node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  /* The popup says what the row of the table says: its cells, with their headings. */
  function told(id) {
    var row = document.querySelector('tr[data-mark="' + id + '"]'), box = el("div", "", "told");
    if (!row) return box;
    var heads = row.closest("table").tHead.rows[0].cells;
    box.append(el("b", row.dataset.name));
    for (var k = 1; k < row.cells.length; k += 1) {
      if (!row.cells[k].textContent.trim()) continue;
      var line = el("div");
      line.append(el("span", heads[k].textContent, "t3"), " ");
      for (var part of row.cells[k].childNodes) if (part.nodeName !== "BUTTON") line.append(part.cloneNode(true));
      box.append(line);
    }
    return box;
  }

  function control(map, place, node) {
    var one = L.control({ position: place });
    one.onAdd = function () { L.DomEvent.disableClickPropagation(node); return node; };
    one.addTo(map);
  }

  function wind(facts) {
    var box = el("div", "", "wind"), dial = el("span", "", "dial"), arrow = el("i");
    arrow.style.transform = "rotate(" + ((facts.wind.from + 180) % 360) + "deg)";
    dial.append(arrow);
    box.append(dial, el("span", facts.wind.words));
    box.title = facts.wind.title;
    return box;
  }

  function fit(sheet) { sheet.map.invalidateSize({ animate: false, pan: false }); sheet.map.fitBounds(sheet.facts.home, { padding: [14, 14], animate: false }); }

  function zone(map, layer, id) { layer.bindPopup(function () { return told(id); }, { maxWidth: 280, minWidth: 160 }); }

  function draw(map, group, facts) {
    facts.objects.forEach(function (one) {
      var mark = L.circleMarker([one.lat, one.lon], { radius: 5, color: "#FFFFFF", weight: 1.5, fillColor: one.colour, fillOpacity: 1 });
      mark.bindPopup(function () { return told(one.id); }, { maxWidth: 280, minWidth: 160 });
      mark.addTo(group);
      marks[one.id] = { map: map, mark: mark };
    });
    facts.labels.forEach(function (one) {
      L.marker([one.lat, one.lon], { keyboard: false, interactive: false, icon: L.divIcon({ className: "pin", html: el("span", one.words, one.look), iconSize: null }) }).addTo(map);
    });
    L.marker([facts.source[1], facts.source[0]], { keyboard: false, interactive: false, icon: L.divIcon({ className: "pin", html: el("span", "", "release"), iconSize: [20, 20] }) }).addTo(map);
  }

  function frame(map, facts) {
    var sheet = { map: map, facts: facts }, ground = document.getElementById("ground");
    if (ground) L.imageOverlay(ground.src, facts.ground, { alt: facts.base, interactive: false }).addTo(map).bringToBack();
    L.control.zoom({ position: "topleft", zoomInTitle: facts["in"], zoomOutTitle: facts.out }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 120 }).addTo(map);
    control(map, "bottomleft", wind(facts));
    control(map, "bottomright", el("div", facts.north, "north"));
    var toggle = map.getContainer().querySelector(".leaflet-control-layers-toggle");
    if (toggle) { toggle.textContent = facts.layers; toggle.title = facts.layers; }
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", facts.label);
    sheets.push(sheet);
    fit(sheet);
    map.setMinZoom(map.getZoom() - 1.5);
    map.setMaxBounds(L.latLngBounds(facts.ground).pad(0.2));
  }

  /* Two maps stay at one place and scale; the one that moved first leads. */
  function tie() {
    if (sheets.length < 2) return;
    var leading = null;
    [[0, 1], [1, 0]].forEach(function (pair) {
      var lead = sheets[pair[0]].map, follow = sheets[pair[1]].map;
      lead.on("move zoom", function () {
        if (leading && leading !== lead) return;
        leading = lead;
        follow.setView(lead.getCenter(), lead.getZoom(), { animate: false });
        leading = null;
      });
    });
  }

  function paper(on) {
    sheets.forEach(function (sheet) {
      sheet.map.getContainer().classList.toggle("paper", on);
      sheet.map.closePopup();
      fit(sheet);
    });
    document.querySelectorAll("details").forEach(function (one) { if (on) one.open = true; });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("button[data-show]"), found = link && marks[link.dataset.show];
    if (!found) return;
    found.map.getContainer().scrollIntoView({ block: "center" });
    found.map.setView(found.mark.getLatLng(), Math.max(found.map.getZoom(), 14), { animate: false });
    found.mark.openPopup();
  });
  window.addEventListener("beforeprint", function () { paper(true); });
  window.addEventListener("afterprint", function () { paper(false); });

  return { draw: draw, frame: frame, zone: zone, tie: tie, sheets: sheets, marks: marks };
})();
