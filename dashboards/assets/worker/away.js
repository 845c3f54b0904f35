/* The page of cases without a network: where the server cannot be reached, what this device took along answers, marked with its time. */
(function () {
  "use strict";
  const KEPT = "onemap-away", LONGEST = 24 * 3600e3, PATIENCE = 6000;
  const root = new URL("../../", self.location.href).pathname;
  const AWAY = [502, 503, 504];

  /* Under which address an answer is kept; null is nothing of ours. */
  function keyOf(request) {
    const at = new URL(request.url);
    if (at.origin !== self.location.origin || !at.pathname.startsWith(root)) return null;
    const path = at.pathname.slice(root.length);
    if (request.mode === "navigate") return path === "cases" ? at.pathname : null;
    if (request.method === "POST") return path === "_dash-update-component" ? at.pathname : null;
    if (request.method !== "GET") return null;
    if (path === "_dash-layout" || path === "_dash-dependencies") return at.pathname;
    if (/^(assets|_dash-component-suites)\//.test(path)) return at.pathname + at.search;
    if (!/^api\/cases(\/(list|one|form))?$/.test(path)) return null;
    at.searchParams.delete("ahead");
    return at.pathname + (at.searchParams.size ? `?${at.searchParams}` : "");
  }

  /* Asked for by the fingerprint of its content: it never changes. */
  const lasting = (key) => /\/assets\/[^?]*\?m=/.test(key) || (key.includes("/_dash-component-suites/") && /\.v\d/.test(key));

  async function keep(cache, key, answer) {
    const headers = new Headers(answer.headers), body = await answer.blob();
    for (const name of ["content-encoding", "content-length", "set-cookie"]) headers.delete(name);
    headers.set("x-kept-at", new Date().toISOString());
    await cache.put(key, new Response(body, { status: 200, headers }));
  }

  async function tell(event, said) {
    const client = event.clientId && await self.clients.get(event.clientId);
    if (client) client.postMessage(said);
  }

  const later = (ms) => new Promise((_, failed) => { setTimeout(() => failed(new Error("late")), ms); });

  async function answered(event, key) {
    const { request } = event;
    if (!await caches.has(KEPT)) return fetch(request);
    const cache = await caches.open(KEPT), kept = await cache.match(key, { ignoreVary: true });
    if (kept && lasting(key)) return kept;
    const young = kept && Date.now() - new Date(kept.headers.get("x-kept-at")) < LONGEST;
    try {
      const live = await (young ? Promise.race([fetch(request.clone()), later(PATIENCE)]) : fetch(request));
      if (young && AWAY.includes(live.status)) throw new Error("away");
      const fresh = live.ok && !live.redirected && (kept || lasting(key) || request.url.includes("ahead=1"));
      if (fresh) event.waitUntil(keep(cache, key, live.clone()).catch(() => null));
      event.waitUntil(tell(event, { away: null }));
      return live;
    } catch (lost) {
      if (!young) throw lost;
      if (key.includes("/api/")) event.waitUntil(tell(event, { away: kept.headers.get("x-kept-at") }));
      return kept;
    }
  }

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => {
    const key = keyOf(event.request);
    if (key) event.respondWith(answered(event, key));
  });
})();
