/* The grade of a hazard source computed again on its card: steps with their clauses, what drives R, the 500 m ring on the map. */
(function () {
  "use strict";
  const { el, icon, say, get, post, may, thousands } = window.OneMap;
  const LEVELS = [say("一级", "Level 1"), say("二级", "Level 2"), say("三级", "Level 3"), say("四级", "Level 4")];
  const level = (n) => (n ? LEVELS[n - 1] : say("不构成", "none"));
  const number = (n) => (n === null || n === undefined ? "–" : Math.abs(n) >= 100 ? n.toFixed(1) : n.toFixed(n === Math.round(n) ? 1 : 3).replace(/0+$/, "").replace(/\.$/, ""));
  let ring = null, ringOf = "";

  function unring() { ring?.remove(); ring = null; ringOf = ""; }

  function draw(map, found) {
    unring();
    if (!found.around) return;
    ring = L.geoJSON(found.around.ring, { interactive: false, style: { color: "#4FD1C5", weight: 2, dashArray: "6 4", fillOpacity: 0.06 } }).addTo(map);
    ringOf = found.key;
    map.fitBounds(ring.getBounds().pad(0.15), { maxZoom: 16 });
  }

  const doubt = (verified) => (verified ? null : el("span", { class: "doubt" }, say("未核实", "unverified")));

  function result(found) {
    const pair = (title, now, was) => el("tr", {}, el("th", { scope: "row" }, title), el("td", { class: "num" }, now), el("td", { class: "num t3" }, was));
    const sums = el("table", { class: "grading-sums" }, el("thead", {}, el("tr", {}, el("th", {}), el("th", { scope: "col" }, say("本次核算", "now")), el("th", { scope: "col" }, say("备案", "filed")))),
      el("tbody", {}, pair(say("级别", "Level"), el("b", {}, level(found.level)), level(found.filed.level)), pair("R", number(found.r), number(found.filed.r)), pair("S", number(found.s), number(found.filed.s)),
        pair("α", number(found.alpha), number(found.filed.alpha)), pair(say("厂外 500 m 人数", "People within 500 m"), thousands(found.people), found.filed.people === null ? "–" : thousands(found.filed.people))));
    const around = found.around;
    const missing = around && around.known < 0.9995 ? el("p", { class: "uncovered" }, icon("warn", 14), say(`范围内 ${((1 - around.known) * 100).toFixed(1)}% 没有人口数据,未计入`, `${((1 - around.known) * 100).toFixed(1)}% of the ring has no data and is not counted`)) : null;
    const people = around ? [el("p", { class: "note" }, `${around.from}·${around.source}${around.observed_on ? `·${around.observed_on}` : ""} `, doubt(around.verified)), missing, el("p", { class: "t3 method" }, around.note)]
      : [el("p", { class: "note" }, say("没有人口数据,人数取备案值", "No population data: the filed number is used"))];
    const steps = el("ol", { class: "grading-steps" }, found.steps.map((step) => el("li", {}, el("span", { class: "el" }, step.symbol), el("b", { class: "num" }, step.symbol === "级别" ? level(step.value) : number(step.value)), el("span", { class: "t3" }, `${step.clause} · ${step.how} `, step.row && !step.verified ? doubt(false) : null))));
    const drivers = found.drivers.length > 1 ? [el("h4", {}, say("R 的构成", "What drives R")), el("ul", { class: "grading-drivers" }, found.drivers.map((one) => el("li", {}, el("span", { class: "el" }, one.title), el("i", { style: `width:${(one.share * 100).toFixed(1)}%` }), el("span", { class: "num nw" }, `${number(one.r)}·${(one.share * 100).toFixed(0)}%`))))] : [];
    const tanks = (found.tanks || []).map((one) => el("p", { class: "uncovered" }, icon("warn", 14), say(`${one.title}:备案 ${(one.filed / 1000).toFixed(1)} t,储罐设计储量合计 ${(one.held / 1000).toFixed(1)} t`, `${one.title}: ${(one.filed / 1000).toFixed(1)} t filed, tanks hold ${(one.held / 1000).toFixed(1)} t by design`)));
    return [found.differs ? el("p", { class: "uncovered", role: "status" }, icon("warn", 14), found.differs) : null, sums, ...people, ...tanks, ...drivers,
      el("details", {}, el("summary", {}, say("逐步计算", "Step by step"), " ", doubt(found.verified)), steps, el("p", { class: "t3 method" }, found.note))];
  }

  /* An officer takes the numbers over; who changed the row meanwhile is told by the server. */
  function adopting(found, card) {
    const same = found.level === found.filed.level && Math.abs((found.r || 0) - (found.filed.r || 0)) < 0.01 && Math.abs((found.s || 0) - (found.filed.s || 0)) < 0.001;
    if (!may("edit") || !found.level || same) return null;
    const told = el("p", { class: "note", role: "status", hidden: true });
    const button = el("button", { type: "button", class: "button primary", on: { click: async () => {
      button.disabled = true;
      try { await post("api/grading/adopt", { key: card.key, version: card.version }); told.textContent = say("已记入台账", "Taken over"); button.remove(); }
      catch (fault) { told.textContent = fault.message; button.disabled = false; }
      told.hidden = false;
    } } }, say("采用核算结果", "Take these numbers over"));
    return el("div", { class: "grading-adopt" }, button, told);
  }

  /* A section of the card of a hazard source; of any other object nothing. */
  function section(card, map) {
    if (ringOf && ringOf !== card.key) unring();
    if (card.layer !== "hazard_sources") { unring(); return null; }
    const room = el("div", {}), words = el("span", {}, say("按 GB 18218 核算", "Grade by GB 18218"));
    const button = el("button", { type: "button", class: "button", on: { click: ask } }, icon("table"), words);
    async function ask() {
      button.disabled = true;
      words.textContent = say("核算中…", "Grading…");
      try {
        const found = await get(`api/grading?key=${encodeURIComponent(card.key)}`);
        room.replaceChildren(...[...result(found), adopting(found, card)].flat().filter(Boolean));
        draw(map, found);
        words.textContent = say("重新核算", "Grade again");
      } catch (fault) {
        room.replaceChildren(el("p", { class: "note", role: "alert" }, fault.message));
        words.textContent = say("按 GB 18218 核算", "Grade by GB 18218");
      }
      button.disabled = false;
    }
    return el("section", { "data-section": "grading" }, el("h3", {}, say("辨识与分级", "Identification and grading")), button, room);
  }

  window.OneMap.grading = { section, clear: unring };
})();
