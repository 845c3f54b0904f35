/* The scenarios at the left: which is on which map, what each came to, and what may be done with it. */
(function () {
  "use strict";
  const { el, say, icon, time, length } = window.OneMap;
  const plan = window.OneMap.plan;

  const figure = (one, fields) => {
    const told = Object.entries(one.given.release).find(([name]) => name !== "kind"), field = told && fields.find((each) => each.name === told[0]);
    return told ? (typeof told[1] === "number" && field ? plan.asField(field, told[1]) : String(told[1])) : "";
  };
  const sky = (one) => { const air = one.given.weather || {}, speed = typeof air.wind_speed === "number" ? `${plan.rounded(air.wind_speed)}${plan.THIN}m/s` : air.wind_speed; return say(`${air.stability || ""} 类，${speed || ""}`, `class ${air.stability || ""}, ${speed || ""}`); };
  const whole = (answer) => answer.valid && !answer.zones.some(plan.cut);

  /* The state of one scenario in a chip, on its map. */
  function state(one) {
    if (!one) return [];
    if (one.busy === "first") return [el("span", { class: "t3 plan-busy", role: "status" }, say("首算中", "First answer"))];
    if (one.fault) return [el("span", { class: "plan-chip bad" }, icon("close", 14), [400, 422].includes(one.fault.status) ? say("拒绝计算", "Refused") : say("计算失败", "Failed"))];
    if (!one.answer) return [el("span", { class: "t3" }, say("未计算", "Not computed"))];
    const chip = whole(one.answer) ? el("span", { class: "plan-chip good" }, say("适用", "Within range")) : el("span", { class: "plan-chip warn" }, icon("warn", 14), one.answer.valid ? say("截断", "Cut") : say("超出适用范围", "Outside range"));
    const first = one.answer.again ? el("span", { class: "plan-chip warn", role: "status" }, one.late ? say("首算，积分模型未算出", "First answer only") : say("首算，积分模型计算中", "First answer; integral running")) : null;
    return [first, chip, el("span", { class: "t3 plan-tier" }, one.answer.evidence.title.split(/[::]/)[0])].filter(Boolean);
  }

  function line(one, run) {
    if (one.busy === "first") return el("p", { class: "t3 plan-busy" }, say("首算中", "Computing the first answer"));
    const again = el("button", { type: "button", class: "link", on: { click: () => run.again(one) } }, say("重算", "Try again"));
    if (one.fault) return el("p", { class: "r" }, icon("close", 14), ` ${plan.refusal(one.fault)} `, [400, 422, 403].includes(one.fault.status) ? null : again);
    if (!one.answer) return el("p", { class: "t3" }, say("未计算 ", "Not computed "), again);
    if (one.late) return el("p", { class: "y" }, icon("warn", 14), say(` 仅首算：${plan.refusal(one.late)} `, ` First answer only: ${plan.refusal(one.late)} `), again);
    if (one.answer.again) return el("p", { class: "y plan-busy", role: "status" }, say("首算已出，积分模型计算中", "First answer shown; integral model running"));
    const took = one.took ? say(`·用时 ${one.took.toFixed(1)} 秒`, ` in ${one.took.toFixed(1)} s`) : "";
    if (!whole(one.answer)) return el("p", { class: "y" }, icon("warn", 14), one.answer.valid ? say(" 截断", " Cut at the model's range") : say(" 超出适用范围", " Outside the published range"));
    return el("p", { class: "t3" }, say("已算 ", "Computed "), time.dated(new Date(one.answer.computed_at)), took);
  }

  function card(one, known, run) {
    const side = plan.SIDES.find((each) => run.at(each) === one.id), title = one.given.title;
    const tool = (name, words, act) => el("button", { type: "button", class: "link", "aria-label": words, "data-tool": `${one.id} ${name}`, on: { click: act } }, name);
    const pick = plan.SIDES.map((each) => el("button", { type: "button", class: `plan-pick plan-${each.toLowerCase()}`, "data-tool": `${one.id} ${each}`, "aria-pressed": run.at(each) === one.id ? "true" : "false", "aria-label": say(`在图 ${each} 显示${title}`, `Show ${title} on map ${each}`), on: { click: () => run.show(one, each) } }, each));
    return el("li", { class: side ? `on plan-on-${side.toLowerCase()}` : "", "data-scenario": one.id },
      el("div", { class: "plan-row" }, el("b", { class: "el", title }, title), el("span", { class: "plan-picks" }, pick)),
      el("p", { class: "t2 el" }, [known.kinds.get(one.given.release.kind), figure(one, known.fields)].filter(Boolean).join("·")),
      el("p", { class: "t2 el" }, [known.chemicals.get(one.given.chemical), sky(one)].filter(Boolean).join("·")),
      line(one, run), one.note ? el("p", { class: "t2", role: "status" }, one.note) : null,
      el("div", { class: "plan-tools" },
        tool(say("修改", "Edit"), say(`修改${title}`, `Edit ${title}`), () => run.edit(one)),
        tool(say("复制", "Copy"), say(`复制${title}`, `Copy ${title}`), () => run.copy(one)),
        tool(say("保存", "Keep"), say(`把${title}存到服务器`, `Keep ${title} on the server`), () => run.keep(one)),
        known.batches ? tool(say("批量", "Batch"), say(`${title}的批量气象`, `${title} in many weathers`), () => run.batch(one)) : null,
        tool(say("改名", "Rename"), say(`为${title}改名`, `Rename ${title}`), () => run.rename(one)),
        tool(say("删除", "Remove"), say(`删除${title}`, `Remove ${title}`), () => run.remove(one))));
  }

  function list(all, known, run) {
    if (plan.tabs("plan-list", [["mine", say("情景", "Scenarios")], ["kept", say("已存", "Kept")]], run.draw) === "kept") return plan.kept(run, run.draw);
    const body = document.getElementById("plan-list-body"), more = document.getElementById("plan-list-more");
    more.textContent = all.length ? say(`${all.length} 个`, `${all.length}`) : "";
    const rows = all.map((one) => card(one, known, run));
    body.replaceChildren(
      rows.length ? el("ol", { class: "plan-scenarios" }, rows) : el("div", { class: "empty plan-empty" }, el("p", {}, say("还没有情景。", "No scenarios yet.")), el("p", {}, say("新建一个：选化学品和释放方式，填气象，即在图 A 画出影响区。", "Begin one: a chemical, a release and the weather; its zones are drawn on map A."))),
      plan.batches(run.draw) || "",
      el("div", { class: "plan-add" },
        el("button", { type: "button", class: "adm-button primary", id: "plan-new", "aria-keyshortcuts": "n", on: { click: run.begin } }, say("新情景", "New scenario")),
        el("p", { class: "t3" }, say("情景留在本浏览器，按“保存”存到服务器；链接带有 A、B。", "Scenarios stay in this browser until kept; the link carries A and B."), el("button", { type: "button", class: "link", id: "plan-keys", "aria-keyshortcuts": "?", on: { click: run.keys } }, say("按键", "Keys")))));
  }

  /* What the integral model moved, said once over the table. */
  const moves = (before, after) => after.zones.map((zone) => { const first = before.zones.find((one) => one.id === zone.id); return first && length(first.distance) !== length(zone.distance) ? `${plan.level(zone.name)[0]} ${length(first.distance)} → ${length(zone.distance)}` : null; }).filter(Boolean);

  Object.assign(plan, { list, state, figure, moves });
})();
