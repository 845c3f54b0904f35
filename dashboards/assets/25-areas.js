/* Lines and polygons of a layer on the map: by their grade where they have one, hatched and named where nobody verified them. */
(function () {
  "use strict";
  const { say } = window.OneMap;
  const NS = "http://www.w3.org/2000/svg";
  const GRADES = ["--r", "--o", "--y", "--b"];
  const token = (screen, name) => getComputedStyle(screen).getPropertyValue(name).trim();
  const made = (name, facts, ...inside) => { const node = document.createElementNS(NS, name); for (const [key, value] of Object.entries(facts)) node.setAttribute(key, value); node.append(...inside); return node; };

  /* A hatch in each grade's colour, made once for the page. */
  function hatched(screen) {
    document.getElementById("area-hatches")?.remove();
    const patterns = GRADES.map((name, n) => made("pattern", { id: `area-hatch-${n + 1}`, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(-45)" },
      made("rect", { width: 8, height: 8, fill: token(screen, name), "fill-opacity": 0.12 }), made("path", { d: "M0 0v8", stroke: token(screen, name), "stroke-width": 1.6, opacity: 0.8 })));
    screen.append(made("svg", { id: "area-hatches", width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" }, made("defs", {}, ...patterns)));
  }

  function areas(id, found, screen) {
    const plain = token(screen, id === "sites" || id === "grids" ? "--acc" : "--t2");
    if (found.grade) hatched(screen);
    const style = ({ properties: { grade, verified } }) => {
      if (!grade) return { color: plain, weight: 1.4, fillOpacity: 0.04, dashArray: verified === false ? "6 4" : null };
      const colour = token(screen, GRADES[grade - 1]);
      return verified === false ? { color: colour, weight: 2, dashArray: "6 4", fillColor: `url(#area-hatch-${grade})`, fillOpacity: 1 } : { color: colour, weight: 2, fillColor: colour, fillOpacity: 0.22 };
    };
    /* the worst is laid last, over the milder ones it lies in */
    const order = found.keys.map((_, k) => k).sort((a, b) => (found.grade ? found.grade[b] - found.grade[a] : 0));
    const features = order.map((k) => ({ type: "Feature", properties: { key: found.keys[k], label: found.label[k], grade: found.grade?.[k], verified: found.verified?.[k] }, geometry: JSON.parse(found.geometry[k]) }));
    const drawn = L.geoJSON({ type: "FeatureCollection", features }, { style });
    if (found.verified) drawn.bindTooltip(({ feature: { properties: { label, verified } } }) => (verified || /未核实|unverified/.test(label) ? label : `${label} ${say("未核实", "unverified")}`), { sticky: true });
    return drawn;
  }

  window.OneMap.areas = areas;
})();
