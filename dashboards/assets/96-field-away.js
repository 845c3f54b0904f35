/* The page of a team's phone kept on the device, whole and of one version, so that it opens without a network; it goes with the signing out. */
(function () {
  "use strict";
  const { base } = window.OneMap;
  const KEPT = "onemap-field", SHELL = `${base}shell`, AT_ONCE = 4;
  const able = "serviceWorker" in navigator && "caches" in window && window.isSecureContext;
  const FILES = /^(assets|_dash-component-suites)\//;
  const inside = (address) => { const at = new URL(address, location.href); return at.origin === location.origin ? (at.pathname + at.search).slice(base.length) : ""; };
  const own = (address) => FILES.test(inside(address));

  async function drop() {
    if (!able) return;
    await caches.delete(KEPT);
    await (await navigator.serviceWorker.getRegistration(`${base}field`))?.unregister();
  }

  async function asked(path, body) {
    const options = body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {};
    const answer = await fetch(base + path, { credentials: "same-origin", cache: "no-store", ...options });
    if (!answer.ok || answer.redirected) throw window.OneMap.refusal(answer.status, {});
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !["content-encoding", "content-length", "vary"].includes(name)));
    return { body: await answer.text(), headers };
  }

  /* What a document asks for by itself; what its styles and scripts ask for is known of the page that is open. */
  function files(html) {
    const document_ = new DOMParser().parseFromString(html, "text/html");
    return [...document_.querySelectorAll("script[src], link[href]")].map((one) => one.getAttribute("src") || one.getAttribute("href")).filter(own).map(inside);
  }
  /* Letters are fetched when first drawn, so what was loaded so far does not tell which there are. */
  const letters = () => [...document.styleSheets].filter((sheet) => sheet.href && own(sheet.href)).flatMap((sheet) => [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule).flatMap((rule) => [...rule.cssText.matchAll(/url\("([^"]+)"\)/g)].map((found) => inside(new URL(found[1], sheet.href)))));
  const here = () => [...document.querySelectorAll("script[src], link[rel=stylesheet][href]")].map((one) => one.getAttribute("src") || one.getAttribute("href")).filter(own).map(inside);
  const same = (one, other) => one.filter((path) => path.includes("?m=")).sort().join() === other.filter((path) => path.includes("?m=")).sort().join();

  async function file(cache, path) {
    if (await cache.match(base + path, { ignoreVary: true })) return;
    const answer = await fetch(base + path, { credentials: "same-origin" });
    if (!answer.ok) throw window.OneMap.refusal(answer.status, {});
    const headers = new Headers(answer.headers), whole = await answer.blob();
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    await cache.put(base + path, new Response(whole, { status: 200, headers }));
  }

  /* "kept"; "other" where the server has another version by now, whose files are kept too; "" where this device cannot. */
  async function take(account) {
    if (!able) return "";
    const said = { output: "page.children", outputs: { id: "page", property: "children" }, inputs: [{ id: "at", property: "pathname", value: `${base}field` }], changedPropIds: ["at.pathname"], state: [{ id: "at", property: "search", value: "" }] };
    const [page, layout, dependencies, content] = await Promise.all([asked("field"), asked("_dash-layout"), asked("_dash-dependencies"), asked("_dash-update-component", said)]);
    const cache = await caches.open(KEPT), wanted = files(page.body), older = !same(wanted, here());
    const loaded = performance.getEntriesByType("resource").map((one) => one.name).filter(own).map(inside).filter((path) => !older || !path.includes("?m="));
    const all = [...new Set([...wanted, ...letters(), ...loaded])].filter((path) => !path.startsWith("assets/worker/")), left = [...all];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (let next = left.shift(); next; next = left.shift()) await file(cache, next); }));
    await cache.put(SHELL, new Response(JSON.stringify({ account, at: new Date().toISOString(), parts: { page, layout, dependencies, content } }), { headers: { "content-type": "application/json" } }));
    const stays = new Set([SHELL, ...all.map((path) => base + path)]);
    for (const request of await cache.keys()) { const at = new URL(request.url); if (!stays.has(at.pathname + at.search)) await cache.delete(request); }
    await navigator.serviceWorker.register(`${base}assets/worker/field.js`, { scope: `${base}field` });
    return older ? "other" : "kept";
  }

  /* Whose page is kept; another's goes before anything is shown. */
  async function mine(account) {
    if (!able || !await caches.has(KEPT)) return;
    const found = await (await caches.open(KEPT)).match(SHELL);
    if (!found || (await found.json()).account !== account) await drop();
  }

  document.addEventListener("submit", (event) => { if (new URL(event.target.action, location.href).pathname === `${base}signout`) { drop(); window.OneMap.fieldQueue?.forget(); } }, true);

  window.OneMap.fieldAway = { take, mine };
})();
