/* Second opinions: the same scenario by every model that applies and by the guidebook, side by side and never averaged. */
(function () {
  "use strict";
  const { el, say, post, glyph, length } = window.OneMap;
  const plan = window.OneMap.plan;
  const told = new Map();
  const SAME = say("同一情景、同一输入，只换模型；各列并列，不取平均。", "One scenario, one set of inputs, another model; columns stand side by side, never averaged.");

  function ask(one, redraw) {
    const key = one.answer.fingerprint;
    if (told.has(key)) return told.get(key);
    const mine = { busy: true };
    told.set(key, mine);
    post("api/planner/opinions", one.given).then((found) => Object.assign(mine, { found }), (fault) => { Object.assign(mine, { fault }); told.delete(key); }).finally(() => { mine.busy = false; redraw(); });
    return mine;
  }

  /* The farthest and the nearest answer to one question; how far models differ, not how far any is wrong. */
  function spread(side, level, opinions, zones) {
    const reached = opinions.map((each, k) => ({ each, zone: zones[k] })).filter(({ zone }) => zone?.reached).sort((a, b) => b.zone.distance - a.zone.distance);
    const end = ({ each, zone }) => ({ side, key: `opinion:${each.id}:${level.id}`, name: each.title, words: plan.far(zone) });
    return {
      title: say(`${level.name}，最远 ÷ 最近`, `${level.name}, farthest ÷ nearest`),
      how: say("同一情景各模型所得距离中，最远者除以最近者；未达到和拒绝计算的不计，任一被截断时不相除。它说明各模型相差多少，不是误差。", "Of the distances that models give for one scenario, the farthest over the nearest. Models that refuse, or say it is not reached, are left out; nothing is divided where one is cut. It tells how far models differ, which is not how far they are wrong."),
      of: [end(reached[0]), end(reached.at(-1))],
    };
  }

  function table(side, one, found) {
    const opinions = found.opinions, levels = opinions[0].zones;
    if (opinions.length === 1) return el("p", { class: "empty" }, say("此类释放只有一种模型，没有第二意见。", "This kind of release has one model only: there is no second opinion."));
    const drawn = one.answer.zones[0]?.model, model = (each) => each.zones?.[0]?.model, chosen = opinions.find((each) => each.id !== "auto" && model(each) && model(each) === model(opinions[0]));
    const note = (each) => { const words = [each.id === "auto" && chosen ? `= ${chosen.title}` : "", each.id !== "auto" && model(each) === drawn ? say("图上所示", "on the map") : ""].filter(Boolean).join(" "); return words ? el("small", {}, words) : null; };
    const head = el("tr", {}, el("th", { scope: "col" }, say("限值", "Level")), opinions.map((each) => el("th", { scope: "col", class: "num" }, each.title, note(each))), el("th", { scope: "col", class: "num" }, say("最远 ÷ 最近", "Farthest ÷ nearest")));
    const lines = levels.map((level) => {
      const zones = opinions.map((each) => each.zones?.find((zone) => zone.id === level.id)), reached = zones.filter((zone) => zone?.reached).map((zone) => zone.distance), cut = zones.some((zone) => zone && plan.cut(zone));
      const ratio = reached.length > 1 ? Math.max(...reached) / Math.min(...reached) : null;
      return el("tr", {}, el("th", { scope: "row" }, el("span", { class: "plan-what" }, glyph(plan.grade(level.severity)), plan.levelled(level.name), level.verified ? null : el("em", { class: "plan-doubt" }, say("未核实", "unverified")))),
        opinions.map((each, n) => el("td", { class: "num" }, zones[n] ? plan.number(side, `opinion:${each.id}:${level.id}`, { title: say(`${level.name} 距离，${each.title}`, `${level.name} distance, ${each.title}`), zone: zones[n], model: zones[n].model, how: SAME, answer: { models: each.models, notes: each.notes, checks: zones[n].checks, evidence: each.evidence, fingerprint: each.fingerprint } }, plan.far(zones[n])) : "–")),
        el("td", { class: "num" }, ratio === null ? "–" : cut ? el("span", { class: "y" }, say("不可比", "not comparable")) : plan.number(side, `spread:${level.id}`, spread(side, level, opinions, zones), plan.rounded(ratio))));
    });
    const refused = opinions.filter((each) => each.refused).map((each) => el("p", { class: "empty" }, el("b", {}, `${each.title}：`), each.refused));
    return el("div", {}, el("div", { class: "plan-scroll" }, el("table", { class: "plan-table" }, el("thead", {}, head), el("tbody", {}, lines))), refused);
  }

  function guidebook(side, found) {
    const book = found.guidebook, title = el("b", {}, say("应急响应指南(ERG)距离", "Emergency Response Guidebook"));
    if (!book.supplied) return el("p", { class: "empty" }, title, say("：未提供", ": not supplied"));
    if (book.fault) return el("p", { class: "empty r" }, title, say(`：文件不合格式，${book.fault}`, `: the file is wrong, ${book.fault}`));
    if (!book.rows.length) return el("p", { class: "empty" }, title, say(`（${book.edition}）：没有该物质（UN ${book.un.join("、") || "未知"}）`, ` (${book.edition}): not this substance (UN ${book.un.join(", ") || "unknown"})`));
    const far = (reach) => `${length(reach.metres)}${reach.more ? "+" : ""}`, SPILLS = { small: say("小量泄漏", "small spill"), large: say("大量泄漏", "large spill") };
    const head = el("tr", {}, [say("指南名称", "Name there"), say("泄漏量", "Spill"), say("初始隔离", "Isolate"), say("白天防护", "Protect, day"), say("夜间防护", "Protect, night")].map((words, k) => el("th", { scope: "col", class: k > 1 ? "num" : "" }, words)));
    return el("div", {}, el("p", { class: "empty" }, title, say(`，${book.edition}，出处：${book.source}`, `, ${book.edition}, from: ${book.source}`)), el("div", { class: "plan-scroll" }, el("table", { class: "plan-table tight" }, el("thead", {}, head), el("tbody", {}, book.rows.map((row) => el("tr", {}, el("th", { scope: "row" }, `UN ${row.un} ${row.name}`), el("td", {}, SPILLS[row.spill]), [["isolation", say("初始隔离", "isolate")], ["protect_day", say("白天防护", "protect by day")], ["protect_night", say("夜间防护", "protect by night")]].map(([name, words]) => el("td", { class: "num" }, plan.number(side, `erg:${row.un}:${row.name}:${row.spill}:${name}`, { quoted: true, title: `${row.name}，${SPILLS[row.spill]}，${words}`, how: say("抄自本单位提供的应急响应指南绿页表，不由模型计算，不随气象变化。", "Copied from the guidebook's green table that this site supplied; no model computes it, no weather changes it."), rows: [[say("版本", "Edition"), book.edition], [say("出处", "Source"), book.source], ["UN", row.un]] }, far(row[name]))))))))));
  }

  function opinions(sides, redraw) {
    const body = document.getElementById("plan-compare-body"), more = document.getElementById("plan-compare-more");
    more.textContent = say("并列，不取平均", "side by side, never averaged");
    const parts = plan.SIDES.filter((side) => sides[side]?.answer).map((side) => {
      const one = sides[side], { busy, fault, found } = ask(one, redraw);
      const again = el("button", { type: "button", class: "link", on: { click: redraw } }, say("重试", "Try again"));
      return el("section", { class: "plan-opinion" }, el("h3", {}, plan.tag(side), ` ${one.given.title}`), busy ? el("p", { class: "empty plan-busy", role: "status" }, say("各模型计算中", "Each model is computing")) : fault ? el("p", { class: "empty r" }, `${plan.refusal(fault)} `, again) : [table(side, one, found), guidebook(side, found)]);
    });
    body.replaceChildren(...(parts.length ? parts : [el("p", { class: "empty" }, say("还没有算出的情景", "No scenario is computed yet"))]));
  }

  Object.assign(plan, { opinions });
})();
