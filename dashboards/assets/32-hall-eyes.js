/* Cameras on the wall: those with an event, those near the worst alarm, then those listed; turned every 15 s, never scrolled. */
(function () {
  "use strict";
  const { el, say, get, length, live } = window.OneMap;
  const TURN = 15, ASK = 10000, PACE = 1200;

  function start(hall) {
    const views = new Map();
    let focus = null, order = [], page = 0, left = TURN, open = true, first = "", failed = false, told = null;
    let places = new URLSearchParams(location.search).get("places") === "fireworks" ? "fireworks" : "";
    const each = () => (hall.dataset.form === "wide" ? 3 : 1);
    const room = () => hall.querySelector("#hall-video [data-eyes]");

    const covers = { yes: say("视野覆盖", "in view"), unknown: say("是否看到未知", "view not known"), no: say("看不到", "not in view") };
    function reason(one) {
      const parts = [...(one.place ? [one.place.join(say("、", ", "))] : [])];
      if (one.event) parts.push(say(`事件 ${one.event}`, `Event: ${one.event}`));
      if (one.distance !== undefined) parts.push(focus ? say(`距事发点 ${length(one.distance)}·${covers[one.covers]}`, `${length(one.distance)} from it · ${covers[one.covers]}`) : say(`距报警 ${length(one.distance)}·${covers[one.covers]}`, `${length(one.distance)} from the alarm · ${covers[one.covers]}`));
      return parts;
    }

    /* All that matters, or the key places (wholesale stores and retail points of fireworks) alone. */
    function switcher() {
      const room = hall.querySelector("[data-places]");
      if (!room) return;
      if (!room.firstChild) room.append(el("button", { type: "button", on: { click: () => turnTo(places ? "" : "fireworks") } }, say("烟花爆竹", "Fireworks")));
      room.firstChild.setAttribute("aria-pressed", String(Boolean(places)));
    }
    function turnTo(next) {
      places = next;
      order = []; told = null; page = 0; left = TURN;
      const query = new URLSearchParams(location.search);
      if (places) query.set("places", places); else query.delete("places");
      history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
      draw();
      return ask();
    }

    /* The words of the panel when no camera has a picture are the server's own. */
    function draw() {
      const box = room();
      if (!box) return;
      const head = box.closest("#hall-video").querySelector(".ph .m"), plain = box.closest("#hall-video").querySelector(".slot");
      switcher();
      const some = open && (order.length > 0 || Boolean(places)), pages = Math.max(1, Math.ceil(order.length / each()));
      /* Until the first answer nothing is said of how many cameras are analysed. */
      const waiting = open && !some && !told;
      box.hidden = !some && !waiting;
      plain.hidden = some || waiting;
      if (waiting) { box.replaceChildren(el("div", { class: "slot", "data-waiting": "1" }, el("b", {}, failed ? say("视频读取失败，将重试", "Video could not be read, tried again") : say("正在读取视频", "Reading video")))); return; }
      if (!some) { if (head.dataset.own !== undefined) { head.textContent = head.dataset.own; delete head.dataset.own; } return; }
      page %= pages;
      if (places && !order.length) {
        box.replaceChildren(el("div", { class: "slot" }, el("b", {}, say("重点场所没有视频点", "No camera at key places")), el("span", { class: "t3" }, told ? say(`烟花爆竹场所 ${told.places} 家`, `${told.places} fireworks places`) : say("正在读取", "Reading"))));
        if (head.dataset.own === undefined) head.dataset.own = head.textContent;
        head.textContent = failed ? say("读取失败", "Could not read") : "";
        return;
      }
      const shown = order.slice(page * each(), page * each() + each()).map((one) => views.get(one.code).node);
      if (shown.length !== box.children.length || shown.some((node, n) => box.children[n] !== node)) box.replaceChildren(...shown);
      shown.forEach((node, n) => node.classList.toggle("small", n > 0));
      if (head.dataset.own === undefined) head.dataset.own = head.textContent;
      const range = each() === 1 ? `${page + 1} / ${order.length}` : `${page * each() + 1}–${page * each() + shown.length} / ${order.length}`;
      head.textContent = failed ? say("读取失败", "Could not read") : pages > 1 ? (each() === 1 ? `${range}·${left}\u2009s` : say(`${range}·${left} 秒后切换`, `${range} · next in ${left} s`)) : range;
    }

    async function ask() {
      if (!room() || document.hidden) return;
      let found;
      const near = focus;
      try { found = await get(near ? `api/cameras/near?lon=${near.lon}&lat=${near.lat}&most=8` : `api/cameras/wall${places ? `?places=${places}` : ""}`); failed = false; }
      catch (fault) { failed = true; draw(); return; }
      if (near !== focus) return;
      if (near) found.cameras = [...found.cameras].sort((a, b) => Boolean(b.analysis || b.received) - Boolean(a.analysis || a.received));
      if (!near && (found.places !== undefined) !== Boolean(places)) return; // asked before the switch was turned
      told = found;
      open = found.open;
      /* Without an analysis anywhere there is nothing to turn: the panel says so in one sentence. */
      order = places || near ? found.cameras : found.cameras.filter((one) => one.analysis || one.received);
      for (const one of order) {
        const view = views.get(one.code) || window.OneMap.eyes.eye(one.code, { pace: PACE, name: one.name });
        views.set(one.code, view);
        view.say(reason(one));
        view.told(one);
      }
      for (const code of [...views.keys()]) if (!order.some((one) => one.code === code)) views.delete(code);
      const now = order[0] ? `${order[0].code}|${order[0].event || ""}|${order[0].alarm || ""}` : "";
      if (now !== first) { first = now; page = 0; left = TURN; } // what matters most now is shown at once
      draw();
    }

    setInterval(() => {
      if (live.stopped()) return;
      left -= 1;
      if (left <= 0) { left = TURN; page += 1; }
      draw();
    }, 1000);
    setInterval(ask, ASK);
    ask();
    /* Turn to the page with this camera. */
    function show(code) {
      const n = order.findIndex((one) => one.code === code);
      if (n < 0) return false;
      page = Math.floor(n / each());
      left = TURN;
      draw();
      return true;
    }
    /* Cameras round a place, or those that matter to the whole wall again. */
    function towards(place) {
      if ((place && focus && place.lon === focus.lon && place.lat === focus.lat) || (!place && !focus)) return;
      focus = place;
      order = []; page = 0; left = TURN;
      ask();
    }
    return { ask, draw, show, towards };
  }

  window.OneMap.hallEyes = { start };
})();
