/* How a number came: value, method, inputs, validity with the actual number, evidence, version and fingerprint. */
(function () {
  "use strict";
  const { el, say, icon, time } = window.OneMap;
  const plan = window.OneMap.plan;
  const section = (title, ...body) => el("section", {}, el("h3", {}, title), ...body);
  const pairs = (list) => el("dl", {}, list.filter(Boolean).map(([name, words, doubt]) => el("div", {}, el("dt", {}, name), el("dd", {}, words, doubt ? el("span", { class: "y" }, ` ${doubt}`) : null))));

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
    const given = JSON.parse(one.answer.result.receipt.inputs), known = new Map(fields.map((field) => [field.name, field])), weather = given.weather;
    const line = (name, value) => { const field = known.get(name); return value === null || value === undefined || name === "kind" ? null : [field?.title || name, typeof value === "number" && field?.unit ? plan.said(value, field.unit === "deg" ? "°" : field.unit) : window.OneMap.plan.word(field, value)]; };
    const air = weather.source === "typed" ? say("手工填写", "typed") : `${weather.source}${weather.observed_at ? ` ${time.minute(new Date(weather.observed_at))}` : ""}`;
    return pairs([[say("化学品", "Chemical"), one.chemical || given.chemical], ...Object.entries(given.release).map(([name, value]) => line(name, value)), line("wind_speed", weather.wind_speed), line("wind_from", weather.wind_from), line("stability", weather.stability), line("ambient_temperature", weather.ambient_temperature), line("terrain", given.ground.terrain), line("roughness", given.ground.roughness), [say("气象来源", "Weather from"), air]]);
  }

  function explain(sides, chosen, fields) {
    const body = document.getElementById("plan-explain-body"), title = document.querySelector("#plan-explain h2"), more = document.getElementById("plan-explain-more");
    const one = chosen && sides[chosen.side];
    more.replaceChildren(...[chosen ? plan.tag(chosen.side) : null].filter(Boolean));
    title.textContent = say("依据", "Basis");
    if (!one?.answer) return body.replaceChildren(el("p", { class: "empty" }, say("单击表中或图上的任一数值，看它怎么来、能信多少。", "Click any number to see how it came and how far to trust it.")));
    const answer = one.answer, { value } = chosen, zone = value.zone, model = zone && answer.models[zone.model], parts = [];
    parts.push(el("div", { class: "plan-value" }, el("p", { class: "t2" }, chosen.title), el("b", {}, value.words), zone && plan.cut(zone) ? el("p", { class: "y" }, icon("warn", 15), ` ${zone.cut_text}`) : null));
    if (value.people) parts.push(section(say("怎么算的", "How"), el("p", {}, say("影响区与人口栅格按面积精确相交后求和，含更重的级别。", "The zone cut exactly with the population raster, worse levels included.")), value.people.known < 0.999 ? el("p", { class: "y" }, say(`区内 ${Math.round(100 * value.people.known)}% 有人口数据`, `${Math.round(100 * value.people.known)} % of the zone has data`)) : null));
    else if (value.kind) parts.push(section(say("怎么算的", "How"), el("p", {}, say("按您的权限读取的登记对象中，与最外影响区相交的。", "Of the records open to you, those that the outermost zone touches."))));
    else if (model?.how) parts.push(section(say("怎么算的", "How"), el("p", {}, model.how), el("p", { class: "t3" }, model.source)));
    if (zone) parts.push(section(say("阈值", "Level"), pairs([[say("限值", "Value"), `${plan.rounded(zone.value)}\u2009${zone.unit}`, zone.verified ? "" : say("未核实", "unverified")], zone.averaging ? [say("平均时间", "Averaging"), plan.said(zone.averaging, "s")] : null, zone.source ? [say("出处", "Source"), zone.source] : null])));
    parts.push(section(say("输入", "Inputs"), inputs(one, fields)));
    const list = zone ? zone.checks : answer.checks;
    parts.push(section(say("适用性", "Validity"), list.length ? checks(list) : el("p", { class: "t3" }, say("该模型没有给出适用范围", "The model states no range")), model?.neglects?.length ? el("ul", { class: "plan-checks" }, model.neglects.map((words) => el("li", {}, icon("warn", 16), el("span", {}, say(`未计：${words}`, `Left out: ${words}`))))) : null));
    if (answer.notes.length) parts.push(section(say("注意", "Note"), ...answer.notes.map((words) => el("p", { class: "y" }, words))));
    parts.push(section(say("证据", "Evidence"), el("p", {}, model ? model.tier_title : answer.evidence.title), Object.keys(answer.models).length > 1 ? el("p", { class: "t3" }, say(`全链最弱：${answer.evidence.title}`, `Weakest of the chain: ${answer.evidence.title}`)) : null));
    if (answer.data.length) parts.push(section(say("数据", "Data"), pairs(answer.data.map((data) => [data.title, data.observed_at ? time.age(data.observed_at) : data.source || say("未说明", "not said"), data.verified ? "" : say("未核实", "unverified")]))));
    parts.push(el("footer", { class: "plan-receipt" }, ...Object.entries(answer.models).map(([id, card]) => el("p", {}, say(`模型 ${id} ${card.version}`, `Model ${id} ${card.version}`))), el("p", { title: answer.fingerprint }, say(`程序 ${answer.code_version}·输入指纹 `, `Code ${answer.code_version} · inputs `), `${answer.fingerprint.slice(0, 4)}…${answer.fingerprint.slice(-4)}`)));
    body.replaceChildren(...parts);
  }

  const word = (field, value) => field?.options?.find((one) => one.id === String(value))?.title || String(value);
  Object.assign(plan, { explain, word });
})();
