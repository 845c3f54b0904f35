/* Long work: asked for from the table, followed in a tray on the map, fetched when done. The server keeps it, not the page. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, thousands } = window.OneMap;
  const { state, query } = window.OneMap.state;
  const FORMATS = [
    ["gpkg", say("GeoPackage（地图软件）", "GeoPackage (GIS)")],
    ["xlsx", say("Excel 表格", "Excel workbook")],
    ["csv", say("CSV 文本", "CSV text")],
    ["geojson", "GeoJSON"],
  ];
  const OPEN = ["queued", "running"];
  let tray = null, jobs = [], folded = true, timer = 0, fault = "", shown = new Set();

  const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))}\u2009kB` : `${(n / 1e6).toFixed(1)}\u2009MB`);

  function words(job) {
    if (job.cancelling) return say("正在取消", "cancelling");
    if (job.state === "queued") return say("排队中", "waiting");
    if (job.state === "running") return job.total ? `${job.doing} ${thousands(job.done)} / ${thousands(job.total)}` : job.doing || say("准备中", "preparing");
    if (job.state === "failed") return say(`失败：${job.doing}`, `failed: ${job.doing}`);
    if (job.state === "cancelled") return say("已取消", "cancelled");
    return job.file ? job.said : say("结果已清理，请重新导出", "its file was cleared away; export again");
  }

  async function cancel(job) {
    try { await post(`api/jobs/${job.id}/cancel`, {}); } catch (wrong) { fault = wrong.message; }
    follow();
  }

  function line(job) {
    const running = OPEN.includes(job.state);
    const part = job.total ? Math.min(1, job.done / job.total) : 0;
    const bar = running ? el("progress", job.total ? { max: "1", value: String(part), "aria-label": job.title } : { "aria-label": job.title }) : null;
    const act = running
      ? el("button", { type: "button", class: "link", disabled: job.cancelling, on: { click: () => cancel(job) } }, say("取消", "Cancel"))
      : job.file ? el("a", { class: "button", href: `${base}api/jobs/${job.id}/file`, download: job.file.name }, icon("down", 16), size(job.file.size)) : null;
    return el("li", { "data-job": job.id, "data-state": job.state },
      el("div", { class: "el" }, job.title), act,
      el("div", { class: `t3 said${job.state === "failed" ? " wrong" : ""}` }, words(job)),
      running ? null : el("div", { class: "t3", "data-at": job.ended_at }), bar);
  }

  function draw() {
    if (!tray) return;
    const open = jobs.filter((job) => OPEN.includes(job.state)).length;
    tray.hidden = !jobs.length && !fault;
    const title = open ? say(`导出任务，进行中 ${open}`, `Exports, ${open} under way`) : say("导出任务", "Exports");
    const toggle = el("button", { type: "button", class: "link", "aria-expanded": String(!folded), on: { click: () => { folded = !folded; draw(); } } }, title, el("span", { class: "t3" }, folded ? say("展开", "show") : say("收起", "hide")));
    tray.replaceChildren(toggle, ...(folded ? [] : [fault ? el("p", { class: "note", role: "alert" }, fault) : null, el("ul", {}, jobs.slice(0, 8).map(line))]).filter(Boolean));
    window.OneMap.tick();
  }

  async function follow() {
    clearTimeout(timer);
    try {
      jobs = (await get("api/jobs")).jobs;
      fault = "";
    } catch (wrong) { fault = wrong.message; }
    for (const job of jobs) {
      if (OPEN.includes(job.state)) shown.add(job.id);
      else if (shown.delete(job.id)) folded = false;
    }
    draw();
    if (jobs.some((job) => OPEN.includes(job.state))) timer = setTimeout(follow, 1000);
  }

  async function ask(layers, format) {
    const filters = Object.fromEntries(new URLSearchParams(query()));
    folded = false;
    try { await post("api/jobs", { kind: "export", asked: { layers, format, filters } }); fault = ""; }
    catch (wrong) { fault = wrong.message; jobs = jobs.slice(); draw(); return; }
    follow();
  }

  /* The button over the table: this layer in any format, or every layer at once, always as the filters stand. */
  function menu() {
    const list = el("div", { class: "menu", role: "menu", hidden: true });
    const button = el("button", { type: "button", class: "button", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("down", 16), say("导出", "Export"));
    const shut = () => { list.hidden = true; button.setAttribute("aria-expanded", "false"); document.removeEventListener("pointerdown", outside); };
    const outside = (event) => { if (!whole.contains(event.target)) shut(); };
    const item = (text, run) => el("button", { type: "button", role: "menuitem", on: { click: () => { shut(); button.focus(); run(); } } }, text);
    list.append(el("p", { class: "t3" }, say("本列表，按当前筛选", "This table, as filtered")), ...FORMATS.map(([format, title]) => item(title, () => ask([state.table], format))),
      el("p", { class: "t3" }, say("全部图层，按当前筛选", "All layers, as filtered")), item(say("GeoPackage（地图软件）", "GeoPackage (GIS)"), () => ask([], "gpkg")));
    const whole = el("div", { class: "has-menu", on: { keydown: (event) => {
      const items = [...list.querySelectorAll("button")], here = items.indexOf(document.activeElement);
      if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); shut(); button.focus(); }
      if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); items[(here + 1) % items.length].focus(); }
      if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); items[(here - 1 + items.length) % items.length].focus(); }
    } } }, button, list);
    button.addEventListener("click", () => {
      if (!list.hidden) { shut(); return; }
      list.hidden = false;
      button.setAttribute("aria-expanded", "true");
      document.addEventListener("pointerdown", outside);
      list.querySelector("button").focus();
    });
    return whole;
  }

  function start(under) {
    tray = el("div", { class: "furniture work-tray", role: "status", "aria-live": "polite", hidden: true });
    under.append(tray);
    follow();
  }

  window.OneMap.work = { start, menu };
})();
