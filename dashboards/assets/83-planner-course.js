/* One place in time: outdoors and in a house, when it comes and goes, how long each level is passed, what is taken in. */
(function () {
  "use strict";
  const { el, say, post, length } = window.OneMap;
  const plan = window.OneMap.plan;
  const minutes = (seconds) => `${plan.rounded(seconds / 60)}${plan.THIN}min`;
  const COURSE = say("由轴线外的稳态场乘以随时间的前后缘得到；数值为该处地面。", "The field at that place on the ground, with the cloud's ends passing in time.");
  let place = null, told = {}, asked = 0;

  /* The scenario that answered is asked, so that curve and zones are of one model. */
  const answering = (one) => JSON.parse(one.answer.result.receipt.inputs);

  function ask(point, sides, redraw) {
    place = point;
    const turn = (asked += 1);
    told = {};
    for (const side of plan.SIDES) {
      const one = sides[side];
      if (!one?.answer) continue;
      const mine = (told[side] = { busy: true, of: one.answer.fingerprint });
      post("api/planner/history", { scenario: answering(one), lon: point.lng, lat: point.lat }).then((course) => Object.assign(mine, { course }), (fault) => Object.assign(mine, { fault })).finally(() => { mine.busy = false; if (turn === asked) redraw(); });
    }
    redraw();
  }
  /* A scenario that changed is asked again for the same place. */
  function follow(sides, redraw) {
    if (place && plan.SIDES.some((side) => (sides[side]?.answer?.fingerprint || null) !== (told[side]?.of || null))) ask(place, sides, redraw);
  }
  function leave() { place = null; told = {}; asked += 1; }

  const said = (value, unit) => (unit === "1" ? `${plan.rounded(value * 1e6)}${plan.THIN}ppm` : unit === "1/h" ? say(`${plan.rounded(value)} 次/时`, `${plan.rounded(value)} an hour`) : plan.said(value, unit));

  function figures(side, course) {
    const facts = [], add = (key, title, words, more) => facts.push([title, more?.wide, plan.number(side, `course:${key}`, { title: say(`该点${title}`, `${title} there`), how: COURSE, answer: { models: course.models, notes: course.notes, checks: course.checks }, rows: [[say("地点", "Place"), `${course.place.lon.toFixed(5)}，${course.place.lat.toFixed(5)}`], [say("距释放点", "From the source"), length(course.distance)], [say("下风", "Downwind"), plan.said(course.downwind, "m")], [say("横风", "Crosswind"), plan.said(course.crosswind, "m")], ...(more?.rows || [])], ...(more || {}) }, words)]);
    const first = course.figures[0]?.model;
    if (course.arrival !== null) add("arrival", say("到达", "arrival"), minutes(course.arrival), { model: first });
    if (course.departure !== null) add("departure", say("离开", "departure"), minutes(course.departure), { model: first });
    const figure = (one) => add(one.name, one.title, said(one.value, one.unit), { model: one.model });
    course.figures.filter((one) => one.unit !== "1/h").forEach(figure);
    const span = (pair) => (pair ? `${plan.rounded(pair[0] / 60)}–${minutes(pair[1])}` : say("未达到", "not reached"));
    for (const one of course.above) {
      const doubt = one.verified ? "" : say("限值未核实", "the level is unverified"), inside = course.curves.some((each) => each.name === "indoors");
      add(`above:${one.level}`, say(`${plan.level(one.level)[0]} 室外`, `${plan.level(one.level)[0]} outdoors`), span(one.outdoors), { model: first, doubt });
      if (inside) add(`above-in:${one.level}`, say(`${plan.level(one.level)[0]} 室内`, `${plan.level(one.level)[0]} indoors`), span(one.indoors), { model: course.curves.find((each) => each.name === "indoors").model, doubt });
    }
    course.figures.filter((one) => one.unit === "1/h").forEach(figure);
    const share = (pair) => pair.map((value) => (value > 0 && value < 1e-4 ? "<0.01%" : `${plan.rounded(100 * value)}%`)).join(say("，室内 ", ", indoors "));
    course.doses.forEach((one, k) => {
      const words = one.death ? say(`致死 ${share(one.death)}`, `deaths ${share(one.death)}`) : one.of_limit ? say(`为限值的 ${share(one.of_limit)}`, `${share(one.of_limit)} of the limit`) : plan.rounded(one.outdoors);
      add(`dose:${k}`, one.title, words, { wide: true, how: say("浓度的 n 次方对时间积分。", "The integral of the concentration to the power n."), doubt: one.verified ? "" : say("系数未核实", "constants unverified"), rows: [["n", String(one.n)], [say("剂量", "Dose"), `${plan.rounded(one.outdoors)}，${say("室内", "indoors")} ${plan.rounded(one.indoors)} (${one.unit})ⁿ·min`], [say("出处", "Source"), one.source]] });
    });
    return el("dl", { class: "plan-facts" }, facts.map(([title, wide, number]) => el("div", { class: wide ? "wide" : "" }, el("dt", {}, title), el("dd", {}, number))));
  }

  function draw(sides, body, more) {
    more.textContent = place ? `${place.lng.toFixed(4)}，${place.lat.toFixed(4)}` : "";
    if (!place) return body.replaceChildren(el("p", { class: "empty" }, say("在地图上单击一点，看那里随时间的变化；键盘：地图上按回车。", "Click a point on a map to see it in time; by keyboard: Enter on a map.")));
    const shown = plan.SIDES.filter((side) => told[side]), lines = [], parts = [];
    for (const side of shown) {
      const { busy, fault, course } = told[side];
      if (busy) parts.push(el("p", { class: "empty plan-busy", role: "status" }, say(`${side} 计算中`, `${side}: computing`)));
      else if (fault) parts.push(el("p", { class: "empty" }, plan.tag(side), ` ${plan.refusal(fault)}`));
      else if (!course.reached) parts.push(el("p", { class: "empty" }, plan.tag(side), say(" 该点不受影响", " Nothing comes there")));
      else {
        for (const one of course.curves) lines.push({ side, dash: one.name === "indoors" ? "2 3" : side === "B" ? "7 3" : "", unit: one.unit, at: one.x.map((x, k) => [x / 60, one.y[k]]) });
        parts.push(el("div", { class: "plan-course" }, el("p", { class: "t2" }, plan.tag(side), say(` 距释放点 ${length(course.distance)}，粗线室外，点线室内`, ` ${length(course.distance)} from the source; dotted: indoors`)), figures(side, course)));
      }
    }
    const unit = lines[0]?.unit, same = lines.filter((line) => line.unit === unit);
    if (same.length) {
      const ys = same.flatMap((line) => line.at.map(([, y]) => y)).filter((y) => y > 0), aims = plan.aimsOf(sides, unit);
      const peak = Math.max(...ys), y1 = Math.max(peak, ...aims.map((aim) => aim.value)), y0 = Math.max(Math.min(...aims.map((aim) => aim.value / 10), peak / 100), y1 / 1e9);
      const x1 = Math.max(...same.flatMap((line) => line.at.filter(([, y]) => y >= y0).map(([x]) => x)), 1) * 1.05, step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find((each) => x1 / each <= 6) || 1440;
      for (const line of same) line.at = line.at.filter(([x, y]) => x <= x1 && y >= y0);
      const clock = { from: 0, to: x1, ticks: Array.from({ length: Math.floor(x1 / step) + 1 }, (_, k) => k * step), words: (x) => `${x} min` };
      parts.unshift(plan.plot(say(`该点随时间变化，${unit}`, `In time at the point, ${unit}`), clock, plan.decades(y0, y1), same, aims));
    }
    body.replaceChildren(...(parts.length ? parts : [el("p", { class: "empty" }, say("还没有算出的情景", "No scenario is computed yet"))]));
  }

  Object.assign(plan, { course: { ask, follow, leave, draw, at: () => place } });
})();
