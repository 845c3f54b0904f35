/* Tiles lie flat in their level and appear at once. Leaflet moves each by a transform and fades it in, which makes every
   tile a layer of its own to a browser: without a graphics card those cost more of each frame than all marks. */
(function () {
  "use strict";
  const add = L.GridLayer.prototype._addTile;
  L.Map.mergeOptions({ fadeAnimation: false });
  L.GridLayer.include({
    _addTile(coords, container) {
      add.call(this, coords, container);
      const { style } = this._tiles[this._tileCoordsToKey(coords)].el, at = this._getTilePos(coords);
      style.transform = "";
      style.left = `${at.x}px`;
      style.top = `${at.y}px`;
    },
  });
})();
