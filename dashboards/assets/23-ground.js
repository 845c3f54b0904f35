/* The base map under everything: our own, or an external one the operator listed; what it says of itself, and when it fails. */
(function () {
  "use strict";
  const { base, el, say } = window.OneMap;

  function ground(map, screen) {
    const { state, change } = window.OneMap.state;
    const bases = JSON.parse(screen.dataset.bases), own = bases[0];
    const tiles = Object.values(map._layers).find((layer) => layer instanceof L.TileLayer);
    const note = el("span", { class: "t3" });
    const words = el("span"), back = el("button", { type: "button", class: "link", on: { click: () => change("look", { base: "" }) } }, say("改用离线底图", "Use the offline base map"));
    const failed = el("div", { class: "furniture ground-state", role: "status", hidden: true }, words, back);
    const chosen = () => bases.find((one) => one.id === state.base) || own;
    let lost = 0;

    /* Our own tiles are drawn on the way and may come late; only a foreign server is reported. */
    function tell() {
      const one = chosen();
      failed.hidden = one === own || !lost;
      words.textContent = say(`${one.title}有 ${lost} 块读取失败`, `${one.title}: ${lost} tiles could not be read`);
    }

    function lay() {
      const one = chosen(), url = (one === own ? base.slice(0, -1) : "") + one.url.replace("{theme}", state.look);
      if (tiles && tiles._url !== url) {
        lost = 0;
        tiles.options.maxNativeZoom = one.zoom;
        tiles.setUrl(url);
      }
      const approval = one === own ? screen.dataset.approval : one.approval;
      note.textContent = [one.attribution || (one === own ? say("底图 本市基础地理", "City base geography") : one.title), approval ? say(`审图号 ${approval}`, `Map approval ${approval}`) : ""].filter(Boolean).join(" · ");
      tell();
      const select = document.getElementById("base-map");
      if (select) select.value = one.id;
    }

    if (tiles) {
      window.OneMap.patient.again(tiles, () => chosen() === own);
      tiles.on("tileerror", () => { lost += 1; tell(); });
      tiles.on("loading", () => { lost = 0; });
    }
    return { lay, note, state: failed };
  }

  window.OneMap.ground = ground;
})();
