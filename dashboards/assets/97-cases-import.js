/* Many cases out of one file: the file to fill in, a dry run with counts and every fault by row, then all or the good ones. */
(function () {
  "use strict";
  const { base, el, say, thousands } = window.OneMap;
  const my = window.OneMap.admin;
  const SHOWN = 200;

  /* The answer comes line by line: how far it is, and the outcome last. */
  async function send(query, file, told) {
    const answer = await fetch(`${base}api/cases/import?${new URLSearchParams(query)}`, { method: "POST", body: file, headers: { accept: "application/json" } });
    if (!answer.ok || !answer.body) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.title || problem.detail || say(`导入失败(${answer.status})`, `The import failed (${answer.status})`));
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", last = null;
    for (;;) {
      const { value, done } = await reader.read();
      rest += value || "";
      const lines = rest.split("\n");
      rest = lines.pop();
      for (const line of lines.filter(Boolean)) { last = JSON.parse(line); if (last.doing) told(last); }
      if (done) break;
    }
    if (last?.outcome) return last.outcome;
    const fault = new Error(last?.failed || say("连接中断,请重新导入:已导入的行不会重复", "The connection broke: send it again, nothing is taken twice"));
    fault.faults = last?.faults || [];
    throw fault;
  }

  const list = (faults) => el("div", { class: "adm-scroll case-faults", tabindex: "0" }, my.table([say("行", "Row"), say("栏目", "Column"), say("值", "Value"), say("问题与要求", "What is wrong")], faults.slice(0, SHOWN).map((one) => ({ cells: [String(one.row || "—"), one.title, one.value || "—", one.rule] }))));

  function save(outcome, name) {
    const link = el("a", { href: URL.createObjectURL(new Blob([outcome.faults_csv], { type: "text/csv;charset=utf-8" })), download: say(`${name}-错误清单.csv`, `${name}-faults.csv`) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function open(system, after) {
    const template = (form, stands) => `${base}api/cases/import/template?${new URLSearchParams({ system: system.id, form, ...(stands ? { standing: "1" } : {}) })}`;
    const pick = el("input", { type: "file", id: "case-import-file", accept: ".csv,.xlsx", on: { change: () => { result.replaceChildren(); go.disabled = !pick.files.length; keep.hidden = true; } } });
    const stands = el("input", { type: "checkbox", id: "case-import-stands", on: { change: () => { links(); result.replaceChildren(); keep.hidden = true; } } });
    const bar = el("progress", { max: "1", value: "0", hidden: true, "aria-label": say("进度", "Progress") }), doing = el("span", { class: "t3", role: "status" });
    const result = el("div", { class: "case-import-result", "aria-live": "polite" });
    const given = el("p", { class: "case-import-links" });
    const links = () => given.replaceChildren(el("span", { class: "t3" }, say("模板:", "To fill in: ")), el("a", { class: "link", href: template("xlsx", stands.checked) }, "XLSX"), el("a", { class: "link", href: template("csv", stands.checked) }, "CSV"), el("span", { class: "t3" }, say("栏目与立项表单相同,中英文表头都可以;只填有的栏目。", "Columns are the labels of the form, in Chinese or English.")));
    links();
    const query = (more) => ({ system: system.id, name: pick.files[0].name, ...(stands.checked ? { standing: "1" } : {}), ...more });
    const told = (one) => { bar.hidden = false; bar.max = Math.max(1, one.of); bar.value = one.done; doing.textContent = `${one.doing} ${thousands(one.done)} / ${thousands(one.of)}`; };
    async function run(more, paint) {
      for (const one of [go, keep, pick]) one.disabled = true;
      doing.textContent = say("读取文件", "Reading the file");
      try { paint(await send(query(more), pick.files[0], told)); }
      catch (fault) {
        result.replaceChildren(el("p", { class: "failed", role: "alert" }, fault.message), fault.faults?.length ? list(fault.faults) : "");
        keep.hidden = true;
      }
      bar.hidden = true;
      doing.textContent = "";
      for (const one of [go, keep, pick]) one.disabled = false;
    }
    function counts(one) {
      return el("p", { class: "case-import-counts" }, [[say("共", "Rows"), one.rows], [say("合格", "Good"), one.good], [say("有误", "Refused"), one.refused], [say("已导入过", "There already"), one.known]].map(([word, n]) => el("span", {}, `${word} `, el("b", {}, thousands(n)))));
    }
    const faults = (one) => (one.refused ? [list(one.faults), el("p", {}, one.more || one.faults.length > SHOWN ? el("span", { class: "t3" }, say(`列出前 ${Math.min(SHOWN, one.faults.length)} 条 `, `The first ${Math.min(SHOWN, one.faults.length)} are shown `)) : null, el("button", { type: "button", class: "link", on: { click: () => save(one, system.title) } }, say("下载错误清单", "Download the list of faults")))] : []);
    const unused = (one) => (one.unused.length ? el("p", { class: "t3" }, say(`未用的列:${one.unused.join("、")}`, `Columns not used: ${one.unused.join(", ")}`)) : null);
    const keep = my.button("", () => run(keep.dataset.good ? { good: "1" } : {}, (one) => {
      result.replaceChildren(...[el("p", { class: "case-import-done", role: "status" }, one.kept ? say(`已导入 ${thousands(one.kept)} 件:${one.first} 至 ${one.last}`, `${thousands(one.kept)} kept: ${one.first} to ${one.last}`) : say("没有导入任何行", "Nothing was kept")), counts(one), unused(one), ...faults(one)].filter(Boolean));
      keep.hidden = true;
      after();
    }), "primary");
    keep.hidden = true;
    const go = my.button(say("核对(不保存)", "Check only"), () => run({ dry: "1" }, (one) => {
      result.replaceChildren(...[counts(one), unused(one), ...faults(one)].filter(Boolean));
      keep.dataset.good = one.refused ? "1" : "";
      keep.textContent = one.refused ? say(`只导入合格的 ${thousands(one.good)} 行`, `Keep the ${thousands(one.good)} good rows`) : say(`导入 ${thousands(one.good)} 行`, `Keep ${thousands(one.good)} rows`);
      keep.hidden = !one.good;
    }), "");
    go.disabled = true;
    const box = my.dialog(say(`批量导入:${system.title}`, `Import: ${system.title}`), el("div", { class: "case-import" }, given,
      el("p", {}, el("label", { for: "case-import-file" }, say("文件(CSV 或 XLSX)", "File (CSV or XLSX)")), " ", pick),
      system.may_stand ? el("p", {}, el("label", {}, stands, say(" 直接登记在册(含核对和有效期栏目)", " Register at once (with the columns of the check)"))) : null,
      el("p", { class: "case-import-progress" }, bar, doing), result), el("footer", {}, my.button(say("关闭", "Close"), () => box.close()), go, keep));
  }

  window.OneMap.caseImport = { open };
})();
