/* Points as they stand: counts by state and reason, who is affected, a list with what was said last told apart; kept fresh. */
(function () {
  "use strict";
  const { base, el, say, get, icon, time, thousands, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const { number } = window.OneMap.trendDraw;
  const EVERY = 15000, NAMES = ["state", "why", "kind", "area", "enterprise", "q", "all", "from"];
  const SIGNS = { unknown: "◷", doubtful: "◇", known: "○" };
  const names = (list) => list.join(say("、", ", "));

  function start(screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#points-${id}`), states = part("states"), bar = part("bar"), list = part("list"), side = part("side"), age = part("age");
    const asked = Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => NAMES.includes(name)));
    let answer = null, turn = 0, filters = null;

    function change(next) {
      for (const [name, value] of Object.entries(next)) { if (value) asked[name] = String(value); else delete asked[name]; }
      if (!("from" in next)) delete asked.from;
      const query = new URLSearchParams(asked);
      history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
      read();
    }

    async function read() {
      const mine = ++turn;
      try {
        const found = await get(`api/points?${new URLSearchParams(asked)}`);
        if (mine !== turn) return;
        answer = found;
        draw();
      } catch (fault) {
        if (mine !== turn) return;
        const retry = my.button(say("重试", "Retry"), read, "small");
        if (answer) age.replaceChildren(el("span", { class: "failed" }, say(`读取失败,停在 ${time.clock(new Date(answer.at))}。`, `Could not read; as of ${time.clock(new Date(answer.at))}. `)), fault.message, " ", retry);
        else list.replaceChildren(el("div", { class: "adm-empty" }, el("p", {}, fault.status === 403 ? say("您的岗位无权查看监测点", "Measuring points are not open to your role") : say(`读取失败:${fault.message}`, `Could not read: ${fault.message}`)), retry));
      }
    }

    function tile(code, words, count, sign) {
      const on = code === "all" ? asked.all === "1" : code === "attention" ? !asked.state && !asked.all : asked.state === code;
      const next = code === "all" ? { state: "", why: "", all: "1" } : code === "attention" ? { state: "", why: "", all: "" } : { state: code, why: "", all: "" };
      return el("button", { type: "button", class: `points-state is-${code}`, "aria-pressed": String(on), on: { click: () => change(next) } }, el("span", {}, el("i", { "aria-hidden": "true" }, sign), words), el("b", { class: "num" }, thousands(count)));
    }

    function draw() {
      const count = Object.fromEntries(answer.states.map((one) => [one.code, one]));
      age.replaceChildren(say("截至 ", "As of "), el("span", { "data-at": answer.at }, time.age(answer.at)), say(",每 15 秒更新", ", every 15 s"));
      states.replaceChildren(
        tile("attention", say("需处理", "To look at"), count.unknown.count + count.doubtful.count, "!"),
        ...["unknown", "doubtful", "known"].map((code) => tile(code, count[code].name, count[code].count, SIGNS[code])),
        tile("all", say("全部在用", "All in use"), answer.points, "∑"),
        el("div", { class: "points-reasons", role: "group", "aria-label": say("原因", "Why") }, answer.reasons.map((one) => el("button", { type: "button", "aria-pressed": String(asked.why === one.code), on: { click: () => change({ why: asked.why === one.code ? "" : one.code }) } }, one.name, el("b", { class: "num" }, thousands(one.count))))));
      if (!filters) filters = fields();
      fill(filters.area, say("全部区县", "Every district"), answer.districts, asked.area);
      fill(filters.kind, say("全部类型", "Every kind"), answer.kinds, asked.kind);
      if (!list.contains(document.activeElement)) rows();
      aside();
      window.OneMap.tick();
    }

    function fields() {
      const pick = (name, label) => { const one = el("select", { "aria-label": label }); one.addEventListener("change", () => change({ [name]: one.value })); return one; };
      const area = pick("area", say("区县", "District")), kind = pick("kind", say("类型", "Kind"));
      const find = el("input", { type: "search", value: asked.q || "", placeholder: say("名称、编码", "Name, code"), "aria-label": say("查找监测点", "Find a point"), maxlength: 40 });
      find.addEventListener("input", debounce(() => change({ q: find.value.trim() }), 300));
      bar.replaceChildren(area, kind, find, el("span", { class: "points-firm" }));
      return { area, kind };
    }

    function fill(select, every, options, chosen) {
      if (document.activeElement === select) return;
      const all = options.some((one) => one.code === chosen) || !chosen ? options : [...options, { code: chosen, name: chosen, points: 0, unknown: 0, doubtful: 0 }];
      select.replaceChildren(el("option", { value: "" }, every), ...all.map((one) => el("option", { value: one.code, selected: one.code === chosen }, `${one.name} ${one.unknown + one.doubtful}/${one.points}`)));
    }

    /* A value only where there is one; else unknown, and what was said last, greyed, under its own name. */
    function value(row) {
      if (row.state === "unknown") return el("span", { class: "points-value" }, el("b", {}, say("未知", "unknown")), row.said === null ? null : el("small", { class: "t3" }, say("最后一次 ", "last "), `${number(row.said)}\u2009${row.unit}`));
      return el("span", { class: "points-value" }, el("b", { class: "num" }, `${number(row.value)}\u2009${row.unit}`));
    }

    const when = (iso) => { const day = time.date(new Date(iso)), year = time.date(time.now()).slice(0, 5); return `${day.startsWith(year) ? day.slice(5) : day} ${time.minute(new Date(iso))}`; };

    function rows() {
      const { rows: all, total } = answer;
      if (!all.length) { list.replaceChildren(my.empty(asked.q || asked.why || asked.kind || asked.area || asked.enterprise ? say("没有符合条件的监测点。", "No point fits.") : answer.points ? say(`${thousands(answer.points)} 个在用监测点都有有效读数。`, `All ${thousands(answer.points)} points have a valid reading.`) : say("您的辖区内没有在用监测点。", "There are no points in use in your areas."))); return; }
      const lines = all.map((row) => ({ cells: [
        el("span", { class: `points-sign is-${row.state}` }, el("i", { "aria-hidden": "true" }, SIGNS[row.state]), row.state_title),
        el("span", { class: "adm-name" }, el("b", {}, row.name), el("small", { class: "t3" }, `${row.code} · ${row.kind}`)),
        value(row),
        el("span", { class: "points-why" }, names(row.why) || say("正常", "well")),
        row.since ? el("span", { class: "nw" }, when(row.since), row.longer ? say(" 以前", " or before") : "", el("small", { class: "t3 points-for" }, say(`已 ${time.span((time.now() - new Date(row.since)) / 1000)}`, time.span((time.now() - new Date(row.since)) / 1000)))) : row.at ? el("span", { class: "t3", "data-at": row.at }, time.age(row.at)) : el("span", { class: "t3" }, say("从未上报", "never")),
        el("span", {}, row.enterprise_name ? el("button", { type: "button", class: "adm-name", on: { click: () => change({ enterprise: row.enterprise }) } }, row.enterprise_name) : say("公共区域", "Public place"), el("small", { class: "t3" }, [row.area, row.device ? say(`设备 ${row.device}`, `device ${row.device}`) : ""].filter(Boolean).join(" · "))),
        el("span", { class: "points-go" }, el("a", { class: "link", href: `${base}trend?point=${encodeURIComponent(`sensors:${row.code}`)}` }, say("曲线", "Trend")), el("a", { class: "link", href: `${base}map?layers=enterprises,sensors&sel=${encodeURIComponent(`sensors:${row.code}`)}` }, say("地图", "Map")), el("a", { class: "link", href: `${base}devices?point=${encodeURIComponent(row.code)}` }, say("设备", "Device")), el("button", { type: "button", class: "link", on: { click: () => window.OneMap.footage.dialog(say(`${row.name} 视频`, `${row.name}: video`), "sensors", row.code) } }, say("视频", "Video"))),
      ] }));
      const heads = [say("状态", "State"), say("监测点", "Point"), say("数值", "Value"), say("原因", "Why"), say("自何时", "Since"), say("企业与设备", "Enterprise, device"), say("去看", "Go to")];
      const from = answer.from, last = from + all.length, turnTo = (words, to) => my.button(words, () => change({ from: to }), "small");
      list.replaceChildren(my.table(heads, lines), el("footer", {}, el("span", { class: "t3" }, say(`共 ${thousands(total)} 个,第 ${from + 1} 至 ${last} 个`, `${from + 1} to ${last} of ${thousands(total)}`)), from ? turnTo(say("上一页", "Back"), Math.max(0, from - 100) || "0") : null, last < total ? turnTo(say("下一页", "On"), last) : null));
    }

    function share(one) {
      const wide = (n) => `${Math.max(n ? 2 : 0, (100 * n) / Math.max(1, one.points))}%`;
      const unknown = el("i", { class: "is-unknown" }), doubtful = el("i", { class: "is-doubtful" });
      unknown.style.width = wide(one.unknown); doubtful.style.width = wide(one.doubtful);
      return el("span", { class: "points-share", "aria-hidden": "true" }, unknown, doubtful);
    }

    function aside() {
      const line = (one, name) => el("li", {}, el("button", { type: "button", "aria-pressed": String(asked[name] === one.code), on: { click: () => change({ [name]: asked[name] === one.code ? "" : one.code }) } }, el("span", { class: "el" }, one.name), share(one), el("span", { class: "num t3" }, say(`未知 ${one.unknown}·存疑 ${one.doubtful}·共 ${one.points}`, `${one.unknown} unknown · ${one.doubtful} doubtful · of ${one.points}`))));
      side.replaceChildren(el("h3", {}, say("按区县", "By district")), el("ul", { class: "points-by" }, answer.districts.map((one) => line(one, "area"))),
        el("h3", {}, say("按企业", "By enterprise")), answer.enterprises.length ? el("ul", { class: "points-by" }, answer.enterprises.map((one) => line(one, "enterprise"))) : el("p", { class: "t3" }, say("没有企业有未知或存疑的测点", "No enterprise has any")));
      const firm = bar.querySelector(".points-firm");
      firm.replaceChildren(asked.enterprise ? el("button", { type: "button", class: "adm-button small", on: { click: () => change({ enterprise: "" }) } }, `${answer.enterprises.find((one) => one.code === asked.enterprise)?.name || answer.rows[0]?.enterprise_name || asked.enterprise} `, icon("close", 14)) : "");
    }

    setInterval(() => { if (!document.hidden && answer) read(); }, EVERY);
    window.OneMap.live.onChanges((layers) => { if (layers.has("sensors")) read(); });
    window.OneMap.live.open();
    return read().then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=points]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
