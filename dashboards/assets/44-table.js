/* The table under the map: the keyboard and screen-reader way to everything the map shows. */
(function () {
  "use strict";
  const { el, glyph, icon, say, get, may, thousands } = window.OneMap;
  const { state, change, query } = window.OneMap.state;
  let turn = 0, offset = 0, of = "";

  async function draw(box) {
    const mine = ++turn;
    if (!state.table) { box.hidden = true; box.replaceChildren(); of = ""; return; }
    const asked = `${state.table}?${query()}`;
    if (asked !== of) { offset = 0; of = asked; }
    box.hidden = false;
    const close = el("button", { type: "button", class: "icon close", "aria-label": say("收起列表", "Close table"), on: { click: () => change("table", { table: "" }) } }, icon("close", 18));
    let page;
    try { page = await get(`api/table/${state.table}?${query()}${query() ? "&" : ""}offset=${offset}`); }
    catch (fault) {
      if (mine === turn) box.replaceChildren(el("header", {}, el("h2", {}, say("列表读取失败", "Could not read the table")), close), el("p", { class: "note" }, fault.message));
      return;
    }
    if (mine !== turn) return;
    const last = Math.min(page.total, offset + page.page);
    const turnTo = (to) => { offset = to; draw(box); };
    const pages = el("span", { class: "pages" },
      el("button", { type: "button", class: "button", disabled: offset === 0, on: { click: () => turnTo(Math.max(0, offset - page.page)) } }, say("上一页", "Back")),
      el("button", { type: "button", class: "button", disabled: last >= page.total, on: { click: () => turnTo(offset + page.page) } }, say("下一页", "Next")));
    const count = el("span", { class: "t3", id: "table-total", "data-total": page.total }, page.total ? say(`${thousands(offset + 1)} 至 ${thousands(last)}，共 ${thousands(page.total)} 条`, `${thousands(offset + 1)}–${thousands(last)} of ${thousands(page.total)}`) : "");
    const head = el("tr", {}, page.columns.map((column) => el("th", { scope: "col" }, column.title)));
    const rows = page.rows.map((words, k) => {
      const chosen = state.selection && state.selection.layer === page.layer && state.selection.key === page.keys[k];
      const open = () => change("selection", { selection: { layer: page.layer, key: page.keys[k] }, fly: true });
      return el("tr", { tabindex: "0", "aria-selected": String(Boolean(chosen)), "data-key": page.keys[k], on: { click: open, keydown: (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); }
        if (event.key === "ArrowDown") { event.preventDefault(); event.currentTarget.nextElementSibling?.focus(); }
        if (event.key === "ArrowUp") { event.preventDefault(); event.currentTarget.previousElementSibling?.focus(); }
      } } }, words.map((word, c) => el("td", {}, page.columns[c].grade && page.grade[k] ? [glyph(page.grade[k]), " "] : null, word)));
    });
    const body = page.total ? el("div", { class: "scroll" }, el("table", {}, el("thead", {}, head), el("tbody", {}, rows))) : el("p", { class: "note" }, say(`当前筛选下没有${page.title}，可放宽筛选条件`, `No ${page.title} under these filters`));
    box.replaceChildren(el("header", {}, el("h2", {}, page.title), count, el("span", { class: "sp" }), page.total && may("export") ? window.OneMap.work.menu() : null, page.total > page.page ? pages : null, close), body);
  }

  window.OneMap.table = { draw };
})();
