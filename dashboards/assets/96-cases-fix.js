/* What a device itself tells of a check: how exact its position is, and the signature written on its screen. */
(function () {
  "use strict";
  const { el, say, debounce } = window.OneMap;
  const WIDE = 1000, HIGH = 360, MOST = 19000, WRITTEN = 700, NS = "http://www.w3.org/2000/svg";
  let accuracy = null, tell = () => {};

  function set(metres) {
    accuracy = metres === null || !Number.isFinite(metres) ? null : Math.round(metres * 10) / 10;
    tell();
  }

  function field(one, value, id) {
    accuracy = value ?? null;
    const node = el("output", { id, class: "case-fix" });
    tell = () => { node.textContent = accuracy === null ? say("未由本机定位", "not told by this device") : say(`±${accuracy} 米`, `±${accuracy} m`); };
    tell();
    return { node, read: () => accuracy };
  }

  const points = (text) => text.split(";").filter(Boolean).map((stroke) => stroke.split(" ").map((point) => point.split(",").map(Number)));
  const path = (stroke) => (stroke.length === 1 ? `M${stroke[0]}l.1 0` : `M${stroke.map((point) => point.join(" ")).join("L")}`);

  function lines(strokes) {
    return strokes.map((stroke) => {
      const line = document.createElementNS(NS, "path");
      line.setAttribute("d", path(stroke));
      return line;
    });
  }

  function sheet(label) {
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    svg.classList.add("case-ink");
    return svg;
  }

  function drawing(text) {
    const svg = sheet(say("手写签名", "signature"));
    svg.append(...lines(points(text)));
    return svg;
  }

  /* A sheet to sign on with finger, pen or mouse; strokes are whole numbers in a frame of 1000 by 360. */
  function pad(one, value, id) {
    const strokes = value ? points(value) : [], svg = sheet(say("在此签名", "sign here"));
    const text = () => strokes.map((stroke) => stroke.map((point) => point.join(",")).join(" ")).join(";");
    /* Told once a name is written, not between its strokes: what is said then moves the sheet. */
    const changed = debounce(() => svg.dispatchEvent(new Event("change", { bubbles: true })), WRITTEN);
    const at = (event) => {
      const box = svg.getBoundingClientRect(), clamp = (share, most) => Math.max(0, Math.min(most, Math.round(share * most)));
      return [clamp((event.clientX - box.left) / box.width, WIDE), clamp((event.clientY - box.top) / box.height, HIGH)];
    };
    let line = null;
    const paint = () => svg.replaceChildren(...lines(strokes));
    svg.id = id;
    svg.addEventListener("pointerdown", (event) => { if (text().length > MOST) return; event.preventDefault(); svg.setPointerCapture(event.pointerId); line = [at(event)]; strokes.push(line); paint(); });
    svg.addEventListener("pointermove", (event) => {
      if (!line) return;
      const [x, y] = at(event), [lastX, lastY] = line[line.length - 1];
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < 6 || text().length > MOST) return;
      line.push([x, y]);
      svg.lastChild.setAttribute("d", path(line));
    });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { if (line) { line = null; changed(); } });
    const clear = el("button", { type: "button", class: "adm-button small", on: { click: () => { strokes.length = 0; paint(); changed(); } } }, say("重签", "Clear"));
    paint();
    return { node: el("div", { class: "case-pad" }, svg, el("p", {}, el("span", { class: "t3" }, say("请签字人核对记录后在框内签名", "Who signs reads the record and signs in the frame")), clear)), read: () => text() || null };
  }

  window.OneMap.caseFix = { set, field, pad, drawing };
})();
