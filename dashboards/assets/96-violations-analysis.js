/* How the analysis behind the video desk stands: cameras that are seen, those that are not, those looked at less. */
(function () {
  "use strict";
  const { el, say, get } = window.OneMap;
  const AGAIN = 10000, FEW = 3, APART = ["streamless", "unanalysed", "connecting"];

  /* Fills `line` now and again for as long as it is on the page. */
  function start(line) {
    const some = (cameras, what, words) => (cameras.length ? el("span", { "data-what": what, title: cameras.map((one) => words(one)).join("\n") }, el("b", { class: what === "live" ? "" : "y" }, cameras.length), what === "live" ? say(" 路在分析", " analysed") : what === "away" ? say(" 路中断", " without a picture") : what === "less" ? say(" 路降级", " reduced") : say(" 路有规则不判定", " with rules not judged")) : null);
    const named = (cameras) => cameras.slice(0, FEW).map((one) => one.name).join(say("、", ", ")) + (cameras.length > FEW ? say(" 等", " and others") : "");

    function draw(cameras) {
      const live = cameras.filter((one) => one.live), away = cameras.filter((one) => !one.live && !APART.includes(one.condition)), less = live.filter((one) => one.analysis?.less), bare = live.filter((one) => one.analysis?.unavailable.length);
      if (!cameras.length) { line.replaceChildren(say("没有视频点在分析", "No camera is analysed")); return; }
      const parts = [some(live, "live", (one) => one.name), some(away, "away", (one) => `${one.name} ${one.said}`), some(less, "less", (one) => `${one.name} ${window.OneMap.eyes.lessened(one.analysis).whole}`), some(bare, "bare", (one) => `${one.name} ${one.analysis.unavailable.join(" ")}`)].filter(Boolean);
      const worst = away.length ? say(`中断：${named(away)}`, `Without a picture: ${named(away)}`) : less.length ? window.OneMap.eyes.lessened(less[0].analysis).whole : "";
      line.replaceChildren(el("span", {}, ...parts.flatMap((one, n) => (n ? [say("，", ", "), one] : [one]))), worst ? el("span", { class: "y", "data-worst": "1" }, worst) : "");
    }

    (async function turn() {
      if (!line.isConnected) return;
      if (!document.hidden) {
        try { draw((await get("api/cameras/state")).cameras); }
        catch (fault) { line.replaceChildren(say("视频分析状态读取失败", "How the analysis stands could not be read")); }
      }
      setTimeout(turn, AGAIN);
    })();
  }

  window.OneMap.violationsAnalysis = { start };
})();
