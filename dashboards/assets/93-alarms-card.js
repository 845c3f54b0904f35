/* The card of one alarm: value under its limits, who must answer by when, whom to call, where to look, what happened; and its acts. */
(function () {
  "use strict";
  const { base, el, glyph, icon, say, get, post, time, tick } = window.OneMap;
  const my = window.OneMap.alarms;
  const NS = "http://www.w3.org/2000/svg";
  const made = (name, facts, ...inside) => { const node = document.createElementNS(NS, name); for (const [key, value] of Object.entries(facts)) node.setAttribute(key, value); node.append(...inside); return node; };
  const SHELVES = [[0.5, say("30 分钟", "30 min")], [1, say("1 小时", "1 h")], [2, say("2 小时", "2 h")], [4, say("4 小时", "4 h")], [8, say("8 小时", "8 h")]];

  function curve(point, row) {
    const at = point.curve.at.map((iso) => new Date(iso).getTime()), values = point.curve.value;
    if (values.filter((v) => v !== null).length < 2) return el("p", { class: "t3 quiet" }, say("近 1 小时读数不足两条，不画曲线", "Fewer than two readings in the last hour"));
    const W = 380, H = 120, limits = ["low_low", "low", "high", "high_high"].map((name) => point.limits[name]).filter((v) => v !== undefined);
    const known = values.filter((v) => v !== null), low = Math.min(...known, ...limits.filter((v) => v >= Math.min(...known) * 0.6)), high = Math.max(...known, ...limits.slice(-1), row.limit ?? -Infinity);
    const span = high - low || 1, start = at[0], end = Math.max(at[at.length - 1], start + 1);
    const x = (ms) => ((ms - start) / (end - start)) * W, y = (v) => H - 6 - ((v - low) / span) * (H - 12);
    let path = "", pen = false;
    values.forEach((v, n) => { if (v === null) { pen = false; return; } path += `${pen ? "L" : "M"}${x(at[n]).toFixed(1)} ${y(v).toFixed(1)}`; pen = true; });
    const lines = limits.map((v) => made("path", { d: `M0 ${y(v).toFixed(1)}H${W}`, class: v === row.limit ? "lim now" : "lim" }));
    const began = my.since(row) > start ? [made("path", { d: `M${x(my.since(row)).toFixed(1)} 0V${H}`, class: "began" })] : [];
    const words = say(`近 1 小时：最低 ${my.figure(Math.min(...known))}，最高 ${my.figure(Math.max(...known))}`, `Last hour: ${my.figure(Math.min(...known))} to ${my.figure(Math.max(...known))}`);
    return el("figure", { class: "alarm-curve" }, (() => { const svg = made("svg", { viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", role: "img", "aria-label": words }, ...lines, ...began, made("path", { d: path, class: "line" })); return svg; })(), el("figcaption", { class: "t3" }, el("span", {}, time.minute(new Date(start))), el("span", {}, words), el("span", {}, time.minute(new Date(end)))));
  }

  const section = (id, title, more, ...body) => el("section", { "data-section": id }, el("h3", {}, title, more ? el("span", { class: "t3" }, more) : null), ...body);

  function reading(card, row) {
    const point = card.point;
    if (!point) return section("point", say("监测点", "Point"), "", el("p", { class: "t3" }, say("监测点无权查看，或已删除", "The point is not open to you, or was deleted")));
    const now = point.reading, known = Boolean(now) && now.value !== null;
    const value = known ? el("div", { class: "big" }, now.value, el("small", {}, now.unit)) : el("div", { class: "big old" }, now ? now.state_title : say("无读数", "No value"));
    const last = known ? "" : say(`◷ 末次 ${now?.said ?? ""} ${now?.unit ?? ""} `, `◷ last ${now?.said ?? ""} ${now?.unit ?? ""} `);
    const aged = now?.at ? el("div", { class: known ? "t3" : "stale", "data-at": now.at, "data-before": last }) : null;
    const why = now?.why?.length ? el("div", { class: known ? "t3" : "stale" }, now.why.join(say("、", ", "))) : null;
    const bounds = point.limits_word.map((one) => el("span", { class: one.name === (my.world.words.condition[row.condition] || "") ? "o" : "" }, `${one.name} ${one.value}`));
    const links = el("div", { class: "alarm-links" }, el("a", { class: "link", href: `${base}trend?point=${encodeURIComponent(point.code)}&range=24h` }, say("看趋势", "Trend")), el("a", { class: "link", href: `${base}map?layers=enterprises,sensors&sel=sensors:${encodeURIComponent(point.code)}` }, say("在地图打开", "On the map")), my.world.may ? el("a", { class: "link", "data-make": "1", href: `${base}duty?make=${encodeURIComponent(`alarms/${row.code}`)}` }, say("立为事件", "Make an incident")) : null);
    return section("point", point.kind, [point.tag, point.code].filter(Boolean).join("·"),
      el("div", { class: "alarm-value" }, el("div", {}, value, aged, why), el("div", { class: "bounds" }, bounds.length ? bounds : el("span", { class: "t3" }, say("没有限值", "No limits")))),
      row.unknown_since ? el("p", { class: "stale" }, say(`◷ 自 ${my.stamp(row.unknown_since)} 起没有有效数据，现状未知`, `◷ No usable value since ${my.stamp(row.unknown_since)}: its state is not known`)) : null,
      curve(point, row), links);
  }

  function answered(card, row) {
    const reply = my.reply(row), lines = [];
    if (reply) {
      const tiers = ["enterprise", "town", "district", "city"], reached = tiers.indexOf(row.tier);
      lines.push(el("ol", { class: "alarm-ladder" }, tiers.map((name, n) => el("li", { class: n < reached ? "past" : n === reached ? "now" : "" }, my.world.words.tier[name] || name))));
      lines.push(reply.held ? el("p", { class: "t2" }, say("企业已接警，转告时限暂停", "The enterprise has it: the clock of telling further stands")) : reply.left ? el("p", { class: reply.share <= 0.2 || reply.left.over ? "o" : "t2", "data-reply": row.code }, replyWords(reply)) : el("p", { class: "o" }, say("已报至市级，仍未接警", "Told to the city; nobody has answered")));
    }
    const said = card.said;
    lines.push(...firm(said, row));
    if (said.acknowledged_by) lines.push(el("p", { class: "t2" }, say(`${said.acknowledged_by} ${when(said.acknowledged_at)} 接警`, `Acknowledged by ${said.acknowledged_by}, ${when(said.acknowledged_at)}`)));
    if (card.state === "shelved") lines.push(el("p", { class: "t2" }, say(`${said.shelved_by} 搁置至 ${when(said.shelved_until)}：${said.shelved_why}`, `Shelved by ${said.shelved_by} until ${when(said.shelved_until)}: ${said.shelved_why}`)));
    if (said.false_at) lines.push(el("p", { class: "t2" }, say(`${said.false_by} ${when(said.false_at)} 判为误报：${said.false_why}`, `Declared false by ${said.false_by}, ${when(said.false_at)}: ${said.false_why}`)));
    if (said.outcome) lines.push(el("p", { class: "t2" }, say(`${said.closed_by} 关闭：${said.outcome}`, `Closed by ${said.closed_by}: ${said.outcome}`)));
    return lines.length ? section("reply", say("处置", "Handling"), row.raises > 1 ? say(`第 ${row.raises} 次报警`, `raised ${row.raises} times`) : "", ...lines) : null;
  }

  /* What the enterprise said, and when; an end that has passed while the alarm stands is told. */
  function firm(said, row) {
    const lines = [];
    if (said.received_at) lines.push(el("p", { class: "t2" }, say(`企业接警：${said.received_by} ${when(said.received_at)}`, `Received for the enterprise by ${said.received_by}, ${when(said.received_at)}`)));
    if (!said.answered_at) return lines;
    const end = said.answer_until ? when(said.answer_until) : "";
    lines.push(el("div", { class: "alarm-answer" }, el("p", { class: "t2" }, say(`企业答复：${said.answered_by} ${when(said.answered_at)}`, `Answered for the enterprise by ${said.answered_by}, ${when(said.answered_at)}`)),
      el("dl", {}, el("dt", {}, say("原因", "Cause")), el("dd", {}, said.answer_cause), el("dt", {}, say("措施", "Measure")), el("dd", {}, said.answer_measure), end ? [el("dt", {}, say("预计结束", "Over by")), el("dd", { class: my.late(row) ? "o" : "" }, my.late(row) ? say(`${end}，已过，报警仍在`, `${end}: passed, and it stands`) : end)] : [])));
    return lines;
  }

  const replyWords = (reply) => (reply.left.over ? say(`应转${reply.next}，已超 ${reply.left.words}`, `due at ${reply.next} for ${reply.left.words}`) : say(`${reply.left.words} 内未接警，转告${reply.next}`, `${reply.next} is told in ${reply.left.words} unless answered`));
  const why = (fault) => (fault.status ? fault.message : say("连不上服务器，没有写入", "The server cannot be reached; nothing was written"));
  const when = (iso) => (iso ? my.stamp(new Date(iso).getTime()) : "");

  function calls(card) {
    const people = card.calls.people.map((one) => el("li", {}, el("span", { class: "t3" }, one.title), el("span", {}, one.name || say("未登记", "not given")),
      one.phone ? el("a", { class: "phone", href: `tel:${one.phone}` }, icon("phone", 16), one.phone) : el("span", { class: "kept t3" }, one.kept ? [icon("lock", 14), say("无权查看，可请值班室转接", "not open to you")] : say("无电话", "no phone"))));
    const name = card.calls.enterprise ? el("a", { class: "link", href: `${base}map?layers=enterprises&sel=enterprises:${encodeURIComponent(card.calls.enterprise)}` }, card.calls.name || card.calls.enterprise) : el("span", { class: "t3" }, say("不属于企业", "belongs to no enterprise"));
    return section("calls", say("联系", "Call"), "", el("p", {}, name), people.length ? el("ul", { class: "alarm-calls" }, people) : el("p", { class: "t3" }, say("没有登记联系人", "No contact on the record")));
  }

  /* Where to look: the nearest cameras, those that see the place first. */
  function cameras(card) {
    const body = card.place ? window.OneMap.eyes.nearby(card.code, card.place.lon, card.place.lat) : el("p", { class: "t3" }, say("报警没有坐标,查不到就近视频", "The alarm has no position: no camera is near it"));
    return section("eyes", say("就近视频", "Cameras near it"), "", body);
  }

  function group(card, row, members, choose) {
    if (members.length < 2) return null;
    const lines = members.slice(0, 30).map((one) => el("li", {}, el("button", { type: "button", "aria-current": one.code === row.code ? "true" : null, on: { click: () => choose(one.code) } }, glyph(one.level), el("span", { class: "el" }, my.object(one)), one.first_out ? el("span", { class: "first" }, say("首报", "first")) : null, el("span", { class: "t3 nw" }, my.state(one).words))));
    return section("group", say("同一事故", "One cause"), say(`${members.length} 条`, `${members.length}`), el("ul", { class: "alarm-group" }, lines), members.length > 30 ? el("p", { class: "t3" }, say(`另有 ${members.length - 30} 条`, `${members.length - 30} more`)) : null);
  }

  function history(card) {
    const steps = card.steps.map((step) => el("li", {}, el("span", { class: "t3 nw" }, when(step.at)), el("span", {}, step.words), el("span", { class: "t3 el" }, my.who(step.actor))));
    return section("steps", say("经过", "History"), "", el("ol", { class: "alarm-steps" }, steps));
  }

  /* `box` shows alarm after alarm; `queue` knows the rows, `done` is told what was written. */
  function cardOf(box, { queue, done, close, show }) {
    let turn = 0, shown = null;
    /* The alarm that is chosen, also while its card is still read: never the one before. */
    const row = () => { const code = box.dataset.code; return code ? my.world.rows.get(code) || (shown?.code === code ? shown.row : null) : null; };

    function blank() {
      const key = (name, words) => el("span", {}, el("kbd", {}, name), words);
      box.replaceChildren(el("div", { class: "alarm-blank t3" }, el("p", {}, say("选一条报警，看监测点、联系人和经过", "Choose an alarm to see its point, whom to call and what happened")), el("p", {}, key("J", say(" 下一条 ", " next ")), key("K", say(" 上一条", " previous")))));
      box.dataset.code = "";
      shown = null;
    }

    async function open(code, again) {
      const mine = ++turn;
      if (!code) return blank();
      if (!again) box.replaceChildren(el("div", { class: "alarm-loading" }, [60, 90, 40, 75].map((w) => { const line = el("span", { class: "skeleton" }); line.style.width = `${w}%`; return line; })));
      box.dataset.code = code;
      let card;
      try { card = await get(`api/alarms/${encodeURIComponent(code)}`); }
      catch (fault) {
        if (mine !== turn) return null;
        const missing = fault.status === 404;
        box.replaceChildren(el("div", { class: "alarm-blank" }, el("p", {}, missing ? say("没有这条报警，或不在您的权限范围内", "No such alarm, or it is not open to you") : say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`)), missing ? null : el("button", { type: "button", class: "button", on: { click: () => open(code) } }, icon("retry"), say("重试", "Retry"))));
        return null;
      }
      if (mine !== turn) return null;
      const at = box.scrollTop, focus = document.activeElement?.dataset?.act;
      shown = { code, card, row: my.world.rows.get(code) || decodeOne(card) };
      draw();
      box.scrollTop = again ? at : 0;
      if (focus) box.querySelector(`[data-act=${focus}]`)?.focus();
      return card;
    }

    const decodeOne = (card) => ({ code: card.code, title: card.title, level: card.level, state: card.state, condition: "", value: null, limit: null, unit: "", raised_at: new Date(card.said.raised_at).getTime(), last_raised_at: new Date(card.said.last_raised_at || card.said.raised_at).getTime(), raises: 1, area: "", due: 0, tier: "enterprise", group: card.group.code, version: card.version });

    function acts(one, many) {
      if (my.world.answers) return answers(one, many);
      if (!my.world.may) return el("p", { class: "t3 alarm-none" }, say("您的岗位只能查看，不能处置", "Your role may look, not act"));
      const act = (name, words, key, run, look, off) => el("button", { type: "button", class: `button ${look || ""}`, "data-act": name, disabled: off || null, title: off || "", on: { click: run } }, words, el("kbd", {}, key));
      const open = many.filter(my.unanswered), shelved = one.state === "shelved", ready = one.state === "cleared" && one.acknowledged_at, wrong = one.state === "false", over = wrong ? say("已判为误报", "It was declared false") : one.state === "closed" ? say("已关闭", "It is closed") : "";
      return el("div", { class: "alarm-acts" },
        act("ack", open.length > 1 ? say(`接警 ${open.length} 条`, `Answer ${open.length}`) : say("接警", "Answer"), "A", () => accept(), "primary", over || (!open.length && (shelved ? say("已搁置，请先取消搁置", "Take it off the shelf first") : say("已接警", "Answered already")))),
        shelved ? act("unshelve", say("取消搁置", "Unshelve"), "S", unshelve) : act("shelve", say("搁置", "Shelve"), "S", shelve, "", over || (!["raised", "acknowledged"].includes(one.state) && say("已恢复，无需搁置", "It has cleared"))),
        wrong ? act("unfalse", say("撤销误报", "Not false"), "X", withdraw) : act("false", say("误报", "False"), "X", falsify, "", over || mayNotBeFalse(one)),
        act("close", say("关闭", "Close"), "F", finish, "", over || !ready && say("恢复并接警后才能关闭", "Only once it has cleared and was answered")));
    }

    function draw() {
      const one = my.world.rows.get(shown.code) || shown.row, card = shown.card, many = queue().members(one.code);
      const top = my.level(one), place = [my.world.names.area[one.area], my.world.names.enterprise[one.enterprise]].filter(Boolean).join("·");
      const state = my.state(one);
      box.replaceChildren(
        el("header", {}, el("button", { type: "button", class: "icon back", "aria-label": say("返回", "Back"), on: { click: close } }, icon("close", 20)),
          el("div", { class: "titles" }, el("h2", {}, glyph(one.level), el("span", {}, `${top.word} ${my.object(one)}`)), el("div", { class: "t2" }, my.what(one)), el("div", { class: "t3" }, place)),
          el("div", { class: "side" }, el("span", { class: "t3 nw", "data-since": my.since(one) }, my.age(my.since(one))), el("span", { class: `st st-${state.id}` }, el("span", { class: "chip-state" }, state.words)))),
        ...[acts(one, many.length ? many : [one]), answered(card, one), reading(card, one), cameras(card), group(card, one, many, (code) => queue().choose(code)), window.OneMap.files.section({ layer: "alarms", key: one.code }), calls(card), history(card)].filter(Boolean),
        el("footer", { class: "t3" }, say(`${one.code}·第 ${one.version} 版`, `${one.code} · version ${one.version}`)));
      tick();
    }

    /* Answer every alarm of the row: one act for one cause. What somebody else answered meanwhile is said. */
    async function accept(code) {
      const one = code ? my.world.rows.get(code) : row();
      if (!one || !(my.world.may || my.world.answers)) return;
      const many = queue().members(one.code), open = (many.length ? many : [one]).filter(my.unanswered), faults = [];
      if (!open.length) { show(my.world.answers ? say("已接警", "Received already") : one.state === "shelved" ? say("已搁置，请先取消搁置", "Take it off the shelf first") : say(`已由${my.who(one.acknowledged_by)}接警`, `${my.who(one.acknowledged_by)} has it already`)); return; }
      const codes = open.map((each) => each.code);
      await Promise.all([0, 1, 2, 3].map(async (lane) => {
        for (let n = lane; n < open.length; n += 4) {
          try { await post(`api/alarms/${open[n].code}/${my.world.answers ? "receive" : "ack"}`, { version: open[n].version }); }
          catch (fault) { faults.push(fault); }
        }
      }));
      await done(codes);
      if (faults.length) show(why(faults[0]), "fault");
      else show(codes.length > 1 ? say(`已接警 ${codes.length} 条`, `${codes.length} answered`) : say("已接警", "Answered"));
    }

    function shelve() {
      const one = row();
      if (!one || !my.world.may || !["raised", "acknowledged"].includes(one.state)) return;
      const most = my.world.longest / 3600, hours = SHELVES.filter(([h]) => h <= most);
      window.OneMap.admin.form(say(`搁置：${my.object(one)}`, `Shelve: ${my.object(one)}`), [
        { name: "hours", label: say("搁置多久", "For how long"), options: hours.map(([h, words]) => [String(h), words]), value: "1", required: true, hint: say(`最长 ${most} 小时，到期自动恢复；期间照常判定`, `${most} h at most; it is judged on meanwhile`) },
        { name: "reason", label: say("事由", "Why"), required: true, longest: 400, wide: true, hint: say("如：仪表校准、检修置换、已派人现场核实", "As: calibration, maintenance, somebody is on the way") },
      ], say("搁置", "Shelve"), async ({ hours: h, reason }) => {
        const until = new Date(time.now().getTime() + Number(h) * 3600000 - (Number(h) >= most ? 5000 : 0)).toISOString();
        await post(`api/alarms/${one.code}/shelve`, { version: one.version, reason, until });
        await done([one.code]);
        show(say(`已搁置至 ${my.clock(new Date(until).getTime())}`, `Shelved to ${my.clock(new Date(until).getTime())}`), "", { words: say("撤回", "Undo"), run: unshelve });
      });
    }

    async function unshelve() {
      const one = row();
      if (!one || !my.world.may || one.state !== "shelved") return;
      try { await post(`api/alarms/${one.code}/unshelve`, { version: one.version }); show(say("已取消搁置", "Off the shelf")); }
      catch (fault) { show(why(fault), "fault"); }
      await done([one.code]);
    }

    /* What an enterprise may do with an alarm of its own. */
    function answers(one, many) {
      const open = many.filter(my.unanswered), over = ["closed", "false"].includes(one.state);
      const act = (name, words, key, run, look, off) => el("button", { type: "button", class: `button ${look || ""}`, "data-act": name, disabled: off || null, title: off || "", on: { click: run } }, words, el("kbd", {}, key));
      const no = over ? say("已关闭或判为误报", "Closed, or declared false") : "";
      return el("div", { class: "alarm-acts two" },
        act("receive", open.length > 1 ? say(`接警 ${open.length} 条`, `Receive ${open.length}`) : say("接警", "Receive"), "A", () => accept(), open.length ? "primary" : "", no || (!open.length && say("已接警", "Received already"))),
        act("answer", one.answered_at ? say("更新答复", "Answer anew") : say("答复", "Answer"), "R", () => answer(), open.length ? "" : "primary", no));
    }

    function answer(code) {
      const one = (typeof code === "string" && my.world.rows.get(code)) || row();
      if (!one || !my.world.answers || ["closed", "false"].includes(one.state)) return;
      const said = shown?.code === one.code ? shown.card.said : {}, standing = my.stands(one);
      const end = said.answer_until && new Date(said.answer_until) > time.now() ? said.answer_until : new Date(time.now().getTime() + 3600000).toISOString();
      window.OneMap.admin.form(say(`答复：${my.object(one)}`, `Answer: ${my.object(one)}`), [
        { name: "cause", type: "prose", label: say("报警原因", "Cause"), value: said.answer_cause, required: true, longest: 380, wide: true },
        { name: "measure", type: "prose", label: say("已采取的措施", "Measure taken"), value: said.answer_measure, required: true, longest: 380, wide: true },
        ...(standing ? [{ name: "until", type: "moment", label: say("预计结束时间", "Expected end"), value: end, required: true, wide: true, hint: say("到时仍在报警，时限继续计，值班可见", "If it still stands then, the clock goes on; those on duty see it") }] : []),
      ], say("提交答复", "Send"), async ({ cause, measure, until }) => {
        await post(`api/alarms/${one.code}/answer`, { version: one.version, cause, measure, ...(until ? { until } : {}) });
        await done([one.code]);
        show(say("已答复，值班可见", "Answered; those on duty see it"));
        if (shown?.code !== one.code) queue().choose(one.code);
      });
    }

    const mayNotBeFalse = (one) => (["acknowledged", "cleared"].includes(one.state) && one.acknowledged_at ? "" : one.state === "shelved" ? say("已搁置，请先取消搁置", "Take it off the shelf first") : say("接警后才能判为误报", "Only once it was answered"));
    const wrong = () => (row()?.state === "false" ? withdraw() : falsify());

    /* Nothing was the matter: a state of its own, which counts as false and not as handled, and can be taken back. */
    function falsify() {
      const one = row(), no = one && mayNotBeFalse(one);
      if (!one || !my.world.may) return;
      if (no || one.state === "closed") { show(no || say("已关闭", "It is closed")); return; }
      window.OneMap.admin.form(say(`误报：${my.object(one)}`, `False alarm: ${my.object(one)}`), [
        { type: "note", label: one.state === "cleared" ? say("计为误报，不计为处置；可以撤销，经过留存。", "It counts as false, not as handled. It can be taken back; the history stays.") : say("测点仍越限：判为误报后不再转告、不再提示；可以撤销，经过留存。", "The point is still beyond its limit: nobody is told any more. It can be taken back; the history stays.") },
        { name: "reason", type: "prose", label: say("误报原因", "Why it was false"), required: true, longest: 380, wide: true },
      ], say("判为误报", "Declare false"), async ({ reason }) => {
        await post(`api/alarms/${one.code}/false`, { version: one.version, reason });
        await done([one.code], true);
        show(say("已判为误报", "Declared false"), "", { words: say("撤回", "Undo"), run: () => withdraw(one.code) });
      });
    }

    async function withdraw(code) {
      const one = (typeof code === "string" && my.world.rows.get(code)) || row();
      if (!one || !my.world.may || one.state !== "false") return;
      try { await post(`api/alarms/${one.code}/unfalse`, { version: one.version }); show(say("已撤销误报", "Taken for true again")); }
      catch (fault) { show(why(fault), "fault"); }
      await done([one.code], true);
    }

    function finish() {
      const one = row();
      if (!one || !my.world.may) return;
      if (one.state !== "cleared" || !one.acknowledged_at) { show(say("恢复并接警后才能关闭", "Only once it has cleared and was answered")); return; }
      window.OneMap.admin.form(say(`关闭：${my.object(one)}`, `Close: ${my.object(one)}`), [
        { type: "note", label: say("关闭后不能重开，经过留存；再次报警另记一条。", "A closed alarm is not opened again; its history stays, and the next one is its own.") },
        { name: "outcome", type: "prose", label: say("原因与处置", "Cause, and what was done"), required: true, longest: 380, wide: true },
      ], say("关闭报警", "Close the alarm"), async ({ outcome }) => {
        await post(`api/alarms/${one.code}/close`, { version: one.version, outcome });
        await done([one.code], true);
        show(say("已关闭", "Closed"));
      });
    }

    function aged() {
      const one = row();
      if (!one) return;
      const line = box.querySelector("[data-reply]"), reply = my.reply(one);
      if (line && reply?.left) { line.textContent = replyWords(reply); line.className = reply.share <= 0.2 || reply.left.over ? "o" : "t2"; }
      for (const node of box.querySelectorAll("[data-since]")) node.textContent = my.age(Number(node.dataset.since));
    }

    blank();
    return { open, again: () => (shown ? open(shown.code, true) : null), redraw: () => shown?.code === box.dataset.code && draw(), accept, shelve, unshelve, wrong, finish, answer, aged, code: () => shown?.code || "", card: () => shown?.card };
  }

  window.OneMap.alarms.cardOf = cardOf;
})();
