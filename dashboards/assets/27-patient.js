/* A base map that leaves connections free: a browser has six for one server, and nobody's answer may wait behind tiles. */
(function () {
  "use strict";
  const MOST = 3;

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
        const end = (error) => { if (over) return; over = true; self._busy -= 1; done(error, tile); self._next(); };
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

  window.OneMap.patient = (url, options) => new Patient(url, options);
})();
