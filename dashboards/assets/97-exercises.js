/* Exercises: scripts at the left, the one that is open at the right; injects come by themselves, are answered, scored. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, time, live, tick } = window.OneMap;
  const my = window.OneMap.admin, { button, chip } = my;
  const two = (n) => String(n).padStart(2, "0");
  const spell = (seconds) => { const s = Math.abs(Math.round(seconds)); return `${Math.floor(s / 60)}:${two(s % 60)}`; };
  const LOOKS = { done: "good", late: "", missed: "bad", open: "", unfired: "dull" };
  const LAYERS = ["exercise_runs", "exercise_injects", "exercise_scripts", "incident_log"];
  const key = () => Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  function start(screen) {
    window.OneMap.office.frame(screen);
    const list = screen.querySelector("#exercises-list"), room = screen.querySelector("#exercises-one");
    let all = null, one = null, fetched = 0, picked = new URLSearchParams(location.search).get("code") || "";

    function address() { history.replaceState(history.state, "", `${location.pathname}${picked ? `?code=${encodeURIComponent(picked)}` : ""}`); }
    async function read() {
      all = await get("api/exercises");
      if (!picked && all.runs.length) picked = (all.runs.find((run) => ["running", "paused"].includes(run.state)) || all.runs[0]).code;
      draw_list();
      await show(picked);
    }
    async function show(code) {
      picked = code;
      address();
      if (!code) { one = null; draw(); return; }
      try { one = await get(`api/exercises/one?code=${encodeURIComponent(code)}`); fetched = Date.now(); }
      catch (fault) { one = null; room.replaceChildren(my.empty(fault.message)); return; }
      draw_list();
      draw();
    }
    const did = (answer) => { one = answer; fetched = Date.now(); draw(); read().catch(() => { /* the next change reads again */ }); };

    function draw_list() {
      const runs = all.runs.map((run) => el("button", { type: "button", class: "ex-row", "aria-current": run.code === picked ? "true" : null, "data-run": run.code, on: { click: () => show(run.code) } }, el("b", {}, run.title), el("span", {}, chip(run.state_word, { running: "good", paused: "", ended: "dull" }[run.state] || "dull"), el("span", { class: "t3" }, ` ${run.code} · ${run.areas.join(say("、", ", "))}`))));
      const scripts = all.scripts.map((each) => el("div", { class: "ex-script", "data-script": each.code }, el("b", {}, each.title), el("p", { class: "t2" }, each.summary), el("p", { class: "t3" }, [each.areas.join(say("、", ", ")), each.nature].filter(Boolean).join(" · ")), each.may_open ? button(say("开设演练", "Open an exercise"), () => begin(each)) : null));
      const file = el("input", { type: "file", accept: ".json,application/json", hidden: true, on: { change: () => take(file) } });
      list.replaceChildren(el("h2", { class: "adm-title" }, say("演练", "Exercises")), ...(runs.length ? runs : [el("p", { class: "t3" }, say("还没有演练", "No exercise yet"))]),
        el("h2", { class: "adm-title" }, say("脚本", "Scripts")), ...(scripts.length ? scripts : [el("p", { class: "t3" }, say("没有脚本", "No script"))]),
        all.may_direct ? el("label", { class: "adm-button" }, say("导入脚本（JSON）", "Import a script (JSON)"), file) : "");
    }

    async function take(file) {
      const chosen = file.files[0];
      if (!chosen) return;
      try { await post("api/exercises/script", JSON.parse(await chosen.text())); await read(); }
      catch (fault) { my.sure(say("脚本不能导入", "The script cannot be taken"), [fault.message, ...(fault.faults || []).map((each) => `${each.field}: ${each.rule}`)].join("；"), say("知道了", "All right"), async () => {}); }
      file.value = "";
    }

    function begin(script) {
      const command = key();
      my.sure(say(`开设演练：${script.title}`, `Open an exercise: ${script.title}`), say(`${script.areas.join("、")}参演。开设后按“开始”计时，导调信息按脚本自动注入。`, `${script.areas.join(", ")} play. It begins when it is started; injects come by the script.`), say("开设", "Open"), async () => { const done = await post("api/exercises/open", { command, script: script.code }); picked = done.code; did(done); });
    }
    async function act(each) {
      const command = key(), go = async () => did(await post("api/exercises/act", { command, code: one.code, version: one.version, act: each.act }));
      if (each.act === "stop") { my.sure(say("结束演练", "End the exercise"), say("结束后不再注入，也不再记录回应。", "Nothing is injected or answered after it."), say("结束", "End"), go); return; }
      try { await go(); } catch (fault) { room.prepend(el("p", { class: "adm-fault", role: "alert" }, fault.message)); }
    }
    function reply(inject, done) {
      const command = key();
      my.form(done ? say(`处置完成：第 ${inject.number} 条`, `Done: no. ${inject.number}`) : say(`回应第 ${inject.number} 条`, `Answer no. ${inject.number}`), [{ type: "note", label: inject.text }, { name: "text", type: "prose", label: done ? say("做了什么、由谁做", "What was done, by whom") : say("回应内容", "Answer"), required: true, longest: 1400, wide: true }], done ? say("报告完成", "Report it done") : say("回应", "Answer"), async ({ text }) => { did(await post("api/exercises/reply", { command, code: inject.code, text: text.replace(/\s+/g, " "), done })); });
    }
    function remark(inject) {
      const command = key();
      my.form(say(`评估意见：第 ${inject.number} 条`, `Remark on no. ${inject.number}`), [{ type: "note", label: say("以您的姓名署名，印在评估表上。", "Signed with your name, printed on the sheet.") }, { name: "text", type: "prose", label: say("意见", "Remark"), value: inject.remark || "", required: true, longest: 200, wide: true }], say("署名", "Sign"), async ({ text }) => { did(await post("api/exercises/remark", { command, code: inject.code, text: text.replace(/\s+/g, " ") })); });
    }

    function line(inject) {
      const fired = Boolean(inject.fired_at), open = ["running", "paused"].includes(one.state) && window.OneMap.may("edit");
      const replies = inject.replies.map((each) => el("li", {}, el("time", {}, time.clock(new Date(each.at))), ` ${each.text} `, el("span", { class: "t3" }, each.by.split(/[,，]/)[0])));
      return el("article", { class: `ex-inject ${fired ? "fired" : "waits"} ${inject.result || ""}`, "data-inject": inject.number },
        el("header", {}, el("b", { class: "no" }, two(inject.number)), chip(inject.kind_word, "dull"), el("span", {}, say(`致 ${inject.to}`, `to ${inject.to}`)), el("span", { class: "t3" }, inject.area_name), el("span", { class: "sp" }), fired ? el("span", { class: "t2" }, say(`${time.clock(new Date(inject.fired_at))} 注入`, `fired ${time.clock(new Date(inject.fired_at))}`)) : el("span", { class: "t3" }, `T+${spell(inject.offset)}`), inject.result ? chip(`${inject.result_word}${inject.took !== null && inject.took !== undefined ? ` ${spell(inject.took)}` : ""}`, LOOKS[inject.result]) : null),
        el("p", { class: "tx" }, inject.text),
        inject.expected ? el("p", { class: "t2" }, say("预期：", "Expected: "), inject.expected, say(`（${spell(inject.within)} 内）`, ` (within ${spell(inject.within)})`), inject.result === "open" && inject.left !== null ? el("b", { class: "ex-left", "data-left": inject.left }, "") : null) : null,
        replies.length ? el("ol", {}, replies) : fired ? el("p", { class: "t3" }, say("尚无回应", "Nobody answered yet")) : null,
        inject.remark ? el("p", { class: "ex-remark" }, say("评估意见：", "Remark: "), inject.remark, el("span", { class: "t3" }, ` ${inject.remark_by} ${my.day(inject.remark_at)}`)) : null,
        el("footer", {}, fired && open ? [button(say("回应", "Answer"), () => reply(inject, false)), inject.done ? null : button(say("处置完成", "Done"), () => reply(inject, true), "primary")] : null, one.directs && fired ? button(inject.remark ? say("改评估意见", "Change the remark") : say("评估意见", "Remark"), () => remark(inject), "small") : null));
    }

    function draw() {
      if (!one) { room.replaceChildren(my.empty(say("选择一次演练，或按脚本开设", "Choose an exercise, or open one of a script"))); return; }
      const total = Object.entries(one.total).filter(([name]) => one.directs || !["unfired"].includes(name));
      room.replaceChildren(
        el("header", { class: "ex-head" }, el("span", { class: "ex-mark" }, say("演练", "EXERCISE")), el("div", {}, el("h1", {}, one.title), el("p", { class: "t2" }, `${one.code} · ${one.state_word} · ${one.areas.join(say("、", ", "))}${one.director ? say(` · 导调 ${one.director}`, ` · directed by ${one.director}`) : ""}`)), el("span", { class: "sp" }), el("div", { class: "ex-clock" }, el("span", { class: "t3" }, say("演练时间", "Time played")), el("b", { "data-played": one.played }, spell(one.played)))),
        el("div", { class: "ex-acts" }, ...one.acts.map((each) => { const found = button(each.title, () => act(each), ["start", "resume"].includes(each.act) ? "primary" : each.act === "stop" ? "danger" : ""); found.dataset.act = each.act; return found; }), el("span", { class: "sp" }), one.directs ? ["pdf", "docx"].map((form) => el("a", { class: "link", href: `${base}api/exercises/paper?code=${encodeURIComponent(one.code)}&form=${form}`, target: "_blank", rel: "noopener" }, say(`评估表 ${form.toUpperCase()}`, `Score sheet ${form.toUpperCase()}`))) : null),
        one.directs ? el("div", { class: "ex-total" }, total.map(([name, each]) => el("div", { "data-result": name }, el("span", { class: "t2" }, each.word), el("b", {}, String(each.count))))) : "",
        ...(one.injects.length ? one.injects.map(line) : [my.empty(one.state === "ready" ? say("尚未开始", "Not begun") : say("还没有发给您辖区的信息", "Nothing was sent to your area yet"))]));
      count();
    }

    /* Its own time: stands still while it is paused. */
    function count() {
      if (!one) return;
      const since = one.state === "running" ? (Date.now() - fetched) / 1000 : 0;
      for (const node of room.querySelectorAll("[data-played]")) node.textContent = spell(Number(node.dataset.played) + since);
      for (const node of room.querySelectorAll("[data-left]")) { const left = Number(node.dataset.left) - since; node.textContent = left < 0 ? say(` 超时 ${spell(left)}`, ` over ${spell(left)}`) : say(` 还剩 ${spell(left)}`, ` ${spell(left)} left`); node.classList.toggle("bad", left < 0); }
    }
    setInterval(count, 1000);
    const again = window.OneMap.gathered(async () => { if (!window.OneMap.held(again)) await read(); }, 400);
    live.onChanges((changes) => { if (LAYERS.some((layer) => changes.has(layer))) again(); });
    setInterval(() => { if (!document.hidden && one && one.state === "running" && !document.querySelector("dialog[open]")) again(); }, 10000);
    live.open();
    read().catch((fault) => room.replaceChildren(my.empty(fault.message))).finally(() => { screen.dataset.ready = "1"; tick(); });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=exercises]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen);
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
