/* One scenario in many weathers, as long work on the server: ordered, followed, stopped, fetched. */
(function () {
  "use strict";
  const { base, el, say, icon, get, post, thousands, may } = window.OneMap;
  const plan = window.OneMap.plan;
  const KIND = "scenario-sweep", OPEN = ["queued", "running"];
  let jobs = [], timer = 0, fault = "";

  const numbers = (text) => String(text).split(/[\s,，、;；]+/).filter(Boolean).map(Number);

  function order(one, redraw) {
    const combined = (now) => now.how === "vary";
    window.OneMap.admin.form(say(`批量气象：${one.given.title}`, `Many weathers: ${one.given.title}`), [
      { name: "how", label: say("气象", "Weathers"), options: [["rose", say("最近气象站一年的风玫瑰", "the nearest station's rose of a year")], ["vary", say("各取值的全部组合", "every combination of values")]], value: "rose", wide: true },
      { name: "wind_from", label: say("风向（来向，°）", "Wind from (°)"), value: "0 22.5 45 67.5 90 112.5 135 157.5 180 202.5 225 247.5 270 292.5 315 337.5", when: combined, wide: true },
      { name: "wind_speed", label: say("风速（m/s）", "Wind speed (m/s)"), value: "1.5 3 5", when: combined },
      { name: "stability", label: say("大气稳定度", "Stability"), value: "D F", when: combined, hint: "A B C D E F" },
      { name: "people", type: "check", label: say("统计各区人口", "Count people in each zone"), value: true },
      { name: "targets", type: "check", label: say("统计触及的保护目标", "Count the targets touched"), value: true },
    ], say("开始", "Begin"), async (values) => {
      const asked = { scenario: { ...one.given, model: "auto" }, people: Boolean(values.people), targets: Boolean(values.targets) };
      if (values.how === "rose") asked.rose = true;
      else asked.vary = { wind_from: numbers(values.wind_from), wind_speed: numbers(values.wind_speed), stability: String(values.stability).toUpperCase().match(/[A-F]/g) || [] };
      await post("api/jobs", { kind: KIND, asked });
      follow(redraw);
    });
  }

  async function follow(redraw) {
    clearTimeout(timer);
    try { jobs = (await get("api/jobs")).jobs.filter((job) => job.kind === KIND); fault = ""; } catch (wrong) { fault = plan.refusal(wrong); }
    redraw();
    if (jobs.some((job) => OPEN.includes(job.state))) timer = setTimeout(() => follow(redraw), 2000);
  }
  async function stop(job, redraw) {
    try { await post(`api/jobs/${job.id}/cancel`, {}); } catch (wrong) { fault = plan.refusal(wrong); }
    follow(redraw);
  }

  function words(job) {
    if (job.cancelling) return say("正在停止", "stopping");
    if (job.state === "queued") return say("排队中", "waiting");
    if (job.state === "running") return job.doing || say("计算中", "computing");
    if (job.state === "failed") return say(`失败：${job.doing}`, `failed: ${job.doing}`);
    if (job.state === "cancelled") return say("已停止", "stopped");
    return job.said || say("结果已清理", "its file was cleared away");
  }

  function line(job, redraw) {
    const running = OPEN.includes(job.state);
    const act = running ? el("button", { type: "button", class: "link", disabled: job.cancelling, on: { click: () => stop(job, redraw) } }, say("停止", "Stop")) : job.file ? el("a", { class: "link", href: `${base}api/jobs/${job.id}/file`, download: job.file.name }, icon("down", 14), say("下载", "Fetch")) : null;
    return el("li", { "data-job": job.id }, el("div", { class: "plan-row" }, el("b", { class: "el", title: job.title }, job.title), running && job.total ? el("span", { class: "t3" }, `${thousands(job.done)} / ${thousands(job.total)}`) : null, act),
      running ? el("progress", job.total ? { max: "1", value: String(job.done / job.total), "aria-label": job.title } : { "aria-label": job.title }) : null,
      el("p", { class: job.state === "failed" ? "r" : "t3" }, words(job)));
  }

  const batches = (redraw) => (jobs.length || fault ? el("section", { class: "plan-batches", "aria-label": say("批量", "Batches") }, fault ? el("p", { class: "r", role: "alert" }, fault) : null, el("ul", {}, jobs.slice(0, 4).map((job) => line(job, redraw)))) : null);

  const finishedBatches = () => jobs.filter((job) => job.state === "done" && job.file);

  Object.assign(plan, { batch: order, batches, finishedBatches, followBatches: (redraw) => { if (may("export")) follow(redraw); } });
})();
