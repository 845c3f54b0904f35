/* What every map carries: scale, north, theme name with age, legend of what is drawn, wind, source and datum. */
(function () {
  "use strict";
  const { el, glyph, say, length, GRADES, geo } = window.OneMap;

  function scale(map, widest) {
    const node = el("div", { class: "furniture scale-bar", "aria-label": say("比例尺", "Scale") }, el("span"), el("i"));
    function write() {
      const y = map.getSize().y / 2, a = map.containerPointToLatLng([0, y]), b = map.containerPointToLatLng([widest, y]);
      const metres = geo.distance(a, b), unit = 10 ** Math.floor(Math.log10(metres));
      const step = [5, 2, 1].find((n) => n * unit <= metres) * unit;
      node.firstChild.textContent = step < 1000 ? `${step}\u2009m` : `${step / 1000}\u2009km`;
      node.lastChild.style.width = `${Math.round((widest * step) / metres)}px`;
    }
    map.on("moveend zoomend resize", write);
    map.whenReady(write);
    return node;
  }

  const north = () => el("div", { class: "furniture north", "aria-label": say("上为北", "North is up") }, say("北", "N"), el("i"));

  /* Words of the grades drawn now, then what number and ring mean. */
  function legend(words, more, unrated, none) {
    const items = words.map((word, k) => (word ? el("span", {}, glyph(k + 1), word) : null)).filter(Boolean);
    if (unrated) items.unshift(el("span", {}, glyph(0), none || GRADES[0].word));
    return [...items, more ? el("span", { class: "t3" }, more) : null];
  }

  function wind(now) {
    const dial = el("div", { class: "dial" }, el("i"));
    dial.firstChild.style.transform = `rotate(${(now.from + 180) % 360}deg)`;
    const from = say(`${now.direction}风 ${now.speed}\u2009m/s`, `${now.direction} wind ${now.speed}\u2009m/s`);
    const age = el("div", { class: "t3" }, `${now.station} `, el("span", { "data-at": now.at }));
    return el("div", { class: "furniture wind", title: say("箭头指向风去的方向", "The arrow points where the wind goes") }, dial, el("div", {}, el("b", {}, from), age));
  }

  window.OneMap.furniture = { scale, north, legend, wind, length };
})();
