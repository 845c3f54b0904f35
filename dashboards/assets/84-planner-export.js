/* What leaves the workbench: the link, the scenario's own file, and files the server makes anew and records. */
(function () {
  "use strict";
  const { el, say, icon, fetchFile } = window.OneMap;
  const plan = window.OneMap.plan;
  const WORDS = { gpkg: say("GeoPackage（带样式）", "GeoPackage, styled"), kml: "KML", pdf: say("PDF 简报", "PDF brief"), html: say("离线网页地图", "Offline web map") };

  function save(blob, name) {
    const link = el("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function exports(now, formats, more) {
    const room = document.getElementById("plan-compare-body"), done = plan.SIDES.filter((side) => now[side]?.answer);
    if (!done.length) return;
    const note = el("span", { class: "t3", role: "status" });
    const share = async () => { try { await navigator.clipboard.writeText(location.href); note.textContent = say("已复制", "Copied"); } catch (closed) { note.textContent = say("浏览器不允许复制，请从地址栏复制", "Copy it from the address bar"); } };
    async function made(format) {
      menu.open = false;
      note.textContent = say("服务器重新计算并制作中", "The server computes it anew");
      const [first, second] = done.map((side) => now[side].given);
      try {
        const { blob, name } = await fetchFile("api/planner/export", { format, scenario: first, ...(second ? { second } : {}) });
        save(blob, name || `scenario.${format}`);
        note.textContent = say("已导出，已记入审计", "Exported, and recorded");
      } catch (fault) { note.textContent = plan.refusal(fault); }
    }
    const own = (side) => () => { menu.open = false; save(new Blob([JSON.stringify(now[side].answer.scenario, null, 2)], { type: "application/json" }), `${now[side].given.title}.json`); };
    const zones = (side) => () => { menu.open = false; save(new Blob([JSON.stringify(now[side].answer.geojson)], { type: "application/geo+json" }), `${now[side].given.title}.geojson`); };
    const item = (words, run) => el("li", {}, el("button", { type: "button", on: { click: run } }, words));
    const menu = el("details", { class: "plan-menu" }, el("summary", { class: "adm-button" }, icon("down", 15), say("导出", "Export")), el("ul", {},
      formats.map((format) => item(WORDS[format] || format, () => made(format))),
      done.map((side) => item(say(`${side} 影响区 GeoJSON`, `Zones of ${side}, GeoJSON`), zones(side))),
      done.map((side) => item(say(`${side} 情景文件（SI）`, `Scenario file of ${side} (SI)`), own(side)))));
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; menu.firstChild.focus(); event.stopPropagation(); } });
    room.append(el("div", { class: "plan-actions" }, el("button", { type: "button", class: "adm-button", on: { click: share } }, icon("link", 15), say("复制对比链接", "Copy the link")), menu, more || null, note));
  }

  Object.assign(plan, { exports, save });
})();
