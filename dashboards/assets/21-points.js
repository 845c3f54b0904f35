/* A canvas over the map for every point layer: the worker clusters, this draws and answers what lies under the pointer. */
(function () {
  "use strict";
  const { base, marks, refusal } = window.OneMap;
  /* Beyond so many points their layer is clustered to the deepest zoom: what cannot be told apart is counted, not painted. */
  const ODD = ["", "sensor-stale", "sensor-fault"];
  const MANY = 100_000, DEEP = 18;
  const FONT = '"Noto Sans SC","Noto Sans CJK SC",sans-serif';

  /* A worker asked by ticket. */
  function asked(script) {
    const worker = new Worker(`${base}assets/worker/${script}`);
    const waiting = new Map();
    let ticket = 0;
    worker.onmessage = ({ data }) => { waiting.get(data.ticket)(data); waiting.delete(data.ticket); };
    return (question) => new Promise((done) => { waiting.set(++ticket, done); worker.postMessage({ ticket, ...question }); });
  }

  function clusterer() {
    const ask = asked("cluster.js");
    return async (job, rest) => (await ask({ job, ...rest })).answer;
  }

  const Points = L.Layer.extend({
    initialize(options) {
      L.setOptions(this, options);
      this.ask = clusterer();
      this.layers = new Map();
      this.order = [];
      this.drawn = [];
      this.subject = null;
      this.selection = null;
      this.marked = new Set();
    },

    onAdd(map) {
      this.map = map;
      this.canvas = L.DomUtil.create("canvas", "om-points leaflet-zoom-animated");
      this.canvas.setAttribute("aria-hidden", "true");
      map.getPane("overlayPane").appendChild(this.canvas);
      map.on("moveend resize viewreset", this.refresh, this);
      map.on("zoomanim", this._animate, this);
      map.on("zoomstart", () => this.canvas.classList.add("om-zooming"));
      map.on("click", this._click, this);
      map.on("mousemove", this._hover, this);
      this.refresh();
    },

    onRemove(map) {
      this.canvas.remove();
      map.off("moveend resize viewreset", this.refresh, this);
      map.off("zoomanim", this._animate, this);
      map.off("click", this._click, this);
      map.off("mousemove", this._hover, this);
    },

    /* Columns of one layer; replaces what was there. */
    async put(id, columns, look) {
      const { lon, lat, grade } = columns, many = columns.total > MANY;
      const radius = (look.graded || many ? 88 : 44) * this.options.scale, maxZoom = many ? DEEP : look.graded ? 15 : 14;
      await this.ask("load", { layer: id, radius, maxZoom, lon, lat, grade, rows: null });
      const was = this.layers.get(id), same = was?.odd && was.columns.keys.all === columns.keys.all;
      this.layers.set(id, { columns, look, odd: same ? was.odd : null });
      if (!this.order.includes(id)) this.order.push(id);
      return this.refresh();
    },

    drop(id) {
      this.layers.delete(id);
      this.order = this.order.filter((other) => other !== id);
      this.ask("drop", { layer: id });
      this.refresh();
    },

    has(id) { return this.layers.has(id); },
    total(id) { return this.layers.has(id) ? this.layers.get(id).columns.total : 0; },
    position(id, key) {
      const layer = this.layers.get(id), row = layer ? layer.columns.row(key) : -1;
      return row < 0 ? null : L.latLng(layer.columns.lat[row], layer.columns.lon[row]);
    },

    async refresh() {
      if (!this.map || !this.map._loaded) return;
      const map = this.map, zoom = map.getZoom();
      const b = map.getBounds().pad(this.options.pad);
      const turn = (this.turn = (this.turn || 0) + 1);
      this.busy = true;
      const answer = await this.ask("view", {
        layers: this.order,
        bounds: [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()],
        zoom: Math.max(0, Math.floor(zoom + 0.01)),
      });
      if (turn !== this.turn || !this.map) return;
      this.busy = false;
      this.answer = answer;
      this._place();
      this._paint();
      this.fire("drawn");
    },

    _place() {
      const map = this.map, size = map.getSize(), pad = this.options.pad;
      this.offset = map.containerPointToLayerPoint(size.multiplyBy(-pad)).round();
      const w = Math.round(size.x * (1 + 2 * pad)), h = Math.round(size.y * (1 + 2 * pad)), dpr = Math.min(2, (window.devicePixelRatio || 1) * (this.options.density || 1));
      if (this.canvas.width !== w * dpr || this.canvas.height !== h * dpr) {
        this.canvas.width = w * dpr; this.canvas.height = h * dpr;
        this.canvas.style.width = `${w}px`; this.canvas.style.height = `${h}px`;
      }
      this.dpr = dpr;
      this.canvas.classList.remove("om-zooming");
      this.at = { centre: map.getCenter(), zoom: map.getZoom(), corner: map.layerPointToLatLng(this.offset) };
      L.DomUtil.setTransform(this.canvas, this.offset, 1);
    },

    /* A map may be zoomed before the worker's first answer: nothing is drawn yet, so nothing is moved. */
    _animate(event) {
      if (!this.at) return;
      const scale = this.map.getZoomScale(event.zoom, this.at.zoom);
      const corner = this.map._latLngToNewLayerPoint(this.at.corner, event.zoom, event.center);
      L.DomUtil.setTransform(this.canvas, corner, scale);
    },

    repaint() {
      if (this.pending) return;
      this.pending = requestAnimationFrame(() => { this.pending = 0; if (this.answer) this._paint(); });
    },

    _paint() {
      const ctx = this.canvas.getContext("2d"), map = this.map, scale = this.options.scale, colours = marks.palette(this.options.theme());
      ctx.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
      ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
      const drawn = [];
      for (const id of this.order) {
        const flat = this.answer[id], layer = this.layers.get(id);
        if (!flat || !layer) continue;
        for (let k = 0; k < flat.length; k += 9) {
          const p = map.latLngToLayerPoint([flat[k + 1], flat[k]]).subtract(this.offset);
          const counts = [flat[k + 4], flat[k + 5], flat[k + 6], flat[k + 7], flat[k + 8]];
          drawn.push({ id, layer, x: p.x, y: p.y, count: flat[k + 2], ref: flat[k + 3], counts, worst: marks.worst(counts) });
        }
      }
      const rank = (m) => (m.layer.look.graded ? 100 : 0) + (m.count > 1 ? 10 : 0) + (m.worst ? 5 - m.worst : 0);
      drawn.sort((a, b) => rank(a) - rank(b));
      if (this.options.interactive && drawn.length < 1200) this._spread(ctx, colours, drawn, scale);
      for (const mark of drawn) this._mark(ctx, colours, mark, scale);
      this.drawn = drawn;
      this._selection(ctx, colours);
    },

    _spread(ctx, colours, drawn, scale) {
      const size = 30 * Math.max(scale * 1.1, 0.9);
      for (const m of drawn) {
        m.firm = m.layer.look.graded;
        m.room = m.firm ? (m.count > 1 ? marks.radius(m.count, scale) : 6) : size * (m.count > 1 ? 0.75 : 0.5);
      }
      window.OneMap.spread.spread(drawn);
      window.OneMap.spread.ties(ctx, colours.ring, drawn);
    },

    _mark(ctx, colours, mark, scale) {
      const { look, columns } = mark.layer, zoom = this.map.getZoom();
      const repaint = () => this.repaint();
      if (mark.count > 1 && look.graded) { mark.r = marks.cluster(ctx, colours, mark.x, mark.y, mark.counts, mark.count, scale, FONT); return; }
      if (mark.count > 1) {
        const size = 30 * Math.max(scale * 1.1, 0.9), image = marks.picture(look.symbol, repaint);
        if (image) marks.crowd(ctx, colours, image, mark.x, mark.y, mark.count, size, FONT);
        else mark.r = marks.cluster(ctx, colours, mark.x, mark.y, [mark.count, 0, 0, 0, 0], mark.count, scale * 0.8, FONT);
        mark.r = mark.r || size / 2;
        return;
      }
      const row = mark.ref, large = zoom >= look.symbolZoom || !look.graded;
      const size = (look.graded ? 30 : 28) * Math.max(scale * 1.15, 0.9);
      const image = large ? marks.picture(ODD[mark.layer.odd?.[row] || 0] || columns.symbols[columns.symbol[row]], repaint) : null;
      if (image) {
        marks.symbol(ctx, image, mark.x, mark.y, size);
        if (mark.worst && !look.badged) marks.risk(ctx, colours, mark.worst, mark.x + size * 0.4, mark.y - size * 0.4, size * 0.4);
        mark.r = size / 2;
        if (zoom >= look.labelZoom) marks.label(ctx, colours, columns.label(row), mark.x, mark.y + size / 2 + 1, Math.max(13, 14 * scale), FONT);
      } else {
        const dot = (look.graded ? 15 : 12) * Math.max(scale, 0.75);
        marks.risk(ctx, colours, mark.worst, mark.x, mark.y, dot);
        mark.r = dot;
      }
    },

    _selection(ctx, colours) {
      if (!this.selection) return;
      const at = this.position(this.selection.layer, this.selection.key) || this.selection.at;
      if (!at) return;
      const p = this.map.latLngToLayerPoint(at).subtract(this.offset);
      marks.selected(ctx, colours, p.x, p.y, 24 * Math.max(this.options.scale, 0.9));
    },

    hit(containerPoint) {
      const p = this.map.containerPointToLayerPoint(containerPoint).subtract(this.offset);
      for (let k = this.drawn.length - 1; k >= 0; k--) {
        const m = this.drawn[k];
        if (Math.hypot(m.x - p.x, m.y - p.y) <= Math.max(m.r, 11)) return m;
      }
      return null;
    },

    _hover(event) {
      if (!this.options.interactive || this.map.dragging?.moving()) return;
      const mark = this.options.busyTool && this.options.busyTool() ? null : this.hit(event.containerPoint);
      this.map.getContainer().style.cursor = mark ? "pointer" : "";
      this.fire("hover", { mark, point: event.containerPoint });
    },

    async _click(event) {
      if (!this.options.interactive || (this.options.busyTool && this.options.busyTool())) return;
      const mark = this.hit(event.containerPoint);
      if (!mark) { this.fire("empty"); return; }
      if (mark.count === 1) { this.fire("pick", { layer: mark.id, key: mark.layer.columns.key(mark.ref) }); return; }
      const zoom = await this.ask("expand", { layer: mark.id, id: mark.ref });
      if (zoom === null) return;
      if (zoom > this.map.getMaxZoom() || this.map.getZoom() >= this.map.getMaxZoom()) {
        const rows = await this.ask("leaves", { layer: mark.id, id: mark.ref, limit: 50 });
        this.fire("crowd", { layer: mark.id, keys: rows.map((row) => mark.layer.columns.key(row)) });
        return;
      }
      this.map.setView(this.map.layerPointToLatLng(L.point(mark.x, mark.y).add(this.offset)), Math.min(zoom, this.map.getMaxZoom()));
    },

    shown() {
      const sum = {};
      for (const m of this.drawn) sum[m.id] = (sum[m.id] || 0) + m.count;
      return sum;
    },
  });

  /* A layer's rows side by side, as /api/map answers them and the reader has packed them. */
  class Columns {
    constructor(packed) { Object.assign(this, packed); this.total = this.lon.length; }
    key(row) { return this.keys.all.slice(this.keys.starts[row], this.keys.starts[row + 1]); }
    label(row) { return this.labels.all.slice(this.labels.starts[row], this.labels.starts[row + 1]); }

    /* Which row has this key, -1 if none. */
    row(key) {
      let low = 0, high = this.total - 1;
      while (low <= high) {
        const middle = (low + high) >> 1, here = this.key(this.order[middle]);
        if (here === key) return this.order[middle];
        if (here < key) low = middle + 1; else high = middle - 1;
      }
      return -1;
    }
  }

  let reader = null;
  async function read(path, wanted) {
    reader = reader || asked("read.js");
    const answer = await reader({ url: new URL(base + path, location.href).href, ...wanted });
    if (answer.refused) throw refusal(answer.refused.status, answer.refused.body);
    if (answer.broken) throw new Error(answer.broken);
    return answer;
  }

  async function columns(layer, query) {
    return new Columns((await read(`api/map/${layer}${query ? `?${query}` : ""}`)).packed);
  }

  /* Of each row, 1 + which of the lists an answer names it in, 0 for none; read off the main thread like the columns. */
  async function listed(path, lists, { keys }) {
    return (await read(path, { keys, lists })).listed;
  }

  function look(layer) {
    return { graded: Boolean(layer.graded), symbol: layer.symbol, badged: layer.badged, symbolZoom: layer.symbolZoom || 14, labelZoom: 15 };
  }

  window.OneMap.points = { Points, columns, listed, look };
})();
