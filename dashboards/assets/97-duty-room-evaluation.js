/* What an incident that is over is marked by: its course by the minute, the score sheet with its grounds, filed for good. */
(function () {
  "use strict";
  const { el, say, get, post, debounce } = window.OneMap;
  const duty = window.OneMap.duty;
  const kept = { code: "", told: null, fault: "" };
  const over = (one) => one && one.facts.state === "closed";

  async function read(one, tools) {
    const code = one.code;
    try {
      const told = await get(`api/evaluation/one?incident=${encodeURIComponent(code)}`);
      if (kept.code === code) Object.assign(kept, { told, fault: "" });
    } catch (fault) { if (kept.code === code) kept.fault = fault.message; }
    tools.redraw();
  }
  const reread = debounce((one, tools) => { if (one.code === kept.code) read(one, tools); }, 250);
  function fresh(one, tools) {
    if (kept.code === one.code) return;
    Object.assign(kept, { code: one.code, told: null, fault: "" });
    read(one, tools);
  }
  async function done(tools, answer) {
    if (answer.incident === kept.code) kept.told = answer;
    await tools.again();
  }

  function mark(line, tools) {
    const command = tools.key(), here = kept.told;
    tools.form(say(`评分：${line.title}`, `Mark: ${line.title}`), [
      { type: "note", label: [say(`满分 ${line.most}，${here.points_of}`, `of ${line.most}; ${here.points_of}`), line.article ? `${line.source}${line.article}` : line.source, line.counted ? say(`系统计数：${line.basis}`, `counted: ${line.basis}`) : ""].filter(Boolean).join(" · ") },
      { name: "points", label: say("得分（不适用留空）", "Points (blank: does not apply)"), value: line.marked && line.points !== null ? String(line.points) : "" },
      { name: "basis", type: "prose", label: say("依据", "Ground"), value: line.counted ? "" : line.basis, required: true, longest: 280, wide: true },
    ], say("评分", "Mark"), async ({ points, basis }) => {
      const words = String(points || "").trim(), value = words === "" ? null : Number(words);
      if (value !== null && !Number.isFinite(value)) throw new Error(say("得分应为数", "points are a number"));
      await done(tools, await post("api/evaluation/mark", { command, incident: kept.code, version: here.version, marks: [{ criterion: line.criterion, points: value, basis: basis.replace(/\s+/g, " ") }] }));
    });
  }
  function file(tools) {
    const command = tools.key(), here = kept.told;
    tools.form(say("评估归档", "File the evaluation"), [
      { type: "note", label: say(`得分 ${here.points} / ${here.most}。归档后不再改动，记入日志。`, `${here.points} of ${here.most}. Once filed it stays, with a line in the log.`) },
      { name: "summary", type: "prose", label: say("总结和改进意见（可空）", "Summary and what to better (may be blank)"), longest: 1900, wide: true },
    ], say("归档", "File"), async ({ summary }) => { await done(tools, await post("api/evaluation/file", { command, incident: kept.code, version: here.version, summary: (summary || "").replace(/\s+/g, " ") })); });
  }

  function row(line, tools, may) {
    const points = !line.marked ? el("span", { class: "o" }, say("未评", "not marked")) : line.points === null ? el("span", { class: "t3" }, say("不适用", "n/a")) : el("b", {}, `${line.points} / ${line.most}`);
    const from = line.article ? `${line.source}${line.article}` : line.status_word;
    const inside = [el("span", { class: "tx" }, line.title, el("span", { class: "t2" }, line.basis ? `${line.counted ? say("计数 ", "counted ") : ""}${line.basis}` : ""), el("span", { class: "t3" }, from)), points];
    return el("li", { "data-criterion": line.criterion }, may ? el("button", { type: "button", on: { click: () => mark(line, tools) } }, inside) : el("div", {}, inside));
  }

  function panel(one, tools) {
    if (!over(one)) return null;
    fresh(one, tools);
    const title = el("h3", {}, say("处置评估", "Evaluation"));
    if (!kept.told) return el("section", { id: "duty-evaluation" }, title, el("p", { class: kept.fault ? "o" : "t3" }, kept.fault ? say(`读取失败：${kept.fault}`, `Could not read: ${kept.fault}`) : say("读取中", "Reading")));
    const told = kept.told, filed = told.state === "filed", may = tools.may && told.may_command && !filed;
    const groups = [...new Set(told.lines.map((line) => line.group))];
    const total = told.missing.length ? say(`还有 ${told.missing.length} 项未评，不出总分`, `${told.missing.length} not marked: no total yet`) : say(`${told.points} / ${told.most} 分（${Math.round(told.share * 100)}%）`, `${told.points} of ${told.most} (${Math.round(told.share * 100)}%)`);
    return el("section", { id: "duty-evaluation" }, el("div", { class: "line" }, title, el("b", {}, told.share === null && !told.missing.length ? "" : total), filed ? el("span", { class: "t3" }, say(`${duty.who(told.filed_by)} ${duty.short(told.filed_at)} 归档`, `filed by ${duty.who(told.filed_by)} ${duty.short(told.filed_at)}`)) : null),
      el("p", { class: "t3" }, told.points_of),
      ...groups.flatMap((group) => [el("h4", {}, group), el("ol", { class: "duty-marks" }, told.lines.filter((line) => line.group === group).map((line) => row(line, tools, may)))]),
      told.summary ? el("p", {}, told.summary) : null,
      el("details", { class: "duty-elsewhere" }, el("summary", {}, say(`处置时间线 ${told.course.length} 条`, `Course, ${told.course.length} points`)), el("ol", { class: "duty-course" }, told.course.map((each) => el("li", {}, el("time", { title: duty.short(each.at) }, say(each.minutes < 0 ? `前 ${-each.minutes} 分` : `${each.minutes} 分`, `${each.minutes} min`)), el("span", {}, each.text))))),
      may ? el("div", { class: "duty-buttons" }, el("button", { type: "button", class: "button primary", "data-act": "file", disabled: told.missing.length ? true : null, title: told.missing.length ? say("先评完各项", "Mark every criterion first") : "", on: { click: () => file(tools) } }, say("评估归档", "File"))) : null);
  }

  duty.section("evaluation", {
    panel, layers: ["incident_evaluations", "incident_log", "incident_tasks", "incident_orders"],
    changed: (keys, one, tools) => { if (over(one)) reread(one, tools); },
    opened: () => { kept.code = ""; },
  });
})();
