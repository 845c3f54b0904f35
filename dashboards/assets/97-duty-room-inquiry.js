/* Of an incident that is under control or over: its investigation, or where one is opened. */
(function () {
  "use strict";
  const { base, el, say, get } = window.OneMap;
  const SYSTEM = "accident-investigation", AFTER = ["controlled", "closed"];
  let of = "", found = null;

  const open = (one) => !one.exercise && AFTER.includes(one.facts.state);
  const page = (more) => `${base}cases?${new URLSearchParams({ system: SYSTEM, ...more })}`;

  async function ask(one, tools) {
    const code = one.code;
    of = code;
    found = null;
    try {
      found = (await get(`api/cases/list?${new URLSearchParams({ system: SYSTEM, view: "all", q: code })}`)).rows;
    } catch (fault) { found = [403, 404].includes(fault.status) ? undefined : fault.message; }
    if (of === code) tools.redraw();
  }

  function panel(one, tools) {
    if (!open(one)) return null;
    if (of !== one.code) { ask(one, tools); return null; }
    if (found === null || found === undefined) return null;
    const head = el("h3", {}, say("事故调查", "Investigation"));
    if (typeof found === "string") return el("section", {}, head, el("p", { class: "failed", role: "alert" }, found));
    if (!found.length) return el("section", { class: "duty-inquiry" }, head, el("p", { class: "t2" }, say("未立项。构成事故的,在伤亡和损失核清后立项调查。", "Not opened. Where it was an accident, it is opened once losses are known.")), tools.may ? el("div", { class: "duty-buttons" }, el("a", { class: "button", href: page({ begin: "1", incident: one.code }) }, say("立项调查", "Open one"))) : null);
    return el("section", { class: "duty-inquiry" }, head, el("ul", { class: "duty-links" }, found.map((row) => el("li", {}, el("a", { class: "link", href: page({ view: "all", code: row.code }) }, row.code), " ", row.state_word))));
  }

  window.OneMap.duty.section("inquiry", { panel, layers: ["investigations"], changed: (keys, one, tools) => { if (open(one)) ask(one, tools); } });
})();
