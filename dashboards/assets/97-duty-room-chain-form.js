/* The scenario of an incident filled for a person to check: each value with where it is from and how old, the rest asked. */
(function () {
  "use strict";
  const { el, say, get, time, length } = window.OneMap;
  const duty = window.OneMap.duty;
  const PLAIN = /^[-+]?(\d+\.?\d*|\.\d+)$/; // 1e3 is a slip of the finger at a desk, and a thousand
  const plan = () => window.OneMap.plan;
  const unit = (spec) => plan().unitOf(spec).replace(/^1$/, "").replace("deg", "°").replace("m2", "m²").replace("m3", "m³");
  const shown = (spec, value) => (value === null || value === undefined ? "" : typeof value === "number" ? String(plan().shown(spec, value)) : String(value));

  /* Where a value is from and how old, in one line. */
  function from(origin) {
    if (!origin) return "";
    const age = origin.at ? say(`${time.age(origin.at)}`, time.age(origin.at)) : "";
    return [origin.stale ? say("过期", "stale") : "", origin.text, age, origin.note && !origin.stale ? origin.note : ""].filter(Boolean).join(say("，", ", "));
  }

  function entry(spec, kept, chemicals, last) {
    const asked = spec.value === null || spec.value === undefined, mark = unit(spec), name = spec.name, round = last?.inputs.find((each) => each.name === name && typeof each.value === typeof (spec.value ?? each.value));
    const typed = kept[name] ?? (round && asked ? shown(spec, round.value) : undefined), before = round && asked && kept[name] === undefined;
    const common = { name, required: Boolean(spec.required), hint: before ? say(`第 ${last.number} 轮填写，请核对`, `typed for round ${last.number}: check it`) : asked && spec.why ? say(`待填：${spec.why}`, `Asked: ${spec.why}`) : from(spec.origin), label: mark ? say(`${spec.title}（${mark}）`, `${spec.title} (${mark})`) : spec.title, spec };
    if (name === "chemical") {
      const known = chemicals.map((one) => [one.cas, `${one.name} ${one.cas}`]), few = (spec.among || []).length ? known.filter(([cas]) => spec.among.includes(cas)) : [];
      return { ...common, options: [...(asked && !typed ? [["", "—"]] : []), ...few, ...known.filter(([cas]) => !few.some(([one]) => one === cas))], value: typed ?? spec.value ?? "" };
    }
    if (spec.options) return { ...common, options: [...(asked ? [["", "—"]] : []), ...spec.options.map((one) => [one.id, one.title])], value: typed ?? String(spec.value ?? "") };
    return { ...common, value: typed ?? shown(spec, spec.value) };
  }

  /* What stands in a field, full-width figures as figures. */
  const written = (given, each) => String(given[each.name] ?? (each.spec.value === null || each.spec.value === undefined ? "" : shown(each.spec, each.spec.value))).normalize("NFKC").trim();
  /* A fault as the form has it: what was typed and what is allowed in the unit of the field, where the server tells it in its own. */
  function plainly(wrong, each, text) {
    const { low, high, open_low: open } = each.spec, is = (value) => plan().asField(each.spec, value), known = (value) => typeof value === "number";
    wrong.value = text;
    if (each.spec.options || each.name === "chemical" || !text) return;
    if (!PLAIN.test(text)) wrong.rule = unit(each.spec) ? say(`应为数，以 ${unit(each.spec)} 计，如 25`, `is a number of ${unit(each.spec)}, as 25`) : say("应为数，如 25", "is a number, as 25");
    else if (known(low) || known(high)) wrong.rule = [known(low) ? say(`应${open ? "大于" : "不小于"} ${is(low)}`, `is ${open ? "above" : "at least"} ${is(low)}`) : "", known(high) ? say(`${known(low) ? "" : "应"}不大于 ${is(high)}`, `at most ${is(high)}`) : ""].filter(Boolean).join(say("，", ", "));
  }

  /* Which tank, which station, which kind of release: another choice fills the form anew, and what was typed stays. */
  function choosing(found, again) {
    const pick = (label, name, options, value) => el("div", { class: "adm-field" }, el("label", { for: `chain-${name}` }, label), el("select", { id: `chain-${name}`, on: { change: (event) => { event.stopPropagation(); again(name, event.target.value); } } }, options.map(([id, words]) => el("option", { value: id, selected: id === value }, words))));
    const key = found.source ? `${found.source.layer}/${found.source.key}` : "";
    const why = found.kinds.find((one) => one.id === found.kind)?.why;
    const stations = found.stations.map((one) => [one.code, `${one.name} ${length(one.distance)}${say("，", ", ")}${one.stale ? say("过期 ", "stale ") : ""}${time.age(one.at)}`]);
    return el("div", { class: "wide chain-choose" },
      pick(say("泄漏或起火的设施", "What leaks or burns"), "source", [...(key ? [] : [["", found.sources.length ? say("请选择", "Choose") : say("没有登记的储罐", "No tank is recorded")]]), ...found.sources.map((one) => [`${one.layer}/${one.key}`, `${one.title} ${one.chemical}${one.away === null || one.away === undefined ? "" : ` ${length(one.away)}`}`])], key),
      pick(say("释放方式", "Release") + (why ? say(`（${why}）`, ` (${why})`) : ""), "kind", found.kinds.map((one) => [one.id, one.title]), found.kind),
      pick(say("气象", "Weather"), "station", [...stations, ["", say("手工填写", "typed")]], found.station));
  }

  async function fill(one, tools, wish = {}, kept = {}, last = null) {
    const asked = new URLSearchParams({ code: one.code });
    for (const name of ["kind", "layer", "key", "station"]) if (wish[name] !== undefined) asked.set(name, wish[name]);
    let found;
    try { found = await get(`api/incidents/prefill?${asked}`); } catch (fault) { tools.toast(fault.message, "fault"); return; }
    const command = tools.key(), fields = found.fields.filter((each) => !each.name.startsWith("ground.") && each.name !== "period"), rest = [...found.fields.filter((each) => !fields.includes(each)), ...found.optional];
    const entries = [...fields, ...rest].map((spec) => entry(spec, kept, found.chemicals, last));
    const missing = entries.filter((each) => each.required && !String(each.value));
    const begun = found.begun_at, at = begun.value ? new Date(begun.value) : null;
    const kindly = new Set(rest.map((each) => each.name));
    let box = null;
    const again = (name, value) => {
      const typed = Object.fromEntries(entries.map((each) => [each.name, box.querySelector(`[name="${each.name}"]`)?.value]).filter(([field, text]) => text !== undefined && text !== shown(entries.find((each) => each.name === field).spec, entries.find((each) => each.name === field).spec.value)));
      const next = { ...wish, ...(name === "source" ? (value ? { layer: value.split("/")[0], key: value.slice(value.indexOf("/") + 1) } : { layer: undefined, key: undefined }) : { [name]: value }) };
      if (name === "source") delete next.kind;
      const stays = Object.fromEntries(Object.entries(typed).filter(([field]) => (name === "station" ? !field.startsWith("weather.") : name === "source" ? !field.startsWith("release.") && field !== "chemical" : true)));
      box.close();
      fill(one, tools, next, stays, last);
    };
    const heading = say(`情景：${one.facts.title}`, `Scenario: ${one.facts.title}`);
    box = tools.form(heading, [
      { type: "made", name: "", make: () => ({ node: choosing(found, again), value: () => undefined }) },
      { type: "note", label: missing.length ? say(`待填 ${missing.length} 项：${missing.map((each) => each.spec.title).join("、")}。其余按登记和实测填好，请核对。`, `To be filled: ${missing.map((each) => each.spec.title).join(", ")}. The rest is as recorded; check it.`) : say("已按登记和实测填好，请核对。", "Filled as recorded; check it.") },
      ...found.notes.map((words) => ({ type: "note", label: `▲ ${words}` })),
      ...entries.filter((each) => !kindly.has(each.name)),
      { name: "begun_at", type: "moment", label: say("释放开始时间", "Release began at"), value: at ? at.toISOString() : "", hint: begun.why ? say(`待填：${begun.why}`, `Asked: ${begun.why}`) : from(begun.origin) },
      { name: "more", label: say("其他输入（地表、时段、容器尺寸等）", "Other inputs (ground, period, vessel)"), options: [["", say("按默认值", "as they are")], ["1", say("查看和填写", "look and fill in")]], value: "" },
      ...entries.filter((each) => kindly.has(each.name)).map((each) => ({ ...each, required: false, when: (now) => now.more === "1" })),
      { name: "note", label: say("说明（可空）", "Note (may be blank)"), longest: 400, wide: true },
    ], say("计算", "Compute"), async (given) => {
      const values = {};
      for (const each of entries) {
        const text = written(given, each);
        if (text === "") continue;
        values[each.name] = text === shown(each.spec, each.spec.value) ? each.spec.value : each.spec.options || each.name === "chemical" ? text : PLAIN.test(text) ? plan().inSi(each.spec, Number(text)) : text;
      }
      const same = at && given.begun_at && Math.floor(at / 60000) === Math.floor(new Date(given.begun_at) / 60000);
      const body = { command, code: one.code, kind: found.kind, values, note: (given.note || "").replace(/\s+/g, " "), begun_at: same ? begun.value : given.begun_at || null };
      if (wish.layer) Object.assign(body, { layer: wish.layer, key: wish.key });
      if (wish.station !== undefined) body.station = wish.station;
      try { await duty.air.computed(body, tools); } catch (fault) {
        for (const wrong of fault.faults || []) { const parts = wrong.field.split("."), hinted = /[（(]([a-z_]+)[)）]/.exec(wrong.rule || ""); if (parts[0] === "release" && parts.length > 2) wrong.field = `release.${parts.slice(2).join(".")}`; else if (parts.length === 1 && hinted) wrong.field = `release.${hinted[1]}`; const each = entries.find((one) => one.name === wrong.field); if (each) plainly(wrong, each, written(given, each)); }
        throw fault;
      }
    });
    box.classList.add("chain-form");
    const first = missing[0] && box.querySelector(`[name="${missing[0].name}"]`);
    if (first) first.focus();
  }

  duty.air = { ...(duty.air || {}), fill, from };
})();
