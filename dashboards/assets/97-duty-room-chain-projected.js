/* What the system computed of the wind as it is now, beside the round that stands: dashed, said to be adopted by nobody, adopted or not by a person. */
(function () {
  "use strict";
  const { el, say, post, time, length, glyph, thousands } = window.OneMap;
  const duty = window.OneMap.duty, COLOURS = ["#8FA3B3", "#FF5A6E", "#F18F01", "#F4D35E", "#6FA8FF"];
  const OURS = ["called", "post", "route", "order"], TITLE = say("按当前风推算，未采用", "Projected of the wind now, not adopted"), OTHER = say("按当前条件推算，未采用", "Projected of what is true now, not adopted");
  let announced = "", busy = false;

  const standing = (one) => { const found = duty.air.standing(one); return found?.projection ? [found, found.projection] : [found, null]; };
  const many = (n) => thousands(Math.round(n));
  const minutes = (seconds) => (seconds === null || seconds === undefined ? "" : seconds <= 0 ? say("可能已到", "may be there") : say(`约 ${Math.max(1, Math.round(seconds / 60))} 分后`, `in some ${Math.max(1, Math.round(seconds / 60))} min`));
  const title = (next) => (next.turned_at ? TITLE : OTHER);

  /* Said once for each projection, in words of its own: a toast goes, and a panel may be below what is seen. */
  function announce(one, next, tools) {
    const screen = document.querySelector(".duty");
    let box = document.getElementById("chain-said");
    if (!box) { box = el("div", { id: "chain-said", role: "status", "aria-live": "polite" }); screen.append(box); }
    const code = next ? next.code : "";
    if (code === announced) return;
    announced = code;
    const soon = next ? next.falling.filter((each) => each.reached !== "band").length : 0;
    box.textContent = next ? `${title(next)}${say("：", ": ")}${next.text}${soon ? say(`；${soon} 处力量、场所将在区内`, `; ${soon} forces or places would be in it`) : ""}` : "";
    if (next) tools.toast(`▲ ${title(next)}${say("：", ": ")}${next.text}`, "fault");
  }

  async function settle(one, tools, body, words) {
    if (busy) return;
    busy = true;
    try { await duty.air.took(await post("api/incidents/projection", { code: one.code, ...body }), tools, words); } finally { busy = false; }
  }
  function adopt(one, tools) {
    const [found, next] = standing(one);
    if (!next || !tools.may) return;
    settle(one, tools, { command: tools.key(), projection: next.code, step: "adopt" }, say(`已采用第 ${next.number} 次推算为第 ${found.number + 1} 轮；据以前轮次的步骤待更新`, `Projection ${next.number} is round ${found.number + 1} now; steps made of rounds before are to be renewed`)).catch((fault) => { tools.toast(fault.message, "fault"); duty.air.reread?.(); });
  }
  function dismiss(one, tools) {
    const [, next] = standing(one);
    if (!next || !tools.may) return;
    const command = tools.key();
    tools.form(say(`不采用第 ${next.number} 次推算`, `Projection ${next.number} is not adopted`), [{ type: "note", label: say("现行轮次不变。同样的风不再推算，再有变化时另算。原因记入日志。", "The round stays. The same wind is not projected again; a further change is. The reason goes into the log.") }, { name: "why", label: say("原因", "Why"), required: true, longest: 400, wide: true }], say("不采用", "Do not adopt"), ({ why }) => settle(one, tools, { command, projection: next.code, step: "dismiss", why: why.replace(/\s+/g, " ") }, say("已记入日志：不采用", "In the log: not adopted")));
  }

  function settling(one, tools) {
    const [found, next] = standing(one), button = (name, look, act, words, key) => el("button", { type: "button", class: `button ${look}`, "data-act": name, on: { click: () => act(one, tools) } }, words, " ", el("kbd", {}, key));
    return next && tools.may ? [button("adopt", "primary", adopt, say(`采用为第 ${found.number + 1} 轮`, `Adopt as round ${found.number + 1}`), "C"), button("dismiss", "", dismiss, say("不采用", "Do not adopt"), "V")] : null;
  }

  /* What changed after it was computed is not in it, and adopting it leaves that to be renewed. */
  const since = (next) => (next.since.length ? el("p", { class: "o", "data-since": "1" }, say("▲ 推算之后又变，未计入：", "▲ Changed since, and not in it: "), next.since.flatMap((each, n) => [n ? say("；", "; ") : "", `${each.title} `, ...duty.air.changed(each)]), say(`。最早 ${time.dated(new Date(next.again_at))} 再推算；要现在算，按 F 按新值重算。`, `. Projected again at ${time.dated(new Date(next.again_at))} at the earliest; F computes it now.`)) : null);

  function zones(found, next) {
    return el("ul", { class: "chain-next" }, [...next.zones].sort((a, b) => a.severity - b.severity).map((zone) => {
      const was = found.zones.find((each) => each.id === zone.id), far = (each) => (each.reached ? `${each.cut !== "none" ? "≥ " : ""}${length(each.distance)}` : say("未达到", "not reached"));
      return el("li", {}, glyph(duty.air.grade(zone.severity)), el("b", {}, duty.air.level(zone.name)[0]), el("span", {}, was ? `${far(was)} → ` : "", el("b", {}, far(zone))), el("span", { class: "t2" }, zone.reached && zone.people !== null ? say(`${many(zone.people)} 人`, many(zone.people)) : ""));
    }));
  }

  function panel(one, tools) {
    const [found, next] = standing(one);
    announce(one, next, tools);
    if (!next) return null;
    const inside = next.falling.filter((each) => each.reached !== "band"), held = new Set(found.falling.filter((each) => each.reached !== "band").map((each) => `${each.layer}/${each.key}`)), fresh = (each) => !held.has(`${each.layer}/${each.key}`), rows = [...inside.filter(fresh), ...inside.filter((each) => !fresh(each))];
    const kept = next.inputs.filter((each) => each.typed).map((each) => each.title), doubts = [next.valid ? "" : say("超出适用范围", "outside validity"), next.verified ? "" : say("限值或模型未核实", "levels or models unverified")].filter(Boolean);
    const line = (each) => el("li", { class: each.reached, "data-fresh": fresh(each) ? "1" : null }, el("i", { "aria-hidden": "true" }, "▲"), el("span", { class: "el" }, el("b", {}, each.title), el("span", { class: "t3" }, ` ${each.kind_word}${fresh(each) ? "" : say("，现行区内也有", ", in the round's zone as well")}`)), el("span", { class: OURS.includes(each.kind) ? "o" : "t2" }, `${minutes(each.after_s) || each.text} ${duty.air.level(each.level)[0]}`));
    const target = (each) => el("li", {}, glyph(duty.air.grade(each.severity)), el("span", { class: "el" }, each.name), el("span", { class: "t3" }, length(each.distance)), el("span", { class: "num" }, minutes(each.after_s)));
    return el("section", { class: "chain chain-projected", "data-projection": next.code, "aria-label": title(next) },
      el("div", { class: "line" }, el("h3", {}, `▲ ${title(next)}`), el("span", { class: "t3" }, say(`第 ${next.number} 次，${time.age(next.computed_at)}`, `no. ${next.number}, ${time.age(next.computed_at)}`))),
      el("p", {}, next.text), since(next), doubts.length ? el("p", { class: "y" }, doubts.join(say("；", "; "))) : null, zones(found, next),
      rows.length ? [el("h4", {}, say("采用后将在区内", "Would be inside")), el("ol", { class: "chain-falls" }, rows.slice(0, 10).map(line)), rows.length > 10 ? el("p", { class: "t3" }, say(`另有 ${rows.length - 10} 处`, `${rows.length - 10} more`)) : null] : el("p", { class: "t2" }, say("没有队伍、指挥部、路线、避难场所在推算的区内", "No team, post, route or shelter would be inside")),
      next.targets === null ? el("p", { class: "t3" }, say("保护目标：您的岗位无权查看", "Targets are not open to your role")) : next.targets.total ? [el("h4", {}, say(`新进入区内的保护目标 ${next.targets.total} 处`, `${next.targets.total} targets that were not inside`)), el("ol", { class: "chain-list" }, next.targets.rows.slice(0, 6).map(target))] : el("p", { class: "t2" }, say("没有新进入区内的保护目标", "No further target would be inside")),
      el("p", { class: "t3" }, [next.turned_at ? say(`时间自 ${time.dated(new Date(next.turned_at))} 读到新风起计，风可能更早就已转向`, `Times count from ${time.dated(new Date(next.turned_at))}, when the new wind was read; it may have turned before`) : next.begun_at ? say("时间自释放开始计", "Times count from the release") : say("释放开始时间未填", "nobody told when it began"), kept.length ? say(`人工填写的沿用第 ${next.of_round} 轮：${kept.join("、")}`, `as typed for round ${next.of_round}: ${kept.join(", ")}`) : ""].filter(Boolean).join(say("；", "; "))),
      el("div", { class: "duty-buttons" }, settling(one, tools)));
  }

  /* Outlines alone, dashed long, over the round's own: what is filled is adopted. */
  function map(one, group) {
    const [found, next] = standing(one);
    if (!next) return;
    const drawn = next.zones.filter((zone) => zone.reached && zone.geometry).sort((a, b) => b.severity - a.severity);
    for (const zone of drawn) for (const style of [{ color: "#0B1218", weight: 6, opacity: 0.6 }, { color: COLOURS[duty.air.grade(zone.severity)], weight: 3, dashArray: "14 9", className: "chain-next-zone" }]) L.geoJSON(zone.geometry, { interactive: false, style: { fill: false, ...style } }).addTo(group);
    const widest = drawn[0], place = found.scenario_place;
    if (!widest || !place) return;
    const turned = ((next.wind.from + 180) * Math.PI) / 180, at = duty.air.farthest(widest.geometry, place.lon, place.lat, turned);
    if (at) L.marker(at, { keyboard: false, interactive: false, zIndexOffset: 320, icon: L.divIcon({ className: "chain-label chain-next-label", iconSize: null, html: el("span", { style: `--c:${COLOURS[duty.air.grade(widest.severity)]};--down:0px` }, say(`推算，未采用 ${duty.air.level(widest.name)[0]} ${length(widest.distance)}`, `projected, not adopted ${duty.air.level(widest.name)[0]} ${length(widest.distance)}`)) }) }).addTo(group);
  }

  Object.assign(duty.air, { settling, since, projected: title });
  duty.section("projected", { panel, map, opened: () => { announced = ""; const box = document.getElementById("chain-said"); if (box) box.textContent = ""; }, keys: [["C", say("采用推算", "adopt projection"), adopt], ["V", say("不采用", "do not adopt"), dismiss]] });
})();
