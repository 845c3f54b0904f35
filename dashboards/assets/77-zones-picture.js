/* The picture of a camera with what is drawn on it: corners are moved by mouse, finger and keys. */
(function () {
  "use strict";
  const { base, el, say } = window.OneMap;
  const NS = "http://www.w3.org/2000/svg";
  const round = (n) => Math.round(n * 10) / 10;
  const points = (ring) => ring.map(([x, y]) => `${x},${y}`).join(" ");

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
      else node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((one) => one !== null && one !== undefined));
    return node;
  }

  /* `said` is told what a person should do next. `mode()` is "zones" or "pairs". */
  function picture(draft, { mode, said, may_write }) {
    const image = el("img", { alt: say("摄像机画面", "Picture of the camera"), draggable: "false" });
    const sheet = svg("svg", { class: "zones-sheet", preserveAspectRatio: "none", role: "group", "aria-label": say("画面上的区域和标定点", "Zones and pairs on the picture") });
    const none = el("p", { class: "zones-none" }, say("没有画面。可上传一张截图;没有画面也能保存规则,但无法核对位置。", "No picture. Upload a still; without one the place of a zone cannot be checked."));
    const stage = el("div", { class: "zones-stage" }, image, none, sheet);
    let drawing = null, dragged = null, held = false, natural = null, focus = "", lent = "";

    const size = () => draft.now.size || natural || [1280, 720];
    const scale = () => size()[0] / Math.max(1, sheet.clientWidth || 640);
    const inside = (x, y) => { const [w, h] = size(); return [Math.min(w, Math.max(0, round(x))), Math.min(h, Math.max(0, round(y)))]; };

    function at(event) {
      const box = sheet.getBoundingClientRect(), [w, h] = size();
      return inside(((event.clientX - box.left) / box.width) * w, ((event.clientY - box.top) / box.height) * h);
    }

    const sized = (now) => { if (!now.size) now.size = size().map(Math.round); };

    /* A point that is moved: by dragging, one step of undo in all, or by arrows, each a step. */
    function handle(place, label, key, write, more) {
      const [x, y] = place, k = scale();
      const node = svg("g", { class: `zones-handle ${more?.look || ""}`, tabindex: "0", role: "button", "aria-label": label, "data-point": key, transform: `translate(${x} ${y})` },
        svg("circle", { class: "reach", r: 22 * k }), svg("circle", { class: "dot", r: (more?.small ? 4 : 7) * k, "stroke-width": 2 * k }),
        more?.text ? svg("text", { x: 11 * k, y: -9 * k, "font-size": 15 * k, "stroke-width": 3 * k }, more.text) : null);
      if (!may_write()) { node.removeAttribute("tabindex"); return node; }
      node.addEventListener("pointerdown", (event) => {
        if (event.button > 0) return;
        event.stopPropagation();
        event.preventDefault();
        focus = key;
        more?.chosen?.();
        held = true;
        node.focus({ preventScroll: true });
        dragged = { write: more?.first ? more.first() : write, from: JSON.stringify(draft.now), moved: false };
        sheet.setPointerCapture(event.pointerId);
      });
      node.addEventListener("keydown", (event) => {
        const step = (event.shiftKey ? 20 : 2) * (size()[0] / 640), move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
        if (move) { event.preventDefault(); focus = key; const to = inside(x + move[0], y + move[1]); draft.change((now) => { sized(now); write(now, to); }); return; }
        if ((event.key === "Delete" || event.key === "Backspace") && more?.drop) { event.preventDefault(); more.drop(); return; }
        if ((event.key === "Enter" || event.key === " " || event.key === "Insert" || event.key === "+") && more?.add) { event.preventDefault(); more.add(); }
      });
      if (more?.drop) node.addEventListener("dblclick", (event) => { event.preventDefault(); more.drop(); });
      return node;
    }

    sheet.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const to = at(event);
      if (!dragged.moved) { dragged.moved = true; draft.change((now) => { sized(now); dragged.write(now, to); }); return; }
      dragged.write(draft.now, to); // one step of undo for the whole drag
      draft.tell();
    });
    for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, () => { if (dragged?.moved) draft.look(); dragged = null; setTimeout(() => { held = false; }, 0); });

    function corners(zone) {
      const index = draft.now.zones.indexOf(zone), ring = zone.picture;
      const drop = (n) => { if (ring.length <= 3) { said(say("区域至少有三个角点", "A zone has three corners at least")); return; } focus = `c${Math.max(0, n - 1)}`; draft.change((now) => now.zones[index].picture.splice(n, 1)); };
      const between = ring.map(([x, y], n) => { const [a, b] = ring[(n + 1) % ring.length]; return [round((x + a) / 2), round((y + b) / 2)]; });
      const insert = (n, place) => draft.change((now) => { sized(now); now.zones[index].picture.splice(n + 1, 0, place); });
      return [
        ...between.map((place, n) => handle(place, say(`在第 ${n + 1}、${((n + 1) % ring.length) + 1} 角点之间加角点`, `Add a corner after ${n + 1}`), `m${n}`, (now, to) => { now.zones[index].picture[n + 1] = to; },
          { small: true, look: "between", add: () => { focus = `c${n + 1}`; insert(n, place); }, first: () => { let made = false; return (now, to) => { if (!made) { made = true; now.zones[index].picture.splice(n + 1, 0, to); } else now.zones[index].picture[n + 1] = to; }; } })),
        ...ring.map((place, n) => handle(place, say(`${zone.name} 第 ${n + 1} 角点,方向键移动,Delete 删除,Enter 加点`, `${zone.name}, corner ${n + 1}: arrows move, Delete takes away, Enter adds`), `c${n}`, (now, to) => { now.zones[index].picture[n] = to; },
          { drop: () => drop(n), add: () => { focus = `c${n + 1}`; insert(n, between[n]); } })),
      ];
    }

    function pair(one, n) {
      const off = draft.drawn.errors[n];
      return handle([one.x, one.y], say(`标定点 ${n + 1},方向键移动,Delete 删除`, `Pair ${n + 1}: arrows move, Delete takes away`), `p${n}`, (now, [x, y]) => { now.pairs[n].x = x; now.pairs[n].y = y; },
        { text: String(n + 1), look: `pair${draft.pair === n ? " picked" : ""}${off > draft.worst ? " off" : ""}`, chosen: () => { draft.pair = n; }, drop: () => draft.change((now) => now.pairs.splice(n, 1)) });
    }

    function horizon() {
      const line = draft.drawn.horizon, [w, h] = size();
      if (!line || Math.abs(line[1]) < 1e-12) return null;
      const y = (x) => -(line[0] * x + line[2]) / line[1], ends = [y(0), y(w)];
      if (Math.min(...ends) > h || Math.max(...ends) < 0) return null;
      const k = scale(), above = line[1] > 0 ? 0 : h;
      return svg("g", { class: "zones-horizon" }, svg("polygon", { points: points([[0, ends[0]], [w, ends[1]], [w, above], [0, above]]) }), svg("line", { x1: 0, y1: ends[0], x2: w, y2: ends[1], "stroke-width": 1.5 * k }),
        svg("text", { x: 8 * k, y: Math.max(16 * k, ends[0] - 6 * k), "font-size": 14 * k, "stroke-width": 3 * k }, say("地平线,以上不能落地", "Horizon: nothing above it is on the ground")));
    }

    function zone(one) {
      const ring = one.picture || draft.drawn.zones[one.name]?.picture;
      if (!ring) return null;
      const k = scale(), chosen = one.name === draft.zone, top = ring.reduce((a, b) => (b[1] < a[1] ? b : a));
      const [x, y] = inside(top[0], top[1]);
      return svg("g", { class: `zones-zone${chosen ? " chosen" : ""}${one.ground ? " ground" : ""}`, "data-zone": one.name },
        svg("polygon", { points: points(ring), "stroke-width": (chosen ? 3 : 2) * k, "stroke-dasharray": one.ground ? `${3 * k} ${4 * k}` : `${9 * k} ${5 * k}`, on: { click: (event) => { if (drawing || mode() !== "zones") return; event.stopPropagation(); draft.pick(one.name); } } }),
        svg("text", { x: Math.min(x + 4 * k, size()[0] - 90 * k), y: Math.max(18 * k, y - 6 * k), "font-size": 16 * k, "stroke-width": 4 * k }, one.name));
    }

    function draw() {
      const [w, h] = size(), k = scale(), chosen = draft.selected(), had = document.activeElement?.dataset?.point;
      sheet.setAttribute("viewBox", `0 0 ${w} ${h}`);
      stage.style.aspectRatio = `${w} / ${h}`;
      const open = drawing && drawing.length ? svg("g", { class: "zones-zone chosen open" }, svg("polyline", { points: points(drawing), "stroke-width": 3 * k }), drawing.map(([x, y], n) => svg("circle", { class: n ? "dot" : "dot first", cx: x, cy: y, r: (n ? 5 : 8) * k, "stroke-width": 2 * k }))) : null;
      sheet.replaceChildren(...[horizon(), ...draft.now.zones.filter((one) => one !== chosen).map(zone), chosen ? zone(chosen) : null, open,
        ...(mode() === "zones" && !drawing && chosen?.picture ? corners(chosen) : []), ...(mode() === "pairs" || draft.now.pairs.length ? draft.now.pairs.map(pair) : [])].filter(Boolean));
      sheet.classList.toggle("drawing", Boolean(drawing) || mode() === "pairs");
      const again = focus || had;
      if (again) { sheet.querySelector(`[data-point="${again}"]`)?.focus({ preventScroll: true }); focus = ""; }
    }

    function begin(done) {
      drawing = [];
      drawing.done = done;
      said(say("在画面上依次点出角点,点第一点或按 Enter 完成,Backspace 退一点,Esc 取消", "Click corner after corner; the first one or Enter ends, Backspace goes back, Esc gives up"));
      draw();
    }

    function finish(keep) {
      if (!drawing) return;
      const { done } = drawing, ring = [...drawing];
      if (keep && ring.length < 3) { said(say("至少三个角点", "Three corners at least")); return; }
      drawing = null;
      draw();
      done(keep ? ring : null);
    }

    sheet.addEventListener("click", (event) => {
      if (!may_write() || held) return; // a handle was taken, not the picture
      const place = at(event);
      if (drawing) {
        const first = drawing[0], near = 14 * scale();
        if (first && drawing.length >= 3 && Math.hypot(first[0] - place[0], first[1] - place[1]) < near) { finish(true); return; }
        drawing.push(place);
        draw();
      } else if (mode() === "pairs" && !event.target.closest(".zones-handle")) mine.onPixel?.(place);
    });
    document.addEventListener("keydown", (event) => {
      if (!drawing || document.querySelector("dialog[open]")) return;
      if (event.key === "Enter") { event.preventDefault(); finish(true); }
      if (event.key === "Escape") finish(false);
      if (event.key === "Backspace") { event.preventDefault(); drawing.pop(); draw(); }
    });

    /* The first picture that can be had; who calls is told which, or that there is none. */
    function show(list, told) {
      const next = list[0];
      none.hidden = Boolean(next);
      image.hidden = !next;
      if (!next) { natural = null; told(null); draw(); return; }
      image.onload = () => { natural = [image.naturalWidth, image.naturalHeight]; told(next, natural); draw(); };
      image.onerror = () => show(list.slice(1), told);
      if (next.kind !== "live") { image.src = base + next.href; return; }
      /* The last one there is, asked anew each time: an address that stays the same is not. */
      fetch(`${base}${next.href}?code=${encodeURIComponent(next.code)}&last=1`, { credentials: "same-origin", cache: "no-cache" })
        .then((answer) => (answer.ok ? answer.blob() : Promise.reject(new Error(String(answer.status)))))
        .then((body) => { URL.revokeObjectURL(lent); lent = URL.createObjectURL(body); image.src = lent; })
        .catch(() => show(list.slice(1), told));
    }

    new ResizeObserver(draw).observe(stage);
    draft.on(draw);
    const mine = { stage, show, begin, finish, draw, size, sized, drawing: () => drawing !== null, focus: (key) => { focus = key; }, onPixel: null };
    return mine;
  }

  window.OneMap.zones.picture = picture;
})();
