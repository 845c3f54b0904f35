/* The alarm desk: queue, map and card kept together; keys, filters in the address, sound, and the live stream. */
(function () {
  "use strict";
  const { base, el, glyph, icon, say, live, furniture, points, tick, debounce, gathered, GRADES, thousands } = window.OneMap;
  const STATES = [
    { id: "", words: say("当前", "Open"), fits: (row) => row.state !== "false" },
    { id: "new", words: say("新", "New"), fits: (row) => (window.OneMap.alarms.world.answers ? window.OneMap.alarms.waiting(row) : row.state === "raised") },
    { id: "acknowledged", words: say("已接警", "Answered"), fits: (row) => row.state === "acknowledged" },
    { id: "shelved", words: say("搁置", "Shelved"), fits: (row) => row.state === "shelved" },
    { id: "cleared", words: say("已恢复", "Cleared"), fits: (row) => row.state === "cleared" },
    { id: "false", words: say("误报", "False"), fits: (row) => row.state === "false" },
  ];
  const ANSWERS = new Set(["J K", "A", "R", "G", "Enter", "V", "Esc"]);
  const MANY = 500;
  const KEYS = [["J K", say("上下条", "next, previous")], ["A", say("接警", "answer")], ["S", say("搁置", "shelve")], ["X", say("误报", "false")], ["F", say("关闭", "close")], ["R", say("答复", "answer")], ["G", say("定位到图", "on the map")], ["Enter", say("打开", "card")], ["V", say("静音", "mute")], ["Esc", say("返回", "back")]];

  async function start(map, screen) {
    const my = window.OneMap.alarms, { world } = my, part = (id) => screen.querySelector(`#${id}`);
    const phone = () => window.matchMedia("(max-width: 760px)").matches;
    const asked = new URLSearchParams(location.search);
    const want = { levels: new Set((asked.get("level") || "").split(",").filter((g) => /^[1-4]$/.test(g)).map(Number)), state: STATES.some((one) => one.id === asked.get("state")) ? asked.get("state") : "", area: /^[0-9]{2,12}$/.test(asked.get("area") || "") ? asked.get("area") : "" };

    function address() {
      const found = new URLSearchParams();
      if (want.levels.size) found.set("level", [...want.levels].sort().join(","));
      if (want.state) found.set("state", want.state);
      if (want.area) found.set("area", want.area);
      if (list.selected()) found.set("sel", list.selected());
      const words = found.toString().replace(/%2C/g, ",");
      history.replaceState(history.state, "", location.pathname + (words ? `?${words}` : ""));
    }

    const fits = (row, but) => (but === "level" || !want.levels.size || want.levels.has(row.level)) && (but === "state" || STATES.find((one) => one.id === want.state).fits(row)) && (but === "area" || !want.area || row.area.startsWith(want.area));
    const list = my.queue(part("alarms-list"), { pick: (code) => { address(); screen.dataset.card = code ? "open" : ""; card.open(code); pin(code); }, shown: (row) => fits(row) });
    const card = my.cardOf(part("alarms-card"), { queue: () => list, done: async (codes, counted) => { await apply(codes); if (counted) await whole(); }, close: () => list.choose(""), show: toast });
    const reds = () => [...world.rows.values()].filter((row) => row.level === 1 && my.waiting(row));
    const sound = my.sound(part("alarms-sound"), () => reds().length);
    part("map-account").append(...window.OneMap.account.parts(part("map-account").dataset.name));

    /* what was done, or why not, with the way back where there is one */
    const told = el("div", { class: "alarms-toast", role: "status", hidden: true });
    screen.append(told);
    const fade = debounce(() => { told.hidden = true; }, 8000);
    function toast(words, look, undo) {
      told.replaceChildren(el("span", {}, words), undo ? el("button", { type: "button", class: "link", on: { click: () => { told.hidden = true; undo.run(); } } }, undo.words) : "");
      told.className = `alarms-toast ${look || ""}`;
      told.hidden = false;
      fade();
    }

    /* map: where open alarms are, the chosen one ringed */
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", say("地图：同样的内容见报警队列", "Map; the queue lists the same"));
    const canvas = new points.Points({ scale: 0.66, pad: 0.25, interactive: true, theme: () => "night", busyTool: () => false });
    const legend = el("div", { class: "furniture legend", "aria-label": say("图例", "Legend") });
    const named = el("div", { class: "furniture alarms-theme" }, el("b", {}, say("实时监测", "Live alarms")), el("span", { class: "t2" }, screen.dataset.area), el("span", { class: "t3", id: "alarms-asof" }));
    part("alarms-furniture").append(legend, named, furniture.scale(map, 110), furniture.north(), el("div", { class: "furniture source" }, el("span", { class: "t3" }, say("CGCS2000·底图 本市基础地理", "CGCS2000 · city base geography"))));
    legend.replaceChildren(...furniture.legend(GRADES.slice(1).map((one) => one.word), say("数字为报警条数，角标取最重", "Alarms; badge: the worst")).filter(Boolean));
    let framed = false;

    async function place() {
      const rows = [...world.rows.values()].filter((row) => fits(row) && row.lon !== null && row.lat !== null && row.state !== "cleared");
      const at = new Map(rows.map((row, n) => [row.code, n]));
      const columns = { total: rows.length, lon: Float64Array.from(rows, (row) => row.lon), lat: Float64Array.from(rows, (row) => row.lat), grade: Uint8Array.from(rows, (row) => row.level), symbol: new Uint8Array(rows.length), symbols: ["sensor-gas"], key: (n) => rows[n].code, label: (n) => my.object(rows[n]), row: (code) => at.get(code) ?? -1 };
      if (!framed && rows.length && !phone()) {
        framed = true;
        const cut = (values) => { const s = values.slice().sort(); return [s[Math.floor(s.length * 0.01)], s[Math.floor(s.length * 0.99)]]; };
        const [west, east] = cut(columns.lon), [south, north] = cut(columns.lat);
        if (!list.selected()) map.fitBounds([[south, west], [north, east]], { animate: false, padding: [60, 60], maxZoom: 14 });
      }
      if (!canvas.map) canvas.addTo(map);
      await canvas.put("alarms", columns, { graded: true, symbol: "sensor-gas", badged: false, symbolZoom: 99, labelZoom: 99 });
    }

    function pin(code, fly) {
      const row = world.rows.get(code);
      canvas.selection = row && row.lon !== null ? { layer: "alarms", key: code, at: L.latLng(row.lat, row.lon) } : null;
      if (canvas.answer) canvas.repaint();
      if (!row || row.lon === null || phone()) return;
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches, at = [row.lat, row.lon];
      if (fly || !map.getBounds().pad(-0.1).contains(at) || map.getZoom() < 13) map.setView(at, Math.max(map.getZoom(), fly ? 16 : 14), { animate: !still, duration: 0.6 });
      if (still) canvas.repaint();
    }
    canvas.on("pick", ({ key }) => list.choose(key));
    canvas.on("crowd", ({ keys }) => list.choose(keys[0]));

    /* filters */
    function filters() {
      const rows = [...world.rows.values()], states = new Map(), levels = [0, 0, 0, 0, 0];
      for (const row of rows) {
        if (fits(row, "state")) for (const one of STATES) if (one.fits(row)) states.set(one.id, (states.get(one.id) || 0) + 1);
        if (fits(row, "level")) levels[row.level] += 1;
      }
      const tabs = STATES.map((one) => el("button", { type: "button", "data-state": one.id, "aria-pressed": String(one.id === want.state), on: { click: () => { want.state = one.id; narrowed(); } } }, `${one.words} `, el("b", {}, thousands(states.get(one.id) || 0))));
      const chips = [1, 2, 3, 4].map((g) => el("button", { type: "button", class: "chip", "data-level": g, "aria-pressed": String(want.levels.has(g)), on: { click: () => { if (!want.levels.delete(g)) want.levels.add(g); narrowed(); } } }, glyph(g, !levels[g]), GRADES[g].word, el("b", {}, thousands(levels[g]))));
      const known = Object.entries(world.names.district).sort();
      const area = known.length > 1 ? el("select", { "aria-label": say("区县", "District") }, [["", say("全部区县", "All districts")], ...known].map(([code, name]) => el("option", { value: code, selected: code === want.area || null }, name))) : null;
      area?.addEventListener("change", () => { want.area = area.value; narrowed(); });
      const focus = document.activeElement, was = focus?.dataset?.state ?? focus?.dataset?.level;
      part("alarms-filters").replaceChildren(el("div", { class: "line" }, el("h2", {}, say("报警", "Alarms")), el("span", { class: "t3", "data-at": world.at, "data-after": say(" 更新", "") }), el("span", { class: "sp" }), area || ""), el("div", { class: "segments", role: "group", "aria-label": say("状态", "State") }, tabs), el("div", { class: "chips", role: "group", "aria-label": say("级别", "Level") }, chips, el("span", { class: "t3 sorted" }, say("最重在前", "worst first"))));
      if (was !== undefined) part("alarms-filters").querySelector(`[data-state="${was}"],[data-level="${was}"]`)?.focus();
      list.none(rows.length ? say("没有符合条件的报警", "No alarm fits") : say(`没有未关闭的报警，查至 ${window.OneMap.time.clock(new Date(world.at))}`, `No open alarm as of ${window.OneMap.time.clock(new Date(world.at))}`));
      tick();
    }
    async function narrowed() { filters(); list.sort([]); address(); await breath(); place(); }

    function load() {
      const found = world.load;
      if (!found) return;
      const much = found.day > found.most_per_day, words = say(`近 24 小时 ${thousands(found.day)} 条（可应付 ${thousands(found.most_per_day)}）·近 10 分 ${found.window} 条·处置 ${thousands(found.handled)}·误报 ${thousands(found.false)}`, `24 h: ${thousands(found.day)} (manageable ${thousands(found.most_per_day)}) · 10 min: ${found.window} · ${thousands(found.handled)} handled · ${thousands(found.false)} false`);
      part("alarms-load").replaceChildren(found.flood_since ? el("b", { class: "o" }, say(`⚠ 报警泛滥，自 ${my.clock(found.flood_since)} `, `⚠ Flood since ${my.clock(found.flood_since)} `)) : "", el("span", { class: much ? "o" : "t3" }, words));
    }

    /* red that nobody has answered: how many, the oldest, and when it goes further; on the phone the first job */
    let dialled = { code: "", phone: "" };
    function urgent() {
      const box = part("alarms-urgent"), red = reds(), worst = (test) => [...world.rows.values()].filter(test).sort((a, b) => a.level - b.level || my.since(b) - my.since(a))[0], first = phone() ? worst(my.waiting) || (world.answers && worst(my.owed)) : red.slice().sort((a, b) => (a.due || Infinity) - (b.due || Infinity))[0];
      box.hidden = !first;
      if (!first) return;
      box.dataset.level = first.level;
      const reply = my.reply(first), clock = !my.waiting(first) ? say("企业已接警，待答复原因和措施", "Received; cause and measure are still to be said") : reply?.held ? say("企业已接警，时限暂停", "The enterprise has it; the clock stands") : !reply?.left ? say("已报至市级", "told to the city") : reply.left.over ? say(`应转${reply.next}，已超 ${reply.left.words}`, `due at ${reply.next} for ${reply.left.words}`) : say(`${reply.left.words} 内未接，自动转告${reply.next}`, `${reply.next} is told in ${reply.left.words}`);
      const key = `${first.code}:${first.version}:${red.length}:${phone()}`;
      if (box.dataset.key !== key) {
        box.dataset.key = key;
        const chip = el("span", { class: "word" }, glyph(first.level), say(`${GRADES[first.level].word}色`, GRADES[first.level].word));
        const go = el("button", { type: "button", class: "go", disabled: world.may || world.answers ? null : true, on: { click: (event) => { if (!phone()) { list.choose(first.code); return; } if (!my.waiting(first)) { card.answer(first.code); return; } event.currentTarget.disabled = true; card.accept(first.code); } } }, !phone() ? say("查看", "Look") : my.waiting(first) ? [tickMark(), world.answers ? say("接警", "Receive") : say("接警", "Answer")] : say("答复", "Answer"));
        const call = el("a", { class: "call" }, icon("phone", 22), say("回拨", "Call"));
        box.replaceChildren(el("div", { class: "top" }, chip, el("b", { class: "count" }, phone() ? "" : say(`${red.length} 条未接警`, `${red.length} unanswered`)), el("span", { class: "sp" }), el("span", { class: "when" }, say(`${my.clock(my.since(first))} 报警，`, `${my.clock(my.since(first))}, `), el("span", { "data-since": my.since(first) }, my.age(my.since(first))))),
          el("div", { class: "name el" }, my.object(first)), el("div", { class: "what el" }, my.what(first)), el("div", { class: "buttons" }, go, call), el("div", { class: "clock" }, clock));
        if (phone() && dialled.code !== first.code) { dialled = { code: first.code, phone: "" }; window.OneMap.get(`api/alarms/${first.code}`).then((found) => { dialled = { code: first.code, phone: found.calls.people.find((one) => one.phone)?.phone || "" }; urgent(); }).catch(() => { /* the card says why */ }); }
      }
      callBack(box.querySelector(".call"), dialled.code === first.code ? dialled.phone : "");
      const line = box.querySelector(".clock");
      if (line.textContent !== clock) line.textContent = clock;
      const since = box.querySelector("[data-since]");
      since.textContent = say(`${my.age(my.since(first))}前`, `${my.age(my.since(first))} ago`);
    }
    /* The number comes after the button to answer: that one is not made anew under the thumb. */
    function callBack(link, phone) {
      if (phone) { link.href = `tel:${phone}`; link.removeAttribute("aria-disabled"); } else { link.removeAttribute("href"); link.setAttribute("aria-disabled", "true"); }
    }
    function tickMark() { const found = icon("close", 24); found.firstChild.setAttribute("d", "M4.500 12.500 10 18 20 7"); return found; }

    /* what is harmless alone and grave together; told by the risk index, with its cause in words */
    function compounds() {
      const box = part("alarms-compounds"), key = JSON.stringify(world.compounds);
      box.hidden = !world.compounds.length;
      if (box.dataset.key === key) return;
      box.dataset.key = key;
      box.replaceChildren(...world.compounds.slice(0, 3).map((one) => el("a", { class: "row", href: `${base}risk?tab=compounds`, title: one.cause }, glyph(one.level), el("b", {}, say(`${GRADES[one.level].word} 复合预警 ${one.title}`, `${GRADES[one.level].word} · compound: ${one.title}`)), el("span", { class: "el" }, one.cause), el("span", { class: "t3", "data-at": one.since }))), world.compounds.length > 3 ? el("a", { class: "row", href: `${base}risk?tab=compounds` }, say(`另 ${world.compounds.length - 3} 项`, `${world.compounds.length - 3} more`)) : "");
      tick();
    }

    /* read */
    let reading = null;
    /* Of thousands each step is a task of its own: a key pressed in between is answered in between. */
    const breath = () => (world.rows.size > MANY ? new Promise((go) => setTimeout(go)) : null);
    async function said() {
      sound.look();
      load();
      urgent();
      compounds();
      filters();
      screen.dataset.total = world.rows.size;
      await breath();
      place();
    }

    async function whole() {
      try {
        const fresh = await my.all();
        delete screen.dataset.failed;
        await breath();
        if (screen.dataset.ready) { list.changed(fresh, [...world.rows.keys()]); await breath(); }
        await said();
      } catch (fault) { failed(fault); }
    }

    function failed(fault) {
      if (fault.status === 401) { window.OneMap.ended(); return; }
      const words = fault.status === 403 ? say("报警对您的岗位不开放", "Alarms are not open to your role") : say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`);
      screen.dataset.failed = String(fault.status || 1);
      part("alarms-filters").replaceChildren(el("div", { class: "line" }, el("h2", {}, say("报警", "Alarms"))), el("p", { class: "alarms-failed", role: "alert" }, icon(fault.status === 403 ? "lock" : "warn", 16), words, fault.status === 403 ? null : el("button", { type: "button", class: "link", on: { click: whole } }, say("重读", "Read again"))));
      if (world.at) toast(say("读取失败，显示上次", "Could not read; the last is shown"), "fault");
    }

    /* Those that changed, by number; when too many did, all. */
    async function apply(codes) {
      try {
        const { fresh, gone } = await my.some(codes);
        list.changed(fresh, [...codes, ...gone]);
        await breath();
        await said();
        if (codes.includes(card.code())) await card.again();
      } catch (fault) { toast(fault.status ? say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`) : say("连不上服务器，显示上次", "The server cannot be reached; the last is shown"), "fault"); }
    }

    let touched = new Set(), every = false;
    const reread = gathered(async () => {
      const codes = [...touched], all = every || codes.length > 200;
      touched = new Set();
      every = false;
      reading = (reading || Promise.resolve()).then(() => (all ? whole() : apply(codes)));
      await reading;
      if (all && card.code()) card.again();
    }, 300);
    live.onChanges((changes) => {
      const found = changes.get("alarms");
      if (changes.get("compounds")) every = true;
      else if (!found) return;
      else if (found.keys.size) for (const code of found.keys) touched.add(code);
      else every = true;
      reread();
    });
    live.onState((now, was) => { if (now === "open" && was === "lost") { every = true; reread(); } });

    /* keys */
    const hints = part("alarms-keys");
    const keys = () => KEYS.filter(([key]) => (world.answers ? ANSWERS.has(key) : key !== "R"));
    const hinted = () => hints.replaceChildren(el("div", {}, keys().map(([key, words]) => el("span", {}, key.split(" ").map((one) => el("kbd", {}, one)), words))), el("button", { type: "button", class: "link", on: { click: help } }, el("kbd", {}, "?"), say("全部按键", "All keys")));
    function help() { window.OneMap.office.read ? dialog() : null; }
    function dialog() {
      const box = el("dialog", { class: "adm-dialog", "aria-label": say("全部按键", "All keys") }, el("header", {}, el("h2", {}, say("按键", "Keys")), el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: () => box.close() } }, icon("close"))), el("dl", { class: "alarms-help" }, keys().map(([key, words]) => el("div", {}, el("dt", {}, key.split(" ").map((one) => el("kbd", {}, one))), el("dd", {}, words)))));
      box.addEventListener("close", () => box.remove());
      screen.append(box);
      box.showModal();
    }
    const run = { j: () => list.step(1), k: () => list.step(-1), a: () => card.accept(), s: () => (world.rows.get(card.code())?.state === "shelved" ? card.unshelve() : card.shelve()), x: () => card.wrong(), f: () => card.finish(), g: () => pin(list.selected(), true), r: () => card.answer(), v: () => sound.toggle(), "?": help, Enter: () => part("alarms-card").querySelector("[data-act]")?.focus(), Escape: () => list.choose("") };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (event.target.closest("input, textarea, select, [contenteditable]") || !run[name]) return;
      if (name === "Enter" && event.target.closest("button, a, summary")) return;
      event.preventDefault();
      run[name]();
    });

    part("alarms-tabs").replaceChildren(...[["alarms", say("报警", "Alarms"), "M6 16V11a6 6 0 0 1 12 0v5l1.800 2H4.200zM10 21h4"], ["map", say("地图", "Map"), "M12 2.500 20.500 21 12 16.800 3.500 21z"], ["home", say("门户", "Portal"), "M4 11.500 12 5l8 6.500M6.500 10v9.500h11V10"]].map(([path, words, shape]) => { const one = icon("close", 24); one.firstChild.setAttribute("d", shape); return el("a", { href: base + path, class: path === "alarms" ? "here" : "", "aria-current": path === "alarms" ? "page" : null }, one, words); }));

    setInterval(() => { list.tick(); card.aged(); urgent(); }, 1000);
    setInterval(() => { if (card.code() && !document.hidden) card.again(); }, 30000);
    setInterval(() => { if (!document.hidden && live.state() === "open") whole(); }, 120000);
    live.open();
    await whole();
    hinted();
    list.sort([]);
    const chosen = asked.get("sel");
    if (chosen && /^BJ[0-9]{8}-[0-9a-f]{12}$/.test(chosen)) list.choose(chosen);
    if (!framed && !list.selected() && !phone()) {
      const city = await window.OneMap.risk.outlines("areas").catch(() => new Map());
      if (!framed && city.size) map.fitBounds(L.geoJSON([...city.values()]).getBounds(), { animate: false, padding: [20, 20] });
    }
    window.OneMap.patient(screen.dataset.tiles, { maxNativeZoom: 18 }).addTo(map);
    document.fonts.load('700 20px "Noto Sans SC"').then(() => canvas.answer && canvas.repaint());
    window.OneMap.alarms.desk = { list, card, canvas, sound, want };
    screen.dataset.ready = "1";
  }

  window.OneMap.startAlarms = start;
})();
