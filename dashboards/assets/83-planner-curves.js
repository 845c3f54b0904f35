/* Value against distance, both axes in powers of ten: hazards fall over decades. */
(function () {
  "use strict";
  const { el, say, glyph } = window.OneMap;
  const plan = window.OneMap.plan;
  const NS = "http://www.w3.org/2000/svg", log = Math.log10;

  const node = (tag, attributes, words) => {
    const one = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    if (words !== undefined) one.textContent = words;
    return one;
  };
  const tens = (from, to) => { const all = []; for (let n = Math.ceil(log(from)); n <= log(to); n++) all.push(10 ** n); return all; };
  const power = (y) => (y >= 1e5 || y < 0.01 ? y.toExponential(0).replace("e+", "e") : String(y));

  /* A plot of lines over levels; `x` and `y` say the axes: {from, to, log, ticks, words}. */
  function plot(label, x, y, lines, aims) {
    const W = 470, H = 186, left = 46, right = 22, top = 8, bottom = 24;
    const scale = (axis, low, high) => (value) => low + (high - low) * (axis.log ? (log(value) - log(axis.from)) / (log(axis.to) - log(axis.from)) : (value - axis.from) / (axis.to - axis.from));
    const X = scale(x, left, W - right), Y = scale(y, H - bottom, top);
    const svg = node("svg", { viewBox: `0 0 ${W} ${H}`, class: "plan-plot", role: "img", "aria-label": label });
    for (const tick of x.ticks) svg.append(node("line", { x1: X(tick), x2: X(tick), y1: top, y2: H - bottom, class: "grid" }), node("text", { x: X(tick), y: H - 8, "text-anchor": "middle" }, x.words(tick)));
    for (const tick of y.ticks) svg.append(node("line", { x1: left, x2: W - right, y1: Y(tick), y2: Y(tick), class: "grid" }), node("text", { x: left - 5, y: Y(tick) + 4, "text-anchor": "end" }, y.words(tick)));
    for (const aim of aims) svg.append(node("line", { x1: left, x2: W - right, y1: Y(aim.value), y2: Y(aim.value), stroke: plan.COLOURS[plan.grade(aim.severity)], "stroke-width": 1.5, "stroke-dasharray": aim.verified ? "none" : "6 3" }));
    for (const line of lines) {
      const d = line.at.map(([a, b], k) => `${k ? "L" : "M"}${X(a).toFixed(1)} ${Y(b).toFixed(1)}`).join("");
      svg.append(node("path", { d, fill: "none", "stroke-width": 2.4, "stroke-dasharray": line.dash || "none", class: `line-${line.side}` }));
    }
    return svg;
  }
  /* The axis of values in tens, not more than five of them named. */
  function decades(low, high) {
    const all = tens(low, high), skip = Math.ceil(all.length / 5);
    return { from: low, to: high, log: true, ticks: all.filter((_, k) => k % skip === 0), words: power };
  }
  const aimsOf = (sides, unit) => plan.levels(sides).map((level) => ({ ...level, value: plan.SIDES.map((side) => plan.zonesOf(sides[side]).find((zone) => zone.id === level.id && zone.unit === unit)?.value).find((value) => value) })).filter((level) => level.value);

  function distance(sides, body, more) {
    const lead = sides.A?.answer?.curves[0] || sides.B?.answer?.curves[0];
    more.textContent = lead ? `${lead.title}${lead.y_unit ? say(`（${lead.y_unit}）`, ` (${lead.y_unit})`) : ""}` : "";
    if (!lead) return body.replaceChildren(el("p", { class: "empty" }, say("算出后在此画出", "Drawn here once computed")));
    const lines = plan.SIDES.map((side) => ({ side, curve: (sides[side]?.answer?.curves || []).find((one) => one.name === lead.name && one.y_unit === lead.y_unit) })).filter((one) => one.curve);
    const other = plan.SIDES.filter((side) => sides[side]?.answer && !lines.some((line) => line.side === side));
    const aims = aimsOf(sides, lead.y_unit);
    const points = lines.map(({ side, curve: one }) => ({ side, dash: side === "B" ? "7 3" : "", at: one.x.map((x, k) => [x, one.y[k]]).filter(([x, y]) => x > 0 && y > 0 && Number.isFinite(y)) }));
    const far = plan.SIDES.flatMap((side) => plan.zonesOf(sides[side]).map((zone) => zone.distance)), xs = points.flatMap((one) => one.at.map(([x]) => x));
    if (!xs.length) return body.replaceChildren(el("p", { class: "empty" }, say("没有可画的数值", "Nothing to draw")));
    const x1 = Math.min(Math.max(...xs), 3 * Math.max(...far, 1)), x0 = Math.max(Math.min(...xs), x1 / 3000);
    const inside = points.flatMap((one) => one.at.filter(([x]) => x >= x0 && x <= x1).map(([, y]) => y)), low = aims.length ? Math.min(...aims.map((one) => one.value)) / 5 : Math.min(...inside);
    const y0 = Math.max(low, Math.min(...inside, low)), y1 = Math.max(...inside, ...aims.map((one) => one.value));
    for (const line of points) line.at = line.at.filter(([x, y]) => x >= x0 && x <= x1 && y >= y0);
    const away = { from: x0, to: x1, log: true, ticks: tens(x0, x1), words: (x) => (x >= 1000 ? `${x / 1000} km` : `${x} m`) };
    const svg = plot(`${lead.title}, ${lead.x_title}`, away, decades(y0, y1), points, aims);
    const model = (side) => (sides[side].answer.curves.find((one) => one.name === lead.name) || {}).model;
    const key = el("p", { class: "plan-key t2" },
      lines.map(({ side }) => el("span", {}, plan.tag(side), plan.number(side, `curve:${lead.name}`, { title: lead.title, model: model(side), how: say("沿轴线逐点计算；横线为限值，虚线者未核实。", "Point by point along the axis; lines across are the levels, dashed where unverified.") }, side === "B" ? say("虚线", "dashed") : say("实线", "solid")))),
      aims.map((aim) => el("span", {}, glyph(plan.grade(aim.severity)), plan.said(aim.value, lead.y_unit))),
      other.map((side) => el("span", { class: "t3" }, say(`${side} 的量不同，不同图`, `${side} is of another quantity`))));
    body.replaceChildren(svg, key);
  }

  function curve(sides, redraw) {
    const body = document.getElementById("plan-curve-body"), more = document.getElementById("plan-curve-more");
    const seen = plan.tabs("plan-curve", [["distance", say("随距离", "Distance")], ["time", say("随时间", "Time")]], redraw);
    return seen === "time" ? plan.course.draw(sides, body, more) : distance(sides, body, more);
  }

  Object.assign(plan, { curve, plot, decades, aimsOf, svg: node });
})();
