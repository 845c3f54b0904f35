/* Yearly plans: items written as rows, each item with how many of its checks wait, have begun and were carried out. */
(function () {
  "use strict";
  const { base, el, say, get, thousands } = window.OneMap;

  /* Rows of a plan; the value is "no|kind|area|sector|risk|units|quarter". */
  function items(one, value, id) {
    const list = el("ol", { id, class: "plan-edit" }), rows = [];
    const sum = el("span", { class: "t3", role: "status" });
    const select = (choices, chosen, label, all) => el("select", { "aria-label": label }, all ? el("option", { value: "" }, all) : null, choices.map((choice) => el("option", { value: choice.code, selected: choice.code === chosen }, choice.name)));
    const tell = () => {
      const of = (kind) => rows.filter((row) => !kind || row.kind.value === kind).reduce((total, row) => total + (Number(row.units.value) || 0), 0);
      const all = of("");
      sum.textContent = all ? say(`共 ${thousands(all)} 家,重点检查占 ${Math.round((of("key") / all) * 100)}%`, `${thousands(all)} units, ${Math.round((of("key") / all) * 100)} % key`) : say("尚未列出计划项目", "no items yet");
    };
    function add(text) {
      const [no, kind, area, sector, risk, units, quarter] = (text || "").split("|");
      const row = {
        no: Number(no) || Math.max(0, ...rows.map((other) => other.no)) + 1,
        kind: select(one.kinds, kind || "general", say("检查类别", "Kind")),
        area: select(one.areas || [], area || one.areas?.[0]?.code, say("区域", "Area")),
        sector: select(one.sectors, sector || "", say("行业", "Industry"), say("各行业", "All industries")),
        risk: select(one.risks, risk || "", say("风险等级", "Risk"), say("各等级", "All grades")),
        units: el("input", { type: "number", min: "1", max: "100000", value: units || "20", "aria-label": say("检查家数", "Units") }),
        quarter: select(one.quarters, quarter || "", say("完成时限", "By")),
      };
      const off = el("button", { type: "button", class: "adm-button small", "aria-label": say(`删去第 ${row.no} 项`, `Remove item ${row.no}`), on: { click: () => { rows.splice(rows.indexOf(row), 1); node.remove(); tell(); list.dispatchEvent(new Event("change", { bubbles: true })); } } }, say("删去", "Remove"));
      const node = el("li", {}, el("b", {}, String(row.no)), row.kind, row.area, row.sector, row.risk, el("label", { class: "plan-units" }, row.units, say("家", "units")), row.quarter, off);
      rows.push(row);
      list.append(node);
      tell();
    }
    for (const text of value || []) add(text);
    list.addEventListener("input", tell);
    list.addEventListener("change", tell);
    const more = el("button", { type: "button", class: "adm-button small", on: { click: () => { add(""); list.dispatchEvent(new Event("change", { bubbles: true })); } } }, say("增加一项", "Add an item"));
    tell();
    return { node: el("div", { class: "plan-rows" }, list, el("p", {}, more, sum)), read: () => rows.map((row) => [row.no, row.kind.value, row.area.value, row.sector.value, row.risk.value, row.units.value, row.quarter.value].join("|")) };
  }

  const bar = (one) => {
    const width = (count) => `width:${Math.min(100, (count / Math.max(1, one.units)) * 100)}%`;
    return el("span", { class: "plan-bar", role: "img", "aria-label": say(`完成 ${one.done},检查中 ${one.begun},待检查 ${one.arranged},计划 ${one.units}`, `${one.done} done, ${one.begun} on site, ${one.arranged} waiting, of ${one.units}`) }, el("i", { class: "done", style: width(one.done) }), el("i", { class: "begun", style: width(one.begun) }), el("i", { class: "wait", style: width(one.arranged) }));
  };

  function progress(found) {
    const share = found.units ? Math.round((found.done / found.units) * 100) : 0;
    return el("section", { class: "plan-progress" },
      el("h3", {}, say(`计划进度 ${thousands(found.done)} / ${thousands(found.units)} 家(${share}%)`, `Progress: ${thousands(found.done)} of ${thousands(found.units)} units (${share} %)`), found.key_share === null ? null : el("span", { class: "t3" }, say(` 重点检查占 ${found.key_share}%`, ` key ${found.key_share} %`))),
      el("p", { class: "plan-key t3" }, [["done", say("已完成(记录已签字)", "carried out (record signed)")], ["begun", say("检查中", "on site")], ["wait", say("待检查", "waiting")]].map(([name, word]) => el("span", {}, el("i", { class: name }), word))),
      el("ol", { class: "plan-items" }, found.items.map((one) => el("li", { "data-item": one.code, class: one.late ? "late" : "" },
        el("b", {}, `${one.no}`), el("span", {}, `${one.kind_word} · ${one.area} · ${one.sector}`, one.risk ? el("span", { class: "nw" }, " ", one.risk_word) : ` · ${one.risk_word}`),
        bar(one), el("span", { class: "nw" }, `${one.done} / ${one.units}`),
        el("small", { class: one.late ? "case-late" : "t3" }, one.late ? say(`逾期,应于 ${one.ends} 前完成`, `late, was due ${one.ends}`) : say(`${one.quarter},${one.ends} 前`, `${one.quarter}, by ${one.ends}`)),
        el("a", { class: "link nw", href: `${base}cases?system=site-check&view=all&plan_item=${encodeURIComponent(one.code)}` }, say("检查", "Checks"))))));
  }

  /* What the page of a case adds for plans: filled in when it has arrived. */
  function panel(one) {
    if (one.system !== "inspection-plan") return null;
    const box = el("div", { class: "plan-box" }, el("p", { class: "t3" }, say("载入进度", "Loading progress")));
    get(`api/cases/plan?code=${encodeURIComponent(one.code)}`).then((found) => box.replaceChildren(progress(found)), (fault) => box.replaceChildren(el("p", { class: "failed", role: "alert" }, fault.message)));
    return box;
  }

  window.OneMap.casePlan = { items, panel };
})();
