/* Under the maps: both scenarios figure by figure, value against distance, and what is inside. */
(function () {
  "use strict";
  const { el, say, length, glyph, thousands, english } = window.OneMap;
  const plan = window.OneMap.plan;
  const NS = "http://www.w3.org/2000/svg", INK = { A: "#0B6B75", B: "#3B4A59" };
  const zonesOf = (one) => one?.answer?.zones || [];
  const NO = say("不可比", "not comparable");
  const signed = (value, words) => (value === 0 ? "0" : `${value > 0 ? "+" : "−"}${words(Math.abs(value))}`);

  /* Levels of both, worst first; one row for a level that both have. */
  function levels(sides) {
    const found = new Map();
    for (const side of plan.SIDES) for (const zone of zonesOf(sides[side])) {
      if (!found.has(zone.name)) found.set(zone.name, { name: zone.name, severity: zone.severity, verified: zone.verified });
    }
    return [...found.values()].sort((a, b) => a.severity - b.severity);
  }

  function peopleIn(one, zone) {
    if (!zone || !one.answer.exposure?.people) return null;
    return one.answer.exposure.people.find((each) => each.severity === zone.severity) || null;
  }

  function rows(sides) {
    const of = (side, name) => zonesOf(sides[side]).find((zone) => zone.name === name), found = [];
    for (const level of levels(sides)) {
      const [a, b] = plan.SIDES.map((side) => of(side, level.name));
      found.push({ title: say(`${level.name} 距离`, `${level.name} distance`), level, values: [a, b].map((zone) => (zone ? { number: zone.reached ? zone.distance : 0, words: plan.far(zone), zone, cut: plan.cut(zone) } : null)), words: length });
    }
    for (const level of levels(sides)) {
      const cells = plan.SIDES.map((side) => {
        const one = sides[side], zone = of(side, level.name), inside = zone && peopleIn(one, zone);
        if (!zone) return null;
        if (!one.answer.exposure?.people) return { words: say("无权查看", "not open to you"), none: true };
        if (!inside) return null;
        return { number: inside.residents, words: `${plan.cut(zone) ? `≥${plan.THIN}` : ""}${plan.people(inside.residents)}`, zone, people: inside, cut: plan.cut(zone) };
      });
      if (cells.some(Boolean)) found.push({ title: say(`${level.name} 内人口`, `People within ${level.name}`), level, values: cells, words: (value) => thousands(Math.round(value)) });
    }
    for (const [kind, title] of [["targets", say("保护目标", "Protection targets")], ["hazards", say("其他重大危险源", "Other hazard sources")], ["roads", say("穿越道路", "Roads inside")]]) {
      const cells = plan.SIDES.map((side) => {
        const one = sides[side];
        if (!one?.answer) return null;
        const inside = one.answer.exposure?.[kind];
        if (!inside) return { words: say("无权查看", "not open to you"), none: true };
        const cut = zonesOf(one).some(plan.cut);
        return kind === "roads" ? { number: inside.length, words: length(inside.length), kind, cut } : { number: inside.total, words: `${cut ? `≥${plan.THIN}` : ""}${thousands(inside.total)}`, kind, cut };
      });
      if (cells.some(Boolean)) found.push({ title, values: cells, words: kind === "roads" ? length : thousands });
    }
    return found;
  }

  function bars(values, most) {
    return el("span", { class: "plan-bars", "aria-hidden": "true" }, values.map((value, k) => {
      const bar = el("i", { class: `plan-${plan.SIDES[k].toLowerCase()}${value?.cut ? " cut" : ""}` });
      bar.style.width = value && value.number ? `${Math.max(2, Math.round((100 * value.number) / most))}%` : "0";
      return bar;
    }));
  }

  function compare(sides, chosen, pick) {
    const body = document.getElementById("plan-compare-body"), more = document.getElementById("plan-compare-more");
    more.textContent = sides.B ? say("两图同比例、同范围、联动，差值为 B 减 A", "Both maps: one scale and extent; difference is B − A") : say("在左侧给情景标上 B 即可对比", "Mark another scenario B to compare");
    const list = rows(sides);
    if (!list.length) return body.replaceChildren(el("p", { class: "empty" }, say("还没有算出的情景", "No scenario is computed yet")));
    const scale = (row) => Math.max(...list.filter((one) => one.words === row.words && one.level && row.level).flatMap((one) => one.values.map((value) => value?.number || 0)), ...row.values.map((value) => value?.number || 0), 1e-9);
    const head = el("tr", {}, [say("指标", "Figure"), "A", "B", say("差值", "Difference"), say("对照", "Side by side")].map((title, k) => el("th", { scope: "col", class: k > 0 && k < 4 ? "num" : "" }, title)));
    const lines = list.map((row) => {
      const [a, b] = row.values, both = a && b && !a.none && !b.none;
      const difference = !both ? "–" : a.cut || b.cut ? el("span", { class: "y" }, NO) : signed(b.number - a.number, row.words);
      const cell = (value, k) => {
        if (!value) return "–";
        if (value.none) return el("span", { class: "t3" }, value.words);
        const side = plan.SIDES[k], here = chosen && chosen.side === side && chosen.title === row.title;
        return el("button", { type: "button", class: "plan-number", "aria-pressed": here ? "true" : "false", title: say("看依据", "See the basis"), on: { click: () => pick({ side, title: row.title, value }) } }, value.words);
      };
      return el("tr", { class: chosen && chosen.title === row.title ? "here" : "" },
        el("th", { scope: "row" }, row.level ? glyph(plan.grade(row.level.severity)) : null, " ", row.title, row.level && !row.level.verified ? el("em", { class: "plan-doubt" }, say("未核实", "unverified")) : null),
        el("td", { class: "num" }, cell(a, 0)), el("td", { class: "num" }, cell(b, 1)), el("td", { class: "num" }, difference), el("td", {}, bars(row.values, scale(row))));
    });
    body.replaceChildren(el("div", { class: "plan-scroll" }, el("table", { class: "plan-table" }, el("thead", {}, head), el("tbody", {}, lines))));
  }

  const node = (tag, attributes, words) => {
    const one = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    if (words !== undefined) one.textContent = words;
    return one;
  };

  /* Both axes in powers of ten: hazards fall over decades. */
  function curve(sides) {
    const body = document.getElementById("plan-curve-body"), more = document.getElementById("plan-curve-more");
    const lead = sides.A?.answer?.curves[0] || sides.B?.answer?.curves[0];
    more.textContent = lead ? `${lead.title}${lead.y_unit ? say(`（${lead.y_unit}）`, ` (${lead.y_unit})`) : ""}` : "";
    if (!lead) return body.replaceChildren(el("p", { class: "empty" }, say("算出后在此画出", "Drawn here once computed")));
    const lines = plan.SIDES.map((side) => ({ side, curve: (sides[side]?.answer?.curves || []).find((one) => one.name === lead.name && one.y_unit === lead.y_unit) })).filter((one) => one.curve);
    const other = plan.SIDES.filter((side) => sides[side]?.answer && !lines.some((line) => line.side === side));
    const aims = levels(sides).map((level) => ({ ...level, value: plan.SIDES.map((side) => zonesOf(sides[side]).find((zone) => zone.name === level.name && zone.unit === lead.y_unit)?.value).find((value) => value) })).filter((level) => level.value);
    const points = lines.map(({ side, curve: one }) => ({ side, at: one.x.map((x, k) => [x, one.y[k]]).filter(([x, y]) => x > 0 && y > 0 && Number.isFinite(y)) }));
    const far = plan.SIDES.flatMap((side) => zonesOf(sides[side]).map((zone) => zone.distance)), xs = points.flatMap((one) => one.at.map(([x]) => x));
    if (!xs.length) return body.replaceChildren(el("p", { class: "empty" }, say("没有可画的数值", "Nothing to draw")));
    const x1 = Math.min(Math.max(...xs), 3 * Math.max(...far, 1)), x0 = Math.max(Math.min(...xs), x1 / 3000);
    const inside = points.flatMap((one) => one.at.filter(([x]) => x >= x0 && x <= x1).map(([, y]) => y)), low = aims.length ? Math.min(...aims.map((one) => one.value)) / 5 : Math.min(...inside);
    const y0 = Math.max(low, Math.min(...inside, low)), y1 = Math.max(...inside, ...aims.map((one) => one.value));
    const W = 470, H = 186, left = 46, right = 22, top = 8, bottom = 24, log = Math.log10;
    const X = (x) => left + ((W - left - right) * (log(x) - log(x0))) / (log(x1) - log(x0)), Y = (y) => top + (H - top - bottom) * (1 - (log(y) - log(y0)) / (log(y1) - log(y0)));
    const svg = node("svg", { viewBox: `0 0 ${W} ${H}`, class: "plan-plot", role: "img", "aria-label": `${lead.title}, ${lead.x_title}` });
    const tens = (from, to) => { const all = []; for (let n = Math.ceil(log(from)); n <= log(to); n++) all.push(10 ** n); return all; };
    const skip = Math.ceil(tens(y0, y1).length / 5);
    for (const x of tens(x0, x1)) svg.append(node("line", { x1: X(x), x2: X(x), y1: top, y2: H - bottom, class: "grid" }), node("text", { x: X(x), y: H - 8, "text-anchor": "middle" }, x >= 1000 ? `${x / 1000} km` : `${x} m`));
    tens(y0, y1).forEach((y, k) => { if (k % skip === 0) svg.append(node("line", { x1: left, x2: W - right, y1: Y(y), y2: Y(y), class: "grid" }), node("text", { x: left - 5, y: Y(y) + 4, "text-anchor": "end" }, y >= 1e5 || y < 0.01 ? y.toExponential(0).replace("e+", "e") : String(y))); });
    for (const aim of aims) svg.append(node("line", { x1: left, x2: W - right, y1: Y(aim.value), y2: Y(aim.value), stroke: plan.COLOURS[plan.grade(aim.severity)], "stroke-width": 1.5, "stroke-dasharray": aim.verified ? "none" : "6 3" }));
    for (const { side, at } of points) {
      const d = at.filter(([x, y]) => x >= x0 && x <= x1 && y >= y0).map(([x, y], k) => `${k ? "L" : "M"}${X(x).toFixed(1)} ${Y(y).toFixed(1)}`).join("");
      svg.append(node("path", { d, fill: "none", stroke: INK[side], "stroke-width": 2.4, "stroke-dasharray": side === "B" ? "7 3" : "none", class: `line-${side}` }));
    }
    const key = el("p", { class: "plan-key t2" }, lines.map(({ side }) => el("span", {}, plan.tag(side), side === "B" ? say("虚线", "dashed") : say("实线", "solid"))), aims.map((aim) => el("span", {}, glyph(plan.grade(aim.severity)), `${plan.rounded(aim.value)} ${lead.y_unit}`)), other.map((side) => el("span", { class: "t3" }, say(`${side} 的量不同，不同图`, `${side} is of another quantity`))));
    body.replaceChildren(svg, key);
  }

  function insideOf(sides) {
    const body = document.getElementById("plan-inside-body"), more = document.getElementById("plan-inside-more");
    const shown = plan.SIDES.filter((side) => sides[side]?.answer);
    if (!shown.length) { more.textContent = ""; return body.replaceChildren(el("p", { class: "empty" }, say("算出后列出区内的保护目标和危险源", "Targets and hazard sources inside are listed here"))); }
    const seen = new Map();
    for (const side of shown) for (const kind of ["targets", "hazards"]) for (const row of sides[side].answer.exposure?.[kind]?.rows || []) {
      const key = `${row.layer}:${row.key}`;
      if (!seen.has(key)) seen.set(key, { row, worst: {} });
      seen.get(key).worst[side] = row.severity;
    }
    const all = [...seen.values()].sort((a, b) => a.row.distance - b.row.distance);
    more.textContent = all.length ? say(`${all.length} 处，近者在前`, `${all.length}, nearest first`) : "";
    const left = [...new Set(shown.flatMap((side) => sides[side].answer.exposure?.left_out || []))];
    const note = left.length ? el("p", { class: "empty" }, say(`对您不开放：${left.join("、")}`, `Not open to you: ${left.join(", ")}`)) : null;
    if (!all.length) return body.replaceChildren(...[el("p", { class: "empty" }, say("区内没有登记的保护目标和危险源", "No recorded target or hazard source inside")), note].filter(Boolean));
    const mark = (severity) => (severity ? glyph(plan.grade(severity)) : el("span", { class: "t3" }, "–"));
    const head = el("tr", {}, [say("名称", "Name"), say("距离", "Distance"), "A", "B"].map((title, k) => el("th", { scope: "col", class: k === 1 ? "num" : k > 1 ? "mid" : "" }, title)));
    body.replaceChildren(...[el("div", { class: "plan-scroll tall", tabindex: "0", role: "region", "aria-label": say("影响区内的对象", "What is inside") }, el("table", { class: "plan-table tight" }, el("thead", {}, head), el("tbody", {}, all.slice(0, 100).map(({ row, worst }) => el("tr", {}, el("th", { scope: "row", title: row.title }, el("span", { class: "el" }, row.name)), el("td", { class: "num" }, length(row.distance)), el("td", { class: "mid" }, mark(worst.A)), el("td", { class: "mid" }, mark(worst.B))))))), all.length > 100 ? el("p", { class: "empty" }, say(`另有 ${all.length - 100} 处`, `${all.length - 100} more`)) : null, note].filter(Boolean));
  }

  Object.assign(plan, { compare, curve, insideOf, levels, english });
})();
