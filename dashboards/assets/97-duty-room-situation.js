/* Step 7 of the duty desk, beside the reports that the law asks for: situation reports, and the file to take along. */
(function () {
  "use strict";
  const { base, el, say, get, post } = window.OneMap, duty = window.OneMap.duty;
  const LANGS = [["zh", say("中文", "Chinese")], ["en", say("英文", "English")]];
  let rows = null, fault = "", of = "", busy = false;

  const address = (each, file) => `${base}api/incidents/situation?entry=${encodeURIComponent(each.entry)}&form=${file.form}&lang=${file.lang}`;
  async function read(code, tools) {
    try { const found = await get(`api/incidents/situations?code=${encodeURIComponent(code)}`); if (code !== of) return; [rows, fault] = [found.rows, ""]; }
    catch (error) { if (code !== of) return; [rows, fault] = [null, error.message]; }
    tools.redraw();
  }
  function opened(one, tools) {
    of = one ? one.code : "";
    [rows, fault, busy] = [null, "", false];
    if (one) read(one.code, tools);
  }
  function make(one, tools) {
    const command = tools.key();
    tools.form(say(`制作态势报告：${one.facts.title}`, `Situation report: ${one.facts.title}`), [
      { type: "note", label: say("按此刻的信息、影响区、指令、预警和日志成文，中英文各一份（DOCX、PDF），附地图；制作约需数秒。没有记录的写“未报”。", "Made of what stands now: facts, zones, orders, warnings, log, with maps, in Chinese and English. It takes some seconds. What nobody told says so.") },
      { name: "text", type: "prose", label: say("其他情况（可空）", "Other matters (may be blank)"), longest: 1900, wide: true },
    ], say("制作并存档", "Make and keep"), async ({ text }) => {
      busy = true;
      try {
        const done = await post("api/incidents/situation", { command, code: one.code, ...(text ? { text: text.replace(/\s+/g, " ") } : {}) });
        if (one.code === of) rows = done.rows;
        await tools.again();
        tools.toast(say(`态势报告第 ${done.rows[0].number} 号已存档`, `Situation report no. ${done.rows[0].number} is kept`));
      } finally { busy = false; }
    });
  }
  function list() {
    if (fault) return el("p", { class: "o" }, fault);
    if (!rows) return el("p", { class: "t2" }, say("正在读取", "Reading"));
    if (!rows.length) return el("p", { class: "t2" }, say("未制作态势报告", "No situation report was made"));
    return el("ul", { class: "duty-papers duty-situations" }, rows.map((each) => el("li", { class: each.struck ? "struck" : "", "data-situation": each.number },
      el("b", {}, say(`第 ${each.number} 号`, `No. ${each.number}`)), el("span", { class: "el t3" }, `${duty.short(each.at)} · ${duty.who(each.by)}${each.struck ? say(" · 已划去", " · struck") : ""}`),
      ...LANGS.map(([lang, words]) => el("span", {}, `${words} `, each.files.filter((file) => file.lang === lang).map((file) => [el("a", { class: "link", href: address(each, file), target: "_blank", rel: "noopener", title: `SHA-256 ${file.sha256}` }, file.form.toUpperCase()), " "]))))));
  }
  function panel(one, tools) {
    const over = ["false", "merged"].includes(one.facts.state);
    return el("section", {}, el("h3", {}, say("态势报告", "Situation report")), list(),
      tools.may && !over ? el("div", { class: "duty-buttons" }, el("button", { type: "button", class: "button", id: "duty-situation", on: { click: () => make(one, tools) } }, say("制作态势报告 ", "Make one "), el("kbd", {}, "T"))) : null,
      el("div", { class: "line" }, el("a", { class: "link", id: "duty-kit", href: `${base}api/incidents/kit?code=${encodeURIComponent(one.code)}`, download: "" }, say("下载事件离线包", "Download the incident kit")), el("span", { class: "t3" }, say("图层、离线图、文书，无网络可用，不含个人信息字段", "layers, map, papers, without a network; no personal fields"))));
  }
  const step = duty.rooms.get(7)?.panel;
  duty.room(7, {
    opened, keys: [["T", say("态势报告", "situation report"), (one, tools) => { if (tools.may && !busy) make(one, tools); }]], layers: ["incident_log"], changed: (keys, one, tools) => { if (keys.some((key) => key.startsWith(`${one.code}/`))) read(one.code, tools); },
    panel: (one, tools) => el("div", { class: "duty-two" }, step ? step(one, tools) : null, panel(one, tools)) });
})();
