/* Dangerous substances: the list by number or name at the left, the card of one at the right; the address names it. */
(function () {
  "use strict";
  const { base, el, icon, say, get, may, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const number = (n) => (n === null ? "–" : Math.abs(n) >= 1e5 || (n && Math.abs(n) < 1e-3) ? n.toExponential(2) : String(Number(n.toPrecision(4))));
  const unit = (said) => ({ Cel: "℃", "1": "" }[said] ?? said.replace("m3", "m³").replace("kJ/(kg.K)", "kJ/(kg·K)"));
  const mark = (one) => my.chip(one.state, one.verified ? "good" : "dull");

  function facts(card) {
    const rows = card.properties.map((one) => ({ cells: [one.title, el("b", { class: "nw" }, `${number(one.value)} ${unit(one.unit)}`), one.at_celsius === null ? "" : `${one.at_celsius.toFixed(1)} ℃`,
      el("span", { class: "chem-source" }, one.source, one.doubt ? el("span", { class: "doubt" }, ` ${one.doubt}`) : null)] }));
    return rows.length ? my.table([say("物性", "Property"), say("数值", "Value"), say("温度", "At"), say("来源", "From")], rows) : el("p", { class: "adm-note t3" }, say("没有物性数据。", "No properties are known here."));
  }

  function levels(scheme) {
    const link = (one) => (may("plan") && one.row ? el("a", { href: `${base}limits#${encodeURIComponent(one.row)}` }, mark(one)) : mark(one));
    const rows = scheme.rows.map((one) => ({ cells: [one.quantity, say(`${number(one.minutes)} 分`, `${number(one.minutes)} min`), el("b", { class: "nw" }, one.value === null ? say("未推荐", "none recommended") : `${number(one.value)} ${one.unit}`), el("span", { class: "chem-source" }, one.source, one.note ? ` ${one.note}` : ""), link(one)] }));
    return [el("h3", {}, scheme.scheme), my.table([say("限值", "Limit"), say("平均时间", "Averaging"), say("浓度", "Concentration"), say("来源", "From"), say("核实", "Standing")], rows)];
  }

  function drawn(card) {
    const numbers = [card.cas ? `CAS ${card.cas}` : "", card.un.length ? `UN ${card.un.join("/")}` : "", card.classes.length ? say(`类别 ${card.classes.join("、")}`, `class ${card.classes.join(", ")}`) : ""].filter(Boolean);
    const thresholds = card.thresholds.map((one) => el("p", {}, say(`GB 18218-2018 表1 序号 ${one.serial}:${one.name},临界量 `, `GB 18218-2018 table 1 row ${one.serial}: ${one.name}, threshold `), el("b", {}, `${number(one.tonnes)} t `), mark(one)));
    const plan = may("plan") && card.cas ? el("a", { class: "adm-button", href: `${base}planner?chemical=${encodeURIComponent(card.cas)}` }, say("推演此物质的泄漏", "Plan a release")) : null;
    return [el("header", {}, el("div", {}, el("h2", { tabindex: "-1" }, card.name), el("p", { class: "t3" }, card.other_name), el("p", { class: "chem-numbers" }, numbers.join(" · "))), plan),
      card.synonyms.length ? el("p", { class: "t3" }, say("别名 ", "Also "), my.names(card.synonyms)) : null, card.note ? el("p", {}, card.note) : null,
      ...card.remarks.map((words) => el("p", { class: "chem-remark" }, icon("warn", 14), words)),
      thresholds.length ? el("h3", {}, say("重大危险源", "Major hazard source")) : null, ...thresholds,
      ...card.levels.flatMap(levels), el("h3", {}, say("物性", "Properties")), facts(card),
      card.missing.length ? el("p", { class: "t3" }, say(`没有数据:${my.names(card.missing)}`, `Not known here: ${my.names(card.missing)}`)) : null].filter(Boolean);
  }

  function start(screen) {
    window.OneMap.office.frame(screen);
    const bar = screen.querySelector("#chemicals-bar"), room = screen.querySelector("#chemicals-list"), paper = screen.querySelector("#chemicals-card");
    const given = new URLSearchParams(location.search);
    let picked = given.get("id") || "", sought = given.get("q") || "";
    const find = el("input", { type: "search", value: sought, placeholder: say("名称、CAS、UN 号", "Name, CAS, UN number"), "aria-label": say("查找化学品", "Find a substance") });
    bar.replaceChildren(find);
    find.addEventListener("input", debounce(() => { sought = find.value.trim(); keep(); list(); }, 200));

    function keep() {
      const asked = new URLSearchParams();
      if (sought) asked.set("q", sought);
      if (picked) asked.set("id", picked);
      const lang = new URLSearchParams(location.search).get("lang");
      if (lang) asked.set("lang", lang);
      history.replaceState(null, "", `${location.pathname}${asked.size ? `?${asked}` : ""}`);
    }

    const list = () => my.room(room, () => get(`api/chemicals${sought ? `?q=${encodeURIComponent(sought)}` : ""}`), (answer) => {
      if (!answer.rows.length) return my.empty(say(`没有与“${sought}”相符的物质。`, `Nothing matches “${sought}”.`));
      return [el("ul", { class: "chem-rows" }, answer.rows.map((one) => el("li", {}, el("button", { type: "button", "aria-pressed": String(one.id === picked), on: { click: () => open(one.id) } }, el("b", {}, one.name), el("small", { class: "t3" }, [one.cas, one.un.length ? `UN ${one.un.join("/")}` : "", one.listed ? "GB 18218" : ""].filter(Boolean).join(" · ")))))),
        el("footer", {}, el("span", { class: "t3" }, say(`共 ${answer.total} 种`, `${answer.total} substances`)))];
    });

    async function open(id) {
      picked = id;
      keep();
      for (const one of room.querySelectorAll("button[aria-pressed]")) one.setAttribute("aria-pressed", "false");
      await my.room(paper, () => get(`api/chemicals/card?id=${encodeURIComponent(id)}`), drawn);
      list();
      if (window.innerWidth < 900) paper.scrollIntoView({ block: "start" });
      paper.querySelector("h2")?.focus({ preventScroll: true });
    }

    const first = picked ? open(picked) : list().then(() => { paper.replaceChildren(my.empty(say("从左侧选一种物质,或按名称、CAS、UN 号查找。", "Choose a substance, or find one by name, CAS or UN number."))); });
    return first.then(() => { screen.dataset.ready = "1"; find.focus(); });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=chemicals]");
    if (!screen) return;
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
