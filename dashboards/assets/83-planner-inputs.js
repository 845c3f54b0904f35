/* What two scenarios say differently, field by field: the rest is the same, and so not the reason of any difference. */
(function () {
  "use strict";
  const { el, say } = window.OneMap;
  const plan = window.OneMap.plan;
  const OTHER = { title: say("名称", "Name"), chemical: say("化学品", "Chemical"), "place.lon": say("经度", "Longitude"), "place.lat": say("纬度", "Latitude"), "release.kind": say("释放方式", "Release"), period: say("时段", "Period"), levels: say("限值", "Levels"), model: say("扩散模型", "Dispersion model"), hazard_source: say("危险源", "Hazard source"), "weather.source": say("气象来源", "Weather from"), "weather.observed_at": say("观测时刻", "Observed at"), note: say("备注", "Note") };

  const flat = (value, path = "") => Object.entries(value).flatMap(([name, each]) => (each && typeof each === "object" && !Array.isArray(each) ? flat(each, `${path}${name}.`) : [[path + name, each]]));

  function inputs(sides, known) {
    const body = document.getElementById("plan-compare-body"), more = document.getElementById("plan-compare-more");
    more.textContent = say("只列不同的，其余相同", "only what differs; the rest is the same");
    if (!sides.A?.answer || !sides.B?.answer) return body.replaceChildren(el("p", { class: "empty" }, say("A、B 都算出后逐项比较", "Compared field by field once A and B are computed")));
    const [a, b] = plan.SIDES.map((side) => new Map(flat(sides[side].answer.scenario)));
    const fields = new Map(known.fields.map((field) => [field.name, field]));
    const words = (path, value) => {
      if (value === null || value === undefined || value === "") return el("span", { class: "t3" }, "–");
      const field = fields.get(path.split(".").at(-1));
      if (path === "chemical") return known.chemicals.get(value) || value;
      if (path === "release.kind") return known.kinds.get(value) || value;
      if (Array.isArray(value)) return value.map((one) => `${one.name} ${one.value} ${one.unit}`).join(say("；", "; "));
      return typeof value === "number" && field ? plan.asField(field, value) : known.words.get(value) || plan.word(field, value);
    };
    const paths = [...new Set([...a.keys(), ...b.keys()])].filter((path) => JSON.stringify(a.get(path) ?? null) !== JSON.stringify(b.get(path) ?? null));
    if (!paths.length) return body.replaceChildren(el("p", { class: "empty" }, say("两个情景的输入完全相同", "Both scenarios say the same")));
    const head = el("tr", {}, [say("输入", "Input"), "A", "B"].map((title) => el("th", { scope: "col" }, title)));
    const lines = paths.map((path) => el("tr", {}, el("th", { scope: "row", title: path }, OTHER[path] || fields.get(path.split(".").at(-1))?.title || path), el("td", {}, words(path, a.get(path))), el("td", {}, words(path, b.get(path)))));
    body.replaceChildren(el("table", { class: "plan-table plan-differ" }, el("thead", {}, head), el("tbody", {}, lines)));
  }

  Object.assign(plan, { inputs });
})();
