/* What the planner's parts share: how numbers are said, the numbers themselves with how each came, and what may be taken back. */
(function () {
  "use strict";
  const { el, say, length, thousands, time } = window.OneMap;
  const SIDES = ["A", "B"], THIN = "\u2009";
  const COLOURS = ["#5D6C79", "#C5162E", "#E07A00", "#E0B100", "#1D5FD0"];

  const grade = (severity) => Math.min(Math.max(severity, 1), 4);
  const rounded = (value) => {
    const size = Math.abs(value);
    if (!Number.isFinite(value)) return "–";
    if (size >= 10000 || (size > 0 && size < 0.001)) return Number(value.toPrecision(3)).toExponential().replace("e+", "e");
    return String(Number(value.toPrecision(3)));
  };
  const area = (m2) => (m2 < 10000 ? `${thousands(Math.round(m2))}${THIN}m²` : `${Number((m2 / 1e6).toPrecision(2))}${THIN}km²`);
  /* SI as people say it. */
  function said(value, unit) {
    if (value === null || value === undefined) return "–";
    if (unit === "m") return Math.abs(value) < 1 ? `${rounded(value)}${THIN}m` : length(value);
    if (unit === "m2") return area(value);
    if (unit === "K") return `${Number((value - 273.15).toFixed(1))}${THIN}℃`;
    if (unit === "Pa" && Math.abs(value) >= 1000) return `${rounded(value / 1000)}${THIN}kPa`;
    if (unit === "W/m2" && Math.abs(value) >= 1000) return `${rounded(value / 1000)}${THIN}kW/m²`;
    if (unit === "kg" && Math.abs(value) >= 10000) return `${rounded(value / 1000)}${THIN}t`;
    if (unit === "s" && Math.abs(value) >= 120) return `${rounded(value / 60)}${THIN}min`;
    if (unit === "deg") return `${rounded(value)}°`;
    if (unit === "1") return rounded(value);
    return `${rounded(value)}${THIN}${unit.replace("m2", "m²").replace("m3", "m³")}`;
  }
  const range = (low, high, unit) => {
    const plain = (v) => said(v, unit);
    if (high === null || high === undefined) return say(`不低于 ${plain(low)}`, `at least ${plain(low)}`);
    return say(`${plain(low)} 至 ${plain(high)}`, `${plain(low)} to ${plain(high)}`);
  };
  /* A field's own way of writing: SI times nothing lost, for twelve digits go there and come back the same. */
  const SI = { factor: 1, offset: 0 };
  const shown = (field, si) => { const way = field?.shown || SI; return Number(((si - way.offset) / way.factor).toPrecision(12)); };
  const inSi = (field, written) => { const way = field?.shown || SI; return Number((written * way.factor + way.offset).toPrecision(12)); };
  const unitOf = (field) => (field?.shown ? field.shown.unit : field?.unit || "");
  const asField = (field, si) => { const unit = unitOf(field); return `${shown(field, si)}${unit === "%" ? "%" : unit === "deg" ? "°" : unit && unit !== "1" ? THIN + unit.replace("m2", "m²").replace("m3", "m³") : ""}`; };

  const people = (count) => thousands(Math.round(count));
  const cut = (zone) => zone.cut !== "none";
  const far = (zone) => (zone.reached ? (cut(zone) ? `≥${THIN}${length(zone.distance)}` : length(zone.distance)) : say("未达到", "not reached"));
  /* "AEGL-1 60 min 0.5 ppm" as what it is called and what it means; a level of one's own is all name. */
  function level(name) {
    const found = /^((?:AEGL|ERPG|PAC|TEEL|IDLH)[-\d]*)\s+(.+)$/.exec(name);
    return found ? [found[1], found[2]] : [name, ""];
  }
  const levelled = (name) => { const [head, rest] = level(name); return el("span", { class: "plan-level" }, el("b", {}, head), rest ? el("small", {}, rest) : null); };
  const tag = (side) => el("span", { class: `plan-side plan-${side.toLowerCase()}` }, side);
  const word = (field, value) => field?.options?.find((one) => one.id === String(value))?.title || String(value);

  /* Every number that is drawn is a fact: what it says of itself stands in the basis when it is clicked. */
  const facts = new Map();
  let picked = null, own = false, onPick = () => {};
  const factKey = (side, key) => `${side}|${key}`;
  function number(side, key, fact, words) {
    facts.set(factKey(side, key), { side, key, words, ...fact });
    return el("button", { type: "button", class: "plan-number", "aria-pressed": marked(side, key) ? "true" : "false", "data-fact": factKey(side, key), title: say("看依据", "See the basis"), on: { click: () => pick(side, key) } }, words);
  }
  function mark(side, key) { own = false; picked = side ? factKey(side, key) : null; }
  function pick(side, key) { mark(side, key); own = true; onPick(); }
  const chosen = () => facts.get(picked) || null;
  const settled = () => own && facts.has(picked);
  const marked = (side, key) => picked === factKey(side, key);

  /* The last thing done, until the next is done: undone by the button or Ctrl Z. */
  let back = null;
  function undoable(words, run) {
    document.getElementById("plan-undo")?.remove();
    back = null;
    if (!run) return;
    back = () => { document.getElementById("plan-undo")?.remove(); back = null; run(); };
    const close = el("button", { type: "button", class: "link", "aria-label": say("关闭", "Close"), on: { click: () => undoable() } }, "✕");
    document.querySelector(".planner").append(el("div", { id: "plan-undo", class: "plan-undo", role: "status" }, el("span", {}, words), el("button", { type: "button", class: "link", on: { click: back } }, say("撤销", "Undo")), close));
  }
  const undo = () => { const run = back; if (run) run(); return Boolean(run); };

  /* Panels of two views: buttons instead of the title, one pressed. */
  const views = {};
  function tabs(panel, list, redraw) {
    views[panel] = views[panel] || list[0][0];
    const head = document.querySelector(`#${panel} h2`), choose = (name) => { views[panel] = name; redraw(); };
    const buttons = list.map(([name, title]) => el("button", { type: "button", role: "tab", id: `${panel}-${name}`, "aria-controls": `${panel}-body`, "data-tool": `${panel} ${name}`, "aria-selected": views[panel] === name ? "true" : "false", tabindex: views[panel] === name ? "0" : "-1", on: { click: () => choose(name) } }, title));
    const row = el("span", { class: "plan-tabs", role: "tablist" }, buttons);
    row.addEventListener("keydown", (event) => { const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]; if (step) { event.preventDefault(); const k = buttons.indexOf(document.activeElement), next = (k + step + list.length) % list.length; choose(list[next][0]); document.getElementById(`${panel}-${list[next][0]}`).focus(); } });
    head.replaceChildren(row);
    return views[panel];
  }
  const view = (panel, name) => { views[panel] = name; };

  /* Weather that a station read is as old as it is; the server says when that is too old. */
  const freshness = { late: Infinity };
  const stale = (iso) => Boolean(iso) && (time.now() - new Date(iso)) / 1000 > freshness.late;
  function airAge(one) {
    const at = one.answer.scenario.weather.observed_at, old = stale(at);
    return at ? el("div", { class: old ? "stale" : "t3", "data-at": at, "data-before": old ? say("气象过期 ", "stale ") : say("气象 ", "read ") }) : null;
  }

  /* What a refused request means to the reader; the server's own sentence where it gave one. */
  function refusal(fault) {
    if (fault.status === 401) return say("登录已失效，请重新登录", "You are signed out; sign in again");
    if (fault.status === 403) return say("您的岗位无权推演", "Your role does not open this");
    if (fault.status === 429 || fault.status === 503) return fault.message || say("计算繁忙，请稍后再试", "Busy; try again soon");
    if (!fault.status) return say("网络中断，未能计算", "No connection; not computed");
    return fault.message;
  }

  window.OneMap.plan = {
    SIDES, COLOURS, THIN, grade, rounded, said, area, range, shown, inSi, unitOf, asField, people, cut, far, level, levelled, tag, word,
    number, mark, pick, chosen, settled, marked, facts, freshness, picks: (run) => { onPick = run; }, undoable, undo, refusal, tabs, view, stale, airAge,
  };
})();
