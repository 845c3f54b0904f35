/* What was known at a time, on the wall: a bar of time with its entries, played or stepped by the keyboard. Nothing is written here. */
(function () {
  "use strict";
  const { el, say, time } = window.OneMap;
  const SPEEDS = [1, 10, 60], BEAT = 500, AFTER = 60000;

  function start(hall, incident) {
    const moments = (incident.told()?.moments || []).map((each) => new Date(each).getTime());
    if (!moments.length) return null;
    const first = moments[0], end = Math.min(Date.now() + time.skew, moments[moments.length - 1] + AFTER);
    let at = Math.min(end, Math.max(first - AFTER, new Date(incident.moment()).getTime())), speed = 0, asking = false, due = false;
    const from = Math.min(first - AFTER, at), place = (when) => (100 * (when - from)) / Math.max(1, end - from);

    const past = el("i", { class: "past" }), now = el("i", { class: "now" }), said = el("b", {}), passed = el("span", { class: "t2" });
    const track = el("div", { class: "track", role: "slider", tabindex: 0, "aria-label": say("时间", "Time") }, el("i", { class: "all" }), past, ...moments.map((when) => el("i", { class: "tick", style: `left:${place(when)}%` })), now);
    track.addEventListener("click", (event) => { const box = track.getBoundingClientRect(); go(from + ((event.clientX - box.left) / box.width) * (end - from)); });
    const button = (words, title, run) => el("button", { type: "button", title, on: { click: run } }, words);
    const speeds = SPEEDS.map((each) => button(`${each}×`, say(`按 ${each} 倍播放`, `Play at ${each} times`), () => play(speed === each ? 0 : each)));
    const bar = el("div", { class: "hi-replay" },
      el("div", { class: "line" }, el("span", { class: "hi-back" }, say("回放", "REPLAY")), button("◀", say("上一条记录 ←", "Entry before: left"), () => step(-1)), button("▶", say("下一条记录 →", "Next entry: right"), () => step(1)), ...speeds, button("■", say("停 空格", "Stop: space"), () => play(0)), said, passed, el("span", { class: "sp" }), el("span", { class: "t3" }, say("只读·空格播放·← → 换条·1 2 3 倍速", "read-only · space plays · ← → entries · 1 2 3 speed"))),
      track);
    hall.append(bar);

    const known = (when) => moments.filter((each) => each <= when).length;
    function show() {
      past.style.width = now.style.left = `${place(at)}%`;
      const stamp = new Date(at);
      said.textContent = `${time.date(stamp)} ${time.clock(stamp)}`;
      passed.textContent = say(`第 ${known(at)} / ${moments.length} 条`, `${known(at)} of ${moments.length}`);
      track.setAttribute("aria-valuetext", said.textContent);
      speeds.forEach((each, n) => each.setAttribute("aria-pressed", String(SPEEDS[n] === speed)));
    }
    async function read() {
      if (asking) { due = true; return; }
      asking = true;
      try { await incident.look(new Date(at).toISOString()); } finally { asking = false; if (due) { due = false; read(); } }
    }
    function go(when) {
      const before = known(at);
      at = Math.min(end, Math.max(from, when));
      const query = new URLSearchParams(location.search);
      query.set("at", new Date(at).toISOString());
      history.replaceState(null, "", `${location.pathname}?${query}`);
      show();
      window.OneMap.drawings.shown.read();
      if (known(at) !== before) read(); else incident.pass(new Date(at).toISOString());
    }
    function play(next) { speed = next; if (speed && at >= end) go(from); show(); }
    function step(way) {
      play(0);
      const next = way > 0 ? moments.find((each) => each > at) : [...moments].reverse().find((each) => each < at - 999);
      go(next === undefined ? (way > 0 ? end : from) : next + 999); // an entry is known once it was written
    }
    setInterval(() => { if (!speed) return; if (at >= end) { play(0); return; } go(at + BEAT * speed); }, BEAT);
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const run = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), " ": () => play(speed ? 0 : 1), 1: () => play(1), 2: () => play(10), 3: () => play(60), Home: () => go(from), End: () => go(end) }[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    });
    show();
    read();
    return { go, step, play, at: () => at, moments };
  }

  window.OneMap.hallReplay = { start };
})();
