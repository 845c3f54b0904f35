/* A point's trend wherever it is wanted: OneMap.trend(box, {layer, code, from, to}) on a card, a desk, a page of its own. */
(function () {
  "use strict";
  const { el, say, get, icon, time, may, fetchFile, debounce, gathered, thousands } = window.OneMap;
  const { draw, nearest, number, after, LETTERS } = window.OneMap.trendDraw;
  const HOUR = 3600e3, DAY = 24 * HOUR, LONGEST = 3 * 366 * DAY, SHORTEST = 60e3, MOST = 6, ROWS = 300;
  const RANGES = [["1h", HOUR, say("1 小时", "1 h")], ["8h", 8 * HOUR, say("8 小时", "8 h")], ["24h", DAY, say("24 小时", "24 h")], ["7d", 7 * DAY, say("7 天", "7 d")], ["30d", 30 * DAY, say("30 天", "30 d")], ["1y", 365 * DAY, say("1 年", "1 y")]];
  const moment = (t, seconds) => { const d = new Date(t); return `${time.date(d)} ${seconds ? time.clock(d) : time.minute(d)}`; };
  const parse = (t) => (t === undefined || t === null ? null : typeof t === "number" ? t : Date.parse(t));
  const names = (list) => list.join(say("、", ", "));
  const lasting = (ms) => (ms >= DAY ? say(`${Math.floor(ms / DAY)} 天 ${Math.floor((ms % DAY) / HOUR)} 时`, `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`) : time.span(ms / 1000));

  function address(point, from, to, width, door = "trend") {
    const asked = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), width: String(width) });
    if (point.element) asked.set("element", point.element);
    return `api/points/${encodeURIComponent(point.layer)}/${point.code.split("/").map(encodeURIComponent).join("/")}/${door}?${asked}`;
  }

  /* The newest value as it stands: a value only while it is one; otherwise unknown, and what was said last beside it, greyed. */
  function standing(data) {
    const { newest, unit } = data, why = newest.why.length ? el("span", { class: "trend-why" }, names(newest.why)) : null;
    const age = newest.at ? el("span", { class: "t3", "data-at": newest.at }, time.age(newest.at)) : null;
    if (newest.state === "unknown")
      return el("div", { class: "trend-now is-unknown" }, icon("clock", 14), el("b", {}, newest.state_title), why,
        newest.said === null ? age : el("span", { class: "t3" }, say("最后一次 ", "last said "), `${number(newest.said)}\u2009${unit}`, " · ", age));
    return el("div", { class: `trend-now is-${newest.state}` }, el("b", { class: "num" }, `${number(newest.value)}\u2009${unit}`), newest.state === "doubtful" ? el("span", { class: "trend-mark" }, "◇", newest.state_title) : null, why, age);
  }

  /* What stands under the cross, in words; one line a point. */
  function under(points, t) {
    return points.filter((one) => one.data).map((one) => {
      const { data } = one, row = nearest(data, t), c = data.columns;
      if (row < 0) return { one, words: say("无数据", "no readings"), at: null };
      const low = c.low ? c.low[row] : null, high = c.high ? c.high[row] : null;
      const why = Object.entries(data.flags).filter(([bit]) => c.flags[row] & Number(bit)).map(([, words]) => words);
      const quality = c.quality[row] ? `${data.qualities[c.quality[row]]}${why.length ? say(`(${names(why)})`, ` (${names(why)})`) : ""}` : data.qualities[0];
      const refused = c.refused && c.refused[row] !== null ? say(`;不计 ${number(c.refused[row])}`, `; not counted ${number(c.refused[row])}`) : "";
      const value = c.last[row] === null ? say("无有效值", "no valid value") : low !== null && low !== high ? say(`${number(low)} 至 ${number(high)},末值 ${number(c.last[row])}`, `${number(low)} to ${number(high)}, last ${number(c.last[row])}`) : number(c.last[row]);
      return { one, at: c.at[row], words: `${value}${c.last[row] === null ? "" : `\u2009${data.unit}`}`, quality: quality + refused, doubt: c.quality[row] > 0 };
    });
  }

  function summary(one, from, to) {
    const { data } = one, c = data.columns, inside = [after(c.at, from), after(c.at, to)];
    let low = Infinity, high = -Infinity, last = null;
    for (let k = inside[0]; k < inside[1]; k++) { if (c.last[k] === null) continue; low = Math.min(low, (c.low || c.last)[k]); high = Math.max(high, (c.high || c.last)[k]); last = c.last[k]; }
    const doubts = data.doubts.from.length + data.doubts.more, holes = data.holes.from.length + data.holes.more;
    const value = last === null ? say("没有有效读数", "no valid reading") : say(`最低 ${number(low)},最高 ${number(high)},末值 ${number(last)} ${data.unit}`, `low ${number(low)}, high ${number(high)}, last ${number(last)} ${data.unit}`);
    return say(`${data.name}:${value};读数 ${thousands(data.readings)} 个,存疑时段 ${doubts} 段,无数据 ${holes} 段`, `${data.name}: ${value}; ${thousands(data.readings)} readings, ${doubts} spells of doubt, ${holes} without data`);
  }

  /* One subscription to values for every open trend of a page; who is told asks for what came with its quality and reason. */
  const open = new Set();
  let listening = false;
  function listen() {
    if (listening) return;
    listening = true;
    window.OneMap.live.onReadings?.((told) => { const keys = new Set(told.map((one) => `${one.layer}:${one.key}`)); for (const tell of open) tell(keys); }, ["sensors", "weather_stations"]);
  }

  function trend(box, given) {
    const compact = Boolean(given.compact);
    let points = (given.points || [{ layer: given.layer, code: given.code, element: given.element }]).slice(0, MOST).map((one, place) => ({ ...one, place, data: null, fault: null }));
    let to = parse(given.to) ?? time.now().getTime(), from = parse(given.from) ?? to - (given.range || DAY), following = given.to === undefined || given.to === null;
    let crossing = null, geometry = null, turn = 0, frame = 0, over = false, timer = 0, tabled = false;

    const canvas = el("canvas", { class: "trend-canvas", tabindex: "0", role: "img" });
    const tip = el("div", { class: "trend-tip", hidden: true }), spoken = el("div", { class: "sr", "aria-live": "polite" });
    const room = el("div", { class: "trend-plot" }, canvas, tip), note = el("p", { class: "trend-note", role: "status", hidden: true });
    const bar = el("div", { class: "trend-bar" }), table = el("div", { class: "trend-table", hidden: true }), key = el("div", { class: "trend-key t3" });
    const state = el("div", { class: "trend-heads" }), said = el("div", { class: "trend-hints", role: "note", hidden: true });
    let hinting = given.hints ?? null, hinted = 0;
    box.classList.add("trend"); box.classList.toggle("compact", compact);
    box.replaceChildren(...[bar, compact && given.head !== false ? state : null, note, said, room, key, table, spoken].filter(Boolean));

    const theme = () => box.closest("[data-theme]")?.dataset.theme || "night";
    const told = () => given.onChange?.({ points, from, to, following, hinting });

    function paint() {
      if (frame || over) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        if (!canvas.clientWidth) return;
        geometry = draw(canvas, { points, from, to: window.OneMap.trendHints.end(points, to), now: to, theme: theme(), compact, cross: crossing });
        box.dataset.drawn = String(points.reduce((sum, one) => sum + (one.data ? one.data.columns.at.length : 0), 0));
      });
    }

    async function load() {
      const mine = ++turn, width = Math.max(60, Math.round(canvas.clientWidth - (compact ? 112 : 150)) || 600), span = [from, to];
      box.dataset.busy = "1";
      await Promise.all(points.map(async (one) => {
        try {
          const data = await get(address(one, span[0], span[1], width));
          if (mine === turn && !over) { one.data = data; one.fault = null; }
        } catch (fault) { if (mine === turn) { one.fault = fault; if (fault.status === 404 || fault.status === 403) one.data = null; } }
      }));
      if (mine !== turn || over) return;
      delete box.dataset.busy;
      hinting ??= points.some((one) => one.data?.hinted);
      described();
      paint();
      wait();
      if (hinting && !compact) hint();
    }

    /* Models take their time: asked for after the curve, only where somebody wants them, at most once a minute while following. */
    async function hint() {
      const mine = ++hinted;
      box.dataset.hinting = "1";
      for (const one of points) {
        try {
          const found = await get(address(one, from, to, 600, "hints"));
          if (mine !== hinted || over) return;
          one.hints = found; one.hintFault = null;
        } catch (fault) { one.hints = null; one.hintFault = fault; }
      }
      if (mine !== hinted || over) return;
      delete box.dataset.hinting;
      asked = Date.now();
      tellHints();
    }
    let asked = 0;
    function tellHints() {
      said.hidden = !hinting;
      said.replaceChildren(...(hinting ? window.OneMap.trendHints.words(points, LETTERS) : []));
      box.dataset.hints = String(points.filter((one) => one.hints).length);
      paint();
    }
    function hints(on) {
      hinting = on; hinted += 1;
      bar.querySelector(".trend-hinted")?.setAttribute("aria-pressed", String(on));
      for (const one of points) { one.hints = null; one.hintFault = null; }
      delete box.dataset.hinting;
      tellHints(); told();
      if (on) hint();
    }

    function described() {
      const failed = points.filter((one) => one.fault);
      note.hidden = !failed.length;
      note.replaceChildren(...failed.map((one) => el("span", {}, icon("warn", 14), one.fault.status === 404 ? say(`没有监测点 ${one.code},或不在您的权限范围内`, `No point ${one.code}, or not open to you`) : say(`${one.code} 读取失败,${one.data ? "显示上次读到的" : ""}${one.fault.message}`, `${one.code} could not be read: ${one.fault.message}`))), failed.length ? el("button", { type: "button", class: "button", on: { click: load } }, icon("retry", 14), say("重试", "Retry")) : "");
      const good = points.filter((one) => one.data);
      canvas.setAttribute("aria-label", `${good.map((one) => summary(one, from, to)).join(say("。", ". "))}${say("。左右键平移,加减键缩放,Shift 加左右键移动光标", ". Arrows move, plus and minus zoom, Shift with arrows moves the cursor")}`);
      if (compact && good.length) state.replaceChildren(standing(good[0].data));
      legend(good);
      if (tabled) fill();
      given.onData?.(points);
    }

    function legend(good) {
      const parts = [], data = good[0]?.data;
      if (!data) return key.replaceChildren();
      if (data.span) parts.push(say(`每列 ${lasting(data.span)},浅色为最低至最高,线为末值`, `${lasting(data.span)} a column: light from low to high, line the last`));
      if (good.some((one) => one.data.doubts.from.some((_, k) => one.data.doubts.quality[k] === 1))) parts.push(say("◇ 斜线为存疑", "◇ slanted: doubtful"));
      if (good.some((one) => one.data.doubts.from.some((_, k) => one.data.doubts.quality[k] === 2))) parts.push(say("× 交叉线为坏值,不连线", "× crossed: bad, not drawn"));
      if (good.some((one) => one.data.holes.from.length || one.data.doubts.quality.includes?.(3))) parts.push(say("点线为无数据,线断开", "dotted: no data, the line is open"));
      if (good.some((one) => (one.data.alarms || []).length)) parts.push(say("色带为报警时段", "bands: alarms"));
      if (good.some((one) => (one.video || []).some((event) => Date.parse(event.from) >= from && Date.parse(event.from) <= to))) parts.push(say("▲ 视频事件,空心为误报", "▲ event on video, hollow: false"));
      const more = good.reduce((sum, one) => sum + one.data.doubts.more, 0);
      if (more) parts.push(say(`另有 ${more} 段较短的存疑未画`, `${more} shorter spells of doubt are not drawn`));
      if (data.interval === null) parts.push(say("采集间隔未登记,断线按读数的平常间隔判断", "no interval is registered; the line is broken by the usual one"));
      key.replaceChildren(...parts.map((words) => el("span", {}, words)));
    }

    const reload = debounce(load, 160);

    function show(a, b, follow) {
      const now = time.now().getTime(), wide = Math.min(LONGEST, Math.max(SHORTEST, b - a)), middle = (a + b) / 2;
      let end = Math.min(b - a === wide ? b : middle + wide / 2, now + wide * 0.02);
      if (follow) end = now;
      to = end; from = end - wide; following = follow ?? end >= now;
      if (following) { to = now; from = now - wide; }
      pressed(); paint(); reload(); told();
    }
    const pan = (share) => show(from + (to - from) * share, to + (to - from) * share, share > 0 && to + (to - from) * share >= time.now().getTime() ? true : false);
    const zoom = (factor, at) => { const t = at ?? (crossing !== null ? crossing : (from + to) / 2); const a = t - (t - from) * factor, b = t + (to - t) * factor; show(a, b, following && at === undefined && crossing === null ? true : undefined); };

    function pressed() {
      for (const button of bar.querySelectorAll("[data-range]")) button.setAttribute("aria-pressed", String(following && Math.abs(Number(button.dataset.span) - (to - from)) < 1000));
    }

    function buttons() {
      const ranges = (compact ? RANGES.filter(([id]) => ["1h", "24h", "7d", "30d"].includes(id)) : RANGES).map(([id, span, words]) => el("button", { type: "button", "data-range": id, "data-span": span, "aria-pressed": "false", on: { click: () => show(time.now().getTime() - span, time.now().getTime(), true) } }, words));
      const more = [];
      if (!compact) more.push(el("button", { type: "button", "aria-label": say("向前", "Earlier"), on: { click: () => pan(-0.5) } }, "←"), el("button", { type: "button", "aria-label": say("向后", "Later"), on: { click: () => pan(0.5) } }, "→"), el("button", { type: "button", "aria-label": say("放大", "Zoom in"), on: { click: () => zoom(0.5) } }, "+"), el("button", { type: "button", "aria-label": say("缩小", "Zoom out"), on: { click: () => zoom(2) } }, "−"));
      const tableButton = el("button", { type: "button", class: "trend-tabled", "aria-expanded": "false", on: { click: () => { tabled = !tabled; table.hidden = !tabled; tableButton.setAttribute("aria-expanded", String(tabled)); if (tabled) fill(); } } }, icon("table", 16), say("表格", "Table"));
      const models = compact ? null : el("button", { type: "button", class: "trend-hinted", "aria-pressed": String(Boolean(hinting)), title: say("变点与预测,未经核实", "Change points and a forecast, not verified"), on: { click: () => hints(!hinting) } }, say("模型提示", "Model hints"));
      const exporting = compact || !may("export") ? null : el("button", { type: "button", class: "trend-export", on: { click: take } }, icon("down", 16), say("导出 CSV", "CSV"));
      const open = compact ? el("a", { class: "link", href: `${window.OneMap.base}trend?${points.map((one) => `point=${encodeURIComponent([one.layer, one.code, one.element].filter(Boolean).join(":"))}`).join("&")}` }, say("打开曲线页", "Open the trend")) : null;
      const device = compact && points.length === 1 && points[0].layer === "sensors" ? el("a", { class: "link", href: `${window.OneMap.base}devices?point=${encodeURIComponent(points[0].code)}` }, say("采集设备", "Device")) : null;
      bar.replaceChildren(...[el("div", { class: "trend-ranges", role: "group", "aria-label": say("时段", "Range") }, ranges), more.length ? el("div", { class: "trend-ranges", role: "group", "aria-label": say("平移缩放", "Move") }, more) : null, el("span", { class: "sp" }), models, compact ? null : tableButton, exporting, device, open].filter(Boolean));
      pressed();
    }

    async function take(event) {
      const button = event.currentTarget;
      button.disabled = true;
      try {
        const { blob, name } = await fetchFile("api/points/export", { points: points.map(({ layer, code, element }) => (element ? { layer, code, element } : { layer, code })), from: new Date(from).toISOString(), to: new Date(to).toISOString(), width: Math.max(60, Math.round(geometry.right - geometry.left)) });
        const url = URL.createObjectURL(blob);
        el("a", { href: url, download: name || "trend.csv" }).click();
        setTimeout(() => URL.revokeObjectURL(url), 30000);
        spoken.textContent = say("已导出", "Exported");
      } catch (fault) { note.hidden = false; note.replaceChildren(icon("warn", 14), fault.status === 403 ? say("您的岗位无权导出", "Your role may not export") : say(`导出失败:${fault.message}`, `Export failed: ${fault.message}`)); }
      button.disabled = false;
    }

    /* The same rows as the picture, for who does not see it; long ones are cut and say so. */
    function fill() {
      const good = points.filter((one) => one.data), parts = [];
      for (const one of good) {
        const { data } = one, c = data.columns, first = after(c.at, from), end = after(c.at, to), step = Math.max(1, Math.ceil((end - first) / ROWS)), rows = [];
        for (let k = end - 1; k >= first && rows.length < ROWS; k -= step) {
          const why = Object.entries(data.flags).filter(([bit]) => c.flags[k] & Number(bit)).map(([, words]) => words);
          rows.push(el("tr", {}, el("td", {}, moment(c.at[k], !data.span)), c.low ? [el("td", { class: "num" }, number(c.low[k])), el("td", { class: "num" }, number(c.high[k]))] : null, el("td", { class: "num" }, c.last[k] === null ? say("无", "none") : number(c.last[k])), el("td", {}, data.qualities[c.quality[k]]), el("td", {}, names(why))));
        }
        const heads = [say("时间", "Time"), ...(c.low ? [say("最小", "Low"), say("最大", "High")] : []), `${say("末值", "Last")} ${data.unit}`, say("质量", "Quality"), say("原因", "Why")];
        const cut = step > 1 ? say(`,每 ${step} 行取一行,全部见导出`, `, every ${step}th row; all of them in the export`) : "";
        parts.push(el("table", {}, el("caption", {}, summary(one, from, to) + cut), el("thead", {}, el("tr", {}, heads.map((one) => el("th", { scope: "col" }, one)))), el("tbody", {}, rows)));
      }
      table.replaceChildren(...parts);
    }

    function tell(t, aloud) {
      crossing = t;
      paint();
      if (t === null) { tip.hidden = true; return; }
      const lines = under(points, t), first = lines.find((line) => line.at !== null);
      const span = first ? first.one.data.span : 0;
      const head = first ? `${moment(first.at, !span)}${span ? say(` 起 ${lasting(span)}`, `, ${lasting(span)}`) : ""}` : moment(t, true);
      tip.replaceChildren(el("b", {}, head), ...lines.map((line) => el("div", {}, points.length > 1 ? el("i", {}, LETTERS[line.one.place]) : null, el("span", { class: "num" }, line.words), line.quality ? el("span", { class: line.doubt ? "trend-why" : "t3" }, line.quality) : null)));
      tip.hidden = false;
      const x = geometry ? geometry.X(t) : 0, wide = tip.offsetWidth || 200;
      tip.style.left = `${x + wide + 16 > canvas.clientWidth ? Math.max(0, x - wide - 12) : x + 12}px`;
      if (aloud) spoken.textContent = `${head} ${lines.map((line) => `${line.one.data.name} ${line.words} ${line.quality || ""}`).join(say(";", "; "))}`;
    }

    function step(direction) {
      const data = points.find((one) => one.data && one.data.columns.at.length)?.data;
      if (!data) return;
      const { at } = data.columns, half = (data.span || 0) / 2;
      let row = crossing === null ? at.length - 1 : nearest(data, crossing);
      if (row < 0) row = Math.min(at.length - 1, after(at, crossing) - (direction < 0 ? 0 : 1));
      if (crossing !== null) row = Math.max(0, Math.min(at.length - 1, row + direction));
      const t = at[row] + half;
      if (t < from || t > to) show(t - (to - from) / 2, t + (to - from) / 2, false);
      tell(t, true);
    }

    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const run = { ArrowLeft: () => (event.shiftKey ? step(-1) : pan(-0.2)), ArrowRight: () => (event.shiftKey ? step(1) : pan(0.2)), "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), _: () => zoom(2), End: () => show(time.now().getTime() - (to - from), time.now().getTime(), true), PageUp: () => pan(-1), PageDown: () => pan(1), Escape: () => tell(null) }[event.key];
      if (!run || (event.key === "Escape" && crossing === null)) return;
      event.preventDefault(); event.stopPropagation(); run();
    });

    const held = new Map();
    let grabbed = null;
    const place = (event) => event.clientX - canvas.getBoundingClientRect().left;
    canvas.addEventListener("pointerdown", (event) => {
      if (!geometry) return;
      canvas.setPointerCapture(event.pointerId);
      held.set(event.pointerId, place(event));
      const xs = [...held.values()];
      grabbed = { from, to, xs, moved: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!geometry) return;
      if (!held.has(event.pointerId)) { const x = place(event); tell(x >= geometry.left && x <= geometry.right ? geometry.time(x) : null); return; }
      held.set(event.pointerId, place(event));
      const xs = [...held.values()], wide = geometry.right - geometry.left, span = grabbed.to - grabbed.from;
      if (xs.length === 1) {
        const shift = ((grabbed.xs[0] - xs[0]) / wide) * span;
        if (!grabbed.moved && Math.abs(grabbed.xs[0] - xs[0]) < 4) return;
        grabbed.moved = true; tip.hidden = true; crossing = null;
        show(grabbed.from + shift, grabbed.to + shift, false);
      } else if (grabbed.xs.length === 2) {
        const factor = Math.abs(grabbed.xs[0] - grabbed.xs[1]) / Math.max(12, Math.abs(xs[0] - xs[1])), at = grabbed.from + (((xs[0] + xs[1]) / 2 - geometry.left) / wide) * span;
        show(at - (at - grabbed.from) * factor, at + (grabbed.to - at) * factor);
      }
    });
    const drop = (event) => {
      if (held.has(event.pointerId) && grabbed && !grabbed.moved && held.size === 1) tell(geometry.time(place(event)), false);
      held.delete(event.pointerId); grabbed = null;
    };
    canvas.addEventListener("pointerup", drop);
    canvas.addEventListener("pointercancel", drop);
    canvas.addEventListener("pointerleave", () => { if (!held.size) tell(null); });
    canvas.addEventListener("dblclick", (event) => zoom(0.5, geometry.time(place(event))));
    if (!compact) canvas.addEventListener("wheel", (event) => { if (!geometry) return; event.preventDefault(); zoom(event.deltaY > 0 ? 1.25 : 0.8, geometry.time(place(event))); }, { passive: false });

    /* While the end of the window is now, what came since is asked for at the point's own pace; a hidden page waits. */
    function wait() {
      clearTimeout(timer);
      if (over || !following || given.still) return;
      const paces = points.map((one) => (one.data?.interval || 60) * 1000);
      timer = setTimeout(follow, Math.max(5000, Math.min(60000, Math.min(...paces), 60000)));
    }
    async function follow() {
      if (over || !box.isConnected) { if (!box.isConnected) destroy(); return; }
      if (document.hidden || held.size) return wait();
      const wide = to - from, now = time.now().getTime();
      to = now; from = now - wide;
      const plain = points.every((one) => one.data && !one.data.span);
      if (!plain && wide / Math.max(1, canvas.clientWidth) > 120000) { await news(false); paint(); return wait(); }
      if (plain) { await news(true); described(); paint(); if (hinting && Date.now() - asked > 60000) { asked = Date.now(); hint(); } return wait(); }
      await load();
    }
    /* Readings since the last one shown, put behind it; `drawn` false: only what the point is now. */
    async function news(drawn) {
      await Promise.all(points.filter((one) => one.data).map(async (one) => {
        const c = one.data.columns, last = c.at.length ? c.at[c.at.length - 1] : from;
        try {
          const since = await get(address(one, Math.min(last + 1, to - 1000), to, 4000));
          one.fault = null;
          one.data.newest = since.newest; one.data.alarms = since.alarms; one.data.now = since.now;
          if (!drawn || since.span) return;
          for (const name of ["at", "last", "quality", "flags"]) c[name].push(...since.columns[name]);
          if (since.columns.refused && !c.refused) c.refused = c.at.map((_, k) => (k < c.at.length - since.columns.at.length ? null : since.columns.refused[k - c.at.length + since.columns.at.length]));
          else if (c.refused) c.refused.push(...(since.columns.refused || since.columns.at.map(() => null)));
          for (const name of ["doubts", "holes"]) for (const part of ["from", "to", "count", "quality", "why"]) one.data[name][part].push(...since[name][part]);
          one.data.readings += since.readings;
          const gone = after(c.at, from - (to - from));
          if (gone > 2000) for (const column of Object.values(c)) column.splice(0, gone);
        } catch (fault) { one.fault = fault; }
      }));
      if (!drawn) described();
    }

    const soon = gathered(async () => { if (following && !given.still) await follow(); }, 400);
    const heard = (keys) => { if (points.some((one) => keys.has(`${one.layer}:${one.code}`))) soon(); };
    if (!compact) { open.add(heard); listen(); }

    const watched = new ResizeObserver(debounce(() => { if (!over && canvas.clientWidth) { paint(); reload(); } }, 120));
    watched.observe(canvas);
    const dressed = new MutationObserver(() => paint());
    const screen = box.closest("[data-theme]");
    if (screen) dressed.observe(screen, { attributes: true, attributeFilter: ["data-theme"] });
    function destroy() { over = true; open.delete(heard); clearTimeout(timer); watched.disconnect(); dressed.disconnect(); cancelAnimationFrame(frame); }

    buttons();
    paint();
    const ready = load();
    return {
      ready, destroy, reload: load, marked: () => { legend(points.filter((one) => one.data)); paint(); }, ended: () => over,
      range: (a, b) => show(parse(a), parse(b), false),
      choose: (list) => { points = list.slice(0, MOST).map((one, place) => ({ ...one, place, data: points.find((other) => other.layer === one.layer && other.code === one.code && (other.element || "") === (one.element || ""))?.data || null, fault: null })); buttons(); told(); return load(); },
      window: () => ({ from, to, following, hinting: Boolean(hinting) }),
      standing,
    };
  }

  trend.standing = standing;
  trend.RANGES = RANGES;
  trend.MOST = MOST;
  window.OneMap.trend = trend;
})();
