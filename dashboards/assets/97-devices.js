/* The registry of devices: found and sorted by the server, one device beside the list, secrets shown once. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, time, thousands, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip, day } = my;
  const NAMES = ["q", "state", "protocol", "area", "enterprise", "point", "due", "heard", "sort", "down", "from"];
  const DUE = { overdue: [say("校准已过期", "Overdue"), "bad"], soon: [say("即将到期", "Due soon"), ""], valid: [say("有效", "Valid"), "good"], unknown: [say("未登记", "Not registered"), "dull"] };
  const LOOKS = { in_use: "good", repair: "", retired: "dull" };
  const HEARD = [["never", say("从未来数", "Never heard")], ["day", say("超过 1 天未来数", "Not heard for a day")], ["hour", say("超过 1 小时未来数", "Not heard for an hour")]];
  const HEADS = [["code", say("设备", "Device")], ["state", say("状态", "State")], ["enterprise", say("企业", "Enterprise")], ["due", say("校准有效期", "Calibrated until")], ["heard", say("最近来数", "Last heard")], ["points", say("点位", "Points")]];
  const SIGNS = { unknown: "◷", doubtful: "◇", known: "○" };

  function start(screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#devices-${id}`), list = part("list"), side = part("one"), bar = part("bar"), counts = part("counts"), age = part("age");
    const asked = Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => NAMES.includes(name)));
    let answer = null, shown = null, picked = decodeURIComponent(location.hash.slice(1)), turn = 0, fields = null;

    const query = () => new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    function address() { const words = query().toString(); history.replaceState(null, "", `${location.pathname}${words ? `?${words}` : ""}${picked ? `#${encodeURIComponent(picked)}` : ""}`); }

    function change(next) {
      for (const [name, value] of Object.entries(next)) { if (value) asked[name] = String(value); else delete asked[name]; }
      if (!("from" in next)) delete asked.from;
      address();
      return read();
    }

    async function read() {
      const mine = ++turn;
      const found = await my.room(list, () => get(`api/devices?${query()}`), (given) => { if (mine === turn) { answer = given; frame(); } return rows(given); });
      window.OneMap.tick();
      return found;
    }

    function tile(words, count, next, on, look) {
      return el("button", { type: "button", class: `points-state ${look || ""}`, "aria-pressed": String(Boolean(on)), on: { click: () => change(next) } }, el("span", {}, words), el("b", { class: "num" }, thousands(count || 0)));
    }

    function frame() {
      const { counts: n } = answer, none = { state: "", due: "", heard: "" };
      age.replaceChildren(say("截至 ", "As of "), el("span", { "data-at": answer.at }, time.age(answer.at)));
      counts.replaceChildren(
        tile(say("全部设备", "All devices"), answer.devices, none, !asked.state && !asked.due && !asked.heard),
        tile(say("在用", "In use"), n.in_use, { ...none, state: "in_use" }, asked.state === "in_use"),
        tile(say("已停用", "Disabled"), n.retired, { ...none, state: "retired" }, asked.state === "retired"),
        tile(say("校准已过期", "Calibration overdue"), n.due_overdue, { ...none, due: "overdue" }, asked.due === "overdue"),
        tile(say("即将到期", "Due soon"), n.due_soon, { ...none, due: "soon" }, asked.due === "soon"),
        tile(say("从未来数", "Never heard"), n.never, { ...none, heard: "never" }, asked.heard === "never"));
      if (!fields) fields = filters();
      const options = (select, every, all, chosen) => { if (document.activeElement !== select) select.replaceChildren(...[["", every], ...all].map(([code, name]) => el("option", { value: code, selected: code === (chosen || "") }, name))); };
      options(fields.area, say("全部区县", "Every district"), answer.districts.map((one) => [one.code, one.name]), asked.area);
      options(fields.state, say("全部状态", "Every state"), answer.choices.state.map((one) => [one.code, one.name]), asked.state);
      options(fields.protocol, say("全部协议", "Every protocol"), answer.choices.protocol.map((one) => [one.code, one.name]), asked.protocol);
      options(fields.heard, say("来数不限", "Heard or not"), HEARD, asked.heard);
      const only = [["point", say("点位", "point")], ["enterprise", say("企业", "enterprise")]].filter(([name]) => asked[name]);
      bar.querySelector(".devices-only").replaceChildren(...only.map(([name, words]) => el("button", { type: "button", class: "adm-button small", "aria-label": say(`不限${words}`, `Any ${words}`), on: { click: () => change({ [name]: "" }) } }, `${words} ${asked[name]} `, icon("close", 14))));
      const out = bar.querySelector(".devices-out");
      out.hidden = !answer.may_export;
      out.href = `${base}api/devices/export?${query()}`;
    }

    function filters() {
      const pick = (name, label) => { const one = el("select", { "aria-label": label }); one.addEventListener("change", () => change({ [name]: one.value })); return one; };
      const made = { area: pick("area", say("区县", "District")), state: pick("state", say("状态", "State")), protocol: pick("protocol", say("协议", "Protocol")), heard: pick("heard", say("来数", "Heard")) };
      const find = el("input", { type: "search", id: "devices-find", value: asked.q || "", placeholder: say("编码、名称、MN", "Code, name, MN"), "aria-label": say("查找设备", "Find a device"), maxlength: 40 });
      find.addEventListener("input", debounce(() => change({ q: find.value.trim() }), 300));
      bar.replaceChildren(find, made.area, made.state, made.protocol, made.heard, el("span", { class: "devices-only" }), el("span", { class: "sp" }), el("a", { class: "adm-button devices-out", download: "" }, say("导出 CSV", "CSV")));
      return made;
    }

    /* When it was heard, or that it never was. */
    const heard = (one) => (one.heard ? el("span", {}, el("span", { "data-at": one.heard }, time.age(one.heard)), el("small", { class: "t3" }, one.source)) : el("span", { class: "t3" }, say("从未来数", "Never")));
    const due = (one) => el("span", {}, one.calibrated_until || el("span", { class: "t3" }, "—"), " ", chip(DUE[one.due][0], DUE[one.due][1]));
    const states = (one) => (one.seen_points ? el("span", { class: "devices-states nw" }, ["unknown", "doubtful", "known"].filter((state) => one.states[state]).map((state) => el("span", { class: `points-sign is-${state}`, title: { unknown: say("未知", "Unknown"), doubtful: say("存疑", "Doubtful"), known: say("正常", "Well") }[state] }, el("i", { "aria-hidden": "true" }, SIGNS[state]), String(one.states[state]), el("span", { class: "sr" }, { unknown: say("未知", " unknown"), doubtful: say("存疑", " doubtful"), known: say("正常", " well") }[state])))) : el("span", { class: "t3" }, one.points ? say(`${one.points} 个,无在用`, `${one.points}, none in use`) : "—"));

    function rows(given) {
      if (!given.rows.length) return my.empty(given.devices ? say("没有符合条件的设备。", "No device fits.") : say("没有登记的设备。由接入管理人员执行 onemap device add 登记。", "No device is registered: onemap device add registers one."));
      const lines = given.rows.map((one) => ({ id: one.code, selected: one.code === picked, dull: one.state === "retired", cells: [
        el("button", { type: "button", class: "adm-name", "data-code": one.code, on: { click: () => open(one.code) } }, el("b", {}, one.name), el("small", { class: "t3" }, [one.code, one.kind, one.protocol, one.mn].filter(Boolean).join(" · "))),
        chip(one.state_word, LOOKS[one.state]), el("span", {}, one.enterprise_name || say("公共区域", "Public place"), el("small", { class: "t3" }, one.area)), due(one), heard(one), states(one)] }));
      const made = my.table(HEADS.map(([, words]) => words), lines, (row) => open(row.id));
      [...made.querySelectorAll("th")].forEach((head, n) => {
        const [name, words] = HEADS[n], on = (given_sort() || "code") === name;
        head.setAttribute("aria-sort", on ? (asked.down ? "descending" : "ascending") : "none");
        head.replaceChildren(el("button", { type: "button", class: "devices-sort", on: { click: () => change({ sort: name, down: on && !asked.down ? "1" : "" }) } }, words, el("i", { "aria-hidden": "true" }, on ? (asked.down ? " ↓" : " ↑") : "")));
      });
      const last = given.from + lines.length, turnTo = (words, to) => button(words, () => change({ from: to }), "small");
      return [made, el("footer", {}, el("span", { class: "t3" }, say(`共 ${thousands(given.total)} 台,第 ${given.from + 1} 至 ${last} 台`, `${given.from + 1} to ${last} of ${thousands(given.total)}`)), given.from ? turnTo(say("上一页", "Back"), Math.max(0, given.from - given.page) || "0") : null, last < given.total ? turnTo(say("下一页", "On"), last) : null)];
    }
    const given_sort = () => asked.sort;

    async function open(code, quiet) {
      picked = code;
      address();
      for (const line of list.querySelectorAll("tr")) { const on = line.querySelector("[data-code]")?.dataset.code === code; if (on) line.setAttribute("aria-selected", "true"); else line.removeAttribute("aria-selected"); }
      side.hidden = false;
      await my.room(side, () => get(`api/devices/row?code=${encodeURIComponent(code)}`), one);
      window.OneMap.tick();
      if (!quiet) side.querySelector("h2")?.focus();
    }

    function close() {
      const was = picked;
      side.hidden = true;
      picked = "";
      shown = null;
      address();
      for (const line of list.querySelectorAll("tr[aria-selected]")) line.removeAttribute("aria-selected");
      list.querySelector(`[data-code="${CSS.escape(was)}"]`)?.focus();
    }

    function one(given) {
      shown = given;
      const off = given.state === "retired";
      const acts = given.may_write ? el("div", { class: "adm-tools" }, button(given.secret ? say("换发密钥", "New secret") : say("生成密钥", "Make a secret"), () => secret(given), off ? "" : "primary"), off ? button(say("启用", "Enable"), () => turnState(given, "in_use"), "primary") : button(say("停用", "Disable"), () => turnState(given, "retired"), "danger")) : null;
      if (off && acts) acts.firstChild.disabled = true;
      const held = given.secret ? say(`${day(given.secret.at)} 发放`, `made ${day(given.secret.at)}`) : say("没有密钥", "none");
      const facts = [...given.facts.map((fact) => [fact.field, fact.value]), [say("校准情况", "Calibration"), chip(DUE[given.due][0], DUE[given.due][1])], [say("密钥", "Secret"), held], [say("最近来数", "Last heard"), heard(given)], [say("企业", "Enterprise"), given.enterprise ? el("a", { class: "link", href: `${base}map?layers=enterprises&sel=${encodeURIComponent(`enterprises:${given.enterprise}`)}` }, given.enterprise_name) : say("公共区域", "Public place")], [say("区划", "Area"), given.area]].filter(([, value]) => value);
      const points = given.carried.map((point) => el("li", {}, el("span", { class: `points-sign is-${point.state}`, title: point.state_word }, el("i", { "aria-hidden": "true" }, SIGNS[point.state]), point.state_word), el("a", { class: "link el", href: `${base}trend?point=${encodeURIComponent(`sensors:${point.code}`)}` }, point.name), el("span", { class: "num nw" }, point.value === null ? say("未知", "unknown") : `${Math.round(point.value * 100) / 100}\u2009${point.unit}`), point.at ? el("span", { class: "t3 nw", "data-at": point.at }, time.age(point.at)) : el("span", { class: "t3 nw" }, point.why)));
      const steps = given.history.map((step) => el("li", {}, el("div", {}, step.state, el("small", { class: "t3" }, ` ${step.at ? day(step.at) : ""} ${step.actor}`)), step.reason ? el("div", { class: "t3" }, step.reason) : null));
      return [el("header", {}, el("h2", { tabindex: "-1" }, given.name), chip(given.state_word, LOOKS[given.state]), el("span", { class: "sp" }), el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: close } }, icon("close"))),
        acts, el("dl", { class: "adm-facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
        el("h3", {}, say("所带点位", "Points it carries"), el("span", { class: "t3" }, String(given.points))),
        points.length ? el("ul", { class: "devices-points" }, points) : el("p", { class: "t3" }, given.points ? say("没有您能查看的在用点位", "None in use that are open to you") : say("没有点位指向本设备", "No point names it")),
        given.seen_points > points.length ? el("p", { class: "t3" }, say(`另有 ${given.seen_points - points.length} 个`, `${given.seen_points - points.length} more`)) : null,
        el("h3", {}, say("经过", "History")), el("ol", { class: "adm-list" }, steps)];
    }

    function secret(given) {
      my.form(say(`换发密钥:${given.name}`, `New secret: ${given.name}`), [
        { type: "note", label: given.secret ? say("原密钥立即失效,设备改用新密钥之前不能上报。新密钥只显示一次。", "The secret it has is good for nothing at once: it cannot report until it has the new one, which is shown once.") : say("密钥只显示一次,请随即写入设备。", "It is shown once; put it into the device then.") },
        { name: "reason", label: say("事由", "Why"), required: true, longest: 200, wide: true },
      ], say("生成新密钥", "Make it"), async ({ reason }) => {
        const made = await post("api/devices/secret", { code: given.code, reason });
        const words = made.kind === "password" ? say(`HJ 212 口令(MN ${made.mn || "—"})`, `HJ 212 password (MN ${made.mn || "—"})`) : say("上报密钥", "Key to report with");
        const why = [say("请立即写入设备。关闭后无法再次查看,只能换发。", "Put it into the device now: once closed it cannot be seen again, only replaced.")];
        if (made.signing) why.push(say(" 以签名代替密钥上报时,签名密钥为:", " To sign requests instead of sending the key: "), el("code", { id: "device-signing" }, made.signing));
        setTimeout(() => my.secret(say("新密钥,只显示一次", "New secret, shown once"), why, words, made.secret).then(() => open(given.code)), 0);
      }, "danger");
    }

    function turnState(given, to) {
      const off = to === "retired";
      my.form(off ? say(`停用:${given.name}`, `Disable: ${given.name}`) : say(`启用:${given.name}`, `Enable: ${given.name}`), [
        { type: "note", label: off ? say("密钥立即失效,该设备不再能上报;已上报的数据和历史保留。", "Its secret is good for nothing at once and it reports no more; what it reported and its history stay.") : say("启用后需生成新密钥才能上报。", "It reports again once a new secret was made.") },
        { name: "reason", label: say("事由", "Why"), required: true, longest: 200, wide: true },
      ], off ? say("确定停用", "Disable") : say("启用", "Enable"), async ({ reason }) => {
        await post("api/devices/state", { code: given.code, version: given.version, state: to, reason });
        await Promise.all([read(), open(given.code)]);
      }, off ? "danger" : "primary");
    }

    my.walked({ list, side, find: () => bar.querySelector("#devices-find"), picked: () => picked, open, close });
    window.OneMap.live.onChanges((layers) => { if (layers.has("devices")) { read(); if (shown && !document.querySelector("dialog[open]")) open(shown.code, true); } });
    window.OneMap.live.open();
    return read().then(() => (picked ? open(picked) : null)).then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=devices]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
