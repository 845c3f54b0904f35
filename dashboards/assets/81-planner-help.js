/* What fills a scenario's form: a tank or hazard source by search, the air by a station; what is not known is said and stays empty. */
(function () {
  "use strict";
  const { el, say, get, time, length, debounce, may } = window.OneMap;
  const plan = window.OneMap.plan;
  const FROM = new Set(["tanks", "hazard_sources"]);

  const air = async (place) => (await get(`api/planner/air?lon=${place.lon}&lat=${place.lat}`)).stations || [];
  const begin = (layer, key) => get(`api/planner/source?layer=${layer}&key=${encodeURIComponent(key)}`);

  /* Both helpers of one form; `into` is told the dialog once it stands. */
  function help(all, given) {
    let box = null, fieldOf = () => null, hazard = given.hazard_source || null;
    const known = new Set(all.chemicals.map((one) => one.cas));
    const control = (name) => box?.querySelector(`[name="${name}"]`);
    const put = (name, value) => {
      const one = control(name);
      if (!one || value === null || value === undefined) return;
      const field = fieldOf(name);
      one.value = typeof value === "number" && field ? String(plan.shown(field, value)) : String(value);
      one.dispatchEvent(new Event("change", { bubbles: true }));
    };

    /* Search, hits, and what the row said. */
    const told = el("div", { class: "plan-told", role: "status" }), hits = el("ul", { class: "plan-hits", hidden: true });
    const find = el("input", { type: "search", id: "plan-find", autocomplete: "off", maxlength: 100, placeholder: say("名称、编码、企业或化学品", "Name, code, enterprise or chemical") });
    const source = el("div", { class: "adm-field wide" }, el("label", { for: "plan-find" }, say("从储罐或重大危险源开始", "Begin from a tank or hazard source")), find, hits, told);
    source.hidden = !may("map");

    function filled(from) {
      hazard = from.hazard_source;
      put("title", say(`${from.title}泄漏`, `${from.title}, release`));
      if (from.place) { put("place.lon", from.place.lon); put("place.lat", from.place.lat); stations(); }
      if (from.chemical && known.has(from.chemical)) put("chemical", from.chemical);
      for (const [name, value] of Object.entries(from.release)) put(`release.${name}`, value);
      const pick = (cas, mass) => { put("chemical", cas); if (mass) put("release.mass", mass); };
      const lines = [
        el("p", {}, el("b", {}, say(`取自${from.layer_title}“${from.title}”`, `From ${from.layer_title}: ${from.title}`)), from.said.length ? `：${from.said.map((one) => `${one.from} ${plan.asField(fieldOf(one.field), one.value)}`).join(say("，", ", "))}` : ""),
        from.missing.length ? el("p", { class: "y" }, say(`未填：${from.missing.join("；")}`, `Left empty: ${from.missing.join("; ")}`)) : null,
        from.choices.length ? el("p", {}, say("选物质：", "Substance: "), from.choices.map((one) => el("button", { type: "button", class: "link", on: { click: () => pick(one.cas, one.mass) } }, one.name))) : null,
        from.tanks.length ? el("p", {}, say("选储罐：", "Tank: "), from.tanks.slice(0, 12).map((one) => el("button", { type: "button", class: "link", on: { click: () => take("tanks", one.key) } }, one.name)), from.tanks.length > 12 ? say(`另有 ${from.tanks.length - 12} 个，可搜索`, `${from.tanks.length - 12} more, by search`) : null) : null,
      ];
      told.replaceChildren(...lines.filter(Boolean));
    }
    async function take(layer, key) {
      hits.hidden = true;
      told.replaceChildren(say("读取中", "Reading"));
      try { filled(await begin(layer, key)); } catch (fault) { told.replaceChildren(el("span", { class: "r" }, plan.refusal(fault))); }
    }
    let of = "", entered = false; // what the list was found for; Enter waits for what is typed
    const seek = debounce(async () => {
      const words = find.value.trim();
      if (!words) { hits.hidden = true; return; }
      try {
        const found = (await get(`api/search?q=${encodeURIComponent(words)}`)).hits.filter((hit) => FROM.has(hit.layer));
        if (words !== find.value.trim()) return;
        of = words;
        hits.replaceChildren(...(found.length ? found.slice(0, 8).map((hit) => el("li", {}, el("button", { type: "button", on: { click: () => take(hit.layer, hit.key) } }, el("b", {}, hit.label), el("span", { class: "t3" }, `${hit.title} ${hit.snippet || ""}`)))) : [el("li", { class: "t3" }, say("没有找到储罐或危险源", "No tank or hazard source found"))]));
        if (entered && found.length) { entered = false; return take(found[0].layer, found[0].key); }
      } catch (fault) { of = ""; hits.replaceChildren(el("li", { class: "r" }, plan.refusal(fault))); }
      entered = false;
      hits.hidden = false;
    }, 200);
    find.addEventListener("input", () => { entered = false; seek(); });
    find.addEventListener("keydown", (event) => { if (event.key !== "Enter" || event.isComposing) return; event.preventDefault(); if (of === find.value.trim()) hits.querySelector("button")?.click(); else { entered = true; seek(); } });

    /* Stations, nearest first, with their age; what is stale is said so. */
    let near = [], chosen = null;
    const ROSE = "rose";
    const list = el("select", { id: "plan-air" }), why = el("small", { class: "t3" }), flower = el("div", { class: "plan-rose-form", hidden: true });
    const airNode = el("div", { class: "adm-field wide" }, el("label", { for: "plan-air" }, say("气象", "Weather")), list, why, flower);
    const here = () => ({ lon: Number(control("place.lon")?.value || NaN), lat: Number(control("place.lat")?.value || NaN) });

    /* The rose of the nearest station: a petal's part is a weather, its wind, speed and usual stability. */
    function roseHere() {
      const place = here();
      flower.hidden = list.value !== ROSE;
      if (flower.hidden) return;
      if (!Number.isFinite(place.lon) || !Number.isFinite(place.lat)) return flower.replaceChildren(el("p", { class: "t3" }, say("先填地点", "A place first")));
      const { busy, fault, rose, why: none } = plan.roseOf(place, roseHere);
      if (!rose) return flower.replaceChildren(busy ? el("p", { class: "t3 plan-busy", role: "status" }, say("读取风玫瑰", "Reading the wind rose")) : el("p", { class: fault ? "r" : "y" }, fault ? plan.refusal(fault) : none));
      const taken = el("p", { class: "t2", role: "status" }, say("点选一瓣，填入该风向、风速和最常见的稳定度；全部天气用“批量”推演。", "Choose a part of a petal: its wind, speed and usual stability are filled in. All of them: by Batch."));
      const onCell = (sector, k) => {
        const cell = sector.cells[k], weather = { wind_from: sector.from, wind_speed: Number(cell.speed.toFixed(2)), wind_height: rose.height };
        for (const [name, value] of Object.entries(weather)) put(`weather.${name}`, value);
        if (cell.stability) put("weather.stability", cell.stability);
        chosen = { name: say(`${rose.name}风玫瑰`, `wind rose of ${rose.name}`), weather, at: null };
        taken.textContent = `${plan.roseCell(rose, sector, k)} → ${sector.from}°，${weather.wind_speed} m/s${cell.stability ? say(`，${cell.stability} 类`, `, class ${cell.stability}`) : ""}`;
      };
      flower.replaceChildren(plan.polar(rose, { onCell }), el("div", {}, plan.roseAbout(rose), plan.roseBands(rose), taken));
      window.OneMap.tick();
    }
    const words = (one) => `${one.name}${one.manual ? say("（人工）", " (by hand)") : ""} ${length(one.distance)} · ${one.stale ? say("过期 ", "stale ") : ""}${time.age(one.at)} · ${say(`${one.direction}风`, `${one.direction} wind`)} ${plan.rounded(one.weather.wind_speed)} m/s`;
    async function stations() {
      const place = { lon: Number(control("place.lon")?.value ?? given.place?.lon), lat: Number(control("place.lat")?.value ?? given.place?.lat) };
      if (!Number.isFinite(place.lon) || !Number.isFinite(place.lat)) return;
      try { near = await air(place); } catch (fault) { near = []; why.textContent = plan.refusal(fault); }
      chosen = chosen || (given.weather?.source && near.find((one) => one.name === given.weather.source && one.at === given.weather.observed_at)) || null;
      list.replaceChildren(el("option", { value: "" }, given.weather?.observed_at && !chosen ? say(`保留：${given.weather.source} ${time.age(given.weather.observed_at)}`, `Kept: ${given.weather.source} ${time.age(given.weather.observed_at)}`) : say("手工填写", "Typed")), ...near.map((one) => el("option", { value: one.code, selected: one.code === chosen?.code }, words(one))), el("option", { value: ROSE, selected: !flower.hidden }, say("最近气象站的风玫瑰（一年）", "The nearest station's wind rose, a year")));
      roseHere();
      if (!near.length && !why.textContent) why.textContent = say("50 km 内没有可用的气象站", "No station within 50 km");
      reason();
    }
    function reason() {
      if (!chosen?.code) return;
      const found = chosen.stability;
      why.replaceChildren(found ? say(`稳定度 ${found.id}，${found.reason}。${found.doubt}`, `Class ${found.id}, ${found.reason}. ${found.doubt}`) : say("该站读数不足以判定稳定度，请自行选择", "It reads too little for a stability class: choose one"));
    }
    list.addEventListener("change", () => {
      chosen = near.find((one) => one.code === list.value) || null;
      why.textContent = "";
      roseHere();
      if (!chosen) return;
      for (const [name, value] of Object.entries(chosen.weather)) put(`weather.${name}`, value);
      if (chosen.stability) put("weather.stability", chosen.stability.id);
      reason();
    });
    /* A station's weather is its own only as long as nobody wrote over it. */
    function readBy(weather) {
      const own = chosen ? chosen.weather : given.weather || {}, same = Object.entries(own).every(([name, value]) => typeof value !== "number" || weather[name] === undefined || Math.abs(weather[name] - value) < 1e-9);
      if (chosen && same) return { source: chosen.name, ...(chosen.at ? { observed_at: chosen.at } : {}) };
      if (!chosen && given.weather?.observed_at && same) return { source: given.weather.source, observed_at: given.weather.observed_at };
      return { source: "typed" };
    }

    return { source, air: airNode, hazardSource: () => hazard, readBy, take, into: (dialog, fields) => { box = dialog; fieldOf = fields; for (const name of ["place.lon", "place.lat"]) control(name)?.addEventListener("change", stations); stations(); } };
  }

  Object.assign(plan, { help, air });
})();
