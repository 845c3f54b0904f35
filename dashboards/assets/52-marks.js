/* What is drawn of incidents, on every map of every screen, as soon as the live feed tells of it. */
(function () {
  "use strict";
  const { el, say, get, live, gathered, time } = window.OneMap;
  const SIGNS = { blocked: "✕", command: "指", staging: "集", cordon: "警", arrow: "→", text: "注" };
  const SCREENS = ["duty", "hall", "map"];

  const words = (mark) => `${mark.kind_word}${mark.title ? `：${mark.title}` : ""}${mark.exercise ? say("（演练）", " (exercise)") : ""}`;

  function draw(mark, group) {
    const line = mark.line.map(([lon, lat]) => [lat, lon]), red = mark.kind === "blocked" || mark.kind === "cordon", colour = red ? "#FF5A6E" : "#45D0C0";
    if (line.length > 1) {
      if (mark.kind === "cordon") L.polygon(line, { color: colour, weight: 3, dashArray: "4 6", fillOpacity: 0.06, interactive: false }).addTo(group);
      else L.polyline(line, { color: "#0B1722", weight: 8, opacity: 0.7, interactive: false }).addTo(group), L.polyline(line, { color: colour, weight: 4, dashArray: mark.kind === "blocked" ? "2 8" : null, interactive: false }).addTo(group);
    }
    const end = mark.kind === "arrow" ? line.at(-1) : [mark.lat, mark.lon], turn = mark.kind === "arrow" && line.length > 1 ? Math.atan2(-(line.at(-1)[0] - line.at(-2)[0]), (line.at(-1)[1] - line.at(-2)[1]) * Math.cos((line.at(-1)[0] * Math.PI) / 180)) : 0;
    const sign = el("b", turn ? { style: `transform:rotate(${(turn * 180) / Math.PI}deg)` } : {}, SIGNS[mark.kind]);
    L.marker(end, { keyboard: false, zIndexOffset: 500, icon: L.divIcon({ className: "mark-pin", html: el("div", { class: `k-${mark.kind}`, "data-mark": mark.code, title: `${words(mark)} · ${mark.by.split(",")[0]} ${time.dated(new Date(mark.at))}` }, sign, mark.kind === "arrow" && !mark.title ? null : el("span", {}, mark.title || mark.kind_word), mark.exercise ? el("i", {}, say("演练", "EX")) : null), iconSize: [0, 0] }) }).addTo(group);
  }

  function start(map, screen) {
    const group = L.layerGroup().addTo(map), played = new URLSearchParams(location.search).get("exercise") === "1", heard = new Set();
    const shown = { rows: [], onChange: (run) => heard.add(run), read: null };
    /* a picture of the past has what was drawn of its incident by then, and nothing of now */
    const wanted = () => { const asked = new URLSearchParams(location.search), at = screen.dataset.screen === "map" ? "" : time.linked(asked.get("at")); return asked.get("incident") && at ? new URLSearchParams({ code: asked.get("incident"), at }) : played ? "exercise=1" : ""; };
    if (screen.dataset.apart && new URLSearchParams(location.search).get("at") && !time.linked(new URLSearchParams(location.search).get("at"))) return;
    const read = gathered(async () => {
      try {
        const found = await get(`api/incidents/marks?${wanted()}`);
        shown.rows = found.rows;
        group.clearLayers();
        for (const mark of found.rows) draw(mark, group);
        screen.dataset.marks = found.rows.length;
        for (const run of heard) run();
      } catch (fault) { screen.dataset.marksFault = String(fault.status || 1); }
    }, 200);
    shown.read = read;
    live.onChanges((changes) => { if (["incident_marks", "incidents", "exercise_incidents"].some((layer) => changes.has(layer))) read(); });
    live.onState((now, was) => { if (now === "open" && was === "lost") read(); });
    read();
    window.OneMap.drawings.shown = shown;
  }

  window.OneMap.drawings = { words, shown: { rows: [], onChange: () => {}, read: () => {} } };
  L.Map.addInitHook(function () {
    const map = this;
    if (map.options.aside) return;
    const wait = () => {
      const screen = map.getContainer().closest("[data-screen]");
      if (!screen || !map._loaded) { setTimeout(wait, 50); return; }
      if (SCREENS.includes(screen.dataset.screen) && (window.OneMap.may("map") || window.OneMap.may("hall") || screen.dataset.screen === "hall")) start(map, screen);
    };
    setTimeout(wait, 0);
  });
})();
