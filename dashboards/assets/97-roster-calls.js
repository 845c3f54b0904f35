/* The call log: typed by keyboard in seconds, struck through at most, called back, passed on with a clock for the receipt. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, time, thousands, debounce } = window.OneMap;
  const roster = (window.OneMap.roster = window.OneMap.roster || { tabs: {} });
  const when = (iso) => `${time.date(new Date(iso)).slice(5)} ${time.minute(new Date(iso))}`;
  const clock = (iso) => (time.date(new Date(iso)) === time.date(time.now()) ? time.minute(new Date(iso)) : when(iso));
  const late = (iso) => new Date(iso) < time.now();
  const overdue = (iso) => time.span(Math.abs(time.now() - new Date(iso)) / 1000);

  function start(box, page) {
    const my = window.OneMap.admin, { button, chip } = my;
    const asked = { q: "", wanting: "", from: 0 };
    const shown = L.layerGroup().addTo(page.map), sketch = L.layerGroup().addTo(page.map);
    let answer = null, turn = 0, point = null;

    /* what is typed */
    const fields = {};
    const field = (name, label, attributes, node) => { fields[name] = node || el("input", { type: "text", autocomplete: "off", ...attributes, name }); return el("label", { class: attributes.class }, label, fields[name]); };
    const people = el("datalist", { id: "roster-people" });
    const known = new Map();
    const fault = el("p", { class: "adm-fault", role: "alert", hidden: true });
    const pin = button(say("点图", "On the map"), () => pick(), "small");
    const go = el("button", { type: "submit", class: "adm-button primary" }, say("记录", "Write down"), el("kbd", {}, "Ctrl Enter"));
    const form = page.may_write ? el("form", { novalidate: true, autocomplete: "off" },
      field("direction", say("来去", "Direction"), {}, el("select", { name: "direction" }, page.choices.directions.map((one) => el("option", { value: one.code }, one.name)))),
      field("at", say("通话时间", "Time"), { inputmode: "numeric", maxlength: 5, placeholder: say("此刻", "Now"), title: say("如 1432,空为此刻", "As 1432; empty is now") }),
      field("caller", say("对方", "Caller"), { maxlength: 80, list: "roster-people" }),
      field("caller_phone", say("号码", "Number"), { maxlength: 40, inputmode: "tel" }),
      field("caller_unit", say("单位", "Unit"), { maxlength: 80 }),
      field("what", say("内容", "What was said"), { class: "wide" }, el("textarea", { name: "what", maxlength: 2000, required: true, "aria-required": "true" })),
      el("label", { class: "place" }, say("地点", "Place"), el("div", {}, fields.place = el("input", { type: "text", name: "place", maxlength: 200, autocomplete: "off" }), pin)),
      field("recording", say("录音编号", "Recording"), { maxlength: 120 }),
      el("label", { class: "tick" }, fields.call_back = el("input", { type: "checkbox", name: "call_back" }), say("须回电", "To be called back")),
      el("div", { class: "send" }, el("span", { class: "t3" }, say("记录后不能改,可划销", "Once written it can only be struck through")), go), fault, people) : null;
    const unfold = button(say("记一笔", "Write a call down"), () => { entry.classList.remove("shut"); fields.caller.focus(); }, "primary unfold");
    const entry = form ? el("section", { class: "panel roster-entry shut", "aria-label": say("记一笔", "Write a call down") }, unfold, form) : null;

    /* the list */
    const find = el("input", { type: "search", placeholder: say("内容、地点、对方、编号", "Text, place, caller, number"), "aria-label": say("查找电话记录", "Find a call"), maxlength: 40 });
    const wanting = el("button", { type: "button", class: "adm-button", "aria-pressed": "false" }, say("待回电、待回执", "Waiting"));
    const note = el("span", { class: "t3", role: "status" });
    const list = el("div", { class: "roster-list" });
    const sheet = el("section", { class: "panel roster-sheet", "aria-label": say("电话记录", "Calls") }, el("div", { class: "roster-bar" }, find, wanting, note), list);
    box.append(...[entry, sheet].filter(Boolean));

    find.addEventListener("input", debounce(() => { asked.q = find.value.trim(); asked.from = 0; read(); }, 250));
    wanting.addEventListener("click", () => { asked.wanting = asked.wanting ? "" : "1"; asked.from = 0; wanting.setAttribute("aria-pressed", String(Boolean(asked.wanting))); read(); });

    async function read() {
      const mine = ++turn;
      const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
      await my.room(list, () => get(`api/roster/calls?${query}`), (given) => { if (mine === turn) { answer = given; marks(); } return rows(given); });
      window.OneMap.tick();
    }

    function chips(one) {
      const made = [];
      if (one.state === "struck") made.push(chip(one.state_word, "dull"));
      if (one.call_back_due) made.push(chip(late(one.call_back_due) ? say(`未回电,超时 ${overdue(one.call_back_due)}`, `not called back, ${overdue(one.call_back_due)} late`) : say(`${time.minute(new Date(one.call_back_due))} 前回电`, `call back by ${time.minute(new Date(one.call_back_due))}`), late(one.call_back_due) ? "bad" : "soon"));
      for (const due of one.receipts || []) made.push(chip(late(due) ? say(`未回执,超时 ${overdue(due)}`, `no receipt, ${overdue(due)} late`) : say(`待回执 ${time.minute(new Date(due))}`, `receipt by ${time.minute(new Date(due))}`), late(due) ? "bad" : "soon"));
      if (one.incident) made.push(chip(one.incident, "good"));
      return made;
    }

    function rows(given) {
      note.textContent = say(`须回电 ${given.to_call_back} · 待回执 ${given.receipts_waiting}${given.receipts_late ? `,超时 ${given.receipts_late}` : ""}`, `${given.to_call_back} to call back · ${given.receipts_waiting} receipts awaited${given.receipts_late ? `, ${given.receipts_late} late` : ""}`);
      if (!given.rows.length) return my.empty(asked.q || asked.wanting ? say("没有符合条件的电话记录。", "No call fits.") : page.may_write ? say("还没有电话记录。按 N 记第一笔。", "No calls yet. N writes the first.") : say("本辖区还没有电话记录。", "No calls in your areas yet."));
      const lines = given.rows.map((one) => el("li", { class: one.state }, el("button", { type: "button", class: "line", "data-code": one.code, "aria-pressed": String(one.code === page.picked()), on: { click: () => page.open(one.code) } },
        el("span", { class: "when" }, el("b", {}, clock(one.at)), el("small", {}, one.direction_word, one.written_late ? say(" · 补记", " · written later") : "")),
        el("span", { class: "who el" }, [one.caller, one.caller_unit].filter(Boolean).join("·") || say("未留姓名", "No name left"), el("small", { class: "el" }, one.place || one.area_word)),
        el("span", { class: "what" }, one.what), el("span", { class: "chips" }, chips(one)))));
      const last = given.from + lines.length, turnTo = (words, to) => button(words, () => { asked.from = to; read(); }, "small");
      const foot = given.total > lines.length ? el("footer", {}, el("span", {}, say(`共 ${thousands(given.total)} 条,第 ${given.from + 1} 至 ${last} 条`, `${given.from + 1} to ${last} of ${thousands(given.total)}`)), given.from ? turnTo(say("上一页", "Back"), Math.max(0, given.from - given.page)) : null, last < given.total ? turnTo(say("下一页", "On"), last) : null) : null;
      return [el("ol", {}, lines), foot];
    }

    function marks() {
      shown.clearLayers();
      const found = answer.rows.filter((one) => one.place_at && one.state !== "struck");
      for (const one of found) {
        const on = one.code === page.picked();
        const mark = L.marker([one.place_at[1], one.place_at[0]], { keyboard: false, zIndexOffset: on ? 500 : 0, icon: L.divIcon({ className: "", iconSize: [24, 24], html: `<span class="roster-pin${on ? " on" : ""}">电</span>` }) }).addTo(shown);
        mark.bindTooltip(el("span", {}, `${clock(one.at)} ${one.what.slice(0, 40)}`));
        mark.on("click", () => page.open(one.code));
      }
      page.mapped(found.length > 0 || Boolean(point));
    }

    /* the place */
    function pick() {
      page.mapped(true);
      page.sheet.classList.add("pick");
      page.map.invalidateSize();
      pin.textContent = say("在图上点一下", "Click the map");
      if (window.innerWidth < 1281) page.sheet.scrollIntoView({ block: "center" });
    }
    page.map.on("click", (event) => {
      if (!page.sheet.classList.contains("pick")) return;
      set(event.latlng);
      form.querySelector("[name=place]").focus();
    });
    function set(latlng) {
      point = latlng;
      page.sheet.classList.remove("pick");
      sketch.clearLayers();
      pin.textContent = latlng ? say(`已点 ${latlng.lng.toFixed(4)}, ${latlng.lat.toFixed(4)}`, `At ${latlng.lng.toFixed(4)}, ${latlng.lat.toFixed(4)}`) : say("点图", "On the map");
      if (latlng) L.marker(latlng, { keyboard: false, icon: L.divIcon({ className: "", iconSize: [24, 24], html: '<span class="roster-pin new">新</span>' }) }).addTo(sketch);
    }

    /* a time typed is today's, or yesterday's when today's is still to come */
    function moment(given) {
      if (!given) return null;
      given = given.normalize("NFKC");
      const found = /^([01]?\d|2[0-3])[::]?([0-5]\d)$/.exec(given);
      if (!found) throw new Error(say(`时间“${given}”应写作 1432 或 14:32`, `“${given}” is no time: 1432 or 14:32`));
      const text = `${found[1].padStart(2, "0")}:${found[2]}`, now = time.now(), today = new Date(`${time.date(now)}T${text}:00+08:00`);
      return (today - now > 60e3 ? new Date(today - 86400e3) : today).toISOString();
    }

    if (form) {
      const seek = debounce(async () => {
        const words = fields.caller.value.trim();
        if (words.length < 2) return;
        const found = await get(`api/roster/contacts?q=${encodeURIComponent(words)}`).catch(() => ({ rows: [] }));
        known.clear();
        for (const one of found.rows.slice(0, 8)) known.set(one.name, one);
        people.replaceChildren(...[...known.values()].map((one) => el("option", { value: one.name }, [one.unit, one.post].filter(Boolean).join(" "))));
      }, 200);
      fields.caller.addEventListener("input", seek);
      fields.caller.addEventListener("change", () => { const one = known.get(fields.caller.value.trim()); if (!one) return; if (!fields.caller_unit.value) fields.caller_unit.value = one.unit || ""; if (!fields.caller_phone.value) fields.caller_phone.value = one.duty_phone || ""; });
      form.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); return; }
        if (event.key !== "Enter" || event.target.tagName === "TEXTAREA" || event.target.tagName === "BUTTON") return;
        event.preventDefault();
        const order = ["direction", "at", "caller", "caller_phone", "caller_unit", "what", "place", "recording", "call_back"], next = fields[order[order.indexOf(event.target.name) + 1]];
        (next || go).focus();
      });
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (go.disabled) return;
        fault.hidden = true;
        if (!fields.what.value.trim()) { fault.hidden = false; fault.textContent = say("请填写内容", "Say what was said"); fields.what.focus(); return; }
        let at = null;
        try { at = moment(fields.at.value.trim()); } catch (wrong) { fault.hidden = false; fault.textContent = wrong.message; fields.at.focus(); return; }
        go.disabled = true;
        const body = { what: fields.what.value, direction: fields.direction.value, at, call_back: fields.call_back.checked };
        for (const name of ["caller", "caller_phone", "caller_unit", "place", "recording"]) if (fields[name].value.trim()) body[name] = fields[name].value.trim();
        if (point) Object.assign(body, { lon: point.lng, lat: point.lat });
        try {
          const made = await post("api/roster/calls", body);
          form.reset();
          set(null);
          entry.classList.add("shut");
          await read();
          page.open(made.code, true);
          if (window.innerWidth > 700) fields.caller.focus();
        } catch (error) { fault.hidden = false; fault.textContent = error.message; }
        go.disabled = false;
      });
    }

    /* one call */
    async function open(code) { return my.room(page.side, () => get(`api/roster/calls/row?code=${encodeURIComponent(code)}`), (one) => drawn(one)); }
    const send = async (path, body, one) => { await post(`api/roster/calls/${path}`, { code: one.code, version: one.version, ...body }); await Promise.all([read(), page.open(page.picked(), true)]); };
    const who = (name, iso) => `${name || ""} ${iso ? when(iso) : ""}`.trim();

    function drawn(one) {
      const number = one.phone_open ? (one.caller_phone ? el("a", { class: "link", href: `tel:${one.caller_phone.replace(/[^0-9+]/g, "")}` }, one.caller_phone) : say("未留号码", "None left")) : el("span", { class: "t3" }, icon("lock", 14), say(" 无权查看", " Not open to you"));
      const facts = [[say("对方", "Caller"), [one.caller, one.caller_unit].filter(Boolean).join("·") || say("未留姓名", "No name left")], [say("号码", "Number"), number],
        [say("通话", "Call"), `${one.direction_word} ${when(one.at)}`], [say("记录", "Written"), `${who(one.written_by, one.written_at)}${one.written_late ? say(",补记", ", later") : ""}`],
        [say("地点", "Place"), [one.place, one.area_word].filter(Boolean).join(" · ")], [say("录音", "Recording"), one.recording || say("未登记", "None entered")], ...(one.incident ? [[say("事件", "Incident"), el("a", { class: "link", href: `${base}duty?incident=${encodeURIComponent(one.incident)}` }, one.incident)]] : []),
        ...(one.kept ? [[say("保存", "Kept"), say(`至少 ${one.kept.months} 个月(${one.kept.source})`, `${one.kept.months} months at least (${one.kept.source})`)]] : [])];
      const alive = one.may_write && one.state !== "struck";
      const acts = alive ? el("div", { class: "roster-acts" }, ...page.extra(one), one.call_back_due ? button(say("已回电", "Called back"), () => my.form(say("登记回电", "Called back"), [{ name: "said", label: say("回电情况", "What was said"), ...prose, required: true, longest: 2000 }], say("登记", "Note it"), ({ said }) => send("back", { said }, one)), "primary") : null,
        button(say("转办", "Pass on"), () => forward(one)), button(say("划销", "Strike"), () => my.form(say(`划销 ${one.code}`, `Strike ${one.code}`), [{ type: "note", label: say("划销后原文仍可阅读,记录您的姓名和原因;不能撤销。", "The text stays readable with your name and reason; it cannot be undone.") }, { name: "reason", label: say("原因", "Why"), required: true, longest: 200, wide: true }], say("划销", "Strike"), ({ reason }) => send("strike", { reason }, one), "danger"))) : null;
      return [el("header", {}, el("h2", { tabindex: "-1" }, one.code), el("span", { class: "sp" }), el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: () => page.close() } }, icon("close"))),
        el("p", { class: `what${one.state === "struck" ? " struck" : ""}` }, one.what),
        one.state === "struck" ? el("p", { class: "because" }, say(`${one.struck_by} 于 ${when(one.struck_at)} 划销:${one.struck_reason}`, `Struck by ${one.struck_by} ${when(one.struck_at)}: ${one.struck_reason}`)) : null,
        one.called_back_at ? el("p", { class: "because" }, say(`${one.called_back_by} 于 ${when(one.called_back_at)} 回电:${one.call_back_said}`, `Called back by ${one.called_back_by} ${when(one.called_back_at)}: ${one.call_back_said}`)) : null,
        el("div", { class: "roster-list" }, el("p", { class: "chips", style: "justify-content:flex-start;max-width:none" }, chips({ ...one, receipts: [] }))), acts,
        el("dl", { class: "adm-facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
        one.forwards.length ? el("h3", {}, say("转办与回执", "Passed on, and receipts")) : null, el("ol", { class: "roster-forwards" }, one.forwards.map((each) => passed(one, each)))];
    }

    const prose = { type: "prose" };
    function passed(one, each) {
      const waiting = each.state === "waiting";
      const words = waiting ? (each.late ? say(`未回执,超时 ${overdue(each.due_at)}`, `no receipt, ${overdue(each.due_at)} late`) : say(`${when(each.due_at)} 前回执`, `receipt by ${when(each.due_at)}`)) : each.state_word;
      const note = waiting && one.may_write ? button(say("登记回执", "Note the receipt"), () => my.form(say(`${each.to} 的回执`, `Receipt of ${each.to}`), [{ name: "by", label: say("回执人", "From"), value: each.to, required: true, longest: 80 }, { name: "said", label: say("回执内容", "Receipt"), ...prose, required: true, longest: 2000 }], say("登记", "Note it"), async ({ by, said }) => { await post("api/roster/calls/receipt", { code: each.code, version: each.version, by, said }); await Promise.all([read(), page.open(page.picked(), true)]); }), "small") : null;
      return el("li", { class: each.late ? "late" : "" }, el("div", { class: "head" }, el("b", {}, each.to), chip(words, waiting ? (each.late ? "bad" : "soon") : "good"), note), el("p", {}, each.asked), el("p", { class: "t3" }, say(`${who(each.sent_by, each.sent_at)} 转办`, `passed on by ${who(each.sent_by, each.sent_at)}`)),
        waiting ? null : el("p", {}, `${each.receipt_from}:${each.receipt} `, el("span", { class: "t3" }, say(`${who(each.noted_by, each.receipt_at)} 登记`, `noted by ${who(each.noted_by, each.receipt_at)}`))));
    }

    async function forward(one) {
      const book = await get("api/roster/contacts").catch(() => ({ rows: [] }));
      const options = [["", say("不在通讯录,另填", "Not in the book: by name")], ...book.rows.map((each) => [each.code, `${each.name}${each.unit && each.unit !== each.name ? ` · ${each.unit}` : ""}${each.duty_phone ? ` ${each.duty_phone}` : ""}${each.stale ? say(" (号码过期)", " (number stale)") : ""}`])];
      my.form(say("转办", "Pass on"), [{ name: "contact", label: say("转给", "To"), options, value: options[1]?.[0] || "", wide: true }, { name: "to", label: say("对象", "Whom"), when: (now) => !now.contact, needed: (now) => !now.contact, longest: 80, wide: true },
        { name: "asked", label: say("办理要求", "What is asked"), ...prose, required: true, longest: 400 }], say("转办", "Pass on"), ({ contact, to, asked: words }) => send("forward", { contact: contact || "", ...(contact ? {} : { to }), asked: words.replace(/\s+/g, " ").trim() }, one));
    }

    return {
      read, open,
      again: read, layers: ["duty_calls", "duty_forwards"],
      selected: () => { for (const line of list.querySelectorAll("[data-code]")) line.setAttribute("aria-pressed", String(line.dataset.code === page.picked())); if (answer) marks(); const one = answer?.rows.find((row) => row.code === page.picked()); if (one?.place_at && !page.map.getBounds().contains([one.place_at[1], one.place_at[0]])) page.map.panTo([one.place_at[1], one.place_at[0]], { animate: false }); },
      find: () => find.focus(), list: () => list,
      keys: { n: [say("记一笔", "Write a call"), () => { entry?.classList.remove("shut"); fields.caller?.focus(); }], g: [say("点图", "Place"), () => form && pick()] },
      hide: () => { shown.remove(); sketch.remove(); page.sheet.classList.remove("pick"); }, show: () => { shown.addTo(page.map); sketch.addTo(page.map); if (answer) marks(); },
    };
  }

  roster.tabs.calls = { start };
})();
