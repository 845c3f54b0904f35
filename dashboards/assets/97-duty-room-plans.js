/* Plans and tasks beside the steps of the duty desk: which plan fits and why, its steps as tasks with owner, clock and state. */
(function () {
  "use strict";
  const { base, el, say, get, post, debounce, time } = window.OneMap;
  const duty = window.OneMap.duty;
  const kept = { code: "", tasks: null, match: null, fault: "", wide: false };
  const asked = (what, code) => get(`api/plans/${what}?incident=${encodeURIComponent(code)}`);
  const two = (n) => String(n).padStart(2, "0");
  const span = (seconds) => (seconds >= 86400 ? say(`${Math.floor(seconds / 86400)} 天`, `${Math.floor(seconds / 86400)} d`) : seconds >= 3600 ? say(`${Math.floor(seconds / 3600)} 时 ${Math.floor((seconds % 3600) / 60)} 分`, `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`) : say(`${Math.max(1, Math.floor(seconds / 60))} 分`, `${Math.max(1, Math.floor(seconds / 60))} min`));
  const MARK = { todo: "○", doing: "◐", done: "✓", not_needed: "—" }, UNDONE = new Set(["todo", "doing"]);

  async function read(one, tools) {
    const code = one.code;
    try {
      const [tasks, match] = await Promise.all([asked("tasks", code), asked("match", code)]);
      if (kept.code !== code) return;
      Object.assign(kept, { tasks, match, fault: "" });
    } catch (fault) { if (kept.code === code) kept.fault = fault.message; }
    tools.redraw();
  }
  const reread = debounce((one, tools) => { if (one.code === kept.code) read(one, tools); }, 250);
  function opened(one, tools) {
    Object.assign(kept, { code: one ? one.code : "", tasks: null, match: null, fault: "", wide: false });
    if (one) read(one, tools);
  }

  async function done(tools, answer) {
    if (answer.incident === kept.code) kept.tasks = answer;
    await tools.again();
  }
  const taking = (plan, level, tools, command) => post("api/plans/take", { command, incident: kept.code, plan, level }).then((answer) => done(tools, answer));

  function take(plan, one, tools) {
    const level = one.response.level, command = tools.key();
    if (!level) { tools.toast(say("先启动响应，再下达预案任务", "Begin the response first; a plan's tasks are taken up with it"), "fault"); return; }
    tools.form(say(`启用预案：${plan.title}`, `Take up: ${plan.title}`), [
      { type: "note", label: say(`把 ${one.response.word} 的行动下达为任务，记入日志。${plan.edition} · ${plan.issuer} · ${plan.nature_word} · ${plan.stands_word}`, `Its steps of ${one.response.word} become tasks, with a line in the log. ${plan.edition} · ${plan.issuer} · ${plan.nature_word} · ${plan.stands_word}`) },
      ...(plan.stands === "expired" ? [{ type: "note", label: say(`▲ 该预案已于 ${plan.valid_until} 到期`, `▲ This plan expired on ${plan.valid_until}`) }] : []),
    ], say("下达任务", "Take up"), () => taking(plan.code, level, tools, command));
  }

  function act(row, tools) {
    const command = tools.key();
    tools.form(say(`任务 ${two(row.number)}：${row.text}`, `Task ${two(row.number)}: ${row.text}`), [
      { type: "note", label: [row.unit, row.role, row.detail, limit(row), say(`《${row.plan_title}》${row.edition}`, `${row.plan_title} ${row.edition}`)].filter(Boolean).join(" · ") },
      { name: "state", label: say("改为", "Becomes"), options: [["", say(`不变（${row.state_word}）`, `as it is (${row.state_word})`)], ...row.next.map((each) => [each.state, each.word])], value: UNDONE.has(row.state) ? row.next.find((each) => each.state === (row.state === "todo" ? "doing" : "done")).state : "" },
      { name: "owner", label: say("承办人", "Owner"), value: row.owner, longest: 60 },
      { name: "why", type: "prose", label: say("说明（不适用、改回时必填）", "Why (needed where not needed, or taken back)"), longest: 180, wide: true },
    ], say("记入", "Enter"), async ({ state, owner, why }) => {
      const body = { command, task: row.code, version: row.version, ...(state ? { state } : {}), ...((owner || "") !== row.owner ? { owner: owner || "" } : {}), why: (why || "").replace(/\s+/g, " ") };
      await done(tools, await post("api/plans/task", body));
    });
  }

  const limit = (row) => (row.minutes === null ? say("不限时", "no limit") : row.until ? say(`${row.moment_word}起 ${row.minutes} 分，至 ${duty.short(row.until)}`, `${row.minutes} min from ${row.moment_word}, until ${duty.short(row.until)}`) : say(`${row.moment_word}起 ${row.minutes} 分，起算时间未填`, `${row.minutes} min from ${row.moment_word}: not told when`));

  /* The clock counts in the page; what is past its end says for how long. */
  function clock(row) {
    if (!UNDONE.has(row.state)) return el("span", { class: "t2" }, row.state === "done" ? `${duty.short(row.done_at)}${row.late ? say(` 超时 ${span(row.late)}`, ` late ${span(row.late)}`) : ""}` : row.why);
    if (!row.until) return el("span", { class: "t3" }, row.minutes === null ? say("不限时", "no limit") : say("起算未填", "start unknown"));
    const left = (new Date(row.until) - time.now()) / 1000;
    return el("b", { class: left < 0 ? "late" : "", "data-until": row.until, "data-id": row.code }, "");
  }

  function line(row, tools, may) {
    const late = UNDONE.has(row.state) && row.until && new Date(row.until) < time.now();
    const inside = [el("span", { class: "mk", "aria-hidden": "true" }, late ? "▲" : MARK[row.state]), el("span", { class: "no" }, two(row.number)), el("span", { class: "tx" }, el("span", { class: row.state === "not_needed" ? "off" : "" }, row.text), el("span", { class: "t2" }, [row.unit, row.role, row.owner && say(`承办 ${row.owner}`, `by ${row.owner}`)].filter(Boolean).join(" · "))), el("span", { class: "st" }, clock(row), el("span", { class: "t3" }, row.state_word))];
    return el("li", { class: `${row.state} ${late ? "over" : ""}`, "data-task": row.number }, may ? el("button", { type: "button", on: { click: () => act(row, tools) } }, inside) : el("div", {}, inside));
  }

  const SAYS = { yes: "✓", any: "·", unknown: "?", no: "✕" };
  const reasons = (each) => el("span", { class: "duty-why t2" }, each.reasons.filter((one) => one.says !== "any").map((one) => el("span", { class: one.says }, `${SAYS[one.says]} ${one.words}`)));
  function offer(each, one, tools, may) {
    const plan = each.plan, old = !["current", "open"].includes(plan.stands);
    const tags = [plan.kind_word, plan.edition, old ? "" : plan.valid_until ? say(`有效至 ${plan.valid_until}`, `until ${plan.valid_until}`) : plan.stands_word, plan.nature === "official" ? "" : plan.nature_word].filter(Boolean).join(" · ");
    return el("li", { "data-plan": plan.code }, el("div", {}, el("b", {}, plan.title), el("span", { class: "t3" }, tags), old ? el("span", { class: "o" }, say(`▲ ${plan.stands_word}（${plan.stands === "expired" ? plan.valid_until : plan.valid_from}）`, `▲ ${plan.stands_word} (${plan.stands === "expired" ? plan.valid_until : plan.valid_from})`)) : null, reasons(each)),
      may && one.steps.length ? el("button", { type: "button", class: "button", disabled: one.response.level ? null : true, title: one.response.level ? "" : say("先启动响应", "Begin the response first"), on: { click: () => take(plan, one, tools) } }, say("启用", "Take up")) : null);
  }

  function offers(one, tools, may, used) {
    const match = kept.match, left = (name) => match[name].filter((each) => !used.has(each.plan.code));
    const list = (name) => el("ul", { class: "duty-plans" }, left(name).map((each) => offer(each, one, tools, may)));
    const more = (name, words) => (left(name).length ? el("details", { class: "duty-elsewhere" }, el("summary", {}, `${words} ${left(name).length}`), list(name)) : null);
    return [left("fitting").length ? list("fitting") : el("p", { class: "t2" }, used.size ? say("没有其他匹配的有效预案", "No other plan in force fits") : say("没有匹配的有效预案", "No plan in force fits")), more("lapsed", say("匹配但不在有效期", "Fit, not in force")), more("near", say("差一项不匹配", "One thing stands against"))];
  }

  function panel(one, tools) {
    const title = el("h3", {}, say("预案与任务 ", "Plans and tasks "), el("kbd", {}, "B"));
    if (kept.code !== one.code || (!kept.tasks && !kept.fault)) return el("section", { id: "duty-plans" }, title, el("p", { class: "t3" }, say("读取中", "Reading")));
    if (!kept.tasks) return el("section", { id: "duty-plans" }, title, el("p", { class: "o" }, say(`读取失败：${kept.fault}`, `Could not read: ${kept.fault}`)));
    const { rows, missing } = kept.tasks, may = tools.may && kept.tasks.may_command, led = may && !["closed", "false", "merged"].includes(one.facts.state), used = new Set(rows.map((row) => row.plan));
    const late = rows.filter((row) => UNDONE.has(row.state) && row.until && new Date(row.until) < time.now()), undone = rows.filter((row) => UNDONE.has(row.state)), gone = rows.filter((row) => !UNDONE.has(row.state));
    undone.sort((a, b) => (a.until ? Date.parse(a.until) : Infinity) - (b.until ? Date.parse(b.until) : Infinity) || a.number - b.number);
    const head = el("div", { class: "line" }, title, rows.length ? el("b", { class: "fig" }, say(`${gone.length} / ${rows.length} 办结`, `${gone.length} / ${rows.length} settled`)) : null, late.length ? el("span", { class: "o" }, say(`▲ 超时 ${late.length} 项`, `▲ ${late.length} overdue`)) : null);
    const short = missing.map((each) => el("p", { class: "duty-more" }, say(`${one.response.word}还有 ${each.steps} 项行动未下达：《${each.title}》`, `${each.steps} steps of ${one.response.word} are no tasks yet: ${each.title}`), led ? el("button", { type: "button", class: "button", "data-act": "more", on: { click: () => taking(each.plan, one.response.level, tools, tools.key()).catch((fault) => tools.toast(fault.message, "fault")) } }, say("下达", "Take up")) : null));
    if (!rows.length) return el("section", { id: "duty-plans" }, head, el("p", { class: "t2" }, one.response.level ? say("未启用预案", "No plan was taken up") : say("未启用预案；启动响应后下达任务", "No plan was taken up; tasks follow when the response is begun")), ...offers(one, tools, led, used), drafting(one, tools));
    return el("section", { id: "duty-plans" }, head, kept.fault ? el("p", { class: "o" }, say(`读取失败，显示上次读到的：${kept.fault}`, `Could not read, as last read: ${kept.fault}`)) : null, ...short,
      el("p", { class: "t3" }, [...new Set(rows.map((row) => say(`《${row.plan_title}》${row.edition}`, `${row.plan_title} ${row.edition}`)))].join("；")),
      undone.length ? el("ol", { class: "duty-tasks" }, undone.map((row) => line(row, tools, may))) : el("p", { class: "t2" }, say("任务均已办结", "Every task is settled")),
      gone.length ? el("details", { class: "duty-elsewhere", open: kept.wide ? true : null, on: { toggle: (event) => { kept.wide = event.target.open; } } }, el("summary", {}, say(`已办 ${gone.length} 项`, `${gone.length} settled`)), el("ol", { class: "duty-tasks" }, gone.map((row) => line(row, tools, may)))) : null,
      el("details", { class: "duty-elsewhere" }, el("summary", {}, say("另选预案", "Another plan")), ...offers(one, tools, led, used)), drafting(one, tools));
  }

  /* An incident that is over becomes a case to learn from: its facts and steps, nobody's name; internal until somebody makes it more. */
  function drafting(one, tools) {
    if (!tools.may || one.facts.state !== "closed") return null;
    const failed = (fault) => tools.toast(fault.message, "fault");
    /* words that people wrote go in as chosen: they may name persons, and no machine knows a name */
    const draft = () => get(`api/knowledge/draft?incident=${encodeURIComponent(one.code)}`).then(({ free }) => tools.form(say("起草案例", "Draft a case"), [
      { type: "note", label: free.length ? say("下列文字由人书写，可能写有人名。请逐条读过，只勾选没有人名的；电话和证件号码已隐去。", "These words were written by people and may name persons. Read each, and choose only those that name nobody; telephone and identity numbers are out.") : say("没有自由书写的文字。案例只含事件事实和步骤。", "Nobody wrote freely: the case has facts and steps alone.") },
      ...free.map((each) => ({ name: each.key, type: "check", wide: true, label: `${each.title}：${each.words}`, value: false })),
    ], say("起草", "Draft"), async (given) => {
      const { case: made } = await post("api/knowledge/draft", { command: tools.key(), incident: one.code, include: free.map((each) => each.key).filter((key) => given[key]) });
      tools.toast(say(`已起草案例 ${made}，内部可见`, `Case ${made} is drafted, for internal use`));
      await tools.again();
    })).catch(failed);
    const made = one.log.flatMap((line) => line.refs).find((ref) => /^(emergency|exercise)_cases\//.test(ref));
    return el("div", { class: "duty-buttons" }, made ? el("a", { class: "button", href: `${base}knowledge?open=${one.exercise ? "exercise" : "case"}:${encodeURIComponent(made.slice(made.indexOf("/") + 1))}` }, say("查看案例", "Open the case")) : el("button", { type: "button", class: "button", "data-act": "draft", on: { click: draft } }, say("起草案例", "Draft a case")));
  }

  function reach() {
    const room = document.getElementById("duty-plans"), first = room?.querySelector(".duty-more button, .duty-tasks button, .duty-plans button:not([disabled])");
    room?.scrollIntoView({ block: "nearest" });
    first?.focus();
  }

  duty.section("plans", {
    panel, opened, layers: ["incident_tasks", "incidents", "exercise_incidents", "emergency_plans", "plan_steps"],
    changed: (keys, one, tools) => reread(one, tools),
    before: (step) => {
      const undone = ["close", "stop"].includes(step) && kept.tasks ? kept.tasks.rows.filter((row) => UNDONE.has(row.state)) : [];
      return undone.length ? [say(`▲ 未完成任务 ${undone.length} 项：${undone.slice(0, 8).map((row) => `${two(row.number)} ${row.text}`).join("；")}${undone.length > 8 ? " 等" : ""}。办结情况将记入日志。`, `▲ ${undone.length} tasks are open: ${undone.slice(0, 8).map((row) => `${two(row.number)} ${row.text}`).join("; ")}. The log will say so.`)] : [];
    },
    keys: [["B", say("预案任务", "plan tasks"), () => reach()]],
  });
})();
