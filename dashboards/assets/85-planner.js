/* The workbench: scenarios, two maps, comparison and basis are told of each other; what is shown is in the address. */
(function () {
  "use strict";
  const { el, say, icon, post, time, debounce } = window.OneMap;
  const plan = window.OneMap.plan;
  const waiting = {};

  async function start(map, screen) {
    waiting[map.getContainer().id.endsWith("-a") ? "A" : "B"] = map;
    if (waiting.A && waiting.B && !waiting.begun) { waiting.begun = true; await begin(waiting, screen); }
  }

  async function begin(maps, screen) {
    window.OneMap.office.frame(screen);
    const shelf = plan.shelf(screen.dataset.account), asked = new URLSearchParams(location.search);
    let all = shelf.read(), undo = null, chosen = null, fields = [], chemicals = new Map(), kinds = new Map();
    const at = { A: null, B: null };
    const boards = {};
    const find = (id) => all.find((one) => one.id === id) || null;
    const sides = () => ({ A: find(at.A), B: find(at.B) });
    const kept = () => shelf.keep(all);

    const address = debounce(() => {
      const told = new URLSearchParams(), centre = maps.A.getCenter();
      for (const side of plan.SIDES) if (find(at[side])) told.set(side.toLowerCase(), plan.packed(find(at[side]).given));
      told.set("c", `${centre.lng.toFixed(5)},${centre.lat.toFixed(5)}`);
      told.set("z", String(Math.round(maps.A.getZoom() * 100) / 100));
      const long = `${location.pathname}?${told.toString().replace(/%2C/g, ",")}`;
      history.replaceState(history.state, "", long.length < 8000 ? long : location.pathname);
    }, 200);

    function adopt(side, text) {
      const given = plan.unpacked(text || "");
      if (!given) return;
      const same = all.find((one) => plan.packed(one.given) === text), one = same || { id: plan.fresh(), given };
      if (!same) all.push(one);
      at[side] = one.id;
    }

    async function compute(one) {
      one.busy = true; one.fault = null;
      draw();
      try { one.answer = await post("api/planner/compute", one.given); one.chemical = chemicals.get(one.given.chemical); }
      catch (fault) { one.answer = null; one.fault = fault; throw fault; }
      finally { one.busy = false; draw(); }
    }

    const quietly = (one) => compute(one).catch(() => { /* the list says why */ });

    function settle() {
      const now = sides();
      if (!chosen || !now[chosen.side]?.answer) {
        const side = plan.SIDES.find((each) => now[each]?.answer?.zones.length);
        const zone = side && (now[side].answer.zones.filter((each) => each.reached).at(-1) || now[side].answer.zones[0]);
        chosen = zone ? { side, title: say(`${zone.name} 距离`, `${zone.name} distance`), value: { number: zone.distance, words: plan.far(zone), zone, cut: plan.cut(zone) } } : null;
      } else if (chosen.value.zone) {
        const zone = now[chosen.side].answer.zones.find((each) => each.name === chosen.value.zone.name);
        if (!zone) { chosen = null; settle(); }
      }
    }

    function fit() {
      const boxes = plan.SIDES.map((side) => boards[side].reach(sides()[side])).filter(Boolean);
      if (!boxes.length) return;
      const whole = boxes.slice(1).reduce((box, other) => box.extend(other), L.latLngBounds(boxes[0].getSouthWest(), boxes[0].getNorthEast()));
      maps.A.fitBounds(whole, { paddingTopLeft: [30, 44], paddingBottomRight: [30, 56], maxZoom: 15, animate: false });
    }

    function state(one) {
      if (!one) return [];
      if (one.busy) return [el("span", { class: "t3", role: "status" }, say("计算中", "Computing"))];
      if (one.fault) return [el("span", { class: "plan-chip bad" }, icon("close", 14), one.fault.status === 422 || one.fault.status === 400 ? say("拒绝计算", "Refused") : say("计算失败", "Failed"))];
      if (!one.answer) return [el("span", { class: "t3" }, say("未计算", "Not computed"))];
      const chip = one.answer.valid && !one.answer.zones.some(plan.cut) ? el("span", { class: "plan-chip good" }, say("适用", "Within range")) : el("span", { class: "plan-chip warn" }, icon("warn", 14), one.answer.valid ? say("截断", "Cut") : say("超出适用范围", "Outside range"));
      return [chip, el("span", { class: "t3 plan-tier" }, one.answer.evidence.title.split(/[::]/)[0])];
    }

    const figure = (one) => {
      const field = Object.entries(one.given.release).find(([name]) => name !== "kind"), known = field && fields.find((each) => each.name === field[0]);
      return field ? (typeof field[1] === "number" && known?.unit ? plan.said(field[1], known.unit) : String(field[1])) : "";
    };
    const sky = (one) => { const air = one.given.weather || {}, speed = typeof air.wind_speed === "number" ? `${plan.rounded(air.wind_speed)}\u2009m/s` : air.wind_speed; return say(`${air.stability || ""} 类，${speed || ""}`, `class ${air.stability || ""}, ${speed || ""}`); };

    function show(one, side) {
      for (const each of plan.SIDES) if (at[each] === one.id && each !== side) at[each] = null;
      at[side] = at[side] === one.id ? null : one.id;
      if (at[side] && !one.answer && !one.busy) quietly(one).then(fit);
      draw(); fit();
    }

    async function write(one, title) {
      const fresh = !one;
      const before = one ? one.given : await plan.begun({ lon: Number(maps.A.getCenter().lng.toFixed(5)), lat: Number(maps.A.getCenter().lat.toFixed(5)) });
      await plan.edit(title, before, async (given) => {
        const next = { id: fresh ? plan.fresh() : one.id, given };
        next.answer = await post("api/planner/compute", given);
        next.chemical = chemicals.get(given.chemical);
        all = fresh ? [...all, next] : all.map((each) => (each.id === one.id ? next : each));
        if (fresh) { const side = plan.SIDES.find((each) => !find(at[each])) || "B"; at[side] = next.id; }
        kept(); chosen = null; draw(); fit();
      });
    }

    function copy(one) {
      const next = { id: plan.fresh(), given: { ...structuredClone(one.given), title: say(`${one.given.title}，副本`, `${one.given.title}, copy`) }, answer: one.answer, chemical: one.chemical };
      all = [...all.slice(0, all.indexOf(one) + 1), next, ...all.slice(all.indexOf(one) + 1)];
      if (!find(at.B)) at.B = next.id;
      kept(); draw();
    }

    function rename(one) {
      window.OneMap.admin.form(say("改名", "Rename"), [{ name: "title", label: say("名称", "Name"), required: true, longest: 200, value: one.given.title, wide: true }], say("保存", "Save"), async ({ title }) => { one.given = { ...one.given, title: title.trim() }; kept(); draw(); });
    }

    function remove(one) {
      undo = { one, place: all.indexOf(one), at: { ...at } };
      all = all.filter((each) => each !== one);
      for (const side of plan.SIDES) if (at[side] === one.id) at[side] = null;
      kept(); draw();
    }

    function list() {
      const body = document.getElementById("plan-list-body"), more = document.getElementById("plan-list-more"), tool = (name, words, run) => el("button", { type: "button", class: "link", "aria-label": words, on: { click: run } }, name);
      more.textContent = all.length ? say(`${all.length} 个`, `${all.length}`) : "";
      const rows = all.map((one) => {
        const side = plan.SIDES.find((each) => at[each] === one.id);
        const pick = plan.SIDES.map((each) => el("button", { type: "button", class: `plan-pick plan-${each.toLowerCase()}`, "aria-pressed": at[each] === one.id ? "true" : "false", "aria-label": say(`在图 ${each} 显示${one.given.title}`, `Show ${one.given.title} on map ${each}`), on: { click: () => show(one, each) } }, each));
        const what = one.busy ? el("p", { class: "t3" }, say("计算中", "Computing")) : one.fault ? el("p", { class: "r" }, icon("close", 14), ` ${one.fault.message}`)
          : one.answer ? (one.answer.valid && !one.answer.zones.some(plan.cut) ? el("p", { class: "t3" }, say("已算 ", "Computed "), time.minute(new Date(one.answer.computed_at))) : el("p", { class: "y" }, icon("warn", 14), one.answer.valid ? say(" 截断", " Cut at the model's range") : say(" 超出适用范围", " Outside the published range"))) : el("p", { class: "t3" }, say("未计算", "Not computed"));
        return el("li", { class: side ? `on plan-on-${side.toLowerCase()}` : "", "data-scenario": one.id },
          el("div", { class: "plan-row" }, el("b", { class: "el", title: one.given.title }, one.given.title), el("span", { class: "plan-picks" }, pick)),
          el("p", { class: "t2 el" }, [kinds.get(one.given.release.kind), figure(one)].filter(Boolean).join("·")), el("p", { class: "t2 el" }, [chemicals.get(one.given.chemical), sky(one)].filter(Boolean).join("·")), what,
          el("div", { class: "plan-tools" }, tool(say("修改", "Edit"), say(`修改${one.given.title}`, `Edit ${one.given.title}`), () => write(one, say(`修改：${one.given.title}`, `Edit: ${one.given.title}`))), tool(say("复制", "Copy"), say(`复制${one.given.title}`, `Copy ${one.given.title}`), () => copy(one)), tool(say("改名", "Rename"), say(`为${one.given.title}改名`, `Rename ${one.given.title}`), () => rename(one)), tool(say("删除", "Remove"), say(`删除${one.given.title}`, `Remove ${one.given.title}`), () => remove(one))));
      });
      const back = undo && el("p", { class: "plan-undo", role: "status" }, say(`已删除“${undo.one.given.title}” `, `Removed “${undo.one.given.title}” `), el("button", { type: "button", class: "link", on: { click: () => { all.splice(undo.place, 0, undo.one); Object.assign(at, undo.at); undo = null; kept(); draw(); } } }, say("撤销", "Undo")));
      body.replaceChildren(...[
        rows.length ? el("ol", { class: "plan-scenarios" }, rows) : el("div", { class: "empty plan-empty" }, el("p", {}, say("还没有情景。", "No scenarios yet.")), el("p", {}, say("新建一个：选化学品和释放方式，填气象，即在图 A 画出影响区。", "Begin one: a chemical, a release and the weather; its zones are drawn on map A."))),
        back || null,
        el("div", { class: "plan-add" }, el("button", { type: "button", class: "adm-button primary", id: "plan-new", on: { click: () => write(null, say("新情景", "New scenario")) } }, say("新情景", "New scenario")), el("p", { class: "t3" }, say("情景保存在本浏览器；链接带有 A、B 两个情景。", "Scenarios stay in this browser; the link carries A and B."))),
      ].filter(Boolean));
    }

    function exports() {
      const now = sides(), room = document.getElementById("plan-compare-body");
      const done = plan.SIDES.filter((side) => now[side]?.answer);
      if (!done.length) return;
      const note = el("span", { class: "t3", role: "status" });
      const save = (side) => {
        const blob = new Blob([JSON.stringify(now[side].answer.geojson)], { type: "application/geo+json" }), link = el("a", { href: URL.createObjectURL(blob), download: `${now[side].given.title}.geojson` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      };
      const share = async () => { try { await navigator.clipboard.writeText(location.href); note.textContent = say("已复制", "Copied"); } catch (closed) { note.textContent = say("浏览器不允许复制，请从地址栏复制", "Copy it from the address bar"); } };
      room.append(el("div", { class: "plan-actions" }, el("button", { type: "button", class: "adm-button", on: { click: share } }, icon("link", 15), say("复制对比链接", "Copy the link")), done.map((side) => el("button", { type: "button", class: "adm-button", on: { click: () => save(side) } }, icon("down", 15), say(`导出 ${side} GeoJSON`, `${side} as GeoJSON`))), note));
    }

    function draw() {
      settle();
      list();
      const now = sides();
      for (const side of plan.SIDES) {
        const low = side.toLowerCase(), one = now[side];
        document.getElementById(`plan-title-${low}`).textContent = one ? `${one.given.title}${figure(one) ? `，${figure(one)}` : ""}` : say("未选情景", "No scenario");
        document.getElementById(`plan-state-${low}`).replaceChildren(...state(one));
        boards[side].draw(one);
      }
      const pick = (value) => { chosen = value; draw(); if (innerWidth < 1280) document.getElementById("plan-explain").scrollIntoView({ block: "start" }); };
      plan.compare(now, chosen, pick);
      exports();
      plan.curve(now);
      plan.insideOf(now);
      plan.explain(now, chosen, fields);
      address();
    }

    async function placed(side, point) {
      const one = sides()[side];
      if (!one) return;
      const before = one.given.place;
      one.given = { ...one.given, place: { lon: Number(point.lng.toFixed(5)), lat: Number(point.lat.toFixed(5)) } };
      undo = null;
      kept();
      await compute(one).catch(() => { /* the list says why */ });
      undo = null;
      one.before = before;
    }

    const zoned = (side, zone) => { chosen = { side, title: say(`${zone.name} 距离`, `${zone.name} distance`), value: { number: zone.distance, words: plan.far(zone), zone, cut: plan.cut(zone) } }; draw(); };
    for (const side of plan.SIDES) boards[side] = plan.board(maps[side], side, { onPlace: placed, onZone: zoned });
    plan.tie(maps.A, maps.B, address);
    const look = (theme) => { for (const map of [maps.A, maps.B]) { const tiles = Object.values(map._layers).find((layer) => layer instanceof L.TileLayer); tiles.setUrl(tiles._url.replace(/\/base\/(day|night)\//, `/base/${theme}/`)); } };
    window.OneMap.office.onDress(look);
    look(window.OneMap.office.theme());

    try {
      const offered = await plan.choices();
      fields = [...offered.kinds.flatMap((kind) => kind.fields), ...offered.weather, ...offered.ground];
      chemicals = new Map(offered.chemicals.map((one) => [one.cas, one.name]));
      kinds = new Map(offered.kinds.map((one) => [one.id, one.title]));
    } catch (fault) { document.getElementById("plan-list-body").replaceChildren(el("p", { class: "failed" }, say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`))); screen.dataset.ready = "1"; return; }
    for (const side of plan.SIDES) adopt(side, asked.get(side.toLowerCase()));
    if (!at.A && !at.B && all.length) { at.A = all[0].id; if (all[1]) at.B = all[1].id; }
    const c = (asked.get("c") || "").split(",").map(Number), z = Number(asked.get("z"));
    const told = asked.get("c") && c.length === 2 && c.every(Number.isFinite) && asked.get("z") && Number.isFinite(z);
    if (told) maps.A.setView([c[1], c[0]], z, { animate: false });
    kept();
    draw();
    await Promise.all(plan.SIDES.map((side) => sides()[side]).filter(Boolean).map(quietly));
    if (!told) fit();
    screen.dataset.ready = "1";
  }

  window.OneMap.startPlanner = start;
})();
