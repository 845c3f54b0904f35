/* How fresh the page of a team's phone is: its own stream while it is looked at, questions every few seconds where there is none, and silence shown. */
(function () {
  "use strict";
  const { base, say, time } = window.OneMap;
  const POLL = 4000, SELDOM = 20000, SILENT = 15000, AGAIN = 10000, RING = 4000, LONGEST = 60000;

  /* `read` asks the server and answers whether it spoke; `shown` hears once a second how old what is shown is. Times are of the wall clock: a phone that
     slept in a pocket is old when it wakes. */
  function follow(read, shown) {
    let source = null, heard = 0, asked = 0, tried = 0, asking = false;

    function spoke(at) { heard = Date.now(); if (at) time.skew = new Date(at) - Date.now(); }

    async function ask() {
      if (asking) return;
      asking = true;
      asked = Date.now();
      try { if (await Promise.race([read(), new Promise((late) => setTimeout(late, SILENT))])) heard = Date.now(); } finally { asking = false; }
    }
    const soon = window.OneMap.gathered(ask, 400, 50);

    function listen() {
      if (source || document.hidden || !window.EventSource || Date.now() - tried < AGAIN) return;
      tried = Date.now();
      source = new EventSource(`${base}api/field/live`);
      source.addEventListener("open", soon);
      source.addEventListener("heartbeat", (event) => spoke(JSON.parse(event.data).at));
      source.addEventListener("changed", (event) => { spoke(JSON.parse(event.data).at); soon(); });
      source.addEventListener("ended", () => { leave(); soon(); });
      source.onerror = leave;
    }
    function leave() { source?.close(); source = null; }

    function look() {
      const live = source?.readyState === 1 && Date.now() - heard < SILENT;
      if (!document.hidden && Date.now() - asked >= (live ? SELDOM : POLL)) ask();
      listen();
      shown({ live, silent: Date.now() - heard >= SILENT, heard });
    }
    setInterval(look, 1000);
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else { tried = 0; look(); soon(); } });
    window.addEventListener("online", () => { tried = 0; soon(); });
    look();
    return { ask };
  }

  /* A new order makes itself noticed until somebody touches the page: in the title, by vibration where there is any, by sound once the page was touched before
     (browsers allow none before that). */
  function ringer() {
    let audio = null, until = 0, words = "", plain = document.title, timer = 0;
    const loud = () => audio?.state === "running";
    function touched() {
      quiet();
      try { audio = audio || new AudioContext(); if (!loud()) audio.resume(); } catch (none) { audio = null; }
    }
    function sound() {
      if (!loud()) return;
      for (let n = 0; n < 3; n++) {
        const tone = audio.createOscillator(), gain = audio.createGain(), from = audio.currentTime + n * 0.3;
        tone.frequency.value = 880;
        gain.gain.setValueAtTime(0.4, from);
        gain.gain.setValueAtTime(0, from + 0.18);
        tone.connect(gain).connect(audio.destination);
        tone.start(from);
        tone.stop(from + 0.2);
      }
    }
    function once() {
      if (Date.now() > until) return quiet();
      document.title = document.title === words ? plain : words;
      navigator.vibrate?.([300, 150, 300]);
      sound();
    }
    function ring(said) {
      words = said;
      until = Date.now() + LONGEST;
      clearInterval(timer);
      document.title = plain;
      once();
      timer = setInterval(once, RING);
    }
    function quiet() { clearInterval(timer); until = 0; document.title = plain; }
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, touched, true);
    return { ring, loud, ringing: () => until > 0, called: (name) => { plain = name; if (!until) document.title = name; } };
  }

  window.OneMap.fieldListen = { follow, ringer };
})();
