/* What drives a risk: the sum with every term and its rows, how the index went, and that the model is ours. */
(function () {
  "use strict";
  const { base, el, say, get, may, time, GRADES, glyph } = window.OneMap;
  const my = window.OneMap.admin;
  const NS = "http://www.w3.org/2000/svg";
  const made = (name, facts, ...inside) => { const node = document.createElementNS(NS, name); for (const [key, value] of Object.entries(facts)) node.setAttribute(key, value); node.append(...inside); return node; };
  const said = (n) => (n === null || n === undefined ? say("未知", "unknown") : String(n));

  const model = (one) => el("p", {}, el("span", { class: "risk-model", title: one.source }, `${one.label} · ${say("版本", "version")} ${one.version}`));

  function sums(row, unknown, of, counted) {
    const doubtful = row.grade === 4 && row.grade_highest < 4 && unknown > of / 2;
    const cell = (title, value, grade, doubt) => el("div", { class: doubt ? "doubt" : "" }, el("dt", {}, title), el("dd", {}, grade ? glyph(grade) : null, said(value), grade ? el("small", {}, GRADES[grade].word) : null));
    return el("dl", { class: "risk-sums" }, cell(say("已知", "Known"), row.score, doubtful ? 0 : row.grade, doubtful), cell(say("最高可能", "At most"), row.highest, row.grade_highest, row.highest !== row.score), cell(say("未知", "Unknown"), counted || say(`${unknown} 项`, unknown), 0, unknown > 0));
  }

  /* One row that a term counted, read where it is; the map is one click further. */
  async function source(layer, key) {
    const box = el("div", { class: "adm-form" });
    const dialog = my.form(say("计分依据", "What was counted"), [{ type: "made", make: () => ({ node: box, value: () => undefined }) }], say("关闭", "Close"), async () => {});
    dialog.querySelector("footer .adm-button")?.remove();
    await my.room(box, () => get(`api/risk/row?layer=${layer}&key=${encodeURIComponent(key)}`), (row) => [
      el("p", {}, el("b", {}, row.title), el("small", { class: "t3" }, ` ${row.layer_title}`)),
      el("dl", { class: "adm-facts" }, row.pairs.filter((pair) => pair.words).map((pair) => el("div", {}, el("dt", {}, pair.title), el("dd", {}, pair.grade ? glyph(pair.grade) : null, pair.words)))),
      row.on_map ? el("a", { class: "adm-button", href: `${base}map?layers=enterprises,${row.layer}&sel=${encodeURIComponent(`${row.layer}:${row.key}`)}${row.lon === null ? "" : `&c=${row.lon},${row.lat}&z=16`}` }, say("在地图上打开", "Open on the map")) : null]);
  }

  function term(one, widest) {
    const bar = el("div", { class: "risk-bar", "aria-hidden": "true" }, el("i", { class: one.known ? "" : "doubt", style: `width:${Math.min(100, (100 * (one.known ? one.adds : one.could)) / widest)}%` }));
    const adds = one.known ? el("b", {}, `+${one.adds}`) : el("span", { class: "t3" }, say(`至多 +${one.could}`, `≤ +${one.could}`));
    const rows = one.sources.map((row) => (row.layer ? el("button", { type: "button", on: { click: () => source(row.layer, row.code) } }, row.label) : el("span", { class: "t3" }, row.label)));
    const more = one.count > one.sources.length ? el("span", { class: "t3" }, say(`另有 ${one.count - one.sources.length} 条`, `${one.count - one.sources.length} more`)) : null;
    return el("li", {}, el("span", {}, one.title, one.count ? el("small", { class: "t3" }, say(` ${one.count} 条`, ` ${one.count}`)) : null), el("span", { class: "adds" }, adds), bar, rows.length ? el("div", { class: "risk-sources" }, rows, more) : null);
  }

  /* The index in time: known as a line, what it may be dashed above it; a click or the arrows go to that moment. */
  function course(told, bands, until, at, go) {
    const W = 400, H = 150, LEFT = 30, TOP = 8, LOW = 22;
    const first = Date.parse(told.at[0]), end = Math.max(Date.parse(until), first + 3600e3), begin = Math.max(first, end - 30 * 86400e3);
    const x = (t) => LEFT + ((W - LEFT - 8) * (Math.max(begin, t) - begin)) / (end - begin), y = (v) => TOP + (H - TOP - LOW) * (1 - v / 100);
    const svg = made("svg", { viewBox: `0 0 ${W} ${H}`, class: "risk-course", preserveAspectRatio: "none", role: "img", "aria-label": say(`近 30 天变化 ${told.at.length} 次`, `${told.at.length} changes in 30 days`) });
    for (const { least, grade } of bands) if (least) svg.append(made("line", { x1: LEFT, x2: W - 8, y1: y(least), y2: y(least), stroke: `var(--${"nroyb"[grade] || "b"}f)`, "stroke-width": 1, opacity: 0.6 }), made("text", { x: 4, y: y(least) + 4 }, String(least)));
    const path = (values) => { let d = "", pen = false; values.forEach((v, k) => { if (v === null || v === undefined) { pen = false; return; } const from = x(Date.parse(told.at[k])), to = x(k + 1 < values.length ? Date.parse(told.at[k + 1]) : end); d += `${pen ? "L" : "M"}${from.toFixed(1)} ${y(v).toFixed(1)}L${to.toFixed(1)} ${y(v).toFixed(1)}`; pen = true; }); return d; };
    svg.append(made("path", { d: path(told.highest), fill: "none", stroke: "var(--t3)", "stroke-width": 1.5, "stroke-dasharray": "5 4" }), made("path", { d: path(told.score), fill: "none", stroke: "var(--t1)", "stroke-width": 2.2 }));
    if (at) svg.append(made("line", { x1: x(Date.parse(at)), x2: x(Date.parse(at)), y1: TOP, y2: H - LOW, stroke: "var(--acc)", "stroke-width": 2 }));
    svg.append(made("text", { x: LEFT, y: H - 6 }, time.date(new Date(begin)).slice(5)), made("text", { x: W - 10, y: H - 6, "text-anchor": "end" }, say("现在", "now")));
    svg.addEventListener("click", (event) => { const box = svg.getBoundingClientRect(), px = ((event.clientX - box.left) * W) / box.width; go(new Date(begin + ((px - LEFT) / (W - LEFT - 8)) * (end - begin))); });
    return [svg, el("p", { class: "t3" }, say("实线为已知,虚线为最高可能;点按可回看当时。", "Line: known; dashed: at most. Click to look back."))];
  }

  function firm(one, context) {
    const unknown = one.terms.filter((each) => !each.known), known = one.terms.filter((each) => each.known), widest = Math.max(...one.terms.map((each) => each.could), 1);
    const counted = known.filter((each) => each.adds), nothing = known.filter((each) => !each.adds);
    const half = one.unknown > one.terms.length / 2;
    return [
      el("div", { class: "risk-title" }, el("h2", { tabindex: "-1" }, one.name || one.key), context.close),
      model(one.model),
      sums(one, one.unknown, one.terms.length),
      half ? el("p", { class: "risk-warn" }, say(`${one.terms.length} 项中 ${one.unknown} 项未知,${one.grade === 4 ? "蓝色不代表安全" : "已知等级只是下限"}:按最不利计可达 ${one.highest}。`, `${one.unknown} of ${one.terms.length} terms are unknown: ${one.grade === 4 ? "blue does not mean safe" : "the grade is a lower bound"}, it may be ${one.highest}.`)) : null,
      one.override ? el("p", { class: "risk-over-all" }, say(`一票定为红色:${one.override}`, `Red whatever the sum: ${one.override}`)) : null,
      el("h3", {}, say("计入的项", "What counts")),
      counted.length ? el("ol", { class: "risk-terms" }, counted.map((each) => term(each, widest))) : el("p", { class: "t3" }, say("已知各项均为 0。", "Every known term is 0.")),
      one.discount ? el("p", {}, say(`标准化与信用修正 ${one.discount > 0 ? "+" : ""}${one.discount}`, `Standardization and credit ${one.discount > 0 ? "+" : ""}${one.discount}`)) : null,
      nothing.length ? el("p", { class: "t3" }, say(`已知为 0:${nothing.map((each) => each.title).join("、")}`, `Known to be 0: ${nothing.map((each) => each.title).join(", ")}`)) : null,
      unknown.length ? el("h3", {}, say("未知的项", "What is unknown")) : null,
      unknown.length ? el("ol", { class: "risk-terms" }, unknown.map((each) => term(each, widest))) : null,
      el("h3", {}, say("指数变化", "How it went")),
      ...course(one.course, one.model.bands, context.now, context.at, context.go),
      el("h3", {}, say("算法", "Formula")),
      el("p", { class: "t3" }, one.model.formula), el("p", { class: "t3" }, one.model.source),
      el("p", { class: "t3" }, say(`计算于 ${time.date(new Date(one.computed_at))} ${time.minute(new Date(one.computed_at))}(此后未变)`, `Computed ${time.date(new Date(one.computed_at))} ${time.minute(new Date(one.computed_at))}, unchanged since`)),
      el("div", { class: "risk-tools" }, el("a", { class: "adm-button", href: `${base}map?layers=enterprises&sel=${encodeURIComponent(`enterprises:${one.key}`)}` }, say("企业卡片", "Its card")),
        may("casework") && !context.here ? el("a", { class: "adm-button", href: `${base}enterprise?id=${encodeURIComponent(one.key)}` }, say("一企一档", "All of it")) : null,
        may("issue-warnings") ? el("a", { class: "adm-button", href: `${base}warnings?draft=${encodeURIComponent(`enterprise:${one.key}`)}` }, say("拟预警", "Draft a warning")) : null)];
  }

  function area(one, context) {
    return [
      el("div", { class: "risk-title" }, el("h2", { tabindex: "-1" }, one.name), context.close),
      model(context.model),
      sums(one, one.partly, one.enterprises, say(`${one.partly} 家`, one.partly)),
      one.grade === 4 && one.partly > one.enterprises / 2 ? el("p", { class: "risk-warn" }, say(`多数企业有未知项,低分不代表安全:按最不利计可达 ${one.highest}。`, `Something is unknown of most enterprises: low does not mean safe, it may be ${one.highest}.`)) : null,
      el("p", {}, say(`${one.enterprises} 家企业,${one.partly} 家有未知项,${one.red} 家红色。`, `${one.enterprises} enterprises, ${one.partly} with unknown terms, ${one.red} red.`)),
      one.worst ? el("p", {}, say("指数最高:", "Worst: "), el("button", { type: "button", class: "link", on: { click: () => context.pick(`e:${one.worst}`) } }, context.nameOf(one.worst))) : null,
      el("h3", {}, say("指数变化", "How it went")),
      ...course(one.course, context.model.bands, context.now, context.at, context.go),
      el("div", { class: "risk-tools" }, el("button", { type: "button", class: "adm-button", on: { click: () => context.within(one.code) } }, say("只看本区企业", "Only its enterprises")),
        may("issue-warnings") && one.level ? el("a", { class: "adm-button", href: `${base}warnings?draft=${encodeURIComponent(`area:${one.code}`)}` }, say("拟预警", "Draft a warning")) : null)];
  }

  Object.assign(window.OneMap.risk, { firm, area, source });
})();
