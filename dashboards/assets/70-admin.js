/* Administration: tabs, tables, forms, questions before what cannot be undone, and secrets that are shown once. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, time } = window.OneMap;
  const ROOT = "api/admin";
  const WORDS = {
    class: { regulator: say("监管", "Regulator"), committee: say("安委会", "Committee"), enterprise: say("企业", "Enterprise"), intermediary: say("中介机构", "Intermediary"), public: say("公众", "Public"), system: say("系统", "System") },
    state: { open: say("正常", "Open"), disabled: say("已停用", "Disabled"), expired: say("已到期", "Expired"), "no-post": say("无有效任职", "Holds no post"), active: say("有效", "In force"), coming: say("未到", "To come"), over: say("已结束", "Over"), revoked: say("已吊销", "Revoked") },
    level: { public: say("公开", "Public"), internal: say("内部", "Internal"), sensitive: say("敏感", "Sensitive"), secret: say("机密", "Secret") },
    right: { map: say("地图", "Map"), hall: say("大厅", "Hall"), services: say("服务接口", "Services"), live: say("实时", "Live"), export: say("导出", "Export"), brief: say("专报", "Brief"), plan: say("推演", "Plan"), "verify-limits": say("核实限值", "Verify limits"), edit: say("编辑数据", "Edit data"), "answer-alarms": say("答复本企业报警", "Answer own alarms"), field: say("现场队伍", "Team in the field"), report: say("上报读数", "Report readings"), "send-cap": say("通报突发事件", "Report incidents (CAP)"), files: say("附件", "Files"), portal: say("门户", "Portal"), "publish-notices": say("发通知", "Publish notices"), "issue-warnings": say("发预警", "Issue warnings"), casework: say("业务办理", "Casework"), "read-reporters": say("拆阅举报人", "Read reporters"), "design-procedures": say("设计流程", "Design procedures"), accounts: say("管账号", "Accounts"), keys: say("管密钥", "Keys"), audit: say("审计", "Audit") },
  };
  const word = (kind, key) => WORDS[kind][key] || key;
  const day = (iso) => (iso ? `${time.date(new Date(iso))} ${time.minute(new Date(iso))}` : "");
  const text = (both) => (window.OneMap.english ? both.en : both.zh);
  const names = (list) => list.join(say("、", ", "));
  let choices = null;

  const ask = (path) => get(`${ROOT}${path}`);
  const send = (path, body) => post(`${ROOT}${path}`, body || {});
  const area = (code) => choices.areas.find((one) => one.code === code)?.name || code || say("全部", "Everywhere");
  const role = (id) => choices.roles.find((one) => one.id === id)?.title || id;

  const button = (title, run, look) => el("button", { type: "button", class: `adm-button ${look || ""}`, on: { click: run } }, title);
  const chip = (title, look) => el("span", { class: `adm-chip ${look || ""}` }, title);
  const state = (name) => chip(word("state", name), { open: "good", active: "good", disabled: "bad", revoked: "bad", expired: "bad", over: "dull" }[name] || "dull");

  function post_line(one, end) {
    const until = one.until ? say(`至 ${day(one.until)}`, `until ${day(one.until)}`) : "";
    const from = one.state === "coming" ? say(`自 ${day(one.since)}`, `from ${day(one.since)}`) : "";
    const firms = one.enterprises ? say(`${one.enterprises.length} 家企业`, `${one.enterprises.length} enterprises`) : "";
    const line = [text(one.title), names(one.areas.map(area)), firms, from, until].filter(Boolean).join(" · ");
    return el("li", { class: one.until ? "passing" : "" }, el("span", {}, line, one.group && end !== undefined ? chip(say("经分组", "by group"), "dull") : null), end || null);
  }

  /* Tables become cards on a phone: each cell carries the name of its column. */
  function table(columns, rows, onRow) {
    const head = el("tr", {}, columns.map((one) => el("th", { scope: "col" }, one)));
    const body = rows.map((row) => {
      const cells = row.cells.map((cell, n) => el("td", { "data-name": columns[n] }, cell));
      const line = el("tr", { class: row.dull ? "dull" : "", "aria-selected": row.selected ? "true" : null }, cells);
      if (onRow) line.addEventListener("click", (event) => { if (!event.target.closest("button")) onRow(row); });
      return line;
    });
    return el("div", { class: "adm-scroll" }, el("table", { class: `adm-table${onRow ? " picks" : ""}` }, el("thead", {}, head), el("tbody", {}, body)));
  }

  function dialog(title, ...body) {
    const box = el("dialog", { class: "adm-dialog", "aria-label": title });
    const close = el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: () => box.close() } }, icon("close"));
    box.append(el("header", {}, el("h2", {}, title), close), ...body);
    box.addEventListener("close", () => box.remove());
    (document.querySelector("#office-dialog") || document.querySelector("[data-screen]")).append(box);
    box.showModal();
    return box;
  }

  /* Asks before what takes something away, or gives more than usual; the safe answer has the focus. Whether it was done. */
  function sure(title, why, yes, run) {
    let done = false;
    const fault = el("p", { class: "adm-fault", role: "alert", hidden: true });
    const no = button(say("取消", "Cancel"), () => box.close());
    const go = button(yes, async () => {
      go.disabled = true;
      try { await run(); done = true; box.close(); } catch (error) { fault.hidden = false; fault.replaceChildren(...said(error.message, error)); go.disabled = false; }
    }, "danger");
    const box = dialog(title, el("div", { class: "adm-form" }, el("p", {}, why), fault), el("footer", {}, no, go));
    box.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !go.disabled) { event.preventDefault(); go.click(); } });
    no.focus();
    return new Promise((closed) => box.addEventListener("close", () => closed(done)));
  }

  async function copied(field, note) {
    try { await navigator.clipboard.writeText(field.value); }
    catch (closed) { field.select(); document.execCommand("copy"); }
    note.textContent = say("已复制", "Copied");
  }

  function secret(title, why, label, value) {
    const field = el("input", { readonly: true, value, id: "adm-secret", spellcheck: "false" });
    const note = el("span", { role: "status" });
    const copy = button(say("复制", "Copy"), () => copied(field, note));
    const done = button(say("我已保存", "I have kept it"), () => box.close(), "primary");
    const room = el("div", { class: "adm-secret" }, field, copy);
    const box = dialog(title, el("div", { class: "adm-form" }, el("p", {}, why), el("label", { for: "adm-secret" }, label), room, note), el("footer", {}, done));
    copy.focus();
    return new Promise((closed) => box.addEventListener("close", closed));
  }

  const local = (iso) => (iso ? `${time.date(new Date(iso))}T${time.minute(new Date(iso))}` : "");

  function input(one, id) {
    const plain = { id, name: one.name, required: one.required || null, "aria-required": one.required ? "true" : null, autocomplete: "off" };
    if (one.options) return el("select", plain, one.options.map(([value, title]) => el("option", { value, selected: value === one.value }, title)));
    if (one.type === "lines" || one.type === "prose") return el("textarea", { ...plain, rows: one.type === "prose" ? 7 : 3, maxlength: one.longest }, one.value || "");
    if (one.type === "moment") return el("input", { ...plain, type: "datetime-local", value: local(one.value) });
    if (one.type === "check") return el("input", { ...plain, type: "checkbox", checked: Boolean(one.value) });
    return el("input", { ...plain, type: one.type || "text", value: one.value ?? "", readonly: one.fixed || null, min: one.min, maxlength: one.longest });
  }

  /* Boxes to tick; `search` asks the server for more of them by a word. */
  function ticks(one, id) {
    const chosen = new Map((one.value || []).map((key) => [key, (one.all || []).find(([value]) => value === key)?.[1] || key]));
    const list = el("div", { class: "adm-ticks" });
    function draw(all) {
      const more = all.filter(([key]) => !chosen.has(key));
      list.replaceChildren(...[...chosen, ...more].map(([key, title]) => {
        const box = el("input", { type: "checkbox", value: key, checked: chosen.has(key) });
        box.addEventListener("change", () => { if (box.checked) chosen.set(key, title); else chosen.delete(key); });
        return el("label", {}, box, title || key);
      }));
      if (!list.children.length) list.append(el("p", { class: "t3" }, say("没有可选的", "Nothing to choose")));
    }
    draw(one.all || []);
    const find = el("input", { type: "search", "aria-label": say(`查找${one.label}`, `Find ${one.label}`), placeholder: say("查找", "Find") });
    const seek = one.search || ((q) => one.all.filter(([key, title]) => `${key} ${title}`.toLowerCase().includes(q.toLowerCase())));
    find.addEventListener("input", window.OneMap.debounce(async () => draw(await seek(find.value.trim())), 200));
    const many = one.search || (one.all || []).length > 12;
    const node = el("fieldset", { id, class: "wide" }, el("legend", {}, one.label), many ? find : null, list);
    return { node, value: () => [...chosen.keys()] };
  }

  function part(one, n) {
    const id = `adm-f${n}`;
    if (one.type === "note") return { one, node: el("p", { class: "wide" }, one.label), value: () => undefined };
    if (one.type === "ticks") return { one, ...ticks(one, id) };
    if (one.type === "made") return { one, ...one.make(id) };
    const field = input(one, id);
    const hint = one.hint ? el("small", { class: "t3", id: `${id}-h` }, one.hint) : null;
    if (hint) field.setAttribute("aria-describedby", `${id}-h`);
    const label = el("label", { for: id }, one.label, one.required || one.needed ? el("i", { "aria-hidden": "true" }, " *") : null);
    const node = el("div", { class: `adm-field${one.wide || ["lines", "prose"].includes(one.type) ? " wide" : ""}${one.type === "check" ? " tick" : ""}` }, label, field, hint);
    const read = {
      moment: () => (field.value ? `${field.value}:00+08:00` : null),
      check: () => field.checked,
      number: () => (field.value === "" ? null : Number(field.value)),
      lines: () => field.value.split(/[\s,，、;；]+/).filter(Boolean),
    }[one.type] || (() => field.value);
    return { one, node, field, value: read };
  }

  /* What the server says of one field stands under it; what it says of none is left for the line above the buttons. */
  function tell(parts, error) {
    for (const { node, field } of parts) { node.querySelector(".adm-wrong")?.remove(); field?.removeAttribute("aria-invalid"); }
    const left = [];
    for (const { field: name, value, rule } of error?.faults || []) {
      const found = parts.find(({ one }) => one.name === name), chosen = found?.field?.selectedOptions?.[0]?.textContent || value;
      const words = chosen ? say(`“${chosen.slice(0, 40)}”：${rule}`, `“${chosen.slice(0, 40)}” ${rule}`) : rule;
      if (!found) { left.push(words); continue; }
      const id = `${found.node.id || found.field.id}-w`;
      found.node.append(el("small", { class: "adm-wrong", id, role: "alert" }, words));
      found.field?.setAttribute("aria-invalid", "true");
      found.field?.setAttribute("aria-errormessage", id);
    }
    parts.find(({ node }) => node.querySelector(".adm-wrong"))?.node.querySelector("input, select, textarea")?.focus();
    return error?.faults?.length ? left.join(say("；", "; ")) : error?.message || "";
  }

  /* Whether a field must be filled may depend on what is chosen elsewhere in the form. */
  function due({ one, node, field }, now) {
    const must = Boolean(one.needed ? one.needed(now) : one.required) && !node.hidden;
    if (!one.needed || !field) return must;
    field.required = must;
    field.setAttribute("aria-required", String(must));
    node.querySelector("label i").hidden = !must;
    return must;
  }

  /* Who was signed out while writing signs in beside it: the form stays as it is. */
  const said = (words, error) => (error.status === 401 ? [say("登录已失效：", "You are signed out: "), el("a", { class: "link", href: window.OneMap.signin(), target: "_blank", rel: "noopener" }, say("在新标签页登录", "sign in in another tab")), say("，回来再按一次。填写的都还在。", ", then press once more. What you wrote is still here.")] : [words]);

  /* The names of what somebody wrote otherwise than it stood when the form was opened: of two who write at once each sends their own. */
  function changed(fields, given) {
    const minute = (value) => (value ? Math.floor(new Date(value) / 60000) : null);
    return new Set(Object.keys(given).filter((name) => { const one = fields.find((each) => each.name === name); return one.type === "moment" ? minute(given[name]) !== minute(one.value) : JSON.stringify(given[name] ?? "") !== JSON.stringify(one.value ?? ""); }));
  }

  /* A form in a dialog. `submit` is given the values; what the server refuses is said at the field or above the buttons, and nothing is lost. */
  function form(title, fields, yes, submit, look) {
    const parts = fields.map(part);
    const values = () => Object.fromEntries(parts.filter(({ one, node }) => one.name && !node.hidden).map(({ one, value }) => [one.name, value()]));
    const all = () => Object.fromEntries(parts.map(({ one, value }) => [one.name, value()]));
    const show = () => { const now = all(); for (const each of parts) { if (each.one.when) each.node.hidden = !each.one.when(now); due(each, now); } };
    const fault = el("p", { class: "adm-fault", role: "alert", hidden: true });
    const go = el("button", { type: "submit", class: `adm-button ${look || "primary"}` }, yes);
    const sheet = el("form", { class: "adm-sheet", novalidate: true }, el("div", { class: "adm-form grid" }, parts.map(({ node }) => node)), fault, el("footer", {}, button(say("取消", "Cancel"), () => box.close()), go));
    sheet.addEventListener("change", show);
    sheet.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented && go.type === "submit") { event.preventDefault(); sheet.requestSubmit(); } });
    sheet.addEventListener("submit", async (event) => {
      event.preventDefault();
      const now = all(), missing = parts.find((each) => due(each, now) && each.field && !each.field.value.trim());
      if (missing) { fault.hidden = false; fault.textContent = say(`请填写${missing.one.label}`, `${missing.one.label} is needed`); missing.field.focus(); return; }
      if (go.disabled) return;
      go.disabled = true;
      tell(parts);
      try { await submit(values()); box.close(); }
      catch (error) { fault.replaceChildren(...said(tell(parts, error), error)); fault.hidden = !fault.textContent; }
      go.disabled = false;
    });
    show();
    const box = dialog(title, sheet);
    /* One Esc too many, as when letters were being chosen, throws away nothing that was typed. */
    let typed = false, warned = false;
    sheet.addEventListener("input", () => { typed = true; warned = false; });
    box.addEventListener("cancel", (event) => {
      if (!typed || warned || event.target !== box) return;
      event.preventDefault();
      warned = true;
      fault.hidden = false;
      fault.textContent = say("填写的还没有送出，再按一次 Esc 放弃。", "What you wrote is not sent. Esc once more gives it up.");
    });
    parts.find(({ field, node }) => field && !node.hidden && !field.readOnly)?.field.focus();
    return box;
  }

  /* One place for loading, failed, forbidden and empty. */
  async function room(box, load, draw) {
    const mine = {};
    box.mine = mine;
    if (!box.children.length) box.append(...[72, 90, 64].map((width) => el("span", { class: "skeleton", style: `width:${width}%` })));
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await load();
      if (box.mine !== mine) return null;
      box.replaceChildren(...[draw(answer)].flat().filter(Boolean));
      return answer;
    } catch (error) {
      if (box.mine !== mine) return null;
      if (error.status === 401) { window.OneMap.ended(); return null; }
      const words = error.status === 403 ? say("您的岗位无权查看这一项。", "Your role does not open this.") : say(`读取失败：${error.message}`, `Could not read: ${error.message}`);
      box.replaceChildren(el("div", { class: "adm-empty", role: "alert" }, el("p", {}, words), error.status === 403 ? null : button(say("重试", "Try again"), () => room(box, load, draw))));
      return null;
    } finally { box.removeAttribute("aria-busy"); }
  }

  /* A list with one open beside it: J and K go from line to line, / to the search, Esc back. */
  function walked({ list, side, find, picked, open, close }) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (event.key === "Escape" && !side.hidden) { close(); return; }
      if (event.target.closest("input, textarea, select, video")) return;
      const all = [...list.querySelectorAll("[data-code]")], at = all.findIndex((line) => line === document.activeElement || line.dataset.code === picked());
      if (event.key === "/") { event.preventDefault(); find()?.focus(); }
      const by = { j: 1, k: -1, J: 1, K: -1 }[event.key];
      if (!by || !all.length) return;
      const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
      next.focus();
      if (!side.hidden) open(next.dataset.code, true);
    });
  }

  const empty = (words) => el("div", { class: "adm-empty" }, el("p", {}, words));
  const tabs = {};

  function open(screen) {
    const wanted = location.hash.slice(1).split("/")[0];
    const buttons = [...screen.querySelectorAll("[role=tab]")];
    const one = buttons.find((tab) => tab.dataset.tab === wanted) || buttons[0];
    for (const tab of buttons) {
      tab.setAttribute("aria-selected", tab === one ? "true" : "false");
      tab.tabIndex = tab === one ? 0 : -1;
    }
    one.scrollIntoView({ block: "nearest", inline: "nearest" });
    const box = screen.querySelector("#admin-body");
    box.setAttribute("aria-labelledby", one.id);
    if (box.dataset.tab !== one.dataset.tab) { box.dataset.tab = one.dataset.tab; box.replaceChildren(); tabs[one.dataset.tab](box); }
  }

  /* Who administers the whole city sees how the server runs, and without opening it that something fails. */
  function running(tab, { city, failing }) {
    if (!city) tab?.remove();
    else if (failing) tab?.append(" ", chip(say(`${failing} 项失败`, `${failing} failing`), "bad"));
  }

  async function start(screen) {
    window.OneMap.office.frame(screen);
    const list = screen.querySelector("[role=tablist]"), box = screen.querySelector("#admin-body");
    list.addEventListener("click", (event) => { const tab = event.target.closest("[role=tab]"); if (tab) location.hash = tab.dataset.tab; });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const all = [...list.children], next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      next.focus();
      location.hash = next.dataset.tab;
    });
    const known = await room(box, () => ask("/choices"), () => []);
    screen.dataset.ready = "1";
    if (!known) return;
    choices = known;
    running(list.querySelector("[data-tab=chores]"), known);
    window.addEventListener("hashchange", () => open(screen));
    open(screen);
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=admin]");
    if (!screen) return;
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });

  window.OneMap.admin = {
    dialog, tabs, ask, send, word, day, text, names, area, role, button, chip, state, post_line, table, sure, secret, form, changed, room, empty, walked,
    choices: () => choices, again: async () => { choices = await ask("/choices"); },
  };
})();
