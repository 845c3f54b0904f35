/* The hand-over: what is open, both signatures with one's own password, and the signed head it is compared with later. */
(function () {
  "use strict";
  const { base, el, say, get, post, time } = window.OneMap;
  const roster = (window.OneMap.roster = window.OneMap.roster || { tabs: {} });
  const when = (iso) => (iso ? `${time.date(new Date(iso)).slice(5)} ${time.minute(new Date(iso))}` : "");
  const LISTS = [["alarms", say("未关闭报警", "Open alarms")], ["incidents", say("处置中事件", "Open incidents")], ["calls", say("须回电", "Calls to return")], ["receipts", say("待回执", "Receipts awaited")], ["resources", say("在用资源", "Resources out")]];
  const HOW = { password: say("口令确认", "by password"), session: say("统一认证会话", "by session"), demo: say("演示数据", "demo data") };
  const LOOKS = { draft: "soon", given: "soon", taken: "good" };

  function start(box, page) {
    const my = window.OneMap.admin, { button, chip } = my;
    const list = el("div", { class: "roster-list" }), body = el("div", { class: "roster-paper" }), note = el("span", { class: "t3" });
    const begin = page.may_write ? button(say("交班", "Hand over"), () => draw(null), "primary") : null;
    box.append(el("div", { class: "roster-two" }, el("section", { class: "panel roster-sheet", "aria-label": say("交接班记录", "Hand-overs") }, el("div", { class: "roster-bar" }, begin, note), list), el("section", { class: "panel roster-sheet", "aria-label": say("交接内容", "What is handed over"), "aria-live": "polite" }, body)));
    let answer = null, picked = "";

    const read = async () => { await my.room(list, () => get("api/roster/handovers"), (given) => { answer = given; return rows(given); }); if (!picked) await preview(); };

    function rows(given) {
      note.textContent = given.mine.length ? say(`您在 ${given.mine[0].post} 值班,应于 ${when(given.mine[0].ends_at)} 交班`, `You are on at ${given.mine[0].post}, due ${when(given.mine[0].ends_at)}`) : say("您此刻不在排班表上", "You are not on the roster now");
      if (!given.rows.length) return my.empty(say("还没有交接班记录。", "Nothing was handed over yet."));
      return el("ol", {}, given.rows.map((one) => el("li", {}, el("button", { type: "button", class: "line", "data-code": one.code, "aria-pressed": String(one.code === picked), on: { click: () => open(one.code) } }, el("span", { class: "when" }, el("b", {}, when(one.in_at || one.out_at || one.drafted_at)), one.due_at ? el("small", {}, say(`应 ${when(one.due_at).slice(6)}`, `due ${when(one.due_at).slice(6)}`)) : null),
        el("span", { class: "who el" }, one.post), el("span", { class: "what" }, `${one.out_name.split(",")[0]} → ${(one.in_name || say("待签", "to sign")).split(",")[0]}`), el("span", { class: "chips" }, chip(one.state_word, LOOKS[one.state]), one.late ? chip(say("迟交", "Late"), "bad") : null)))));
    }

    const lists = (one) => LISTS.map(([name, title]) => [title, one[name] || []]).map(([title, lines]) => el("section", {}, el("h3", {}, `${title} ${lines.length}`), lines.length ? el("ol", {}, lines.map((line) => el("li", {}, line))) : el("p", { class: "t3" }, say("无", "None"))));

    async function preview() {
      if (!page.may_write) { body.replaceChildren(my.empty(say("选一次交接班查看。", "Choose a hand-over."))); return; }
      await my.room(body, () => get("api/roster/handovers/preview"), (one) => [el("h2", {}, say("此刻会交接的内容", "What would be handed over now")), ...lists(one)]);
    }

    async function open(code) {
      picked = code;
      for (const line of list.querySelectorAll("[data-code]")) line.setAttribute("aria-pressed", String(line.dataset.code === code));
      await my.room(body, () => get(`api/roster/handovers/row?code=${encodeURIComponent(code)}`), (one) => paper(one));
      if (window.innerWidth <= 1280) body.scrollIntoView({ block: "start" });
    }

    function paper(one) {
      const signed = (title, who, at, how) => el("div", { class: "signed" }, el("span", { class: "t3" }, title), el("b", {}, who || say("未签", "Not signed")), el("span", { class: "t3" }, at ? `${when(at)} ${HOW[how] || ""}` : ""));
      const acts = el("div", { class: "roster-acts" }, one.may_sign ? button(one.state === "draft" ? say("交班签字", "Sign: hand over") : say("接班签字", "Sign: take over"), () => sign(one), "primary") : null, one.may_redo ? button(say("重新汇总", "Draw up again"), () => draw(one)) : null, el("a", { class: "adm-button", href: `${base}api/roster/handovers/paper?code=${encodeURIComponent(one.code)}`, target: "_blank", rel: "noopener" }, say("打印", "Print")));
      const chain = [[say("记录版本", "Version"), one.version], [say("链上编号", "Entry"), one.entry.seq], [say("记录摘要", "Hash"), one.entry.row_hash], ...(one.head ? [[say("签名头", "Signed head"), `${when(one.head.at)} · ${one.head.seq}`], [say("签名头摘要", "Its hash"), one.head.hash]] : [[say("签名头", "Signed head"), say("尚未签出", "None yet")]])];
      return [el("h2", { tabindex: "-1" }, `${one.post} ${when(one.drafted_at)}`), el("p", {}, chip(one.state_word, LOOKS[one.state]), one.late ? chip(say("迟交", "Late"), "bad") : null, el("span", { class: "t3" }, one.due_at ? say(`应于 ${when(one.due_at)} 交接`, `due ${when(one.due_at)}`) : say("交班人不在排班表上", "Who hands over is not on the roster"))),
        el("div", { class: "signs" }, signed(say("交班人", "Hands over"), one.out_name, one.out_at, one.out_how), signed(say("接班人", "Takes over"), one.in_name, one.in_at, one.in_how)), acts, ...lists(one),
        el("section", {}, el("h3", {}, say("设备状况", "Devices")), el("p", { class: "pre" }, one.devices || say("无", "None"))), el("section", {}, el("h3", {}, say("交代事项", "Notes")), el("p", { class: "pre" }, one.notes || say("无", "None"))),
        el("section", {}, el("h3", {}, say("存证,与打印件核对", "To compare with the paper")), el("dl", { class: "adm-facts" }, chain.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", { class: "hash" }, String(value))))))];
    }

    function sign(one) {
      const closes = one.state === "given";
      my.form(closes ? say("接班签字", "Take over") : say("交班签字", "Hand over"), [{ type: "note", label: closes ? say(`接 ${one.out_name} 的班。签字后双方都不能再改。`, `From ${one.out_name}. Nothing changes after you sign.`) : say("签字后内容不能再改,请接班人在本人登录下签字。", "Nothing changes after you sign; who takes over signs on their own session.") },
        ...(one.password ? [{ name: "password", label: say("本人口令", "Your own password"), type: "password", required: true, longest: 256, wide: true }] : [])], say("签字", "Sign"), async ({ password }) => { await post("api/roster/handovers/sign", { code: one.code, version: one.version, ...(password ? { password } : {}) }); await read(); await open(one.code); }, "primary");
    }

    function draw(one) {
      const posts = [...new Set([...(one ? [one.post] : []), ...(answer?.posts || [])])];
      my.form(one ? say("重新汇总", "Draw up again") : say("交班", "Hand over"), [{ type: "note", label: say("报警、事件、待回电和待回执按此刻自动汇总。", "Alarms, incidents, calls and receipts are drawn up as of now.") },
        posts.length ? { name: "post", label: say("岗位", "Post"), options: posts.map((each) => [each, each]), value: one?.post || posts[0] } : { name: "post", label: say("岗位", "Post"), required: true, longest: 80 }, { name: "area", label: say("区划", "Area"), options: page.choices.areas.map((each) => [each.code, each.name]), value: one?.area || page.choices.areas[0]?.code },
        { name: "devices", label: say("设备状况", "Devices"), type: "prose", value: one?.devices || "", longest: 2000 }, { name: "notes", label: say("交代事项", "Notes"), type: "prose", value: one?.notes || "", longest: 2000 }], say("汇总", "Draw up"), async (values) => { const made = await post("api/roster/handovers", { ...values, ...(one ? { code: one.code, version: one.version } : {}) }); await read(); await open(made.code); });
    }

    return { read, open, again: async () => { await read(); if (picked) await open(picked); }, layers: ["duty_handovers"], list: () => list, keys: { h: [say("交班", "Hand over"), () => answer && begin?.click()], s: [say("签字", "Sign"), () => body.querySelector(".roster-acts .primary")?.click()] }, wide: true, find: () => list.querySelector("button")?.focus() };
  }

  roster.tabs.handover = { start };
})();
