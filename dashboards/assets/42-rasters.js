/* Rasters over the base map: people, heights, imagery; off until asked for, with opacity, legend, source and date. */
(function () {
  "use strict";
  const { el, icon, say, base } = window.OneMap;
  const { state, change, OPACITY } = window.OneMap.state;
  const shown = new Map(), failed = new Set(), busy = new Set();
  let map = null, box = null, redraw = () => {}, entries = [];

  const order = (id) => 20 - entries.findIndex((entry) => entry.id === id);
  const address = (entry) => `${base}tiles/coverage/${entry.id}/{z}/{x}/{y}{r}?theme=${state.look}&v=${entry.version}`;

  function set(id, opacity) {
    const rasters = new Map(state.rasters);
    if (opacity) rasters.set(id, opacity); else rasters.delete(id);
    change("rasters", { rasters });
  }

  function overlay(entry) {
    const [west, south, east, north] = entry.bounds;
    const layer = L.tileLayer(address(entry), { bounds: [[south, west], [north, east]], maxNativeZoom: 18, maxZoom: 19, opacity: state.rasters.get(entry.id) / 100, zIndex: order(entry.id), className: `raster raster-${entry.kind}` });
    layer.on("loading", () => { busy.add(entry.id); mark(); });
    layer.on("load", () => { busy.delete(entry.id); mark(); });
    layer.on("tileerror", () => { if (!failed.has(entry.id)) { failed.add(entry.id); redraw(); } mark(); });
    return layer;
  }

  /* Bring what is drawn in step with what is asked for; a new version or theme is a new address. */
  function show() {
    if (!map) return;
    for (const [id, layer] of shown) if (!state.rasters.has(id) || entries.find((entry) => entry.id === id)?.state !== "ready") { layer.remove(); shown.delete(id); busy.delete(id); failed.delete(id); }
    for (const entry of entries) {
      if (entry.state !== "ready" || !state.rasters.has(entry.id)) continue;
      const layer = shown.get(entry.id), url = address(entry);
      if (!layer) shown.set(entry.id, overlay(entry).addTo(map));
      else if (layer._url !== url) { failed.delete(entry.id); layer.setUrl(url); }
      shown.get(entry.id).setOpacity(state.rasters.get(entry.id) / 100);
    }
    names();
    legend();
    mark();
  }

  /* Place and road names would lie under the raster: they are laid over it once more. */
  let labels = null;
  function names() {
    const url = `${base}tiles/names/${state.look}/{z}/{x}/{y}{r}.png`;
    if (!shown.size) { labels?.remove(); labels = null; return; }
    if (!labels) labels = L.tileLayer(url, { maxNativeZoom: 18, maxZoom: 19, zIndex: 40 }).addTo(map);
    else if (labels._url !== url) labels.setUrl(url);
  }

  function retry(id) {
    failed.delete(id);
    shown.get(id)?.redraw();
    redraw();
  }

  const told = (entry) => [`${entry.source}·${entry.date}·${say("格网", "cell")} ${entry.resolution}`, el("span", { class: entry.verified ? "" : "doubt" }, `·${entry.verified_text}`)];
  const swatch = (colour) => { const node = el("i", { class: "tone" }); node.style.background = colour; return node; };

  function slider(entry) {
    const input = el("input", { type: "range", min: 10, max: 100, step: 5, value: state.rasters.get(entry.id), "aria-label": say(`${entry.title}不透明度`, `Opacity of ${entry.title}`), on: {
      input: (event) => { const opacity = Number(event.target.value); state.rasters.set(entry.id, opacity); shown.get(entry.id)?.setOpacity(opacity / 100); event.target.nextSibling.textContent = `${opacity}%`; },
      change: (event) => change("opacity", { rasters: new Map(state.rasters).set(entry.id, Number(event.target.value)) }),
    } });
    return el("div", { class: "opacity" }, el("span", {}, say("不透明度", "Opacity")), input, el("span", { class: "num" }, `${state.rasters.get(entry.id)}%`));
  }

  function row(entry) {
    const on = state.rasters.has(entry.id), ready = entry.state === "ready";
    const check = el("input", { type: "checkbox", disabled: !ready, on: { change: (event) => set(entry.id, event.target.checked ? OPACITY : 0) } });
    check.checked = on && ready;
    const steps = ready ? entry.legend[state.look] : [];
    const sample = el("span", { class: "swatch ramp" });
    if (steps.length) sample.style.background = `linear-gradient(90deg,${steps.map((step) => step.colour).join(",")})`;
    const line = el("li", { "data-raster": entry.id }, el("label", { title: entry.about }, check, sample, el("span", { class: "el" }, entry.title)),
      el("span", { class: "t3" }, ready ? entry.date : entry.note));
    if (!check.checked) return line;
    const state_ = failed.has(entry.id) ? el("p", { class: "raster-failed", role: "alert" }, icon("warn", 14), say("瓦片读取失败", "Tiles could not be read"), el("button", { type: "button", class: "link", on: { click: () => retry(entry.id) } }, say("重试", "Retry")))
      : el("p", { class: "t3 raster-busy", hidden: true }, say("载入中", "Loading"));
    line.append(el("div", { class: "raster-more" }, slider(entry), state_, steps.length ? el("p", { class: "t3" }, entry.caption) : null,
      el("ul", { class: "tones" }, steps.map((step) => el("li", {}, swatch(step.colour), step.text, step.more ? el("span", { class: "t3" }, say(`（${step.more}）`, ` (${step.more})`)) : null))),
      el("p", { class: "t3" }, told(entry))));
    return line;
  }

  function branch(answer, folded) {
    if (!answer?.entries.length) return null;
    const details = el("details", { class: "rasters", open: !folded.has("rasters") }, el("summary", {}, answer.title), el("ul", {}, answer.entries.map(row)));
    details.addEventListener("toggle", () => (details.open ? folded.delete("rasters") : folded.add("rasters")));
    return details;
  }

  /* On the map: what is drawn now, its colours, whose data of which date. */
  function legend() {
    const drawn = entries.filter((entry) => shown.has(entry.id));
    box.hidden = !drawn.length;
    box.replaceChildren(...drawn.map((entry) => {
      const steps = entry.legend[state.look], ends = steps.length ? [steps[0], steps[steps.length - 1]] : [];
      return el("div", { class: "raster-key", "data-key": entry.id }, el("div", {}, el("b", {}, entry.title), " ", el("span", { class: "t3" }, steps.length ? entry.caption.replace(/[（(;；].*$/, "") : "")),
        steps.length ? el("div", { class: "tone-row" }, el("span", {}, ends[0].text), steps.map((step) => swatch(step.colour)), el("span", {}, ends[1].text)) : null,
        el("div", { class: "t3" }, `${entry.source}·${entry.date}`, el("span", { class: entry.verified ? "" : "doubt" }, `·${entry.verified_text}`)),
        el("div", { class: "key-state", role: "status" }));
    }));
  }

  function mark() {
    for (const node of document.querySelectorAll(".raster-busy")) node.hidden = !busy.has(node.closest("[data-raster]").dataset.raster);
    for (const node of box.querySelectorAll(".raster-key")) {
      const id = node.dataset.key;
      node.querySelector(".key-state").textContent = failed.has(id) ? say("读取失败，图上不全", "could not be read, incomplete") : busy.has(id) ? say("载入中", "loading") : "";
      node.classList.toggle("failed", failed.has(id));
    }
  }

  function start(theMap, under, draw) {
    map = theMap; redraw = draw;
    box = el("div", { class: "furniture raster-legend", "aria-label": say("栅格图例", "Raster legend"), hidden: true });
    under.append(box);
    return { show, known: (answer) => { entries = answer?.entries || []; show(); } };
  }

  window.OneMap.rasters = { start, branch };
})();
