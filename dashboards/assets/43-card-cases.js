/* From the map to the case: a row of a register opens its case, an enterprise its open cases of every business system. */
(function () {
  "use strict";
  const { base, el, get, may, say, thousands } = window.OneMap;
  const registers = () => new Map((document.querySelector("[data-registers]")?.dataset.registers || "").split(" ").filter(Boolean).map((pair) => pair.split(":")));

  function section(card) {
    if (!may("casework")) return null;
    const system = registers().get(card.layer);
    if (system) return el("section", { "data-section": "case" }, el("p", {}, el("a", { class: "link", href: `${base}cases?system=${encodeURIComponent(system)}&view=all&code=${encodeURIComponent(card.key)}` }, say("打开案件办理", "Open the case"))));
    if (card.layer === "licences" && registers().has("licence_cases")) return licence(card);
    return card.layer === "enterprises" && card.cases ? enterprise(card) : null;
  }

  /* An enterprise: all of it on one page, and by system how many cases are open, the first of them by name. */
  function enterprise(card) {
    const lines = card.cases.filter((one) => one.total).flatMap((one) => {
      const all = `${base}cases?system=${one.system}&view=${one.open ? "open" : "all"}&enterprise=${card.key}`;
      const said = one.open ? say(`在办 ${thousands(one.open)}`, `${thousands(one.open)} open`) : one.standing ? say(`在册 ${thousands(one.standing)}`, `${thousands(one.standing)} standing`) : say(`已办结 ${thousands(one.closed)}`, `${thousands(one.closed)} closed`);
      const head = el("li", { class: "card-system" }, el("a", { class: "link", href: all, "data-system": one.system }, one.title), el("span", { class: one.overdue ? "case-late nw" : "t3 nw" }, one.overdue ? say(`${said}·逾期 ${thousands(one.overdue)}`, `${said} · ${thousands(one.overdue)} late`) : said));
      const open = one.rows.filter((row) => !row.closed_at && row.turn_word).map((row) => el("li", {}, el("a", { class: "link el", href: `${base}cases?system=${one.system}&view=open&enterprise=${card.key}&code=${row.code}` }, row.title), el("span", { class: "t3 nw" }, row.overdue ? say(`${row.state_word}·逾期`, `${row.state_word} · late`) : row.state_word)));
      return [head, ...open];
    });
    const without = card.cases.filter((one) => !one.total).map((one) => one.title);
    return el("section", { "data-section": "cases" }, el("p", {}, el("a", { class: "button primary", href: `${base}enterprise?id=${encodeURIComponent(card.key)}` }, say("一企一档", "All of this enterprise"))),
      el("h3", {}, say("业务案件", "Cases")), el("ul", { class: "card-cases" }, lines), without.length ? el("p", { class: "note" }, say(`没有案件:${without.join("、")}`, `No case in: ${without.join(", ")}`)) : null);
  }

  /* A licence: what runs about it, and what may be asked for it; whether it may, the form says as it is filled in. */
  function licence(card) {
    const system = registers().get("licence_cases"), running = el("ul", { class: "card-cases" });
    const ask = (matter, words) => el("a", { class: "link", href: `${base}cases?system=${system}&view=open&begin=${matter}&licence=${encodeURIComponent(card.key)}` }, words);
    get(`api/cases/list?${new URLSearchParams({ system, view: "open", q: card.key, limit: "4" })}`).then((found) => {
      running.append(...found.rows.map((row) => el("li", {}, el("a", { class: "link el", href: `${base}cases?system=${system}&view=open&code=${row.code}` }, row.title), el("span", { class: "t3 nw" }, row.overdue ? say(`${row.state_word}·逾期`, `${row.state_word} · late`) : row.state_word))));
    }).catch(() => { /* the rest of the card is there */ });
    return el("section", { "data-section": "licence" }, running, el("p", { class: "card-asks" }, ask("renew", say("申请延续", "Renew")), ask("change", say("申请变更", "Change")), ask("cancel", say("申请注销", "Give up"))));
  }

  window.OneMap.cardCases = { section };
})();
