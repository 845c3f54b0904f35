/* Cases taken along: page, to-dos and forms of one system are kept on this device for a day, and go with the signing out. */
(function () {
  "use strict";
  const { base, el, say, get, time } = window.OneMap;
  const KEPT = "onemap-away", NOTE = "onemap_away", LONGEST = 24 * 3600e3, AT_ONCE = 4;
  const able = "serviceWorker" in navigator && "caches" in window;
  const when = (iso) => `${time.date(new Date(iso))} ${time.minute(new Date(iso))}`;

  function note() {
    try { return JSON.parse(localStorage.getItem(NOTE)) || null; } catch (closed) { return null; }
  }

  async function drop() {
    try { localStorage.removeItem(NOTE); } catch (closed) { /* nothing was noted */ }
    if (!able) return;
    await caches.delete(KEPT);
    const worker = await navigator.serviceWorker.getRegistration(`${base}cases`);
    await worker?.unregister();
  }

  /* What answers a request later, under the address by which the worker looks for it. */
  async function keep(cache, key, path, body) {
    const options = body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {};
    const answer = await fetch(base + path, { credentials: "same-origin", ...options });
    if (!answer.ok || answer.redirected) throw window.OneMap.refusal(answer.status, {});
    const headers = new Headers(answer.headers), whole = await answer.blob();
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    headers.set("x-kept-at", new Date().toISOString());
    await cache.put(base + key, new Response(whole, { status: 200, headers }));
  }

  function page() {
    const shown = [...document.querySelectorAll("script[src], link[rel=stylesheet][href]")].map((one) => one.src || one.href);
    const loaded = performance.getEntriesByType("resource").map((one) => one.name);
    const files = [...new Set([...shown, ...loaded])].map((one) => new URL(one)).filter((at) => at.origin === location.origin).map((at) => (at.pathname + at.search).slice(base.length));
    const body = { output: "page.children", outputs: { id: "page", property: "children" }, inputs: [{ id: "at", property: "pathname", value: `${base}cases` }], changedPropIds: ["at.pathname"], state: [{ id: "at", property: "search", value: "" }] };
    return [
      ["cases", "cases"], ["_dash-layout", "_dash-layout"], ["_dash-dependencies", "_dash-dependencies"], ["_dash-update-component", "_dash-update-component", body],
      ...files.filter((path) => /^(assets|_dash-component-suites)\//.test(path)).map((path) => [path, path]),
    ];
  }

  async function take(screen, system, told) {
    const worker = await navigator.serviceWorker.register(`${base}assets/worker/away.js`, { scope: `${base}cases` });
    await caches.delete(KEPT);
    const cache = await caches.open(KEPT);
    try {
      const list = `api/cases/list?${new URLSearchParams({ system: system.id, view: "todo", sort: "due_at", desc: "0", offset: 0, limit: 50 })}`;
      const todo = (await get(list)).rows;
      const one = (code) => `api/cases/one?${new URLSearchParams({ system: system.id, code })}`;
      const wanted = [
        ...page(), ["api/cases", "api/cases"], [list, list],
        ...(system.may_open ? [`api/cases/form?system=${encodeURIComponent(system.id)}`].map((path) => [path, path]) : []),
        ...todo.map((row) => [one(row.code), `${one(row.code)}&ahead=1`]),
      ];
      let done = 0;
      const left = [...wanted];
      let broken = false; // what one did not get ends the others, who tell no more
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        for (let next = left.shift(); next && !broken; next = left.shift()) {
          try { await keep(cache, ...next); } catch (fault) { broken = true; throw fault; }
          if (!broken) told(++done, wanted.length);
        }
      }));
      localStorage.setItem(NOTE, JSON.stringify({ account: screen.dataset.account, system: system.id, title: system.title, at: time.now().toISOString(), cases: todo.length }));
    } catch (fault) {
      await caches.delete(KEPT);
      await worker.unregister();
      throw fault;
    }
  }

  /* `line` says what is kept here and, without a network, that it is what is shown. */
  function start(screen, line) {
    let away = null;
    const mine = note();
    if (mine && (mine.account !== screen.dataset.account || new Date() - new Date(mine.at) > LONGEST || !screen.dataset.away)) drop();

    function show() {
      const kept = note();
      line.hidden = !kept && !away;
      line.dataset.state = away ? "away" : "kept";
      if (away) line.replaceChildren(el("b", {}, say("没有网络", "No network")), el("span", {}, say(`显示的是 ${when(away)} 存在本机的内容,可能已有变化;办理先存于本机,联网后发送。`, `What was kept here at ${when(away)} is shown and may have changed; filings wait on this device.`)));
      else if (kept) line.replaceChildren(
        el("span", {}, say(`已存本机:${kept.title}待办 ${kept.cases} 件,${when(kept.at)};24 小时内没有网络也可打开本页`, `Taken along: ${kept.title}, ${kept.cases} to do, ${when(kept.at)}; this page opens without a network for 24 hours`)),
        el("button", { type: "button", class: "link", on: { click: async () => { await drop(); show(); } } }, say("从本机删去", "Delete from this device")));
    }

    if (able) navigator.serviceWorker.addEventListener("message", (event) => {
      if (!("away" in (event.data || {})) || event.data.away === away) return;
      away = event.data.away;
      screen.dataset.network = away ? "away" : "";
      show();
    });

    function ask(system) {
      const my = window.OneMap.admin;
      const said = el("p", { class: "t3 case-draft alone", role: "status" });
      const go = my.button(say("存到本机", "Take along"), async () => {
        go.disabled = true;
        try { await take(screen, system, (done, all) => { said.textContent = say(`正在存 ${done}/${all}`, `Keeping ${done}/${all}`); }); box.close(); show(); }
        catch (fault) { said.textContent = say(`没有存成:${fault.message}`, `Not kept: ${fault.message}`); go.disabled = false; }
      }, "primary");
      const box = my.dialog(say("存到本机", "Take along"), el("p", { class: "case-draft alone" }, say(`把“${system.title}”的待办案件(至多 50 件)和表单存到这台设备。24 小时内没有网络也能打开本页、查看和办理,办理联网后发送。退出登录即从本机删去;公用设备上请勿使用。`, `Keeps the cases of ${system.title} that wait for you (50 at most) and their forms on this device. For 24 hours this page opens, shows them and takes filings without a network; filings are sent later. Signing out deletes it; do not use this on a shared device.`)), said, el("footer", {}, go));
    }

    show();
    return { on: (system) => note()?.system === system, system: () => note()?.system || "", ask: able && screen.dataset.away && window.isSecureContext ? ask : null };
  }

  /* Whoever signs out takes it off the device, on whatever page. */
  document.addEventListener("submit", (event) => { if (new URL(event.target.action, location.href).pathname === `${base}signout`) drop(); }, true);

  window.OneMap.caseAway = { start };
})();
