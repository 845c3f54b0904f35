/* A trend on canvas: lanes of one unit each over one time axis; limits by name, doubts by pattern and letter, holes left open. */
(function () {
  "use strict";
  const { say, time, marks } = window.OneMap;
  const FONT = '"Noto Sans SC","Noto Sans CJK SC",sans-serif';
  const LETTERS = "ABCDEF";
  const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3], [4, 2], [12, 4]];
  const COLOURS = { day: ["#16202A", "#0B6B75", "#5B3FA0", "#7A4B1E", "#4C5B66", "#8A2C66"], night: ["#F3F7FA", "#45D0C1", "#C3AEF5", "#E0B98F", "#BECAD4", "#F29BC8"] };
  const DAY = 86400e3, HOUR = 3600e3, MINUTE = 60e3, CHINA = 8 * HOUR;
  const STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 15 * DAY];

  function inks(theme) {
    const night = theme !== "day";
    return night
      ? { night, ground: "#111A23", grid: "#263643", axis: "#4F6474", t1: "#F3F7FA", t2: "#BECAD4", t3: "#94A6B4", hole: "#1B2732", doubt: "#F4D35E", bad: "#FF9AA6", series: COLOURS.night }
      : { night, ground: "#FFFFFF", grid: "#E3E8EC", axis: "#84939F", t1: "#16202A", t2: "#425160", t3: "#5D6C79", hole: "#EEF1F4", doubt: "#735600", bad: "#B8142B", series: COLOURS.day };
  }

  /* Ticks at China's clock: whole minutes, hours, days; whole months where the span is long. */
  function ticks(from, to, room) {
    const most = Math.max(2, Math.floor(room / 84)), step = STEPS.find((one) => (to - from) / one <= most);
    const two = (n) => String(n).padStart(2, "0"), local = (t) => new Date(t + CHINA);
    const found = [];
    if (step) {
      for (let t = Math.ceil((from + CHINA) / step) * step - CHINA; t <= to; t += step) {
        const c = local(t), midnight = (t + CHINA) % DAY === 0;
        found.push({ t, words: midnight || step >= DAY ? `${two(c.getUTCMonth() + 1)}-${two(c.getUTCDate())}` : `${two(c.getUTCHours())}:${two(c.getUTCMinutes())}`, strong: midnight });
      }
      return found;
    }
    const start = local(from), every = Math.ceil((to - from) / (30 * DAY) / most);
    for (let k = start.getUTCFullYear() * 12 + start.getUTCMonth() + 1; ; k += 1) {
      const t = Date.UTC(Math.floor(k / 12), k % 12, 1) - CHINA;
      if (t > to) return found;
      if (k % every === 0) found.push({ t, words: `${Math.floor(k / 12)}-${two((k % 12) + 1)}`, strong: k % 12 === 0 });
    }
  }

  function nice(low, high, count) {
    const raw = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw);
    const found = [];
    for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) found.push(Number(v.toPrecision(12)));
    return found;
  }

  const number = (v) => (v === null || v === undefined ? "" : Math.abs(v) >= 1e5 || (v !== 0 && Math.abs(v) < 1e-3) ? v.toExponential(2) : String(Number(v.toPrecision(6))));

  /* First row at or after a time, by halves. */
  function after(at, t) {
    let low = 0, high = at.length;
    while (low < high) { const mid = (low + high) >> 1; if (at[mid] < t) low = mid + 1; else high = mid; }
    return low;
  }

  /* Points of one unit share a lane and its scale. */
  function lanes(points) {
    const found = new Map();
    for (const one of points) {
      const unit = one.data ? one.data.unit : "";
      if (!found.has(unit)) found.set(unit, { unit, points: [] });
      found.get(unit).points.push(one);
    }
    return [...found.values()];
  }

  function scale(lane, from, to) {
    let low = Infinity, high = -Infinity, room = 0;
    for (const point of lane.points) {
      const { data } = point;
      if (!data) continue;
      const { at, last } = data.columns, lows = data.columns.low || last, highs = data.columns.high || last;
      for (let k = Math.max(0, after(at, from) - 1), end = Math.min(at.length, after(at, to) + 1); k < end; k++) {
        if (lows[k] === null) continue;
        if (lows[k] < low) low = lows[k];
        if (highs[k] > high) high = highs[k];
      }
      const ahead = window.OneMap.trendHints.reach(point);
      if (ahead && low !== Infinity) { low = Math.min(low, ahead[0]); high = Math.max(high, ahead[1]); }
      const [a, b] = data.range;
      if (a !== null && b !== null) room = Math.max(room, (b - a) * 0.04);
    }
    if (low === Infinity) {
      const range = lane.points[0].data?.range || [null, null];
      low = range[0] ?? 0; high = range[1] ?? 1;
    }
    const span = Math.max(high - low, room, Math.abs(high) * 1e-3, 1e-9);
    for (const limit of lane.points[0].data?.limits || []) {
      if (limit.value > high && limit.value - high <= 2.5 * span) high = limit.value;
      if (limit.value < low && low - limit.value <= 2.5 * span) low = limit.value;
    }
    const pad = Math.max(high - low, room, span) * 0.08;
    return { low: low - pad, high: high + pad };
  }

  /* Lines at a slant (suspect), crossed (bad) or dots (missing): seen without colour. */
  function pattern(ctx, x, y, w, h, quality, colour) {
    ctx.save();
    ctx.beginPath(); ctx.rect(x, y, w, h); ctx.clip();
    ctx.strokeStyle = colour; ctx.fillStyle = colour; ctx.lineWidth = 1.2;
    const step = quality === 1 ? 6 : 5;
    if (quality === 3) for (let k = x + 2; k < x + w; k += 5) { ctx.beginPath(); ctx.arc(k, y + h / 2, 1.2, 0, 7); ctx.fill(); }
    else {
      ctx.beginPath();
      for (let k = x - h; k < x + w; k += step) { ctx.moveTo(k, y + h); ctx.lineTo(k + h, y); if (quality === 2) { ctx.moveTo(k, y); ctx.lineTo(k + h, y + h); } }
      ctx.stroke();
    }
    ctx.restore();
    ctx.lineWidth = 1; ctx.strokeStyle = colour; ctx.strokeRect(x + 0.5, y + 0.5, Math.max(1, w - 1), h - 1);
  }

  function text(ctx, words, x, y, { size = 12, colour, align = "left", weight = 400, base = "middle" }) {
    ctx.font = `${weight} ${size}px ${FONT}`; ctx.fillStyle = colour; ctx.textAlign = align; ctx.textBaseline = base;
    ctx.fillText(words, x, y);
  }

  function curve(ctx, one, X, Y, from, to, ink) {
    const { at, last } = one.data.columns, low = one.data.columns.low, high = one.data.columns.high;
    const colour = ink.series[one.place], holes = one.data.holes.from;
    const begin = Math.max(0, after(at, from) - 1), end = Math.min(at.length, after(at, to) + 1), half = (one.data.span || 0) / 2;
    let hole = after(holes, at[begin] ?? from);
    ctx.strokeStyle = colour; ctx.lineJoin = "round"; ctx.setLineDash([]);
    if (low) {
      ctx.globalAlpha = 0.35; ctx.lineWidth = Math.max(1, X(from + one.data.span) - X(from));
      ctx.beginPath();
      for (let k = begin; k < end; k++) if (low[k] !== null) { const x = X(at[k] + half); ctx.moveTo(x, Y(low[k]) + 0.5); ctx.lineTo(x, Y(high[k]) - 0.5); }
      ctx.stroke(); ctx.globalAlpha = 1;
    }
    ctx.lineWidth = 1.7; ctx.setLineDash(DASHES[one.place]);
    ctx.beginPath();
    let open = false, alone = [], previous = null;
    for (let k = begin; k < end; k++) {
      while (hole < holes.length && holes[hole] < at[k]) { if (previous !== null && holes[hole] >= previous) open = false; hole += 1; }
      if (last[k] === null) { open = false; continue; }
      const x = X(at[k] + half), y = Y(last[k]);
      if (open) ctx.lineTo(x, y); else { ctx.moveTo(x, y); alone.push([x, y]); }
      open = true; previous = at[k];
    }
    ctx.stroke(); ctx.setLineDash([]);
    ctx.fillStyle = colour;
    for (const [x, y] of alone) ctx.fillRect(x - 1, y - 1, 2, 2);
    signs(ctx, one, X, Y, begin, end, half, ink);
  }

  /* Single readings in doubt stand out by shape: a hollow diamond; what is refused is a cross at the edge it left by. */
  function signs(ctx, one, X, Y, begin, end, half, ink) {
    const { at, last, quality, refused } = one.data.columns;
    if (end - begin > 900) return;
    ctx.lineWidth = 1.5;
    for (let k = begin; k < end; k++) {
      const x = X(at[k] + half);
      if (quality[k] === 1 && last[k] !== null) {
        const y = Y(last[k]);
        ctx.strokeStyle = ink.doubt; ctx.fillStyle = ink.ground;
        ctx.beginPath(); ctx.moveTo(x, y - 4); ctx.lineTo(x + 4, y); ctx.lineTo(x, y + 4); ctx.lineTo(x - 4, y); ctx.closePath(); ctx.fill(); ctx.stroke();
      } else if (quality[k] === 2 && refused && refused[k] !== null) {
        const y = Y(refused[k]);
        ctx.strokeStyle = ink.bad;
        ctx.beginPath(); ctx.moveTo(x - 4, y - 4); ctx.lineTo(x + 4, y + 4); ctx.moveTo(x - 4, y + 4); ctx.lineTo(x + 4, y - 4); ctx.stroke();
      }
    }
  }

  function limits(ctx, lane, box, Y, ink, compact) {
    const taken = [];
    const own = (lane.points[0].data?.limits || []).slice().sort((a, b) => b.value - a.value);
    for (const limit of own) {
      const outside = limit.value > lane.scale.high ? 1 : limit.value < lane.scale.low ? -1 : 0;
      const y = outside ? (outside > 0 ? box.top + 7 : box.bottom - 7) : Y(limit.value), strong = limit.id.length > 1;
      if (!outside) {
        ctx.strokeStyle = ink.t2; ctx.lineWidth = strong ? 1.6 : 1; ctx.setLineDash(strong ? [] : [6, 4]);
        ctx.beginPath(); ctx.moveTo(box.left, Math.round(y) + 0.5); ctx.lineTo(box.right, Math.round(y) + 0.5); ctx.stroke(); ctx.setLineDash([]);
      }
      let at = y;
      while (taken.some((other) => Math.abs(other - at) < 14)) at += outside < 0 ? -14 : 14;
      if (at < box.top - 4 || at > box.bottom + 6) continue;
      taken.push(at);
      const arrow = outside > 0 ? "↑" : outside < 0 ? "↓" : "";
      text(ctx, `${lane.points.length > 1 ? LETTERS[lane.points[0].place] + " " : ""}${arrow}${limit.id} ${number(limit.value)}${limit.rule ? say("·规则", " rule") : ""}`, box.right + 6, at, { size: compact ? 11 : 12, colour: ink.t2, weight: strong ? 700 : 400 });
    }
  }

  function alarms(ctx, one, X, box, ink) {
    const colours = marks.palette(ink.night ? "night" : "day");
    for (const alarm of one.data.alarms || []) {
      const a = Math.max(box.left, X(Date.parse(alarm.from))), b = Math.min(box.right, alarm.to ? X(Date.parse(alarm.to)) : box.now);
      if (b < box.left || a > box.right) continue;
      ctx.globalAlpha = 0.16; ctx.fillStyle = colours.fills[alarm.level]; ctx.fillRect(a, box.strip, Math.max(2, b - a), box.bottom - box.strip); ctx.globalAlpha = 1;
      ctx.fillStyle = colours.fills[alarm.level]; ctx.fillRect(a, box.strip, Math.max(2, b - a), 3);
      marks.risk(ctx, colours, alarm.level, Math.max(box.left + 6, a), box.strip + 7, 10);
      if (b - a > 70) text(ctx, `${alarm.condition} ${number(alarm.extreme ?? alarm.value)}`, Math.max(box.left + 6, a) + 9, box.strip + 9, { size: 11, colour: ink.t1 });
    }
  }

  /* Events on video stand on the axis of time: full, or hollow where somebody called them false. */
  function video(ctx, one, X, box, ink) {
    ctx.save();
    ctx.lineWidth = 1.5; ctx.strokeStyle = ink.t1;
    for (const event of one.video || []) {
      const x = X(Date.parse(event.from)), y = box.bottom;
      if (x < box.left || x > box.right) continue;
      ctx.globalAlpha = 0.5; ctx.setLineDash([1, 4]); ctx.beginPath(); ctx.moveTo(x, box.plot); ctx.lineTo(x, y - 9); ctx.stroke(); ctx.setLineDash([]); ctx.globalAlpha = 1;
      ctx.beginPath(); ctx.moveTo(x - 5, y); ctx.lineTo(x + 5, y); ctx.lineTo(x, y - 9); ctx.closePath();
      ctx.fillStyle = event.verdict === "rejected" ? ink.ground : ink.t1; ctx.fill(); ctx.stroke();
    }
    ctx.restore();
  }

  function doubts(ctx, one, X, box, row, ink) {
    const { doubts: all, holes } = one.data, y = box.bottom + 3 + row * 13;
    for (const [found, hole] of [[holes, true], [all, false]])
      for (let k = 0; k < found.from.length; k++) {
        const a = Math.max(box.left, X(found.from[k])), b = Math.min(box.right, X(found.to[k]));
        if (b < box.left || a > box.right) continue;
        const w = Math.max(3, b - a);
        if (hole && row === 0) { ctx.fillStyle = ink.hole; ctx.fillRect(a, box.plot, w, box.bottom - box.plot); if (w > 52) text(ctx, say("无数据", "no data"), a + w / 2, (box.plot + box.bottom) / 2, { size: 12, colour: ink.t3, align: "center" }); }
        pattern(ctx, a, y, w, 8, found.quality[k], hole ? ink.t3 : found.quality[k] === 1 ? ink.doubt : ink.bad);
      }
  }

  /* Draws everything; answers the places of the plot, so that a pointer can be turned into a time. */
  function draw(canvas, model) {
    const ctx = canvas.getContext("2d"), ink = inks(model.theme), compact = model.compact;
    const width = canvas.clientWidth, height = canvas.clientHeight, dpr = Math.min(2, window.devicePixelRatio || 1);
    if (canvas.width !== Math.round(width * dpr) || canvas.height !== Math.round(height * dpr)) { canvas.width = Math.round(width * dpr); canvas.height = Math.round(height * dpr); }
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.fillStyle = ink.ground; ctx.fillRect(0, 0, width, height);
    const left = compact ? 46 : 58, right = width - (compact ? 66 : 92), foot = 22, all = lanes(model.points), each = (height - foot) / Math.max(1, all.length);
    const { from, to } = model, X = (t) => left + ((t - from) / (to - from)) * (right - left);
    const marksOfTime = ticks(from, to, right - left);
    all.forEach((lane, n) => {
      const loaded = lane.points.filter((one) => one.data), alarmed = loaded.some((one) => (one.data.alarms || []).length);
      const box = { left, right, strip: n * each + 4, plot: n * each + (alarmed ? 20 : 6), bottom: (n + 1) * each - 6 - 13 * lane.points.length };
      box.top = box.plot;
      box.now = Math.min(right, X(model.now ?? to));
      lane.scale = scale(lane, from, to);
      const Y = (v) => Math.max(box.plot, Math.min(box.bottom, box.bottom - ((v - lane.scale.low) / (lane.scale.high - lane.scale.low)) * (box.bottom - box.plot)));
      ctx.save(); ctx.beginPath(); ctx.rect(left, n * each, right - left, each); ctx.clip();
      loaded.forEach((one, row) => doubts(ctx, one, X, box, row, ink));
      ctx.restore();
      ctx.lineWidth = 1; ctx.strokeStyle = ink.grid;
      for (const tick of marksOfTime) { ctx.globalAlpha = tick.strong ? 1 : 0.6; ctx.beginPath(); ctx.moveTo(Math.round(X(tick.t)) + 0.5, box.plot); ctx.lineTo(Math.round(X(tick.t)) + 0.5, box.bottom); ctx.stroke(); }
      ctx.globalAlpha = 1;
      for (const v of nice(lane.scale.low, lane.scale.high, Math.max(2, (box.bottom - box.plot) / 44))) {
        ctx.beginPath(); ctx.moveTo(left, Math.round(Y(v)) + 0.5); ctx.lineTo(right, Math.round(Y(v)) + 0.5); ctx.stroke();
        text(ctx, number(v), left - 6, Y(v), { colour: ink.t3, align: "right", size: compact ? 11 : 12 });
      }
      ctx.save(); ctx.beginPath(); ctx.rect(left, n * each, right - left, each); ctx.clip();
      loaded.forEach((one) => alarms(ctx, one, X, box, ink));
      loaded.forEach((one) => curve(ctx, one, X, Y, from, to, ink));
      loaded.forEach((one) => window.OneMap.trendHints.paint(ctx, one, X, Y, box, ink));
      loaded.forEach((one) => video(ctx, one, X, box, ink));
      ctx.restore();
      limits(ctx, lane, box, Y, ink, compact);
      if (lane.unit) text(ctx, lane.unit, 6, box.plot + 2, { colour: ink.t3, size: compact ? 11 : 12, base: "top" });
      lane.points.forEach((one, row) => { if (model.points.length > 1) text(ctx, LETTERS[one.place], left - 8, box.bottom + 7 + row * 13, { colour: ink.series[one.place], size: 12, weight: 700, align: "right" }); });
      if (model.points.length > 1) ends(ctx, loaded, X, Y, to, ink);
      lane.box = box; lane.Y = Y;
    });
    for (const tick of marksOfTime) text(ctx, tick.words, X(tick.t), height - foot / 2, { colour: tick.strong ? ink.t1 : ink.t3, align: "center", size: compact ? 11 : 12 });
    if (model.cross !== null) cross(ctx, model, all, X, ink);
    return { left, right, time: (x) => from + ((x - left) / (right - left)) * (to - from), X, lanes: all };
  }

  function ends(ctx, points, X, Y, to, ink) {
    for (const one of points) {
      const { at, last } = one.data.columns;
      let k = Math.min(at.length, after(at, to)) - 1;
      while (k >= 0 && last[k] === null) k -= 1;
      if (k >= 0) text(ctx, LETTERS[one.place], X(at[k]) - 3, Y(last[k]) - 9, { colour: ink.series[one.place], weight: 700, size: 12, align: "right" });
    }
  }

  function cross(ctx, model, all, X, ink) {
    const x = Math.round(X(model.cross)) + 0.5;
    ctx.strokeStyle = ink.t1; ctx.lineWidth = 1;
    for (const lane of all) {
      ctx.beginPath(); ctx.moveTo(x, lane.box.plot); ctx.lineTo(x, lane.box.bottom); ctx.stroke();
      for (const one of lane.points) {
        const row = nearest(one.data, model.cross);
        if (row < 0 || one.data.columns.last[row] === null) continue;
        ctx.fillStyle = ink.ground; ctx.strokeStyle = ink.series[one.place]; ctx.lineWidth = 2;
        ctx.beginPath(); ctx.arc(X(one.data.columns.at[row] + (one.data.span || 0) / 2), lane.Y(one.data.columns.last[row]), 4, 0, 7); ctx.fill(); ctx.stroke();
      }
    }
  }

  /* The row a time stands for; -1 inside a hole and before the first. */
  function nearest(data, t) {
    if (!data || !data.columns.at.length) return -1;
    const { at } = data.columns, half = (data.span || 0) / 2, next = after(at, t - half);
    const row = next > 0 && (next >= at.length || t - half - at[next - 1] <= at[next] - (t - half)) ? next - 1 : Math.min(next, at.length - 1);
    const { from, to } = data.holes;
    for (let k = 0; k < from.length; k++) if (t > from[k] && t < to[k] && Math.abs(at[row] + half - t) > Math.max(data.span, (data.patience || 60) * 500)) return -1;
    return row;
  }

  window.OneMap.trendDraw = { draw, nearest, number, inks, after, LETTERS };
})();
