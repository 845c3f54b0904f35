/* Draws: what was drawn with its weight, officers and check, who was left out and why, and the draw done again. */
(function () {
  "use strict";
  const { base, el, say, get, glyph, icon, thousands } = window.OneMap;
  const my = window.OneMap.admin;
  const may = window.OneMap.may;
  const short = (hash) => el("code", { title: hash }, hash.slice(0, 16), "…");

  function verifying(one, found) {
    const said = el("p", { class: "draw-said", role: "status" });
    const button = my.button(say("复算核验", "Do it again and compare"), async () => {
      button.disabled = true;
      try {
        const told = await get(`api/cases/draw/verify?code=${encodeURIComponent(one.code)}`);
        said.className = `draw-said ${told.identical ? "same" : "other"}`;
        said.textContent = told.identical ? say(`复算一致:${told.units} 家企业和执法人员与登记结果逐一相同`, `Identical: ${told.units} units and their officers are the same again`) : say(`复算不一致:${told.differs.join(";")}`, `Not identical: ${told.differs.join("; ")}`);
      } catch (fault) { said.className = "draw-said other"; said.textContent = fault.message; }
      button.disabled = false;
    }, "small");
    return el("div", { class: "draw-proof" },
      el("dl", {}, [[say("随机种子", "Seed"), el("code", { class: "draw-seed" }, found.seed)], [say("名单哈希", "List"), short(found.inputs_hash)], [say("方法", "Method"), found.method], [say("抽取", "Drawn"), `${found.drawn_at} ${found.drawn_by}`]].map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
      el("div", { class: "draw-verify" }, button, said));
  }

  const unit = (row) => el("li", { "data-unit": row.enterprise },
    el("b", { class: "draw-place" }, String(row.place)),
    el("span", { class: "mark" }, row.risk ? glyph(row.risk) : ""),
    el("span", {}, el("b", {}, row.name), el("small", { class: "t3" }, [row.sector, row.area, say(`权重 ${row.weight} / ${row.of_weight}`, `weight ${row.weight} of ${row.of_weight}`), row.checked ? say(`上次检查 ${row.checked}`, `last checked ${row.checked}`) : ""].filter(Boolean).join(" · "))),
    el("span", { class: "draw-pair" }, row.officers.map((officer) => `${officer.name} ${officer.no}`).join("、"), row.avoiding.length ? el("small", { class: "t3" }, say(`回避:${row.avoiding.map((one) => `${one.name}(${one.why})`).join("、")}`, `avoiding: ${row.avoiding.map((one) => `${one.name} (${one.why})`).join(", ")}`)) : null),
    row.check ? el("a", { class: "link nw", href: `${base}cases?system=site-check&view=all&draw=${encodeURIComponent(row.draw)}&code=${encodeURIComponent(row.check)}` }, row.state) : el("span", { class: "t3" }, "—"));

  function result(one, found) {
    const rows = found.rows.map((row) => ({ ...row, draw: one.code }));
    const out = found.out.length ? el("details", {}, el("summary", {}, say(`未列入抽取 ${thousands(found.candidates - found.standing)} 家:`, `Left out, ${thousands(found.candidates - found.standing)}: `), found.reasons.map((reason) => `${reason.name} ${reason.count}`).join(say("、", ", "))), el("ul", { class: "draw-out" }, found.out.map((unit) => el("li", {}, el("span", { class: "el" }, unit.name), el("small", { class: "t3" }, unit.checked ? `${unit.why} ${unit.checked}` : unit.why))))) : "";
    const officers = found.officers.length ? el("details", {}, el("summary", {}, say(`执法人员 ${found.officers.length} 名`, `${found.officers.length} officers`)), el("ul", { class: "draw-out" }, found.officers.map((officer) => el("li", {}, el("span", { class: "el" }, `${officer.name} ${officer.no}`), el("small", { class: "t3" }, officer.out || say(`${officer.units} 家`, `${officer.units} units`)))))) : "";
    const rules = el("details", {}, el("summary", {}, say("权重和规则", "Weights and rules")), el("ul", { class: "draw-out" }, found.rules.map((rule) => el("li", {}, el("span", {}, `${rule.name} ${rule.value}`), el("small", { class: "t3" }, `${rule.source} · ${rule.status}`)))));
    return el("section", { class: "draw-box" },
      el("h3", {}, say(`抽取结果 ${rows.length} 家`, `Drawn: ${rows.length}`), el("span", { class: "t3" }, say(` 名单 ${thousands(found.candidates)} 家,可抽取 ${thousands(found.standing)} 家`, ` of ${thousands(found.standing)} that stood among ${thousands(found.candidates)} listed`)), found.earlier ? el("span", { class: "case-late" }, say(` 本项第 ${found.earlier + 1} 次抽取`, ` draw number ${found.earlier + 1} of this item`)) : null),
      verifying(one, found),
      el("p", { class: "case-links" }, may("map") ? el("a", { class: "link", href: `${base}map?layers=site_checks&theme=none&checks=${encodeURIComponent(one.code)}` }, icon("pin", 16), say("在一张图上看抽取结果", "The draw on the map")) : null, el("a", { class: "link", href: `${base}cases?system=site-check&view=all&draw=${encodeURIComponent(one.code)}` }, say("全部检查", "All its checks"))),
      rows.length ? el("ol", { class: "draw-rows" }, rows.map(unit)) : el("p", { class: "failed", role: "alert" }, say("抽取名单文件缺失或不能读取,请复算核验。", "The list is missing or cannot be read: do the draw again to see.")),
      out, officers, rules);
  }

  function panel(one) {
    if (one.system !== "random-draw") return null;
    const box = el("div", { class: "plan-box" });
    get(`api/cases/draw?code=${encodeURIComponent(one.code)}`).then((found) => box.replaceChildren(found.drawn ? result(one, found) : el("p", { class: "t3" }, say("尚未抽取。抽取时由系统生成随机种子,企业名单、权重、执法人员和回避关系一并留存。", "Not drawn yet. The system makes the seed as it draws, and keeps the units, weights, officers and avoidances."))), (fault) => box.replaceChildren(el("p", { class: "failed", role: "alert" }, fault.message)));
    return box;
  }

  window.OneMap.caseDraw = { panel };
})();
