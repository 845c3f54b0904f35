/* The wind rose of a place, and what a batch in its weathers comes to by direction: how often, how far, whom it reaches. */
(function () {
  "use strict";
  const { el, say, get, time, length, thousands } = window.OneMap;
  const plan = window.OneMap.plan, { svg } = plan;
  const SIZE = 316, MIDDLE = 158, HUB = 21, RIM = 112, TINTS = [0.2, 0.38, 0.56, 0.74, 0.95];
  const told = new Map(), results = new Map();
  let chosen = null, level = null;

  const percent = (share) => (share > 0 && share < 0.0005 ? "<0.1%" : `${(100 * share).toFixed(1)}%`);
  const band = ([low, high]) => (high === null ? say(`${low} m/s 以上`, `from ${low} m/s`) : `${low}–${high} m/s`);
  const whole = (sector) => sector.cells.reduce((sum, cell) => sum + cell.share, 0);
  const at = (turn, far) => { const a = ((turn - 90) * Math.PI) / 180; return [MIDDLE + far * Math.cos(a), MIDDLE + far * Math.sin(a)]; };
  function wedge(turn, near, far) {
    const half = 9.5, ends = [at(turn - half, near), at(turn - half, far), at(turn + half, far), at(turn + half, near)].map((pair) => pair.map((value) => value.toFixed(2)).join(" "));
    return `M${ends[0]}L${ends[1]}A${far} ${far} 0 0 1 ${ends[2]}L${ends[3]}A${near} ${near} 0 0 0 ${ends[0]}Z`;
  }
  const cellWords = (rose, sector, k) => `${sector.direction} ${band(rose.classes[k])} ${percent(sector.cells[k].share)}`;

  /* Length is the share of the time, from the hub outwards slow to fast; petals point where the wind comes from. */
  function polar(rose, { onCell, marks } = {}) {
    const most = Math.max(...rose.sectors.map(whole), 1e-9), step = [0.01, 0.02, 0.05, 0.1, 0.2].find((each) => most / each <= 4) || 0.25, R = (share) => HUB + ((RIM - HUB) * share) / most;
    const label = say(`风玫瑰，${rose.name}，静风 ${percent(rose.calm)}，最多 ${rose.sectors.reduce((a, b) => (whole(b) > whole(a) ? b : a)).direction}风`, `Wind rose of ${rose.name}, calm ${percent(rose.calm)}, mostly from ${rose.sectors.reduce((a, b) => (whole(b) > whole(a) ? b : a)).direction}`);
    const box = svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "plan-rose", role: onCell ? "group" : "img", "aria-label": label });
    for (let share = step; share <= most * 1.0001; share += step) box.append(svg("circle", { cx: MIDDLE, cy: MIDDLE, r: R(share), class: "ring" }));
    for (const sector of rose.sectors) {
      let from = 0;
      sector.cells.forEach((cell, k) => {
        if (!cell.share) return;
        const words = cellWords(rose, sector, k), part = svg("path", { d: wedge(sector.from, R(from), R(from + cell.share)), class: "petal", "fill-opacity": TINTS[k] });
        part.append(svg("title", {}, words));
        if (onCell) {
          for (const [name, value] of Object.entries({ role: "button", tabindex: "0", "aria-label": words })) part.setAttribute(name, value);
          part.addEventListener("click", () => onCell(sector, k));
          part.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); onCell(sector, k); } });
        }
        from += cell.share;
        box.append(part);
      });
    }
    for (let share = step; share <= most * 1.0001; share += step) { const [x, y] = at(11.25, R(share)); box.append(svg("text", { x, y, class: "scale" }, `${Math.round(100 * share)}%`)); }
    box.append(svg("circle", { cx: MIDDLE, cy: MIDDLE, r: HUB - 2, class: "hub" }), svg("text", { x: MIDDLE, y: MIDDLE - 2, class: "calm" }, say("静风", "calm")), svg("text", { x: MIDDLE, y: MIDDLE + 11, class: "calm" }, percent(rose.calm)));
    [[0, say("北", "N")], [90, say("东", "E")], [180, say("南", "S")], [270, say("西", "W")]].forEach(([turn, words]) => { const [x, y] = at(turn, RIM + 12); box.append(svg("text", { x, y: y + 4, class: "way" }, words)); });
    for (const { turn, count, words } of marks || []) {
      const [x, y] = at(turn, RIM + 35), dot = svg("circle", { cx: x, cy: y, r: 8, class: "reached" });
      dot.append(svg("title", {}, words));
      box.append(dot, svg("text", { x, y: y + 3.5, class: "count" }, count > 99 ? "99+" : String(count)));
    }
    return box;
  }

  const bands = (rose) => el("p", { class: "plan-key t2" }, rose.classes.map((each, k) => { const mark = el("i", { class: "plan-band-tint" }); mark.style.opacity = TINTS[k]; return el("span", {}, mark, band(each)); }));
  const about = (rose) => el("p", { class: "t2" }, `${rose.name} ${rose.distance === undefined || rose.distance === null ? "" : length(rose.distance)} · ${time.date(new Date(rose.since))} ${say("至", "to")} ${time.date(new Date(rose.until))} · `, say(`${thousands(rose.hours)} 小时、${thousands(rose.readings)} 条读数 · 最近 `, `${thousands(rose.hours)} hours, ${thousands(rose.readings)} readings · latest `), el("span", { "data-at": rose.newest }), say(` · 静风为低于 ${rose.calm_below} m/s`, ` · calm is below ${rose.calm_below} m/s`));

  function ask(place, redraw) {
    const key = `${place.lon},${place.lat}`;
    if (told.has(key)) return told.get(key);
    const mine = { busy: true };
    told.set(key, mine);
    get(`api/planner/rose?lon=${place.lon}&lat=${place.lat}`).then((found) => Object.assign(mine, found), (fault) => { mine.fault = fault; told.delete(key); }).finally(() => { mine.busy = false; redraw(); });
    return mine;
  }
  function fetched(id, redraw) {
    if (results.has(id)) return results.get(id);
    const mine = { busy: true };
    results.set(id, mine);
    get(`api/planner/batches/${id}`).then((found) => Object.assign(mine, { found }), (fault) => { mine.fault = fault; }).finally(() => { mine.busy = false; redraw(); });
    return mine;
  }

  /* Of one direction: each number says that it is of many weathers and of which file. */
  function line(side, batch, direction, k, sector) {
    const { summary } = batch, one = direction.levels[k], named = summary.levels[k], title = plan.level(say(named.zh, named.en))[0], name = sector?.direction || `${direction.wind_from_deg}°`;
    const rows = [[say("批量", "Batch"), batch.title], [say("风来向", "Wind from"), `${name} ${direction.wind_from_deg}°`], [say("气象数", "Weathers"), String(direction.weathers)], [say("限值", "Level"), `${named.value} ${named.unit}${named.verified ? "" : say("（未核实）", " (unverified)")}`], [say("程序、输入", "Code, inputs"), `${summary.code_version} ${summary.fingerprint.slice(0, 4)}…${summary.fingerprint.slice(-4)}`]];
    const number = (what, value, words, how) => (value === null || value === undefined ? el("span", { class: "t3" }, "–") : plan.number(side, `rose:${batch.id}:${what}:${named.level}:${direction.wind_from_deg}`, { quoted: true, title: `${title} ${name} ${what}`, how, rows }, words));
    return el("tr", {},
      el("th", { scope: "row" }, name),
      el("td", { class: "num" }, number(say("频率", "frequency"), direction.frequency, percent(direction.frequency ?? 0), say("该来向各气象的频率之和，占全部时间（含静风）。", "The frequencies of this direction's weathers, of the whole time with its calms."))),
      el("td", { class: "num" }, number(say("最远", "farthest"), one.farthest_m, `${one.cut ? `≥${plan.THIN}` : ""}${length(one.farthest_m ?? 0)}`, say("该来向各气象中该限值所及最远距离；≥ 为被截断。", "The farthest that the level reaches in any weather of this direction; ≥ where one is cut."))),
      el("td", { class: "num" }, number(say("人口最多", "most people"), one.residents_most, thousands(Math.round(one.residents_most ?? 0)), say("该来向各气象中区内常住人口最多者。", "The most residents inside in any weather of this direction."))),
      el("td", { class: "num" }, number(say("人口平均", "mean people"), one.residents_mean, thousands(Math.round(one.residents_mean ?? 0)), say("按频率加权的平均区内常住人口。", "Residents inside, the mean by frequency."))),
      el("td", { class: "num" }, number(say("保护目标最多", "most targets"), one.targets_most, String(one.targets_most), say("该来向各气象中触及保护目标（学校、医院、避难场所等）最多者，限您可见的。", "The most protection targets (schools, hospitals, shelters …) touched in any weather of this direction; those open to you."))),
      el("td", { class: "num" }, number(say("触及时间", "time reached"), one.targets_share, percent(one.targets_share ?? 0), say("该来向的时间中，触及任一保护目标的份额。", "Of this direction's own time, the share in which any target is touched."))));
  }

  function table(side, batch, k, rose) {
    const words = [say("风来向", "From"), say("频率", "Share"), say("最远", "Farthest"), say("人口最多", "People, most"), say("人口平均", "People, mean"), say("目标最多", "Targets, most"), say("触及时间", "Time reached")];
    const head = el("tr", {}, words.map((each, n) => el("th", { scope: "col", class: n ? "num" : "" }, each)));
    const sectors = new Map(rose.sectors.map((sector) => [sector.from, sector]));
    return el("div", { class: "plan-scroll", tabindex: "0", role: "region", "aria-label": say("各风向结果", "Results by direction") }, el("table", { class: "plan-table tight" }, el("thead", {}, head), el("tbody", {}, batch.summary.directions.map((each) => line(side, batch, each, k, sectors.get(each.wind_from_deg))))));
  }

  function controls(done, batch, redraw, order) {
    const list = el("select", { "aria-label": say("画在风玫瑰上的批量结果", "Batch drawn on the rose"), "data-tool": "rose batch" }, el("option", { value: "" }, say("不画批量结果", "No batch")), done.map((job) => el("option", { value: job.id, selected: job.id === chosen }, job.title)));
    list.addEventListener("change", () => { chosen = list.value; level = null; redraw(); });
    const levels = batch?.summary.levels || [];
    const pick = levels.length ? el("select", { "aria-label": say("限值", "Level"), "data-tool": "rose level" }, levels.map((each, k) => el("option", { value: String(k), selected: k === level }, say(each.zh, each.en) + (each.verified ? "" : say("（未核实）", " (unverified)"))))) : null;
    pick?.addEventListener("change", () => { level = Number(pick.value); redraw(); });
    return el("div", { class: "plan-rose-tools" }, done.length ? list : null, pick, el("button", { type: "button", class: "adm-button", "data-tool": "rose order", on: { click: order } }, say("批量推演", "Compute all of it")));
  }

  function rose(sides, redraw, order) {
    const body = document.getElementById("plan-compare-body"), more = document.getElementById("plan-compare-more"), side = plan.SIDES.find((each) => sides[each]);
    more.textContent = say("花瓣指向风的来向，影响在对侧", "petals point where the wind comes from; zones lie opposite");
    if (!side) return body.replaceChildren(el("p", { class: "empty" }, say("还没有情景", "No scenario yet")));
    const one = sides[side], { busy, fault, rose: now, why } = ask(one.given.place, redraw), done = plan.finishedBatches();
    if (chosen === null && done.length) chosen = (done.find((job) => job.title.includes(one.given.title)) || { id: "" }).id;
    const result = chosen && done.some((job) => job.id === chosen) ? fetched(chosen, redraw) : null, batch = result?.found, drawn = batch?.rose || now;
    if (batch && (level === null || level >= batch.summary.levels.length)) level = batch.summary.levels.length - 1;
    const tools = controls(done, batch, redraw, () => order(one));
    if (!drawn) {
      const words = busy ? el("p", { class: "empty plan-busy", role: "status" }, say("读取风玫瑰", "Reading the wind rose")) : fault ? el("p", { class: "empty r" }, plan.refusal(fault)) : el("div", { class: "empty" }, el("p", {}, why), el("p", { class: "t3" }, say("可手工填写气象，或按各取值的组合批量推演。", "Type the weather, or compute combinations of values.")));
      return body.replaceChildren(words, tools);
    }
    const far = batch && (batch.place.lon !== one.given.place.lon || batch.place.lat !== one.given.place.lat);
    const marks = batch ? batch.summary.directions.filter((each) => each.levels[level].targets_most > 0).map((each) => ({ turn: each.wind_from_deg, count: each.levels[level].targets_most, words: say(`触及保护目标至多 ${each.levels[level].targets_most} 处，占该向时间 ${percent(each.levels[level].targets_share)}`, `up to ${each.levels[level].targets_most} targets, ${percent(each.levels[level].targets_share)} of its time`) })) : [];
    const notes = [
      result?.busy ? el("p", { class: "t2 plan-busy", role: "status" }, say("读取批量结果", "Reading the batch")) : null,
      result?.fault ? el("p", { class: "r" }, plan.refusal(result.fault)) : null,
      far ? el("p", { class: "y" }, say("该批推演的地点与本情景不同，图为该批的风玫瑰", "That batch was computed for another place; this is its rose")) : null,
      batch && !batch.summary.directions.length ? el("p", { class: "t2" }, say("该批风向过多，不按方向汇总", "That batch has too many directions to be summed up")) : null,
      marks.length ? el("p", { class: "t2" }, el("i", { class: "plan-dot target" }), say(" 外圈：该来向会触及的保护目标数", " Rim: targets touched with the wind from there")) : batch?.summary.directions.some((each) => each.levels[level].targets_most === 0) ? el("p", { class: "t2" }, say("各风向均不触及登记的保护目标", "No recorded target is touched in any direction")) : null,
    ];
    const left = el("div", { class: "plan-rose-left" }, polar(drawn, { marks }), bands(drawn), about(drawn), el("p", { class: "t3" }, drawn.how || ""), notes.filter(Boolean));
    body.replaceChildren(tools, el("div", { class: "plan-rose-room" }, left, batch?.summary.directions.length ? table(side, batch, level, drawn) : ""));
  }

  Object.assign(plan, { rose, roseOf: ask, polar, roseAbout: about, roseBands: bands, roseCell: cellWords });
})();
