/* Layers of other bodies: pictures or features the server fetches for us, with whose they are and how old; put on the map and taken off by who may. */
(function () {
  "use strict";
  const { el, icon, say, get, post, base, time } = window.OneMap;
  const { state, change } = window.OneMap.state;
  const shown = new Map(), old = new Map(), failed = new Map();
  let map = null, redraw = () => {}, known = null, turn = 0;

  const entry = (id) => known?.rows.find((one) => one.id === id);
  const featured = (one) => one.kind === "wfs" || one.kind === "oapif";

  function set(id, on) {
    const remote = new Set(state.remote);
    if (on) remote.add(id); else remote.delete(id);
    change("remote", { remote });
  }

  /* Each tile is fetched so that its age is read; a tile that is old says so once for the whole layer. */
  const Tiles = L.GridLayer.extend({
    createTile(at, done) {
      const img = document.createElement("img"), id = this.options.remote;
      img.alt = "";
      img.setAttribute("role", "presentation");
      fetch(`${base}tiles/remote/${encodeURIComponent(id)}/${at.z}/${at.x}/${at.y}`).then(async (answer) => {
        if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).title || String(answer.status));
        mark(id, answer.headers.get("x-stale"), null);
        img.src = URL.createObjectURL(await answer.blob());
        img.onload = () => { URL.revokeObjectURL(img.src); done(null, img); };
        img.onerror = () => done(new Error("picture"), img);
      }).catch((fault) => { mark(id, null, fault.message); done(fault, img); });
      return img;
    },
  });

  function mark(id, stale, fault) {
    const before = `${old.get(id)}|${failed.get(id)}`;
    if (stale) old.set(id, stale); else if (!fault) old.delete(id);
    if (fault) failed.set(id, fault); else failed.delete(id);
    if (`${old.get(id)}|${failed.get(id)}` !== before) redraw();
  }

  function pictures(one) {
    const [west, south, east, north] = one.bounds || [-180, -85, 180, 85];
    return new Tiles({ remote: one.id, bounds: [[south, west], [north, east]], maxZoom: 19, zIndex: 15, opacity: 0.8, className: "remote", attribution: "" });
  }

  function features(one) {
    const group = L.geoJSON(null, {
      style: { color: "#4FB6E3", weight: 2, fillOpacity: 0.12, dashArray: "6 4" },
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 6, color: "#4FB6E3", weight: 2, fillOpacity: 0.35 }),
      onEachFeature: (feature, layer) => layer.bindPopup(() => popup(one, feature)),
    });
    group.again = async () => {
      const mine = ++turn, b = map.getBounds();
      const box = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((v) => v.toFixed(6)).join(",");
      try {
        const answer = await fetch(`${base}api/remote/${encodeURIComponent(one.id)}/features?bbox=${box}`), body = await answer.json();
        if (!answer.ok) throw new Error(body.title || String(answer.status));
        if (!shown.has(one.id) || mine < group.drawn) return;
        group.drawn = mine;
        group.clearLayers().addData(body);
        group.more = body.matched > body.features.length;
        mark(one.id, answer.headers.get("x-stale"), null);
      } catch (fault) { mark(one.id, null, fault.message); }
    };
    group.drawn = 0;
    return group;
  }

  function popup(one, feature) {
    const rows = Object.entries(feature.properties || {}).filter(([, value]) => value !== null && typeof value !== "object").slice(0, 20);
    return el("div", { class: "remote-popup" }, el("b", {}, one.title), el("p", { class: "t3" }, say(`外单位数据，来自${one.attribution}`, `Data of ${one.attribution}`)),
      el("dl", {}, rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value).slice(0, 200))])));
  }

  function show() {
    if (!map) return;
    for (const [id, layer] of shown) if (!state.remote.has(id) || !entry(id)) { layer.remove(); shown.delete(id); old.delete(id); failed.delete(id); }
    for (const id of state.remote) {
      const one = entry(id);
      if (!one || shown.has(id)) continue;
      const layer = featured(one) ? features(one) : pictures(one);
      shown.set(id, layer.addTo(map));
      layer.again?.();
    }
  }

  async function read() {
    try { known = await get("api/remote"); }
    catch (fault) { known = { rows: [], may_change: false, fault: fault.message }; }
    show();
    redraw();
  }

  function row(one) {
    const on = state.remote.has(one.id), box = el("input", { type: "checkbox", on: { change: (event) => set(one.id, event.target.checked) } });
    box.checked = on;
    const off = known.may_change ? el("button", { type: "button", class: "icon", title: say("移除", "Remove"), "aria-label": say(`移除外部图层${one.title}`, `Remove ${one.title}`), on: { click: () => remove(one) } }, icon("close", 16)) : null;
    const line = el("li", { "data-remote": one.id }, el("label", { title: one.host }, box, el("span", { class: "swatch" }), el("span", { class: "el" }, one.title)), el("span", { class: "t3" }, one.kind_text), off);
    const stale = on ? old.get(one.id) : null, wrong = on ? failed.get(one.id) : null;
    line.append(el("div", { class: "raster-more" }, el("p", { class: "t3" }, say(`${one.attribution}·未经本局核实`, `${one.attribution} · not verified by this bureau`)),
      stale ? el("p", { class: "raster-failed", role: "status" }, icon("warn", 14), say(`数据已旧：${time.date(new Date(stale))} ${time.minute(new Date(stale))} 读取，对方服务暂不可用`, `Old: fetched ${stale}, the service does not answer`)) : null,
      wrong && !stale ? el("p", { class: "raster-failed", role: "alert" }, icon("warn", 14), say(`读取失败：${wrong}`, `Could not be read: ${wrong}`)) : null,
      on && shown.get(one.id)?.more ? el("p", { class: "t3" }, say("要素过多，请放大后查看全部", "Too many features; zoom in")) : null));
    return line;
  }

  async function remove(one) {
    const fields = [{ type: "note", label: say(`“${one.title}”将从所有人的图层列表中移除，登记历史保留。`, `“${one.title}” leaves everybody's list; its history stays.`) }];
    window.OneMap.admin.form(say("移除外部图层", "Remove a layer of others"), fields, say("移除", "Remove"), async () => { await post("api/remote/remove", { id: one.id, version: one.version }); set(one.id, false); await read(); }, "danger");
  }

  /* Two steps: which service, then which of its layers. */
  function add() {
    const kinds = known.kinds.map((one) => [one.code, one.name]);
    const hosts = known.hosts.length ? say(`允许的主机：${known.hosts.join("、")}`, `Allowed hosts: ${known.hosts.join(", ")}`) : say("运维尚未允许任何主机（ONEMAP_REMOTE_HOSTS），无法接入。", "The operator has allowed no host (ONEMAP_REMOTE_HOSTS).");
    window.OneMap.admin.form(say("接入外部图层", "Add a layer of others"), [
      { name: "kind", label: say("服务类型", "Kind of service"), type: "select", options: kinds, required: true },
      { name: "url", label: say("服务地址", "Address"), required: true, wide: true, hint: hosts },
    ], say("读取图层", "Read its layers"), async (given) => {
      const found = await post("api/remote/look", given);
      if (!found.layers.length) throw new Error(say("该服务没有图层", "The service has no layers"));
      window.setTimeout(() => choose(given, found.layers), 0);
    });
  }

  function choose(service, layers) {
    const fit = layers.filter((one) => !one.why_not), rest = layers.length - fit.length;
    const fields = [
      { name: "name", label: say("图层", "Layer"), type: "select", options: fit.map((one) => [one.name, one.title]), required: true, wide: true, hint: rest ? say(`另有 ${rest} 个图层不能接入：${layers.find((one) => one.why_not).why_not}`, `${rest} more cannot be shown: ${layers.find((one) => one.why_not).why_not}`) : null },
      { name: "title", label: say("在本图上的名称", "Title on this map"), required: true, value: fit[0]?.title || "" },
      { name: "attribution", label: say("数据提供单位", "Whose data"), required: true },
      { name: "fresh_seconds", label: say("有效时间（秒）", "Fresh for (seconds)"), type: "number", value: 600, required: true, hint: say("超过即重新读取", "Read again after") },
    ];
    window.OneMap.admin.form(say("选择图层", "Choose the layer"), fields, say("接入", "Add"), async (given) => {
      const made = await post("api/remote", { ...service, ...given });
      await read();
      set(made.id, true);
    });
  }

  function branch(folded) {
    if (!known || (!known.rows.length && !known.may_change && !known.fault)) return null;
    const body = known.fault ? el("p", { class: "raster-failed", role: "alert" }, say(`外部图层读取失败：${known.fault}`, `Could not be read: ${known.fault}`))
      : known.rows.length ? el("ul", {}, known.rows.map(row)) : el("p", { class: "t3 remote-none" }, say("尚未接入外部图层", "No layer of others yet"));
    const button = known.may_change ? el("button", { type: "button", class: "link", id: "remote-add", on: { click: add } }, say("接入外部图层…", "Add a layer of others…")) : null;
    const details = el("details", { class: "rasters remotes", open: !folded.has("remotes") }, el("summary", {}, say("外部图层", "Layers of others")), body, button);
    details.addEventListener("toggle", () => (details.open ? folded.delete("remotes") : folded.add("remotes")));
    return details;
  }

  function start(theMap, draw) {
    map = theMap;
    redraw = draw;
    map.on("moveend", () => { for (const layer of shown.values()) layer.again?.(); });
    window.setInterval(() => { if (shown.size && document.visibilityState === "visible") for (const layer of shown.values()) (layer.again || layer.redraw).call(layer); }, 120000);
    read();
    return { show, read };
  }

  window.OneMap.remote = { start, branch };
})();
