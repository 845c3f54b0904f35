/* Silent and faulty points on the map: asked for each minute while their layer is on, drawn as what they are. */
(function () {
  "use strict";
  const { get } = window.OneMap;
  const EVERY = 60000;
  let asked = -EVERY;

  async function look() {
    const canvas = window.OneMap.map?.canvas, layer = canvas?.layers.get("sensors");
    if (!layer || document.hidden || (layer.odd && performance.now() - asked < EVERY)) return;
    asked = performance.now();
    try {
      const found = await get("api/points/odd");
      const odd = new Map([...found.stale.map((key) => [key, "sensor-stale"]), ...found.fault.map((key) => [key, "sensor-fault"])]);
      const now = canvas.layers.get("sensors");
      if (now) { now.odd = odd; canvas.repaint(); }
    } catch (fault) { /* the marks stay as they were; the card of a point says what it is */ }
  }

  setInterval(look, 1500);
  window.OneMap.odd = { look };
})();
