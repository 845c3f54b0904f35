/* The workbench: scenarios, two maps, comparison and basis are told of each other; what is shown is in the address. */
(function () {
  "use strict";
  const { el, say, length, get, post, debounce, geo } = window.OneMap;
  const plan = window.OneMap.plan;
  const waiting = {};
  const KEYS = [
    ["N", say("新情景", "New scenario")], ["F", say("两图看全影响区", "Show all zones")], ["T", say("随距离、随时间", "Against distance, in time")], ["Ctrl Z", say("撤销上一步", "Undo the last step")],
    ["Tab", say("下一处；地图、释放点和每个数值都可到达", "Next; maps, sources and every number are reached")],
    [say("方向键", "Arrows"), say("在地图上移动；在释放点上移动它，回车确定，Esc 放回", "Move the map; on a source move it, Enter sets it, Esc puts it back")],
    ["Enter", say("在地图上读取图中心一点", "On a map: read the point at its centre")], ["/", say("搜索", "Search")], ["Esc", say("关闭", "Close")], ["?", say("本表", "This list")],
  ];

  async function start(map, screen) {
    waiting[map.getContainer().id.endsWith("-a") ? "A" : "B"] = map;
    if (waiting.A && waiting.B && !waiting.begun) { waiting.begun = true; await begin(waiting, screen); }
  }

  async function begin(maps, screen) {
    window.OneMap.office.frame(screen);
    const shelf = plan.shelf(screen.dataset.account), asked = new URLSearchParams(location.search);
    let all = shelf.read();
    const known = { fields: [], formats: [], batches: false, chemicals: new Map(), kinds: new Map() }, at = { A: null, B: null }, boards = {};
    const find = (id) => all.find((one) => one.id === id) || null;
    const sides = () => ({ A: find(at.A), B: find(at.B) });
    const kept = () => shelf.keep(all);

    const address = debounce(() => {
      const told = new URLSearchParams(), centre = maps.A.getCenter();
      for (const side of plan.SIDES) if (find(at[side])) told.set(side.toLowerCase(), plan.packed(find(at[side]).given));
      told.set("c", `${centre.lng.toFixed(5)},${centre.lat.toFixed(5)}`);
      told.set("z", String(Math.round(maps.A.getZoom() * 100) / 100));
      const long = `${location.pathname}?${told.toString().replace(/%2C/g, ",")}`;
      for (const link of screen.querySelectorAll("a[hreflang]")) { const other = new URLSearchParams(told); other.set("lang", link.lang.slice(0, 2)); link.href = `?${other}`; }
      history.replaceState(history.state, "", long.length < 8000 ? long : location.pathname);
    }, 200);

    function adopt(side, text) {
      const given = plan.unpacked(text || "");
      if (!given) return;
      const same = all.find((one) => plan.packed(one.given) === text), one = same || { id: plan.fresh(), given };
      if (!same) all.push(one);
      at[side] = one.id;
    }

    /* What is kept is what the server read: SI, and nothing that was not said. */
    const slim = (value) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== "").map(([name, each]) => [name, each && typeof each === "object" && !Array.isArray(each) ? slim(each) : each]));
    function accept(one, answer) {
      Object.assign(one, { answer, given: slim(answer.scenario), chemical: known.chemicals.get(answer.scenario.chemical), took: (performance.now() - one.began) / 1000 });
      kept();
    }

    /* The first answer at once; where the integral model has more to say it follows and says what moved. */
    async function compute(one) {
      const turn = (one.turn = (one.turn || 0) + 1);
      one.began = performance.now();
      Object.assign(one, { busy: "first", fault: null, late: null, moved: null });
      draw();
      try {
        const answer = await post("api/planner/compute?step=first", one.given);
        if (turn !== one.turn) return;
        accept(one, answer);
      } catch (fault) {
        if (turn === one.turn) Object.assign(one, { answer: null, fault });
        throw fault;
      } finally { if (turn === one.turn) { one.busy = null; draw(); } }
    }
    async function second(one) {
      const first = one.answer, turn = one.turn;
      if (!first?.again) return;
      try {
        const answer = await post("api/planner/compute", one.given);
        if (turn !== one.turn) return;
        accept(one, answer);
        one.moved = plan.moves(first, answer);
        fit();
      } catch (fault) { if (turn !== one.turn) return; one.late = fault; }
      draw();
    }
    const quietly = (one) => compute(one).then(() => { second(one); }, () => { /* the list says why */ });

    function fit() {
      const boxes = plan.SIDES.map((side) => boards[side].reach(sides()[side])).filter(Boolean);
      if (!boxes.length) return;
      const whole = boxes.slice(1).reduce((box, other) => box.extend(other), L.latLngBounds(boxes[0].getSouthWest(), boxes[0].getNorthEast()));
      maps.A.fitBounds(whole, { paddingTopLeft: [30, plan.SIDES.some((side) => plan.zonesOf(sides()[side]).some(plan.cut)) ? 88 : 44], paddingBottomRight: [30, 56], maxZoom: whole.getSouthWest().equals(whole.getNorthEast()) ? 12 : 15, animate: false });
    }

    function show(one, side) {
      for (const each of plan.SIDES) if (at[each] === one.id && each !== side) at[each] = null;
      at[side] = at[side] === one.id ? null : one.id;
      if (at[side] && !one.answer && !one.busy) quietly(one).then(fit);
      draw(); fit();
    }

    /* A changed scenario may be had back as it was, with its answer. */
    function changed(one, words, next) {
      const before = { given: one.given, answer: one.answer, moved: one.moved, took: one.took };
      plan.undoable(words, () => { Object.assign(one, before, { turn: (one.turn || 0) + 1, busy: null, fault: null, late: null }); kept(); draw(); fit(); });
      Object.assign(one, { given: next, note: null });
      kept();
    }

    async function write(one, from) {
      const before = one ? one.given : await plan.begun({ lon: Number(maps.A.getCenter().lng.toFixed(5)), lat: Number(maps.A.getCenter().lat.toFixed(5)) });
      const title = one ? say(`修改：${one.given.title}`, `Edit: ${one.given.title}`) : say("新情景", "New scenario");
      await plan.edit(title, before, async (given) => {
        const trial = { given };
        await compute(trial);
        if (one) { changed(one, say(`已修改“${given.title}”`, `Changed “${given.title}”`), trial.given); Object.assign(one, trial, { id: one.id, turn: (one.turn || 0) + 1 }); }
        else { trial.id = plan.fresh(); all = [...all, trial]; at[plan.SIDES.find((each) => !find(at[each])) || "B"] = trial.id; plan.undoable(); }
        kept(); plan.mark(); draw(); fit();
        second(one || trial);
      }, from);
    }

    function copy(one) {
      const next = { ...one, id: plan.fresh(), given: { ...structuredClone(one.given), title: say(`${one.given.title}，副本`, `${one.given.title}, copy`) } };
      all = [...all.slice(0, all.indexOf(one) + 1), next, ...all.slice(all.indexOf(one) + 1)];
      if (!find(at.B)) at.B = next.id;
      kept(); draw();
    }

    function rename(one) {
      window.OneMap.admin.form(say("改名", "Rename"), [{ name: "title", label: say("名称", "Name"), required: true, longest: 200, value: one.given.title, wide: true }], say("保存", "Save"), async ({ title }) => { one.given = { ...one.given, title: title.trim() }; kept(); draw(); });
    }

    function remove(one) {
      const place = all.indexOf(one), shown = { ...at };
      all = all.filter((each) => each !== one);
      for (const side of plan.SIDES) if (at[side] === one.id) at[side] = null;
      plan.undoable(say(`已删除“${one.given.title}”`, `Removed “${one.given.title}”`), () => { all = [...all.slice(0, place), one, ...all.slice(place)]; Object.assign(at, shown); kept(); draw(); });
      kept(); draw();
    }

    /* A kept result is shown as it was kept; who is inside is of today. */
    async function open(row) {
      const side = plan.SIDES.find((each) => !find(at[each])) || "A", one = { id: plan.fresh(), given: null, kept: row.code, began: performance.now() };
      try {
        const answer = await get(`api/scenarios/${encodeURIComponent(row.code)}/answer`);
        accept(one, answer);
        one.note = say(`已存结果 ${row.code}`, `Kept result ${row.code}`);
        all = [...all, one]; at[side] = one.id;
        plan.view("plan-list", "mine"); kept(); draw(); fit();
      } catch (fault) { row.said = plan.refusal(fault); draw(); }
    }

    const keys = () => window.OneMap.office.read(say("按键", "Keys"), say("输入框内不起作用", "Not while typing"), el("dl", { class: "plan-keys" }, KEYS.map(([key, words]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)))));
    const run = { at: (side) => at[side], show, copy, rename, remove, keys, again: quietly, edit: write, begin: () => write(null), draw: () => draw(), open, keep: (one) => plan.keepOnServer(one, draw), batch: (one) => plan.batch(one, draw) };

    function moved(now) {
      const lines = plan.SIDES.filter((side) => now[side]?.moved?.length).map((side) => el("p", {}, plan.tag(side), say(" 积分模型已替换首算：", " integral model for the first answer: "), now[side].moved.join(say("，", ", "))));
      if (lines.length) document.getElementById("plan-compare-body").prepend(el("div", { class: "plan-moved", role: "status" }, lines));
    }

    function render() {
      const now = sides();
      plan.facts.clear();
      plan.list(all, known, run);
      for (const side of plan.SIDES) {
        const low = side.toLowerCase(), one = now[side], figure = one && plan.figure(one, known.fields);
        document.getElementById(`plan-title-${low}`).textContent = one ? `${one.given.title}${figure ? `，${figure}` : ""}` : say("未选情景", "No scenario");
        document.getElementById(`plan-state-${low}`).replaceChildren(...plan.state(one));
        boards[side].draw(one, plan.course.at());
      }
      const seen = plan.tabs("plan-compare", [["compare", say("对比", "Comparison")], ["inputs", say("输入差别", "Inputs")], ["opinions", say("第二意见", "Second opinion")], ["rose", say("风玫瑰", "Wind rose")]], draw);
      for (const side of plan.SIDES) for (const zone of plan.zonesOf(now[side])) { const cell = plan.distances(zone); plan.number(side, `distance:${zone.id}`, cell.fact, cell.words); }
      if (seen === "opinions") plan.opinions(now, draw);
      else if (seen === "rose") plan.rose(now, draw, run.batch);
      else if (seen === "inputs") plan.inputs(now, known);
      else { plan.compare(now); moved(now); }
      plan.exports(now, known.formats);
      plan.curve(now, draw);
      plan.insideOf(now);
    }

    /* Until a number is chosen, or when it is gone, the basis is that of the farthest zone. */
    function draw() {
      const here = document.activeElement, [name, value] = ["fact", "tool"].map((each) => [each, here?.dataset?.[each]]).find(([, each]) => each) || [];
      render();
      if (!plan.settled()) {
        const now = sides(), side = plan.SIDES.find((each) => now[each]?.answer?.zones.length), zones = side ? now[side].answer.zones : [];
        const zone = zones.filter((each) => each.reached).at(-1) || zones[0];
        const key = zone && `distance:${zone.id}`, other = !plan.marked(side, key);
        plan.mark(side, key);
        if (zone && other) render();
      }
      plan.explain(sides(), known.fields);
      if (value) document.querySelector(`[data-${name}="${CSS.escape(value)}"]`)?.focus({ preventScroll: true });
      window.OneMap.tick();
      plan.course.follow(sides(), draw);
      address();
    }
    plan.picks(() => { draw(); if (innerWidth < 1280) document.getElementById("plan-explain").scrollIntoView({ block: "start" }); });

    function place(side, point) {
      const one = sides()[side];
      if (!one) return;
      const next = { lon: Number(point.lng.toFixed(5)), lat: Number(point.lat.toFixed(5)) };
      changed(one, say(`${side} 的释放点已移到 ${next.lon}，${next.lat}`, `Source of ${side} moved to ${next.lon}, ${next.lat}`), { ...one.given, place: next, hazard_source: null });
      quietly(one);
    }

    /* A click asks about the place; what changes the scenario is a button beside the answer. */
    function about(side, point, row) {
      const one = sides()[side], map = maps[side];
      const words = [el("b", {}, `${point.lng.toFixed(5)}，${point.lat.toFixed(5)}`)], close = () => { map.closePopup(); map.getContainer().focus(); };
      if (one) words.push(el("p", { class: "t2" }, say(`距释放点 ${length(geo.distance({ lat: one.given.place.lat, lng: one.given.place.lon }, point))}`, `${length(geo.distance({ lat: one.given.place.lat, lng: one.given.place.lon }, point))} from the source`)));
      if (one) words.push(el("button", { type: "button", class: "adm-button", on: { click: () => { close(); place(side, point); } } }, say("移释放点到此", "Move the source here")));
      if (row) words.push(el("button", { type: "button", class: "adm-button", on: { click: () => { close(); write(null, row); } } }, say(`由“${row.name}”新建情景`, `New scenario from ${row.name}`)));
      plan.view("plan-curve", "time");
      plan.course.ask(point, sides(), draw);
      L.popup({ className: "plan-pop", closeButton: false, maxWidth: 260 }).setLatLng(point).setContent(el("div", { on: { keydown: (event) => { if (event.key === "Escape") close(); } } }, words)).openOn(map);
    }

    const zoned = (side, zone) => plan.pick(side, `distance:${zone.id}`);
    for (const side of plan.SIDES) boards[side] = plan.board(maps[side], side, { onPoint: about, onMove: place, onZone: zoned, onHazard: (_, row) => about(side, L.latLng(row.at[1], row.at[0]), row) });
    plan.tie(maps.A, maps.B, address);
    const look = (theme) => { for (const map of [maps.A, maps.B]) { const tiles = Object.values(map._layers).find((layer) => layer instanceof L.TileLayer); tiles.setUrl(tiles._url.replace(/\/base\/(day|night)\//, `/base/${theme}/`)); } };
    window.OneMap.office.onDress(look);
    look(window.OneMap.office.theme());

    /* Esc closes what was opened last: the words at a point, then the point, then the offer to undo. */
    function escape() {
      if (document.querySelector(".leaflet-popup")) { maps.A.closePopup(); maps.B.closePopup(); }
      else if (plan.course.at()) { plan.course.leave(); plan.view("plan-curve", "distance"); draw(); }
      else plan.undoable();
    }
    function turn() { plan.view("plan-curve", document.getElementById("plan-curve-time").getAttribute("aria-selected") === "true" ? "distance" : "time"); draw(); }

    document.addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]") || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || event.altKey) return;
      const key = event.key.toLowerCase(), command = event.ctrlKey || event.metaKey;
      const act = command ? { z: plan.undo }[key] : { n: run.begin, f: fit, "?": keys, t: turn, escape }[key];
      if (act) { if (key !== "escape") event.preventDefault(); act(); }
    });

    try {
      const offered = await plan.choices();
      known.fields = [...offered.kinds.flatMap((kind) => kind.fields), ...offered.weather, ...offered.ground];
      known.chemicals = new Map(offered.chemicals.map((one) => [one.cas, one.name]));
      known.kinds = new Map(offered.kinds.map((one) => [one.id, one.title]));
      known.words = new Map([...offered.period, ...offered.model, ...offered.levels].map((one) => [one.id, one.title]));
      Object.assign(known, { formats: offered.formats, batches: offered.batches });
      plan.freshness.late = offered.stale_after;
    } catch (fault) {
      document.getElementById("plan-list-body").replaceChildren(el("p", { class: "failed", role: "alert" }, say(`读取失败，${plan.refusal(fault)} `, `Could not read: ${plan.refusal(fault)} `), el("button", { type: "button", class: "link", on: { click: () => location.reload() } }, say("重试", "Try again"))));
      screen.dataset.ready = "1";
      return;
    }
    for (const side of plan.SIDES) adopt(side, asked.get(side.toLowerCase()));
    if (!at.A && !at.B && all.length) { at.A = all[0].id; if (all[1]) at.B = all[1].id; }
    const c = (asked.get("c") || "").split(",").map(Number), z = Number(asked.get("z"));
    const told = asked.get("c") && c.length === 2 && c.every(Number.isFinite) && asked.get("z") && Number.isFinite(z);
    if (told) maps.A.setView([c[1], c[0]], z, { animate: false });
    kept();
    draw();
    await Promise.all(plan.SIDES.map((side) => sides()[side]).filter(Boolean).map(quietly));
    if (!told) fit();
    if (known.batches) plan.followBatches(draw);
    screen.dataset.ready = "1";
  }

  window.OneMap.startPlanner = start;
})();
