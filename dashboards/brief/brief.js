/* Marks, popups, list and print of an offline brief. Names are set as text, never as HTML. */
var brief = (function () {
  "use strict";
  var marks = {}, words = {}, sheet = null, facts = null;

  function el(tag, text, className) {
    var node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  }

  /* The popup says what the row of the list says: its cells, with their headings. */
  function told(id) {
    var row = document.querySelector('tr[data-mark="' + id + '"]');
    var box = el("div", "", "told");
    if (!row) return box;
    var heads = row.closest("table").tHead.rows[0].cells;
    box.append(el("b", row.dataset.name), el("div", row.dataset.layer, "t3"));
    for (var k = 2; k < row.cells.length; k += 1) {
      var line = el("div");
      line.append(el("span", heads[k].textContent, "t3"), " ");
      for (var part of row.cells[k].childNodes) line.append(part.cloneNode(true));
      box.append(line);
    }
    return box;
  }

  function put(group, block) {
    block.names.forEach(function (name, k) {
      var id = block.layer + ":" + k, size = /^(risk-|none$)/.test(block.symbols[k]) ? 16 : 24;
      var mark = L.marker([block.lat[k], block.lon[k]], {
        icon: L.icon({ iconUrl: document.getElementById("symbol-" + (block.symbols[k] || "none")).src, iconSize: [size, size] }),
        alt: name, title: name, keyboard: false, riseOnHover: true, zIndexOffset: block.grades[k] ? 1000 * (5 - block.grades[k]) : 0,
      });
      mark.bindPopup(function () { return told(id); }, { maxWidth: 280, minWidth: 160 });
      mark.addTo(group);
      marks[id] = mark;
    });
  }

  function fit() { sheet.invalidateSize({ animate: false, pan: false }); sheet.fitBounds(facts.home, { padding: [14, 14], animate: false }); }

  function paper(on) {
    sheet.getContainer().classList.toggle("paper", on);
    sheet.closePopup();
    fit();
  }

  function frame(map, given) {
    sheet = map; facts = given;
    L.control.zoom({ position: "topleft", zoomInTitle: given["in"], zoomOutTitle: given.out }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 140 }).addTo(map);
    var toggle = document.querySelector(".leaflet-control-layers-toggle");
    if (toggle) { toggle.textContent = given.layers; toggle.title = given.layers; }
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", given.label);
    fit();
    map.setMinZoom(map.getZoom() - 1.5);
    map.setMaxBounds(L.latLngBounds(given.ground).pad(0.2));
    document.addEventListener("click", function (event) {
      var link = event.target.closest("button[data-show]");
      if (!link || !marks[link.dataset.show]) return;
      var mark = marks[link.dataset.show];
      map.getContainer().scrollIntoView({ block: "center" });
      map.setView(mark.getLatLng(), Math.max(map.getZoom(), 14), { animate: false });
      mark.openPopup();
    });
    window.addEventListener("beforeprint", function () { paper(true); });
    window.addEventListener("afterprint", function () { paper(false); });
  }

  return { put: put, frame: frame, marks: marks, map: function () { return sheet; } };
})();
