/* How a risk is drawn: filled where nothing is open, hollow with the worst it may be beside it, a question mark where most is unknown. */
(function () {
  "use strict";
  const { el, say, get, marks, points, GRADES } = window.OneMap;

  /* certain: nothing unknown would change the colour; unknown: blue so far, but most of it is not known; open: it may be graver. */
  function look(row, by) {
    if (row.grade === null || row.grade === undefined) return { kind: "unknown", grade: 0, most: row.grade_highest || 1 };
    const most = row.grade_highest || row.grade;
    if (row.grade === most) return { kind: "certain", grade: row.grade, most };
    if (by === "highest") return { kind: "open", grade: most, most };
    if (row.grade === 4 && row.share > 0.5) return { kind: "unknown", grade: 0, most };
    return { kind: "open", grade: row.grade, most };
  }

  const word = (seen) => (seen.kind === "unknown" ? say("多项未知", "Mostly unknown") : GRADES[seen.grade].word);

  function hollow(ctx, colours, grade, x, y, size, width) {
    marks.shape(ctx, grade, x, y, size);
    ctx.lineJoin = "round";
    ctx.lineWidth = width + 2.5; ctx.strokeStyle = colours.casing; ctx.stroke();
    ctx.fillStyle = colours.disc; ctx.fill();
    ctx.lineWidth = width; ctx.strokeStyle = colours.fills[grade]; ctx.stroke();
  }

  function draw(ctx, colours, seen, x, y, size) {
    if (seen.kind === "certain") return marks.risk(ctx, colours, seen.grade, x, y, size);
    hollow(ctx, colours, seen.grade, x, y, size, Math.max(2, size * 0.2));
    if (seen.kind === "unknown") {
      ctx.fillStyle = colours.ink; ctx.font = `700 ${Math.round(size * 0.8)}px "Noto Sans SC",sans-serif`;
      ctx.textAlign = "center"; ctx.textBaseline = "middle";
      ctx.fillText("?", x, y + 0.5);
    }
    if (seen.most !== seen.grade) hollow(ctx, colours, seen.most, x + size * 0.72, y - size * 0.62, size * 0.5, 2);
    return null;
  }

  /* One mark as a small picture, for lists and legends. */
  function picture(seen, theme) {
    const canvas = el("canvas", { width: 60, height: 44, role: "img", "aria-label": seen.most && seen.most !== seen.grade ? say(`${word(seen)},最高可能${GRADES[seen.most].word}`, `${word(seen)}, ${GRADES[seen.most].word} at most`) : word(seen) });
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    draw(ctx, marks.palette(theme), seen, 13, 13, 15);
    return canvas;
  }

  /* Rows under the filters as the canvas reads columns. */
  function placed(rows) {
    const places = new Map(rows.map((row, k) => [row.key, k]));
    return {
      total: rows.length, lon: Float64Array.from(rows, (row) => row.lon), lat: Float64Array.from(rows, (row) => row.lat),
      grade: Uint8Array.from(rows, (row) => row.seen.grade), looks: rows.map((row) => row.seen), symbol: [], symbols: [],
      key: (k) => rows[k].key, label: (k) => rows[k].name, row: (key) => places.get(key) ?? -1,
    };
  }

  const RiskPoints = points.Points.extend({
    _mark(ctx, colours, mark, scale) {
      if (mark.count > 1) { points.Points.prototype._mark.call(this, ctx, colours, mark, scale); return; }
      const seen = mark.layer.columns.looks[mark.ref];
      draw(ctx, colours, seen, mark.x, mark.y, 16);
      mark.r = 13;
      if (this.map.getZoom() >= 14) marks.label(ctx, colours, mark.layer.columns.label(mark.ref), mark.x, mark.y + 12, 13, '"Noto Sans SC",sans-serif');
    },
  });

  const rings = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.type === "MultiPolygon" ? geometry.coordinates.map((part) => part[0]) : []);

  /* Outlines by code, first roughly to learn how far they reach, then as fine as that needs. */
  async function outlines(layer) {
    const asked = (box) => get(`api/shapes/${layer}?bbox=${box.join(",")}`);
    const rough = await asked([70, 0, 140, 56]);
    const all = rough.geometry.flatMap((one) => rings(JSON.parse(one)).flat());
    if (!all.length) return new Map();
    const [lon, lat] = [0, 1].map((k) => all.map((place) => place[k]));
    const span = (values) => values.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Infinity, -Infinity]);
    const [[west, east], [south, north]] = [span(lon), span(lat)];
    const found = await asked([west - 0.1, south - 0.1, east + 0.1, north + 0.1]);
    return new Map(found.keys.map((key, k) => [key, JSON.parse(found.geometry[k])]));
  }

  /* Where a name stands: the middle of the widest part, not of an island. */
  function middle(geometry) {
    const boxes = rings(geometry).map((ring) => L.latLngBounds(ring.map(([lng, lat]) => [lat, lng])));
    const size = (box) => (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
    return boxes.sort((a, b) => size(b) - size(a))[0].getCenter();
  }

  window.OneMap.risk = { placed, outlines, middle, look, word, draw, picture, RiskPoints };
})();
