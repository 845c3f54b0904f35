/* Publishing: what is announced and planned in one's own areas; written and corrected in a form, withdrawn after a question. */
(function () {
  "use strict";
  const { el, say, get, post, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip, day } = my;
  const STATES = { coming: say("待发布", "To come"), current: say("在期", "In force"), over: say("已失效", "Expired"), withdrawn: say("已撤回", "Withdrawn") };
  const COURSE = { coming: say("未开始", "To come"), current: say("进行中", "Under way"), over: say("已结束", "Over"), withdrawn: say("已撤回", "Withdrawn") };
  const DONE = { put: say("写入", "Written"), load: say("批量导入", "Loaded"), delete: say("撤回", "Withdrawn"), step: say("结构升级", "Schema step"), erase: say("依法清除", "Erased") };
  const BOARDS = {
    notices: { one: say("通知", "notice"), add: say("发布通知", "Publish a notice"), states: STATES, empty: say("本辖区还没有发布过通知。", "Nothing was published in your areas yet.") },
    schedules: { one: say("日程", "entry"), add: say("登记日程", "Add an entry"), states: COURSE, empty: say("本辖区还没有登记日程。", "The calendar of your areas is empty.") },
  };
  const PAGE = 30;
  const readers = (one) => (one.audience_words.length ? my.names(one.audience_words) : say("全部用户", "Everybody"));
  const pairs = (list) => list.map((one) => [String(one.code), one.name]);

  function fields(name, choices, one) {
    const areas = choices.areas.map((area) => [area.code, `${area.name} ${area.code}`]);
    const level = one ? one.sensitivity : name === "notices" ? 0 : 1;
    const where = { name: "area", label: say("发布区划", "Area"), options: areas, value: one?.area || areas[0]?.[0], hint: say("该区划及其下级可见", "Seen at and under this area") };
    const whom = { name: "audience", label: say("发送对象（不选为全部用户）", "Readers (none chosen: everybody)"), type: "ticks", all: pairs(choices.classes), value: one?.audience || [] };
    const open = { name: "sensitivity", label: say("公开范围", "How far it may travel"), options: pairs(choices.levels), value: String(choices.levels.some((found) => found.code === level) ? level : choices.levels.at(-1)?.code) };
    const code = { name: "code", label: say("文号", "Number"), longest: 40, hint: say("留空自动编号", "Left empty, one is given"), value: "" };
    const title = { name: "title", label: name === "notices" ? say("标题", "Title") : say("事项", "What"), required: true, longest: 120, value: one?.title, wide: true };
    const why = { name: "reason", label: say("更正事由", "Why it is corrected"), required: true, longest: 200, wide: true };
    const own = name === "notices"
      ? [{ name: "body", label: say("正文", "Text"), type: "prose", required: true, longest: 20000, value: one?.body },
        { name: "kind", label: say("类别", "Kind"), options: pairs(choices.kinds), value: one?.kind },
        { name: "issued_by", label: say("发布单位", "Issued by"), required: true, longest: 80, value: one ? one.issued_by : choices.unit },
        { name: "published_at", label: say("发布时间", "Published at"), type: "moment", value: one?.published_at, hint: one ? "" : say("留空立即发布", "Left empty: at once") },
        { name: "expires_on", label: say("失效日期", "Expires on"), type: "date", value: one?.expires_on || "", hint: say("当日仍有效，留空长期有效", "In force that day; empty: lasting") }]
      : [{ name: "starts_at", label: say("开始时间", "Starts at"), type: "moment", required: true, value: one?.starts_at },
        { name: "ends_at", label: say("结束时间", "Ends at"), type: "moment", value: one?.ends_at },
        { name: "place", label: say("地点", "Place"), longest: 120, value: one?.place || "" },
        { name: "people", label: say("参加人员", "Who takes part"), longest: 200, value: one?.people || "" }];
    const pinned = name === "notices" ? [{ name: "pinned", label: say("置顶", "Pinned"), type: "check", value: one?.pinned }] : [];
    return [title, ...own, where, open, whom, ...(one ? [] : [code]), ...pinned, ...(one ? [why] : [])];
  }

  const filled = ({ sensitivity, ...values }) => ({ ...values, sensitivity: Number(sensitivity) });

  function board(box, name) {
    const words = BOARDS[name], root = `api/${name}`;
    let choices = null, sought = "", gone = false;
    const find = el("input", { type: "search", placeholder: say("查找标题", "Find by title"), "aria-label": say("查找标题", "Find by title") });
    find.addEventListener("input", debounce(() => { sought = find.value.trim(); list(); }, 250));
    const which = el("select", { "aria-label": say("状态", "State") }, el("option", { value: "" }, say("已发布", "Published")), el("option", { value: "gone" }, say("已撤回", "Withdrawn")));
    which.addEventListener("change", () => { gone = which.value === "gone"; find.disabled = gone; list(); });
    const add = button(words.add, () => write(null), "primary");
    add.disabled = true;
    const room = el("section", { class: "adm-card", "aria-label": words.one });
    box.replaceChildren(el("div", { class: "adm-bar" }, find, which, el("span", { class: "sp" }), add), room);
    let shown = PAGE;
    const list = () => my.room(room, () => get(gone ? `${root}/withdrawn` : `${root}${sought ? `?q=${encodeURIComponent(sought)}` : ""}`), gone ? taken : draw);

    function write(one) {
      my.form(one ? say(`更正：${one.title}`, `Correct: ${one.title}`) : words.add, fields(name, choices, one), one ? say("保存更正", "Save") : say("发布", "Publish"), async (values) => {
        if (one) await post(`${root}/correct`, { ...filled(values), code: one.code, version: one.version });
        else await post(root, filled(values));
        await list();
      });
    }

    function withdraw(one) {
      my.form(say(`撤回${words.one}`, `Withdraw the ${words.one}`), [
        { type: "note", label: say(`撤回“${one.title}”后，所有人立即看不到它；各版本、撤回人和事由留在历史中。`, `“${one.title}” leaves every screen at once; its versions, who withdrew it and why stay in the history.`) },
        { name: "reason", label: say("撤回事由", "Why it is withdrawn"), required: true, longest: 200, wide: true },
      ], say("撤回", "Withdraw"), async ({ reason }) => { await post(`${root}/withdraw`, { code: one.code, version: one.version, reason }); await list(); }, "danger");
    }

    async function history(one) {
      const steps = el("ol", { class: "board-steps" }, el("li", { class: "t3" }, say("载入中", "Loading")));
      window.OneMap.office.read(say(`历史：${one.title}`, `History: ${one.title}`), one.code, steps);
      try {
        const found = await get(`${root}/history?code=${encodeURIComponent(one.code)}`);
        steps.replaceChildren(...found.steps.reverse().map((step) => {
          const what = step.change === "put" ? (step.version === 1 ? say("发布", "Published") : say("更正", "Corrected")) : DONE[step.change] || step.change;
          return el("li", {}, el("b", {}, what), " ", el("span", {}, say(`第 ${step.version} 版`, `version ${step.version}`)), el("span", { class: "t3" }, ` ${step.at ? day(step.at) : ""} ${step.actor}`), step.reason ? el("p", {}, say("事由：", "Why: "), step.reason) : null, step.changed.length ? el("p", { class: "t3" }, say("改动：", "Changed: "), my.names(step.changed)) : null);
        }));
      } catch (fault) { steps.replaceChildren(el("li", { class: "failed" }, say(`读取失败：${fault.message}`, `Could not read: ${fault.message}`))); }
    }

    const lead = (one) => el("div", { class: "board-title" }, one.pinned ? el("span", { class: "pin" }, say("置顶", "Pinned")) : null, el("b", {}, one.title), el("small", { class: "t3" }, [one.code, one.kind_word, one.issued_by, one.place].filter(Boolean).join(" · ")));
    const span = (one) => (name === "notices" ? [day(one.published_at), one.expires_on ? say(`至 ${one.expires_on}`, `until ${one.expires_on}`) : say("长期", "lasting")] : [day(one.starts_at), one.ends_at ? say(`至 ${day(one.ends_at)}`, `until ${day(one.ends_at)}`) : ""]).map((part) => el("div", { class: "nw" }, part));
    const times = name === "notices" ? say("发布与失效", "From, until") : say("时间", "When");

    function draw(answer) {
      if (!answer.rows.length) return my.empty(sought ? say(`没有标题含“${sought}”的${words.one}。`, `No title has “${sought}”.`) : words.empty);
      const rows = answer.rows.slice(0, shown).map((one) => ({ dull: one.state === "over", cells: [lead(one), one.area_name, readers(one), one.level_word, el("div", {}, span(one)), chip(words.states[one.state], one.state === "current" ? "good" : "dull"),
        el("div", { class: "adm-row-tools" }, button(say("更正", "Correct"), () => write(one), "small"), button(say("历史", "History"), () => history(one), "small"), button(say("撤回", "Withdraw"), () => withdraw(one), "small danger"))] }));
      const more = answer.rows.length > rows.length ? button(say("再列 30 条", "30 more"), () => { shown += PAGE; room.replaceChildren(...[draw(answer)].flat().filter(Boolean)); }) : null;
      const older = answer.total > answer.rows.length ? say("，更早的请按标题查找", "; find older ones by title") : "";
      const foot = answer.total > rows.length ? el("footer", {}, el("span", { class: "t3" }, say(`共 ${answer.total} 条，列出 ${rows.length} 条${older}`, `${rows.length} of ${answer.total}${older}`)), more) : null;
      return [my.table([words.one === say("通知", "notice") ? say("标题", "Title") : say("事项", "What"), say("区划", "Area"), say("发送对象", "Readers"), say("公开范围", "Level"), times, say("状态", "State"), say("办理", "Actions")], rows), foot];
    }

    function taken(answer) {
      if (!answer.rows.length) return my.empty(say("没有撤回过的。", "Nothing was withdrawn."));
      const rows = answer.rows.map((one) => ({ dull: true, cells: [lead(one), one.area_name, el("div", { class: "nw" }, day(one.at)), one.actor, one.reason, el("div", { class: "adm-row-tools" }, button(say("历史", "History"), () => history(one), "small"))] }));
      return my.table([say("标题", "Title"), say("区划", "Area"), say("撤回时间", "Withdrawn at"), say("撤回人", "By"), say("事由", "Why"), say("办理", "Actions")], rows);
    }

    get(`${root}/choices`).then((found) => { choices = found; add.disabled = !found.areas.length; }).catch(() => { add.title = say("选项读取失败，请刷新", "Could not read the choices; reload"); });
    return list();
  }

  async function start(screen) {
    window.OneMap.office.frame(screen);
    const list = screen.querySelector("[role=tablist]"), box = screen.querySelector("#board-body");
    const open = () => {
      const all = [...list.children], wanted = location.hash.slice(1), one = all.find((tab) => tab.dataset.board === wanted) || all[0];
      for (const tab of all) { tab.setAttribute("aria-selected", String(tab === one)); tab.tabIndex = tab === one ? 0 : -1; }
      box.setAttribute("aria-labelledby", one.id);
      return board(box, one.dataset.board);
    };
    list.addEventListener("click", (event) => { const tab = event.target.closest("[role=tab]"); if (tab) location.hash = tab.dataset.board; });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const all = [...list.children], next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      next.focus();
      location.hash = next.dataset.board;
    });
    window.addEventListener("hashchange", open);
    await open();
    screen.dataset.ready = "1";
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=notices]");
    if (!screen) return;
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
