/* One state of the map page, kept in the address: layers, theme, view, filters, time, selection. */
(function () {
  "use strict";
  const { debounce } = window.OneMap;
  const FILTERS = ["area", "sector", "industry", "risk", "hazard", "since", "until", "checks"];
  const OPACITY = 80;
  const listeners = new Set();

  const state = {
    subject: "enterprises", layers: new Set(["enterprises"]), filters: {}, selection: null, table: "",
    look: "night", base: "", centre: null, zoom: null, rasters: new Map(), remote: new Set(),
  };

  function read(search) {
    const asked = new URLSearchParams(search);
    if (asked.has("theme")) state.subject = asked.get("theme") === "none" ? "" : asked.get("theme");
    if (asked.has("layers")) state.layers = new Set(asked.get("layers").split(",").filter(Boolean));
    for (const name of FILTERS) if (asked.get(name)) state.filters[name] = asked.get(name);
    const [layer, ...key] = (asked.get("sel") || "").split(":");
    state.selection = layer && key.length ? { layer, key: key.join(":") } : null;
    state.table = asked.get("table") || "";
    state.look = asked.get("look") === "day" ? "day" : "night";
    state.base = asked.get("base") || "";
    /* rasters=population:70,terrain: an id, and its opacity in per cent where it is not the usual one */
    state.rasters = new Map((asked.get("rasters") || "").split(",").filter(Boolean).map((part) => {
      const [id, share] = part.split(":"), opacity = Number(share);
      return [id, share && opacity >= 10 && opacity <= 100 ? Math.round(opacity) : OPACITY];
    }));
    state.remote = new Set((asked.get("remote") || "").split(",").filter(Boolean));
    const c = (asked.get("c") || "").split(",").map(Number);
    if (c.length === 2 && c.every(Number.isFinite) && asked.get("c")) state.centre = { lon: c[0], lat: c[1] };
    const z = Number(asked.get("z"));
    if (asked.has("z") && Number.isFinite(z)) state.zoom = z;
  }

  function query() {
    const asked = new URLSearchParams();
    for (const name of FILTERS) if (state.filters[name]) asked.set(name, state.filters[name]);
    asked.sort();
    return asked.toString();
  }

  function address() {
    const asked = new URLSearchParams(query());
    asked.set("theme", state.subject || "none");
    asked.set("layers", [...state.layers].join(","));
    if (state.centre) asked.set("c", `${state.centre.lon.toFixed(5)},${state.centre.lat.toFixed(5)}`);
    if (state.zoom !== null) asked.set("z", String(Math.round(state.zoom * 100) / 100));
    if (state.selection) asked.set("sel", `${state.selection.layer}:${state.selection.key}`);
    if (state.table) asked.set("table", state.table);
    if (state.rasters.size) asked.set("rasters", [...state.rasters].map(([id, opacity]) => (opacity === OPACITY ? id : `${id}:${opacity}`)).join(","));
    if (state.remote.size) asked.set("remote", [...state.remote].join(","));
    if (state.look !== "night") asked.set("look", state.look);
    if (state.base) asked.set("base", state.base);
    return `${location.pathname}?${asked.toString().replace(/%2C/g, ",").replace(/%3A/g, ":")}`;
  }

  const write = debounce(() => history.replaceState(history.state, "", address()), 150);

  function change(what, values) {
    Object.assign(state, values);
    write();
    for (const run of listeners) run(what);
  }

  function filter(name, value) {
    const filters = { ...state.filters };
    if (value) filters[name] = value;
    else delete filters[name];
    change("filters", { filters });
  }

  window.OneMap.state = { state, read, query, address, change, filter, FILTERS, OPACITY, on: (run) => listeners.add(run) };
})();
