/* The past judged again: a job of the server, followed here, and what the rule would have told beside the edited one. */
(function () {
  "use strict";
  const { base, el, say, get, post, thousands, time } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, day } = my;
  const rules = window.OneMap.rules;
  const KIND = "alarm-replay", OPEN = ["queued", "running"], NS = "http://www.w3.org/2000/svg";
  const SIDES = { standing: say("现行规则", "As it stands"), edited: say("修改后", "As edited") };
  const CONDITIONS = { LL: say("低低报", "Low-low"), L: say("低报", "Low"), H: say("高报", "High"), HH: say("高高报", "High-high"), rise: say("上升过快", "Rising fast"), fall: say("下降过快", "Falling fast"), combination: say("组合条件", "Combination"), silence: say("无数据", "No readings") };
  let timer = 0, jobs = [], shown = "";

  rules.replay = async function (code, edited) {
    const job = await post("api/jobs", { kind: KIND, asked: { code, edited, days: 30 } });
    shown = job.id;
    location.hash = `replay/${job.id}`;
  };

  function words(job) {
    if (job.cancelling) return say("正在取消", "cancelling");
    if (job.state === "queued") return say("排队中", "waiting");
    if (job.state === "running") return job.total ? say(`已重判 ${job.done} / ${job.total} 天`, `${job.done} of ${job.total} days judged`) : say("准备中", "preparing");
    if (job.state === "failed") return say(`失败:${job.doing}`, `failed: ${job.doing}`);
    if (job.state === "cancelled") return say("已取消", "cancelled");
    return job.file ? job.said : say("结果已清理,请重新执行", "its result was cleared away; ask again");
  }

  /* Alarms of each day: the rule as it stands in grey, as edited in teal, on one scale. */
  function bars(sides) {
    const days = Object.values(sides)[0].days, width = 760, height = 130, foot = 18, step = width / days.length, names = Object.keys(sides);
    const most = Math.max(1, ...names.flatMap((side) => sides[side].days.map((one) => one.count)));
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", say(`每日报警次数,最多 ${most} 次`, `Alarms a day, at most ${most}`));
    svg.setAttribute("class", "rules-bars");
    const put = (tag, attributes, text) => { const node = document.createElementNS(NS, tag); for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value); if (text) node.textContent = text; svg.append(node); return node; };
    put("line", { x1: 0, x2: width, y1: height - foot, y2: height - foot, class: "axis" });
    names.forEach((side, k) => sides[side].days.forEach((one, n) => {
      const tall = (one.count / most) * (height - foot - 16), wide = Math.max(2, (step - 4) / names.length);
      const bar = put("rect", { x: n * step + 2 + k * wide, y: height - foot - tall, width: wide - 1, height: tall, class: side });
      const said = document.createElementNS(NS, "title");
      said.textContent = `${one.day} ${SIDES[side]} ${one.count}`;
      bar.append(said);
    }));
    days.forEach((one, n) => { if (n % 5 === 0 && n * step < width - 40) put("text", { x: n * step + 2, y: height - 4 }, one.day.slice(5)); });
    put("text", { x: 2, y: 12 }, say(`最多 ${most} 次/日`, `at most ${most} a day`));
    return svg;
  }

  const lasts = (seconds) => time.span(seconds);
  const number = (value, unit) => (value === null ? "" : `${Math.round(value * 1000) / 1000}\u2009${unit}`);
  const link = (one) => el("a", { href: rules.trend(one.point, one.raised_at, one.cleared_at) }, `${one.name} ${one.point}`);
  function alarm(one) {
    return el("li", {}, el("div", {}, rules.level(one.level), " ", link(one), el("small", { class: "t3" }, ` ${CONDITIONS[one.condition] || one.condition} ${number(one.value, one.unit)}${one.limit === null ? "" : say(`,限值 ${number(one.limit, one.unit)}`, `, limit ${number(one.limit, one.unit)}`)}`)),
      el("small", { class: "t3 nw" }, one.cleared_at ? say(`${day(one.raised_at)} 起 ${lasts(one.seconds)}`, `${day(one.raised_at)}, ${lasts(one.seconds)}`) : say(`${day(one.raised_at)} 起持续`, `${day(one.raised_at)}, standing`)));
  }

  function compared(found) {
    const names = Object.keys(found.sides), sides = found.sides;
    const row = (title, of, note) => el("tr", {}, el("th", { scope: "row" }, title, note ? el("small", { class: "t3" }, ` ${note}`) : null), names.map((side) => el("td", { class: "num" }, of(sides[side]))));
    const levels = [1, 2, 3, 4].map((n) => row(el("span", {}, rules.level(n), say("级报警", " alarms")), (one) => thousands(one.levels[n])));
    return el("table", { class: "adm-table rules-compare" }, el("thead", {}, el("tr", {}, el("th", {}), names.map((side) => el("th", { scope: "col", class: side }, el("i", { class: side }), SIDES[side])))), el("tbody", {},
      row(say("报警次数", "Alarms"), (one) => el("b", {}, thousands(one.total))), row(say("平均每日", "A day"), (one) => one.per_day.toFixed(1)), ...levels,
      row(say("期末仍在报警", "Standing at the end"), (one) => thousands(one.standing)), row(say("报过警的监测点", "Points that alarmed"), (one) => `${thousands(one.alarming)} / ${thousands(one.judged)}`),
      row(say("抖动报警", "Chattering"), (one) => thousands(one.chattering.length), say("60 秒内 3 次", "3 in 60 s")), row(say("最长一次", "The longest"), (one) => (one.longest.length ? lasts(one.longest[0].seconds) : "—"))));
  }

  function detail(found) {
    const names = Object.keys(found.sides);
    const part = (title, of, none) => (names.every((side) => !of(found.sides[side]).length) ? null : el("section", {}, el("h3", {}, title), el("div", { class: "rules-pair" }, names.map((side) => {
      const items = of(found.sides[side]);
      return el("div", {}, names.length > 1 ? el("h4", { class: side }, SIDES[side]) : null, items.length ? el("ol", { class: "adm-list" }, items) : el("p", { class: "t3" }, none));
    }))));
    if (names.every((side) => !found.sides[side].total)) return [el("p", { class: "adm-empty" }, say(`${found.days} 天内没有报警。`, `No alarm in ${found.days} days.`))];
    return [
      part(say("报警最多的监测点", "Points that most alarm"), (one) => one.points.map((each) => el("li", {}, link({ ...each }), el("b", {}, thousands(each.count)))), say("30 天内没有报警", "No alarm in this time")),
      part(say("最早的报警", "The first alarms"), (one) => one.first.map(alarm), say("没有", "None")),
      part(say("持续最长的报警", "The longest"), (one) => one.longest.map(alarm), say("没有", "None")),
      part(say("抖动的监测点", "What chatters"), (one) => one.chattering.slice(0, 20).map((each) => el("li", {}, link(each), el("span", {}, CONDITIONS[each.condition] || each.condition))), say("没有抖动", "Nothing chatters")),
    ];
  }

  function result(job, found) {
    const edited = found.edited && rules.may_write && rules.rows.some((one) => one.code === found.code);
    const keep = () => {
      const one = rules.rows.find((each) => each.code === found.code);
      rules.write(say(`保存修改:${one.title}`, `Save: ${one.title}`), { ...one, fields: found.edited }, say("保存", "Save"), async (fields, reason) => { await rules.saved(one, fields, reason); location.hash = `rules/${encodeURIComponent(one.code)}`; }, true);
    };
    const left = Object.values(found.sides).flatMap((one) => one.left_out);
    const idle = Object.keys(found.sides).filter((side) => !found.sides[side].judged);
    return [
      el("header", {}, el("h2", { tabindex: "-1" }, job.title), el("span", { class: "sp" }), edited ? button(say("保存这些修改", "Save these changes"), keep, "primary") : null),
      el("p", { class: "t3" }, say(`${day(found.begin)} 至 ${day(found.end)},重判留存数据 ${thousands(found.readings)} 条。只试算,不登记报警;假定规则全程有效,数据按产生时刻到达。`, `${day(found.begin)} to ${day(found.end)}, ${thousands(found.readings)} kept readings. Nothing is written; the rule is taken to hold throughout, readings to come when they were made.`)),
      left.length ? el("p", { class: "adm-fault", role: "alert" }, say(`规则有误,未参与判断:${left[0]}`, `The rule is faulty and was not judged: ${left[0]}`)) : null,
      idle.length ? el("p", { class: "adm-fault", role: "alert" }, say(`${idle.map((side) => SIDES[side]).join("、")}没有所涉监测点。`, `Without points: ${idle.map((side) => SIDES[side]).join(", ")}.`)) : null,
      el("div", { class: "rules-result" }, compared(found), el("div", { class: "rules-chart" }, bars(found.sides))), ...detail(found),
    ];
  }

  async function draw(box) {
    const [list, one] = box.children;
    jobs = (await get("api/jobs")).jobs.filter((job) => job.kind === KIND);
    if (!jobs.some((job) => job.id === shown)) shown = jobs[0]?.id || "";
    list.replaceChildren(...(jobs.length ? [el("ol", { class: "adm-list" }, jobs.map((job) => el("li", { "data-state": job.state, "aria-current": job.id === shown ? "true" : null },
      el("button", { type: "button", class: "adm-name", on: { click: () => { location.hash = `replay/${job.id}`; } } }, el("b", {}, job.title), el("small", { class: "t3" }, `${day(job.made_at)} ${words(job)}`)),
      OPEN.includes(job.state) ? button(say("取消", "Cancel"), async () => { await post(`api/jobs/${job.id}/cancel`, {}); await follow(box); }, "small") : null)))]
      : my.empty(say("还没有重放过。在规则详情中选“重放最近 30 天”。", "Nothing was replayed yet. Open a rule and choose Replay 30 days.")).childNodes));
    const job = jobs.find((each) => each.id === shown);
    one.hidden = !job;
    if (!job) return;
    if (OPEN.includes(job.state)) {
      const part = job.total ? job.done / job.total : null;
      one.replaceChildren(el("h2", {}, job.title), el("p", { role: "status" }, words(job)), el("progress", part === null ? { "aria-label": job.title } : { max: "1", value: String(part), "aria-label": job.title }));
      one.dataset.job = "";
    } else if (!job.file) {
      one.replaceChildren(el("h2", {}, job.title), el("p", { role: "alert" }, words(job)));
      one.dataset.job = "";
    } else if (one.dataset.job !== job.id) {
      await my.room(one, () => get(`api/jobs/${job.id}/file`), (found) => result(job, found));
      one.dataset.job = job.id;
    }
  }

  async function follow(box) {
    clearTimeout(timer);
    try { await draw(box); } catch (fault) { box.children[0].replaceChildren(el("p", { role: "alert" }, say(`读取失败:${fault.message}`, `Could not read: ${fault.message}`))); }
    if (!box.hidden && jobs.some((job) => OPEN.includes(job.state))) timer = setTimeout(() => follow(box), 1000);
  }

  rules.replays = function (box, id) {
    if (id) shown = id;
    if (!box.children.length) box.append(el("nav", { class: "adm-card rules-jobs", "aria-label": say("重放任务", "Replays") }), el("section", { class: "adm-card rules-replayed", "aria-live": "polite" }));
    return follow(box);
  };
})();
