/* The roster: a month of shifts by post and role, what is missing and double, who stands in with consent; who is on now. */
(function () {
  "use strict";
  const { base, el, say, get, post, time } = window.OneMap;
  const roster = (window.OneMap.roster = window.OneMap.roster || { tabs: {} });
  const day = (iso) => time.date(new Date(iso)), hour = (iso) => time.minute(new Date(iso));
  const name = (person) => person.replace(",", ",").split(",")[0];
  const until = (one) => (day(one.starts_at) === day(one.ends_at) ? hour(one.ends_at) : `${day(one.ends_at).slice(5)} ${hour(one.ends_at)}`);
  const ORDER = { leader: 0, officer: 1, deputy: 2 };

  /* who is on duty, in the head of the page */
  roster.now = async function (box, page) {
    const found = await get("api/roster/now").catch((fault) => ({ fault }));
    if (found.fault) { box.replaceChildren(el("span", { class: "t3" }, say(`在岗读取失败:${found.fault.message}`, `Could not read who is on: ${found.fault.message}`))); return; }
    const own = page.choices.areas.map((one) => one.code), near = found.on.filter((one) => own.includes(one.area));
    const shown = (near.length ? near : found.on).slice(0, 4);
    const words = shown.map((one) => el("span", { title: `${one.post} ${hour(one.starts_at)} ${say("至", "to")} ${until(one)}${one.duty_phone ? ` ${one.duty_phone}` : ""}` }, el("span", { class: "t3" }, `${one.role_word} `), el("b", {}, name(one.person))));
    const ask = found.asked.length ? el("button", { type: "button", class: "adm-button small", on: { click: () => document.querySelector("#roster-tab-month").click() } }, say(`${found.asked.length} 班请您代`, `${found.asked.length} to stand in for`)) : null;
    box.replaceChildren(...(shown.length ? words : [el("span", { class: "o" }, say("此刻无人在岗", "Nobody is on duty"))]), ...(ask ? [ask] : []));
  };

  function start(box, page) {
    const my = window.OneMap.admin, { button, chip } = my;
    const asked = new URLSearchParams(location.search);
    let month = asked.get("month") || day(time.now().toISOString()).slice(0, 7), post_ = "", answer = null, people = null;
    const title = el("b", { class: "roster-month" }), posts = el("select", { "aria-label": say("岗位", "Post") }), faults = el("div", { class: "roster-faults" }), sheet = el("div", { class: "roster-list roster-days" });
    const move = (by) => { const [y, m] = month.split("-").map(Number), next = new Date(Date.UTC(y, m - 1 + by, 1)); month = next.toISOString().slice(0, 7); read(); };
    const print = el("a", { class: "adm-button", target: "_blank", rel: "noopener" }, say("打印", "Print"));
    const bar = el("div", { class: "roster-bar" }, button(say("上月", "Before"), () => move(-1), "small"), title, button(say("下月", "Next"), () => move(1), "small"), posts, page.may_write ? button(say("排班", "Draw up"), () => draw(), "primary") : null, print, el("span", { class: "t3" }, say("整月可从表格导入", "A month can be imported")));
    posts.addEventListener("change", () => { post_ = posts.value; read(); });
    box.append(el("section", { class: "panel roster-sheet", "aria-label": say("排班", "Roster") }, bar, faults, sheet));

    const read = () => my.room(sheet, () => get(`api/roster/month?month=${month}${post_ ? `&post=${encodeURIComponent(post_)}` : ""}`), (given) => { answer = given; return days(given); }).then(() => { const here = sheet.querySelector(".today"); if (here) sheet.scrollTop = here.offsetTop - sheet.offsetTop - 60; });

    function days(given) {
      title.textContent = say(`${month.slice(0, 4)} 年 ${Number(month.slice(5))} 月`, month);
      print.href = `${base}api/roster/month/paper?month=${month}${post_ ? `&post=${encodeURIComponent(post_)}` : ""}`;
      posts.replaceChildren(...[["", say("全部岗位", "Every post")], ...given.posts.map((one) => [one, one])].map(([value, words]) => el("option", { value, selected: value === post_ }, words)));
      const wrong = [...given.gaps, ...given.doubles];
      faults.replaceChildren(...(wrong.length ? [el("details", { open: wrong.length < 4 }, el("summary", {}, chip(say(`缺岗 ${given.gaps.length}`, `${given.gaps.length} missing`), given.gaps.length ? "soon" : "dull"), chip(say(`重复 ${given.doubles.length}`, `${given.doubles.length} double`), given.doubles.length ? "bad" : "dull")), el("ul", {}, wrong.map((words) => el("li", {}, words))))] : []));
      if (!given.rows.length) return my.empty(page.may_write ? say("本月还没有排班。点“排班”按人轮流排,或导入表格。", "Nothing drawn up this month yet.") : say("本月还没有排班。", "Nothing drawn up this month yet."));
      const byDay = new Map(), [y, m] = month.split("-").map(Number), last = new Date(Date.UTC(y, m, 0)).getUTCDate();
      for (let n = 1; n <= last; n++) byDay.set(`${month}-${String(n).padStart(2, "0")}`, []);
      for (const one of given.rows) (byDay.get(day(one.starts_at)) || byDay.get(`${month}-01`)).push(one);
      const today = day(time.now().toISOString()), now = time.now();
      return el("ol", {}, [...byDay].map(([date, some]) => el("li", { class: `day${date === today ? " today" : ""}${some.length ? "" : " none"}` }, el("span", { class: "date" }, el("b", {}, date.slice(8)), el("small", { class: "t3" }, time.day(new Date(`${date}T04:00:00Z`)))),
        el("span", { class: "shifts" }, some.sort((a, b) => a.post.localeCompare(b.post) || ORDER[a.role] - ORDER[b.role] || a.starts_at.localeCompare(b.starts_at)).map((one) => el("button", { type: "button", class: `shift${new Date(one.starts_at) <= now && now < new Date(one.ends_at) ? " on" : ""}${one.mine ? " mine" : ""}`, "data-code": one.code, on: { click: () => open(one) } },
          el("small", { class: "t3" }, `${post_ ? "" : `${one.post} `}${one.role_word}`), el("b", {}, name(one.person)), el("small", { class: "t3" }, `${day(one.starts_at) === date ? "" : `${day(one.starts_at).slice(5)} `}${hour(one.starts_at)}–${until(one)}`), one.stands_in_for ? chip(say(`代 ${name(one.stands_in_for)}`, `for ${name(one.stands_in_for)}`), "dull") : null, one.asked_of ? chip(say(`待 ${name(one.asked_of)} 同意`, `asked ${name(one.asked_of)}`), "soon") : null))))));
    }

    const named = async () => (people = people || (await get("api/roster/people")).people);

    function open(one) {
      const facts = [[say("岗位", "Post"), one.post], [say("角色", "Role"), one.role_word], [say("值班人", "On duty"), one.person], [say("时间", "Time"), `${day(one.starts_at)} ${hour(one.starts_at)} ${say("至", "to")} ${day(one.ends_at)} ${hour(one.ends_at)}`], [say("值班电话", "Duty phone"), one.duty_phone || say("未登记", "None")],
        ...(one.stands_in_for ? [[say("代班", "Stands in for"), one.stands_in_for]] : []), ...(one.asked_of ? [[say("请代班", "Asked"), say(`${one.asked_by} 请 ${one.asked_of}:${one.asked_why}`, `${one.asked_of} by ${one.asked_by}: ${one.asked_why}`)]] : [])];
      const say_ = (agrees) => async () => { await post("api/roster/shifts/answer", { code: one.code, version: one.version, agrees }).then(() => { dialog.close(); return read(); }).catch((error) => { fault.hidden = false; fault.textContent = error.message; }); };
      const fault = el("p", { class: "adm-fault", role: "alert", hidden: true });
      const acts = el("footer", {}, one.asks_me ? [button(say("不同意", "Decline"), say_(false)), button(say("同意代班", "Agree"), say_(true), "primary")] : null,
        one.own && !one.asks_me ? [button(say("撤班", "Take off"), () => { dialog.close(); my.form(say("撤班", "Take off the roster"), [{ name: "reason", label: say("原因", "Why"), required: true, longest: 200, wide: true }], say("撤班", "Take off"), async ({ reason }) => { await post("api/roster/shifts/remove", { code: one.code, version: one.version, reason }); await read(); }, "danger"); }), button(say("请人代班", "Ask to stand in"), async () => { dialog.close(); const all = await named(); my.form(say("请人代班", "Ask to stand in"), [{ name: "of", label: say("代班人", "Whom"), options: all.map((each) => [each.account, each.name]), wide: true }, { name: "why", label: say("原因", "Why"), required: true, longest: 200, wide: true }, { type: "note", label: say("本人同意后才换班。", "Nothing changes before they agree.") }], say("发出", "Ask"), async ({ of, why }) => { await post("api/roster/shifts/ask", { code: one.code, version: one.version, of, why }); await read(); }); }, "primary")] : null);
      const dialog = my.dialog(`${one.post} ${one.role_word}`, el("div", { class: "adm-form" }, el("dl", { class: "adm-facts" }, facts.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value)))), fault), acts);
    }

    async function draw() {
      const all = await named(), today = day(time.now().toISOString());
      my.form(say("排班", "Draw up shifts"), [{ name: "post", label: say("岗位", "Post"), value: post_ || answer?.posts[0] || "", required: true, longest: 80 }, { name: "role", label: say("角色", "Role"), options: answer.roles.map((one) => [one.code, one.name]), value: "officer" },
        { name: "first", label: say("第一天", "First day"), type: "date", value: `${month}-01` < today ? today : `${month}-01`, required: true }, { name: "last", label: say("最后一天", "Last day"), type: "date", required: true }, { name: "begins", label: say("几点接班", "Begins at"), value: "08:30", longest: 5, required: true }, { name: "hours", label: say("每班小时", "Hours each"), type: "number", value: 24, min: 1, required: true },
        { name: "area", label: say("区划", "Area"), options: page.choices.areas.map((one) => [one.code, one.name]), value: page.choices.areas[0]?.code }, { name: "duty_phone", label: say("值班电话", "Duty phone"), longest: 40 }, { name: "people", label: say("按勾选先后轮流", "In turn, as ticked"), type: "ticks", all: all.map((one) => [one.account, one.name]) }], say("排班", "Draw up"), async (values) => { await post("api/roster/shifts", values); month = values.first.slice(0, 7); await read(); });
    }

    return { read, again: read, layers: ["duty_shifts"], list: () => sheet, find: () => posts.focus(), keys: { a: [say("排班", "Draw up"), () => page.may_write && answer && draw()], p: [say("打印", "Print"), () => print.click()] }, wide: true };
  }

  roster.tabs.month = { start };
})();
