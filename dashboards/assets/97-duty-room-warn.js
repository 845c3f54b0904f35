/* Step 6 of the duty desk: warnings of the incident that is open. Drafted of its facts, led by two, receipts counted. */
(function () {
  "use strict";
  const { base, el, say, get, post, time, glyph } = window.OneMap, duty = window.OneMap.duty;
  const COLOURS = ["", "--r", "--o", "--y", "--b"], LEVELS = ["", "■", "▲", "◆", "●"];
  const DO = [["Shelter", say("就地避险", "Shelter")], ["Evacuate", say("疏散撤离", "Evacuate")], ["Avoid", say("避开", "Avoid")], ["Monitor", say("关注信息", "Follow the news")]];
  const OVER = ["lifted", "withdrawn"];
  let told = null, fault = null, of = "", wish = fresh(), ring = null, drawing = false, shown = false, hands = null, bench = null;

  function fresh() { return { zone: "", band: true, radius: "", responses: ["Avoid", "Monitor"] }; }
  const address = (code) => { const asked = new URLSearchParams({ code, responses: wish.responses.join(",") }); if (wish.radius) asked.set("radius", wish.radius); else if (wish.zone) asked.set("zone", wish.zone); if (!wish.band) asked.set("band", "0"); return `api/incidents/warnings?${asked}`; };
  const many = (n) => window.OneMap.thousands(Math.round(n));

  async function read(one, tools) {
    const code = one.code;
    try {
      const found = await get(address(code));
      if (code !== of) return;
      [told, fault] = [found, null];
    } catch (error) { if (code !== of) return; fault = error; if (error.status === 403) told = null; }
    tools.redraw();
  }
  function opened(one, tools) {
    of = one ? one.code : "";
    [told, fault, ring, wish] = [null, null, null, fresh()];
    bench = one ? { one, tools } : null;
    stop(tools);
    if (one) read(one, tools);
  }

  const came = (cap) => cap.counts.sent + cap.counts.delivered + cap.counts.acknowledged;
  const standing = () => (told?.rows || []).filter((row) => row.revision > 0 && !OVER.includes(row.state));
  const past = (row) => row.revision > 0 && !OVER.includes(row.state) && row.ends_at && new Date(row.ends_at) < time.now();
  function figure(one) {
    if (fault) return [fault.status === 403 ? say("无权查看", "Not open") : say("读取失败", "Not read"), "", fault.status === 403 ? "" : "warn"];
    const rows = (told?.rows || []).filter((row) => row.state !== "withdrawn");
    if (!rows.length) return [say("未做", "Not done"), "", ""];
    const row = standing()[0] || rows.find((each) => each.state !== "lifted") || rows[0], got = row.receipts;
    const name = `${LEVELS[row.level]} ${past(row) ? say("已过预计结束", "past its end") : row.state_word}`;
    const bad = (got?.failed || 0) + (row.cap?.counts.failed || 0), sent = row.cap?.rows.length;
    if (bad) return [name, say(`${bad} 条发送失败，R 重发`, `${bad} failed, R sends again`), "warn"];
    const line = sent ? say(`CAP 送达 ${came(row.cap)}/${sent}，已阅 ${got.read}/${got.people} 人`, `CAP ${came(row.cap)} of ${sent}, read ${got.read}/${got.people}`) : got ? (got.people ? say(`已阅 ${got.read}/${got.people} 人`, `${got.read} of ${got.people} read it`) : say("正在通知", "being told")) : row.exercise ? say("演练，不对外", "exercise, sent to nobody") : row.missing.length ? say(`缺 ${row.missing.join("、")}`, `lacks ${row.missing.join(", ")}`) : row.level_word;
    return [name, line, past(row) ? "warn" : { published: "done", lifted: "done" }[row.state] || "part"];
  }

  /* what people do with it */
  async function take(row, step, tools, more) {
    await post("api/warnings/step", { code: row.code, version: row.version, step: step.step, ...more });
    await tools.again();
    const one = { code: of };
    await read(one, tools);
    tools.toast(say(`${step.title}：${row.title}`, `${step.title}: ${row.title}`));
  }
  const to = (row) => (row.recipients.length ? say(`CAP 消息发给 ${row.recipients.length} 个接收单位：${row.recipients.map((each) => `${each.name}（${each.word}）`).join("、")}。`, `The CAP message goes to ${row.recipients.length}: ${row.recipients.map((each) => `${each.name} (${each.word})`).join(", ")}.`) : say("没有登记接收 CAP 消息的单位，消息只供查取。", "No recipient of CAP is registered: the message can only be fetched."));
  function act(row, step, tools) {
    const sure = window.OneMap.admin.sure, said = el("div", {}, el("p", {}, el("b", { class: `warn-level l${row.level}` }, glyph(row.level), row.level_word), ` ${row.area_words.join(say("、", ", "))}`), inside(row));
    if (step.step === "edit" || step.step === "change") return write(row, step, tools);
    if (step.step === "lift") return tools.form(say(`解除“${row.title}”`, `Lift “${row.title}”`), [{ type: "note", label: say(`解除后发出 CAP 解除消息（Cancel），不能撤回。${row.exercise ? "" : to(row)}`, `A CAP Cancel is told; it cannot be undone. ${row.exercise ? "" : to(row)}`) }, { name: "why", label: say("解除事由", "Why"), required: true, longest: 480, wide: true }], say("解除预警", "Lift"), ({ why }) => take(row, step, tools, { why }), "danger");
    const note = { approve: say("请逐项核对级别、范围、警示事项和措施，核对后发布。", "Check level, area, cautions and measures; it is published in a further step."), publish: row.exercise ? say("演练：只记入演练，不发给任何人。", "An exercise: told to nobody.") : say(`发布后公众页、一张图和范围内各单位立即可见。${to(row)}`, `Seen at once on the public page, on the map, and by everybody in the area. ${to(row)}`), withdraw: row.revision ? say("撤回变更稿，现行预警不变。", "The change is dropped; what stands stays.") : say("撤稿后不再办理，记录保留。", "It is dropped; the record stays.") }[step.step];
    return sure(`${step.title}：${row.title}`, el("div", {}, said, note ? el("p", {}, note) : null), step.title, () => take(row, step, tools));
  }
  /* The step that comes next for whoever is here, by one key. */
  function next(one, tools) {
    const row = (told?.rows || []).find((each) => !OVER.includes(each.state)), step = row && ["approve", "publish"].map((name) => row.steps.find((each) => each.step === name)).find(Boolean);
    if (!step) { tools.toast(say("没有待审批、待发布的预警", "No warning waits for approval or publishing")); return; }
    if (step.why_not) { tools.toast(`${step.title}：${step.why_not}`, "fault"); return; }
    act(row, step, tools);
  }
  async function resend(one, tools) {
    const row = (told?.rows || []).find((each) => each.receipts?.failed || each.cap?.counts.failed);
    if (!row) { tools.toast(say("没有发送失败的消息", "Nothing failed")); return; }
    try { await post("api/incidents/warnings/resend", { command: tools.key(), warning: row.code }); await tools.again(); await read(one, tools); tools.toast(say("失败的消息已重发", "What failed is sent again")); } catch (error) { tools.toast(error.message, "fault"); }
  }

  /* Somebody else changed the paper while this form was open: what they changed is told, what is typed stays, and the next press is made of theirs. */
  async function upon(held, step, tools, more) {
    const was = held.row, titles = { level: say("级别", "level"), areas: say("区划", "areas"), extent: say("范围", "extent"), cautions: say("警示事项", "cautions"), measures: say("措施", "measures"), contact: say("咨询方式", "where to ask"), state_word: say("状态", "state") };
    try { await take(was, step, tools, more); } catch (error) {
      if (error.status !== 409) throw error;
      await read({ code: of }, tools);
      const now = told?.rows.find((each) => each.code === was.code);
      if (!now || now.version === was.version) throw error;
      held.row = now;
      const what = Object.keys(titles).filter((name) => JSON.stringify(was[name]) !== JSON.stringify(now[name])).map((name) => titles[name]);
      throw new Error(say(`他人刚刚改了此稿${what.length ? `：${what.join("、")}` : ""}。您填写的都还在，核对后再按一次，只送出您改过的。`, `Somebody changed this paper meanwhile${what.length ? `: ${what.join(", ")}` : ""}. What you wrote is still here: check it and press once more; what you changed is sent.`));
    }
  }

  function write(row, step, tools) {
    const one = row, held = { row };
    const fields = [
      { name: "level", label: say("级别", "Level"), options: told.proposal.rule.levels.map((each) => [String(each.level), `${LEVELS[each.level]} ${each.word}`]), value: String(one.level) },
      where(one.areas, say("范围图形不变，只改 CAP 消息所列区划和接收单位", "The shape stays; only the codes of the CAP message and its recipients change")),
      { name: "extent", label: say("可能影响的范围", "Where it may reach"), type: "prose", value: one.extent, longest: 2000, wide: true },
      { name: "cautions", label: say("警示事项", "Cautions"), type: "prose", value: one.cautions, longest: 2000, wide: true },
      { name: "measures", label: say("应当采取的措施", "Measures"), type: "prose", value: one.measures, longest: 2000, wide: true },
      { name: "contact", label: say("咨询求助方式", "Where to ask"), value: one.contact, longest: 200, wide: true },
    ];
    tools.form(`${step.title}：${one.title}`, fields, say("保存", "Save"), (given) => {
      const mine = window.OneMap.admin.changed(fields, given), all = { ...coded(given), level: Number(given.level) };
      return upon(held, step, tools, { items: Object.fromEntries(Object.entries(all).filter(([name]) => mine.has(name === "shape" ? "areas" : name))) });
    });
  }
  /* Areas by code: proposed of the shape, a person's to settle among their own. */
  const where = (codes, hint) => ({ name: "areas", label: say(`涉及区划（CAP geocode，决定接收单位）：${hint}`, `Areas by code (CAP geocode, choose the recipients): ${hint}`), type: "ticks", value: codes, all: told.proposal.own_areas, wide: true });
  const coded = ({ areas, ...rest }) => (areas.length ? { ...rest, areas, shape: "kept" } : rest);

  /* One key: what the facts say is there already; the level is the person's. Read anew first: a round computed a moment ago is in it. */
  let drafting = false;
  async function draft(one, tools) {
    if (drafting) return;
    drafting = true;
    await read(one, tools).finally(() => { drafting = false; });
    if (one.code !== of || document.querySelector("dialog[open]")) return;
    if (!told || fault) { tools.toast(fault ? fault.message : say("正在读取", "Reading"), fault ? "fault" : ""); return; }
    if (!tools.may) { tools.toast(say("您的岗位不能拟稿", "Your role drafts none"), "fault"); return; }
    const p = told.proposal, now = p.items, command = tools.key(), care = p.instructions.map((each) => each.care).filter(Boolean);
    const drawn = ring && !drawing && ring.length > 2 ? { type: "Polygon", coordinates: [[...ring, ring[0]].map((point) => [point.lng, point.lat])] } : null;
    const found = drawn ? await post("api/warnings/areas", { polygon: drawn }).catch((error) => { tools.toast(error.message, "fault"); return null; }) : { areas: now.areas, beyond: p.beyond };
    if (!found) return;
    const beyond = found.beyond.length ? say(`还涉及辖区外的 ${found.beyond.join("、")}，范围裁至本辖区`, `Beyond your areas: ${found.beyond.join(", ")}; the shape is cut`) : say("按范围图形推荐，可增减；一个不选则按图形", "Proposed of the shape; none: as the shape says");
    const box = tools.form(say(`拟预警：${one.facts.title}`, `Warning: ${one.facts.title}`), [
      { type: "note", label: `${say("缺", "Missing")} ${p.lacking.join(say("、", ", "))}。${care.length ? say("注意：", "Mind: ") + care.join(" ") : ""}` },
      { name: "level", label: say("级别（由人确定）", "Level (a person's)"), required: true, options: [["", say("请选择", "Choose")], ...p.rule.levels.map((each) => [String(each.level), `${LEVELS[each.level]} ${each.word} ${each.means}`])], value: "", hint: say(`${p.rule.law.text}（${p.rule.law.source}，${p.rule.law.status_word}）；级别含义据${p.rule.source}，${p.rule.status_word}`, `${p.rule.law.text} (${p.rule.law.source}, ${p.rule.law.status_word}); meanings: ${p.rule.source}, ${p.rule.status_word}`) },
      { name: "title", label: say("标题", "Title"), value: now.title, required: true, longest: 120, wide: true },
      ...(drawn || p.geometry ? [where(found.areas, beyond)] : []),
      { name: "extent", label: say("可能影响的范围", "Where it may reach"), type: "prose", value: drawn ? "" : now.extent, longest: 2000, wide: true },
      { name: "cautions", label: say("警示事项", "Cautions"), type: "prose", value: now.cautions, longest: 2000, wide: true },
      { name: "measures", label: say("应当采取的措施", "Measures"), type: "prose", value: now.measures, longest: 2000, wide: true },
      { name: "starts_at", label: say("起始时间", "Starts"), type: "moment", value: now.starts_at },
      { name: "ends_at", label: say("预计结束（可空）", "Expected end"), type: "moment" },
      { name: "issuer", label: say("发布单位", "Issued by"), value: now.issuer, longest: 200 },
      { name: "contact", label: say("咨询求助方式", "Where to ask"), longest: 200 },
      { name: "basis", label: say("研判依据（不公开）", "Basis (not published)"), type: "prose", value: now.basis, longest: 2000, wide: true },
    ], say("存为草稿", "Keep the draft"), async ({ level, areas, ...items }) => {
      const body = { command, code: one.code, level: Number(level), responses: wish.responses, items: { ...items, ...(drawn ? { polygon: drawn, areas } : areas?.length ? { areas, shape: "kept" } : {}) } };
      if (!drawn && wish.radius) body.radius = Number(wish.radius); else if (!drawn && p.zone) body.zone = p.zone;
      if (!wish.band) body.band = "0";
      for (const name of ["ends_at", "starts_at"]) if (!body.items[name]) delete body.items[name];
      await post("api/incidents/warnings/draft", body);
      ring = null;
      await tools.again();
      await read(one, tools);
      tools.toast(say("已存为草稿，须由另一人审批", "Kept; another person approves it"));
    });
    box.classList.add("duty-warn-form");
    box.querySelector("[name=level]")?.focus();
  }

  /* the area by hand: clicks add corners, Enter or the button ends */
  function stop(tools) {
    drawing = false;
    if (hands && tools) { tools.map.off("click", hands); tools.map.getContainer().style.cursor = ""; }
    hands = null;
  }
  function pencil(one, tools) {
    if (drawing) { if (ring.length > 2) stop(tools); else { ring = null; stop(tools); } tools.redraw(); return; }
    ring = [];
    drawing = true;
    hands = (event) => { ring.push(event.latlng); tools.redraw(); };
    tools.map.on("click", hands);
    tools.map.getContainer().style.cursor = "crosshair";
    tools.redraw();
  }
  function paint(one, group) {
    const colour = (name) => getComputedStyle(group._map.getContainer()).getPropertyValue(name).trim();
    for (const row of told?.rows || []) if (row.geometry && !OVER.includes(row.state)) L.geoJSON(row.geometry, { interactive: false, style: { color: colour(COLOURS[row.level]), weight: row.revision ? 3 : 2, dashArray: row.revision ? null : "8 6", fillOpacity: 0.06 } }).addTo(group);
    if (shown && told?.proposal.geometry && !ring) L.geoJSON(told.proposal.geometry, { interactive: false, style: { color: colour("--t1"), weight: 2, dashArray: "3 5", fillOpacity: 0.04 } }).addTo(group);
    if (ring?.length) (ring.length > 2 ? L.polygon(ring, { interactive: false, color: colour("--t1"), weight: 2.5, dashArray: "6 4", fillOpacity: 0.08 }) : L.polyline(ring, { interactive: false, color: colour("--t1"), weight: 2.5 })).addTo(group);
    shown = false;
  }

  /* draw */
  function inside(row) {
    const n = (value) => (value === null || value === undefined ? say("无权查看", "not open") : many(value)), people = row.inside.people?.people ?? null;
    return el("p", { class: "t2" }, "enterprises" in row.inside ? say(`范围内企业 ${n(row.inside.enterprises)} 家、保护目标 ${n(row.inside.targets)} 处${people === null ? "" : `、常住人口约 ${many(people)} 人（估算）`}`, `Inside: ${n(row.inside.enterprises)} enterprises, ${n(row.inside.targets)} targets${people === null ? "" : `, about ${many(people)} residents (estimate)`}`) : say("没有划定范围", "No area"));
  }
  function receipts(row, one, tools) {
    const got = row.receipts;
    if (!got) return null;
    const channel = (each) => el("li", { class: each.failed ? "o" : "", "data-channel": each.channel }, el("b", {}, each.word), !each.set_up ? el("span", { class: "t3" }, each.note) : el("span", {}, say(`送达 ${each.sent}`, `${each.sent} taken`), each.waiting ? say(`，待发 ${each.waiting}`, `, ${each.waiting} waiting`) : "", each.failed ? say(`，失败 ${each.failed}`, `, ${each.failed} failed`) : "", each.note ? el("span", { class: "t3" }, `（${each.note}）`) : null, each.said ? el("span", { class: "t3" }, ` ${each.said}`) : null));
    return el("div", { class: "duty-receipts" },
      el("div", { class: "line" }, el("b", {}, say(`接收 ${got.people} 人，已阅 ${got.read} 人`, `${got.people} told, ${got.read} read it`)), el("span", { class: "sp" }), got.failed ? el("button", { type: "button", class: "button", on: { click: () => resend(one, tools) } }, say("重发失败 ", "Send again "), el("kbd", {}, "R")) : null),
      got.areas.length ? el("p", { class: "t2" }, got.areas.map((each) => `${each.name || say("未分区", "no area")} ${each.read}/${each.people}`).join(say("，", ", "))) : null,
      el("ul", {}, got.channels.map(channel)));
  }
  function pushed(row, one, tools) {
    const cap = row.cap;
    if (!cap) return null;
    const looks = { failed: "o", acknowledged: "", delivered: "", sent: "", waiting: "t3", superseded: "t3" };
    const age = (each) => { const at = each.acknowledged_at || each.sent_at; return at ? ` ${time.dated(new Date(at))}` : each.tries ? say(` 已试 ${each.tries} 次`, ` tried ${each.tries}x`) : ""; };
    return el("div", { class: "duty-receipts", "data-cap": cap.message },
      el("div", { class: "line" }, el("b", {}, cap.rows.length ? say(`CAP ${cap.message} 发给 ${cap.rows.length} 个单位，已确认 ${cap.counts.acknowledged}`, `CAP ${cap.message}: ${cap.rows.length} recipients, ${cap.counts.acknowledged} acknowledged`) : say("CAP 消息没有发给任何单位", "The CAP message went to nobody")), el("span", { class: "sp" }), cap.counts.failed && !row.receipts?.failed ? el("button", { type: "button", class: "button", on: { click: () => resend(one, tools) } }, say("重发失败 ", "Send again "), el("kbd", {}, "R")) : null),
      cap.rows.length ? el("ul", { class: "duty-cap" }, cap.rows.map((each) => el("li", { class: looks[each.state], "data-state": each.state }, el("b", {}, each.to), el("span", {}, `${each.word} ${each.state_word}${age(each)}`, el("span", { class: "t3" }, [each.note, each.said].filter(Boolean).map((words) => `，${words}`).join("")))))) : el("p", { class: "t3" }, say("没有登记接收单位，或发布时尚未登记。", "No recipient was registered when it was published.")));
  }
  function sheet(row, one, tools) {
    const look = { approve: "primary", publish: "primary" }, cap = `${base}api/warnings/cap?code=${encodeURIComponent(row.code)}`;
    return el("li", { class: `duty-warning ${OVER.includes(row.state) ? "over" : ""}`, "data-warning": row.code },
      el("div", { class: "line" }, el("span", { class: `warn-level l${row.level}` }, glyph(row.level), row.level_word), el("b", {}, row.state_word), past(row) ? el("span", { class: "o" }, say(`预计 ${time.dated(new Date(row.ends_at))} 结束，已过，尚未解除`, `was to end ${time.dated(new Date(row.ends_at))}, not lifted`)) : null, row.revision > 1 ? el("span", { class: "t3" }, say(`第 ${row.revision} 次发布`, `revision ${row.revision}`)) : null, el("span", { class: "sp" }), el("a", { class: "link", href: `${base}warnings?id=${encodeURIComponent(row.code)}` }, row.code)),
      el("div", {}, row.title, el("span", { class: "t3" }, ` ${row.area_words.slice(0, 4).join(say("、", ", "))}`)),
      row.missing.length && !OVER.includes(row.state) ? el("p", { class: "o" }, say(`▲ 缺 ${row.missing.join("、")}`, `▲ missing: ${row.missing.join(", ")}`)) : null,
      row.state === "lifted" ? el("p", { class: "t2" }, say(`已解除：${row.lifted_why}`, `Lifted: ${row.lifted_why}`)) : OVER.includes(row.state) ? null : inside(row),
      el("p", { class: "t3" }, say(`拟稿 ${duty.who(row.drafted_by)}，审批 ${duty.who(row.approved_by) || "未审批"}`, `drafted ${duty.who(row.drafted_by)}, approved ${duty.who(row.approved_by) || "not yet"}`), row.missing.length ? null : [say("，", ", "), el("a", { class: "link", href: cap, download: `${row.code}.cap.xml` }, "CAP 1.2")]),
      row.steps.length && tools.may ? el("div", { class: "duty-buttons" }, row.steps.filter((each) => each.step !== "return" || !each.why_not).map((each) => el("button", { type: "button", class: `button ${look[each.step] || ""}`, "data-warn-step": each.step, disabled: each.why_not ? true : null, title: each.why_not || null, on: { click: () => act(row, each, tools) } }, each.title, ["approve", "publish"].includes(each.step) && !each.why_not ? [" ", el("kbd", {}, "Y")] : null))) : null,
      ...row.steps.filter((each) => each.why_not).slice(0, 1).map((each) => el("p", { class: "t3" }, `${each.title}：${each.why_not}`)),
      receipts(row, one, tools), pushed(row, one, tools));
  }
  function choose(one, tools) {
    const p = told.proposal, again = () => read(one, tools);
    const zones = p.zones.length ? el("div", { class: "duty-picks", role: "radiogroup", "aria-label": say("范围", "Area") }, p.zones.map((zone) => el("button", { type: "button", role: "radio", class: "button", "aria-checked": String(!wish.radius && p.zone === zone.code), on: { click: () => { wish.zone = zone.code; wish.radius = ""; ring = null; again(); } } }, zone.title, el("span", { class: "t3" }, ` ${window.OneMap.thousands(Math.ceil(zone.distance / 10) * 10)} m${zone.banded ? say("，有风向带", ", band") : ""}`)))) : el("p", { class: "t2" }, say("没有可用的情景影响区：按半径划定，或在图上画。", "No zone of a scenario: by a radius, or drawn on the map."));
    const radius = el("input", { type: "number", min: 50, max: 20000, step: 50, value: wish.radius, "aria-label": say("半径（米）", "Radius (m)"), placeholder: say("半径 米", "radius m"), on: { change: (event) => { wish.radius = event.target.value; ring = null; again(); } } });
    const people = p.people?.state === "ready" ? say(`常住人口约 ${many(p.people.people)} 人（估算，${p.people.date || "年份未知"}）`, `about ${many(p.people.people)} residents (estimate, ${p.people.date || "year unknown"})`) : p.people?.note || "";
    return el("section", {}, el("div", { class: "line" }, el("h3", {}, say("拟一件预警", "Draft a warning")), el("span", { class: "sp" }), p.scenario ? el("span", { class: "t3" }, say(`情景 ${p.scenario}`, `scenario ${p.scenario}`)) : null),
      zones,
      el("div", { class: "duty-buttons" }, radius, el("button", { type: "button", class: "button", "data-needs": "map", "aria-pressed": String(drawing), on: { click: () => pencil(one, tools) } }, drawing ? say(`完成（${ring.length} 点）`, `Done (${ring.length})`) : ring ? say("重画", "Draw again") : say("图上画范围", "Draw on the map")),
        p.zones.some((zone) => zone.banded) ? el("label", { class: "duty-tick" }, el("input", { type: "checkbox", checked: wish.band ? true : null, on: { change: (event) => { wish.band = event.target.checked; again(); } } }), say("含风向带", "with the band")) : null),
      el("div", { class: "duty-buttons", role: "group", "aria-label": say("公众应对", "What people should do") }, DO.map(([code, words]) => el("button", { type: "button", class: "button", "aria-pressed": String(wish.responses.includes(code)), "data-do": code, on: { click: () => { wish.responses = wish.responses.includes(code) ? wish.responses.filter((each) => each !== code) : [...wish.responses, code]; again(); } } }, words))),
      p.geometry || ring ? el("p", { class: "t2" }, ring ? say(`手绘范围 ${ring.length} 点`, `drawn by hand, ${ring.length} corners`) : [p.areas.join(say("、", ", ")), people].filter(Boolean).join(say("；", "; "))) : null,
      p.beyond.length ? el("p", { class: "o" }, say(`▲ 还涉及辖区外的 ${p.beyond.join("、")}：须报上一级，并通报毗邻地区（突发事件应对法第六十四条）`, `▲ reaches beyond your areas: ${p.beyond.join(", ")}; tell the level above and the neighbours (article 64)`)) : null,
      p.doubts.length ? el("p", { class: "o" }, `▲ ${p.doubts.join(say("；", "; "))}`) : null,
      el("p", { class: p.lacking.length > 1 ? "o" : "t2" }, say(`拟稿时尚缺：${p.lacking.join("、")}`, `still missing: ${p.lacking.join(", ")}`)),
      el("details", { class: "duty-elsewhere" }, el("summary", {}, say("措施用语的来源", "Where the instructions come from")), el("ul", {}, p.instructions.map((each) => el("li", {}, el("b", {}, each.word), ` ${each.text}`, el("div", { class: "t3" }, `${each.source}（${each.status_word}）`)))), el("p", { class: "t3" }, `${p.rule.zone.text}（${p.rule.zone.status_word}）`)),
      el("div", { class: "duty-buttons" }, el("button", { type: "button", class: "button primary", id: "duty-warn-draft", on: { click: () => draft(one, tools) } }, say("拟稿 ", "Draft "), el("kbd", {}, "W"))));
  }
  function panel(one, tools) {
    shown = true;
    const again = () => el("button", { type: "button", class: "button", on: { click: () => read(one, tools) } }, say("重试", "Try again"));
    if (fault && !told) return el("section", {}, el("h3", {}, say("预警", "Warning")), el("p", { class: "o", role: "alert" }, fault.status === 403 ? say("您的岗位无权查看预警文稿；已发布的预警见公众页。", "Papers of warnings are not open to your role; what is published is on the public page.") : fault.message), fault.status === 403 ? null : again());
    if (!told) return el("section", {}, el("h3", {}, say("预警", "Warning")), el("p", { class: "t2" }, say("正在读取", "Reading")));
    const rows = told.rows, closed = ["false", "merged"].includes(one.facts.state);
    return el("div", { class: "duty-warn" },
      fault ? el("section", {}, el("p", { class: "o", role: "alert" }, say(`▲ ${fault.message}；下面是上次读到的`, `▲ ${fault.message}; below is what was read before`)), again()) : null,
      rows.length ? el("section", {}, el("h3", {}, one.exercise ? say("本演练的预警（不对外）", "Warnings of this exercise (told to nobody)") : say("本事件的预警", "Warnings of this incident")), el("ul", { class: "duty-warnings" }, rows.map((row) => sheet(row, one, tools)))) : null,
      tools.may && !closed ? choose(one, tools) : rows.length ? null : el("section", {}, el("h3", {}, say("预警", "Warning")), el("p", { class: "t2" }, say("未做", "Not done"))));
  }

  let due = 0;
  const later = (one, tools) => { clearTimeout(due); due = setTimeout(() => read(one, tools), 400); };
  duty.room(6, {
    figure, panel, opened, map: paint, layers: ["warning_papers", "warnings", "exercise_warning_papers", "exercise_warnings", "incidents", "exercise_incidents", "incident_log"],
    changed: (keys, one, tools) => later(one, tools),
    keys: [["W", say("拟预警", "warn"), draft], ["Y", say("审批、发布", "approve, publish"), next], ["R", say("重发", "send again"), resend]],
  });
  /* receipts come while the page stands: they are not in the feed */
  const open = (row) => row.cap?.counts.waiting || (!OVER.includes(row.state) && row.receipts && (row.receipts.read < row.receipts.people || !row.receipts.people || row.cap?.counts.delivered || row.cap?.counts.sent || !row.cap?.rows.length));
  setInterval(() => { if (bench && !document.hidden && (told?.rows || []).some(open) && !document.querySelector("dialog[open]")) read(bench.one, bench.tools); }, 10000);
})();
