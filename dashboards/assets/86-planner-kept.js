/* Scenarios kept on the server: found, opened as they were, computed anew, compared by file, withdrawn with a reason. */
(function () {
  "use strict";
  const { el, say, icon, get, post, length, debounce } = window.OneMap;
  const plan = window.OneMap.plan;
  let rows = null, total = 0, fault = null, sought = "", picked = [], turn = 0;

  function load(redraw) {
    const mine = (turn += 1);
    get(`api/scenarios?q=${encodeURIComponent(sought)}`).then((told) => { if (mine === turn) { rows = told.rows; total = told.total; fault = null; } }, (wrong) => { if (mine === turn) { rows = []; fault = wrong; } }).finally(() => { if (mine === turn) redraw(); });
  }
  const forget = () => { rows = null; };

  async function keep(one, redraw) {
    try {
      const told = await post("api/scenarios", { scenario: one.given });
      one.kept = told.code;
      rows = null;
      one.note = say(`已存为 ${told.code}`, `Kept as ${told.code}`);
    } catch (wrong) { one.note = say(`未能保存：${plan.refusal(wrong)}`, `Not kept: ${plan.refusal(wrong)}`); }
    redraw();
  }

  async function compare(keys) {
    const read = window.OneMap.office.read, title = say("两个情景文件的差别", "Two scenario files, line by line");
    try {
      const told = await get(`api/scenarios/${encodeURIComponent(keys[0])}/diff/${encodeURIComponent(keys[1])}`);
      const words = { "+": "plus", "-": "minus" };
      read(title, `${keys[0]} → ${keys[1]}`, told.same ? el("p", {}, say("两个文件相同", "Both files are the same")) : el("pre", { class: "plan-diff" }, told.lines.map((line) => el("span", { class: words[line.mark] || "" }, `${line.mark} ${line.text}`))));
    } catch (wrong) { read(title, "", el("p", { class: "r" }, plan.refusal(wrong))); }
  }

  function withdraw(row, redraw) {
    window.OneMap.admin.form(say(`撤回“${row.title}”`, `Withdraw “${row.title}”`), [{ name: "reason", label: say("事由", "Reason"), required: true, longest: 200, wide: true, hint: say("从地图上撤下；记录、版本和文件保留。", "Taken off the maps; record, versions and files stay.") }], say("撤回", "Withdraw"), async ({ reason }) => { await post(`api/scenarios/${encodeURIComponent(row.code)}/withdraw`, { reason }); rows = null; redraw(); }, "danger");
  }

  async function again(row, redraw) {
    row.said = say("重算中", "Computing");
    redraw();
    try {
      const told = await post(`api/scenarios/${encodeURIComponent(row.code)}/again`, {});
      const far = (value) => (value === null || value === undefined ? "–" : length(value));
      Object.assign(row, told, { said: told.moved ? say(`已重算，${told.reaches.map((one) => `${plan.level(one.level)[0]} ${far(one.before)} → ${far(one.after)}`).join("，")}`, `Computed anew: ${told.reaches.map((one) => `${plan.level(one.level)[0]} ${far(one.before)} → ${far(one.after)}`).join(", ")}`) : say("已重算，距离未变", "Computed anew, no distance moved") });
    } catch (wrong) { row.said = plan.refusal(wrong); }
    redraw();
  }

  function card(row, run, redraw) {
    const tool = (words, act, pressed) => el("button", { type: "button", class: "link", "aria-pressed": pressed === undefined ? null : String(pressed), "data-tool": `${row.code} ${words}`, on: { click: act } }, words);
    const here = picked.includes(row.code);
    const toggle = () => { picked = here ? picked.filter((one) => one !== row.code) : [...picked, row.code].slice(-2); redraw(); if (picked.length === 2) compare(picked); };
    return el("li", { class: here ? "on" : "", "data-kept": row.code },
      el("div", { class: "plan-row" }, el("b", { class: "el", title: row.title }, row.title), row.state === "current" ? null : el("span", { class: "plan-chip" }, row.state_word)),
      el("p", { class: "t2 el" }, [row.release_word, row.chemical_name, say(`最远 ${length(row.farthest)}`, `as far as ${length(row.farthest)}`)].filter(Boolean).join("·")),
      el("p", { class: "t3 el" }, `${row.made_by} `, el("span", { "data-at": row.made_at })),
      row.verified && row.valid ? null : el("p", { class: "y" }, icon("warn", 14), [row.valid ? "" : say(" 超出适用范围", " outside range"), row.verified ? "" : say(" 未核实", " unverified")].filter(Boolean).join("，")),
      row.said ? el("p", { class: "t2", role: "status" }, row.said) : null,
      el("div", { class: "plan-tools" }, tool(say("打开", "Open"), () => run.open(row)), tool(say("比较", "Compare"), toggle, here), row.may_change !== false && row.state === "current" ? [tool(say("重算", "Anew"), () => again(row, redraw)), tool(say("撤回", "Withdraw"), () => withdraw(row, redraw))] : null));
  }

  function kept(run, redraw) {
    const body = document.getElementById("plan-list-body"), more = document.getElementById("plan-list-more");
    if (rows === null) load(redraw);
    more.textContent = rows ? say(`${total} 个`, `${total}`) : "";
    const find = el("input", { type: "search", id: "plan-kept-find", value: sought, maxlength: 100, autocomplete: "off", placeholder: say("名称、化学品、危险源", "Name, chemical, source"), "aria-label": say("查找已存情景", "Find kept scenarios") });
    find.addEventListener("input", debounce(() => { sought = find.value.trim(); load(redraw); }, 250));
    const retry = el("button", { type: "button", class: "link", on: { click: () => { rows = null; redraw(); } } }, say("重试", "Try again"));
    const list = rows === null ? el("p", { class: "empty plan-busy" }, say("读取中", "Reading")) : fault ? el("p", { class: "empty r" }, `${plan.refusal(fault)} `, retry) : rows.length ? el("ol", { class: "plan-scenarios" }, rows.map((row) => card(row, run, redraw))) : el("p", { class: "empty" }, sought ? say("没有找到", "Nothing found") : say("还没有已存情景；在“情景”里按“保存”存到服务器。", "None kept yet; keep one by Keep on a scenario."));
    const focused = document.activeElement?.id === "plan-kept-find", at = focused ? document.activeElement.selectionStart : 0;
    body.replaceChildren(el("div", { class: "plan-find" }, find), list, picked.length === 1 ? el("p", { class: "empty" }, say("再选一个，比较两个文件", "Pick another to compare both files")) : "");
    if (focused) { const now = document.getElementById("plan-kept-find"); now.focus(); now.setSelectionRange(at, at); }
  }

  Object.assign(plan, { kept, keepOnServer: keep, forgetKept: forget });
})();
