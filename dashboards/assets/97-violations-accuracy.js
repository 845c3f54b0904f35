/* Accuracy of rules on video: measured on labelled data, beside how the people of this site judged what was raised. */
(function () {
  "use strict";
  const { base, el, say, get, time, thousands } = window.OneMap;
  const PERIODS = [7, 30, 90, 365];
  const share = (value) => (value === null ? "—" : `${Math.round(value * 100)}%`);
  const two = (value) => (value === null ? "—" : value.toFixed(2));

  function start(screen) {
    const body = screen.querySelector("#accuracy-body"), account = document.getElementById("map-account");
    let days = Number(new URLSearchParams(location.search).get("days"));
    if (!PERIODS.includes(days)) days = 30;
    account.append(...window.OneMap.account.parts(account.dataset.name));

    function table(columns, lines) {
      return el("table", {}, el("thead", {}, el("tr", {}, columns.map(([name, n]) => el("th", { scope: "col", class: n ? "n" : "" }, name)))), el("tbody", {}, lines.map((cells) => el("tr", {}, cells.map((cell, n) => el("td", { class: columns[n][1] ? "n" : "", "data-name": columns[n][0] }, el("div", {}, cell)))))));
    }

    const beta = () => el("span", { class: "beta" }, say("试用", "beta"));
    const aimed = (value, aim, below) => (aim === undefined || value === null ? two(value) : el("span", { class: (below ? value < aim : value > aim) ? "short" : "" }, two(value), el("span", { class: "t3" }, say(` 目标 ${aim}`, ` aim ${aim}`))));
    const data = (row) => ({ events: say(`${row.clip}，标注 ${row.n} 起`, `${row.clip}, ${row.n} labelled`), made: say(`人工制造，${row.n} 段视频`, `made by hand in ${row.n} clips`), people: say(`公开照片，${thousands(row.n)} 人，按相似图片分组留出`, `public stills, ${thousands(row.n)} people, held out by groups of alike pictures`) }[row.measure]);

    function measured(given) {
      const lines = given.measured.flatMap((kind) => (kind.rows.length ? kind.rows.map((row, n) => [
        n ? "" : [el("b", {}, kind.name), kind.beta ? [" ", beta()] : null], data(row), row.date, row.accuracy !== null ? ["—"] : aimed(row.precision, row.aims.precision, true), row.accuracy !== null ? el("span", {}, say("平衡准确率 ", "balanced "), aimed(row.accuracy, row.aims.accuracy, true)) : aimed(row.recall, row.aims.recall, true), row.false === null ? "—" : String(row.false), row.onset === null ? "—" : aimed(row.onset, row.aims.onset_s, false), row.model || say("不用模型", "none")])
        : [[[el("b", {}, kind.name), " ", beta()], say("未评测", "Not measured"), "", "", "", "", "", ""]]));
      return el("section", { class: "accuracy-card wide" }, el("h2", {}, say("实测", "Measured")), el("p", {}, say("在公开片段上由评测程序测得，每类多为一段视频、一两起事件：数量少，别的场景会更差。没有事件的片段只看误报。未达目标或未评测的标为试用。", "By the evaluation program on public clips, mostly one clip and one or two events a kind: few, and other scenes will do worse. Clips in which nothing happens count false events alone. What is below its aim, or not measured, is beta.")),
        table([[say("规则", "Rule")], [say("数据", "Data")], [say("日期", "Date")], [say("精确率", "Precision")], [say("召回率", "Recall")], [say("误报", "False"), 1], [say("起始误差 秒", "Onset, s"), 1], [say("模型", "Model")]], lines));
    }

    function interval(row) {
      if (row.share === null) return el("span", { class: "t3" }, say("尚无结论", "None judged"));
      const bar = el("div", { class: "bar", role: "img", "aria-label": say(`95% 区间 ${share(row.low)} 至 ${share(row.high)}`, `95 % interval ${share(row.low)} to ${share(row.high)}`) }, el("i", { style: `left:${row.low * 100}%;width:${(row.high - row.low) * 100}%` }), el("b", { style: `left:${row.share * 100}%` }));
      return el("div", {}, `${share(row.share)} `, el("span", { class: "t3" }, say(`（${share(row.low)} 至 ${share(row.high)}）`, `(${share(row.low)} to ${share(row.high)})`), row.few ? el("span", { class: "short" }, say(" 数量少，仅供参考", " few: a hint only")) : ""), bar);
    }

    function judged(title, given, rows, name) {
      const columns = [[name], [say("属实", "True"), 1], [say("误报", "False"), 1], [say("待核", "Open"), 1], [say("判定属实的比例", "Share judged true")]];
      const lines = rows.map((row) => [row.camera ? [el("a", { class: "link", href: `${base}violations?camera=${encodeURIComponent(row.camera)}` }, row.camera_name), ` ${row.name}`] : el("a", { class: "link", href: `${base}violations?kind=${encodeURIComponent(row.kind)}` }, row.name), thousands(row.confirmed), thousands(row.rejected), thousands(row.pending), interval(row)]);
      return el("section", { class: "accuracy-card" }, el("h2", {}, title), rows.length ? table(columns, lines) : el("p", {}, say(`近 ${given.days} 日没有视频事件，自 ${time.date(new Date(given.since))}`, `No event in ${given.days} days, since ${time.date(new Date(given.since))}`)));
    }

    function live(given) {
      const wait = given.judging, words = wait ? say(`复核用时：${thousands(wait.count)} 起，一半在 ${time.span(wait.middle)} 内，九成在 ${time.span(wait.most)} 内`, `Time to judge: of ${thousands(wait.count)} half within ${time.span(wait.middle)}, nine of ten within ${time.span(wait.most)}`) : say("这段时间没有复核", "Nothing was judged in this time");
      return el("section", { class: "accuracy-card wide" }, el("div", { class: "line" }, el("h2", {}, say("本地复核", "As judged here")), el("div", { class: "segments", role: "group", "aria-label": say("时段", "Period") }, PERIODS.map((one) => el("button", { type: "button", "aria-pressed": String(one === days), style: "padding:5px 14px", on: { click: () => { days = one; history.replaceState(null, "", `?days=${one}`); read(); } } }, say(`${one} 日`, `${one} days`))))),
        el("p", {}, say("只计本系统视频分析报出、您可见的事件，设备报送的不计。比例只含已判定的，区间为 95% 威尔逊区间。漏报的不在其中：没报出的，没有人判定。", "Events raised by our analysis that you may see; those of devices are left out. The share is of what was judged, with the 95 % interval by Wilson. What was missed is not in it: nobody judges what was not raised.")), el("p", {}, words));
    }

    async function read() {
      try {
        const given = await get(`api/violations/accuracy?days=${days}`);
        body.replaceChildren(live(given), judged(say("按规则", "By rule"), given, given.kinds, say("规则", "Rule")), judged(say("按视频点", "By camera"), given, given.cameras, say("视频点", "Camera")), measured(given));
      } catch (fault) { body.replaceChildren(el("p", { class: "violations-empty wide", role: "alert" }, fault.status === 403 ? say("视频事件对您的岗位不开放", "Events on video are not open to your role") : say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`))); }
    }

    window.OneMap.live.open();
    return read().then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=accuracy]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
