/* What a team's phone knows of the place without a map behind it: zones, blocked roads, where to go, itself, drawn to scale; and who else is there. */
(function () {
  "use strict";
  const { say, time, el, length } = window.OneMap;
  const SPACE = "http://www.w3.org/2000/svg", WIDE = 340, HIGH = 240, EDGE = 22, FRESH = 60000, AROUND = 1500, METRES = 111195;
  const svg = (tag, attributes, ...children) => { const node = document.createElementNS(SPACE, tag); for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value); node.append(...children); return node; };

  /* Even and odd crossings over all rings: holes are outside. */
  function inside(rings, { lon, lat }) {
    let odd = false;
    for (const ring of rings) for (let n = 0, m = ring.length - 1; n < ring.length; m = n++) {
      const [x, y] = ring[n], [u, v] = ring[m];
      if ((y > lat) !== (v > lat) && lon < ((u - x) * (lat - y)) / (v - y) + x) odd = !odd;
    }
    return odd;
  }

  /* What the zones say of a place that was measured just now; of an older one, and of a place outside, nothing is said. */
  function standing(zones, here) {
    if (!zones || !here || Date.now() - here.at > FRESH) return null;
    const zone = zones.zones.find((one) => inside(one.rings, here));
    if (zone) return { worst: true, words: say(`▲ 按最近推演，本机位置在“${zone.level}”影响区内`, `▲ by the last round this phone is inside “${zone.level}”`) };
    if (zones.bands.some((one) => inside(one.rings, here))) return { worst: false, words: say("▲ 风向偏转时，本机位置可能在影响区内", "▲ if the wind turns this phone may be inside a zone") };
    return null;
  }

  function drawn(zones, marks, place, here) {
    const outlines = [...(zones?.zones || []), ...(zones?.bands || [])].flatMap((one) => one.rings.flat());
    const spots = [...marks.map((one) => [one.lon, one.lat]), ...(place ? [[place.lon, place.lat]] : []), ...(here ? [[here.lon, here.lat]] : [])];
    const all = [...outlines, ...spots];
    if (all.length < 2) return null;
    /* What is far off runs out of the picture: where the phone is, and where it goes, is what it is for. */
    const near = spots.length ? spots : all, narrow = Math.cos(near[0][1] * (Math.PI / 180)), along = AROUND / METRES, across = along / narrow;
    const lats = all.map(([, lat]) => lat), lons = all.map(([lon]) => lon), low = near.map(([, lat]) => lat), left = near.map(([lon]) => lon);
    const south = Math.max(Math.min(...lats), Math.min(...low) - along), north = Math.min(Math.max(...lats), Math.max(...low) + along), west = Math.max(Math.min(...lons), Math.min(...left) - across), east = Math.min(Math.max(...lons), Math.max(...left) + across);
    const scale = Math.min((WIDE - 2 * EDGE) / Math.max(200, (east - west) * narrow * METRES), (HIGH - 2 * EDGE) / Math.max(200, (north - south) * METRES));
    const at = ([lon, lat]) => [WIDE / 2 + (lon - (west + east) / 2) * narrow * METRES * scale, HIGH / 2 - (lat - (south + north) / 2) * METRES * scale];
    const path = (rings) => rings.map((ring) => `M${ring.map((one) => at(one).map((n) => n.toFixed(1)).join(" ")).join("L")}Z`).join("");
    const spot = (where, shape, word) => { const [x, y] = at(where); return svg("g", { class: `field-${shape}` }, shape === "here" ? svg("circle", { cx: x, cy: y, r: 7 }) : svg("path", { d: shape === "to" ? `M${x} ${y}l-7 -12h14z` : `M${x - 6} ${y - 6}l12 12M${x + 6} ${y - 6}l-12 12` }), svg("text", { x: Math.min(WIDE - 46, x + 10), y: Math.max(14, y + 5) }, word)); };
    const long = [50, 100, 200, 500, 1000, 2000, 5000, 10000].filter((one) => one * scale < WIDE / 3).at(-1) || 20;
    const picture = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "field-sketch", role: "img", "aria-label": say("影响区与本机位置示意", "zones and this phone, drawn to scale") },
      ...(zones?.bands || []).map((one) => svg("path", { d: path(one.rings), class: "band", "fill-rule": "evenodd" })),
      ...(zones?.zones || []).toReversed().map((one) => svg("path", { d: path(one.rings), class: `zone s${Math.min(3, one.severity)}`, "fill-rule": "evenodd" })),
      ...marks.map((one) => spot([one.lon, one.lat], one.kind === "blocked" ? "blocked" : "to", one.kind_word)),
      ...(place ? [spot([place.lon, place.lat], "to", say("去处", "to"))] : []), ...(here ? [spot([here.lon, here.lat], "here", say("本机", "here"))] : []));
    picture.append(svg("path", { d: `M12 ${HIGH - 10}h${(long * scale).toFixed(1)}`, class: "bar" }), svg("text", { x: 12, y: HIGH - 16 }, long < 1000 ? `${long} m` : `${long / 1000} km`), svg("text", { x: WIDE - 22, y: 18 }, say("北↑", "N↑")));
    return picture;
  }

  /* How far it goes, and that it ends where the model does: whoever stands beyond it is told no less than the desk. */
  const reach = (one) => (one.distance === undefined ? "" : [` ${one.cut ? "≥ " : ""}${length(one.distance)}`, one.cut ? say("截断，更远处没有算", "cut, what lies farther was not counted") : "", one.verified ? "" : say("限值未核实", "unverified")].filter(Boolean).join(say("，", ", ")));

  /* `answer` is what the server said last, `row` the order that is shown, `here` where the phone is. */
  function parts(answer, row, here) {
    const zones = answer.zones?.[row.incident], forces = answer.forces?.[row.incident] || [];
    const marks = (answer.marks || []).filter((one) => one.incident === row.incident && ["blocked", "command", "staging"].includes(one.kind));
    const stands = standing(zones, here), picture = zones || marks.length ? drawn(zones, marks, row.place, here) : null, clock = (iso) => time.dated(new Date(iso));
    return [
      stands ? el("p", { class: `field-inside ${stands.worst ? "worst" : ""}`, role: "alert" }, stands.words) : null,
      zones || picture ? el("section", { class: "field-card", "aria-label": say("影响区", "Zones") }, el("h3", {}, say("影响区与现场", "Zones and scene")),
        zones ? el("p", { class: "t2" }, say(`推演于 ${clock(zones.computed_at)}，`, `computed ${clock(zones.computed_at)}, `), el("span", { "data-at": zones.computed_at }, time.age(zones.computed_at)), zones.valid ? "" : say("，超出模型适用范围", ", outside validity")) : el("p", { class: "t2" }, say("没有推演影响区", "No zones were computed")),
        picture, zones ? el("ul", { class: "field-levels" }, zones.zones.map((one) => el("li", { class: `s${Math.min(3, one.severity)}` }, one.level, el("span", { class: "t2" }, reach(one))))) : null,
        zones ? el("p", { class: "t3" }, zones.said) : null) : null,
      forces.length ? el("section", { class: "field-card", "aria-label": say("同场力量", "Who else") }, el("h3", {}, say(`同场力量 ${forces.length}`, `Also sent: ${forces.length}`)),
        el("ul", { class: "field-forces" }, forces.map((one) => el("li", {}, el("span", {}, one.to), el("b", {}, one.state_word), one.eta ? el("span", { class: "t2" }, new Date(one.eta) < time.now() ? say(`应于 ${clock(one.eta)} 到，已过`, `was due ${clock(one.eta)}`) : say(`预计 ${clock(one.eta)} 到`, `due ${clock(one.eta)}`)) : null)))) : null,
    ].filter(Boolean);
  }

  window.OneMap.fieldSketch = { parts, inside };
})();
