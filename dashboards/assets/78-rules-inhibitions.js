/* Inhibitions: which rules or points are out of service while somebody works there, who answers for it, until when. */
(function () {
  "use strict";
  const { el, say, get, post, time } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip, day } = my;
  const rules = window.OneMap.rules;
  const STATES = { current: [say("抑制中", "In effect"), "bad"], coming: [say("未开始", "To come"), ""], over: [say("已结束", "Over"), "dull"] };

  function title_of(code) {
    return rules.rows.find((one) => one.code === code)?.title || code;
  }

  rules.inhibitions = function (box) {
    const room = el("section", { class: "adm-card", "aria-label": say("报警抑制", "Inhibitions") });
    const add = button(say("登记抑制", "Take out of service"), () => write(), "primary");
    box.replaceChildren(el("div", { class: "adm-bar" }, el("p", { class: "t3" }, say("检修、特殊作业期间,所列规则或监测点照常判断但不报警;到期自动恢复。", "During work the rules and points listed are judged but not told; they come back by themselves.")), el("span", { class: "sp" }), add), room);
    let who = "";
    const list = () => my.room(room, () => get("api/rules/inhibitions"), draw);

    function draw(answer) {
      who = answer.who;
      add.hidden = !answer.may_write;
      if (!answer.rows.length) return my.empty(say("没有登记过抑制。", "Nothing was taken out of service."));
      const rows = answer.rows.map((one) => ({ dull: one.state === "over", cells: [
        el("div", {}, el("b", {}, one.rule ? title_of(one.rule) : say("全部规则", "Every rule")), el("small", { class: "t3 rules-points" }, one.points.length ? my.names(one.points) : say("规则全部监测点", "every point of it"))),
        one.why, one.permit || "—", one.who, el("span", { class: "nw" }, day(one.starts)), el("span", { class: "nw" }, day(one.ends)), chip(STATES[one.state][0], STATES[one.state][1]),
        answer.may_write && one.state !== "over" ? button(say("提前结束", "End now"), () => end(one), "small danger") : "" ] }));
      return my.table([say("规则与监测点", "Rule and points"), say("事由", "Why"), say("作业票", "Permit"), say("批准人", "Approved by"), say("开始", "From"), say("结束", "Until"), say("状态", "State"), say("办理", "Actions")], rows);
    }

    function write() {
      const now = time.now(), later = new Date(now.getTime() + 4 * 3600e3);
      my.form(say("登记报警抑制", "Take out of service"), [
        { name: "rule", label: say("规则", "Rule"), options: [["", say("全部规则", "Every rule")], ...rules.rows.map((one) => [one.code, `${one.title} ${one.code}`])], value: "" },
        { name: "points", label: say("监测点(空格或换行分隔,空为规则全部监测点)", "Points; empty: every point of the rule"), type: "lines", value: "" },
        { name: "starts", label: say("开始时间", "From"), type: "moment", required: true, value: now.toISOString() },
        { name: "ends", label: say("结束时间", "Until"), type: "moment", required: true, value: later.toISOString() },
        { name: "permit", label: say("作业票编号", "Work permit"), longest: 60, value: "" },
        { name: "who", label: say("批准人", "Approved by"), required: true, longest: 80, value: who },
        { name: "why", label: say("事由(谁在何处做什么)", "Why: who does what, where"), type: "prose", required: true, longest: 400, value: "" },
        { name: "area", label: say("区划", "Area"), options: rules.areas(""), value: rules.choices.areas[0]?.code },
      ], say("登记", "Take out"), async (values) => { await post("api/rules/inhibitions", values); await list(); });
    }

    function end(one) {
      my.form(say("提前结束抑制", "End the inhibition"), [
        { type: "note", label: say(`“${one.why}”结束后立即恢复报警,仍越限的监测点随即报警。`, `Alarms come back at once, those that stand beyond a limit too.`) },
        { name: "reason", label: say("事由", "Why"), required: true, longest: 200, wide: true },
      ], say("结束", "End"), async ({ reason }) => { await post("api/rules/inhibitions/end", { code: one.code, version: one.version, reason }); await list(); }, "danger");
    }

    return list();
  };
})();
