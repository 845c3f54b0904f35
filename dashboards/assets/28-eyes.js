/* Live pictures: asked for one after another, each with its age; what is old is shown as old, a failure in words. No stream is
   held open: a browser has six connections a server, and one of them is the page's own. */
(function () {
  "use strict";
  const { el, say, base, get, time, length } = window.OneMap;
  const STALE = 15, LEFT = 4000, AT_ONCE = 2, SHOWN = 3, GOES = ["streamless", "unanalysed", "bearing"];
  const NS = "http://www.w3.org/2000/svg";

  /* So many pictures are on their way at once. */
  let free = AT_ONCE;
  const queue = [];
  async function lane(run) {
    if (!free) await new Promise((go) => queue.push(go)); else free -= 1;
    try { return await run(); } finally { const next = queue.shift(); if (next) next(); else free += 1; }
  }

  const svg = (name, facts) => { const node = document.createElementNS(NS, name); for (const [key, value] of Object.entries(facts)) node.setAttribute(key, value); return node; };

  /* What is watched and who is tracked, in pixels of the frame. */
  function overlay(node, size, zones, boxes) {
    node.replaceChildren();
    if (!size) return;
    node.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    for (const corners of Object.values(zones || {})) node.append(svg("polygon", { points: corners.map((one) => one.join(",")).join(" "), class: "zone" }));
    for (const [left, top, right, bottom] of boxes) node.append(svg("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "box" }), svg("rect", { x: left, y: top, width: right - left, height: bottom - top, class: "box dash" }));
  }

  /* How much less than usual is looked at, in a word that is never cut and in full; which rules cannot be asked. */
  function lessened(analysis) {
    if (!analysis?.less) return null;
    const missed = analysis.missed ? say(`，漏看 ${Math.round(100 * analysis.missed)}%`, `, ${Math.round(100 * analysis.missed)} % missed`) : "";
    const size = analysis.side ? say(`，识别宽 ${analysis.side} 像素`, `, ${analysis.side} px wide`) : "";
    return { word: say(`降级 ${analysis.pace} 帧/秒`, `reduced, ${analysis.pace}/s`), whole: say(`计算能力不足，分析降级：每秒 ${analysis.pace} 帧${size}${missed}`, `Too much to do, less is looked at: ${analysis.pace} pictures a second${size}${missed}`) };
  }
  const unasked = (analysis) => (analysis?.unavailable.length ? say(`不判定（缺少模型或区域不在画面内）：${analysis.unavailable.join("、")}`, `Not judged (no model, or its zone is not in the picture): ${analysis.unavailable.join(", ")}`) : "");

  /* One camera. `pace`: milliseconds between two pictures while it is live; `told(state)` says how it stands. */
  function eye(code, { pace = 1000, name = "", named = true } = {}) {
    const image = el("img", { alt: "", hidden: true }), drawn = svg("svg", { class: "eye-drawn", preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true" });
    const said = el("div", { class: "eye-said", role: "status" }), title = el("b", { class: "el" }, name), age = el("span", { class: "eye-age nw" }), more = el("div", { class: "eye-more" }), less = el("span", { class: "eye-less nw", hidden: true });
    const shot = el("div", { class: "eye-shot" }, image, drawn, said);
    const node = el("figure", { class: "eye", "data-camera": code }, shot, el("figcaption", {}, el("div", { class: "eye-line" }, title, less, age), more));
    let state = null, shown = "", received = 0, born = 0, url = "", going = false, away = 0, failed = false;

    const old = () => (born ? (performance.now() - born) / 1000 : Infinity);

    function words() {
      const stale = Boolean(shown) && old() > STALE, live = Boolean(shown) && !stale && (!state || state.live);
      node.dataset.state = live ? "live" : shown ? "stale" : "none";
      age.textContent = !shown ? "" : live ? say(`${time.span(Math.max(1, old()))}前`, `${time.span(Math.max(1, old()))} ago`) : say(`停在 ${time.clock(new Date(received))}`, `stopped ${time.clock(new Date(received))}`);
      if (live) { said.replaceChildren(); return; }
      const why = !state ? say("正在读取", "Reading") : state.live && (stale || failed) ? say("画面未能更新", "The picture is not renewed") : state.live ? say("正在读取", "Reading") : state.said;
      const since = state && !state.live && state.since && !GOES.includes(state.condition) ? say(`已 ${time.span((time.now() - new Date(state.since)) / 1000)}`, `for ${time.span((time.now() - new Date(state.since)) / 1000)}`) : "";
      if (said.dataset.words === why + since && said.childNodes.length) return;
      said.dataset.words = why + since;
      said.replaceChildren(el("span", { class: "why" }, why), since ? el("span", { class: "t3" }, since) : "");
    }

    async function picture() {
      const answer = await fetch(`${base}api/cameras/picture?code=${encodeURIComponent(code)}&last=1`, { credentials: "same-origin", cache: "no-cache" });
      if (!answer.ok) throw new Error(String(answer.status));
      const stamp = answer.headers.get("etag"), seconds = Number(answer.headers.get("onemap-age") || Infinity);
      received = answer.headers.get("onemap-received");
      born = performance.now() - seconds * 1000;
      if (stamp === shown) return;
      const made = URL.createObjectURL(await answer.blob()), before = url;
      await new Promise((ready) => { image.onload = image.onerror = ready; image.src = made; });
      image.hidden = false;
      if (before) URL.revokeObjectURL(before);
      url = made;
      shown = stamp;
      const size = (answer.headers.get("onemap-size") || "").split(" ").map(Number);
      overlay(drawn, size.length === 2 ? size : null, state?.analysis?.zones, JSON.parse(answer.headers.get("onemap-boxes") || "[]"));
    }

    /* A node that is no longer on the page asks no more; it goes on when it is there again. */
    async function turn() {
      if (!node.isConnected) { away += pace; if (away > LEFT) { going = false; return; } }
      else {
        away = 0;
        const wanted = state && state.received && (state.live || state.received !== received);
        if (wanted && !document.hidden) {
          try { await lane(picture); failed = false; }
          catch (fault) { failed = true; }
        }
        words();
      }
      setTimeout(turn, pace);
    }

    function told(next) {
      state = next;
      if (named) title.textContent = next.name;
      image.alt = say(`${next.name} 画面`, `Picture of ${next.name}`);
      node.dataset.condition = next.condition;
      const reduced = lessened(next.analysis), line = [...(node.more || []), ...(named ? [] : [reduced?.whole, unasked(next.analysis)])].filter(Boolean).join("·");
      less.hidden = !reduced;
      less.textContent = reduced?.word || "";
      less.title = reduced?.whole || "";
      if (more.textContent !== line) more.textContent = line;
      more.hidden = !line;
      words();
      if (!going) { going = true; away = 0; turn(); }
    }

    return { node, told, code, say: (parts) => { node.more = parts; }, live: () => node.dataset.state === "live", running: () => going };
  }

  /* Round a place: the nearest cameras, those that see it first, with how far each is and whether its view covers it. */
  function near(lon, lat, { most = 6, pace = 1500 } = {}) {
    const room = el("div", { class: "eyes-near" }, el("p", { class: "t3", role: "status" }, say("正在查找就近视频", "Looking for cameras near it")));
    const eyes = new Map();
    let going = false, away = 0;

    const covers = { yes: say("视野覆盖", "sees it"), unknown: say("是否看到未知", "not known whether it sees it"), no: say("看不到", "does not see it") };
    const words = (one) => say(`距 ${length(one.distance)}·${covers[one.covers]}:${one.why}`, `${length(one.distance)} away · ${covers[one.covers]}: ${one.why}`);

    function row(one) {
      const link = el("a", { class: "link el", href: `${base}map?layers=enterprises,cameras&sel=${encodeURIComponent(`cameras:${one.code}`)}` }, one.name);
      return el("li", { "data-camera": one.code, "data-covers": one.covers }, el("div", { class: "eye-line" }, link, el("span", { class: "t3 nw" }, length(one.distance))), el("div", { class: one.covers === "yes" ? "t1" : "t3" }, `${covers[one.covers]}:${one.why}`), el("div", { class: "t3" }, one.said));
    }

    async function ask() {
      const found = await get(`api/cameras/near?lon=${lon}&lat=${lat}&most=${most}`);
      if (!found.open) { room.replaceChildren(el("p", { class: "t3" }, say("视频点无权查看", "Cameras are not open to you"))); return false; }
      if (!found.cameras.length) { room.replaceChildren(el("p", { class: "t3" }, say("2 km 内没有视频点", "No camera within 2 km"))); return false; }
      const seen = found.cameras.filter((one) => !GOES.includes(one.condition)).slice(0, SHOWN), others = found.cameras.filter((one) => GOES.includes(one.condition)).slice(0, SHOWN);
      const mine = seen.map((one) => {
        const view = eyes.get(one.code) || eye(one.code, { pace, name: one.name });
        eyes.set(one.code, view);
        view.say([words(one)]);
        view.told(one);
        return view.node;
      });
      const list = others.length ? el("ul", {}, others.map(row)) : null;
      const key = found.cameras.map((one) => [one.code, one.condition, one.covers].join()).join("|");
      if (room.dataset.key !== key) { room.dataset.key = key; room.replaceChildren(...[...mine, list].filter(Boolean)); }
      return true;
    }

    async function turn() {
      if (!room.isConnected) { away += 1; if (away > 2) { going = false; return; } }
      else { away = 0; if (!document.hidden) { try { await ask(); } catch (fault) { if (!eyes.size) room.replaceChildren(el("p", { class: "t3" }, say(`就近视频读取失败,${fault.message}`, `Cameras near it could not be read: ${fault.message}`))); } } }
      setTimeout(turn, 5000);
    }

    function go() { if (!going) { going = true; away = 0; setTimeout(turn, 0); } return room; }
    return { go };
  }

  /* The same place asked again gives the same pictures, so that a card drawn anew does not flicker. */
  let place = { key: "", made: null };
  function nearby(key, lon, lat) {
    const whole = `${key}@${lon},${lat}`;
    if (place.key !== whole) place = { key: whole, made: near(lon, lat) };
    return place.made.go();
  }

  /* Sections of the card on the map: the picture of a camera; of an alarm, the cameras round it. */
  let one = { key: "", view: null, node: null, going: false };
  function section(card) {
    if (card.layer === "alarms" && card.lon !== null) return el("section", { "data-section": "eyes" }, el("h3", {}, say("就近视频", "Cameras near it")), nearby(card.key, card.lon, card.lat));
    if (card.layer !== "cameras") return null;
    if (one.key !== card.key) {
      const view = eye(card.key, { pace: 400, named: false });
      one = { key: card.key, view, node: el("section", { "data-section": "eyes" }, el("h3", {}, say("画面", "Picture")), view.node), going: false };
    }
    follow(one);
    return one.node;
  }

  function follow(mine) {
    if (mine.going) return;
    mine.going = true;
    let away = 0;
    (async function turn() {
      if (one !== mine || (!mine.node.isConnected && ++away > 2)) { mine.going = false; return; }
      if (mine.node.isConnected) away = 0;
      try { const found = await get(`api/cameras/state?codes=${encodeURIComponent(mine.key)}`); if (found.cameras.length) mine.view.told(found.cameras[0]); }
      catch (fault) { /* the picture grows old, and says so */ }
      setTimeout(turn, document.hidden ? 10000 : 2000);
    })();
  }

  window.OneMap.eyes = { eye, near, nearby, section, lessened };
})();
