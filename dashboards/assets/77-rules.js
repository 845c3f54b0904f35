/* Alarm rules: the list, the rule that is open with its points on the map and its history, the form that writes it. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, glyph, thousands, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip, day } = my;
  const STANDS = {
    in_force: [say("生效", "In force"), "good"], draft: [say("草稿", "Draft"), "dull"], withdrawn: [say("停用", "Withdrawn"), "dull"],
    expired: [say("已到期", "Ended"), "dull"], coming: [say("未到期", "To come"), "dull"], faulty: [say("有误,未参与判断", "Faulty, not judged"), "bad"],
  };
  const LEVELS = ["", say("红", "Red"), say("橙", "Orange"), say("黄", "Yellow"), say("蓝", "Blue")];
  const level = (n) => el("span", { class: "rules-level" }, glyph(n), LEVELS[n]);
  const levels = (one) => el("span", {}, level(one.level), one.level_outer && one.level_outer !== one.level ? el("span", { class: "t3" }, say(" LL、HH ", " LL, HH "), level(one.level_outer)) : null);
  const pairs = (list) => list.map((one) => [String(one.code), one.name]);
  const rules = { choices: null, rows: [], level, LEVELS };
  let map = null, drawn = null, picked = "", filter = { q: "", kind: "", stands: "" };

  /* The rule as the form has it: texts of the form become the fields of the row. */
  const LISTS = ["points", "limits", "terms", "schedule"];
  const TIMES = ["valid_from", "valid_to"];

  function form_fields(fields, fresh) {
    const c = rules.choices, of = (...kinds) => (now) => kinds.includes(now.kind);
    const unit = say("秒", "seconds"), own = say("空为监测点自身限值", "Empty: the point's own limit");
    const number = (name, label, kinds, hint) => ({ name, label, type: "number", value: fields[name], hint, when: kinds ? of(...kinds) : null });
    const chosen = (name, label, list, more) => ({ name, label, options: more ? [["", more], ...pairs(list)] : pairs(list), value: fields[name] === null || fields[name] === undefined ? "" : String(fields[name]) });
    const lines = (name, label, kinds, hint) => ({ name, label, type: "prose", value: (fields[name] || []).join("\n"), hint, when: kinds ? of(...kinds) : null });
    return [
      { name: "code", label: say("规则编号", "Code"), required: true, longest: 40, fixed: !fresh, value: fields.code, hint: say("字母、数字、点、横线", "letters, digits, . _ -") },
      { name: "title", label: say("规则名称", "Title"), required: true, longest: 120, value: fields.title },
      chosen("kind", say("规则类型", "Kind"), c.kind), chosen("state", say("状态", "State"), c.state),
      chosen("level", say("报警级别", "Level"), c.level), { ...chosen("level_outer", say("LL、HH、网关级别", "Level of LL, HH, a gateway"), c.level, say("同上", "The same")), when: of("limits", "silence") },
      { ...chosen("sensor_kind", say("监测类型", "Kind of sensor"), c.sensor_kind, say("不按类型", "Not by kind")), when: of("limits", "rate", "silence") },
      { name: "enterprise", label: say("所属企业", "Enterprise"), longest: 18, value: fields.enterprise, hint: say("统一社会信用代码,空为全部", "Credit code; empty: all") },
      lines("points", say("监测点(每行一个;与监测类型二选一)", "Points, one a line; or a kind of sensor"), ["limits", "rate", "silence"]),
      lines("terms", say("组合条件(每行一条:监测点 限值 [数值])", "Terms, one a line: point limit [value]"), ["combination"], say("如 P00004 H 或 P00004 H 20", "as P00004 H, or P00004 H 20")),
      number("needed", say("成立条数", "Terms needed"), ["combination"], say("空为全部,1 为任一", "Empty: all; 1: any")),
      { name: "limits", label: say("判断的限值", "Limits judged"), type: "ticks", all: ["LL", "L", "H", "HH"].map((one) => [one, one]), value: fields.limits || [], when: of("limits") },
      number("low_low", say("低低报 LL", "Low-low"), ["limits"], own), number("low", say("低报 L", "Low"), ["limits"], own),
      number("high", say("高报 H", "High"), ["limits"], own), number("high_high", say("高高报 HH", "High-high"), ["limits"], own),
      number("rate_up", say("每分钟上升限", "Rise a minute"), ["rate"]), number("rate_down", say("每分钟下降限", "Fall a minute"), ["rate"]),
      number("rate_window", say(`速率窗口(${unit})`, `Window, ${unit}`), ["rate"]),
      number("silence_intervals", say("静默采集间隔数", "Silence, in intervals"), ["silence"], say("按监测点自身采集间隔", "of the point's own interval")),
      number("silence", say(`静默时限(${unit})`, `Silence, ${unit}`), ["silence"], say("用于没有采集间隔的监测点", "for points without an interval")),
      number("link_share", say("同一网关失联比例(%)", "Silent of a gateway, %"), ["silence"], say("达到即合并为一条网关报警,空为逐点", "then one alarm of the gateway; empty: each point")),
      number("link_gather", say(`合并等待(${unit})`, `Held back for, ${unit}`), ["silence"], say("单点失联先等待同网关其他点", "one point waits for others of its gateway")),
      number("dead_band_percent", say("死区占量程(%)", "Dead band, % of range"), ["limits", "combination"]), number("dead_band", say("死区(数值)", "Dead band, value"), ["limits", "rate", "combination"]),
      number("delay_on", say(`报警延时(${unit})`, `On-delay, ${unit}`), ["limits", "rate", "combination", "silence"]), number("delay_off", say(`恢复延时(${unit})`, `Off-delay, ${unit}`), ["limits", "rate", "combination"]),
      lines("schedule", say("生效时段(每行一段,空为全天)", "Schedule, one a line; empty: always"), null, say("如 1-5 08:00-18:00,北京时间", "as 1-5 08:00-18:00, Beijing time")),
      { name: "valid_from", label: say("有效期起", "Valid from"), type: "moment", value: fields.valid_from }, { name: "valid_to", label: say("有效期止", "Valid until"), type: "moment", value: fields.valid_to },
      { name: "area", label: say("规则区划", "Area"), options: rules.areas(fields.area), value: fields.area },
      chosen("basis_status", say("依据核实情况", "Trust in the basis"), c.basis_status),
      { name: "basis", label: say("参数依据", "Basis of the numbers"), type: "prose", longest: 400, value: fields.basis },
    ];
  }

  function written(values) {
    const { reason, ...given } = values, fields = {};
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      if (name === "limits") fields.limits = value;
      else if (LISTS.includes(name)) fields[name] = value.split("\n").map((one) => one.trim()).filter(Boolean);
      else if (TIMES.includes(name)) fields[name] = value;
      else if (name === "level_outer") fields[name] = value === "" ? null : Number(value);
      else if (name === "level") fields[name] = Number(value);
      else fields[name] = value;
    }
    if (fields.delay_on === null) fields.delay_on = 0;
    if (fields.delay_off === null) fields.delay_off = 0;
    return fields;
  }

  /* What belongs to another kind of rule goes when the kind changes, so that no hidden field is at fault. */
  const BY_KIND = {
    limits: ["low_low", "low", "high", "high_high"], rate: ["rate_up", "rate_down", "rate_window"],
    silence: ["silence", "silence_intervals", "link_share", "link_gather"], combination: ["terms", "needed"],
  };
  function cleared(fields) {
    const out = { ...fields };
    for (const [kind, names] of Object.entries(BY_KIND)) if (kind !== fields.kind) for (const name of names) out[name] = name === "terms" ? [] : null;
    if (fields.kind === "combination") { out.points = []; out.sensor_kind = ""; }
    if (!["limits", "silence"].includes(fields.kind)) out.level_outer = null;
    if (fields.kind === "rate") out.dead_band_percent = null;
    if (fields.kind === "silence") { out.dead_band = null; out.dead_band_percent = null; }
    return out;
  }

  /* The area a row has stays one of the choices, named or not. */
  rules.areas = (own) => [...(own && !rules.choices.areas.some((one) => one.code === own) ? [[own, own]] : []), ...rules.choices.areas.map((one) => [one.code, `${one.name} ${one.code}`])];

  const NEW = { code: "", title: "", kind: "limits", state: "draft", limits: ["LL", "L", "H", "HH"], level: 3, basis_status: "own", delay_on: 10, delay_off: 30, dead_band_percent: 1, points: [], terms: [], schedule: [], sensor_kind: "", enterprise: "", basis: "" };

  /* The form of a rule. Under it stands how many points it would judge, and each fault at its field while it is written. */
  function write(title, one, yes, submit, reasoned) {
    const fresh = !one?.version, fields = one ? one.fields : { ...NEW, area: rules.choices.areas[0]?.code };
    const why = { name: "reason", label: say("修改事由", "Why"), required: true, longest: 200, wide: true };
    const box = my.form(title, [...form_fields(fields, fresh), ...(reasoned ? [why] : [])], yes, (values) => submit(cleared(written(values)), values.reason));
    box.classList.add("rules-form");
    const matched = el("p", { class: "rules-matched t3", role: "status" });
    box.querySelector("footer").prepend(matched);
    const look = debounce(async () => {
      const fields_now = box.rulesNow?.();
      if (!fields_now) return;
      try {
        const found = await post("api/rules/preview", { fields: fields_now });
        const wrong = found.faults.filter((fault) => !["code", "title"].includes(fault.field));
        matched.textContent = say(`所涉监测点 ${thousands(found.total)} 个`, `${thousands(found.total)} points`) + (wrong.length ? say(`,${wrong.length} 处有误:${wrong[0].rule}`, `, ${wrong.length} at fault: ${wrong[0].rule}`) : "");
        matched.classList.toggle("bad", wrong.length > 0);
        show_points(found.points, found.total);
      } catch (fault) { matched.textContent = fault.message; }
    }, 400);
    const sheet = box.querySelector("form");
    box.rulesNow = () => {
      const values = {};
      for (const node of sheet.querySelectorAll("[name]")) {
        if (node.closest("[hidden]")) continue;
        values[node.name] = node.type === "number" ? (node.value === "" ? null : Number(node.value)) : node.type === "datetime-local" ? (node.value ? `${node.value}:00+08:00` : null) : node.value;
      }
      const ticked = [...sheet.querySelectorAll("fieldset input[type=checkbox]")];
      values.limits = ticked.filter((tick) => tick.checked).map((tick) => tick.value);
      return cleared({ ...fields, ...written(values) });
    };
    sheet.addEventListener("input", look);
    sheet.addEventListener("change", look);
    look();
    return box;
  }

  const numbers = (one) => (one.kind === "silence" || one.kind === "combination" ? "" : say(`${one.delay_on} / ${one.delay_off} 秒`, `${one.delay_on} / ${one.delay_off} s`));
  const validity = (one) => [one.valid_from ? say(`自 ${day(one.valid_from)}`, `from ${day(one.valid_from)}`) : "", one.valid_to ? say(`至 ${day(one.valid_to)}`, `until ${day(one.valid_to)}`) : ""].filter(Boolean).join(" ") || say("长期", "lasting");

  function draw(answer) {
    rules.rows = answer.rows;
    rules.may_write = answer.may_write;
    const fits = (one) => (!filter.q || `${one.code} ${one.title}`.toLowerCase().includes(filter.q)) && (!filter.kind || one.kind === filter.kind) && (!filter.stands || one.stands === filter.stands);
    const shown = answer.rows.filter(fits).sort((a, b) => (b.matched > 0) - (a.matched > 0));
    if (!answer.rows.length) return my.empty(say("还没有报警规则。可新建,或由运维执行 onemap alarm starter 装入起步规则。", "No rules yet: write one, or run onemap alarm starter."));
    if (!shown.length) return my.empty(say("没有符合条件的规则。", "No rule fits."));
    const rows = shown.map((one) => ({ id: one.code, selected: one.code === picked, dull: !["in_force", "faulty"].includes(one.stands), cells: [
      el("button", { type: "button", class: "adm-name", on: { click: () => open(one.code, true) } }, el("b", {}, one.title), el("small", { class: "t3" }, one.code)),
      el("span", {}, one.kind_word, one.sensor_word ? el("small", { class: "t3" }, `·${one.sensor_word}`) : null),
      el("span", { class: "num" }, thousands(one.matched)), levels(one), el("span", { class: "nw" }, numbers(one)), el("span", { class: "nw" }, validity(one)),
      chip(one.basis_word, one.basis_status === "verified" ? "good" : ""),
      chip(STANDS[one.stands][0], STANDS[one.stands][1]), el("span", { class: "num" }, thousands(one.alarms), one.false ? el("small", { class: "t3" }, say(` 误报 ${one.false}`, ` ${one.false} false`)) : null)] }));
    const total = answer.rows.filter((one) => one.stands === "in_force").length;
    return [my.table([say("规则", "Rule"), say("类型", "Kind"), say("监测点", "Points"), say("级别", "Level"), say("延时 起/止", "Delay on/off"), say("有效期", "Valid"), say("依据", "Basis"), say("状态", "State"), say("近 30 天报警", "Alarms, 30 days")], rows, (row) => open(row.id, true)),
      el("footer", {}, el("span", { class: "t3" }, say(`共 ${answer.rows.length} 条,生效 ${total} 条;辖区内监测点 ${thousands(answer.points)} 个`, `${answer.rows.length} rules, ${total} in force; ${thousands(answer.points)} points`)))];
  }

  const list = () => my.room(document.querySelector("#rules-list"), () => get("api/rules"), draw);

  function show_points(points, total) {
    if (!map) return;
    drawn.clearLayers();
    const placed = points.filter((one) => one.lon !== null);
    for (const one of placed) {
      L.circleMarker([one.lat, one.lon], { radius: 5, weight: 1.5, color: "#16202A", fillColor: "#0B7A75", fillOpacity: 0.85 })
        .bindTooltip(`${one.name} ${one.code}·${one.kind}`).on("click", () => { location.href = trend(one.code); }).addTo(drawn);
    }
    if (placed.length) map.fitBounds(L.latLngBounds(placed.map((one) => [one.lat, one.lon])), { animate: false, padding: [24, 24], maxZoom: 15 });
    document.querySelector("#rules-map-said").textContent = total ? say(`监测点 ${thousands(total)} 个${total > placed.length ? `,绘出 ${thousands(placed.length)} 个` : ""}`, `${thousands(total)} points, ${thousands(placed.length)} drawn`) : say("没有所涉监测点", "No points");
  }

  /* Of an alarm the hour before it until the hour after; of a point alone what the page of trends shows first. */
  function trend(code, begin, end) {
    const asked = new URLSearchParams({ point: code }), hour = 3600e3;
    if (begin) { asked.set("from", new Date(new Date(begin) - hour).toISOString()); asked.set("to", new Date(Math.min(Date.now(), +new Date(end || begin) + hour)).toISOString()); }
    return `${base}trend?${asked}`;
  }

  async function open(code, asked) {
    picked = code;
    history.replaceState(null, "", `#rules/${encodeURIComponent(code)}`);
    for (const line of document.querySelectorAll("#rules-list tr[aria-selected]")) line.removeAttribute("aria-selected");
    document.querySelectorAll("#rules-list .adm-name").forEach((name) => { if (name.textContent.endsWith(code)) name.closest("tr").setAttribute("aria-selected", "true"); });
    const side = document.querySelector("#rules-one");
    side.hidden = false;
    const load = async () => {
      const one = await get(`api/rules/row?code=${encodeURIComponent(code)}`);
      const found = await post("api/rules/preview", { fields: one.fields });
      return { ...one, points: found.points, total: found.total };
    };
    await my.room(side, load, shown);
    side.querySelector("h2")?.focus({ preventScroll: true });
    if (window.innerWidth < 1280 && asked) side.parentElement.scrollIntoView({ block: "start" });
  }

  function step(one) {
    const changes = one.changed.map((each) => el("div", { class: "t3" }, `${each.field}:${each.from || say("空", "empty")} → ${each.to || say("空", "empty")}`));
    return el("li", {}, el("div", {}, el("b", {}, say(`第 ${one.version} 版`, `Version ${one.version}`)), el("small", { class: "t3" }, ` ${one.at ? day(one.at) : ""} ${one.actor}`), el("div", {}, say("事由:", "Why: "), one.reason), changes));
  }

  function limits_of(one) {
    const names = { low_low: "LL", low: "L", high: "H", high_high: "HH" };
    return Object.entries(one.limits).map(([name, value]) => `${names[name]} ${value}`).join(" ") + (Object.keys(one.limits).length ? ` ${one.unit}` : say("无限值", "no limits"));
  }

  function shown(one) {
    show_points(one.points, one.total);
    const acts = rules.may_write ? [
      button(say("修改", "Edit"), () => edit(one), "primary"),
      one.state === "in_force" ? button(say("停用", "Withdraw"), () => turn(one, "withdrawn")) : button(say("启用", "Put in force"), () => turn(one, "in_force")),
      one.stands === "expired" ? null : button(say("到期", "End"), () => retire(one)),
    ] : [];
    acts.push(button(say("重放最近 30 天", "Replay 30 days"), () => rules.replay(one.code, null)), button(say("改参数重放对比", "Edit and compare"), () => compare(one)));
    const some = one.points.slice(0, 12).map((each) => el("li", {}, el("a", { href: trend(each.code) }, `${each.name} ${each.code}`), el("small", { class: "t3" }, limits_of(each))));
    return [
      el("header", {}, el("h2", { tabindex: "-1" }, one.title), chip(STANDS[one.stands][0], STANDS[one.stands][1]), el("span", { class: "sp" }), el("small", { class: "t3" }, say(`${one.code}·第 ${one.version} 版`, `${one.code}, version ${one.version}`))),
      one.fault ? el("p", { class: "adm-fault", role: "alert" }, icon("warn", 16), ` ${one.fault}`) : null,
      el("div", { class: "adm-tools" }, acts),
      el("dl", { class: "adm-facts" }, one.facts.map((fact) => el("div", {}, el("dt", {}, fact.field), el("dd", {}, fact.unit ? `${fact.value}\u2009${fact.unit}` : fact.value)))),
      el("h3", {}, say(`所涉监测点 ${thousands(one.total)} 个`, `${thousands(one.total)} points`)), el("ol", { class: "adm-list" }, some), one.total > some.length ? el("p", { class: "t3" }, say(`另有 ${thousands(one.total - some.length)} 个,见地图`, `${thousands(one.total - some.length)} more on the map`)) : null,
      el("h3", {}, say("历次修改", "History")), el("ol", { class: "adm-list rules-steps" }, one.history.map(step)),
    ];
  }

  async function saved(one, fields, reason) {
    const after = await post("api/rules", { code: fields.code ?? one.code, version: one?.version || 0, reason, fields });
    await list();
    await open(after.code);
  }

  const edit = (one) => write(say(`修改规则:${one.title}`, `Edit: ${one.title}`), one, say("保存", "Save"), (fields, reason) => saved(one, fields, reason), true);
  const add = () => write(say("新建规则", "New rule"), null, say("保存", "Save"), (fields, reason) => saved(null, fields, reason), true);
  const compare = (one) => write(say(`改参数重放(不保存):${one.title}`, `Edit and replay, not saved: ${one.title}`), one, say("开始重放", "Replay"), async (fields) => {
    const found = await post("api/rules/preview", { fields });
    if (found.faults.length) { const fault = new Error(say("规则有误", "The rule is faulty")); fault.faults = found.faults; throw fault; }
    await rules.replay(one.code, fields);
  }, false);
  const reasoned = (title, note, yes, submit, more) => my.form(title, [{ type: "note", label: note }, ...(more || []), { name: "reason", label: say("事由", "Why"), required: true, longest: 200, wide: true }], yes, submit, yes === say("启用", "Put in force") ? "primary" : "danger");
  const turn = (one, state) => reasoned(state === "in_force" ? say(`启用:${one.title}`, `Put in force: ${one.title}`) : say(`停用:${one.title}`, `Withdraw: ${one.title}`),
    state === "in_force" ? say(`启用后 ${one.total} 个监测点按本规则判断报警。`, `${one.total} points are judged by it from then on.`) : say(`停用后 ${one.total} 个监测点不再按本规则报警,持续中的报警随之解除。`, `${one.total} points are no longer judged by it; what stands is released.`),
    state === "in_force" ? say("启用", "Put in force") : say("停用", "Withdraw"), ({ reason }) => saved(one, { state }, reason));
  const retire = (one) => reasoned(say(`到期:${one.title}`, `End: ${one.title}`), say("规则到所填时间不再判断;各版本和报警记录保留。", "It judges no more from that time; versions and alarms stay."), say("确定到期", "End it"),
    ({ valid_to, reason }) => saved(one, { valid_to: valid_to || new Date().toISOString() }, reason), [{ name: "valid_to", label: say("有效期止", "Valid until"), type: "moment", value: new Date().toISOString() }]);

  function ground(leaflet) {
    map = leaflet;
    const tiles = Object.values(map._layers).find((layer) => layer instanceof L.TileLayer);
    const lay = (look) => tiles.setUrl(tiles._url.replace(/\/base\/(day|night)\//, `/base/${look}/`));
    window.OneMap.office.onDress(lay);
    lay(window.OneMap.office.theme());
    map.getContainer().setAttribute("aria-label", say("规则所涉监测点地图,列表在右侧", "Map of the points; they are listed beside it"));
    drawn = L.layerGroup().addTo(map);
    new ResizeObserver(() => map.invalidateSize(false)).observe(map.getContainer());
  }

  function bar() {
    const find = el("input", { type: "search", placeholder: say("编号、名称", "Code, title"), "aria-label": say("查找规则", "Find a rule") });
    const kind = el("select", { "aria-label": say("规则类型", "Kind") }, [["", say("全部类型", "Every kind")], ...pairs(rules.choices.kind)].map(([value, name]) => el("option", { value }, name)));
    const stands = el("select", { "aria-label": say("状态", "State") }, [["", say("全部状态", "Every state")], ...Object.entries(STANDS).map(([value, [name]]) => [value, name])].map(([value, name]) => el("option", { value }, name)));
    find.addEventListener("input", debounce(() => { filter.q = find.value.trim().toLowerCase(); list(); }, 200));
    kind.addEventListener("change", () => { filter.kind = kind.value; list(); });
    stands.addEventListener("change", () => { filter.stands = stands.value; list(); });
    document.querySelector("#rules-bar").replaceChildren(...[find, kind, stands, el("span", { class: "sp" }), rules.may_write ? button(say("新建规则", "New rule"), add, "primary") : null].filter(Boolean));
  }

  function tab(screen) {
    const [wanted, more] = location.hash.slice(1).split("/"), tabs = [...screen.querySelectorAll("[role=tab]")];
    const one = tabs.find((each) => each.dataset.tab === wanted) || tabs[0];
    for (const each of tabs) { each.setAttribute("aria-selected", String(each === one)); each.tabIndex = each === one ? 0 : -1; screen.querySelector(`#rules-${each.dataset.tab}`).hidden = each !== one; }
    if (one.dataset.tab === "inhibitions") return rules.inhibitions(screen.querySelector("#rules-inhibitions"));
    if (one.dataset.tab === "replay") return rules.replays(screen.querySelector("#rules-replay"), more || "");
    return more && decodeURIComponent(more) !== picked ? open(decodeURIComponent(more)) : null;
  }

  async function start(leaflet, screen) {
    window.OneMap.office.frame(screen);
    const tabs = screen.querySelector("[role=tablist]");
    tabs.addEventListener("click", (event) => { const one = event.target.closest("[role=tab]"); if (one) location.hash = one.dataset.tab; });
    tabs.addEventListener("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!move) return;
      const all = [...tabs.children], next = all[(all.indexOf(document.activeElement) + move + all.length) % all.length];
      next.focus();
      location.hash = next.dataset.tab;
    });
    const room = document.querySelector("#rules-list");
    const known = await my.room(room, async () => { rules.choices = await get("api/rules/choices"); return get("api/rules"); }, draw);
    ground(leaflet);
    if (known) {
      bar();
      window.addEventListener("hashchange", () => tab(screen));
      await tab(screen);
      if (!location.hash && rules.rows.length) await open((rules.rows.find((one) => one.matched) || rules.rows[0]).code);
    }
    screen.dataset.ready = "1";
  }

  Object.assign(rules, { trend, write, saved, list, STANDS });
  window.OneMap.rules = rules;
  window.OneMap.startRules = start;
})();
