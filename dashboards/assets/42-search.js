/* Search by name, code, address, chemical: arrows move, Enter opens, Esc leaves, / comes back. */
(function () {
  "use strict";
  const { el, icon, say, get, debounce } = window.OneMap;

  function start(box, pick, go) {
    const input = el("input", { id: "search-input", type: "search", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": "search-hits", placeholder: say("企业、编码、地址、化学品", "Name, code, address, chemical"), "aria-label": say("搜索", "Search"), maxlength: 100 });
    const list = el("ul", { id: "search-hits", role: "listbox", hidden: true, "aria-label": say("搜索结果", "Results") });
    box.append(icon("search"), input, el("kbd", { class: "desk-only" }, "/"), list);
    let hits = [], of = "", at = -1, asked = 0, entered = false;
    /* What stands in the list was found for `of`: Enter opens nothing of what was typed before. */
    const typed = () => input.value.trim();

    function close() { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); at = -1; }
    function note(words) { list.replaceChildren(el("li", { class: "note", role: "presentation" }, words)); open(); }
    function open() { list.hidden = false; input.setAttribute("aria-expanded", "true"); }

    function mark(next) {
      at = (next + hits.length) % hits.length;
      [...list.querySelectorAll("[role=option]")].forEach((node, k) => node.setAttribute("aria-selected", String(k === at)));
      const node = list.children[at];
      if (node) { input.setAttribute("aria-activedescendant", node.id); node.scrollIntoView({ block: "nearest" }); }
    }

    function choose(hit) { entered = false; close(); if (hit.place) return go(hit.place); input.blur(); pick(hit); }

    /* The first of what is found for the words as they stand, now or once it is found. */
    function enter() {
      if (of !== typed()) { entered = Boolean(typed()); ask(); }
      else if (hits.length) choose(hits[Math.max(0, at)]);
    }

    const ask = debounce(async () => {
      const words = typed(), turn = ++asked;
      const place = words.match(/^(-?\d+(?:\.\d+)?)[,，\s]+(-?\d+(?:\.\d+)?)$/);
      if (!words) return close();
      if (place) { hits = [{ place: [Number(place[1]), Number(place[2])], label: words, title: say("经纬度", "Position"), snippet: say("经度在前", "longitude first") }]; of = words; return draw(); }
      try {
        const answer = await get(`api/search?q=${encodeURIComponent(words)}`);
        if (turn !== asked) return;
        hits = answer.hits;
        of = words;
        if (!hits.length) { entered = false; return note(say(`没有找到“${words}”，可试名称、编码、地址或化学品中的两个字`, `Nothing for “${words}”`)); }
        draw();
      } catch (fault) { if (turn !== asked) return; hits = []; entered = false; note(say(`搜索失败：${fault.message}`, `Search failed: ${fault.message}`)); }
    }, 160);

    function draw() {
      list.replaceChildren(...hits.map((hit, k) => el("li", { id: `hit-${k}`, role: "option", "aria-selected": "false", on: { mousedown: (event) => { event.preventDefault(); choose(hit); } } },
        hit.symbol ? window.OneMap.drawer.picture(hit.symbol, 22) : icon("pin"), el("span", { class: "el" }, el("b", {}, hit.label), el("span", { class: "t3 el" }, hit.snippet)), el("span", { class: "t3 nw" }, hit.title))));
      open();
      at = -1;
      if (entered) enter();
    }

    input.addEventListener("input", () => { entered = false; ask(); });
    input.addEventListener("focus", () => { if (hits.length && of === typed()) open(); });
    input.addEventListener("blur", () => { entered = false; setTimeout(close, 120); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && hits.length) { event.preventDefault(); open(); mark(at + 1); }
      else if (event.key === "ArrowUp" && hits.length) { event.preventDefault(); mark(at - 1); }
      else if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); enter(); }
      else if (event.key === "Escape") { close(); input.blur(); }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName || "")) { event.preventDefault(); input.focus(); input.select(); }
    });
    return input;
  }

  window.OneMap.search = { start };
})();
