/* Silent and faulty points on the map: asked for each minute while their layer is on, drawn as what they are. */
(function () {
  "use strict";
  const { points } = window.OneMap;
  const EVERY = 60000;
  let asked = -EVERY, asking = false, last = null;

  async function look() {
    const canvas = window.OneMap.map?.canvas, layer = canvas?.layers.get("sensors");
    if (!layer || asking || document.hidden || ((layer.odd || layer === last) && performance.now() - asked < EVERY)) return;
    asked = performance.now();
    last = layer;
    asking = true;
    try {
      const odd = await points.listed("api/points/odd", ["stale", "fault"], layer.columns);
      const now = canvas.layers.get("sensors");
      if (now && now.columns.keys.all === layer.columns.keys.all) { now.odd = odd; canvas.repaint(); }
    } catch (fault) { /* the marks stay as they were; the card of a point says what it is */ }
    finally { asking = false; }
  }

  setInterval(look, 1500);
  window.OneMap.odd = { look };
})();
