/* Tells the server that somebody is at the screen, at most once a minute: what a page asks by itself is not use. */
(function () {
  "use strict";
  const { base } = window.OneMap;
  const EVERY = 60000;
  let told = performance.now();

  function used() {
    const now = performance.now();
    if (now - told < EVERY) return;
    told = now;
    fetch(`${base}api/me/active`, { method: "POST", credentials: "same-origin", keepalive: true }).catch(() => { told = 0; });
  }

  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(kind, used, { passive: true, capture: true });
})();
