/* What is known of the incident that is open, as a person writes it: what it is, where, whose, of which substance, its losses. What somebody
   else wrote meanwhile is told, and nothing that was typed is lost. */
(function () {
  "use strict";
  const { el, say, get, debounce } = window.OneMap;
  const duty = window.OneMap.duty;
  const FROM = { hazard_sources: "hazard_source", enterprises: "enterprise" }, UNTOLD = say("未填", "not told");
  const MOMENTS = ["occurred_at", "unit_told_at", "unit_reported_at"]; // where clocks of the law begin and end
  const QUIET = new Set(["observed_at", "scenario", "closed_at", "confirmed_at", "responding_at", "controlled_at"]);

  function wrong(field, value, rule) {
    const fault = new Error(rule);
    fault.faults = [{ field, value: String(value), rule }];
    return fault;
  }
  const plain = (text) => String(text || "").normalize("NFKC").trim(); // full-width figures are figures

  /* Longitude and latitude as typed; null where none is. */
  function spotOf(field, text) {
    const words = plain(text).replace(/[、;]/g, ",");
    if (!words) return null;
    const found = /^(-?\d{1,3}(?:\.\d+)?)[\s,]+(-?\d{1,3}(?:\.\d+)?)$/.exec(words), lon = Number(found?.[1]), lat = Number(found?.[2]);
    if (found && Math.abs(lon) <= 90 && Math.abs(lat) > 90 && Math.abs(lat) <= 180) throw wrong(field, text, say("经度在前，纬度在后", "longitude first, then latitude"));
    if (!found || Math.abs(lon) > 180 || Math.abs(lat) > 90) throw wrong(field, text, say("应为“经度, 纬度”，如 121.95210, 33.18340", "is “longitude, latitude”, as 121.95210, 33.18340"));
    return { lon, lat };
  }

  function figure(field, text, whole) {
    const words = plain(text);
    if (!words) return null;
    if (!(whole ? /^\d{1,7}$/ : /^\d{1,9}(\.\d+)?$/).test(words)) throw wrong(field, text, whole ? say("应为 0 以上的整数，不知道就留空", "is a whole number from 0; blank where nobody knows") : say("应为 0 以上的数，不知道就留空", "is a number from 0; blank where nobody knows"));
    return Number(words);
  }

  /* A hazard source or an enterprise by search; Enter takes the first. Its value is { hazard_source } or { enterprise }, or what was typed and not chosen. */
  function register(now) {
    return (id) => {
      let chosen = null, of = "", entered = false; // what the list was found for; Enter waits for what is typed
      const input = el("input", { type: "search", id, name: "named", autocomplete: "off", maxlength: 100, placeholder: say("名称、编码、物质；回车取第一个", "name, code, substance; Enter takes the first") }), hits = el("ul", { class: "duty-hits", hidden: true }), told = el("small", { class: "t3", role: "status" }, now);
      const node = el("div", { class: "adm-field wide" }, el("label", { for: id }, say("重大危险源或企业（可空；带出单位、物质、位置）", "Hazard source or enterprise (may be blank; tells firm, substance, place)")), input, hits, told);
      function take(hit) {
        chosen = { [FROM[hit.layer]]: hit.key };
        input.value = hit.label;
        hits.hidden = true;
        told.textContent = say(`已选${hit.title} ${hit.label} ${hit.key}`, `Chosen: ${hit.title} ${hit.label} ${hit.key}`);
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
      const seek = debounce(async () => {
        const words = input.value.trim();
        if (!words) { hits.hidden = true; return; }
        try {
          const found = (await get(`api/search?q=${encodeURIComponent(words)}`)).hits.filter((hit) => FROM[hit.layer]).sort((a, b) => Number(b.layer === "hazard_sources") - Number(a.layer === "hazard_sources")).slice(0, 8);
          if (words !== input.value.trim() || chosen) return;
          of = words;
          hits.replaceChildren(...(found.length ? found.map((hit) => el("li", {}, el("button", { type: "button", on: { click: () => take(hit) } }, el("b", {}, hit.label), el("span", { class: "t3" }, `${hit.title} ${hit.snippet || ""}`)))) : [el("li", { class: "t3" }, say("没有找到重大危险源或企业", "No hazard source or enterprise found"))]));
          if (entered && found.length) return take(found[0]);
        } catch (fault) { of = ""; hits.replaceChildren(el("li", { class: "o" }, fault.message)); }
        entered = false;
        hits.hidden = false;
      }, 200);
      input.addEventListener("input", () => { chosen = null; entered = false; told.textContent = now; seek(); });
      input.addEventListener("keydown", (event) => { if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || chosen || !input.value.trim()) return; event.preventDefault(); if (of === input.value.trim()) hits.querySelector("button")?.click(); else { entered = true; seek(); } });
      return { node, field: input, value: () => chosen || (input.value.trim() ? { typed: input.value.trim() } : null) };
    };
  }
  function named(given) {
    if (given?.typed) throw wrong("named", given.typed, say("没有选中：从列表中选一个，或清空", "nothing chosen: choose one of the list, or leave it blank"));
    return given || {};
  }

  /* What somebody changed between two readings, for who has a form open. */
  function moved(before, after) {
    const value = (one, name) => { const v = one.facts[name]; return v === null || v === undefined || v === "" ? UNTOLD : one.facts[`${name}_word`] || (name === "response" ? one.response.word : name === "level" ? one.grade.word : /^\d{4}-\d\d-\d\dT/.test(v) ? duty.short(v) : String(v).slice(0, 40)); };
    const names = Object.keys(after.titles).filter((name) => !QUIET.has(name) && JSON.stringify(before.facts[name]) !== JSON.stringify(after.facts[name]));
    const place = JSON.stringify(before.facts.place) === JSON.stringify(after.facts.place) ? [] : [say("位置", "place")];
    return [...names.map((name) => `${after.titles[name]} ${value(before, name)} → ${value(after, name)}`), ...place].join(say("；", "; "));
  }
  /* A command on the version that was seen: where somebody was first, `held` becomes what stands now, and the next press is made of that. */
  async function upon(held, tools, path, body) {
    try { return await tools.send(path, { ...body, code: held.one.code, version: held.one.version }); } catch (fault) {
      if (fault.status !== 409) throw fault;
      const fresh = await get(`api/incidents/one?code=${encodeURIComponent(held.one.code)}`);
      if (fresh.version === held.one.version) throw fault;
      const what = moved(held.one, fresh);
      held.one = fresh;
      await tools.shown(fresh);
      throw new Error(say(`他人刚刚处置了该事件${what ? `：${what}` : ""}。您填写的都还在，核对后再按一次即送出。`, `Somebody led it meanwhile${what ? `: ${what}` : ""}. What you wrote is still here: check it and press once more.`));
    }
  }

  const areas = (choices) => choices.areas.filter((each) => each.code.length >= 6).map((each) => [each.code, each.name]);
  const at = (place) => (place ? `${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}` : "");

  /* What is left as it was is not sent. */
  function told(one, tools, choices, first) {
    const command = tools.key(), f = one.facts, held = { one }, mine = areas(choices), known = choices.chemicals.some((each) => each.cas === f.chemical);
    const before = { title: f.title, kind: f.kind, area: f.area, address: f.address || "", enterprise_name: f.enterprise_name || "", chemical: f.chemical || "", chemical_name: f.chemical_name || "", ...Object.fromEntries(MOMENTS.map((name) => [name, f[name] || ""])), reporter: f.reporter || "", reporter_phone: f.reporter_phone || "", summary: f.summary || "", measures: f.measures || "" };
    const line = (name, longest, more) => ({ name, label: one.titles[name], value: before[name], longest, ...more });
    const box = tools.form(say("填写事件情况", "What is known"), [
      ...MOMENTS.map((name) => line(name, 0, { type: "moment" })),
      line("title", 120, { required: true }),
      { name: "kind", label: one.titles.kind, options: choices.kinds.map((each) => [each.code, each.name]), value: f.kind },
      { name: "area", label: one.titles.area || say("区划", "Area"), options: mine.some(([code]) => code === f.area) ? mine : [[f.area, f.area_name], ...mine], value: f.area },
      { type: "made", name: "named", make: register([f.hazard_source && say(`现为重大危险源 ${f.hazard_source}`, `now hazard source ${f.hazard_source}`), f.enterprise && say(`企业 ${f.enterprise}`, `enterprise ${f.enterprise}`)].filter(Boolean).join(say("，", ", ")) || say("未关联", "none linked")) },
      line("enterprise_name", 120), line("address", 200),
      { name: "spot", label: say("经纬度（经度在前；也可收起后按 L 在图上点）", "Longitude, latitude (or close this and press L to click the map)"), value: at(f.place), longest: 60 },
      { name: "chemical", label: say("涉及物质", "Substance"), options: [["", say("未知或另填名称", "unknown, or by name")], ...(f.chemical && !known ? [[f.chemical, `${f.chemical_name} ${f.chemical}`]] : []), ...choices.chemicals.map((each) => [each.cas, `${each.name} ${each.cas}`])], value: f.chemical || "" },
      line("chemical_name", 80, { when: (now) => !now.chemical }),
      ...("reporter" in f ? [line("reporter", 200)] : []), ...("reporter_phone" in f ? [line("reporter_phone", 40)] : []),
      line("summary", 1900, { type: "prose", wide: true }), line("measures", 1900, { type: "prose", wide: true }),
    ], say("保存", "Save"), async (given) => {
      const facts = { ...named(given.named) }, spot = spotOf("spot", given.spot);
      for (const [name, was] of Object.entries(before)) {
        if (given[name] === undefined) continue;
        if (MOMENTS.includes(name)) { if ((given[name] ? new Date(given[name]).getTime() : 0) !== (was ? Math.floor(new Date(was) / 60000) * 60000 : 0)) facts[name] = given[name] || null; } else { const now = (given[name] || "").replace(/\s+/g, " ").trim(); if (now !== was.replace(/\s+/g, " ").trim()) facts[name] = now; }
      }
      if (facts.chemical) facts.chemical_name = choices.chemicals.find((each) => each.cas === facts.chemical)?.name || f.chemical_name || "";
      const place = spot && at(spot) !== at(f.place) ? spot : {};
      if (!spot && f.place) throw wrong("spot", "", say("位置可以改，不能清空", "a place may be another, not none"));
      if (Object.keys(facts).length || "lon" in place) await upon(held, tools, "correct", { command, facts, why: "", ...place });
    });
    if (first) box.querySelector(`[name=${first}]`)?.focus();
  }

  /* Where it is, by a click on the map. */
  function placed(one, tools, choices, latlng) {
    const command = tools.key(), held = { one }, f = one.facts, mine = areas(choices), spot = { lon: Number(latlng.lng.toFixed(6)), lat: Number(latlng.lat.toFixed(6)) };
    const away = f.place ? window.OneMap.geo.distance({ lat: f.place.lat, lng: f.place.lon }, { lat: spot.lat, lng: spot.lon }) : null;
    tools.form(say(`标位置：${f.title}`, `Place of ${f.title}`), [
      { type: "note", label: say(`位置 ${at(spot)}${away === null ? "（原来没有位置）" : `，离原位置 ${window.OneMap.length(away)}`}。以前各轮影响区不动，须重算。`, `At ${at(spot)}${away === null ? " (none was known)" : `, ${window.OneMap.length(away)} from where it was`}. Rounds computed before stay where they are: compute anew.`) },
      { name: "area", label: one.titles.area || say("区划", "Area"), options: mine.some(([code]) => code === f.area) ? mine : [[f.area, f.area_name], ...mine], value: f.area },
      { name: "address", label: one.titles.address, value: f.address || "", longest: 200, wide: true },
    ], say("标位置", "Place it"), async (given) => {
      const facts = Object.fromEntries(["area", "address"].filter((name) => (given[name] || "").trim() !== (f[name] || "")).map((name) => [name, given[name].trim()]));
      await upon(held, tools, "correct", { command, facts, why: "", ...spot });
    });
  }

  function losses(one, tools) {
    const command = tools.key(), held = { one }, f = one.facts, names = ["deaths", "missing", "serious_injuries", "minor_injuries", "trapped", "evacuated"];
    const had = (name) => (f[name] === null || f[name] === undefined ? "" : String(name === "direct_loss" ? f[name] / 10000 : f[name]));
    tools.form(say("更正伤亡损失", "Correct losses"), [{ type: "note", label: one.correct_until ? say(`未知的留空；伤亡变化补报期至 ${duty.short(one.correct_until.at)}（${one.correct_until.basis}）`, `Leave blank what is unknown; casualties may change until ${duty.short(one.correct_until.at)}`) : say("未知的留空；发生时间未填。", "Leave blank what is unknown; nobody told when it happened.") },
      ...names.map((name) => ({ name, label: one.titles[name], value: had(name) })), { name: "direct_loss", label: say("直接经济损失（万元）", "Direct loss (10,000 yuan)"), value: had("direct_loss") },
      ...(f.state === "closed" && !f.occurred_at ? [{ name: "occurred_at", label: one.titles.occurred_at, type: "moment", value: "" }] : []), { name: "why", label: say("事由（等级改变或事件已结束时必填）", "Why (where the level changes, or it is over)"), longest: 400, wide: true }], say("更正", "Correct"), async (given) => {
      const facts = Object.fromEntries(names.map((name) => [name, figure(name, given[name], true)])), loss = figure("direct_loss", given.direct_loss, false);
      facts.direct_loss = loss === null ? null : Math.round(loss * 10000);
      for (const name of Object.keys(facts)) if (facts[name] === (f[name] ?? null)) delete facts[name];
      if (given.occurred_at) facts.occurred_at = given.occurred_at;
      await upon(held, tools, "correct", { command, facts, why: given.why || "" });
    });
  }

  Object.assign(duty, { known: { told, placed, losses, register, named, upon, wrong } });
})();
