/* What is inside the zones, nearest first, with the worst level that touches it in either scenario. */
(function () {
  "use strict";
  const { el, say, length, glyph } = window.OneMap;
  const plan = window.OneMap.plan;
  const LISTED = 100;
  const NEAREST = say("从释放点到该对象落在影响区内的最近一点。", "From the source to the nearest point of it that lies in a zone.");

  function insideOf(sides) {
    const body = document.getElementById("plan-inside-body"), more = document.getElementById("plan-inside-more");
    const shown = plan.SIDES.filter((side) => sides[side]?.answer);
    more.textContent = "";
    if (!shown.length) return body.replaceChildren(el("p", { class: "empty" }, say("算出后列出区内的保护目标和危险源", "Targets and hazard sources inside are listed here")));
    const seen = new Map();
    for (const side of shown) for (const kind of ["targets", "hazards"]) for (const row of sides[side].answer.exposure?.[kind]?.rows || []) {
      const key = `${row.layer}:${row.key}`;
      if (!seen.has(key)) seen.set(key, { key, row, side, kind, worst: {} });
      seen.get(key).worst[side] = row.severity;
    }
    const all = [...seen.values()].sort((a, b) => a.row.distance - b.row.distance);
    more.textContent = all.length ? say(`${all.length} 处，近者在前`, `${all.length}, nearest first`) : "";
    const left = [...new Set(shown.flatMap((side) => sides[side].answer.exposure?.left_out || []))];
    const note = left.length ? el("p", { class: "empty" }, say(`对您不开放：${left.join("、")}`, `Not open to you: ${left.join(", ")}`)) : null;
    if (!all.length) return body.replaceChildren(...[el("p", { class: "empty" }, say("区内没有登记的保护目标和危险源", "No recorded target or hazard source inside")), note].filter(Boolean));
    const mark = (severity) => (severity ? glyph(plan.grade(severity)) : el("span", { class: "t3" }, "–"));
    const head = el("tr", {}, [say("名称", "Name"), say("距离", "Distance"), "A", "B"].map((title, k) => el("th", { scope: "col", class: k === 1 ? "num" : k > 1 ? "mid" : "" }, title)));
    const line = ({ key, row, side, kind, worst }) => {
      const fact = { title: `${row.title}：${row.name}`, how: NEAREST, rows: [[say("方位", "Bearing"), `${Math.round(row.bearing)}°`], [say("编码", "Code"), row.key]], data: kind };
      return el("tr", {}, el("th", { scope: "row", title: row.title }, el("span", { class: "el" }, row.name)), el("td", { class: "num" }, plan.number(side, `inside:${key}`, fact, length(row.distance))), el("td", { class: "mid" }, mark(worst.A)), el("td", { class: "mid" }, mark(worst.B)));
    };
    const rest = all.length - LISTED;
    body.replaceChildren(...[
      el("div", { class: "plan-scroll tall", tabindex: "0", role: "region", "aria-label": say("影响区内的对象", "What is inside") }, el("table", { class: "plan-table tight" }, el("thead", {}, head), el("tbody", {}, all.slice(0, LISTED).map(line)))),
      rest > 0 ? el("p", { class: "empty" }, say(`另有 ${rest} 处`, `${rest} more`)) : null, note,
    ].filter(Boolean));
  }

  Object.assign(plan, { insideOf });
})();
