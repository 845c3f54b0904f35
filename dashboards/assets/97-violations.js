/* The video desk: events found by rules, looked at and judged by a person, keys first; a true one becomes an on-site check. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, time, thousands, debounce, gathered, live, furniture } = window.OneMap;
  const my = window.OneMap.admin;
  const { moment } = window.OneMap.violations;
  const NAMES = ["q", "verdict", "kind", "state", "camera", "enterprise", "area", "from"];
  const BACK = 30000; // so long a verdict is taken back by a key
  const REACH = 500;
  const KEYS = [["J K", say("上下条", "next, previous")], ["Y", say("核实", "true")], ["N", say("误报", "false")], ["1 5", say("误报原因", "why it is false")], ["E", say("转现场检查", "on-site check")], [say("空格", "Space"), say("播放", "play")], ["← →", say("逐帧", "step")], ["F", say("判定时刻", "judged moment")], ["G", say("到地图", "on the map")], ["Ctrl Z", say("撤回，30 秒内", "take back within 30 s")]];
  const MORE = [["V", say("画面与录像切换", "picture or film")], ["/", say("查找", "search")], ["Esc", say("返回", "back")], ["?", say("全部按键", "all keys")]];
  const kbd = (word) => el("kbd", {}, word);

  async function start(map, screen) {
    const part = (id) => screen.querySelector(`#violations-${id}`), list = part("list");
    const phone = () => window.matchMedia("(max-width: 760px)").matches;
    const asked = Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => NAMES.includes(name)));
    let answer = null, shown = null, picked = decodeURIComponent(location.hash.slice(1)), turn = 0, turned = 0, asking = false, last = null, framed = "", drawn = null, held = null, watched = false;
    const evidence = window.OneMap.violations.stage(part("evidence"), close);
    window.OneMap.violationsAnalysis.start(part("analysis"));
    document.getElementById("map-account").append(...window.OneMap.account.parts(document.getElementById("map-account").dataset.name));

    const query = () => new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    function address() { const words = query().toString(); history.replaceState(null, "", `${location.pathname}${words ? `?${words}` : ""}${picked ? `#${encodeURIComponent(picked)}` : ""}`); }

    const told = el("div", { class: "alarms-toast", role: "status", hidden: true });
    screen.append(told);
    const fade = debounce(() => { told.hidden = true; }, 8000);
    function toast(words, look, undo) {
      told.replaceChildren(el("span", {}, words), undo ? el("button", { type: "button", class: "link", on: { click: () => { told.hidden = true; undo(); } } }, say("撤回 Ctrl Z", "Take back, Ctrl Z")) : "");
      told.className = `alarms-toast ${look || ""}`;
      told.hidden = false;
      fade();
    }

    /* list */
    function change(next) {
      for (const [name, value] of Object.entries(next)) { if (value) asked[name] = String(value); else delete asked[name]; }
      if (!("from" in next)) delete asked.from;
      address();
      return read(true);
    }

    async function read(whole) {
      const mine = ++turn;
      try {
        const given = await get(`api/violations?${query()}`);
        if (mine !== turn) return;
        if (!whole && answer && (picked || watched) && moves(given)) { hold(given); return; }
        answer = given;
        held = null;
        frame();
        rows();
      } catch (fault) {
        if (mine !== turn) return;
        if (fault.status === 401) { window.OneMap.ended(); return; }
        const words = fault.status === 403 ? say("视频事件对您的岗位不开放", "Events on video are not open to your role") : say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`);
        if (answer) toast(say("读取失败，显示上次", "Could not read; the last is shown"), "fault");
        else list.replaceChildren(el("p", { class: "violations-empty", role: "alert" }, words, fault.status === 403 ? null : el("button", { type: "button", class: "link", on: { click: () => read(true) } }, say("重读", "Read again"))));
      }
      window.OneMap.tick();
    }

    /* What is new waits above the list while somebody is in it; what changed is written where it stands. */
    const moves = (given) => given.rows.map((one) => one.code).join() !== answer.rows.map((one) => one.code).join();
    function hold(given) {
      const before = new Set(answer.rows.map((one) => one.code)), now = new Map(given.rows.map((one) => [one.code, one]));
      const fresh = given.rows.filter((one) => !before.has(one.code)).length;
      answer = { ...answer, counts: given.counts, rows: answer.rows.map((one) => now.get(one.code) || one) };
      held = { given, fresh };
      frame();
      rows();
    }

    const counted = (words, count, verdict) => el("button", { type: "button", "data-verdict": verdict, "aria-pressed": String((asked.verdict || "") === verdict), on: { click: () => change({ verdict }) } }, `${words} `, el("b", {}, thousands(count)));
    function frame() {
      const n = answer.counts, all = n.pending + n.confirmed + n.rejected, focus = document.activeElement?.id;
      const find = el("input", { type: "search", id: "violations-find", class: "violations-find", value: asked.q || "", placeholder: say("内容、编号", "Title, number"), "aria-label": say("查找视频事件", "Find an event"), maxlength: 40 });
      if (focus === "violations-find") find.value = document.activeElement.value;
      find.addEventListener("input", debounce(() => change({ q: find.value.trim() }), 300));
      const kind = el("select", { "aria-label": say("类型", "Kind") }, [{ code: "", name: say("全部类型", "Every kind") }, ...answer.kinds].map((one) => el("option", { value: one.code, selected: one.code === (asked.kind || "") }, one.name)));
      kind.addEventListener("change", () => change({ kind: kind.value }));
      const only = [["camera", say("视频点", "camera")], ["enterprise", say("企业", "enterprise")], ["area", say("区划", "area")], ["state", say("状态", "state")]].filter(([name]) => asked[name]).map(([name, words]) => el("button", { type: "button", class: "chip", "aria-label": say(`不限${words}`, `Any ${words}`), on: { click: () => change({ [name]: "" }) } }, `${words} ${asked[name]} `, icon("close", 14)));
      part("filters").replaceChildren(el("div", { class: "line" }, el("h2", {}, say("事件", "Events")), find, kind), el("div", { class: "segments", role: "group", "aria-label": say("确认", "Verdict") }, counted(say("待核", "To judge"), n.pending, "pending"), counted(say("属实", "True"), n.confirmed, "confirmed"), counted(say("误报", "False"), n.rejected, "rejected"), counted(say("全部", "All"), all, "")), ...(only.length ? [el("div", { class: "chips" }, only)] : []));
      if (focus === "violations-find") { const now = part("find"); now.focus(); now.setSelectionRange(now.value.length, now.value.length); }
    }

    function row(one) {
      const picture = one.picture ? el("img", { class: "pic", src: `${base}api/violations/thumb?code=${encodeURIComponent(one.code)}`, alt: "", loading: "lazy", width: 128, height: 72 }) : el("span", { class: "pic" }, say("无画面", "No picture"));
      const state = one.verdict === "pending" ? el("span", { class: "new" }, say("待核", "New")) : one.case ? say(`已转检查 ${one.case}`, `Check ${one.case}`) : [one.verdict_word, one.reason].filter(Boolean).join(say("，", ", "));
      return el("button", { type: "button", class: `violation-row${one.verdict === "pending" ? "" : " done"}`, "data-code": one.code, "aria-current": one.code === picked ? "true" : null, on: { click: () => open(one.code) } },
        picture, el("span", { class: "nm el" }, one.kind || one.title, one.beta ? [" ", el("span", { class: "beta" }, say("试用", "beta"))] : null), el("span", { class: "wh el" }, [one.enterprise_name || say("公共区域", "Public place"), one.camera_name].filter(Boolean).join(" ")), el("span", { class: "st" }, state, one.device ? el("span", { class: "t3" }, say(" 设备报送", " by a device")) : null), el("span", { class: "ag", "data-at": one.at }, time.age(one.at)));
    }

    function rows() {
      const focus = document.activeElement?.dataset?.code, at = list.scrollTop;
      const n = answer.counts, bar = held && held.fresh ? el("button", { type: "button", class: "violations-held", on: { click: () => { answer = held.given; held = null; frame(); rows(); list.scrollTop = 0; } } }, say(`有 ${held.fresh} 条新`, `${held.fresh} new`)) : null;
      const nothing = answer.rows.length ? null : el("p", { class: "violations-empty" }, n.pending + n.confirmed + n.rejected ? say("没有符合条件的视频事件。", "No event fits.") : say("没有视频事件。视频分析由 onemap video run 启动。", "No events. Analysis is begun by onemap video run."));
      list.replaceChildren(...[bar, ...answer.rows.map(row), nothing].filter(Boolean));
      list.scrollTop = at;
      if (focus) list.querySelector(`[data-code="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
      const to = answer.from + answer.rows.length, page = (words, from) => el("button", { type: "button", class: "link", on: { click: () => change({ from }) } }, words);
      part("foot").replaceChildren(el("div", { class: "line" }, el("span", { class: "t3" }, say(`共 ${thousands(answer.total)} 件，第 ${answer.rows.length ? answer.from + 1 : 0} 至 ${to} 件`, `${answer.rows.length ? answer.from + 1 : 0} to ${to} of ${thousands(answer.total)}`)), el("span", { class: "sp" }), answer.from ? page(say("上一页", "Back"), Math.max(0, answer.from - answer.page) || "0") : "", to < answer.total ? page(say("下一页", "On"), to) : ""), el("span", {}, say("规则缺少模型的不判定，也不算合规", "A rule without its model finds nothing, which is not the same as in order"), " ", el("a", { class: "link", href: `${base}violations/accuracy` }, say("准确率", "Accuracy"))));
      window.OneMap.tick();
    }

    /* one event */
    function mark() { for (const line of list.querySelectorAll("[data-code]")) { if (line.dataset.code === picked) line.setAttribute("aria-current", "true"); else line.removeAttribute("aria-current"); } }
    async function open(code, quiet) {
      if (code !== picked) asking = false;
      picked = code;
      screen.dataset.card = "open";
      address();
      mark();
      const mine = ++turned;
      try {
        const given = await get(`api/violations/row?code=${encodeURIComponent(code)}`);
        if (mine !== turned) return;
        given.thumb = answer?.rows.find((one) => one.code === code)?.picture ? `${base}api/violations/thumb?code=${encodeURIComponent(code)}` : "";
        shown = given;
        evidence.open(given);
        why();
        verdict();
        more();
        place();
      } catch (fault) {
        if (mine !== turned) return;
        shown = null;
        for (const name of ["why", "verdict", "more"]) part(name).replaceChildren();
        part("place").hidden = true;
        evidence.none(fault.status === 404 ? say("没有这个视频事件，或对您不开放", "No such event, or not open to you") : say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`));
      }
      window.OneMap.tick();
      if (!quiet && phone()) window.scrollTo(0, 0);
    }

    function close() {
      const was = picked;
      picked = "";
      shown = null;
      screen.dataset.card = "";
      address();
      mark();
      blank();
      list.querySelector(`[data-code="${CSS.escape(was)}"]`)?.focus();
      if (held) read(true);
    }

    function blank() {
      for (const name of ["why", "verdict", "more"]) part(name).replaceChildren();
      part("place").hidden = true;
      evidence.none(say("从左侧选一条事件", "Choose an event on the left"));
    }

    const pairs = (all) => el("dl", {}, all.filter(Boolean).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    const beta = () => el("span", { class: "beta" }, say("试用", "beta"));
    function why() {
      const one = shown, same = one.same;
      const numbers = one.why.length ? one.why.map((each) => `${each.name} ${each.value}`).join(say("，", ", ")) : one.words;
      const firm = one.enterprise ? el("a", { class: "link", href: `${base}map?layers=enterprises&sel=${encodeURIComponent(`enterprises:${one.enterprise}`)}` }, one.enterprise_name) : say("公共区域", "Public place");
      part("why").replaceChildren(
        el("header", {}, el("h2", {}, one.title, one.suspected ? el("span", { class: "beta", style: "margin-left:8px" }, say("疑似", "Suspected")) : null), el("span", { class: "t3" }, one.code)),
        pairs([
          [say("规则", "Rule"), [[one.kind, one.rule, one.zone].filter(Boolean).join(" · "), one.beta ? [" ", beta()] : null]],
          [say("依据", "Why"), numbers || say("未说明", "Not said")],
          [say("模型", "Model"), one.device ? say("设备自带，本系统未评定", "The device's own; not measured by us") : one.model ? [one.model, one.beta ? [" ", beta()] : null] : one.needs_model ? say("未登记", "Not filed") : say("不用模型，按画面判定", "None: judged by the picture")],
          [say("来源", "From"), one.device ? `${one.origin_word} ${one.origin_id}` : one.origin_word],
          [say("人员", "People"), say("不识别身份", "Nobody is identified")],
          [say("状态", "State"), [one.state_word, " ", el("span", { class: "t3", "data-at": one.raised_at, "data-after": say("报出", "") })]],
          [say("企业", "Enterprise"), [firm, one.area ? ` ${one.area}` : ""]],
          same ? [say("同类", "Same kind"), say(`${same.of === "enterprise" ? "本企业" : "本视频点"} ${same.days} 日 ${same.pending + same.confirmed + same.rejected} 起，属实 ${same.confirmed}，误报 ${same.rejected}，待核 ${same.pending}`, `${same.pending + same.confirmed + same.rejected} in ${same.days} days at this ${same.of === "enterprise" ? "enterprise" : "camera"}: ${same.confirmed} true, ${same.rejected} false, ${same.pending} to judge`)] : null,
          ...one.facts.map((fact) => [fact.field, fact.value]),
        ]));
    }

    /* verdict */
    const body = (more) => ({ code: shown.code, version: shown.version, ...more });
    async function send(path, given, words) {
      const code = shown.code;
      try {
        const made = await post(path, given);
        if (given.verdict && given.verdict !== "pending") { last = { code, version: made.version, at: performance.now() }; toast(words, "", takeBack); } else { last = null; toast(words); }
        await Promise.all([open(code, true), read()]);
      } catch (fault) {
        toast(fault.message, "fault");
        await open(code, true);
      }
    }

    const free = () => shown && shown.may_judge && !shown.case;
    const waits = () => free() && shown.verdict === "pending";
    const remark = () => part("verdict").querySelector("[name=remark]")?.value.trim() || "";
    function confirm() { if (waits()) send("api/violations/judge", body({ verdict: "confirmed", remark: remark() }), say("已核实", "True")); }
    function ask() { if (!waits()) return; asking = true; part("verdict").querySelector(".violations-reasons")?.classList.add("asked"); part("verdict").querySelector(".violations-reasons")?.scrollIntoView({ block: "nearest" }); }
    function reject(reason) {
      if (!waits()) return;
      const quiet = Boolean(part("verdict").querySelector("[name=quiet]")?.checked), said = remark();
      if (reason.code === "other" && !said) { const field = part("verdict").querySelector("[name=remark]"); field.placeholder = say("请写明原因", "Say why"); field.focus(); toast(say("选“其他”须在意见中写明原因", "Another reason is said in the remark"), "fault"); return; }
      asking = false;
      send("api/violations/judge", body({ verdict: "rejected", reason: reason.code, remark: said, quiet }), say(`已记为误报，${reason.name}`, `False: ${reason.name}`));
    }

    function takeBack() {
      if (!last || performance.now() - last.at > BACK) { toast(say("已超过 30 秒，请用“撤回结论”并写明理由", "Later than 30 s: take it back with a remark"), "fault"); return; }
      const given = { code: last.code, version: last.version, verdict: "pending", remark: say("30 秒内撤回", "Taken back within 30 s") }, code = last.code;
      last = null;
      post("api/violations/judge", given).then(() => { toast(say("已撤回", "Taken back")); return Promise.all([picked === code ? open(code, true) : null, read()]); }).catch((fault) => toast(fault.message, "fault"));
    }

    function withdraw() {
      my.form(say("撤回结论", "Take the verdict back"), [{ name: "remark", label: say("意见", "Remark"), required: true, longest: 400, wide: true }], say("撤回", "Take back"), async (given) => { await send("api/violations/judge", body({ verdict: "pending", remark: given.remark }), say("已撤回", "Taken back")); }, "primary");
    }

    function check() {
      if (!free() || !shown.may_check || !shown.enterprise || shown.verdict === "rejected") { if (free() && !shown.enterprise) toast(say("该视频点不属于企业，不能转现场检查", "The camera belongs to no enterprise"), "fault"); return; }
      my.form(say("转现场检查", "To an on-site check"), [{ type: "note", label: say(`为 ${shown.enterprise_name} 立现场检查，带上 ${shown.files.length} 件证据和本页判定，同时确认该事件属实。立项后不能撤回。`, `Opens an on-site check of ${shown.enterprise_name} with ${shown.files.length} pieces of evidence and confirms the event. It cannot be taken back.`) },
        { name: "check_by", label: say("完成期限", "Check by"), type: "date", required: true }, { name: "remark", label: say("核查要求", "What to look at"), longest: 400, wide: true }], say("立项", "Open it"), async ({ check_by, remark: words }) => { const made = await post("api/violations/check", body({ check_by, remark: words || "" })); last = null; toast(say(`已转现场检查 ${made.case}`, `On-site check ${made.case}`)); await Promise.all([read(), open(made.code, true)]); }, "primary");
    }

    function verdict() {
      /* What was written and ticked stays while the same event is drawn anew (its film came), and is not another one's. */
      const one = shown, box = part("verdict"), same = box.dataset.of === one.code, had = same ? remark() : "", ticked = same && Boolean(box.querySelector("[name=quiet]")?.checked);
      box.dataset.of = one.code;
      box.classList.toggle("violations-dock", false);
      if (one.verdict !== "pending" || !one.may_judge) {
        const said = one.verdict === "pending" ? el("p", { class: "t3" }, say("待复核。您的岗位不作判定。", "To be judged; your role does not.")) : el("div", { class: "violations-said" }, el("p", {}, el("b", {}, one.verdict_word), one.judged.reason ? say(`，${one.judged.reason}`, `, ${one.judged.reason}`) : "", el("span", { class: "t3" }, ` ${one.judged.by} ${one.judged.at ? moment(one.judged.at) : ""}`)), one.judged.remark ? el("p", {}, one.judged.remark) : null,
          one.judged.quiet ? el("p", { class: "t3" }, say("同一摄像机此位置的同类事件不再报出；撤回结论后恢复。", "Events of this kind at this place of the camera are not told again, until this is taken back.")) : null,
          one.case ? el("p", {}, el("a", { class: "link", href: `${base}cases?system=site-check&view=all&code=${encodeURIComponent(one.case)}` }, say(`现场检查 ${one.case}`, `On-site check ${one.case}`))) : null);
        const acts = free() ? el("div", { class: "violations-tools", style: "margin-top:8px" }, el("button", { type: "button", class: "button", on: { click: withdraw } }, say("撤回结论", "Take back")), one.verdict === "confirmed" && one.may_check && one.enterprise ? el("button", { type: "button", class: "button", on: { click: check } }, say("转现场检查", "To an on-site check"), kbd("E")) : null) : null;
        box.replaceChildren(...[el("header", {}, el("h2", {}, say("判定", "Verdict"))), said, acts].filter(Boolean));
        return;
      }
      const checked = one.may_check && one.enterprise;
      const acts = el("div", { class: "violations-acts" }, el("button", { type: "button", class: "button primary", on: { click: confirm } }, say("核实", "True"), kbd("Y")), el("button", { type: "button", class: "button", on: { click: ask } }, say("误报", "False"), kbd("N")), el("button", { type: "button", class: "button", disabled: checked ? null : true, title: checked ? null : say("须有办案权限，且视频点属于企业", "Takes the right to casework, and a camera of an enterprise"), on: { click: check } }, say("转检查", "Check"), kbd("E")));
      const reasons = el("div", { class: `violations-reasons${asking ? " asked" : ""}`, role: "group", "aria-label": say("误报原因", "Why it is false") }, one.reasons.map((each, n) => el("button", { type: "button", class: "button", on: { click: () => reject(each) } }, kbd(String(n + 1)), each.name)));
      box.replaceChildren(el("header", {}, el("h2", {}, say("判定", "Verdict")), el("span", { class: "t3" }, say("30 秒内可撤回", "May be taken back within 30 s"))), el("div", { class: phone() ? "violations-dock" : "" }, acts),
        el("p", { class: "t3", style: "font-size:13px" }, say("误报原因，必选一项", "False, because (choose one)")), reasons,
        el("input", { class: "violations-find", style: "width:100%;height:34px", name: "remark", maxlength: 400, value: had, autocomplete: "off", placeholder: say("意见，可不填", "Remark, if any"), "aria-label": say("意见", "Remark") }),
        one.has_place ? el("label", { class: "violations-quiet" }, el("input", { type: "checkbox", name: "quiet", checked: ticked }), say("误报时：此位置的同类事件不再报出", "If false: do not tell this kind at this place again")) : "",
        el("p", { class: "t3", style: "font-size:13px;margin-top:6px" }, checked ? say(`转检查带走 ${one.files.length} 件证据和本页判定，为 ${one.enterprise_name} 立现场检查。`, `A check takes ${one.files.length} pieces of evidence along and is opened for ${one.enterprise_name}.`) : say("本条不能转现场检查。", "No check can be opened for this one.")));
    }

    function more() {
      const box = part("more"), one = shown;
      if (!one.may_see_looks) { box.replaceChildren(); return; }
      const was = box.dataset.of === one.code && box.querySelector("details")?.open, found = el("ol", {}, el("li", { class: "t3" }, say("读取中", "Reading")));
      const details = el("details", { class: "violations-looks" }, el("summary", {}, say("谁看过，谁判定", "Who looked, who judged")), found);
      details.addEventListener("toggle", async () => {
        if (!details.open) return;
        try {
          const { looks } = await get(`api/violations/looks?code=${encodeURIComponent(one.code)}`);
          found.replaceChildren(...looks.map((each) => el("li", {}, el("span", { class: "t3" }, moment(each.at)), el("span", {}, el("b", {}, each.who), ` ${each.what}`))));
        } catch (fault) { found.replaceChildren(el("li", { class: "wrong", role: "alert" }, fault.message)); }
      });
      box.dataset.of = one.code;
      box.replaceChildren(details);
      details.open = Boolean(was);
    }

    /* place: the camera and the ground it can see, by the terrain */
    async function place() {
      const one = shown, box = part("place"), words = part("place-words");
      box.hidden = !one.place || !one.camera.code;
      if (box.hidden || framed === one.code) return;
      framed = one.code;
      map.invalidateSize();
      const at = [one.place.lat, one.place.lon];
      drawn?.remove();
      drawn = L.layerGroup([L.circleMarker(at, { radius: 7, color: "#F3F7FA", weight: 2, fillColor: "#F18F01", fillOpacity: 1, interactive: false })]).addTo(map);
      if (one.place.accuracy) drawn.addLayer(L.circle(at, { radius: one.place.accuracy, color: "#F18F01", weight: 1.5, dashArray: "5 4", fill: false, interactive: false }));
      map.setView(at, 16, { animate: false });
      const known = `${one.camera.name || one.camera.code}${say("，", ", ")}${one.place.words}`, rules = window.OneMap.may("edit") ? el("a", { class: "link", href: `${base}cameras/rules?camera=${encodeURIComponent(one.camera.code)}` }, say("区域与标定", "Zones, calibration")) : "";
      words.replaceChildren(known, " ", rules);
      try {
        const found = await get(`api/cameras/sight?key=${encodeURIComponent(one.camera.code)}&reach=${REACH}`);
        if (framed !== one.code) return;
        const ground = L.geoJSON(found.shape, { interactive: false, style: { color: "#4FD1C5", weight: 1.5, fillColor: "#4FD1C5", fillOpacity: 0.22 } });
        drawn.addLayer(ground);
        map.fitBounds(ground.getBounds().pad(0.15), { animate: false, maxZoom: 17 });
        words.replaceChildren(`${known}${found.notes[0] ? say("；", "; ") + found.notes[0] : ""}`, " ", rules);
        words.title = found.notes.join(say("；", "; "));
      } catch (fault) { words.replaceChildren(known + say("；视域未知", "; its view is not known"), " ", rules); }
    }

    /* keys */
    function walk(by) {
      const all = [...list.querySelectorAll("[data-code]")], at = all.findIndex((line) => line.dataset.code === picked);
      if (!all.length) return;
      const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
      next.focus();
      next.scrollIntoView({ block: "nearest" });
      open(next.dataset.code, true);
    }
    function help() {
      const box = el("dialog", { class: "adm-dialog", "aria-label": say("全部按键", "All keys") }, el("header", {}, el("h2", {}, say("按键", "Keys")), el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: () => box.close() } }, icon("close"))), el("dl", { class: "alarms-help" }, [...KEYS, ...MORE].map(([key, words]) => el("div", {}, el("dt", {}, key.split(" ").map(kbd)), el("dd", {}, words)))));
      box.addEventListener("close", () => box.remove());
      screen.append(box);
      box.showModal();
    }
    const run = { j: () => walk(1), k: () => walk(-1), y: confirm, n: ask, e: check, f: evidence.jump, v: evidence.flip, " ": evidence.run, ArrowLeft: () => evidence.step(-1), ArrowRight: () => evidence.step(1), "/": () => part("find")?.focus(), "?": help,
      g: () => { if (shown) location.href = `${base}map?layers=enterprises,cameras,violations&sel=${encodeURIComponent(`violations:${shown.code}`)}`; }, Escape: () => { if (asking) { asking = false; verdict(); } else if (picked) close(); } };
    document.addEventListener("keydown", (event) => {
      if (event.altKey || document.querySelector("dialog[open]")) return;
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) { event.preventDefault(); takeBack(); return; }
      if (event.ctrlKey || event.metaKey) return;
      if (typing) { if (event.key === "Escape") event.target.blur(); return; }
      if (event.repeat && !event.key.startsWith("Arrow")) return;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (asking && shown && /^[1-9]$/.test(name) && shown.reasons[name - 1]) { event.preventDefault(); reject(shown.reasons[name - 1]); return; }
      if (!run[name] || (name === " " && event.target.closest("button, a, summary") && !event.target.closest(".violation-row"))) return;
      if (name.startsWith("Arrow") && event.target.closest(".leaflet-container")) return;
      if (!shown && [" ", "ArrowLeft", "ArrowRight", "f", "v"].includes(name)) return;
      event.preventDefault();
      run[name]();
    });
    part("keys").replaceChildren(el("div", {}, KEYS.map(([key, words]) => el("span", {}, key.split(" ").map(kbd), words))), el("button", { type: "button", class: "link", on: { click: help } }, kbd("?"), say("全部按键", "All keys")));

    list.addEventListener("pointerenter", () => { watched = true; });
    list.addEventListener("pointerleave", () => { watched = false; });
    const reread = gathered(async () => { await read(); if (shown && !document.querySelector("dialog[open]")) await open(shown.code, true); }, 300, 20);
    live.onChanges((layers) => { if (layers.has("violations") || layers.has("attachments")) reread(); });
    live.onState((now, was) => { if (now === "open" && was === "lost") reread(); });
    live.open();
    map.getContainer().setAttribute("aria-label", say("事件位置和视域", "Place of the event and what the camera sees"));
    part("furniture").append(furniture.scale(map, 90), furniture.north());
    window.OneMap.patient(screen.dataset.tiles, { maxNativeZoom: 18 }).addTo(map);
    blank();
    await read(true);
    if (picked) await open(picked, true);
    screen.dataset.ready = "1";
  }

  window.OneMap.startViolations = start;
})();
