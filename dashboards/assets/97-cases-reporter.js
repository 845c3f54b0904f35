/* Who reported a complaint: sealed with a code given once, a code compared, the seal opened by few and on record. */
(function () {
  "use strict";
  const { el, say, post } = window.OneMap;
  const my = window.OneMap.admin;
  const line = (title, value) => el("div", {}, el("dt", {}, title), el("dd", {}, value));

  function given(code, query, again) {
    const box = my.dialog(say("查询码,只显示这一次", "The code, shown this once"),
      el("div", { class: "case-reporter-code" }, el("output", {}, query), el("p", {}, say("请告知举报人抄下:凭此码查询办理情况、补充材料和申领奖励。系统只留标记,不能找回。", "Tell the reporter to write it down: by it they ask, add and claim. Only a mark of it is kept."))));
    box.addEventListener("close", again, { once: true });
  }

  function register(one, again) {
    my.form(say("登记举报人并发放查询码", "Register who reported, give the code"), [
      { type: "made", make: () => ({ node: el("p", { class: "wide" }, say("匿名举报的不填姓名和电话。填写的内容密封保存,您提交后也不能再看到。", "Leave blank for an anonymous report. What you write is sealed: you cannot see it again either.")), value: () => undefined }) },
      { name: "name", label: say("姓名", "Name"), longest: 40 }, { name: "phone", label: say("电话", "Phone"), longest: 40 },
      { name: "note", label: say("联系要求", "How to reach"), longest: 400, wide: true },
    ], say("密封并发放查询码", "Seal and give the code"), async (values) => {
      const { query } = await post("api/cases/reporter", { code: one.code, ...values });
      setTimeout(() => given(one.code, query, again));
    });
  }

  function compare(one) {
    my.form(say("核对查询码", "Compare the code"), [
      { name: "query", label: say("举报人出示的查询码", "The code that is shown"), required: true, longest: 40, wide: true },
    ], say("核对", "Compare"), async ({ query }) => {
      const { same } = await post("api/cases/reporter/check", { code: one.code, query });
      if (!same) throw new Error(say("不是本件举报的查询码", "It is not the code of this complaint"));
      setTimeout(() => my.dialog(say("核对一致", "It is the code"), el("p", {}, say("查询码与本件举报一致。", "The code is that of this complaint."))));
    });
  }

  function read(one) {
    my.form(say("拆阅举报人信息", "Open the seal"), [
      { type: "made", make: () => ({ node: el("p", { class: "wide" }, say("拆阅会写入审计,记下您的账号、时间和理由。不得泄露举报人信息。", "Opening is on record with your account, the time and the reason.")), value: () => undefined }) },
      { name: "reason", label: say("理由", "Why"), required: true, longest: 200, wide: true },
    ], say("拆阅", "Open"), async ({ reason }) => {
      const { reporter } = await post("api/cases/reporter/read", { code: one.code, reason });
      const titles = { name: say("姓名", "Name"), phone: say("电话", "Phone"), note: say("联系要求", "How to reach"), payee: say("领奖方式", "How to pay") };
      const lines = Object.entries(titles).filter(([name]) => reporter[name]).map(([name, title]) => line(title, reporter[name]));
      setTimeout(() => my.dialog(say("举报人信息", "Who reported"), lines.length ? el("dl", { class: "case-facts" }, lines) : el("p", {}, say("匿名举报,没有留下联系方式。", "Anonymous: nothing was left."))));
    });
  }

  function panel(one, again) {
    const who = one.reporter;
    if (!who) return null;
    const words = who.sealed ? say("已登记,密封保存", "registered, sealed") : who.code ? say("匿名", "anonymous") : say("未登记", "not registered");
    const links = [
      !who.code && who.may_write ? my.button(say("登记举报人并发放查询码", "Register, give the code"), () => register(one, again), "small") : null,
      who.code && who.may_write ? my.button(say("核对查询码", "Compare the code"), () => compare(one), "small") : null,
      (who.sealed || who.payee) && who.may_read ? my.button(say("拆阅", "Open the seal"), () => read(one), "small") : null,
    ].filter(Boolean);
    return el("section", { class: "case-reporter" }, el("h3", {}, say("举报人", "Reporter")), el("p", {}, words, who.payee ? say(";已说明领奖方式", "; said how to be paid") : ""), el("div", { class: "case-reporter-links" }, links));
  }

  window.OneMap.caseReporter = { panel };
})();
