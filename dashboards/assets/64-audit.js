/* The audit: filters in the address, the newest entries, a count by kind, an export of what was found. */
(function () {
  "use strict";
  const { base, el, say, get } = window.OneMap;
  const KINDS = {
    "sign-in": say("登录", "Sign-in"), "sign-out": say("退出", "Sign-out"), post: say("切换岗位", "Post"), refused: say("拒绝", "Refused"),
    read: say("查看", "Read"), export: say("导出", "Export"), change: say("修改", "Change"), admin: say("管理", "Administration"), cleared: say("到期清除", "Cleared"),
  };
  const OUTCOMES = { done: say("成功", "done"), failed: say("失败", "failed"), refused: say("拒绝", "refused"), begun: say("开始", "begun") };
  const DOORS = { page: say("页面", "page"), api: say("接口", "API"), ogc: say("服务", "OGC"), cli: say("命令行", "command line"), job: say("任务", "job"), oidc: say("统一认证", "OIDC") };
  const FIELDS = [
    ["actor", say("人员账号", "Account")], ["layer", say("对象（图层、账号）", "Object (layer, account)"), { list: "audit-layers" }],
    ["key", say("记录编号", "Key of a record")], ["from", say("起", "From"), { type: "date" }], ["to", say("止", "To"), { type: "date" }],
  ];
  const THINGS = { account: say("口令核对", "password proof"), audit: say("审计记录", "the audit") };
  const WAYS = {
    password: say("口令登录", "by password"), "password+totp": say("口令、动态口令登录", "by password and code"), oidc: say("统一认证登录", "by the identity provider"),
    "second factor enrolled": say("绑定动态口令", "second factor enrolled"), "second factor removed": say("解除动态口令", "second factor removed"), "own password changed": say("修改口令", "own password changed"),
  };
  const stamp = (iso) => window.OneMap.security.stamp(iso);
  const asked = () => new URLSearchParams(location.search);
  const named = () => Object.fromEntries([...document.querySelectorAll("#audit-layers option")].map((one) => [one.value, one.textContent]));

  function query(more) {
    const given = asked();
    given.delete("lang");
    for (const [name, value] of Object.entries(more || {})) if (value) given.set(name, value); else given.delete(name);
    return given.toString();
  }

  function form(again) {
    const kinds = el("select", { name: "kind", id: "audit-kind" }, el("option", { value: "" }, say("全部", "All")), ...Object.entries(KINDS).map(([value, words]) => el("option", { value }, words)));
    const rooms = [el("div", {}, el("label", { for: "audit-kind" }, say("类别", "Kind")), kinds)];
    for (const [name, words, more] of FIELDS) rooms.push(el("div", {}, el("label", { for: `audit-${name}` }, words), el("input", { name, id: `audit-${name}`, ...more })));
    const made = el("form", { class: "audit-form", role: "search" }, ...rooms,
      el("button", { type: "submit", class: "button primary" }, say("查询", "Search")), el("a", { class: "button", id: "audit-export", download: "" }, say("导出 CSV", "Export CSV")));
    for (const [name, value] of asked()) if (made.elements[name]) made.elements[name].value = value;
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = new URLSearchParams([...new FormData(made)].filter(([, value]) => value));
      history.pushState(null, "", `?${given}`);
      again();
    });
    return made;
  }

  function line(one, names) {
    const who = el("td", { "data-name": say("人员", "Who") }, el("b", {}, one.actor || "—"), el("small", { class: "t3" }, [DOORS[one.door] || one.door, one.address].filter(Boolean).join(" · ")));
    const what = el("td", { "data-name": say("对象", "What") }, names[one.what] || THINGS[one.what] || one.what || "—", one.key ? el("small", { class: "t3" }, one.key) : null);
    const found = one.rows ? say(`${one.rows.toLocaleString()} 条`, `${one.rows.toLocaleString()} rows`) : "";
    const doubt = one.possibly ? el("span", { class: "doubtful" }, say("可能包含", "possibly")) : null;
    return el("tr", { class: one.outcome === "done" || one.outcome === "begun" ? "" : "ill" },
      el("td", { class: "fix" }, String(one.seq)), el("td", { class: "fix" }, stamp(one.at)), el("td", { class: "fix" }, KINDS[one.kind] || one.kind, " ", el("span", { class: "outcome" }, OUTCOMES[one.outcome] || one.outcome)),
      who, what, el("td", { class: "where", title: one.where }, WAYS[one.where] || one.where || "", one.detail && one.kind === "admin" ? el("small", { class: "t3", title: one.detail }, one.detail) : null), el("td", { class: "fix" }, found, doubt));
  }

  async function page(room, before) {
    const found = await get(`api/audit?${query({ before, limit: "100" })}`);
    const names = named(), body = room.querySelector("tbody");
    body.append(...found.entries.map((one) => line(one, names)));
    const more = room.querySelector(".more-rows");
    more.hidden = !found.next;
    more.onclick = () => page(room, String(found.next)).catch((fault) => tell(room, fault.message));
    room.querySelector(".none").hidden = body.children.length > 0;
  }

  function tell(room, words) {
    const line = room.querySelector(".told");
    line.textContent = words ? `✕ ${words}` : "";
    line.className = "told ill";
  }

  async function totals(room) {
    const found = await get(`api/audit/totals?${query({ by: "kind", kind: "" })}`);
    const strip = room.querySelector(".audit-totals");
    const sums = Array.isArray(found.totals) ? found.totals : Object.entries(found.totals);
    strip.replaceChildren(...sums.map((one) => {
      const [kind, count] = Array.isArray(one) ? one : [one.value ?? one.group ?? one.name, one.entries ?? one.count];
      const link = el("a", { href: `?${query({ kind })}` }, KINDS[kind] || kind, " ", el("b", {}, Number(count).toLocaleString()));
      link.addEventListener("click", (event) => { event.preventDefault(); history.pushState(null, "", `?${query({ kind })}`); show(room); });
      return link;
    }));
  }

  async function show(room) {
    const heads = [say("序号", "No."), say("时间", "Time"), say("类别", "Kind"), say("人员", "Who"), say("对象", "What"), say("条件与内容", "Filter and content"), say("数量", "Rows")];
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((words, at) => el("th", { scope: "col", class: [0, 1, 2, 6].includes(at) ? "fix" : null }, words)))), el("tbody", {}));
    room.replaceChildren(form(() => show(room)), el("div", { class: "audit-totals" }), el("p", { class: "told", role: "status" }), el("div", { class: "audit-rows", tabindex: "0" }, table),
      el("p", { class: "none empty", hidden: true }, say("没有符合条件的审计记录", "No entry fits")), el("button", { type: "button", class: "button more-rows", hidden: true }, say("更早的记录", "Earlier entries")));
    room.querySelector("#audit-export").href = `${base}api/audit/export?${query()}`;
    try { await Promise.all([page(room), totals(room)]); } catch (fault) { tell(room, fault.message); }
    room.dataset.ready = "1";
  }

  const watch = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=audit]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    watch.disconnect();
    window.OneMap.office.frame(screen);
    const room = screen.querySelector("#audit-room");
    addEventListener("popstate", () => show(room));
    show(room).then(() => { screen.dataset.ready = "1"; });
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
})();
