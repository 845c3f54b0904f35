/* One event stream per browser. Changes queue up, of values the newest of each point, and both are handed on once per
   animation frame; silence is shown, not hidden. */
(function () {
  "use strict";
  const { base, el, say, time } = window.OneMap;
  const LOST_AFTER = 20000;
  const listeners = new Set(), readers = new Set(), states = new Set(), wanted = new Set();
  let queue = [], values = new Map(), passed = 0, seq = null, frame = 0, lastBeat = 0, lastAt = null, tries = 0, source = null, state = "connecting", opened = false, wrong = [];

  function flush() {
    frame = 0;
    const changes = queue;
    queue = [];
    const layers = new Map();
    for (const change of changes) {
      const seen = layers.get(change.layer) || { layer: change.layer, keys: new Set(), seq: 0 };
      for (const key of change.keys || (change.key ? [change.key] : [])) seen.keys.add(key);
      seen.seq = Math.max(seen.seq, change.seq);
      layers.set(change.layer, seen);
    }
    if (changes.length) for (const run of listeners) run(layers, changes);
    if (!values.size) return;
    const told = values, over = passed;
    values = new Map();
    passed = 0;
    for (const run of readers) run([...told.values()], over);
  }

  /* Columns to one object a point; in a tab that is not drawn the newest one waits, not all of them. */
  function keep(told) {
    passed += told.passed;
    for (const [layer, rows] of Object.entries(told.layers))
      rows.key.forEach((key, n) => {
        const element = rows.element ? rows.element[n] : "value";
        values.set(`${layer}/${key}/${element}`, { layer, key, element, at: rows.at[n], value: rows.value[n], quality: rows.quality[n] });
      });
  }

  function soon() {
    if (!frame) frame = requestAnimationFrame(flush);
  }

  function become(next) {
    const was = state;
    state = next;
    document.documentElement.dataset.link = next;
    for (const run of states) run(next, was);
  }

  function beat(at) {
    lastBeat = performance.now();
    if (at) {
      lastAt = new Date(at);
      time.skew = lastAt - Date.now();
    }
    tries = 0;
    if (state !== "open") become("open");
  }

  function open() {
    if (opened || !window.EventSource) return;
    opened = true;
    lastBeat = performance.now();
    connect();
    setInterval(watch, 1000);
  }

  function connect() {
    const asked = new URLSearchParams(seq === null ? {} : { after: seq });
    if (wanted.size) asked.set("readings", [...wanted].join());
    if (/[?&]exercise=1\b|=YL\d/.test(location.search) || /\/exercises$/.test(location.pathname)) asked.set("exercise", "1"); // screens of exercises alone
    source = new EventSource(`${base}api/live?${asked}`);
    source.addEventListener("heartbeat", (event) => {
      const told = JSON.parse(event.data);
      if (seq === null) seq = told.head;
      beat(told.at);
    });
    source.addEventListener("change", (event) => {
      const change = JSON.parse(event.data);
      seq = Math.max(seq, change.seq);
      queue.push(change);
      beat(null);
      soon();
    });
    source.addEventListener("readings", (event) => {
      const told = JSON.parse(event.data);
      keep(told);
      beat(told.at);
      soon();
    });
    source.addEventListener("condition", (event) => { wrong = JSON.parse(event.data).wrong; beat(null); watch(); });
    source.addEventListener("open", () => { wrong = []; watch(); });
    source.addEventListener("ended", end);
    source.onerror = () => {
      tries += 1;
      if (source.readyState === EventSource.CLOSED) again();
    };
  }

  /* A browser says nothing of why a stream was refused: ask, and stop where the answer is to sign in. */
  async function again() {
    const cut = new AbortController();
    try {
      if ([401, 403].includes((await fetch(base + "api/live", { signal: cut.signal })).status)) return end();
    } catch { /* no network: go on trying */ }
    finally { cut.abort(); }
    setTimeout(connect, Math.min(15000, 1000 * tries));
  }

  function end() {
    source.close();
    become("ended");
    for (const node of document.querySelectorAll("[data-lost-words]")) node.textContent = say("已退出登录", "Signed out");
    for (const node of document.querySelectorAll("[data-lost-more]"))
      node.replaceChildren(say(`画面停在 ${live.stoppedAt()}，`, `Picture of ${live.stoppedAt()}: `), el("a", { href: location.href }, say("请重新登录", "sign in again")));
    for (const node of document.querySelectorAll("[data-link-age]")) node.textContent = say("已退出，请重新登录", "Signed out, sign in again");
  }

  function watch() {
    if (state === "ended") return;
    if (performance.now() - lastBeat > LOST_AFTER && state !== "lost") become("lost");
    const quiet = Math.round((performance.now() - lastBeat) / 1000);
    if (state !== "lost" && amiss()) return;
    for (const node of document.querySelectorAll("[data-link-age]"))
      node.textContent =
        state === "open"
          ? say(`实时链路正常，${quiet} 秒前`, `Link up, ${quiet} s ago`)
          : state === "lost"
            ? say(`链路中断，停在 ${live.stoppedAt()}`, `Link lost, stopped at ${live.stoppedAt()}`)
            : say("实时链路连接中", "Connecting");
    for (const node of document.querySelectorAll("[data-lost-words]"))
      node.textContent = say(`链路中断 ${lostFor()}`, `Link lost ${lostFor()}`);
    for (const node of document.querySelectorAll("[data-lost-more]"))
      node.textContent = say(`画面停在 ${live.stoppedAt()}，正在重连 第 ${Math.max(1, tries)} 次`, `Picture of ${live.stoppedAt()}, retry ${Math.max(1, tries)}`);
  }

  /* What the server says is wrong between devices and screens: beside the link on a wall, on the amber bar elsewhere; what
     is not grave only where readings are looked after. */
  function amiss() {
    const all = document.querySelector("[data-wrong-all]"), shown = wrong.filter((one) => one.grave || all), root = document.documentElement;
    if (!shown.length) { delete root.dataset.wrong; return false; }
    const words = shown.map((one) => say(one.zh, one.en)), since = new Date(shown[0].since);
    root.dataset.wrong = shown[0].id;
    const title = `${words[0][0]}${shown.length > 1 ? say(` 等 ${shown.length} 项`, ` and ${shown.length - 1} more`) : ""}`;
    for (const node of document.querySelectorAll("[data-link-age]")) node.textContent = `⚠ ${title}`;
    for (const node of document.querySelectorAll("[data-lost-words]")) node.textContent = title;
    const rest = words.slice(1).map((one) => one[0]).join(say("、", ", "));
    for (const node of document.querySelectorAll("[data-lost-more]"))
      node.textContent = say(`自 ${time.clock(since)}，${words[0][1]}${rest ? `；另有${rest}` : ""}`, `since ${time.clock(since)}: ${words[0][1]}${rest ? `; also: ${rest}` : ""}`);
    return true;
  }

  function lostFor() {
    const s = Math.round((performance.now() - lastBeat) / 1000);
    return s < 60 ? say(`${s} 秒`, `${s} s`) : say(`${Math.floor(s / 60)} 分 ${s % 60} 秒`, `${Math.floor(s / 60)} min ${s % 60} s`);
  }

  const live = {
    open,
    onChanges: (run) => listeners.add(run),
    /* `run([{layer, key, element, at, value, quality}], passed)`: at in milliseconds, value null where there was none. */
    onReadings: (run, layers = ["sensors"]) => {
      const before = wanted.size;
      for (const layer of layers) wanted.add(layer);
      readers.add(run);
      if (opened && wanted.size > before && !live.stopped()) {
        source.close();
        connect();
      }
      return () => readers.delete(run);
    },
    onState: (run) => states.add(run),
    state: () => state,
    wrong: () => wrong,
    stopped: () => state === "lost" || state === "ended",
    stoppedAt: () => (lastAt ? time.clock(lastAt) : "--:--:--"),
  };
  window.OneMap.live = live;
})();
