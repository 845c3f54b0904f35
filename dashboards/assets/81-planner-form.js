/* A scenario is written in a form made from the server's own list of fields, in the units people use; what is kept is SI. */
(function () {
  "use strict";
  const { say, get } = window.OneMap;
  const plan = window.OneMap.plan;
  const DEFAULTS = { wind_height: 10, ambient_pressure: 101325 };
  const WORDS = new Set(["title", "chemical", "release.kind", "levels", "period", "model", "weather.stability", "ground.terrain"]);

  let offered = null;
  const choices = async () => (offered = offered || (await get("api/planner/choices")));

  const unit = (field) => plan.unitOf(field).replace(/^1$/, "").replace("deg", "°").replace("m2", "m²").replace("m3", "m³");
  const allowed = (field) => {
    const bound = (value, mark) => (value === null || value === undefined ? "" : `${mark} ${plan.shown(field, value)}`);
    const range = [bound(field.low, field.open_low ? ">" : "≥"), bound(field.high, "≤")].filter(Boolean).join(say("，", ", "));
    const ways = (field.ways || []).slice(0, 5).join(" ");
    return [range ? `${range} ${unit(field)}`.trim() : "", (field.ways || []).length > 1 ? say(`可写 ${ways}`, `may be written in ${ways}`) : ""].filter(Boolean).join(say("；", "; "));
  };
  const spelt = (field, value) => (value === null || value === undefined ? "" : typeof value === "number" ? String(plan.shown(field, value)) : String(value));

  function entry(part, field, now) {
    const name = `${part}.${field.name}`, value = now ?? field.default ?? DEFAULTS[field.name];
    if (field.options) return { name, label: field.title, options: field.options.map((one) => [one.id, one.title]), value: String(value ?? (field.name === "stability" ? "D" : "")) };
    const mark = unit(field);
    return { name, label: mark ? say(`${field.title}（${mark}）`, `${field.title} (${mark})`) : field.title, hint: allowed(field), value: spelt(field, value), field };
  }

  function fields(all, given) {
    const seen = new Map();
    for (const kind of all.kinds) for (const field of kind.fields) {
      if (!seen.has(field.name)) seen.set(field.name, { field, kinds: new Map() });
      seen.get(field.name).kinds.set(kind.id, field.leaks);
    }
    const pairs = (list) => list.map((one) => [one.id, one.title]);
    const known = all.chemicals.map((one) => [one.cas, `${one.name} ${one.cas}`]);
    const kinds = all.kinds.map((one) => [one.id, one.computable ? one.title : say(`${one.title}（尚不能计算）`, `${one.title} (not computed yet)`)]);
    return [
      { name: "title", label: say("名称", "Name"), required: true, longest: 200, value: given.title },
      { name: "chemical", label: say("化学品", "Chemical"), options: known, value: given.chemical },
      { name: "place.lon", label: say("经度（度）", "Longitude (deg)"), required: true, value: String(given.place?.lon ?? ""), hint: say("也可在图上拖动释放点", "or drag the source on the map") },
      { name: "place.lat", label: say("纬度（度）", "Latitude (deg)"), required: true, value: String(given.place?.lat ?? "") },
      { name: "release.kind", label: say("释放方式", "Release"), options: kinds, value: given.release?.kind },
      ...[...seen.values()].map(({ field, kinds: of }) => ({ ...entry("release", field, given.release?.[field.name]), when: (now) => of.has(now["release.kind"]) && (of.get(now["release.kind"]) || [now["release.leak"]]).includes(now["release.leak"]) })),
      ...all.weather.map((field) => entry("weather", field, given.weather?.[field.name])),
      ...all.ground.map((field) => entry("ground", field, given.ground?.[field.name])),
      { name: "period", label: say("时段", "Period"), options: pairs(all.period), value: given.period || "day" },
      { name: "levels", label: say("毒性限值", "Levels"), options: pairs(all.levels), value: typeof given.levels === "string" ? given.levels : "aegl" },
      { name: "model", label: say("扩散模型", "Dispersion model"), options: pairs(all.model), value: given.model || "auto" },
    ];
  }

  const PLAIN = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  /* A bare number is in the unit beside it; one with a unit of its own is read by the server. */
  const read = (field, text) => (PLAIN.test(text) ? plan.inSi(field, Number(text)) : text);

  function assembled(values, entries, before) {
    const given = { ...(before.hazard_source ? { hazard_source: before.hazard_source } : {}), release: {}, place: {}, weather: { source: before.weather?.source || "typed", ...(before.weather?.observed_at ? { observed_at: before.weather.observed_at } : {}) }, ground: {} };
    for (const [name, value] of Object.entries(values)) {
      const text = String(value ?? "").trim();
      if (text === "") continue;
      const [part, field] = name.split("."), said = WORDS.has(name) ? text : read(entries.find((one) => one.name === name)?.field, text);
      if (field) given[part][field] = said;
      else given[part] = said;
    }
    return given;
  }

  /* Faults name fields as the form of the server has them; the form of the page has them shorter. */
  function aimed(fault) {
    for (const one of fault.faults || []) {
      const parts = one.field.split(".");
      const named = /[（(]([a-z_]+)[)）]/.exec(one.rule || "");
      if (parts[0] === "release" && parts.length > 2) one.field = `release.${parts.slice(2).join(".")}`;
      else if (named && ["release", "weather", "ground"].includes(parts[0])) one.field = `${parts[0]}.${named[1]}`;
      else if (parts.length === 1 && named) one.field = `release.${named[1]}`;
    }
    return fault;
  }

  async function edit(title, given, submit) {
    const all = await choices(), entries = fields(all, given);
    return window.OneMap.admin.form(title, entries, say("计算", "Compute"), async (values) => {
      try { await submit(assembled(values, entries, given)); } catch (fault) { throw aimed(fault); }
    });
  }

  /* Begun where the map looks, with the station's wind, and a class of stability that the planner has to judge. */
  async function begun(place) {
    const now = await get("api/weather").catch(() => null), all = await choices();
    const weather = now
      ? { wind_speed: now.speed, wind_from: now.from, ambient_temperature: now.temperature === null ? undefined : Number((now.temperature + 273.15).toPrecision(12)), relative_humidity: now.humidity === null ? undefined : Number((now.humidity / 100).toPrecision(12)), source: now.station, observed_at: now.at }
      : {};
    const kind = all.kinds.find((one) => one.computable) || all.kinds[0];
    return { title: say("新情景", "New scenario"), place, chemical: all.chemicals.some((one) => one.cas === "7782-50-5") ? "7782-50-5" : all.chemicals[0]?.cas, release: { kind: kind.id }, weather };
  }

  Object.assign(plan, { choices, edit, begun });
})();
