/* The queue: only the rows in sight are drawn, and it is put in order anew when nobody points at it or has chosen a row. */
(function () {
  "use strict";
  const { el, glyph, say, thousands } = window.OneMap;
  const my = window.OneMap.alarms;
  const SPARE = 4;

  /* `pick` is told the row chosen; `shown` answers whether an alarm is wanted by the filters. */
  function queue(box, { pick, shown }) {
    const height = () => (window.matchMedia("(max-width: 760px)").matches ? 92 : 57);
    const bar = el("button", { type: "button", class: "alarms-held", hidden: true, on: { click: () => sort() } });
    const space = el("div", { class: "alarms-space" }), empty = el("p", { class: "alarms-empty", hidden: true });
    box.append(bar, space, empty);
    let heads = [], place = new Map(), drawn = new Map(), selected = "", over = false, held = new Set(), fresh = new Set(), frame = 0;

    const quiet = () => !over && !selected;

    /* Put everything in order; what waited is among it. */
    function sort(marked) {
      fresh = new Set(marked || held);
      held = new Set();
      heads = my.merged([...my.world.rows.values()].filter(shown));
      place = new Map(heads.flatMap((head, n) => head.members.map((row) => [row.code, n])));
      for (const node of drawn.values()) node.remove();
      drawn = new Map();
      space.style.height = `${heads.length * height()}px`;
      tell();
      draw();
    }

    /* New rows wait while somebody points or has chosen; what changed is written where it stands. */
    function changed(news, touched) {
      if (quiet()) { sort(news.filter((code) => my.world.rows.has(code) && shown(my.world.rows.get(code)))); return; }
      for (const code of news) if (my.world.rows.has(code) && shown(my.world.rows.get(code))) held.add(code);
      for (const code of [...held]) if (!my.world.rows.has(code)) held.delete(code);
      for (const head of heads) {
        head.members = head.members.map((row) => my.world.rows.get(row.code) || { ...row, state: "closed" });
        head.row = head.members.find((row) => row.code === head.row.code) || head.members[0];
      }
      for (const code of touched) { const n = place.get(code); if (n !== undefined && drawn.has(n)) { drawn.get(n).remove(); drawn.delete(n); } }
      tell();
      draw();
    }

    function tell() {
      bar.hidden = !held.size;
      bar.textContent = say(`有 ${held.size} 条新`, `${held.size} new`);
      empty.hidden = heads.length > 0;
      box.setAttribute("aria-label", say(`报警队列，${heads.length} 行`, `Alarm queue, ${heads.length} rows`));
    }

    function row(head, n) {
      const one = head.row, many = head.members.length, top = my.level(one), open = head.members.filter(my.waiting).length;
      const state = open && many > 1 ? my.state({ state: "raised" }) : my.state(one);
      const second = many > 1 ? [el("b", {}, say(`同一事故 ${many} 条已合并`, `${many} of one cause`)), ` ${my.what(one)}`] : my.what(one);
      const first = many > 1 && open > 1 ? say(`新 ${open}`, `${open} new`) : state.words;
      const node = el("div", { class: `alarm-row${fresh.has(one.code) ? " fresh" : ""}`, role: "option", id: `alarm-${n}`, "aria-selected": String(one.code === selected || head.members.some((member) => member.code === selected)), "aria-setsize": heads.length, "aria-posinset": n + 1, "data-code": one.code },
        el("span", { class: "lv" }, glyph(one.level), el("span", {}, top.word)),
        el("span", { class: "nm el", title: one.title }, my.object(one)),
        el("span", { class: "wt el" }, second),
        ages(head),
        el("span", { class: `st nw st-${state.id}` }, one.unknown_since ? el("span", { class: "stale" }, say("◷ 失联 ", "◷ unknown ")) : null, el("span", { class: "chip-state" }, first)));
      node.style.transform = `translateY(${n * height()}px)`;
      node.addEventListener("click", () => choose(one.code));
      return node;
    }

    /* How old it is, and how long until somebody must have answered. */
    function ages(head) {
      const one = head.row, reply = soonest(head), late = reply && reply.left && (reply.share <= 0.2 || reply.left.over);
      return el("span", { class: "ag nw", "data-due": reply?.left ? one.due : null }, el("span", { "data-since": my.since(one) }, my.age(my.since(one))), reply?.left ? el("span", { class: late ? "o" : "t3" }, `·${late ? "⚠ " : ""}${reply.left.over ? say("超时 ", "over ") : ""}${reply.left.words}`) : null);
    }

    function soonest(head) {
      const open = head.members.filter((member) => my.waiting(member) && member.due).sort((a, b) => a.due - b.due);
      return open.length ? my.reply(open[0]) : null;
    }

    function draw() {
      if (frame) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        const h = height(), from = Math.max(0, Math.floor(box.scrollTop / h) - SPARE), to = Math.min(heads.length, Math.ceil((box.scrollTop + box.clientHeight) / h) + SPARE);
        for (const [n, node] of drawn) if (n < from || n >= to) { node.remove(); drawn.delete(n); }
        for (let n = from; n < to; n++) if (!drawn.has(n)) { const node = row(heads[n], n); drawn.set(n, node); space.append(node); }
      });
    }

    /* Ages and clocks move; the rows stay. */
    function tick() {
      for (const [n, node] of drawn) {
        const head = heads[n], line = node.querySelector(".ag");
        if (head && line) line.replaceWith(ages(head));
      }
    }

    function mark() {
      for (const [n, node] of drawn) node.setAttribute("aria-selected", String(Boolean(heads[n]?.members.some((member) => member.code === selected))));
      const n = place.get(selected);
      if (n === undefined) box.removeAttribute("aria-activedescendant");
      else box.setAttribute("aria-activedescendant", `alarm-${n}`);
    }

    function choose(code) {
      selected = code;
      mark();
      if (code) reveal(place.get(code));
      else sort();
      pick(code);
    }

    function reveal(n) {
      if (n === undefined) return;
      const h = height(), top = n * h, bottom = top + h;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
      draw();
    }

    function step(by) {
      if (!heads.length) return;
      const now = place.get(selected), next = now === undefined ? (by > 0 ? 0 : heads.length - 1) : Math.min(heads.length - 1, Math.max(0, now + by));
      choose(heads[next].row.code);
    }

    box.addEventListener("scroll", draw, { passive: true });
    box.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") over = true; });
    box.addEventListener("pointerleave", () => { over = false; if (quiet() && held.size) sort(); });
    box.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) { event.preventDefault(); step(by); }
    });
    new ResizeObserver(() => { space.style.height = `${heads.length * height()}px`; draw(); }).observe(box);

    return { sort, changed, choose, step, tick, none: (words) => { empty.textContent = words; }, members: (code) => heads[place.get(code)]?.members || [], selected: () => selected, count: () => heads.length, total: () => heads.reduce((sum, head) => sum + head.members.length, 0), held: () => held.size, worst: () => heads.find((head) => head.members.some(my.waiting)), thousands };
  }

  window.OneMap.alarms.queue = queue;
})();
