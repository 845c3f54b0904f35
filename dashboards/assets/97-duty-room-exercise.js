/* Beside an exercise on the desk: what was injected, answered or not, and the way to its page; nothing of it beside what is real. */
(function () {
  "use strict";
  const { base, el, say, get, time } = window.OneMap;
  const told = new Map(), scripted = new Set();

  /* One that was opened by hand has no script, and nothing is asked of it. */
  async function read(one, tools) {
    if (!one || !one.exercise) return;
    try {
      if (!scripted.has(one.code)) for (const run of (await get("api/exercises")).runs) scripted.add(run.code);
    } catch { return; }
    if (!scripted.has(one.code)) { told.set(one.code, null); tools.redraw(); return; }
    try { told.set(one.code, await get(`api/exercises/one?code=${encodeURIComponent(one.code)}`)); } catch { told.set(one.code, null); }
    tools.redraw();
  }

  window.OneMap.duty.section("exercise", {
    layers: ["exercise_injects", "exercise_runs"],
    opened: read,
    changed: (keys, one, tools) => read(one, tools),
    panel(one) {
      const found = one?.exercise ? told.get(one.code) : null;
      if (!found) return null;
      const rows = found.injects.filter((each) => each.fired_at);
      return el("section", { class: "duty-exercise" }, el("div", { class: "line" }, el("h3", {}, say("演练导调", "Injects")), el("span", { class: "t3" }, `${found.state_word} · ${rows.length} / ${found.injects.length}`), el("span", { class: "sp" }), el("a", { class: "link", href: `${base}exercises?code=${encodeURIComponent(one.code)}` }, say("演练页", "Page of exercises"))),
        rows.length ? el("ul", { class: "duty-clocks" }, rows.reverse().slice(0, 4).map((each) => el("li", { class: `duty-clock ${each.result === "missed" ? "r" : ""}` }, el("div", { class: "nm" }, `${String(each.number).padStart(2, "0")} ${each.to}`), el("b", {}, each.result_word || ""), el("div", { class: "t3" }, `${time.clock(new Date(each.fired_at))} ${each.text}`)))) : el("p", { class: "t2" }, say("还没有注入", "Nothing was injected yet")));
    },
  });
})();
