/* A base map that leaves connections free: a browser has six for one server, and nobody's answer may wait behind tiles. */
(function () {
  "use strict";
  const MOST = 3, TRIES = 3, LATER = 5000;

  const Patient = L.TileLayer.extend({
    createTile(coords, done) {
      const tile = document.createElement("img"), self = this;
      tile.alt = "";
      tile.setAttribute("role", "presentation");
      this._line = this._line || [];
      this._busy = this._busy || 0;
      if (this._getZoomForUrl() < 0) { setTimeout(() => done(null, tile), 0); return tile; } // smaller than the whole world: there is none
      const url = this.getTileUrl(coords);
      this._line.push(() => {
        if (!tile.isConnected) return false;
        let over = false;
        const end = (error) => { done(error, tile); if (over) return; over = true; self._busy -= 1; self._next(); };
        L.DomEvent.on(tile, "load", () => end(null));
        L.DomEvent.on(tile, "error", () => end(new Error("tile")));
        tile.src = url;
        return true;
      });
      setTimeout(() => this._next(), 0);
      return tile;
    },
    _next() {
      while (this._busy < MOST && this._line.length) { if (this._line.shift()()) this._busy += 1; }
    },
  });

  /* What the server had no time to draw is asked for again: a wall stands for days, and a hole in its ground would too. */
  function again(layer, whether = () => true) {
    const retry = (tile) => {
      const { src } = tile;
      tile.tries = (tile.tries || 0) + 1;
      if (tile.tries <= TRIES && whether()) setTimeout(() => { if (tile.isConnected) tile.src = src; }, LATER * tile.tries);
    };
    for (const { el } of Object.values(layer._tiles || {})) if (el.src && el.complete && !el.naturalWidth) retry(el); // before this was said
    return layer.on("tileerror", ({ tile }) => retry(tile));
  }

  window.OneMap.patient = Object.assign((url, options) => again(new Patient(url, options)), { again });
})();
