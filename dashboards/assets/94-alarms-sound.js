/* One tone for red, again every 20 s until somebody answers; muting is kept by this browser. */
(function () {
  "use strict";
  const { el, say } = window.OneMap;
  const KEPT = "onemap_alarms_mute", AGAIN = 20000;
  const look = "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11", off = "M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9.500l5 5M20.500 9.500l-5 5";

  /* `red` answers how many red alarms nobody has answered. */
  function start(box, red) {
    let context = null, muted = false, last = 0, played = 0;
    try { muted = localStorage.getItem(KEPT) === "1"; } catch (closed) { /* no storage: heard */ }
    const icon = window.OneMap.icon("warn", 18), words = el("span", {});
    const button = el("button", { type: "button", class: "alarms-mute", on: { click: () => { muted = !muted; try { localStorage.setItem(KEPT, muted ? "1" : "0"); } catch (closed) { /* for this page */ } wake(); show(); look_now(); } } }, icon, words);
    box.append(button);

    function wake() {
      if (!window.AudioContext) return;
      context = context || new AudioContext();
      if (context.state === "suspended") context.resume().then(show).catch(() => { /* the browser wants a click first */ });
    }

    const blocked = () => !muted && (!context || context.state !== "running");

    function show() {
      icon.firstChild.setAttribute("d", muted ? off : look);
      words.textContent = muted ? say("已静音", "Muted") : blocked() ? say("点此开启声音", "Click for sound") : say("声音开", "Sound on");
      button.setAttribute("aria-pressed", String(muted));
      button.title = say("红色报警响一声，每 20 秒一次，接警即止", "One tone for red, every 20 s until answered");
      button.classList.toggle("o", !muted && blocked());
    }

    function tone() {
      if (blocked()) return;
      const at = context.currentTime, gain = context.createGain(), wave = context.createOscillator();
      wave.type = "sine";
      wave.frequency.value = 880;
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(0.4, at + 0.04);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.9);
      wave.connect(gain).connect(context.destination);
      wave.start(at);
      wave.stop(at + 0.95);
    }

    function look_now() {
      const now = performance.now();
      if (!red()) { last = 0; return; }
      if (muted || (last && now - last < AGAIN)) return;
      last = now;
      played += 1;
      tone();
    }

    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { passive: true });
    setInterval(look_now, 1000);
    show();
    return { look: look_now, muted: () => muted, played: () => played, toggle: () => button.click() };
  }

  window.OneMap.alarms.sound = start;
})();
