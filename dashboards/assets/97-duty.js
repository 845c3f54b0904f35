/* The duty desk: alarms and what comes in at the left, the incident that is open, its chain, map, log; keyboard first. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, live, furniture, points, tick, gathered, debounce, GRADES } = window.OneMap;
  const BURST = { leak: "漏", fire: "火", explosion: "爆", poisoning: "毒", traffic: "车", collapse: "塌", equipment: "设", natural: "灾", other: "事" };
  const KEYS = [["J K", say("上下条", "next, previous")], ["A", say("接警", "answer")], ["S", say("搁置", "shelve")], ["X", say("误报", "false")], ["I", say("立为事件", "make an incident")], ["M", say("并入", "merge in")], ["P", say("图上标点", "by hand")], ["L", say("标位置", "place it")], ["1–7", say("处置步骤", "steps")], ["G", say("定位到图", "on the map")], ["N", say("记一笔", "note")]], LAST = [["Esc", say("返回", "back")]];
  const REPORTS = { flash: say("快报", "Flash report"), followup: say("续报", "Follow-up"), special: say("终报", "Final report") };

  async function start(map, screen) {
    const my = window.OneMap.alarms, duty = window.OneMap.duty, { world } = my, part = (id) => screen.querySelector(`#duty-${id}`);
    const phone = () => window.matchMedia("(max-width: 760px)").matches;
    const asked = new URLSearchParams(location.search), played = asked.get("exercise") === "1";
    const key = () => Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    let one = null, step = Number(asked.get("step")) || 7, rows = [], choices = null, may = false, sees = true, marking = "", tab = "";
    if (!(step >= 1 && step <= 7)) step = 7;
    screen.querySelector("#map-account").append(...window.OneMap.account.parts(screen.querySelector("#map-account").dataset.name));

    window.OneMap.messages.bell(screen);

    function address() {
      const found = new URLSearchParams();
      if (played) found.set("exercise", "1");
      if (one) { found.set("incident", one.code); found.set("step", step); }
      if (list.selected()) found.set("sel", list.selected());
      if (asked.get("lang")) found.set("lang", asked.get("lang"));
      history.replaceState(history.state, "", location.pathname + (String(found) ? `?${found}` : ""));
    }

    const told = el("div", { class: "alarms-toast", role: "status", hidden: true });
    screen.append(told);
    const fade = debounce(() => { told.hidden = true; }, 8000);
    function toast(words, look, undo) {
      told.replaceChildren(el("span", {}, words), undo ? el("button", { type: "button", class: "link", on: { click: () => { told.hidden = true; undo.run(); } } }, undo.words) : "");
      told.className = `alarms-toast ${look || ""}`;
      told.hidden = false;
      fade();
    }

    /* alarms: the queue and the one chosen, as on their own page */
    const TABS = [["", say("当前", "Open"), (row) => row.state !== "false" && row.state !== "shelved"], ["new", say("新", "New"), (row) => row.state === "raised"], ["shelved", say("搁置", "Shelved"), (row) => row.state === "shelved"], ["false", say("误报", "False"), (row) => row.state === "false"]];
    const list = my.queue(part("list"), { pick: (code) => { address(); card.open(code); acts(); pin(code); screen.dataset.card = code ? "open" : ""; }, shown: (row) => TABS.find(([id]) => id === tab)[2](row) });
    const card = my.cardOf(part("card"), { queue: () => list, done: async (codes) => { await some(codes); }, close: () => list.choose(""), show: toast });
    const chosen = () => world.rows.get(list.selected());

    function filters() {
      const all = [...world.rows.values()];
      part("filters").replaceChildren(el("div", { class: "line" }, el("h2", {}, say("报警", "Alarms")), el("span", { class: "sp" }), el("span", { class: "t3", "data-at": world.at, "data-after": say(" 更新", "") })),
        el("div", { class: "segments", role: "group", "aria-label": say("状态", "State") }, TABS.map(([id, words, fits]) => el("button", { type: "button", "data-tab": id, "aria-pressed": String(id === tab), on: { click: () => { tab = id; filters(); list.sort([]); } } }, `${words} `, el("b", {}, String(all.filter(fits).length))))));
      list.none(say("没有符合条件的报警", "No alarm fits"));
      tick();
    }

    /* what may be done with the alarm chosen, beside what its card offers */
    function acts() {
      const row = chosen();
      if (!row) { part("acts").replaceChildren(may ? el("button", { type: "button", class: "button", on: { click: () => begin() } }, say("登记来电 ", "Enter a call "), el("kbd", {}, "I")) : "", may ? el("button", { type: "button", class: "button", "data-needs": "map", on: { click: () => mark() } }, say("图上标点 ", "On the map "), el("kbd", {}, "P")) : ""); return; }
      part("acts").replaceChildren(may ? el("button", { type: "button", class: "button primary", "data-act": "incident", on: { click: () => begin(row) } }, say("立为事件 ", "Make an incident "), el("kbd", {}, "I")) : "", may ? el("button", { type: "button", class: "button", "data-act": "merge", disabled: one ? null : true, title: one ? "" : say("先打开一个事件", "Open an incident first"), on: { click: () => merge(row) } }, say("并入 ", "Merge in "), el("kbd", {}, "M")) : "", el("span", { class: "t3", id: "duty-part" }));
      get(`api/incidents/of?layer=alarms&key=${encodeURIComponent(row.code)}`).then(({ link }) => { const box = screen.querySelector("#duty-part"); if (link && box && chosen()?.code === row.code) box.replaceChildren(say("属于 ", "part of "), el("button", { type: "button", class: "link", on: { click: () => open(link.incident) } }, link.incident)); }).catch(() => { /* told when it is tried */ });
    }

    function incoming() {
      const line = (row) => el("button", { type: "button", class: `duty-row s-${row.state}`, "data-incident": row.code, "aria-current": one?.code === row.code ? "true" : null, on: { click: () => open(row.code) } },
        el("span", { class: "burst", "aria-hidden": "true" }, BURST[row.kind] || "事"), el("b", { class: "el" }, row.title), el("span", { class: "st" }, row.state === "reported" ? el("i", {}, say("待核实", "unconfirmed")) : row.state_word), el("span", { class: "t2 el" }, [row.origin_word, row.area_name, row.level_word || say("未定级", "no level")].join(" · ")), el("span", { class: "t3", "data-at": row.reported_at }));
      const waiting = rows.filter((row) => row.state === "reported").length;
      part("incoming").replaceChildren(el("h3", {}, played ? say("演练事件", "Exercises") : say("在办事件", "Incidents in hand"), el("span", { class: "t3" }, waiting && waiting < rows.length ? say(`待核实 ${waiting}，共 ${rows.length}`, `${waiting} unconfirmed of ${rows.length}`) : sees ? String(rows.length) : "—")), ...rows.map(line), rows.length ? "" : el("p", { class: "t3" }, nothing()), sees ? past : "");
      tick();
    }
    /* Nothing to see is not nothing there. */
    const nothing = () => (!sees ? say("您的岗位无权查看突发事件", "Incidents are not open to your role") : played ? say("没有进行中的演练", "No exercise goes on") : say("没有在办事件", "None in hand"));
    /* What is over is found again here: an incident called false by mistake is opened again from it. */
    const OVER = ["closed", "false", "merged"], over = el("div", {}), past = el("details", { class: "duty-elsewhere duty-past" }, el("summary", {}, say("已结束、误报、并入", "Closed, false, merged")), over);
    async function ended() {
      try {
        const found = (await get(`api/incidents?all=1${played ? "&exercise=1" : ""}`)).rows.filter((row) => OVER.includes(row.state)).slice(0, 30);
        over.replaceChildren(...(found.length ? found.map((row) => el("button", { type: "button", class: "duty-row", "data-incident": row.code, on: { click: () => open(row.code) } }, el("span", { class: "burst", "aria-hidden": "true" }, BURST[row.kind] || "事"), el("b", { class: "el" }, row.title), el("span", { class: "st" }, row.state_word), el("span", { class: "t2 el" }, [row.code, row.area_name].join(" · ")), el("span", { class: "t3" }, row.closed_at ? duty.short(row.closed_at) : ""))) : [el("p", { class: "t3" }, say("没有", "None"))]));
      } catch (fault) { over.replaceChildren(el("p", { class: "o" }, fault.message)); }
    }
    past.addEventListener("toggle", () => { if (past.open) ended(); });
    const inHand = () => el("div", { class: "duty-hand" }, rows.length ? rows.map((row) => el("button", { type: "button", class: "duty-row", on: { click: () => open(row.code) } }, el("span", { class: "burst" }, BURST[row.kind] || "事"), el("b", { class: "el" }, row.title), el("span", { class: "st" }, row.state_word), el("span", { class: "t2 el" }, [row.area_name, row.level_word || say("未定级", "no level")].join(" · ")), el("span", { class: "t3", "data-at": row.reported_at }))) : el("p", { class: "t2" }, nothing()));

    /* map: alarms that stand, incidents in hand, the one that is open named */
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", say("地图：同样的内容见队列", "Map; the queue lists the same"));
    const canvas = new points.Points({ scale: 0.66, pad: 0.25, interactive: true, theme: () => "night", busyTool: () => Boolean(marking) });
    const group = L.layerGroup().addTo(map);
    const legend = el("div", { class: "furniture legend", "aria-label": say("图例", "Legend") }, ...furniture.legend(GRADES.slice(1).map((each) => each.word), say("报警；爆标为事件", "alarms; the burst is an incident")).filter(Boolean));
    const theme = el("div", { class: "furniture alarms-theme" }, el("b", {}, played ? say("演练", "Exercise") : say("值班态势", "On duty")), el("span", { class: "t2" }, screen.dataset.area));
    part("furniture").append(legend, theme, furniture.scale(map, 110), furniture.north(), el("div", { class: "furniture source" }, el("span", { class: "t3" }, say("CGCS2000·底图 本市基础地理", "CGCS2000 · city base geography"))));

    async function place() {
      const seen = [...world.rows.values()].filter((row) => row.lon !== null && row.lat !== null && !["cleared", "false"].includes(row.state)), at = new Map(seen.map((row, n) => [row.code, n]));
      const columns = { total: seen.length, lon: Float64Array.from(seen, (row) => row.lon), lat: Float64Array.from(seen, (row) => row.lat), grade: Uint8Array.from(seen, (row) => row.level), symbol: new Uint8Array(seen.length), symbols: ["sensor-gas"], key: (n) => seen[n].code, label: (n) => my.object(seen[n]), row: (code) => at.get(code) ?? -1 };
      if (!canvas.map) canvas.addTo(map);
      await canvas.put("alarms", columns, { graded: true, symbol: "sensor-gas", badged: false, symbolZoom: 99, labelZoom: 99 });
      group.clearLayers();
      for (const row of rows) if (row.place) {
        const here = one?.code === row.code, pin = L.marker([row.place.lat, row.place.lon], { keyboard: false, zIndexOffset: here ? 900 : 400, icon: L.divIcon({ className: `duty-pin ${here ? "here" : ""} ${row.exercise ? "played" : ""}`, html: el("div", {}, el("span", { class: "burst" }, BURST[row.kind] || "事"), here ? el("b", {}, row.title) : null), iconSize: [34, 34] }) });
        pin.on("click", (event) => (marking ? clicked(map.mouseEventToLatLng(event.originalEvent)) : open(row.code))).addTo(group);
      }
      sides();
    }
    /* A name stands at that side of its burst where there is more of the map; what orders and teams say, where it would be cut. */
    function sides() {
      group.eachLayer((pin) => pin.getElement()?.classList.toggle("left", map.latLngToContainerPoint(pin.getLatLng()).x > map.getSize().x / 2));
      const edge = map.getContainer().getBoundingClientRect().right;
      for (const pin of map.getContainer().querySelectorAll(".order-pin")) { pin.classList.remove("left"); pin.classList.toggle("left", Boolean(pin.firstChild) && pin.firstChild.getBoundingClientRect().right > edge); }
    }
    map.on("moveend resize", sides);
    /* what rooms draw of the incident that is open, each in a group of its own */
    const grounds = new Map();
    function ground() {
      for (const room of duty.all()) if (room.map) {
        if (!grounds.has(room)) grounds.set(room, L.layerGroup().addTo(map));
        const mine = grounds.get(room).clearLayers();
        if (one) room.map(one, mine, tools);
      }
      sides();
    }
    function pin(code) {
      const row = world.rows.get(code);
      canvas.selection = row && row.lon !== null ? { layer: "alarms", key: code, at: L.latLng(row.lat, row.lon) } : null;
      if (canvas.answer) canvas.repaint();
      if (row && row.lon !== null && !phone() && !map.getBounds().pad(-0.1).contains([row.lat, row.lon])) map.setView([row.lat, row.lon], Math.max(map.getZoom(), 14));
    }
    function go() {
      const row = chosen(), at = one?.facts.place || (row && row.lon !== null ? { lat: row.lat, lon: row.lon } : null);
      if (at) map.setView([at.lat, at.lon], 16);
    }
    canvas.on("pick", ({ key: code }) => list.choose(code));
    function clicked(latlng) { const of = marking; unmark(); if (of === "new") begin(null, latlng); else if (one?.code === of) duty.known.placed(one, tools, choices, latlng); }
    map.on("click", (event) => { if (marking) clicked(event.latlng); });
    function unmark() { marking = ""; map.getContainer().style.cursor = ""; }
    function mark(of = "new") { if (!may) return; marking = of; map.getContainer().style.cursor = "crosshair"; toast(of === "new" ? say("在地图上点出事地点，Esc 取消", "Click where it happened; Esc gives up") : say(`在地图上点 ${of} 的位置，Esc 取消`, `Click where ${of} is; Esc gives up`)); }
    const place_it = () => { if (one && may && one.steps.length && !["false", "merged", "closed"].includes(one.facts.state)) { if (phone()) duty.known.told(one, tools, choices, "spot"); else mark(one.code); } }; // a phone has no map to click

    /* commands: one key for a form, so that what is sent again is done once */
    const send = async (path, body) => { const answer = await post(`api/incidents/${path}`, body); if (answer.code) await show(answer); reread().catch((fault) => toast(fault.message, "fault")); return answer; };
    const kinds = () => choices.kinds.map((each) => [each.code, each.name]);
    const areas = () => [["", say("按所选单位的位置", "by the place of what was chosen")], ...choices.areas.filter((each) => each.code.length >= 6).map((each) => [each.code, each.name])];

    function begin(row, at, of) {
      if (!may) return;
      const command = key(), source = of ? { layer: of[0], key: of[1] } : row ? { layer: "alarms", key: row.code } : { origin: at ? "map" : "call", ...(at ? { lon: at.lng, lat: at.lat } : {}) };
      window.OneMap.admin.form(row ? say(`立为事件：${my.object(row)}`, `Incident of ${my.object(row)}`) : of ? say(`立为事件：${of[1]}`, `Incident of ${of[1]}`) : at ? say("图上标点立为事件", "Incident at a place") : say("登记来电", "Enter a call"), [
        ...(played ? [{ type: "note", label: say("演练：不计入统计，不上真实地图。", "An exercise: in no count and on no real map.") }] : []),
        { name: "title", label: say("事件名称", "What it is"), value: row ? my.object(row) : "", required: !of, longest: 120, hint: of ? say("空为来源的名称", "blank: the name of what it comes of") : "", wide: true },
        { name: "kind", label: say("类型", "Kind"), options: kinds(), value: "leak", required: true },
        ...(row || at || of ? [] : [{ type: "made", name: "named", make: duty.known.register("") }, { name: "area", label: say("区划", "Area"), options: areas(), value: "", needed: (now) => !now.named?.hazard_source && !now.named?.enterprise }, { name: "address", label: say("地点", "Where"), longest: 200 }, { name: "reporter", label: say("报告人", "Reporter"), longest: 200 }, { name: "reporter_phone", label: say("电话", "Phone"), longest: 40 }]),
        { name: "text", type: "prose", label: say("报告内容", "What was said"), required: !row && !of, longest: 1500, wide: true },
      ], say("立为事件", "Open it"), async ({ title, kind, area, address: where, reporter, reporter_phone, text, named }) => {
        const more = duty.known.named(named);
        Object.assign(more, Object.fromEntries(Object.entries({ area, address: where, reporter, reporter_phone, text }).filter(([, value]) => value)));
        const done = await send("open", { command, ...source, ...(title ? { title } : {}), kind, ...more, ...(played ? { exercise: true } : {}) });
        toast(say(`已立为事件 ${done.code}`, `Incident ${done.code} is open`));
      });
    }

    async function merge(row) {
      if (!one || !row || !may) { if (!one) toast(say("先打开一个事件", "Open an incident first")); return; }
      const command = key(), into = one;
      window.OneMap.admin.form(say("并入事件", "Merge in"), [{ type: "note", label: say(`将报警“${my.object(row)}”并入 ${into.code} ${into.facts.title}`, `The alarm ${my.object(row)} becomes part of ${into.code} ${into.facts.title}`) }, { name: "text", label: say("说明", "Why"), longest: 400, wide: true }], say("并入", "Merge in"), async ({ text }) => {
        await send("link", { command, code: into.code, layer: "alarms", key: row.code, ...(text ? { text } : {}) });
        toast(say(`已并入 ${into.code}`, `Part of ${into.code}`));
        acts();
      });
    }

    function act(each) {
      const command = key(), here = one, held = { one }, body = { command, step: each.step };
      if (!each.why && !each.response && !each.into) { send("step", { ...body, code: here.code, version: here.version }).catch((fault) => toast(fault.message, "fault")); return; }
      const others = rows.filter((row) => row.code !== here.code).map((row) => [row.code, `${row.code} ${row.title}`]);
      if (each.into && !others.length) { toast(say("没有其他在办事件可并入", "There is no other incident to merge into")); return; }
      window.OneMap.admin.form(`${each.title}：${here.facts.title}`, [
        ...duty.all().flatMap((room) => room.before?.(each.step, here) || []).map((label) => ({ type: "note", label })),
        ...(each.response ? [{ name: "response", label: say("响应级别", "Response level"), options: choices.responses.map((level) => [level.code, level.name]), value: String(here.response.level || here.response.suggested || 4), required: true, hint: here.response.suggested_word ? say(`建议 ${here.response.suggested_word}（来源未核实）`, `suggested: ${here.response.suggested_word}`) : "" }] : []),
        ...(each.into ? [{ name: "into", label: say("并入", "Into"), options: others, value: others[0][0], required: true, wide: true }] : []),
        { name: "why", type: "prose", label: say("事由", "Why"), required: each.why, longest: 480, wide: true },
      ], each.title, async ({ response, into, why }) => { await duty.known.upon(held, tools, "step", { ...body, ...(response ? { response: Number(response) } : {}), ...(into ? { into } : {}), why: why || "" }); });
    }

    function note(kind) {
      if (!one || !may) return;
      const command = key(), code = one.code;
      const offered = choices.entries.filter((each) => duty.byHand.has(each.code)).map((each) => [each.code, each.name]);
      window.OneMap.admin.form(kind === "order" ? say("记指令", "Record an order") : say("记一笔", "A note"), [{ name: "kind", label: say("类型", "Kind"), options: offered, value: kind || "note", required: true }, { name: "happened_at", type: "moment", label: say("发生时间（空为现在）", "When (blank: now)") }, { name: "text", type: "prose", label: kind === "order" ? say("向谁、做什么", "To whom, what") : say("内容", "Text"), required: true, longest: 1900, wide: true }], say("记入日志", "Write"), async (given) => {
        await send("note", { command, code, kind: given.kind, text: given.text.replace(/\s+/g, " "), ...(given.happened_at ? { happened_at: given.happened_at } : {}) });
      });
    }

    /* made of what is known now; it opens in a tab of its own, and stands in the list whatever the browser thinks of tabs */
    function paper(kind) {
      const command = key(), here = one, lacks = here.lacking.map((name) => here.titles[name] || name).join(say("、", ", "));
      window.OneMap.admin.form(say(`制作并报送${REPORTS[kind]}：${here.facts.title}`, `${REPORTS[kind]}: ${here.facts.title}`), [
        { type: "note", label: say(`按此刻已知情况成文并存档，时限随之停表；报错的在日志中划去，文件不删。${lacks ? `缺 ${lacks}，将在文中列明。` : ""}`, `Made of what is known now and kept; its clock stops. Strike the line of the log if it was wrong; the file stays.${lacks ? ` Missing, and said so: ${lacks}.` : ""}`) },
        { name: "to", label: say("报送单位", "To"), required: true, longest: 100, wide: true },
        { name: "text", type: "prose", label: say("其他情况和下一步工作（可空）", "Other matters and what is next (may be blank)"), longest: 1900, wide: true },
      ], say("成文并报送", "Make and send"), async ({ to, text }) => {
        const done = await send("report", { command, code: here.code, kind, to, ...(text ? { text: text.replace(/\s+/g, " ") } : {}) }), made = done.reports.find((each) => each.entry === done.entry);
        toast(say(`${REPORTS[kind]}第 ${made.number} 号已存档`, `${REPORTS[kind]} no. ${made.number} is kept`));
        window.open(duty.paper(made, "pdf"), "_blank", "noopener");
      });
    }

    function report(kind) {
      const command = key(), code = one.code;
      window.OneMap.admin.form(say(`登记已报${REPORTS[kind]}`, `${REPORTS[kind]} was sent`), [{ type: "note", label: say("只登记以其他方式报出的报告，不生成文书。", "Only what went out by other means is entered; no document is made.") }, { name: "happened_at", type: "moment", label: say("报出时间（空为现在）", "Sent at (blank: now)") }, { name: "text", label: say("报给谁、以何方式", "To whom, how"), required: true, longest: 400, wide: true }], say("登记", "Enter"), async (given) => {
        await send("note", { command, code, kind: "report", text: `${REPORTS[kind]}：${given.text}`, refs: [`report/${kind}`], ...(given.happened_at ? { happened_at: given.happened_at } : {}) });
      });
    }

    function strike(line) {
      const command = key();
      window.OneMap.admin.form(say(`划去第 ${line.number} 条`, `Strike line ${line.number}`), [{ type: "note", label: say("原文保留，显示谁在何时为何划去。", "The words stay, with who struck them, when and why.") }, { name: "why", label: say("原因", "Why"), required: true, longest: 400, wide: true }], say("划去", "Strike"), async ({ why }) => { await send("strike", { command, entry: line.code, why }); });
    }

    /* draw */
    const anew = async () => { if (one) await show(await get(`api/incidents/one?code=${encodeURIComponent(one.code)}`)); };
    const tools = { get may() { return may; }, act, note, report, paper, losses: () => duty.known.losses(one, tools), told: () => duty.known.told(one, tools, choices), place: place_it, shown: async (fresh) => { if (one?.code === fresh.code) await show(fresh); }, inHand, close: () => show(null), send, key, toast, map, chosen, again: anew, redraw: debounce(() => { if (one) show(one); }, 30), form: window.OneMap.admin.form, go: (n) => { step = n; if (one) show(one); }, played };
    const turn = () => el("a", { class: "link", href: `${location.pathname}${played ? "" : "?exercise=1"}` }, played ? say("回到实战", "To what is real") : say("转到演练台", "Exercise desk"));
    /* What a key stood on, what was typed and what was unfolded: drawn anew by what others write, it is there again. */
    function stood() {
      const node = document.activeElement, room = ["chain", "log", "side"].map(part).find((each) => each.contains(node)), reached = (within) => [...within.querySelectorAll("button, a, summary")];
      const words = (each) => each.textContent.replace(/[\d,]+/g, ""), folds = () => [...part("side").querySelectorAll("details")].filter((each) => each.firstChild), open = new Set(folds().filter((each) => each.open).map((each) => words(each.firstChild)));
      const unfold = () => { for (const each of folds()) if (open.has(words(each.firstChild))) each.open = true; };
      if (!room) return unfold;
      const name = node.getAttribute("aria-label"), typed = node.matches("input, textarea") ? node.value : null;
      if (typed !== null) return () => { unfold(); const found = [...room.querySelectorAll("input, textarea")].find((each) => each.getAttribute("aria-label") === name); if (found) { found.value = typed; found.focus({ preventScroll: true }); } };
      const entry = node.closest("[data-entry]")?.dataset.entry, within = () => (entry ? room.querySelector(`[data-entry="${entry}"]`) : room), n = reached(within()).indexOf(node);
      return () => { unfold(); const found = within(); if (found && n >= 0) reached(found)[n]?.focus({ preventScroll: true }); };
    }
    async function show(answer) {
      const another = one?.code !== answer?.code, back = another ? () => {} : stood();
      one = answer;
      if (another) for (const room of duty.all()) room.opened?.(one, tools);
      if (another && one && phone() && list.selected()) list.choose(""); // its card would lie over the incident
      screen.dataset.incident = one ? one.code : "";
      duty.bar(part("bar"), one, turn());
      duty.chain(part("chain"), one, step, (n) => { step = n; show(one); });
      duty.log(part("log"), one, { strike, may, add: () => note("note") });
      duty.side(part("side"), one, step, tools);
      back();
      screen.dataset.played = played || one?.exercise ? "1" : "";
      incoming();
      acts();
      address();
      duty.tick(screen);
      tick();
      await place();
      ground();
    }
    async function open(code) {
      try {
        const found = await get(`api/incidents/one?code=${encodeURIComponent(code)}`);
        await show(found);
        if (found.facts.place && !phone() && !map.getBounds().pad(-0.15).contains([found.facts.place.lat, found.facts.place.lon])) map.setView([found.facts.place.lat, found.facts.place.lon], 14);
      } catch (fault) { toast(fault.message, "fault"); }
    }

    duty.open = open;

    /* read: what is under a response stands first, the highest level before others, then what somebody is to confirm */
    const rank = (row) => (row.state === "controlled" ? 7 : row.response && !row.response_ended_at ? row.response : row.state === "reported" ? 6 : 5);
    async function reread() {
      const found = await get(`api/incidents${played ? "?exercise=1" : ""}`);
      rows = found.rows.sort((a, b) => rank(a) - rank(b)); // within a rank as they come, the newest first
      may = found.may_command;
      if (past.open) ended();
      sees = found.may_see;
      incoming();
      await place();
    }
    async function whole() {
      try {
        if (!played) { const fresh = await my.all(); if (screen.dataset.ready) list.changed(fresh, [...world.rows.keys()]); }
        await reread();
        delete screen.dataset.failed;
        filters();
      } catch (fault) {
        if (fault.status === 401) { window.OneMap.ended(); return; }
        screen.dataset.failed = String(fault.status || 1);
        toast(say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`), "fault");
      }
    }
    async function some(codes) {
      const { fresh, gone } = await my.some(codes);
      list.changed(fresh, [...codes, ...gone]);
      filters();
      await place();
      if (codes.includes(card.code())) await card.again();
    }
    let touched = new Set(), mine = false;
    const again = gathered(async () => {
      const codes = [...touched], all = codes.length > 200, ours = mine;
      touched = new Set();
      mine = false;
      try {
        if (all) await whole(); else if (codes.length && !played) await some(codes);
        if (ours) { await reread(); await anew(); }
      } catch (fault) { toast(say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`), "fault"); }
    }, 300);
    live.onChanges((changes) => {
      const found = changes.get("alarms");
      if (found) for (const code of found.keys) touched.add(code);
      if (["incidents", "exercise_incidents", "incident_log", "incident_links"].some((layer) => changes.has(layer))) mine = true;
      for (const [room, keys] of duty.heard(changes)) if (one) room.changed?.(keys, one, tools);
      if (touched.size || mine) again();
    });
    live.onState((now, was) => { if (now === "open" && was === "lost") whole(); });

    /* keys */
    const hints = part("keys"), shown = [...KEYS, ...LAST, ...duty.keys().map(([name, words]) => [name, words])];
    hints.replaceChildren(el("div", {}, shown.map(([keys, words]) => el("span", {}, keys.split(" ").map((each) => el("kbd", {}, each)), words))), el("button", { type: "button", class: "link", on: { click: help } }, el("kbd", {}, "?"), say("全部按键", "All keys")));
    function help() {
      const box = el("dialog", { class: "adm-dialog", "aria-label": say("全部按键", "All keys") }, el("header", {}, el("h2", {}, say("按键", "Keys")), el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: () => box.close() } }, icon("close"))), el("dl", { class: "alarms-help" }, shown.map(([keys, words]) => el("div", {}, el("dt", {}, keys.split(" ").map((each) => el("kbd", {}, each))), el("dd", {}, words)))));
      box.addEventListener("close", () => box.remove());
      screen.append(box);
      box.showModal();
    }
    const back = () => { if (marking) unmark(); else if (list.selected()) list.choose(""); else if (one) show(null); };
    const run = { j: () => list.step(1), k: () => list.step(-1), a: () => card.accept(), s: () => (chosen()?.state === "shelved" ? card.unshelve() : card.shelve()), x: () => card.wrong(), i: () => begin(chosen()), m: () => merge(chosen()), p: () => mark(), l: place_it, g: go, n: () => note("note"), "?": help, Escape: back };
    const asking = (act, n) => () => { if (!one) return; if (n) { step = n; show(one); } act(one, tools); };
    for (const [n, room] of [...duty.rooms, ...[...duty.sections.values()].map((room) => [0, room])]) for (const [name, , act] of room.keys || []) {
      const letter = name.length === 1 ? name.toLowerCase() : name;
      if (run[letter]) console.error(`two rooms of the duty desk take the key ${name}`);
      run[letter] = asking(act, n);
    }
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (/^[1-7]$/.test(name) && one) { event.preventDefault(); step = Number(name); show(one); return; }
      if (!run[name]) return;
      event.preventDefault();
      run[name]();
    });
    part("tabs").replaceChildren(...[["duty", say("值班", "Duty"), "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 7.500V12l3 2"], ["alarms", say("报警", "Alarms"), "M6 16V11a6 6 0 0 1 12 0v5l1.800 2H4.200zM10 21h4"], ["map", say("地图", "Map"), "M12 2.500 20.500 21 12 16.800 3.500 21z"]].map(([path, words, shape]) => { const found = icon("close", 24); found.firstChild.setAttribute("d", shape); return el("a", { href: base + path, class: path === "duty" ? "here" : "", "aria-current": path === "duty" ? "page" : null }, found, words); }));

    setInterval(() => { list.tick(); card.aged(); duty.tick(screen); }, 1000);
    setInterval(() => { if (!document.hidden && live.state() === "open") whole(); }, 120000);
    live.open();
    choices = await get("api/incidents/choices");
    duty.byHand = new Set(choices.by_hand);
    await whole();
    list.sort([]);
    window.OneMap.patient(screen.dataset.tiles, { maxNativeZoom: 18 }).addTo(map);
    const wanted = asked.get("incident") || rows.find((row) => row.state !== "reported")?.code;
    await show(null);
    if (wanted) await open(wanted);
    if (!one?.facts.place) { const city = await window.OneMap.risk.outlines("areas").catch(() => new Map()); if (city.size) map.fitBounds(L.geoJSON([...city.values()]).getBounds(), { animate: false, padding: [20, 20] }); }
    const sel = asked.get("sel");
    if (sel && world.rows.has(sel)) list.choose(sel);
    const make = /^(alarms|violations|complaints)\/(.+)$/.exec(asked.get("make") || "");
    if (make) {
      const row = make[1] === "alarms" && world.rows.get(make[2]);
      if (row) list.choose(row.code);
      const { link } = await get(`api/incidents/of?layer=${make[1]}&key=${encodeURIComponent(make[2])}`).catch(() => ({}));
      if (link) await open(link.incident); else begin(row || null, null, [make[1], make[2]]);
    }
    document.fonts.load('700 20px "Noto Sans SC"').then(() => canvas.answer && canvas.repaint());
    screen.dataset.ready = "1";
  }

  window.OneMap.startDuty = start;
})();
