/* Step 4 of the duty desk: who and what is near by road, how fresh, whose; proposed by one key, ordered by a person, booked, given back. */
(function () {
  "use strict";
  const { el, say, get, post, time, length } = window.OneMap;
  const duty = (window.OneMap.duty = window.OneMap.duty || {});
  const OUT = ["booked", "on_way", "arrived", "returning"];
  const STEPS = { book: say("批准", "Grant"), refuse: say("不批准", "Refuse"), withdraw: say("撤销", "Withdraw"), leave: say("出发", "Left"), arrive: say("到场", "Arrived"), return: say("返回", "Returning"), give_back: say("归还", "Give back") };
  const plain = (n) => Number(n.toFixed(2)).toLocaleString("en-US");
  let now = null, all = false;
  const of = (one) => (now && now.code === one.code ? now : null);
  const there = (row) => (row.duration_s === null ? null : row.duration_s + (row.turnout_min || 0) * 60);
  const first = (mine) => (mine?.proposal?.teams || []).filter((row) => row.state === "ready" && there(row) !== null).sort((a, b) => there(a) - there(b))[0];

  function figure(one) {
    const mine = of(one), held = mine?.bookings?.filter((row) => OUT.includes(row.state)) || [], near = first(mine);
    if (!one.facts.place) return [say("未做", "Not done"), say("事件没有位置", "no place is known"), ""];
    const line = near ? say(`最近 ${time.span(there(near))}${near.avoids ? "" : "，经影响区"}`, `nearest ${time.span(there(near))}${near.avoids ? "" : ", through a zone"}`) : mine?.proposal ? say("没有可达的待命队伍", "no ready team can come") : say("按 D 提出调派建议", "D proposes a dispatch");
    if (held.length) return [say(`${held.length} 项已调用`, `${held.length} booked`), line, "done"];
    return mine?.proposal ? [say(`${mine.proposal.teams.filter((row) => row.state === "ready").length} 队待命`, `${mine.proposal.teams.filter((row) => row.state === "ready").length} ready`), line, "part"] : [say("未做", "Not done"), line, ""];
  }

  async function booked(one, tools) {
    const mine = of(one);
    if (!mine) return;
    try { const found = await get(`api/roster/bookings?incident=${encodeURIComponent(one.code)}`); mine.bookings = found.rows; mine.kinds = found.kinds.material_kind; mine.may = found.may_write; }
    catch (fault) { mine.bookings = []; mine.bookings_fault = fault.message; }
    tools.redraw();
  }
  async function propose(one, tools) {
    const mine = of(one);
    if (!mine || !one.facts.place) { tools.toast(say("事件没有位置，先按 L 在图上标", "The incident has no place yet: L marks it")); return; }
    mine.asking = true;
    tools.redraw();
    try { mine.proposal = await get(`api/incidents/orders/proposal?code=${encodeURIComponent(one.code)}`); mine.fault = ""; }
    catch (fault) { mine.fault = fault.message; }
    mine.asking = false;
    tools.redraw();
  }

  const fresh = (row) => (row.observed_at ? el("span", { class: row.old ? "o" : "t3" }, row.old ? say("▲ 过期 ", "▲ stale ") : "", el("span", { "data-at": row.observed_at })) : el("span", { class: "o" }, say("▲ 无数据时间", "▲ no age")));
  const spots = (mine) => (mine?.proposal?.staging || []).map((each, n) => [`staging${n}`, say(`上风向集结点 ${n + 1}${each.road ? `（${each.road}）` : ""}`, `Staging ${n + 1} upwind${each.road ? ` (${each.road})` : ""}`), each.lon, each.lat]);
  const order = (one, row, mine, tools) => duty.giveOrder(one, tools, { team: row.key, action: row.action || say("出动，到现场待命", "turn out, stand by"), place: spots(mine)[0]?.[0] || "incident" });

  function team(one, row, mine, tools) {
    const ready = row.state === "ready";
    return el("li", { class: `sendable ${row.proposed ? "proposed" : ""} ${ready ? "" : "dull"}`, "data-entry": row.key, "data-team": row.key },
      el("span", { class: "mark", title: row.proposed ? say("建议调派", "proposed") : "" }, row.proposed ? say("荐", "✓") : ""),
      el("span", { class: "who" }, el("b", { class: "el" }, row.title), el("span", { class: "t3 el" }, [row.kind_word, say(`${row.people} 人`, `${row.people} people`), row.unit].filter(Boolean).join(" · "))),
      el("span", { class: "num" }, row.duration_s === null ? el("span", { class: "t3" }, row.why || say("无路可达", "no way")) : el("b", {}, say(`约 ${time.span(there(row))}`, `${time.span(there(row))}`)), el("span", { class: `t3 ${row.avoids || row.duration_s === null ? "" : "r"}` }, row.duration_s === null ? "" : `${length(row.length_m)}${row.turnout_min === null ? say("，不含出动", ", no turn-out") : say(`，出动 ${row.turnout_min} 分`, `, turn-out ${row.turnout_min} min`)}${row.avoids ? "" : say(" ▲经影响区", " ▲ zone")}`), row.waits_s >= 60 ? el("span", { class: "o" }, say(`▲ 含等影响区散去 ${time.span(row.waits_s)}`, `▲ ${time.span(row.waits_s)} of it waiting for the zone to go`)) : null),
      el("span", {}, el("span", { class: ready ? "" : "t2" }, row.ordered ? say("已有指令", "ordered") : row.state_word), fresh(row)),
      el("span", {}, row.phone ? el("a", { class: "link", href: `tel:${row.phone.replace(/[^0-9+]/g, "")}` }, row.phone) : el("span", { class: "t3" }, say("电话未登记", "no phone"))),
      tools.may ? el("button", { type: "button", class: `button ${row.proposed ? "primary" : ""}`, on: { click: () => order(one, row, mine, tools) } }, say("下达", "Order")) : el("span"));
  }

  function proposal(one, mine, tools) {
    const found = mine?.proposal, head = el("div", { class: "line" }, el("h3", {}, say("调派建议", "Dispatch proposed")), el("span", { class: "t3" }, found ? say("按道路推算，由人决定", "by road, a person decides") : ""), el("span", { class: "sp" }), el("button", { type: "button", class: "link", "data-act": "propose", on: { click: () => propose(one, tools) } }, found ? say("重新推算 ", "Again ") : say("提出建议 ", "Propose "), el("kbd", {}, "D")));
    if (mine?.asking) return el("section", {}, head, el("p", { class: "t3", role: "status" }, say("正在按道路推算", "Finding ways by road")));
    if (mine?.fault) return el("section", {}, head, el("p", { class: "o", role: "alert" }, mine.fault));
    if (!found) return el("section", {}, head, el("p", { class: "t2" }, one.facts.place ? say("未做。按 D 按道路用时找合适的队伍，避开影响区。", "Not done. D finds the teams that fit by road time, round the zones.") : say("事件没有位置，先按 L 在图上标，或在“填写情况”中填经纬度、选重大危险源。", "The incident has no place yet: L marks it on the map, or give it under What is known.")));
    const rows = [...found.teams].sort((a, b) => Number(b.proposed) - Number(a.proposed) || (there(a) ?? 1e9) - (there(b) ?? 1e9)), shown = all ? rows : rows.filter((row, n) => row.proposed || n < 8), lacks = found.wanted.filter((each) => each.found < each.teams);
    return el("section", { class: "duty-forces" }, head,
      el("p", { class: "t2" }, found.wanted.map((each) => `${each.kind_word} ${each.found}/${each.teams}`).join("，"), el("span", { class: "duty-doubt" }, say(` 配置数为${found.status_word}`, ` numbers are ${found.status_word}`))),
      lacks.length ? el("p", { class: "o" }, say(`▲ 待命的${lacks.map((each) => each.kind_word).join("、")}队伍不足`, `▲ too few ready: ${lacks.map((each) => each.kind_word).join(", ")}`)) : null,
      el("ol", { class: "force-list" }, shown.map((row) => team(one, row, mine, tools))),
      rows.length > shown.length ? el("button", { type: "button", class: "link", on: { click: () => { all = true; tools.redraw(); } } }, say(`另有 ${rows.length - shown.length} 队`, `${rows.length - shown.length} more`)) : null,
      el("p", { class: "t3" }, found.avoided.length ? say(`已避开 ${found.avoided.join("、")}。`, `Kept out of ${found.avoided.join(", ")}. `) : say("▲ 没有现行情景，未避开影响区。", "▲ No scenario stands: no zone is kept out of. "), found.gathered ? say("用时算到集结点 1，不是影响区内的事发地点。", "Times are those to staging point 1, not to the scene in its zone. ") : "", say("用时含登记的出动时间，未计实时路况，未经实测。", "Times hold the turn-out that is filed; traffic is not known, nothing was measured.")),
      found.staging.length ? el("ul", { class: "force-staging" }, found.staging.map((each, n) => el("li", {}, el("b", {}, say(`集结点 ${n + 1}`, `Staging ${n + 1}`)), el("span", { class: "t2" }, each.why), el("button", { type: "button", class: "link", "data-needs": "map", on: { click: () => tools.map.setView([each.lat, each.lon], 15) } }, say("看图", "Map"))))) : found.scenario ? el("p", { class: "o" }, say("▲ 没有合适的上风向集结点", "▲ no staging point upwind fits")) : null);
  }

  /* stocks of a kind: what is free, whose and how fresh, then how long from each depot by road */
  async function seek(one, kind, tools) {
    const mine = of(one), spot = one.facts.place;
    mine.kind = kind;
    mine.stock = null;
    mine.stock_fault = "";
    if (!kind) { tools.redraw(); return; }
    try {
      const found = await get(`api/roster/resources?${new URLSearchParams({ what: "materials", kind, lon: spot.lon.toFixed(6), lat: spot.lat.toFixed(6), within: "80" })}`);
      if (mine.kind !== kind) return;
      mine.stock = found;
      tools.redraw();
      const near = found.rows.slice(0, 30);
      if (!near.length) return;
      const roads = await post("api/routes", { from: near.map((row) => row.at), to: [spot.lon, spot.lat], incident: one.code, ...(one.facts.scenario ? { approach: "upwind", gather: true } : {}) });
      if (mine.kind !== kind) return;
      const list = roads.nearest || [];
      for (const each of list) if (near[each.index]) near[each.index].road = each;
      if (roads.route) near[0].road = { duration_s: roads.route.properties.duration_s, avoids: roads.route.properties.avoids };
      tools.redraw();
    } catch (fault) { mine.stock_fault = fault.message; tools.redraw(); }
  }
  function book(one, row, tools) {
    const command = tools.key();
    tools.form(say(`${row.own ? "调用" : "申请调用"} ${row.name}`, `${row.own ? "Book" : "Ask for"} ${row.name}`), [{ type: "note", label: say(`${row.whose}，可用 ${plain(row.free)} ${row.unit}`, `${row.whose}, ${plain(row.free)} ${row.unit} free`) }, { name: "quantity", type: "number", label: say(`数量（${row.unit}）`, `How much (${row.unit})`), value: row.free, min: 0, required: true }, { name: "purpose", label: say("用途", "For"), value: one.facts.title.slice(0, 100), required: true, longest: 400, wide: true }], row.own ? say("调用", "Book") : say("申请", "Ask"), async ({ quantity, purpose }) => {
      await post("api/roster/bookings", { command, of_layer: row.layer, of_key: row.key, quantity, purpose, incident: one.code, at_once: row.own });
      await booked(one, tools);
      await seek(one, of(one).kind, tools);
    });
  }
  function stocks(one, mine, tools) {
    if (!one.facts.place || !mine?.kinds) return null;
    const pick = el("select", { "aria-label": say("物资类别", "Kind of stock"), on: { change: (event) => seek(one, event.target.value, tools) } }, el("option", { value: "" }, say("选择物资", "Choose a stock")), mine.kinds.map((each) => el("option", { value: each.code, selected: each.code === mine.kind }, each.name)));
    const rows = mine.stock?.rows || [], free = rows.filter((row) => !row.expired && row.free > 0), alike = free.filter((row) => row.unit === free[0].unit);
    return el("section", { class: "duty-forces" }, el("div", { class: "line" }, el("h3", {}, say("物资", "Stocks")), pick, el("span", { class: "sp" }), free.length ? el("span", { class: "t2" }, say(`80 km 内可用共 ${plain(alike.reduce((sum, row) => sum + row.free, 0))} ${free[0].unit}${alike.length < free.length ? `，另有 ${free.length - alike.length} 处以其他单位计量` : ""}`, `${plain(alike.reduce((sum, row) => sum + row.free, 0))} ${free[0].unit} free within 80 km${alike.length < free.length ? `, ${free.length - alike.length} in other units` : ""}`)) : null),
      mine.stock_fault ? el("p", { class: "o" }, mine.stock_fault) : null,
      mine.stock && !rows.length ? el("p", { class: "t2" }, say("80 km 内没有登记", "None within 80 km")) : null,
      rows.length ? el("ol", { class: "force-list" }, rows.slice(0, 6).map((row) => el("li", { class: `sendable stock ${row.expired || row.free <= 0 ? "dull" : ""}`, "data-entry": row.key }, el("span", { class: "mark" }), el("span", { class: "who" }, el("b", { class: "el" }, row.free === null ? say(`${row.name} 数量无权查看`, `${row.name}: amount not open`) : `${row.name} ${plain(row.free)} ${row.unit}`), el("span", { class: "t3 el" }, row.whose)), el("span", { class: "num" }, el("b", {}, row.road ? (row.road.duration_s === null ? say("无路可达", "no way") : say(`路程 ${time.span(row.road.duration_s)}`, time.span(row.road.duration_s))) : length(row.metres)), el("span", { class: `t3 ${row.road && row.road.avoids === false ? "r" : ""}` }, row.road ? (row.road.avoids === false ? say("▲经影响区", "▲ zone") : length(row.metres)) : say("直线", "straight"))), el("span", { class: row.old || row.expired ? "o" : "t3" }, row.expired ? say("▲ 已过有效期", "▲ expired") : row.counted_on ? say(`${row.old ? "▲ 过期，" : ""}${row.counted_on} 核对`, `${row.old ? "▲ stale, " : ""}counted ${row.counted_on}`) : say("▲ 未标核对日期", "▲ no date")), el("span", {}, row.phone ? el("a", { class: "link", href: `tel:${row.phone.replace(/[^0-9+]/g, "")}` }, row.phone) : ""), mine.may && tools.may && !one.exercise && !row.expired && row.free > 0 ? el("button", { type: "button", class: "button", on: { click: () => book(one, row, tools) } }, row.own ? say("调用", "Book") : say("申请", "Ask")) : el("span")))) : null);
  }

  function move(one, row, step, tools) {
    const back = step === "give_back" && row.quantity !== null, command = tools.key();
    tools.form(`${STEPS[step]} ${row.name}`, [...(back ? [{ name: "returned", type: "number", label: say(`归还数量（${row.unit}），其余为消耗`, `Given back (${row.unit}); the rest is used up`), value: row.quantity, min: 0, required: true }] : []), { name: "said", label: say("说明（可空）", "Remark"), longest: 400, required: step === "refuse", wide: true }], STEPS[step], async ({ returned, said }) => {
      await post("api/roster/bookings/step", { command, code: row.code, version: row.version, step, said: said || "", ...(back ? { returned } : {}) });
      await booked(one, tools);
    });
  }
  function held(one, mine, tools) {
    const rows = mine?.bookings || [];
    if (mine?.bookings_fault) return el("section", {}, el("h3", {}, say("本事件调用", "Booked for it")), el("p", { class: "o" }, mine.bookings_fault));
    if (!rows.length) return null;
    return el("section", { class: "duty-forces" }, el("h3", {}, say("本事件调用", "Booked for it")), el("ul", { class: "force-list" }, rows.map((row) => el("li", { class: "sendable held", "data-entry": row.code }, el("span", { class: "who" }, el("b", { class: "el" }, `${row.name}${row.quantity === null ? "" : ` ${plain(row.quantity)} ${row.unit}`}`), el("span", { class: "t3 el" }, row.purpose)), el("span", {}, row.state_word), el("span", { class: "t3" }, duty.short(row.asked_at)), el("span", { class: "duty-buttons" }, tools.may ? row.may.map((step) => el("button", { type: "button", class: "button", on: { click: () => move(one, row, step, tools) } }, STEPS[step])) : [])))));
  }

  function panel(one, tools) {
    const mine = of(one), parts = [proposal(one, mine, tools), held(one, mine, tools), stocks(one, mine, tools)].filter(Boolean);
    return el("div", { class: "duty-room" }, parts);
  }

  function map(one, group) {
    const mine = of(one);
    for (const row of (mine?.proposal?.teams || []).filter((each) => each.proposed)) L.marker([row.lat, row.lon], { keyboard: false, zIndexOffset: 200, icon: L.divIcon({ className: "order-pin", html: el("div", { class: "force-pin" }, el("b", {}, say("队", "T")), el("span", {}, `${row.title} ${say("约", "")} ${time.span(there(row))}`)), iconSize: [0, 0] }) }).addTo(group);
    for (const [, words, lon, lat] of spots(mine)) L.marker([lat, lon], { keyboard: false, icon: L.divIcon({ className: "order-pin", html: el("div", {}, el("b", {}, say("集", "S")), el("span", {}, words)), iconSize: [0, 0] }) }).addTo(group);
  }

  duty.room(4, {
    figure, panel, map, places: (one) => spots(of(one)), layers: ["resource_bookings", "teams", "incident_orders"],
    opened: (one, tools) => { now = one ? { code: one.code, proposal: null, bookings: null } : null; all = false; if (one) booked(one, tools); },
    changed: (keys, one, tools) => { booked(one, tools); if (of(one)?.proposal && !of(one).asking) propose(one, tools); },
    keys: [["D", say("调派建议", "dispatch"), propose]],
  });
})();
