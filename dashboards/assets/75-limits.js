/* Verification of limits: the register at the left, one row with its readings at the right, numbers typed from the source. */
(function () {
  "use strict";
  const { el, icon, say, get, post, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip, day } = my;
  const LOOKS = { confirmed: "good", differs: "bad", lapsed: "bad", open: "dull", read: "" };
  const mark = (one) => chip(one.state_title, LOOKS[one.state]);
  const asked = { table: "", state: "", q: "", from: 0 };

  const query = () => Object.entries(asked).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");

  function numbers(one) {
    return one.numbers.map((number) => `${number.title} ${number.value === null ? say("(核对后显示)", "(shown once read)") : `${number.value} ${number.unit === "1" ? "" : number.unit}`}`.trim()).join(say(";", "; "));
  }

  function start(screen) {
    window.OneMap.office.frame(screen);
    const bar = screen.querySelector("#limits-bar"), room = screen.querySelector("#limits-list"), side = screen.querySelector("#limits-one");
    const table = el("select", { "aria-label": say("类别", "Table") }), state = el("select", { "aria-label": say("核实状态", "Standing") });
    const find = el("input", { type: "search", placeholder: say("名称、CAS、来源", "Name, CAS, source"), "aria-label": say("查找限值", "Find a limit") });
    let picked = "";
    bar.replaceChildren(table, state, find);
    table.addEventListener("change", () => { asked.table = table.value; asked.from = 0; list(); });
    state.addEventListener("change", () => { asked.state = state.value; asked.from = 0; list(); });
    find.addEventListener("input", debounce(() => { asked.q = find.value.trim(); asked.from = 0; list(); }, 250));

    const list = () => my.room(room, () => get(`api/limits?${query()}`), draw);

    function draw(answer) {
      const all = answer.states.reduce((sum, one) => sum + one.count, 0);
      table.replaceChildren(...[["", say("全部类别", "Every table")], ...answer.tables.map((one) => [one.code, one.name])].map(([code, name]) => el("option", { value: code, selected: code === asked.table }, name)));
      state.replaceChildren(...[["", say(`全部状态 ${all}`, `All ${all}`)], ...answer.states.map((one) => [one.code, `${one.name} ${one.count}`])].map(([code, name]) => el("option", { value: code, selected: code === asked.state }, name)));
      if (!answer.rows.length) return my.empty(say("没有符合条件的限值。", "No limit fits."));
      const rows = answer.rows.map((one) => ({ id: one.id, selected: one.id === picked, cells: [
        el("button", { type: "button", class: "adm-name", on: { click: () => open(one.id) } }, el("b", {}, one.title), el("small", { class: "t3" }, one.table_title)),
        numbers(one), el("span", { class: "limits-source" }, one.source), mark(one)] }));
      const last = answer.from + rows.length;
      const turn = (title, to) => button(title, () => { asked.from = to; list(); }, "small");
      const foot = el("footer", {}, el("span", { class: "t3" }, say(`共 ${answer.total} 条,第 ${answer.from + 1} 至 ${last} 条`, `${answer.from + 1} to ${last} of ${answer.total}`)),
        answer.from ? turn(say("上一页", "Back"), Math.max(0, answer.from - 100)) : null, last < answer.total ? turn(say("下一页", "On"), last) : null);
      return [my.table([say("限值", "Limit"), say("系统数值", "Number"), say("系统数值的来源", "Where it is from"), say("核实", "Standing")], rows, (row) => open(row.id)), foot];
    }

    async function open(id) {
      picked = id;
      location.hash = encodeURIComponent(id);
      for (const line of room.querySelectorAll("tr[aria-selected]")) line.removeAttribute("aria-selected");
      side.hidden = false;
      await my.room(side, () => get(`api/limits/row?id=${encodeURIComponent(id)}`), shown);
      side.querySelector("h2")?.focus();
    }

    function close() {
      side.hidden = true;
      picked = "";
      history.replaceState(null, "", location.pathname + location.search);
    }

    function reading(one, title, row) {
      const named = (name) => row.numbers.find((number) => number.name === name)?.title || name;
      const typed = one.numbers === null ? say("(另一人录入后显示)", "(shown after the other reading)") : Object.entries(one.numbers).map(([name, said]) => `${named(name)} ${said}`).join(say(";", "; "));
      return el("li", {}, el("div", {}, el("b", {}, `${title} `), one.name, el("small", { class: "t3" }, ` ${day(one.at)}`), el("div", { class: "t3" }, say(`《${one.document}》 第 ${one.page} 页(条)`, `${one.document}, p. ${one.page}`)), el("div", {}, typed)));
    }

    function shown(one) {
      const facts = [[say("类别", "Table"), one.table_title], [say("系统数值", "Number"), numbers(one)], [say("系统数值的来源", "Where it is from"), one.source], one.note ? [say("备注", "Note"), one.note] : null].filter(Boolean);
      const act = one.why_not ? el("p", { class: "t3 adm-note" }, one.why_not) : button(one.state === "read" ? say("复核:录入原件数值", "Confirm: type what the source says") : say("核对:录入原件数值", "Read: type what the source says"), () => write(one), "primary");
      const undo = one.readings.length && !/岗位|role|post/.test(one.why_not || "") ? button(say("撤销核对", "Withdraw"), () => withdraw(one), "danger small") : null;
      const steps = one.history.map((step) => el("li", {}, el("div", {}, step.change === "delete" ? say("撤销", "Withdrawn") : say("录入", "Entered"), el("small", { class: "t3" }, ` ${day(step.at)} ${step.actor}`), step.change === "delete" ? el("div", {}, say("事由:", "Why: "), step.reason) : null)));
      return [el("header", {}, el("h2", { tabindex: "-1" }, one.title), mark(one), el("span", { class: "sp" }), el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: close } }, icon("close"))),
        el("dl", { class: "adm-facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
        el("div", { class: "adm-tools" }, act, undo),
        one.readings.length ? el("h3", {}, say("读数", "Readings")) : null,
        one.readings.length ? el("ol", { class: "adm-list" }, one.readings.map((each, n) => reading(each, n ? say("复核", "Second") : say("核对", "First"), one))) : null,
        steps.length ? el("h3", {}, say("经过", "History")) : null,
        steps.length ? el("ol", { class: "adm-list" }, steps) : null];
    }

    function write(one) {
      const fields = [
        { type: "note", label: say("请打开原件(标准、公告、出版物)查到该值后录入;不要照抄本页或其他软件。", "Open the document that sets this limit, find the number and type it; do not copy this page or other software.") },
        { name: "document", label: say("原件名称与版本", "Document and edition"), required: true, longest: 200, wide: true, hint: say("如:GB 18218-2018,中国标准出版社,2018", "Title, issuer, year") },
        { name: "page", label: say("页码或条款", "Page or clause"), required: true, longest: 80 },
        ...one.numbers.map((number) => ({ name: number.name, label: `${number.title}${number.unit === "1" ? "" : ` (${number.unit})`}`, required: true, longest: 40, hint: say("照原件;原件未推荐的填 NR", "As printed; NR where none is recommended") })),
      ];
      my.form(one.title, fields, say("录入读数", "Enter"), async ({ document: paper, page, ...typed }) => {
        await post("api/limits/read", { row: one.id, version: one.version, document: paper, page, numbers: typed });
        await Promise.all([open(one.id), list()]);
      });
    }

    function withdraw(one) {
      my.form(say(`撤销核对:${one.title}`, `Withdraw: ${one.title}`), [
        { type: "note", label: say("撤销后该限值恢复为未核实,各处重新标注;读数和事由留在经过中。", "It is unverified again and marked so everywhere; the readings and the reason stay in the history.") },
        { name: "reason", label: say("撤销事由", "Why"), required: true, longest: 200, wide: true },
      ], say("撤销", "Withdraw"), async ({ reason }) => { await post("api/limits/withdraw", { row: one.id, version: one.version, reason }); await Promise.all([open(one.id), list()]); }, "danger");
    }

    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !side.hidden && !document.querySelector("dialog[open]")) close(); });
    const wanted = decodeURIComponent(location.hash.slice(1));
    return list().then(() => (wanted ? open(wanted) : null)).then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=limits]");
    if (!screen) return;
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
