/* The page of a team's phone without a network: the last whole page this device kept for its account opens, and nothing else. */
(function () {
  "use strict";
  const KEPT = "onemap-field", SHELL = "shell", LONGEST = 24 * 3600e3, PATIENCE = 6000, AWAY = [502, 503, 504];
  const root = new URL("../../", self.location.href).pathname;
  const opened = new Set();  // pages that began with what is kept: they go on with it, whatever version the server has by now

  /* Which part of the page a request asks for; null is nothing of ours. */
  function partOf(request) {
    const at = new URL(request.url);
    if (at.origin !== self.location.origin || !at.pathname.startsWith(root)) return null;
    const path = at.pathname.slice(root.length);
    if (request.mode === "navigate") return path === "field" ? "page" : null;
    if (request.method === "POST") return path === "_dash-update-component" ? "content" : null;
    if (request.method !== "GET") return null;
    if (path === "_dash-layout") return "layout";
    if (path === "_dash-dependencies") return "dependencies";
    return /^(assets|_dash-component-suites)\//.test(path) ? "file" : null;
  }

  /* The page, its layout and content are one entry, written in one stroke: half of one version is never kept. */
  async function shell(cache) {
    const found = await cache?.match(root + SHELL);
    const kept = found && await found.json();
    return kept && Date.now() - new Date(kept.at) < LONGEST ? kept : null;
  }
  const answer = (part) => new Response(part.body, { status: 200, headers: part.headers });
  const later = (ms) => new Promise((_, failed) => { setTimeout(() => failed(new Error("late")), ms); });

  async function answered(event, part) {
    const { request } = event;
    const cache = await caches.has(KEPT) ? await caches.open(KEPT) : null;
    if (part === "file") {
      const at = new URL(request.url), file = await cache?.match(at.pathname + at.search, { ignoreVary: true });
      return file || fetch(request);
    }
    const kept = await shell(cache);
    if (!kept) return fetch(request);
    if (part !== "page" && opened.has(event.clientId)) return answer(kept.parts[part]);
    try {
      const live = await Promise.race([fetch(request.clone()), later(PATIENCE)]);
      if (AWAY.includes(live.status)) throw new Error("away");
      return live;
    } catch (lost) {
      if (part === "page" && event.resultingClientId) opened.add(event.resultingClientId);
      return answer(kept.parts[part]);
    }
  }

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => {
    const part = partOf(event.request);
    if (part) event.respondWith(answered(event, part));
  });
})();
