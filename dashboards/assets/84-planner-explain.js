/* How a number came: value, method, inputs, validity with the actual number, evidence, version and fingerprint. */
(function () {
  "use strict";
  const { el, say, icon, time } = window.OneMap;
  const plan = window.OneMap.plan;
  const section = (title, ...body) => el("section", {}, el("h3", {}, title), ...body);
  const pairs = (list) => el("dl", {}, list.filter(Boolean).map(([name, words, doubt]) => el("div", {}, el("dt", {}, name), el("dd", {}, words, doubt ? el("span", { class: "y" }, ` ${doubt}`) : null))));
  const UNVERIFIED = say("未核实", "unverified");

  function checks(list) {
    return el("ul", { class: "plan-checks" }, list.map((check) => el("li", { class: check.holds ? "" : "y" }, check.holds ? tick() : icon("warn", 16), el("span", {}, `${check.title} ${plan.range(check.low, check.high, check.unit)}`), el("b", {}, plan.said(check.value, check.unit)), el("span", { class: "sr" }, check.holds ? say("适用", "holds") : say("超出适用范围", "outside")))));
  }
  function tick() {
    const one = icon("close", 16);
    one.firstChild.setAttribute("d", "M4.500 12.500 10 18 20 7");
    one.classList.add("acc");
    return one;
  }

  function inputs(one, fields) {
    const given = one.answer.scenario, known = new Map(fields.map((field) => [field.name, field])), weather = given.weather;
    const line = (name, value) => { const field = known.get(name); return value === null || value === undefined || name === "kind" ? null : [field?.title || name, typeof value === "number" ? plan.asField(field, value) : plan.word(field, value)]; };
    const air = weather.source === "typed" ? say("手工填写", "typed") : `${weather.source}${weather.observed_at ? ` ${time.dated(new Date(weather.observed_at))}` : ""}`;
    return pairs([
      [say("化学品", "Chemical"), one.chemical || given.chemical], ...Object.entries(given.release).map(([name, value]) => line(name, value)),
      ...["wind_speed", "wind_from", "wind_height", "stability", "ambient_temperature", "relative_humidity", "ambient_pressure"].map((name) => line(name, weather[name])),
      line("terrain", given.ground.terrain), line("roughness", given.ground.roughness), [say("气象来源", "Weather from"), air, plan.stale(weather.observed_at) ? say("过期", "stale") : ""],
    ]);
  }

  function method(fact, model) {
    const given = fact.given && say("由输入直接给定。", "As given in the inputs.");
    const lines = [fact.how, given, model?.how].filter(Boolean).map((words) => el("p", {}, words));
    if (model?.formula) lines.push(el("p", { class: "plan-formula" }, model.formula), el("details", {}, el("summary", {}, say("符号", "Symbols")), pairs(model.symbols.map((one) => [one.letter, one.words]))));
    if (model) lines.push(el("p", { class: "t3" }, `${model.title}${say("：", ": ")}${model.source}`));
    if (fact.doubt) lines.push(el("p", { class: "y" }, fact.doubt));
    return lines;
  }

  /* The ages of what the number rests on: of everything for a zone, of its own layers for what was counted. */
  function data(fact, answer) {
    const list = fact.zone || !fact.data ? answer.data : answer.data.filter((one) => plan.layersOf(fact.data, answer).has(one.name));
    return pairs(list.map((one) => [one.title, one.observed_at ? time.age(one.observed_at) : one.source || say("未说明", "not said"), one.verified ? "" : UNVERIFIED]));
  }
  const layersOf = (kind, answer) => new Set(answer.data.some((one) => one.name === kind) ? [kind] : (answer.exposure?.[kind]?.rows || []).map((row) => row.layer));

  /* A number made of two others: theirs is the basis, opened from here; the weaker evidence is its own. */
  function composed(fact, sides) {
    const parts = fact.of.map((each) => plan.facts.get(`${each.side}|${each.key}`) || each), kept = [...new Set(fact.of.map((each) => each.side))];
    const tier = (each) => { const answer = { ...sides[each.side].answer, ...(each.answer || {}) }; return (each.zone && answer.models[each.zone.model]) ? { tier: answer.models[each.zone.model].tier, title: answer.models[each.zone.model].tier_title } : answer.evidence; };
    const weakest = parts.map(tier).filter(Boolean).sort((a, b) => b.tier - a.tier)[0], doubtful = parts.some((each) => each.zone && !each.zone.verified);
    return [
      section(say("由此得出", "Made of"), pairs(fact.of.map((each) => [each.name, el("button", { type: "button", class: "plan-number", "data-fact": `${each.side}|${each.key}`, title: say("看依据", "See the basis"), on: { click: () => plan.pick(each.side, each.key) } }, each.words)]))),
      section(say("证据", "Evidence"), weakest ? el("p", {}, say(`两者中较弱：${weakest.title}`, `The weaker of both: ${weakest.title}`)) : null, doubtful ? el("p", { class: "y" }, say("限值未核实", "the level is unverified")) : null),
      el("footer", { class: "plan-receipt" }, kept.map((side) => el("p", { title: sides[side].answer.fingerprint }, say(`${side} 输入指纹 `, `Inputs of ${side} `), `${sides[side].answer.fingerprint.slice(0, 4)}…${sides[side].answer.fingerprint.slice(-4)}`))),
    ];
  }

  function explain(sides, fields) {
    const body = document.getElementById("plan-explain-body"), more = document.getElementById("plan-explain-more");
    const fact = plan.chosen(), one = fact && sides[fact.side];
    more.replaceChildren(...(one ? [...new Set(fact.of?.map((each) => each.side) || [fact.side])].map(plan.tag) : []));
    if (!one?.answer) return body.replaceChildren(el("p", { class: "empty" }, say("单击表中或图上的任一数值，看它怎么来、能信多少。", "Click any number to see how it came and how far to trust it.")));
    const answer = { ...one.answer, ...(fact.answer || {}) }, zone = fact.zone, model = answer.models[fact.model] || answer.models[zone?.model], parts = [];
    parts.push(el("div", { class: "plan-value" }, el("p", { class: "t2" }, fact.title), el("b", {}, fact.words), answer.first ? el("p", { class: "y" }, say("首算，积分模型计算中", "First answer; the integral model is still computing")) : null, zone && plan.cut(zone) ? el("p", { class: "y" }, icon("warn", 15), ` ${zone.cut_text}`) : null));
    if (fact.rows || fact.counts) parts.push(section(say("明细", "In detail"), pairs([...(fact.rows || []), ...(fact.counts || []).map((each) => [each.title, say(`${each.count} 处，第 ${each.severity} 重区`, `${each.count} in zone ${each.severity}`)])])));
    const how = method(fact, fact.data || fact.of ? null : model);
    if (how.length) parts.push(section(say("怎么算的", "How"), ...how));
    if (fact.quoted) { body.replaceChildren(...parts); return; }
    if (fact.of) { body.replaceChildren(...parts, ...composed(fact, sides)); body.scrollTop = 0; return; }
    if (zone) parts.push(section(say("阈值", "Level"), pairs([[say("限值", "Value"), plan.said(zone.value, zone.unit), zone.verified ? "" : UNVERIFIED], zone.averaging ? [say("平均时间", "Averaging"), plan.said(zone.averaging, "s")] : null, zone.source ? [say("出处", "Source"), zone.source] : null])));
    parts.push(section(say("输入", "Inputs"), inputs(one, fields)));
    const list = zone ? zone.checks : answer.checks;
    parts.push(section(say("适用性", "Validity"), list.length ? checks(list) : el("p", { class: "t3" }, say("该模型没有给出适用范围", "The model states no range")), model?.neglects?.length ? el("ul", { class: "plan-checks" }, model.neglects.map((words) => el("li", {}, icon("warn", 16), el("span", {}, say(`未计：${words}`, `Left out: ${words}`))))) : null));
    if (answer.notes.length) parts.push(section(say("注意", "Note"), ...answer.notes.map((words) => el("p", { class: "y" }, words))));
    parts.push(section(say("证据", "Evidence"), el("p", {}, model ? model.tier_title : answer.evidence.title), Object.keys(answer.models).length > 1 ? el("p", { class: "t3" }, say(`全链最弱：${answer.evidence.title}`, `Weakest of the chain: ${answer.evidence.title}`)) : null));
    if (answer.data.length) parts.push(section(say("数据", "Data"), data(fact, answer)));
    parts.push(el("footer", { class: "plan-receipt" }, ...Object.entries(answer.models).map(([id, card]) => el("p", {}, say(`模型 ${id} ${card.version}`, `Model ${id} ${card.version}`))), el("p", { title: answer.fingerprint }, say(`程序 ${answer.code_version}·输入指纹 `, `Code ${answer.code_version} · inputs `), `${answer.fingerprint.slice(0, 4)}…${answer.fingerprint.slice(-4)}`)));
    body.replaceChildren(...parts);
    body.scrollTop = 0;
  }

  Object.assign(plan, { explain, layersOf });
})();
