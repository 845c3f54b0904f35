/* Symbols that would peek out from beneath a ring step aside to its rim, tied to their place by a line; none is left out. */
(function () {
  "use strict";
  const GAP = 3, TURNS = 24;

  /* Marks have x, y and room (the radius they need); those with `firm` stay. Moved ones keep their place in `from`. */
  function spread(marks) {
    const placed = marks.filter((m) => m.firm), rings = placed.filter((m) => m.count > 1);
    const free = (x, y, room) => placed.every((m) => Math.hypot(m.x - x, m.y - y) >= m.room + room);
    for (const mark of marks) {
      if (mark.firm) continue;
      const over = rings.find((m) => Math.hypot(m.x - mark.x, m.y - mark.y) < m.room + mark.room * 0.5);
      if (over) {
        const first = Math.atan2(mark.y - over.y, mark.x - over.x), far = over.room + mark.room + GAP;
        for (let k = 0; k < TURNS; k++) {
          const turn = first + (k % 2 ? 1 : -1) * Math.ceil(k / 2) * ((2 * Math.PI) / TURNS);
          const x = over.x + far * Math.cos(turn), y = over.y + far * Math.sin(turn);
          if (!free(x, y, mark.room * 0.8)) continue;
          Object.assign(mark, { from: { x: mark.x, y: mark.y }, x, y });
          break;
        }
      }
      placed.push(mark);
    }
  }

  function ties(ctx, colour, marks) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.2;
    ctx.beginPath();
    for (const m of marks) if (m.from) { ctx.moveTo(m.from.x, m.from.y); ctx.lineTo(m.x, m.y); }
    ctx.stroke();
  }

  window.OneMap.spread = { spread, ties };
})();
