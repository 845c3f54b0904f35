/* Scenarios of the workbench: kept by this browser for this account, written in a form made from the server's own list of fields. */
(function () {
  "use strict";
  const { el, say, get } = window.OneMap;
  const DEFAULTS = { wind_height: "10", ambient_pressure: "101325" };
  const fresh = () => `s${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

  function shelf(account) {
    const name = `onemap_planner_${account}`;
    const read = () => { try { return JSON.parse(localStorage.getItem(name) || "[]"); } catch (closed) { return []; } };
    const keep = (all) => { try { localStorage.setItem(name, JSON.stringify(all.map(({ id, given }) => ({ id, given })))); return true; } catch (closed) { return false; } };
    return { read, keep };
  }

  /* A link carries the scenario itself, so whoever opens it needs nothing else. */
  const packed = (given) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(given)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  function unpacked(text) {
    try {
      const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
      const given = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0))));
      return given && typeof given === "object" && given.release && given.place ? given : null;
    } catch (broken) { return null; }
  }

  let offered = null;
  const choices = async () => (offered = offered || (await get("api/planner/choices")));

  const allowed = (field) => {
    const low = field.low === null || field.low === undefined ? "" : `${field.open_low ? ">" : "≥"} ${field.low}`;
    const high = field.high === null || field.high === undefined ? "" : `≤ ${field.high}`;
    const range = [low, high].filter(Boolean).join(say("，", ", "));
    return [range ? `${range} ${field.unit === "1" ? "" : field.unit}`.trim() : "", field.ways && field.ways.length > 1 ? say(`可写 ${field.ways.slice(0, 5).join(" ")}`, `may be written in ${field.ways.slice(0, 5).join(" ")}`) : ""].filter(Boolean).join(say("；", "; "));
  };
  const spelt = (value) => (value === null || value === undefined ? "" : String(value));

  function fields(all, given) {
    const seen = new Map();
    for (const kind of all.kinds) for (const field of kind.fields) {
      if (!seen.has(field.name)) seen.set(field.name, { field, kinds: new Set(), required: new Set() });
      seen.get(field.name).kinds.add(kind.id);
      if (field.required) seen.get(field.name).required.add(kind.id);
    }
    const entry = (part, field, now) => field.options
      ? { name: `${part}.${field.name}`, label: field.title, options: field.options.map((one) => [one.id, one.title]), value: spelt(now ?? field.default ?? (field.name === "stability" ? "D" : "")) }
      : { name: `${part}.${field.name}`, label: field.unit && field.unit !== "1" ? say(`${field.title}（${field.unit}）`, `${field.title} (${field.unit})`) : field.title, hint: allowed(field), value: spelt(now ?? field.default ?? DEFAULTS[field.name]) };
    const pairs = (list) => list.map((one) => [one.id, one.title]);
    const known = all.chemicals.map((one) => [one.cas, `${one.name} ${one.cas}`]);
    const kinds = all.kinds.map((one) => [one.id, one.computable ? one.title : say(`${one.title}（尚不能计算）`, `${one.title} (not computed yet)`)]);
    return [
      { name: "title", label: say("名称", "Name"), required: true, longest: 200, value: given.title },
      { name: "chemical", label: say("化学品", "Chemical"), options: known, value: given.chemical },
      { name: "place.lon", label: say("经度（度）", "Longitude (deg)"), required: true, value: spelt(given.place?.lon), hint: say("也可在图上单击取点", "or click on the map") },
      { name: "place.lat", label: say("纬度（度）", "Latitude (deg)"), required: true, value: spelt(given.place?.lat) },
      { name: "release.kind", label: say("释放方式", "Release"), options: kinds, value: given.release?.kind },
      { name: "levels", label: say("毒性限值", "Levels"), options: pairs(all.levels), value: typeof given.levels === "string" ? given.levels : "aegl" },
      ...[...seen.values()].map(({ field, kinds: of }) => ({ ...entry("release", field, given.release?.[field.name]), when: (now) => of.has(now["release.kind"]) })),
      ...all.weather.map((field) => entry("weather", field, given.weather?.[field.name])),
      ...all.ground.map((field) => entry("ground", field, given.ground?.[field.name])),
      { name: "period", label: say("时段", "Period"), options: pairs(all.period), value: given.period || "day" },
      { name: "model", label: say("扩散模型", "Dispersion model"), options: pairs(all.model), value: given.model || "auto" },
    ];
  }

  const number = (text) => (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(String(text).trim()) ? Number(text) : String(text).trim());

  function assembled(values, before) {
    const given = { ...(typeof before.hazard_source === "string" ? { hazard_source: before.hazard_source } : {}), release: {}, place: {}, weather: { source: before.weather?.source || "typed", ...(before.weather?.observed_at ? { observed_at: before.weather.observed_at } : {}) }, ground: {} };
    const words = new Set(["title", "chemical", "release.kind", "levels", "period", "model", "weather.stability", "ground.terrain"]);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined || String(value).trim() === "") continue;
      const [part, field] = name.split("."), read = words.has(name) ? String(value).trim() : number(value);
      if (field) given[part][field] = read;
      else given[part] = read;
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
    const all = await choices();
    return window.OneMap.admin.form(title, fields(all, given), say("计算", "Compute"), async (values) => {
      try { await submit(assembled(values, given)); } catch (fault) { throw aimed(fault); }
    });
  }

  /* Begun where the map looks, with the station's wind, and a class of stability that the planner has to judge. */
  async function begun(place) {
    const now = await get("api/weather").catch(() => null), all = await choices();
    const weather = now
      ? { wind_speed: now.speed, wind_from: now.from, ambient_temperature: now.temperature === null ? "" : `${now.temperature} ℃`, relative_humidity: now.humidity === null ? undefined : `${now.humidity} %`, source: now.station, observed_at: now.at }
      : {};
    const kind = all.kinds.find((one) => one.computable) || all.kinds[0];
    return { title: say("新情景", "New scenario"), place, chemical: all.chemicals.some((one) => one.cas === "7782-50-5") ? "7782-50-5" : all.chemicals[0]?.cas, release: { kind: kind.id }, weather };
  }

  const tag = (side) => el("span", { class: `plan-side plan-${side.toLowerCase()}` }, side);

  Object.assign(window.OneMap.plan, { shelf, packed, unpacked, choices, edit, begun, fresh, tag });
})();
