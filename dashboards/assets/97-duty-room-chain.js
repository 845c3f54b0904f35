/* Steps 1 to 3 of the duty desk: the scenario with where its inputs are from, its zones, who is inside; what changed since. */
(function () {
  "use strict";
  const { el, say, get, post, time, length, glyph, thousands, base, gathered } = window.OneMap;
  const duty = window.OneMap.duty, air = duty.air;
  const DOES = { "AEGL-3": say("可能危及生命", "may be life-threatening"), "AEGL-2": say("不可逆伤害或难以撤离", "lasting harm, or escape is hampered"), "AEGL-1": say("明显不适，可恢复", "discomfort that passes") };
  const NONE = say("未做", "Not done"), RENEW = say("待更新", "to be renewed");
  let told = null, fault = null, of = "", framed = "", warned = new Set(), bench = null;

  const mine = (one) => (told && told.code === one.code && told.number ? told : null);
  const many = (n) => thousands(Math.round(n));
  const value = (each, v) => (v === null || v === undefined ? say("未登记", "not recorded") : typeof v === "number" ? window.OneMap.plan.asField(each, v) : Array.isArray(v) ? v.map((x) => x.toFixed(5)).join(", ") : each.word || String(v));

  async function read(one, tools) {
    const code = one.code;
    try {
      const found = await get(`api/incidents/chain?code=${encodeURIComponent(code)}`);
      if (code !== of) return;
      [told, fault] = [found, null];
      if (found.number) told.scenario_place = found.scenario_inputs.place;
      alarm(tools);
    } catch (error) { if (code !== of) return; fault = error; }
    tools.redraw();
    frame(tools);
  }

  /* Zones wider than what is seen are brought into view once a round. */
  function frame(tools) {
    const key = `${told?.round}|${told?.projection?.code || ""}`;
    if (!told?.number || framed === key) return;
    framed = key;
    const drawn = [...told.zones, ...(told.projection?.zones || [])].filter((zone) => zone.reached && zone.geometry);
    if (drawn.length && tools.map.getSize().x) tools.map.fitBounds(L.geoJSON(drawn.map((zone) => zone.geometry)).getBounds().pad(0.12), { animate: false, maxZoom: 15 });
  }

  /* Who was called and has not been told of yet: said once, before the zone is there. */
  function alarm(tools) {
    for (const one of told.falling || []) {
      const key = `${told.round}|${one.layer}/${one.key}|${one.reached}`;
      if (warned.has(key) || one.reached === "band" || (one.after_s !== null && !one.soon) || !["called", "post", "route", "order"].includes(one.kind)) continue;
      warned.add(key);
      tools.toast(`▲ ${one.title} ${one.text}`, "fault");
    }
  }

  const reread = gathered(() => { if (bench) read(bench.one, bench.tools); }, 1500);
  function opened(one, tools) {
    of = one ? one.code : "";
    [told, fault] = [null, null];
    warned = new Set();
    bench = one ? { one, tools } : null;
    air.furniture(null, null);
    if (one) read(one, tools);
  }
  setInterval(() => { if (bench && told?.number && !document.hidden) reread(); }, 60000);

  async function took(found, tools, words) {
    if (found.code !== of) return;
    told = found;
    if (found.number) told.scenario_place = found.scenario_inputs.place;
    tools.toast(words);
    await tools.again();
    frame(tools);
  }
  async function computed(body, tools) {
    const before = told?.number ? told : null, found = await post("api/incidents/compute", body);
    await took(found, tools, before ? say(`第 ${found.number} 轮已计算，与上一轮并列显示`, `Round ${found.number} is computed, shown beside the one before`) : say("第 1 轮已计算并记入日志", "Round 1 is computed and in the log"));
    tools.go(2);
  }
  Object.assign(air, { computed, took, reread: () => reread(), standing: (one) => mine(one) });

  /* figures of the strip */
  const failed = () => [say("读取失败", "Not read"), fault.message, "warn"];
  const waits = () => (told.projection ? say("推算待采用", "a projection waits") : "");
  const renewed = (figure) => (told.stale ? [figure[0], waits() ? `${RENEW}${say("，", ", ")}${waits()}` : RENEW, "warn"] : figure);
  function figure1(one) {
    later();
    if (fault && of === one.code) return failed();
    const found = mine(one);
    if (!found) return [told && told.code === one.code ? NONE : say("读取中", "Reading"), one.facts.chemical_name || say("物质未知", "substance unknown"), ""];
    const rate = found.figures.find((each) => each.unit === "kg/s"), inputs = new Map(found.inputs.map((each) => [each.name, each])), hole = inputs.get("release.hole_diameter"), mass = inputs.get("release.mass"), area = inputs.get("release.pool_area");
    const head = rate ? `${Number(rate.value.toPrecision(3))} kg/s` : mass && typeof mass.value === "number" ? window.OneMap.plan.said(mass.value, "kg") : area && typeof area.value === "number" ? window.OneMap.plan.said(area.value, "m2") : found.kind.title;
    const line = [found.chemical_name, hole ? say(`孔径 ${value(hole, hole.value)}`, `hole ${value(hole, hole.value)}`) : found.kind.title, say(`${found.scenario_inputs.weather.stability} 类`, `class ${found.scenario_inputs.weather.stability}`)].filter(Boolean).join(say("，", ", "));
    return found.stale && found.projection ? [head, `${RENEW}${say("：", ": ")}${waits()}`, "warn"] : found.stale ? [head, say(`${RENEW}：${found.changes.map((each) => each.title).join("、")}变了`, `${RENEW}: ${found.changes.map((each) => each.title).join(", ")}`), "warn"] : [head, line, "done"];
  }
  function figure2(one) {
    const found = mine(one);
    if (!found) return [NONE, "", ""];
    const reached = found.zones.filter((zone) => zone.reached), widest = reached.sort((a, b) => b.severity - a.severity)[0], doubts = [found.valid ? "" : say("超出适用范围", "outside validity"), reached.some((zone) => zone.cut !== "none") ? say("截断", "cut") : "", found.verified ? "" : say("限值未核实", "levels unverified")].filter(Boolean);
    return renewed(widest ? [`${widest.cut !== "none" ? "≥ " : ""}${length(widest.distance)}`, [air.level(widest.name)[0], ...doubts].join(say("，", ", ")), doubts.length ? "warn" : "done"] : [say("未达到", "none reached"), "", "done"]);
  }
  function figure3(one) {
    const found = mine(one);
    if (!found) return [NONE, "", ""];
    const widest = [...found.zones].filter((zone) => zone.reached).sort((a, b) => b.severity - a.severity)[0], soon = found.falling.filter((each) => each.reached !== "band" && ["called", "post", "route", "order"].includes(each.kind)).length;
    const kinds = found.targets ? say(`目标 ${found.targets.total}，其他危险源 ${found.domino?.total ?? "—"}`, `${found.targets.total} targets, ${found.domino?.total ?? "—"} other sources`) : say("目标无权查看", "targets are not open to you");
    const head = !widest ? say("0 人", "0") : widest.people === null ? say("人口未统计", "not counted") : say(`${many(widest.people)} 人`, many(widest.people));
    return renewed([head, soon ? say(`力量 ${soon} 处在区内或将进入`, `${soon} forces in it or soon`) : kinds, soon ? "warn" : "done"]);
  }

  /* Each later step says of which round it is: the newest there was when its last line was written. Where inputs have changed, or a round
     was computed since, it is to be renewed, whoever drew it; reports too. */
  const LINES = { 4: ["order", "resource"], 5: ["order"], 6: ["warning"], 7: ["report"] };
  const roundsOf = (one) => one.log.flatMap((line) => { const ref = line.struck ? null : line.refs.find((each) => each.startsWith("incident_scenarios/")); return ref ? [{ number: Number(ref.split("/Q")[1]), at: line.at }] : []; }).sort((a, b) => a.number - b.number);
  function roundOf(one, n) {
    const last = one.log.filter((line) => !line.struck && LINES[n].includes(line.kind) && !line.refs.some((ref) => ref.startsWith("incident_scenarios/"))).sort((a, b) => (a.at < b.at ? 1 : -1))[0];
    if (!last) return null;
    const known = roundsOf(one).filter((each) => each.at <= last.at);
    return known.length ? known[known.length - 1].number : 0;
  }
  function later() {
    for (let n = 4; n <= 7; n++) {
      const room = duty.rooms.get(n);
      if (!room || room.marked) continue;
      const own = room.figure, drawn = room.panel;
      room.marked = true;
      room.panel = (one, tools) => (mine(one) ? el("div", { class: "duty-room" }, drawn(one, tools), worth()) : drawn(one, tools));
      room.figure = (one) => {
        const [head, line, state] = own(one), found = mine(one), round = found && state ? roundOf(one, n) : null;
        if (!found || !state || (round === null && n === 7)) return [head, line, state];
        const made = round === null ? "" : round ? say(`按第 ${round} 轮`, `of round ${round}`) : say("推演前", "before any round"), old = found.stale || (round !== null && round < found.number);
        return [head, [old ? RENEW : "", made, line].filter(Boolean).join(say("，", ", ")), old ? "warn" : state];
      };
    }
  }

  /* panels */
  /* What a person typed for the round before is offered again, said to be theirs. */
  const fill = (one, tools) => { const found = mine(one), wish = found ? { kind: found.kind.id } : {}; air.fill(one, tools, wish, {}, found ? { number: found.number, inputs: found.inputs.filter((each) => each.typed) } : null); };
  const fillButton = (one, tools, words, look) => (tools.may ? el("button", { type: "button", class: `button ${look || ""}`, "data-act": "fill", on: { click: () => fill(one, tools) } }, words, " ", el("kbd", {}, "F")) : null);
  function none(one, tools, title) {
    if (fault) return el("section", {}, el("h3", {}, title), el("p", { class: "o", role: "alert" }, say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`)), el("div", { class: "duty-buttons" }, el("button", { type: "button", class: "button", on: { click: () => read(one, tools) } }, say("重试", "Try again"))));
    if (!told || told.code !== one.code) return el("section", {}, el("h3", {}, title), el("p", { class: "t3" }, say("读取中", "Reading")));
    return el("section", {}, el("h3", {}, title), el("p", { class: "t2" }, one.facts.hazard_source ? say("未做。按储罐登记和最近的新气象填好，缺项待填，核对后计算。", "Not done. Filled of the register of tanks and the nearest fresh weather; what is missing is asked.") : say("未做。没有关联重大危险源：从附近储罐中选，或填写。", "Not done. No hazard source is known: choose a tank near by, or fill it in.")),
      el("div", { class: "duty-buttons" }, fillButton(one, tools, say("填情景", "Fill the scenario"), "primary"), window.OneMap.may("plan") ? el("a", { class: "button", href: `${base}planner` }, say("打开推演", "The planner")) : null));
  }

  const bound = (each) => (each.limit ? `${each.title} ≥ ${each.limit.way === "share" ? `${100 * each.limit.value}%` : `${each.limit.value} ${each.limit.unit.replace("deg", "°").replace("K", "℃")}`}` : say(`${each.title} 任何差别`, `${each.title}, any difference`));
  air.changed = (each) => [`${value({ ...each, word: each.words[0] }, each.before)} → `, el("b", {}, value({ ...each, word: each.words[1] }, each.after))];
  function renewal(one, tools) {
    if (!told.stale) return null;
    return el("div", { class: "chain-stale", role: "status" }, el("b", {}, say(`▲ 待更新：计算后有 ${told.changes.length} 项变化`, `▲ To be renewed: ${told.changes.length} inputs have changed`)),
      el("dl", {}, told.changes.map((each) => el("div", {}, el("dt", {}, each.title), el("dd", {}, air.changed(each), el("span", { class: "t3" }, ` ${air.from(each.origin)}`))))),
      el("div", { class: "duty-buttons" }, told.projection ? air.settling(one, tools) : null, fillButton(one, tools, say("按新值重算", "Compute anew"), told.projection ? "" : "primary")),
      told.projection ? el("p", {}, `▲ ${air.projected(told.projection)}${say("：", ": ")}${told.projection.text}`, air.since(told.projection)) : el("p", { class: "t2", "data-projection-none": "1" }, told.projection_none),
      el("p", { class: "t3" }, say(`提示限值（未核实）：${told.changes.map(bound).join("；")}`, `Limits of this notice (unverified): ${told.changes.map(bound).join("; ")}`)));
  }

  const OWN = (name) => name !== "place.lat" && !(name.startsWith("ground.") || name === "period" || name === "weather.wind_height" || name === "weather.ambient_pressure");
  function inputs() {
    const rows = told.inputs, place = rows.find((each) => each.name === "place.lat");
    const line = (each) => {
      const words = each.name === "place.lon" ? `${Number(each.value).toFixed(5)}, ${Number(place?.value).toFixed(5)}` : each.name === "chemical" ? `${told.chemical_name} ${each.value}` : value(each, each.value);
      const from = each.typed ? [say("人工填写", "typed"), each.offered === null || each.offered === undefined ? "" : say(`登记为 ${value(each, each.offered)}`, `recorded: ${value(each, each.offered)}`)].filter(Boolean).join(say("，", ", ")) : each.origin.default ? each.origin.text : air.from(each.origin);
      return el("div", { class: each.typed ? "typed" : each.origin.stale ? "stale" : "" }, el("dt", {}, each.name === "place.lon" ? say("释放点", "Source") : each.title), el("dd", {}, el("b", {}, words), el("span", { class: each.origin?.stale ? "y" : "t3" }, from)));
    };
    return [el("dl", { class: "chain-inputs" }, rows.filter((each) => OWN(each.name)).map(line)), el("details", { class: "duty-elsewhere" }, el("summary", {}, say("其他输入", "Other inputs")), el("dl", { class: "chain-inputs" }, rows.filter((each) => !OWN(each.name) && each.name !== "place.lat").map(line)))];
  }

  /* The limits panel: what holds, what does not, what is left out, how far it was tried; never folded where something does not hold. */
  function limits() {
    const every = [...told.checks, ...told.zones.flatMap((zone) => zone.checks)], seen = new Map(every.map((each) => [`${each.parameter}|${each.value}`, each])), out = [...seen.values()].filter((each) => !each.holds), held = [...seen.values()].filter((each) => each.holds), p = window.OneMap.plan;
    const check = (each) => el("li", { class: each.holds ? "" : "y" }, `${each.holds ? "✓" : "▲"} ${each.title} ${p.said(each.value, each.unit)}`, el("span", { class: "t3" }, say(`（适用 ${p.range(each.low, each.high, each.unit)}）`, ` (valid ${p.range(each.low, each.high, each.unit)})`)));
    const models = Object.values(told.models), left = [...new Set(models.flatMap((each) => each.neglects))];
    return el("div", { class: "chain-limits" },
      el("p", { class: out.length ? "y" : "t2" }, out.length ? say(`▲ ${out.length} 项条件超出模型适用范围`, `▲ ${out.length} conditions are outside validity`) : say("✓ 各项条件在模型适用范围内", "✓ all conditions are within validity"), told.verified ? "" : el("span", { class: "y" }, say("；限值或模型未核实", "; levels or models are unverified"))),
      out.length ? el("ul", {}, out.map(check)) : null,
      el("details", { open: Boolean(out.length) || null }, el("summary", {}, say("模型限制和依据", "Limits and basis of the model")),
        el("ul", {}, held.map(check), told.notes.map((words) => el("li", {}, `· ${words}`)), left.map((words) => el("li", {}, say(`· 未计：${words}`, `· left out: ${words}`)))),
        el("p", { class: "t3" }, `${models.map((each) => each.title).join(say("、", ", "))}${say("；证据：", "; evidence: ")}${told.evidence.title}${say("；输入指纹 ", "; inputs ")}${told.fingerprint.slice(0, 4)}…${told.fingerprint.slice(-4)}`)),
      trust());
  }
  const trust = () => el("p", { class: "t3" }, say("按已发表方法推演，未经任何主管部门验证，不得单独作为疏散依据。", "Computed by published methods; no authority has validated them for evacuation decisions."));
  /* What is decided on the zones later says what they are worth as well; the whole of it stands under steps 1 to 3. */
  function worth() {
    const out = [...told.checks, ...told.zones.flatMap((zone) => zone.checks)].filter((each) => !each.holds).length, doubts = [told.stale ? say(`计算后已变：${told.changes.map((each) => each.title).join("、")}`, `changed since: ${told.changes.map((each) => each.title).join(", ")}`) : "", out ? say(`${out} 项条件超出模型适用范围`, `${out} conditions are outside validity`) : "", told.verified ? "" : say("限值或模型未核实", "levels or models are unverified")].filter(Boolean);
    return el("section", { class: "chain" }, el("div", { class: "chain-limits" }, el("p", { class: doubts.length ? "y" : "t2" }, say(`图上影响区为第 ${told.number} 轮推演`, `The zones on the map are of round ${told.number}`), doubts.length ? `：▲ ${doubts.join(say("；", "; "))}` : say("：各项条件在模型适用范围内", ": all conditions are within validity")), trust()));
  }

  function panel1(one, tools) {
    if (!mine(one)) return none(one, tools, say("情景", "Scenario"));
    return el("section", { class: "chain" }, el("div", { class: "line" }, el("h3", {}, say("情景", "Scenario")), el("span", { class: "t3" }, say(`第 ${told.number} 轮 ${time.age(told.computed_at)} ${told.by.split(/[,，]/)[0]}`, `round ${told.number} ${time.age(told.computed_at)} ${told.by.split(/[,，]/)[0]}`)), el("span", { class: "sp" }), told.stale ? null : fillButton(one, tools, say("重算", "Compute anew"))),
      renewal(one, tools), inputs(), limits(), told.scenario && window.OneMap.may("plan") ? el("div", { class: "duty-buttons" }, el("a", { class: "link", href: `${base}planner?a=${encodeURIComponent(told.scenario)}` }, say(`在推演页看 ${told.scenario}`, `${told.scenario} in the planner`))) : null);
  }

  /* Zone block: glyph, level and what it does to people, number inside, at most by the band, threshold and distance. */
  function block(zone) {
    const [name, rest] = air.level(zone.name), was = told.before?.zones.find((each) => each.id === zone.id), marks = [zone.verified ? "" : say("未核实", "unverified"), zone.valid ? "" : say("超出适用范围", "outside validity"), zone.cut !== "none" ? zone.cut_text : ""].filter(Boolean);
    const people = !zone.reached ? "—" : zone.people === null ? say("未统计", "not counted") : say(`${many(zone.people)} 人`, many(zone.people));
    return el("li", { class: `chain-zone g${air.grade(zone.severity)}` }, glyph(air.grade(zone.severity)),
      el("div", { class: "what" }, el("b", {}, name), el("span", { class: "t2" }, DOES[name] || ""), el("span", { class: "t3" }, rest || say(`限值 ${window.OneMap.plan.said(zone.value, zone.unit)}`, `level ${window.OneMap.plan.said(zone.value, zone.unit)}`)), marks.length ? el("span", { class: "y" }, marks.join(say("，", ", "))) : null),
      el("div", { class: "who" }, el("b", {}, people), zone.reached && zone.people_most !== null && zone.people_most !== undefined ? el("span", { class: "t3" }, say(`上限 ${many(zone.people_most)} 人`, `at most ${many(zone.people_most)}`)) : null),
      el("div", { class: "far" }, el("b", {}, zone.reached ? `${zone.cut !== "none" ? "≥ " : ""}${length(zone.distance)}` : say("未达到", "not reached")), zone.ends && zone.reached ? el("span", { class: "t2", title: zone.ends.basis }, say(`${length(zone.ends.least)} 至 ${length(zone.ends.most)}`, `${length(zone.ends.least)} to ${length(zone.ends.most)}`)) : null, was ? el("span", { class: "t3" }, say(`上一轮 ${was.reached ? length(was.distance) : "未达到"}`, `before ${was.reached ? length(was.distance) : "not reached"}`)) : null));
  }

  function erg() {
    const book = told.guidebook, reach = (each) => `${length(each.metres)}${each.more ? "+" : ""}`;
    if (!book.supplied) return el("p", { class: "t3" }, say("应急响应指南（ERG）隔离距离：本站点未提供", "ERG distances: not supplied at this site"));
    if (book.fault) return el("p", { class: "y" }, say(`应急响应指南（ERG）文件有误：${book.fault}`, `ERG file is wrong: ${book.fault}`));
    if (!book.rows.length) return el("p", { class: "t3" }, say(`应急响应指南（${book.edition}）没有该物质`, `The guidebook (${book.edition}) has no row of it`));
    return el("table", { class: "chain-erg" }, el("caption", {}, say(`应急响应指南 ${book.edition}`, `Guidebook ${book.edition}`)), el("thead", {}, el("tr", {}, ["", say("隔离", "isolate"), say("白天防护", "by day"), say("夜间防护", "by night")].map((words) => el("th", { scope: "col" }, words)))), el("tbody", {}, book.rows.map((row) => el("tr", {}, el("th", { scope: "row" }, `UN${row.un} ${row.spill === "large" ? say("大量泄漏", "large spill") : say("少量泄漏", "small spill")}`), el("td", {}, reach(row.isolation)), el("td", {}, reach(row.protect_day)), el("td", {}, reach(row.protect_night))))));
  }

  /* What the band of a fire or a blast is, or that there is none. */
  function ends() {
    const basis = told.zones.find((zone) => zone.ends)?.ends.basis;
    if (basis) return el("p", { class: "t2", "data-ends": "1" }, say(`不确定带：${basis}`, `Band: ${basis}`));
    return told.zones.some((zone) => zone.band) || !told.round_zones ? null : el("p", { class: "y", "data-ends": "0" }, say("无不确定带（无来源）：没有可引用的误差或输入范围", "No band: no published error or range of an input is at hand"));
  }

  function panel2(one, tools) {
    if (!mine(one)) return none(one, tools, say("影响区", "Zones"));
    return el("section", { class: "chain" }, el("div", { class: "line" }, el("h3", {}, say("影响区", "Zones")), el("span", { class: "t3" }, told.before ? say(`第 ${told.number} 轮，与第 ${told.before.number} 轮比`, `round ${told.number}, beside round ${told.before.number}`) : say(`第 ${told.number} 轮 ${time.age(told.computed_at)}`, `round ${told.number} ${time.age(told.computed_at)}`))),
      renewal(one, tools), el("ul", { class: "chain-zones" }, [...told.zones].sort((a, b) => a.severity - b.severity).map(block)), told.zones.length > 1 ? el("p", { class: "t3" }, say("外区人数含内区，不可相加", "Outer zones count the people of inner ones: not to be added up")) : null,
      ends(),
      el("p", { class: "t3" }, told.timed ? told.timing : say(`${told.timing}；路线避让时视为一直存在`, `${told.timing}; routes take it as always there`), told.begun_at ? "" : say("；释放开始时间未填", "; nobody told when it began")), erg(), limits());
  }

  const place = (row) => el("li", {}, glyph(air.grade(row.severity)), el("span", { class: "el" }, row.name), el("span", { class: "t3" }, row.title), el("span", { class: "num" }, length(row.distance)));
  function list(title, table, words) {
    if (table === null || table === undefined) return el("p", { class: "t3" }, say(`${title}：您的岗位无权查看`, `${title}: not open to your role`));
    return [el("div", { class: "line" }, el("h4", {}, title), el("span", { class: "t3" }, table.total ? say(`${table.total} 处，由近到远`, `${table.total}, nearest first`) : words)), table.total ? el("ol", { class: "chain-list" }, table.rows.slice(0, 12).map(place)) : null, table.total > 12 ? el("p", { class: "t3" }, say(`另有 ${table.total - 12} 处，见地图`, `${table.total - 12} more on the map`)) : null];
  }

  const falls = air.falls = (rows) => el("ol", { class: "chain-falls" }, rows.map((each) => el("li", { class: each.reached }, el("i", { "aria-hidden": "true" }, { inside: "■", coming: "▲", band: "◇" }[each.reached]), el("span", { class: "el" }, el("b", {}, each.title), el("span", { class: "t3" }, ` ${each.kind_word}`)), el("span", { class: each.reached === "band" ? "t2" : "o" }, each.text))));
  function panel3(one, tools) {
    if (!mine(one)) return none(one, tools, say("受影响", "Affected"));
    const declared = told.exposure.declared || [], worst = new Map();
    for (const each of declared) if (!worst.has(each.layer) || worst.get(each.layer).severity < each.severity) worst.set(each.layer, each);
    return el("section", { class: "chain" }, el("h3", {}, say("受影响", "Affected")), renewal(one, tools),
      told.falling.length ? [el("h4", {}, say("队伍、指挥部、避难场所", "Teams, posts, shelters")), falls(told.falling.slice(0, 14)), told.falling.length > 14 ? el("p", { class: "t3" }, say(`另有 ${told.falling.length - 14} 处`, `${told.falling.length - 14} more`)) : null] : el("p", { class: "t2" }, say("没有队伍、指挥部、避难场所在影响区或不确定带内", "No team, post or shelter is in a zone or its band")),
      worst.size ? el("dl", { class: "chain-inputs" }, [...worst.values()].map((each) => el("div", {}, el("dt", {}, each.title), el("dd", {}, el("b", {}, each.people === null ? say("未申报", "not declared") : say(`${many(each.people)} 人`, many(each.people))), el("span", { class: "t3" }, say(`${each.rows} 处，各项不相加`, `${each.rows} places; never added up`)))))) : null,
      list(say("保护目标", "Protection targets"), told.targets, say("区内没有", "none inside")), list(say("其他危险源（多米诺）", "Other hazard sources (domino)"), told.domino, say("区内没有", "none inside")));
  }

  /* Beside every step: forces that a zone will reach, before it does. */
  function beside(one) {
    const rows = mine(one)?.falling.filter((each) => each.reached !== "band" && ["called", "post", "route", "order"].includes(each.kind)) || [];
    return rows.length ? el("section", { class: "chain-warn", role: "alert" }, el("h3", {}, say("▲ 力量在影响区内或将进入", "▲ Forces in a zone, or soon")), falls(rows.slice(0, 6))) : null;
  }

  function draw(one, group, tools) {
    const found = mine(one);
    air.furniture(found, one);
    if (found) air.draw(found, group, tools.map);
  }

  const layers = ["incident_scenarios", "incident_projections", "weather_stations", "tanks", "shelters", "teams", "resource_bookings", "incident_orders", "incident_log"];
  duty.room(1, { figure: figure1, panel: panel1, map: draw, opened, layers, changed: reread, keys: [["F", say("填情景", "scenario"), (one, tools) => { if (tools.may) fill(one, tools); }]] });
  duty.room(2, { figure: figure2, panel: panel2 });
  duty.room(3, { figure: figure3, panel: panel3 });
  duty.section("falling", { panel: beside });
})();
