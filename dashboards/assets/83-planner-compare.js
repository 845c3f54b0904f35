/* Both scenarios figure by figure: distance, people and area of each level, what is inside, and what the chain came to. */
(function () {
  "use strict";
  const { el, say, length, glyph, thousands } = window.OneMap;
  const plan = window.OneMap.plan, { area } = plan;
  const zonesOf = (one) => one?.answer?.zones || [];
  const NO = say("不可比", "not comparable");
  const signed = (value, words) => (value === 0 ? "0" : `${value > 0 ? "+" : "−"}${words(Math.abs(value))}`);
  const least = (cut) => (cut ? `≥${plan.THIN}` : "");

  /* Levels of both, worst first; one row for a level that both have, which its id says: two may be called alike. */
  function levels(sides) {
    const found = new Map();
    for (const side of plan.SIDES) for (const zone of zonesOf(sides[side])) {
      if (!found.has(zone.id)) found.set(zone.id, { id: zone.id, name: zone.name, severity: zone.severity, verified: zone.verified, said: plan.said(zone.value, zone.unit) });
    }
    const all = [...found.values()].sort((a, b) => a.severity - b.severity), alike = (one) => all.some((other) => other !== one && other.name === one.name);
    return all.map((one) => (alike(one) ? { ...one, name: `${one.name} ${one.said}` } : one));
  }

  const CLOSED = { words: say("无权查看", "not open to you"), none: true };
  const EXACT = say("影响区与常住人口栅格按面积精确相交后求和，含更重的级别，不分昼夜。", "The zone cut exactly with the raster of residents, worse levels included, whatever the hour.");
  const RECORDS = say("按您的权限读取的登记对象中，与最外影响区相交的。", "Of the records open to you, those that the outermost zone touches.");
  const INSIDE = [
    ["targets", say("保护目标", "Protection targets"), "total", thousands],
    ["hazards", say("其他重大危险源", "Other hazard sources"), "total", thousands],
    ["roads", say("穿越道路", "Roads inside"), "length", length],
  ];

  function distances(zone) {
    const words = plan.far(zone);
    return { number: zone.reached ? zone.distance : 0, words, cut: plan.cut(zone), fact: { title: say(`${zone.name} 距离`, `${zone.name} distance`), zone, model: zone.model, how: say("从释放点到该限值所及最远处。", "From the source to the farthest point where the level is reached.") } };
  }
  function peoples(zone, one) {
    if (!one.answer.exposure?.people) return CLOSED;
    const inside = one.answer.exposure.people.find((each) => each.severity === zone.severity);
    if (!inside) return null;
    const doubt = inside.known < 0.999 ? say(`区内 ${Math.round(100 * inside.known)}% 有人口数据`, `${Math.round(100 * inside.known)} % of the zone has data`) : "";
    return { number: inside.residents, words: least(plan.cut(zone)) + plan.people(inside.residents), cut: plan.cut(zone), fact: { title: say(`${zone.name} 内常住人口`, `Residents within ${zone.name}`), zone, how: EXACT, doubt, data: ["population"] } };
  }
  /* What registers say of people inside by the time of the scenario, each apart: who adds them counts somebody twice. */
  const UNDECLARED = { words: say("未申报", "not declared"), none: true };
  const registers = (sides) => {
    const all = plan.SIDES.flatMap((side) => sides[side]?.answer?.exposure?.declared || []);
    return new Map(all.map((one) => [one.layer, { title: one.title, silent: all.every((other) => other.layer !== one.layer || !other.people) && all.some((other) => other.layer === one.layer && other.people === null) }]));
  };
  function declared(zone, one, layer) {
    const all = one.answer.exposure?.declared || [], found = all.find((each) => each.layer === layer && each.severity === zone.severity);
    if (!found) return all.some((each) => each.layer === layer) ? null : { words: "–", none: true };
    if (found.people === null) return UNDECLARED;
    const doubt = found.silent ? say(`其中 ${found.silent} 处未申报，未计`, `${found.silent} of them declare nothing and are not counted`) : "";
    return { number: found.people, words: least(plan.cut(zone)) + thousands(found.people), cut: plan.cut(zone), fact: { title: say(`${zone.name} 内${found.title}`, `${found.title}, ${zone.name}`), how: found.how.join(say("；", "; ")), doubt, rows: [[say("涉及", "Places"), say(`${found.rows} 处`, `${found.rows}`)]], data: layer } };
  }
  const areas = (zone) => ({ number: zone.reached ? zone.area : 0, words: zone.reached ? least(plan.cut(zone)) + area(zone.area) : "0", cut: plan.cut(zone), fact: { title: say(`${zone.name} 面积`, `${zone.name} area`), zone, model: zone.model, how: say("影响区在椭球面上的面积，不含风向带。", "Area of the zone on the ellipsoid, without the band of the wind.") } });

  /* Each row: what it is of, and for both sides the number with its fact. */
  function rows(sides) {
    const found = [], both = (make) => plan.SIDES.map((side) => (sides[side]?.answer ? make(sides[side], side) : null));
    const each = (kind, make, title, words) => {
      for (const level of levels(sides)) {
        const values = both((one) => { const zone = zonesOf(one).find((other) => other.id === level.id); return zone ? make(zone, one) : null; });
        if (values.some(Boolean)) found.push({ key: `${kind}:${level.id}`, title, level, values, words });
      }
    };
    each("distance", distances, say("距离", "distance"), length);
    each("people", peoples, say("内常住人口", "residents inside"), (value) => thousands(Math.round(value)));
    for (const [layer, { title, silent }] of registers(sides)) {
      if (silent) found.push({ key: `declared:${layer}`, title, values: both(() => UNDECLARED) });
      else each(`declared:${layer}`, (zone, one) => declared(zone, one, layer), title, thousands);
    }
    for (const [kind, title, of, words] of INSIDE) {
      const values = both((one) => {
        const inside = one.answer.exposure?.[kind], cut = zonesOf(one).some(plan.cut);
        return inside ? { number: inside[of], words: least(cut) + words(inside[of]), cut, fact: { title, how: kind === "roads" ? say("登记道路落在影响区内各段长度之和。", "Lengths of recorded roads within the zones, summed.") : RECORDS, counts: inside.counts, data: kind } } : CLOSED;
      });
      if (values.some(Boolean)) found.push({ key: kind, title, values, words });
    }
    each("area", areas, say("面积", "area"), area);
    const figures = new Map();
    for (const side of plan.SIDES) for (const one of sides[side]?.answer?.figures || []) if (!figures.has(one.name)) figures.set(one.name, one);
    for (const [name, first] of figures) {
      const values = both((one) => { const own = one.answer.figures.find((other) => other.name === name); return own ? { number: own.value, words: plan.said(own.value, own.unit), fact: { title: own.title, model: own.model, given: own.model === "given" } } : null; });
      found.push({ key: `figure:${name}`, title: first.title, values, words: (value) => plan.said(value, first.unit) });
    }
    return found;
  }

  /* Of a difference nothing is computed by a model: it is of two numbers, each with a basis of its own. */
  const between = (row) => ({
    title: say(`${row.level ? `${row.level.name} ` : ""}${row.title}，B − A`, `${row.level ? `${row.level.name} ` : ""}${row.title}, B − A`),
    how: say("B 的数值减去 A 的数值；由未舍入的数值相减，再按同样的位数写出。任一方被截断时不相减。", "The number of B less the number of A, subtracted before rounding and then written as both are. Nothing is subtracted where either is cut."),
    of: row.values.map((value, k) => ({ side: plan.SIDES[k], key: row.key, name: plan.SIDES[k], words: value.words })),
  });

  function bars(values, most) {
    return el("span", { class: "plan-bars", "aria-hidden": "true" }, values.map((value, k) => {
      const bar = el("i", { class: `plan-${plan.SIDES[k].toLowerCase()}${value?.cut ? " cut" : ""}` });
      bar.style.width = value && value.number ? `${Math.max(2, Math.round((100 * value.number) / most))}%` : "0";
      return bar;
    }));
  }

  function compare(sides) {
    const body = document.getElementById("plan-compare-body"), more = document.getElementById("plan-compare-more");
    more.textContent = sides.A && sides.B ? say("两图同比例、同范围、联动，差值为 B 减 A", "Both maps: one scale and extent; difference is B − A") : say("在左侧给情景标上 B 即可对比", "Mark another scenario B to compare");
    const list = rows(sides);
    if (!list.length) return body.replaceChildren(el("p", { class: "empty" }, plan.SIDES.some((side) => sides[side]?.busy) ? say("计算中", "Computing") : say("还没有算出的情景", "No scenario is computed yet")));
    const scale = (row) => Math.max(...list.filter((one) => one.level && row.level && one.title === row.title).flatMap((one) => one.values.map((value) => value?.number || 0)), ...row.values.map((value) => value?.number || 0), 1e-9);
    const head = el("tr", {}, [say("指标", "Figure"), "A", "B", say("差值", "Difference"), say("对照", "Side by side")].map((title, k) => el("th", { scope: "col", class: k > 0 && k < 4 ? "num" : "" }, title)));
    const lines = list.map((row) => {
      const [a, b] = row.values, both = a && b && !a.none && !b.none;
      const difference = !both ? "–" : a.cut || b.cut ? el("span", { class: "y" }, NO) : plan.number("B", `difference:${row.key}`, between(row), signed(b.number - a.number, row.words));
      const cell = (value, k) => (!value ? "–" : value.none ? el("span", { class: "t3" }, value.words) : plan.number(plan.SIDES[k], row.key, value.fact, value.words));
      const title = row.level ? [glyph(plan.grade(row.level.severity)), plan.levelled(row.level.name), el("span", {}, row.title), row.level.verified ? null : el("em", { class: "plan-doubt" }, say("未核实", "unverified"))] : [row.title];
      return el("tr", { class: plan.SIDES.some((side) => plan.marked(side, row.key)) ? "here" : "" },
        el("th", { scope: "row" }, el("span", { class: "plan-what" }, title)), el("td", { class: "num" }, cell(a, 0)), el("td", { class: "num" }, cell(b, 1)), el("td", { class: "num" }, difference), el("td", {}, bars(row.values, scale(row))));
    });
    body.replaceChildren(el("table", { class: "plan-table plan-both" }, el("thead", {}, head), el("tbody", {}, lines)));
  }

  Object.assign(plan, { compare, levels, zonesOf, distances });
})();
