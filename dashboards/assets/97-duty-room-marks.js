/* Drawing at the duty desk: posts, staging points, cordons, blocked roads, arrows, words; on every screen within seconds, closed to routes. */
(function () {
  "use strict";
  const { el, say, post, time } = window.OneMap;
  const duty = (window.OneMap.duty = window.OneMap.duty || {});
  const KINDS = [["blocked", say("封路", "Blocked road")], ["command", say("指挥部", "Command post")], ["staging", say("集结点", "Staging")], ["cordon", say("警戒线", "Cordon")], ["arrow", say("箭头", "Arrow")], ["text", say("文字", "Words")]];
  const MANY = ["cordon", "arrow"];
  let drawing = null, bound = null, hearing = false;

  function stop() {
    if (!drawing) return;
    drawing.group.remove();
    drawing.map.getContainer().style.cursor = "";
    drawing.map.doubleClickZoom.enable();
    drawing = null;
  }

  function begin(kind, one, tools) {
    stop();
    drawing = { kind, code: one.code, one, tools, map: tools.map, points: [], group: L.layerGroup().addTo(tools.map) };
    tools.map.getContainer().style.cursor = "crosshair";
    tools.map.doubleClickZoom.disable();
    tools.toast(MANY.includes(kind) ? say("在地图上依次点出，Enter 画完，Esc 取消", "Click point by point; Enter ends, Esc gives up") : say("在地图上点一下，Esc 取消", "Click the map; Esc gives up"));
    if (!bound) {
      bound = tools.map;
      tools.map.on("click", ({ latlng }) => { if (!drawing) return; drawing.points.push([Number(latlng.lng.toFixed(6)), Number(latlng.lat.toFixed(6))]); if (!MANY.includes(drawing.kind)) { ask(); return; } drawing.group.clearLayers(); L.polyline(drawing.points.map(([lon, lat]) => [lat, lon]), { color: "#fff", weight: 2, dashArray: "4 4", interactive: false }).addTo(drawing.group); });
      document.addEventListener("keydown", (event) => { if (!drawing || document.querySelector("dialog[open]")) return; if (event.key === "Escape") { event.preventDefault(); event.stopImmediatePropagation(); stop(); } if (event.key === "Enter" && MANY.includes(drawing.kind)) { event.preventDefault(); if (drawing.points.length > 1) ask(); } }, true);
    }
    tools.redraw();
  }

  function ask() {
    const { kind, code, points, tools, one } = drawing, command = tools.key(), name = KINDS.find(([id]) => id === kind)[1];
    tools.map.getContainer().style.cursor = "";
    const box = tools.form(name, [...(one.exercise ? [{ type: "note", label: say("演练：只在演练屏上显示。", "An exercise: only on its own screens.") }] : []), { name: "title", label: kind === "text" ? say("文字", "Words") : say("说明（可空）", "Words"), required: kind === "text", longest: 100, wide: true }], say("标绘", "Draw"), async ({ title }) => {
      await post("api/incidents/marks", { command, code, kind, points, ...(title ? { title: title.trim() } : {}) });
      window.OneMap.drawings.shown.read();
      await tools.again();
    });
    box.addEventListener("close", stop);
  }

  function remove(mark, tools) {
    const command = tools.key();
    tools.form(say(`撤除 ${window.OneMap.drawings.words(mark)}`, `Take off ${window.OneMap.drawings.words(mark)}`), [{ name: "why", label: say("原因", "Why"), required: true, longest: 400, wide: true }], say("撤除", "Take off"), async ({ why }) => {
      await post("api/incidents/marks/remove", { command, mark: mark.code, why });
      window.OneMap.drawings.shown.read();
      await tools.again();
    });
  }

  function panel(one, tools) {
    if (!hearing) { hearing = true; window.OneMap.drawings.shown.onChange(tools.redraw); }
    const mine = window.OneMap.drawings.shown.rows.filter((mark) => mark.incident === one.code), open = ["reported", "confirmed", "responding", "controlled"].includes(one.facts.state);
    if (!mine.length && !(tools.may && open)) return null;
    return el("section", { class: "duty-marks" }, el("div", { class: "line" }, el("h3", {}, say("标绘", "Drawn")), el("span", { class: "t3" }, say("各屏同步显示，封路不走", "on every screen; routes keep out of blocked roads"))),
      tools.may && open ? el("div", { class: "duty-buttons" }, KINDS.map(([kind, words]) => el("button", { type: "button", class: "button", "data-needs": "map", "data-mark-kind": kind, "aria-pressed": String(drawing?.kind === kind), on: { click: () => begin(kind, one, tools) } }, words, kind === "blocked" ? el("kbd", {}, "Q") : null))) : null,
      mine.length ? el("ul", { class: "duty-links" }, mine.map((mark) => el("li", { "data-entry": mark.code }, el("button", { type: "button", class: "link", on: { click: () => tools.map.setView([mark.lat, mark.lon], 16) } }, window.OneMap.drawings.words(mark)), el("span", { class: "t3" }, `${duty.who(mark.by)} ${time.dated(new Date(mark.at))} `, tools.may ? el("button", { type: "button", class: "link", on: { click: () => remove(mark, tools) } }, say("撤除", "Take off")) : "")))) : null);
  }

  const places = (one) => window.OneMap.drawings.shown.rows.filter((mark) => mark.incident === one.code && ["staging", "command"].includes(mark.kind)).map((mark) => [mark.code, window.OneMap.drawings.words(mark), mark.lon, mark.lat]);
  duty.section("marks", { panel, places, opened: stop, keys: [["Q", say("标封路", "blocked road"), (one, tools) => { if (tools.may) begin("blocked", one, tools); }]] });
})();
