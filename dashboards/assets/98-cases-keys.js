/* The list of cases by keyboard: / seeks, arrows go from row to row, Home and End to the first and last, Enter opens. */
(function () {
  "use strict";

  function start(list) {
    const rows = () => [...list.querySelectorAll("button[data-code]")];
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const here = document.activeElement, typing = /^(INPUT|SELECT|TEXTAREA)$/.test(here?.tagName || "");
      const box = list.querySelector("input[type=search]");
      if (event.key === "/" && !typing && box) {
        event.preventDefault();
        event.stopImmediatePropagation();
        box.focus();
        box.select();
        return;
      }
      const all = rows(), at = all.indexOf(here);
      if (!all.length || (at < 0 && here !== box && here !== document.body)) return;
      const last = all.length - 1;
      const to = { ArrowDown: Math.min(last, at + 1), ArrowUp: at < 0 ? -1 : at - 1, Home: at < 0 ? -1 : 0, End: at < 0 ? -1 : last }[event.key];
      if (to === undefined || (at < 0 && event.key !== "ArrowDown")) return;
      event.preventDefault();
      if (to < 0) box?.focus();
      else { all[to].focus(); all[to].scrollIntoView({ block: "nearest" }); }
    }, true);
  }

  window.OneMap.caseKeys = { start };
})();
