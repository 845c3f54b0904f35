/* The evidence of one event: its picture, its film step by step, a line of time around the event, files with their hashes. */
(function () {
  "use strict";
  const { base, el, icon, say, time, thousands } = window.OneMap;
  const STEP = 0.2; // five pictures a second are looked at
  const SHORT = 0.05;
  const SOON = 60000; // a film follows its event by ten seconds
  const address = (file) => `${base}api/files/${file.id}`;
  const shape = (path, size) => { const made = icon("close", size || 14); made.firstChild.setAttribute("d", path); return made; };
  const kbd = (word) => el("kbd", {}, word);
  const moment = (iso) => { const at = new Date(iso); return `${time.date(at)} ${time.clock(at)}`; };

  /* In a box of the page; `key(name)` does what a key asks. `back` is the way to the list on the phone. */
  function stage(box, back) {
    let given = null, shown = null, video = null, length = 0, line = null, now = null, play = null, words = null;

    /* The film ends so many seconds after the event was raised; where the analysis ended before, it is shorter and this is said as about. */
    const judged = () => Math.max(0, length - given.around);
    const at = (seconds) => (seconds - judged());

    function seek(seconds) {
      if (!video || !length) return;
      video.currentTime = Math.min(length - 0.01, Math.max(0, seconds));
    }

    function told() {
      if (!video || !length) return;
      const off = at(video.currentTime), word = Math.abs(off) < STEP / 2 ? say("判定时刻", "Judged") : say(`${off < 0 ? "−" : "+"}${Math.abs(off).toFixed(1)} 秒`, `${off < 0 ? "−" : "+"}${Math.abs(off).toFixed(1)} s`);
      words.textContent = `${video.paused ? say("定格 ", "Still ") : ""}${word}`;
      play.textContent = video.paused ? say("播放", "Play") : say("暂停", "Pause");
      if (now) now.style.left = `${where(off)}%`;
    }

    const span = () => [-given.around, Math.max(given.around, 1)];
    const where = (off) => { const [from, to] = span(); return Math.min(100, Math.max(0, ((off - from) / (to - from)) * 100)); };

    /* Why there is no picture; what was cleared says when and by which rule. */
    const lacking = () => (given.cleared ? say(`证据已按期清除，${moment(given.cleared.at)}，规则：${given.cleared.rule}`, `The evidence was cleared after its time, ${moment(given.cleared.at)}; rule: ${given.cleared.rule}`) : given.device ? say("设备未报送画面", "The device sent no picture") : say("没有留存画面", "No picture was kept"));

    function show(file) {
      shown = file;
      const room = box.querySelector(".violations-stage");
      for (const node of room.querySelectorAll("img, video, .none")) node.remove();
      video = null;
      length = 0;
      words.textContent = "";
      if (!file || file.missing) room.prepend(el("p", { class: "none" }, file ? say(`证据文件缺失：${file.name}`, `The file is missing: ${file.name}`) : lacking()));
      else if (file.type.startsWith("video/")) {
        video = el("video", { src: address(file), preload: "metadata", playsinline: true, "aria-label": say("事件前后录像", "Film around the event") });
        video.muted = true;
        const one = video;
        one.addEventListener("loadedmetadata", () => { length = Number.isFinite(one.duration) ? one.duration : 0; seek(judged()); told(); });
        one.addEventListener("error", () => { if (video === one) room.prepend(el("p", { class: "none" }, say("本浏览器不能播放该录像，请下载", "This browser cannot play the film; download it"))); });
        for (const name of ["timeupdate", "seeked", "play", "pause", "ended"]) one.addEventListener(name, () => { if (video === one) told(); });
        room.prepend(one);
      } else if (file.type.startsWith("image/")) room.prepend(el("img", { src: address(file), alt: say("事件画面，方框为判定位置", "Picture of the event; boxes show where") }));
      else room.prepend(el("p", { class: "none" }, el("a", { class: "link", href: address(file) }, file.name)));
      for (const button of box.querySelectorAll("[data-file]")) button.setAttribute("aria-pressed", String(file && button.dataset.file === file.id));
      for (const button of box.querySelectorAll("[data-film]")) button.disabled = !films().length;
      if (now) now.hidden = !video;
    }

    const films = () => given.files.filter((file) => file.type.startsWith("video/") && !file.missing);
    const pictures = () => given.files.filter((file) => file.type.startsWith("image/") && !file.missing);

    /* The film is asked for when somebody wants it: what is not looked at is not fetched, and no look is recorded. */
    function film(then) {
      if (video) { then(); return; }
      const [first] = films();
      if (!first) return;
      show(first);
      video.addEventListener("loadedmetadata", then, { once: true });
    }

    function run() { film(() => { if (!video.paused) { video.pause(); return; } if (length - video.currentTime < SHORT) seek(0); video.play().catch(() => { /* shown as still */ }); }); }
    function step(by) { film(() => { video.pause(); seek(video.currentTime + by * STEP); }); }
    function jump() { if (!video && pictures().length && films().length === 0) return; film(() => { video.pause(); seek(judged()); }); }
    function flip() { const [picture] = pictures(); if (video && picture) show(picture); else film(() => told()); }

    function timeline() {
      const began = (new Date(given.began_at) - new Date(given.raised_at)) / 1000, ended = given.ended_at ? (new Date(given.ended_at) - new Date(given.raised_at)) / 1000 : null;
      const open = ended === null, [from, to] = span(), ticks = [];
      for (let off = from; off <= to; off += given.around / 4) ticks.push(el("span", { class: `tick${off % 5 ? " fine" : ""}`, style: `left:${where(off)}%` }, off === 0 ? time.clock(new Date(given.raised_at)) : say(`${off < 0 ? "−" : "+"}${Math.abs(off)} 秒`, `${off < 0 ? "−" : "+"}${Math.abs(off)} s`)));
      now = el("i", { class: "now", hidden: true });
      line = el("div", { class: "violations-time", role: "slider", tabindex: "0", "aria-label": say("事件前后的时间", "Time around the event"), "aria-valuemin": from, "aria-valuemax": to, "aria-valuenow": 0 },
        el("i", { class: "base" }), el("i", { class: "held", style: `left:${where(began)}%;width:${Math.max(0.5, where(open ? to : ended) - where(began))}%` }), el("i", { class: "mark", style: `left:${where(0)}%`, title: say("报出", "Raised") }), ...ticks, now);
      line.addEventListener("pointerdown", (event) => {
        const room = line.getBoundingClientRect(), off = from + ((event.clientX - room.left) / room.width) * (to - from);
        film(() => { video.pause(); seek(judged() + off); });
      });
      const before = began < from ? say(`始于 ${moment(given.began_at)}，早于录像`, `Began ${moment(given.began_at)}, before the film`) : say(`始于 ${time.clock(new Date(given.began_at))}`, `Began ${time.clock(new Date(given.began_at))}`);
      const after = open ? given.state_word : say(`止于 ${moment(given.ended_at)}`, `ended ${moment(given.ended_at)}`);
      return [line, el("p", { class: "t3", style: "font-size:13px" }, `${before}，${after}`)];
    }

    function files() {
      const state = (file) => (file.missing ? el("b", { class: "wrong" }, say("文件缺失", "Missing")) : file.whole === false ? el("b", { class: "wrong" }, say("与登记校验值不符", "Not what was kept")) : file.whole ? say("校验一致", "Hash checked") : say("过大，未校验", "Too large, not checked"));
      const name = (file) => (file.type.startsWith("image/") ? say("全景帧", "Picture") : file.type.startsWith("video/") ? say("前后录像", "Film") : file.type.endsWith("geo+json") ? say("地面位置", "Place on the ground") : file.name);
      return el("div", { class: "violations-files" }, given.files.map((file) => el("button", { type: "button", "data-file": file.id, "aria-pressed": "false", on: { click: () => show(file) } },
        file.type.startsWith("image/") && !file.missing && given.thumb ? el("img", { class: "pic", src: given.thumb, alt: "" }) : el("span", { class: "pic" }, shape(file.type.startsWith("video/") ? "M8 5l11 7-11 7z" : "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4", 26)),
        el("span", { class: "tx" }, el("span", {}, name(file), el("span", { class: "t3" }, ` ${thousands(Math.max(1, Math.round(file.size / 1000)))}\u2009kB `)), el("span", {}, state(file)), el("code", { title: file.sha256 }, `SHA-256 ${file.sha256.slice(0, 16)}…`)))));
    }

    function open(event) {
      const same = given && given.code === event.code, kept = same && shown ? shown.id : "", had = same ? given.files.map((file) => file.id).join() : null;
      given = event;
      if (same && had === event.files.map((file) => file.id).join()) return; // what somebody looks at is not begun anew
      words = el("span", { role: "status" });
      play = el("span", {}, say("播放", "Play"));
      const tools = [
        [run, [shape("M8 5l11 7-11 7z"), play, kbd(say("空格", "Space"))]], [() => step(-1), [say("前帧", "Back"), kbd("←")]], [() => step(1), [say("后帧", "On"), kbd("→")]], [jump, [say("判定时刻", "Judged moment"), kbd("F")]],
      ].map(([act, parts]) => el("button", { type: "button", class: "button", "data-film": "1", on: { click: act } }, parts));
      box.replaceChildren(
        el("div", { class: "violations-stage" }, el("div", { class: "cap" }, el("span", {}, `${given.camera.code} ${given.camera.name}，${moment(given.raised_at)}`), words)),
        el("div", { class: "violations-panel" }, el("div", { class: "violations-tools" }, el("button", { type: "button", class: "back", "aria-label": say("回到列表", "Back to the list"), on: { click: back } }, shape("M15 5l-7 7 7 7", 24)), tools, el("span", { class: "t3" }, films().length ? say(`每步 ${STEP} 秒，时刻为约数`, `Steps of ${STEP} s; moments are about`) : given.cleared ? say("录像已清除", "Film cleared") : given.device ? say("设备报送，无录像", "From a device; no film") : time.now() - new Date(given.raised_at) < SOON ? say("录像未就绪", "No film yet") : say("无录像", "No film"))), timeline()),
        el("div", { class: "violations-panel" }, el("header", {}, el("h2", {}, say(`证据 ${given.files.length} 件`, `${given.files.length} pieces of evidence`)), el("span", { class: "t3" }, say("查看画面和录像会留下记录", "Looking is recorded"))), given.files.length ? files() : el("p", { class: "t3" }, lacking())));
      show(given.files.find((file) => file.id === kept) || pictures()[0] || films()[0] || null);
    }

    function none(text) { given = shown = video = null; box.replaceChildren(el("div", { class: "violations-stage" }, el("p", { class: "none" }, text))); }

    return { open, none, run, step, jump, flip };
  }

  window.OneMap.violations = { stage, moment };
})();
