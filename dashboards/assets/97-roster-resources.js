/* Resources: what is near a place and free, how fresh, whose; booked by one and not by two, on the way, given back. */
(function () {
  "use strict";
  const { el, say, get, post, time, length } = window.OneMap;
  const roster = (window.OneMap.roster = window.OneMap.roster || { tabs: {} });
  const when = (iso) => `${time.date(new Date(iso)).slice(5)} ${time.minute(new Date(iso))}`;
  const STEPS = { book: say("批准", "Grant"), refuse: say("不批准", "Refuse"), withdraw: say("撤销", "Withdraw"), leave: say("出发", "Left"), arrive: say("到场", "Arrived"), return: say("返回", "Returning"), give_back: say("归还", "Give back") };
  const plain = (n) => Number(n.toFixed(2)).toLocaleString("en-US");

  function start(box, page) {
    const my = window.OneMap.admin, { button, chip } = my;
    const shown = L.layerGroup().addTo(page.map);
    let point = page.map.getCenter(), answer = null, kinds = null, turn = 0;
    const what = el("select", { "aria-label": say("物资或队伍", "Stocks or teams") }, [["materials", say("物资", "Stocks")], ["teams", say("队伍", "Teams")]].map(([value, words]) => el("option", { value }, words)));
    const kind = el("select", { "aria-label": say("类别", "Kind") }), amount = el("input", { type: "number", min: 0, step: "any", placeholder: say("需要多少", "How much"), "aria-label": say("需要数量", "Wanted"), class: "short" }), within = el("input", { type: "number", min: 1, max: 500, value: 40, "aria-label": say("半径,千米", "Radius, km"), class: "short" });
    const place = el("span", { class: "t3" }), found = el("div", { class: "roster-list roster-book" }), booked = el("div", { class: "roster-list" });
    const pin = button(say("点图定位", "Place"), () => { page.sheet.classList.add("pick"); page.mapped(true); page.map.invalidateSize(); if (window.innerWidth < 1281) page.sheet.scrollIntoView({ block: "center" }); });
    box.append(el("section", { class: "panel roster-sheet", "aria-label": say("附近资源", "Resources near") }, el("div", { class: "roster-bar" }, what, kind, amount, el("span", {}, say("方圆", "within")), within, "km", pin, button(say("查找", "Find"), () => seek(), "primary"), place), found), el("section", { class: "panel roster-sheet", "aria-label": say("调用记录", "Bookings") }, el("div", { class: "roster-bar" }, el("b", {}, say("调用记录", "Bookings"))), booked));
    for (const one of [what, kind, within]) one.addEventListener("change", () => { if (one === what) choose(); seek(); });
    amount.addEventListener("input", () => { if (answer) draw(); });
    page.map.on("click", (event) => { if (!page.sheet.classList.contains("pick") || box.hidden) return; page.sheet.classList.remove("pick"); point = event.latlng; seek(); });

    /* The direct report: counted when it is opened, of everything the caller may see. */
    const counted = el("div", { class: "roster-list" }), report = el("details", { class: "panel roster-sheet roster-report", on: { toggle: () => { if (report.open) count(); } } }, el("summary", {}, say("统计直报", "Direct report")), counted);
    box.append(report);
    function count() {
      return my.room(counted, () => get("api/roster/resources/statistics"), (given) => {
        if (!given.rows.length) return my.empty(say("没有登记的资源。", "No resource is registered."));
        const much = (one) => (one.amount === null ? el("span", { class: "t3" }, one.unit || one.told ? say("未报", "not told") : "") : el("span", {}, `${plain(one.amount)} ${one.unit}`, one.told < one.rows ? el("small", { class: "t3" }, say(` 另 ${one.rows - one.told} 条未报`, ` ${one.rows - one.told} not told`)) : null));
        const fresh = (one) => el("span", {}, one.newest ? (one.newest === one.oldest ? one.newest : say(`${one.oldest} 至 ${one.newest}`, `${one.oldest} to ${one.newest}`)) : say("未标日期", "no date"), one.old ? chip(say(`${one.old} 条超过 ${given.old_days} 天`, `${one.old} older than ${given.old_days} d`), "soon") : null, one.undated && one.newest ? el("small", { class: "t3" }, say(` ${one.undated} 条无日期`, ` ${one.undated} undated`)) : null);
        return [el("p", { class: "t3" }, say(`截至 ${given.day}，按登记的数据统计；不同计量单位不相加。`, `As registered on ${given.day}; different units are not added.`)),
          my.table([say("区县", "District"), say("资源", "Resource"), say("类别", "Kind"), say("数目", "Number"), say("数量", "Amount"), say("最近报告", "Last told")], given.rows.map((one) => ({ cells: [one.area_name || say("未分区", "no area"), one.layer_title, one.kind_word || say("未分类", "no kind"), String(one.rows), much(one), fresh(one)] })))];
      });
    }

    function choose() {
      const all = what.value === "teams" ? [{ code: "", name: say("全部队伍", "Every team") }, ...kinds.team_kind] : kinds.material_kind;
      kind.replaceChildren(...all.map((one) => el("option", { value: one.code }, one.name)));
      amount.hidden = what.value === "teams";
    }

    async function read() {
      await my.room(booked, () => get("api/roster/bookings"), (given) => { if (!kinds) { kinds = given.kinds; choose(); } return bookings(given); });
      if (kinds && !answer) await seek();
    }

    async function seek() {
      const mine = ++turn;
      place.textContent = `${point.lng.toFixed(4)}, ${point.lat.toFixed(4)}`;
      const query = new URLSearchParams({ what: what.value, lon: point.lng.toFixed(6), lat: point.lat.toFixed(6), within: within.value || "40", ...(kind.value ? { kind: kind.value } : {}) });
      await my.room(found, () => get(`api/roster/resources?${query}`), (given) => { if (mine === turn) answer = given; return rows(answer); });
    }
    const draw = () => found.replaceChildren(...[rows(answer)].flat().filter(Boolean));

    function rows(given) {
      shown.clearLayers();
      L.circle(point, { radius: given.within * 1000, color: "#0B7A75", weight: 1.5, fillOpacity: 0.04, interactive: false }).addTo(shown);
      const want = given.what === "materials" ? Number(amount.value) || 0 : 0;
      /* only what is counted in one unit adds up: tonnes and litres do not */
      const fit = given.rows.filter((one) => !one.expired && one.ready && one.free > 0), unit = fit[0]?.unit || given.rows[0]?.unit || "";
      const other = fit.filter((one) => one.unit !== unit).length, hidden = given.rows.filter((one) => one.free === null).length;
      let sum = 0, enough = 0;
      for (const one of fit) { if (one.unit !== unit || given.what === "teams") continue; if (want && sum >= want) break; sum += one.free; enough += 1; }
      const pins = fit.slice(0, 40);
      for (const one of pins) L.marker([one.at[1], one.at[0]], { keyboard: false, icon: L.divIcon({ className: "", iconSize: [24, 24], html: '<span class="roster-pin on">资</span>' }) }).bindTooltip(el("span", {}, `${one.name} ${plain(one.free)} ${one.unit} · ${one.whose} ${length(one.metres)}`)).addTo(shown);
      if (!given.rows.length) return my.empty(say(`方圆 ${given.within} km 内没有登记。`, `Nothing within ${given.within} km.`));
      const left = [other ? say(`另有 ${other} 处以其他单位计量,未计入`, `${other} counted in other units are not in it`) : "", hidden ? say(`${hidden} 处数量无权查看,未计入`, `${hidden} whose amount is not open to you are not in it`) : ""].filter(Boolean).map((words) => say(`;${words}`, `; ${words}`)).join("");
      const head = given.what === "teams" ? null : el("p", { class: "roster-sum" }, want ? (sum >= want ? say(`最近 ${enough} 处可用 ${plain(sum)} ${unit},够 ${plain(want)}`, `${plain(sum)} ${unit} free at the nearest ${enough}: enough for ${plain(want)}`) : say(`可用共 ${plain(sum)} ${unit},不足 ${plain(want)}`, `${plain(sum)} ${unit} free: not ${plain(want)}`)) : say(`可用共 ${plain(sum)} ${unit}`, `${plain(sum)} ${unit} free in all`), el("span", { class: "t3" }, say(` 过期的不计;直线距离${left}`, ` expired not counted; as the crow flies${left}`)));
      const lines = given.rows.map((one) => ({ id: one.key, dull: one.expired || !one.ready || one.free <= 0, cells: [el("span", {}, el("b", {}, one.name), el("small", {}, one.whose)), one.free === null ? el("span", { class: "t3" }, say("无权查看", "not open")) : el("b", {}, `${plain(one.free)} ${one.unit}`), length(one.metres), one.phone ? el("a", { class: "link tel", href: `tel:${one.phone.replace(/[^0-9+]/g, "")}` }, one.phone) : say("未登记", "None"),
        el("span", {}, one.expired ? chip(say("已过有效期", "Expired"), "bad") : null, one.ready ? null : one.ready === null ? chip(say("状态无权查看", "State not open"), "dull") : chip(say("不在待命", "Not ready"), "dull"), one.old ? chip(one.counted_on ? say(`过期 ${one.counted_on} 核对`, `stale, ${one.counted_on}`) : say("未标核对日期", "no date"), "soon") : say(`${one.counted_on} 核对`, `counted ${one.counted_on}`)),
        page.may_write && !one.expired && one.ready && one.free > 0 ? button(one.own ? say("调用", "Book") : say("申请", "Ask"), () => book(one, given.what), "small") : ""] }));
      return [head, my.table([say("资源", "Resource"), say("可用", "Free"), say("距离", "Distance"), say("联系电话", "Phone"), say("新旧", "How fresh"), ""], lines)];
    }

    async function book(one, layer) {
      const command = window.OneMap.unsent.key(), hand = (await get("api/incidents").catch(() => ({ rows: [] }))).rows.map((each) => [each.code, `${each.code} ${each.title}`]);
      const fields = [...(layer === "teams" ? [] : [{ name: "quantity", label: say(`数量(${one.unit})`, `How much (${one.unit})`), type: "number", value: Math.min(one.free, Number(amount.value) || one.free), required: true, min: 0 }]), { name: "purpose", label: say("用途", "For"), required: true, longest: 400, wide: true }, { name: "incident", label: say("用于事件", "For the incident"), options: [["", say("不属于事件", "None")], ...hand], value: "", wide: true }];
      my.form(`${one.own ? say("调用", "Book") : say("申请调用", "Ask for")} ${one.name}`, fields, one.own ? say("调用", "Book") : say("申请", "Ask"), async (values) => { await post("api/roster/bookings", { command, of_layer: one.layer, of_key: one.key, at_once: one.own, ...values }); await Promise.all([read(), seek()]); });
    }

    function bookings(given) {
      if (!given.rows.length) return my.empty(say("还没有调用记录。", "Nothing was booked yet."));
      return el("ol", {}, given.rows.map((one) => el("li", {}, el("div", { class: "booking", "data-code": one.code, tabindex: "-1" }, el("span", {}, el("b", {}, one.name), one.quantity === null ? "" : ` ${plain(one.quantity)} ${one.unit}`, el("small", {}, [one.purpose, one.incident].filter(Boolean).join(" · "))), el("span", {}, chip(one.state_word, one.out ? "good" : one.state === "asked" ? "soon" : "dull"), one.returned === null ? null : el("small", {}, say(`归还 ${plain(one.returned)} ${one.unit}`, `${plain(one.returned)} ${one.unit} back`))), el("small", { class: "t3", title: one.steps.join("\n") }, `${one.asked_by.split(",")[0]} ${when(one.asked_at)}`),
        el("span", { class: "adm-row-tools" }, one.may.map((step) => button(STEPS[step], () => move(one, step), step === "book" ? "small primary" : "small")))))));
    }

    function move(one, step) {
      const fields = [...(step === "give_back" && one.quantity !== null ? [{ name: "returned", label: say(`归还数量(${one.unit}),其余为消耗`, `Given back (${one.unit}); the rest is used up`), type: "number", value: one.quantity, required: true, min: 0 }] : []), { name: "said", label: say("说明", "Remark"), longest: 400, wide: true, required: step === "refuse" }];
      my.form(`${STEPS[step]} ${one.name}`, fields, STEPS[step], async (values) => { await post("api/roster/bookings/step", { code: one.code, version: one.version, step, said: values.said || "", ...("returned" in values ? { returned: values.returned } : {}) }); await Promise.all([read(), seek()]); }, step === "refuse" ? "danger" : "primary");
    }

    return { read, again: async () => { await Promise.all([read(), seek()]); }, layers: ["resource_bookings", "materials", "teams"], list: () => booked, find: () => kind.focus(), keys: { f: [say("查找", "Find"), () => seek()], g: [say("点图", "Place"), () => pin.click()] },
      hide: () => { shown.remove(); page.sheet.classList.remove("pick"); }, show: () => shown.addTo(page.map) };
  }

  /* what a call may become: an incident, or a part of one */
  roster.extra = function (one, page) {
    const my = window.OneMap.admin;
    if (one.incident) return [];
    const join = async (incident) => { await post("api/roster/calls/join", { code: one.code, version: one.version, incident }); await page.open(one.code, true); };
    const refs = [`duty_calls/${one.code}`], where = one.place_at ? { lon: one.place_at[0], lat: one.place_at[1] } : {};
    const open = async () => {
      const choices = await get("api/incidents/choices"), command = window.OneMap.unsent.key(); // one for the form: pressed again after a lost answer it is one incident
      my.form(say("立为突发事件", "Open an incident"), [{ name: "title", label: say("事件名称", "Title"), value: one.what.split("\n")[0].slice(0, 60), required: true, longest: 120, wide: true }, { name: "kind", label: say("类型", "Kind"), options: choices.kinds.map((each) => [each.code, each.name]) }], say("立事件", "Open it"), async ({ title, kind }) => {
        const made = await post("api/incidents/open", { command, origin: "call", title, kind, text: one.what.replace(/\s+/g, " ").slice(0, 1500), area: one.area, refs, happened_at: one.at, ...where, ...(one.place ? { address: one.place } : {}), ...(one.caller || one.caller_unit ? { reporter: [one.caller, one.caller_unit].filter(Boolean).join(" ") } : {}), ...(one.phone_open && one.caller_phone ? { reporter_phone: one.caller_phone } : {}) });
        await join(made.code);
      }, "primary");
    };
    const into = async () => {
      const { rows } = await get("api/incidents"), command = window.OneMap.unsent.key();
      if (!rows.length) { my.sure(say("并入事件", "Join an incident"), say("没有处置中的事件。", "No incident is in hand."), say("知道了", "Close"), async () => {}); return; }
      my.form(say("并入事件", "Join an incident"), [{ name: "incident", label: say("事件", "Incident"), options: rows.map((each) => [each.code, `${each.code} ${each.title}`]), wide: true }], say("并入", "Join"), async ({ incident }) => {
        await post("api/incidents/note", { command, code: incident, kind: "call", text: one.what.replace(/\s+/g, " ").slice(0, 2000), refs, happened_at: one.at });
        await join(incident);
      }, "primary");
    };
    return [my.button(say("立事件", "Open an incident"), open, "primary"), my.button(say("并入事件", "Join one"), into)];
  };

  roster.tabs.resources = { start };
})();
