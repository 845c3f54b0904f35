/* A scenario is written in a form made from the server's own list of fields, in the units people use; what is kept is SI. */
(function () {
  "use strict";
  const { el, say, get, english } = window.OneMap;
  const plan = window.OneMap.plan;
  const DEFAULTS = { wind_height: 10, ambient_pressure: 101325 };
  const WORDS = new Set(["title", "chemical", "release.kind", "levels", "period", "model", "weather.stability", "ground.terrain"]);

  let offered = null;
  const choices = async () => (offered = offered || (await get("api/planner/choices")));

  const unit = (field) => plan.unitOf(field).replace(/^1$/, "").replace("deg", "°").replace("m2", "m²").replace("m3", "m³");
  const allowed = (field) => {
    const bound = (value, mark) => (value === null || value === undefined ? "" : `${mark} ${plan.shown(field, value)}`);
    const range = [bound(field.low, field.open_low ? ">" : "≥"), bound(field.high, "≤")].filter(Boolean).join(say("，", ", "));
    const ways = (field.ways || []).filter((way) => !english || !/[\u4e00-\u9fff]/.test(way)).slice(0, 5).join(" ");
    return [range ? `${range} ${unit(field)}`.trim() : "", (field.ways || []).length > 1 ? say(`可写 ${ways}`, `may be written in ${ways}`) : ""].filter(Boolean).join(say("；", "; "));
  };
  const spelt = (field, value) => (value === null || value === undefined ? "" : typeof value === "number" ? String(plan.shown(field, value)) : String(value));

  function entry(part, field, now) {
    const name = `${part}.${field.name}`, value = now ?? field.default ?? DEFAULTS[field.name], required = field.required;
    if (field.options) return { name, required, label: field.title, options: field.options.map((one) => [one.id, one.title]), value: String(value ?? (field.name === "stability" ? "D" : "")) };
    const mark = unit(field);
    return { name, required, label: mark ? say(`${field.title}（${mark}）`, `${field.title} (${mark})`) : field.title, hint: allowed(field), value: spelt(field, value), field };
  }

  /* Levels of one's own: a name, a value, a unit each; as many rows as are wanted. */
  const UNITS = ["ppm", "mg/m3", "W/m2", "Pa"];
  function ownLevels(given) {
    const list = el("div", { class: "plan-own" });
    const cell = (attributes, words) => el("input", { ...attributes, type: "text", "aria-label": words, placeholder: words, autocomplete: "off" });
    function row(one) {
      const name = cell({ value: one?.name || "", maxlength: 60 }, say("名称", "Name")), value = cell({ value: one?.value ?? "", inputmode: "decimal" }, say("数值", "Value"));
      const unit = el("select", { "aria-label": say("单位", "Unit") }, UNITS.map((each) => el("option", { value: each, selected: each === one?.unit }, each.replace("m3", "m³").replace("m2", "m²"))));
      const line = el("div", { class: "plan-own-row" }, name, value, unit, el("button", { type: "button", class: "link", "aria-label": say("删去这一行", "Remove this row"), on: { click: () => line.remove() } }, "✕"));
      line.read = () => ({ name: name.value.trim(), value: Number(value.value), unit: unit.value });
      list.append(line);
    }
    for (const one of Array.isArray(given) && given.length ? given : [null]) row(one);
    const more = el("button", { type: "button", class: "link", on: { click: () => { row(null); list.lastChild.querySelector("input").focus(); } } }, say("增加一级", "Add a level"));
    const node = el("fieldset", { class: "wide" }, el("legend", {}, say("自定限值", "Levels of one's own")), list, more);
    return { node, value: () => [...list.children].map((line) => line.read()).filter((one) => one.name || one.value) };
  }

  function fields(all, given, help) {
    const seen = new Map();
    for (const kind of all.kinds) for (const field of kind.fields) {
      if (!seen.has(field.name)) seen.set(field.name, { field, kinds: new Map() });
      seen.get(field.name).kinds.set(kind.id, field);
    }
    const pairs = (list) => list.map((one) => [one.id, one.title]);
    const known = all.chemicals.map((one) => [one.cas, `${one.name} ${one.cas}`]);
    const kinds = all.kinds.map((one) => [one.id, one.computable ? one.title : say(`${one.title}（尚不能计算）`, `${one.title} (not computed yet)`)]);
    const own = Array.isArray(given.levels);
    const asked = (of) => (now) => of.has(now["release.kind"]) && (of.get(now["release.kind"]).leaks || [now["release.leak"]]).includes(now["release.leak"]);
    const needed = (of) => (now) => { const field = of.get(now["release.kind"]); return Boolean(field) && (field.required || (field.needed || []).includes(now["release.leak"])); };
    return [
      { type: "made", name: "", make: () => ({ node: help.source, value: () => undefined }) },
      { name: "title", label: say("名称", "Name"), required: true, longest: 200, value: given.title },
      { name: "chemical", label: say("化学品", "Chemical"), required: true, options: known, value: given.chemical },
      { name: "place.lon", label: say("经度（度）", "Longitude (deg)"), required: true, value: String(given.place?.lon ?? ""), hint: say("也可在图上拖动释放点", "or drag the source on the map") },
      { name: "place.lat", label: say("纬度（度）", "Latitude (deg)"), required: true, value: String(given.place?.lat ?? "") },
      { name: "release.kind", label: say("释放方式", "Release"), required: true, options: kinds, value: given.release?.kind },
      ...[...seen.values()].map(({ field, kinds: of }) => ({ ...entry("release", field, given.release?.[field.name]), when: asked(of), needed: needed(of) })),
      { type: "made", name: "", make: () => ({ node: help.air, value: () => undefined }) },
      ...all.weather.map((field) => entry("weather", field, given.weather?.[field.name])),
      ...all.ground.map((field) => entry("ground", field, given.ground?.[field.name])),
      { name: "period", label: say("时段", "Period"), options: pairs(all.period), value: given.period || "day", hint: say("决定列出厂区、保护目标白天还是夜间的申报人数；常住人口不分昼夜，各项不相加", "says whether people declared by day or by night are listed; residents are the same, and nothing is added up") },
      { name: "levels", label: say("限值", "Levels"), options: [...pairs(all.levels), ["own", say("自定", "my own")]], value: own ? "own" : given.levels || "aegl", hint: say("AEGL、ERPG 用于扩散；火灾爆炸用常用限值或自定", "AEGL and ERPG are for clouds; fires and blasts take the usual levels, or your own") },
      { name: "own", type: "made", when: (now) => now.levels === "own", make: () => ownLevels(given.levels) },
      { name: "model", label: say("扩散模型", "Dispersion model"), options: pairs(all.model), value: given.model || "auto" },
    ];
  }

  const PLAIN = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  /* A bare number is in the unit beside it; one with a unit of its own is read by the server. */
  const read = (field, text) => (PLAIN.test(text) ? plan.inSi(field, Number(text)) : text);

  function assembled(values, entries, help) {
    const source = help.hazardSource(), given = { ...(source ? { hazard_source: source } : {}), release: {}, place: {}, weather: {}, ground: {} };
    for (const [name, value] of Object.entries(values)) {
      const text = String(value ?? "").trim();
      if (text === "" || name === "own") continue;
      const [part, field] = name.split("."), said = WORDS.has(name) ? text : read(entries.find((one) => one.name === name)?.field, text);
      if (field) given[part][field] = said;
      else given[part] = said;
    }
    if (values.levels === "own") given.levels = values.own || [];
    Object.assign(given.weather, help.readBy(given.weather));
    return given;
  }

  /* Faults name fields as the form of the server has them; the form of the page has them shorter. */
  function aimed(fault) {
    for (const one of fault.faults || []) {
      const parts = one.field.split(".");
      const named = /[（(]([a-z_]+)[)）]/.exec(one.rule || "");
      if (parts[0] === "levels" && parts.length > 1) one.field = "levels";
      if (parts[0] === "release" && parts.length > 2) one.field = `release.${parts.slice(2).join(".")}`;
      else if (named && ["release", "weather", "ground"].includes(parts[0])) one.field = `${parts[0]}.${named[1]}`;
      else if (parts.length === 1 && named) one.field = `release.${named[1]}`;
    }
    return fault;
  }

  async function edit(title, given, submit, from) {
    const all = await choices(), help = plan.help(all, given), entries = fields(all, given, help);
    const box = window.OneMap.admin.form(title, entries, say("计算", "Compute"), async (values) => {
      try { await submit(assembled(values, entries, help)); } catch (fault) { throw aimed(fault); }
    });
    help.into(box, (name) => entries.find((one) => one.name === name)?.field);
    if (from) help.take(from.layer, from.key);
    return box;
  }

  /* Begun where the map looks, with the nearest fresh station's wind and the class its readings give. */
  async function begun(place) {
    const all = await choices(), near = await plan.air(place).catch(() => []), now = near.find((one) => !one.stale) || near[0];
    const weather = now ? { ...now.weather, source: now.name, observed_at: now.at, ...(now.stability ? { stability: now.stability.id } : {}) } : {};
    const kind = all.kinds.find((one) => one.computable) || all.kinds[0];
    return { title: say("新情景", "New scenario"), place, chemical: all.chemicals.some((one) => one.cas === "7782-50-5") ? "7782-50-5" : all.chemicals[0]?.cas, release: { kind: kind.id }, weather };
  }

  Object.assign(plan, { choices, edit, begun });
})();
