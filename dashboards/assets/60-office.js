/* What every office page has: its theme, the account's menu, the search that opens the map at a hit, a dialog to read in. */
(function () {
  "use strict";
  const { base, el, say, icon, get, post } = window.OneMap;
  const THEME = "onemap_theme";
  const PICTURES = {
    person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.500c.5-4 3.200-6 7.500-6s7 2 7.500 6",
    map: "M3.500 6.500 9 4.500l6 2 5.500-2v13l-5.500 2-6-2-5.500 2zM9 4.500v13M15 6.500v13",
    hall: "M3.500 5h17v11h-17zM8.500 20h7M12 16v4M7 12.500l3-3 2.500 2 4-4",
    enterprises: "M4 20V9.500l5 3v-3l5 3V4.500h5V20zM8 16.500h1.500M12.500 16.500H14",
    own: "M4 20V9.500l5 3v-3l5 3V4.500h5V20zM8 16.500h1.500M12.500 16.500H14",
    hazards: "M12 3.800 21.500 20h-19zM12 10v4.600M12 17.400v.2",
    hazchem: "M9 3h6M10 3v6L4.600 18a2 2 0 0 0 1.800 3h11.200a2 2 0 0 0 1.800-3L14 9V3M7.500 15.500h9",
    mine: "M4 20 14.500 9.500M20 20 9.500 9.500M3.500 9C7 4.500 12 3.500 16 5.200M20.500 9C17 4.500 12 3.500 8 5.200",
    firework: "M12 21v-8M12 13 7 8M12 13l5-5M12 13V4M12 13H5M12 13h7",
    sensors: "M4 18v2M9 14v6M14 10v10M19 5v15",
    cameras: "M3 6.500h12v11H3zM15 11l6-3.500v9L15 13",
    teams: "M8.500 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM16.500 6.500a2.500 2.500 0 1 1 0 5M2.500 19.500c0-4 2.500-6.500 6-6.500s6 2.500 6 6.500zM17 13.500c2.700.3 4.500 2.500 4.500 6",
    accidents: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
    shelters: "M3.500 12 12 4.500 20.500 12M6 10v9.500h12V10M10 19.500v-5h4v5",
    export: "M12 4v11M7 10.500 12 15.500l5-5M5 20h14",
    brief: "M6 3.500h8.500L19 8v12.500H6zM14 3.500V8.500h5M9 12.500h7M9 16.500h7",
    services: "M8.500 7 3.500 12l5 5M15.500 7l5 5-5 5M13.500 5l-3 14",
    accounts: "M4 5h16v14H4zM8.500 9a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM5.800 17c.3-1.700 1.300-2.600 2.700-2.600s2.400.9 2.700 2.600M14 10h3.500M14 14h3.500",
    audit: "M6 3.500h12v17H6zM9 8h6M9 12h6M9 16h3",
    planner: "M12 12a1.500 1.500 0 1 0 0 .1zM12 3.500v3M12 17.500v3M3.500 12h3M17.500 12h3M12 6.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11z",
    bell: "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 2h-15zM10 21h4M12 5V3",
    chevron: "M9 5l7 7-7 7",
    lock: "M6 11h12v9.500H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  };

  function picture(name, size) {
    const svg = icon("page", size || 24);
    svg.firstChild.setAttribute("d", PICTURES[name] || PICTURES.brief);
    svg.style.strokeWidth = "1.8";
    return svg;
  }

  /* day, night, or as the machine has it; kept by this browser */
  function theme() {
    try { const kept = localStorage.getItem(THEME); if (kept === "day" || kept === "night") return kept; } catch (closed) { /* no storage: the day */ }
    return "day";
  }

  function dress(screen) {
    screen.dataset.theme = theme();
    document.documentElement.style.background = theme() === "night" ? "#0A1016" : "#F2F5F7";
    document.body.style.background = "inherit";
    for (const button of screen.querySelectorAll(".theme-switch")) button.textContent = theme() === "night" ? say("切换浅色", "Light theme") : say("切换深色", "Dark theme");
    for (const choice of screen.querySelectorAll("input[name=theme]")) choice.checked = choice.value === theme();
    for (const run of dressed) run(theme());
  }

  const dressed = new Set();

  function choose(screen, value) {
    try { localStorage.setItem(THEME, value); } catch (closed) { /* only for this page then */ }
    post("api/me", { theme: value }).catch(() => { /* kept by this browser all the same */ });
    dress(screen);
  }

  function read(title, under, ...body) {
    const dialog = el("dialog", { class: "paper", "aria-label": title });
    const close = el("button", { type: "button", class: "icon", "aria-label": say("关闭", "Close"), on: { click: () => dialog.close() } }, icon("close"));
    dialog.append(el("header", {}, el("div", {}, el("h2", {}, title), el("p", { class: "t3" }, under)), close), el("div", { class: "paper-body" }, ...body));
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    (document.querySelector("#office-dialog") || document.body).append(dialog);
    dialog.showModal();
    return dialog;
  }

  /* The ways in for which the head has no room stand behind 更多, copied; the page that is open stays in the row. */
  function ways(head) {
    const row = head.querySelector("nav"), more = head.querySelector(".ways-more"), menu = more.querySelector("nav"), all = [...row.children], here = all.find((link) => link.classList.contains("here"));
    menu.setAttribute("aria-label", say("更多页面", "More pages"));
    let width = 0;
    function fit() {
      if (head.clientWidth === width) return;
      width = head.clientWidth;
      const last = all.filter((link) => link !== here).reverse(), away = new Set();
      for (const link of all) link.hidden = false;
      more.hidden = true;
      while (row.scrollWidth > row.clientWidth + 1 && last.length) {
        const link = last.shift();
        more.hidden = false;
        link.hidden = true;
        away.add(link);
      }
      menu.replaceChildren(...all.filter((link) => away.has(link)).map((link) => { const copy = link.cloneNode(true); copy.hidden = false; return copy; }));
    }
    new ResizeObserver(fit).observe(head);
    document.fonts.ready.then(() => { width = 0; fit(); });
    fit();
  }

  function frame(screen) {
    for (const node of screen.querySelectorAll("[data-icon]")) node.replaceChildren(picture(node.dataset.icon, 18));
    for (const menu of screen.querySelectorAll(".account-box, .ways-more")) {
      document.addEventListener("click", (event) => { if (menu.open && !menu.contains(event.target)) menu.open = false; });
      document.addEventListener("keydown", (event) => { if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); } });
    }
    ways(screen.querySelector(".office-head"));
    screen.querySelector(".theme-switch").addEventListener("click", () => choose(screen, theme() === "night" ? "day" : "night"));
    for (const link of screen.querySelectorAll("a[hreflang]")) link.addEventListener("click", async (event) => { event.preventDefault(); await post("api/me", { lang: link.lang.slice(0, 2) }).catch(() => { /* the browser keeps it */ }); location.href = link.href; });
    const box = screen.querySelector("#office-search");
    const own = screen.dataset.screen === "enterprise";  // there an enterprise that is found opens on this page
    const there = (hit) => { location.href = own && hit.layer === "enterprises" ? `${base}enterprise?id=${encodeURIComponent(hit.key)}` : `${base}map?layers=${hit.layer === "enterprises" ? "enterprises" : `enterprises,${hit.layer}`}&sel=${encodeURIComponent(`${hit.layer}:${hit.key}`)}${hit.lon === null ? "" : `&c=${hit.lon},${hit.lat}&z=15`}`; };
    if (box) window.OneMap.search.start(box, there, (place) => { location.href = `${base}map?c=${place[0]},${place[1]}&z=15`; });
    window.OneMap.messages.bell(screen);
    dress(screen);
  }

  /* The account as the server knows it; a theme chosen on another machine is worn here too, until one is chosen here. */
  async function account(screen) {
    const me = await get("api/me");
    try {
      if (!localStorage.getItem(THEME) && (me.theme === "day" || me.theme === "night")) { localStorage.setItem(THEME, me.theme); dress(screen); }
    } catch (closed) { /* no storage */ }
    return me;
  }

  window.OneMap.office = { picture, theme, dress, choose, frame, read, account, onDress: (run) => dressed.add(run) };
})();
