/* Scenarios as this browser keeps them for this account, and as a link carries them. */
(function () {
  "use strict";
  const fresh = () => `s${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

  function shelf(account) {
    const name = `onemap_planner_${account}`;
    const read = () => { try { return JSON.parse(localStorage.getItem(name) || "[]"); } catch (closed) { return []; } };
    const keep = (all) => { try { localStorage.setItem(name, JSON.stringify(all.map(({ id, given }) => ({ id, given })))); return true; } catch (closed) { return false; } };
    return { read, keep };
  }

  /* A link carries the scenario itself, so whoever opens it needs nothing else. */
  const packed = (given) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(given)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  function unpacked(text) {
    try {
      const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
      const given = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0))));
      return given && typeof given === "object" && given.release && given.place ? given : null;
    } catch (broken) { return null; }
  }

  Object.assign(window.OneMap.plan, { shelf, packed, unpacked, fresh });
})();
