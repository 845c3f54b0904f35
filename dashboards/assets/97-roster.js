/* The page of duty: tabs, the map beside them, what is open, keys; each tab has a script of its own. */
(function () {
  "use strict";
  const { el, say, get, live, gathered, furniture } = window.OneMap;
  const roster = (window.OneMap.roster = window.OneMap.roster || { tabs: {} });

  async function start(map, screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#roster-${id}`);
    const body = part("body"), side = part("one"), sheet = part("map"), keys = part("keys"), grid = screen.querySelector(".roster-grid");
    const buttons = [...screen.querySelectorAll(".roster-tabs [role=tab]")], made = {};
    const asked = new URLSearchParams(location.search);
    let here = "", picked = asked.get("code") || "";
    const choices = await window.OneMap.admin.room(body, () => get("api/roster/choices"), () => []);
    if (!choices) { screen.dataset.ready = "1"; return; }
    body.replaceChildren();
    part("over").append(furniture.scale(map, 120), furniture.north());
    map.getContainer().setAttribute("aria-label", say("来电地点地图", "Map of where calls were about"));

    function keep() {
      const now = new URLSearchParams({ tab: here });
      if (picked) now.set("code", picked);
      if (asked.get("lang")) now.set("lang", asked.get("lang"));
      history.replaceState(null, "", `${location.pathname}?${now}`);
    }
    const page = {
      map, side, sheet, choices, may_write: choices.may_write, picked: () => picked, extra: (one) => (roster.extra ? roster.extra(one, page) : []),
      mapped: (on) => sheet.classList.toggle("idle", !on),
      async open(code, quiet) {
        picked = code;
        keep();
        side.hidden = false;
        made[here].selected?.();
        map.invalidateSize();
        await made[here].open(code);
        window.OneMap.tick();
        if (quiet) return;
        side.querySelector("h2")?.focus({ preventScroll: window.innerWidth > 1280 });
        if (window.innerWidth <= 1280) side.scrollIntoView({ block: "start" });
      },
      close() {
        const was = picked;
        side.hidden = true;
        picked = "";
        keep();
        made[here].selected?.();
        map.invalidateSize();
        body.querySelector(`[data-code="${CSS.escape(was)}"]`)?.focus();
      },
    };

    async function tab(name, first) {
      const one = buttons.find((each) => each.dataset.tab === name) || buttons[0];
      if (made[here]) { made[here].hide?.(); made[here].room.hidden = true; }
      here = one.dataset.tab;
      if (!first) picked = "";
      side.hidden = true;
      for (const each of buttons) { each.setAttribute("aria-selected", String(each === one)); each.tabIndex = each === one ? 0 : -1; }
      body.setAttribute("aria-labelledby", one.id);
      if (!made[here]) {
        const room = el("div", { class: "roster-body" });
        body.append(room);
        made[here] = { ...roster.tabs[here].start(room, page), room };
      }
      made[here].room.hidden = false;
      grid.classList.toggle("wide", Boolean(made[here].wide));
      made[here].show?.();
      map.invalidateSize();
      told();
      keep();
      await made[here].read();
      if (picked && made[here].open) await page.open(picked, true);
    }

    function told() {
      const own = Object.entries(made[here].keys || {}).map(([key, [words]]) => [key.toUpperCase(), words]);
      keys.replaceChildren(...[...own, ["1–" + buttons.length, say("换栏", "Tab")], ["J K", say("上下条", "Next, previous")], ["/", say("查找", "Find")], ["Ctrl Enter", say("送出", "Send")], ["Esc", say("返回", "Back")]].map(([key, words]) => el("span", {}, el("kbd", {}, key), words)));
    }

    screen.querySelector(".roster-tabs").addEventListener("click", (event) => { const one = event.target.closest("[role=tab]"); if (one) tab(one.dataset.tab); });
    screen.querySelector(".roster-tabs").addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const next = buttons[(buttons.indexOf(document.activeElement) + by + buttons.length) % buttons.length];
      next.focus();
      tab(next.dataset.tab);
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const typing = event.target.closest("input, textarea, select");
      if (event.key === "Escape") { if (sheet.classList.contains("pick")) sheet.classList.remove("pick"); else if (typing) typing.blur(); else if (!side.hidden) page.close(); return; }
      if (typing) return;
      const key = event.key.toLowerCase(), own = made[here]?.keys?.[key];
      if (own) { event.preventDefault(); own[1](); return; }
      if (/^[1-9]$/.test(key) && buttons[Number(key) - 1]) { tab(buttons[Number(key) - 1].dataset.tab); return; }
      if (key === "/") { event.preventDefault(); made[here].find?.(); return; }
      const by = { j: 1, k: -1 }[key], all = [...(made[here].list?.() || body).querySelectorAll("[data-code]")];
      if (!by || !all.length) return;
      const at = all.findIndex((line) => line === document.activeElement || line.dataset.code === picked), next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
      next.focus();
      if (!side.hidden) page.open(next.dataset.code, true);
    });

    if (roster.now) roster.now(part("now"), page);
    await tab(asked.get("tab") || buttons[0].dataset.tab, true);
    const again = gathered(async () => { if (window.OneMap.held(again)) return; await made[here].again(); if (picked && !side.hidden && made[here].open) await page.open(picked, true); }, 600);
    live.onChanges((layers) => { if (made[here].layers.some((layer) => layers.has(layer))) again(); if (roster.now && layers.has("duty_shifts")) roster.now(part("now"), page); });
    live.open();
    screen.dataset.ready = "1";
    const city = await window.OneMap.risk.outlines("areas").catch(() => new Map());
    if (city.size) map.fitBounds(L.geoJSON([...city.values()]).getBounds(), { animate: false, padding: [14, 14] });
  }

  window.OneMap.startRoster = start;
})();
