/* Red on the wall: the map flies to what is new, a ring grows three times at its place and stays until somebody answers. */
(function () {
  "use strict";
  const { alarming } = window.OneMap;
  const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* `home` frames the whole area again, or what is in hand; `went` is told when the map goes to what is new. */
  function start(map, home, went) {
    const rings = new Map();
    let away = false, first = true;

    async function look() {
      const alarms = await alarming.standing().catch(() => undefined);
      if (alarms === undefined) return;
      const red = new Map((alarms || []).filter((one) => one.level === 1 && one.state === "raised" && one.lon !== null).map((one) => [one.code, one]));
      for (const [code, ring] of rings) if (!red.has(code)) { ring.remove(); rings.delete(code); }
      let news = null;
      for (const one of red.values()) {
        if (rings.has(one.code)) continue;
        const icon = L.divIcon({ className: "alarm-ring", html: "<i></i><i></i><i></i>", iconSize: [0, 0] });
        rings.set(one.code, L.marker([one.lat, one.lon], { icon, interactive: false, keyboard: false }).addTo(map));
        if (!news || one.at > news.at) news = one;
      }
      if (news && !first) { away = true; went?.(); map.flyTo([news.lat, news.lon], Math.max(map.getZoom(), 13), { animate: !still(), duration: 0.6 }); }
      else if (away && !red.size) { away = false; home(); }
      first = false;
    }

    return { look, rings, away: () => away };
  }

  window.OneMap.hallAlarms = { start };
})();
