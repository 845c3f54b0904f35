/* What a system adds up: the sums of a year, quarter or month, told apart from what waits, and who has told nothing. */
(function () {
  "use strict";
  const { el, say, get, thousands } = window.OneMap;
  const amount = (n) => (Number.isInteger(n) ? thousands(n) : n.toLocaleString("en-US", { maximumFractionDigits: 2 }));
  const headed = (one) => (one.unit ? say(`${one.title}(${one.unit})`, `${one.title} (${one.unit})`) : one.title);

  function table(of, columns, found) {
    if (!of.rows.length) return null;
    const cell = (n, known = true) => el("td", { class: n ? "" : "none" }, known ? amount(n) : "—");
    const heads = [of.title, say(`${found.counted_word}份数`, found.counted_word), ...columns.map(headed), say("未计入份数", "Not counted")];
    return el("section", {}, el("h3", {}, of.title), el("div", { class: "case-sums-scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, heads.map((one, n) => el("th", { scope: "col" }, n ? one : "")))),
      el("tbody", {}, of.rows.map((row) => el("tr", {}, el("td", {}, row.name || say("未填", "not given")), cell(row.cases), columns.map((one) => cell(row.values[one.name], row.cases > 0)), cell(row.waiting)))))));
  }

  function missing(found) {
    if (!found.expected) return null;
    if (!found.missing.length) return el("p", { class: "t3" }, say("已结束的月份,各行业各区县均已报送。", "For the months that are over every industry and district has filed."));
    const said = (one) => (one.areas.length ? say(`${one.name}(${one.areas.join("、")})`, `${one.name} (${one.areas.join(", ")})`) : one.name);
    return el("section", {}, el("h3", {}, say("未报送", "Not filed")), el("ul", { class: "case-sums-missing" }, found.missing.map((month) => el("li", {}, el("b", {}, month.name), " ", month.whole ? say("各项各区县均未报送", "nothing from any district") : month.of.map(said).join(say("、", "; "))))),
      el("p", { class: "t3" }, say("括号内为缺报的区县,没有括号的各区县都没有报送。", "In brackets the districts without a return; without brackets none has one.")));
  }

  function inside(found, choose) {
    const period = el("select", { "aria-label": say("汇总时段", "Period"), on: { change: () => choose(period.value) } }, found.periods.map((one) => el("option", { value: one.code, selected: one.code === found.period }, one.name)));
    const { total } = found, held = found.columns.filter((one) => total.held[one.name]);
    const waits = total.waiting ? say(`另有 ${thousands(total.waiting)} 份${found.waiting_word},不计入${held.length ? `(${held.map((one) => `${one.title} ${amount(total.held[one.name])}${one.unit ? ` ${one.unit}` : ""}`).join(",")})` : ""}。`, `${thousands(total.waiting)} more not counted: ${found.waiting_word.toLowerCase()}${held.length ? ` (${held.map((one) => `${one.title} ${amount(total.held[one.name])} ${one.unit}`.trim()).join(", ")})` : ""}.`) : null;
    return [
      el("div", { class: "case-sums-head" }, el("h3", {}, say(`${found.whose}合计,${found.period_title}`, `${found.whose}, ${found.period_title}`)), period),
      el("dl", { class: "case-sums-figures" }, el("div", {}, el("dt", {}, say(`${found.counted_word}份数`, found.counted_word)), el("dd", {}, thousands(total.cases))), found.columns.map((one) => el("div", {}, el("dt", {}, headed(one)), el("dd", {}, total.cases ? amount(total.values[one.name]) : "—")))),
      total.cases ? null : el("p", {}, say(`该时段没有${found.counted_word}的件,不等于没有发生。`, "Nothing is counted in this period, which does not say that nothing happened.")),
      waits ? el("p", {}, waits) : null,
      el("p", { class: "t3" }, found.about),
      missing(found),
      ...found.tables.map((one) => table(one, found.columns, found)),
    ].filter(Boolean);
  }

  window.OneMap.caseSums = (system, first) => {
    const box = el("section", { class: "case-sums" });
    const draw = (found) => box.replaceChildren(...inside(found, choose));
    async function choose(period) {
      try { draw((await get(`api/cases/statistics?${new URLSearchParams({ system, period })}`)).sums); box.querySelector("select").focus(); }
      catch (fault) { box.querySelector(".fault")?.remove(); box.prepend(el("p", { class: "fault", role: "alert" }, fault.message)); }
    }
    draw(first);
    return box;
  };
})();
