/* The ground of every screen: words, addresses, ages, glyphs, small DOM makers. No framework, no build step. */
(function () {
  "use strict";
  const script = document.currentScript.src;
  const base = new URL(script.slice(0, script.indexOf("/assets/") + 1)).pathname;
  const english = document.documentElement.lang === "en";
  const say = (zh, en) => (english ? en : zh);

  const GRADES = [
    { id: "none", word: say("未分级", "Unrated"), letter: "n" },
    { id: "red", word: say("红", "Red"), letter: "r" },
    { id: "orange", word: say("橙", "Orange"), letter: "o" },
    { id: "yellow", word: say("黄", "Yellow"), letter: "y" },
    { id: "blue", word: say("蓝", "Blue"), letter: "b" },
  ];

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
      else if (name === "class") node.className = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat(3)) if (child !== null && child !== undefined && child !== false) node.append(child);
    return node;
  }

  function glyph(grade, zero) {
    return el("span", { class: `g g-${GRADES[grade] ? GRADES[grade].letter : "n"}${zero ? " g-zero" : ""}`, "aria-hidden": "true" });
  }

  const ICONS = {
    search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.300 15.300 20 20",
    layers: "M12 3.500 21 8l-9 4.500L3 8zM3.500 12.200 12 16.500l8.500-4.300M3.500 16.200 12 20.500l8.500-4.300",
    ring: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 12h8",
    area: "M4.500 7 12 3.500 20 9l-2.500 10.500H7z",
    ruler: "M3 16.500 16.500 3 21 7.500 7.500 21zM8 11.500l2 2M11.500 8l2 2M15 4.500l2 2",
    filter: "M4 5h16l-6 7.500V19l-4 1.500v-8z",
    table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
    day: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.500v2.300M12 19.200v2.300M2.500 12h2.300M19.200 12h2.300M5.300 5.300l1.600 1.600M17.100 17.100l1.600 1.600M5.300 18.700l1.600-1.600M17.100 6.900l1.600-1.600",
    night: "M19.500 14.500A8 8 0 1 1 9.500 4.500a6.500 6.500 0 0 0 10 10z",
    close: "M6 6l12 12M18 6 6 18",
    pin: "M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11zM12 7.800a2.300 2.300 0 1 1 0 4.600 2.300 2.300 0 0 1 0-4.600z",
    clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 7.500V12l3 2",
    lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
    warn: "M12 4 21.500 20h-19zM12 10v5M12 17.300v.4",
    down: "M12 4v11M7 10.500 12 15.500l5-5M5 20h14",
    page: "M6 3.500h8.500L19 8v12.500H6zM14 3.500V8.500h5M9 12.500h7M9 16.500h7",
    link: "M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1",
    home: "M4 11.500 12 5l8 6.500M6.500 10v9.500h11V10",
    phone: "M6 4h3.500l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
    wind: "M3 9h10.500a2.800 2.800 0 1 0-2.700-3.600M3 13h15a2.800 2.800 0 1 1-2.700 3.600M3 17h7.500a2.300 2.300 0 1 1-2.200 3",
    retry: "M5 12a7 7 0 1 1 2 5M5 12V7M5 12h5",
  };

  function icon(name, size) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("width", size || 18);
    svg.setAttribute("height", size || 18);
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "i");
    const path = document.createElementNS(ns, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  const two = (n) => String(n).padStart(2, "0");
  const china = (moment) => new Date(moment.getTime() + 8 * 3600e3);

  const time = {
    skew: 0,
    now: () => new Date(Date.now() + time.skew),
    clock: (m) => { const c = china(m); return `${two(c.getUTCHours())}:${two(c.getUTCMinutes())}:${two(c.getUTCSeconds())}`; },
    minute: (m) => time.clock(m).slice(0, 5),
    date: (m) => china(m).toISOString().slice(0, 10),
    /* With its date where that is not today's, in China: neither yesterday nor a deadline in a month reads as today. */
    dated: (m, hour = time.minute) => { const day = time.date(m), today = time.date(time.now()); return day === today ? hour(m) : `${day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day} ${time.minute(m)}`; },
    /* A time of a link: with its offset, for nobody knows whose clock another was of; a plus that an address turned into a space is one. Blank for what is none. */
    linked: (text) => { const found = String(text || "").trim().replace(/ (\d\d:?\d\d)$/, "+$1"); return /T.*(Z|[+-]\d\d:?\d\d)$/i.test(found) && !Number.isNaN(Date.parse(found)) ? new Date(found).toISOString() : ""; },
    day: (m) => say("星期" + "日一二三四五六"[china(m).getUTCDay()], ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][china(m).getUTCDay()]),
    span(seconds) {
      const s = Math.max(0, Math.round(seconds));
      if (s < 60) return say(`${s} 秒`, `${s} s`);
      if (s < 3600) return say(`${Math.floor(s / 60)} 分`, `${Math.floor(s / 60)} min`);
      return say(`${Math.floor(s / 3600)} 时 ${two(Math.floor((s % 3600) / 60))} 分`, `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`);
    },
    age(iso) {
      const moment = new Date(iso), s = (time.now() - moment) / 1000;
      if (s >= 86400) return time.date(moment);
      return say(time.span(s) + "前", time.span(s) + " ago");
    },
  };

  /* A page carries the rights of its reader: what they may not do is not offered. The server asks again all the same. */
  const may = (right) => (document.querySelector("[data-rights]")?.dataset.rights || "").split(" ").includes(right);

  /* Where one signs in again, and comes back to what was open. */
  const signin = () => `${base}signin?next=${encodeURIComponent(`/${(location.pathname + location.search).slice(base.length)}`)}`;
  /* The session is over: what somebody is typing stays on the screen, and is sent after signing in elsewhere. */
  function ended() { if (!document.querySelector("dialog[open]")) location.href = signin(); }

  /* A form is open: `run` is called once it has closed, for what others wrote meanwhile is not to be missed. */
  function held(run) {
    const box = document.querySelector("dialog[open]");
    box?.addEventListener("close", run, { once: true });
    return Boolean(box);
  }

  const thousands = (n) => Number(n).toLocaleString("en-US");

  function length(metres) {
    if (metres < 1000) return `${Math.round(metres)}\u2009m`;
    return `${(metres / 1000).toFixed(metres < 10000 ? 2 : 1)}\u2009km`;
  }

  function area(m2) {
    return m2 < 1e6 ? `${thousands(Math.round(m2))}\u2009m²` : `${(m2 / 1e6).toFixed(2)}\u2009km²`;
  }

  function refusal(status, body) {
    const fault = new Error(body.detail || body.title || say(`读取失败（${status}）`, `Could not read (${status})`));
    fault.status = status;
    fault.faults = Array.isArray(body.faults) ? body.faults : [];
    return fault;
  }

  async function ask(path, options) {
    const answer = await fetch(base + path, { credentials: "same-origin", ...options }).catch((lost) => {
      if (lost.name !== "AbortError") lost = new Error(say("连接不上服务器", "The server cannot be reached"), { cause: lost });
      throw lost;
    });
    if (!answer.ok) {
      let body = {};
      try { body = await answer.json(); } catch (notJson) { /* the status says enough */ }
      throw refusal(answer.status, body);
    }
    return answer;
  }

  const get = async (path, options) => (await ask(path, options)).json();
  const sent = (body) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const post = (path, body) => get(path, sent(body));

  /* A file made by the server on a question, with the name the server gave it. */
  async function fetchFile(path, body) {
    const answer = await ask(path, sent(body));
    const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition") || "");
    return { blob: await answer.blob(), name: named ? decodeURIComponent(named[1]) : "" };
  }

  /* Every node with data-at shows its age; the words change each second, the node stays. */
  function tick() {
    for (const node of document.querySelectorAll("[data-at]")) {
      const words = (node.dataset.before || "") + time.age(node.dataset.at) + (node.dataset.after || "");
      if (node.textContent !== words) node.textContent = words;
    }
    for (const node of document.querySelectorAll("[data-clock]")) node.textContent = time.clock(time.now());
    for (const node of document.querySelectorAll("[data-today]")) node.textContent = `${time.date(time.now())} ${time.day(time.now())}`;
  }
  setInterval(tick, 1000);

  function debounce(run, wait) {
    let timer = 0;
    return (...given) => { clearTimeout(timer); timer = setTimeout(() => run(...given), wait); };
  }

  /* For what others change: once for a burst, `wait` after its first, so that a burst without end holds nothing up; what
     comes while `run` works is worked once more after it. One that has not ended after HUNG holds nothing up any longer.
     What comes alone, after a second without any, need not wait for a burst: `alone` milliseconds then. */
  const HUNG = 20000, CALM = 1000;

  function gathered(run, wait, alone = wait) {
    let timer = 0, running = false, due = false, last = -CALM;
    const soon = () => { if (running) due = true; else if (!timer) timer = setTimeout(work, performance.now() - last < CALM ? wait : alone); };
    async function work() {
      timer = 0;
      running = true;
      try { await Promise.race([run(), new Promise((over) => setTimeout(over, HUNG))]); } finally {
        running = false;
        last = performance.now();
        if (due) { due = false; soon(); }
      }
    }
    return soon;
  }

  const geo = {
    R: 6371008.8,
    distance(a, b) {
      const rad = Math.PI / 180, dp = (b.lat - a.lat) * rad, dl = (b.lng - a.lng) * rad;
      const h = Math.sin(dp / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dl / 2) ** 2;
      return 2 * geo.R * Math.asin(Math.sqrt(h));
    },
    destination(from, metres, bearing) {
      const rad = Math.PI / 180, d = metres / geo.R, p = from.lat * rad, t = bearing * rad;
      const lat = Math.asin(Math.sin(p) * Math.cos(d) + Math.cos(p) * Math.sin(d) * Math.cos(t));
      const lng = from.lng * rad + Math.atan2(Math.sin(t) * Math.sin(d) * Math.cos(p), Math.cos(d) - Math.sin(p) * Math.sin(lat));
      return L.latLng(lat / rad, lng / rad);
    },
    circle: (centre, metres) => Array.from({ length: 72 }, (_, k) => geo.destination(centre, metres, k * 5)),
    area(ring) {
      const rad = Math.PI / 180;
      let sum = 0;
      ring.forEach((a, k) => {
        const b = ring[(k + 1) % ring.length];
        sum += (b.lng - a.lng) * rad * (2 + Math.sin(a.lat * rad) + Math.sin(b.lat * rad));
      });
      return Math.abs((sum * geo.R * geo.R) / 2);
    },
  };

  window.OneMap = { base, say, english, GRADES, el, glyph, icon, time, thousands, length, area, get, post, refusal, may, fetchFile, tick, debounce, gathered, geo, signin, ended, held };
})();
