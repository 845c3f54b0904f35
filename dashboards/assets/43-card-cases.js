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
    if (card.layer !== "enterprises") return null;
    const box = el("section", { "data-section": "cases", hidden: true });
    fill(box, card.key).catch(() => { /* the rest of the card is there */ });
    return box;
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

  async function fill(box, firm) {
    const lines = [];
    for (const system of registers().values()) {
      const found = await get(`api/cases/list?${new URLSearchParams({ system, view: "open", enterprise: firm, limit: "4" })}`);
      if (found.total) lines.push(...found.rows.slice(0, 4).map((row) => el("li", {}, el("a", { class: "link el", href: `${base}cases?system=${system}&view=open&enterprise=${firm}&code=${row.code}` }, row.title), el("span", { class: "t3 nw" }, row.overdue ? say(`${row.state_word}·逾期`, `${row.state_word} · late`) : row.state_word))),
        el("li", {}, el("a", { class: "link", href: `${base}cases?system=${system}&view=open&enterprise=${firm}` }, say(`在办 ${thousands(found.total)} 件,全部`, `all ${thousands(found.total)} open`))));
    }
    box.hidden = !lines.length;
    box.replaceChildren(el("h3", {}, say("在办案件", "Open cases")), el("ul", { class: "card-cases" }, lines));
  }

  window.OneMap.cardCases = { section };
})();
