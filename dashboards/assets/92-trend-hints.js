/* What models say of a point, on the trend: diamonds over change points, a dashed band ahead; always marked as unverified. */
(function () {
  "use strict";
  const { el, say, time } = window.OneMap;
  const moment = (t) => { const d = new Date(t); return `${time.date(d)} ${time.minute(d)}`; };
  const percent = (share) => `${Math.round(share * 100)}%`;
  const there = (part) => Boolean(part && part.at.length);

  /* Until when something is drawn: the end of the band that reaches furthest. */
  const end = (points, to) => points.reduce((latest, one) => (there(one.hints?.forecast) ? Math.max(latest, one.hints.forecast.at[one.hints.forecast.at.length - 1]) : latest), to);

  /* The band belongs to the scale of its lane. */
  function reach(one) {
    const band = one.hints?.forecast;
    return there(band) ? [Math.min(...band.low), Math.max(...band.high)] : null;
  }

  function paint(ctx, one, X, Y, box, ink) {
    const hints = one.hints, colour = ink.series[one.place];
    if (!hints) return;
    if (there(hints.forecast)) {
      const { at, middle, low, high } = hints.forecast, start = X(hints.forecast.from);
      ctx.save();
      ctx.strokeStyle = ink.axis; ctx.lineWidth = 1; ctx.setLineDash([2, 3]);
      ctx.beginPath(); ctx.moveTo(Math.round(start) + 0.5, box.plot); ctx.lineTo(Math.round(start) + 0.5, box.bottom); ctx.stroke();
      ctx.globalAlpha = 0.12; ctx.fillStyle = colour;
      ctx.beginPath(); at.forEach((t, k) => (k ? ctx.lineTo(X(t), Y(high[k])) : ctx.moveTo(X(t), Y(high[k]))));
      for (let k = at.length - 1; k >= 0; k--) ctx.lineTo(X(at[k]), Y(low[k]));
      ctx.closePath(); ctx.fill(); ctx.globalAlpha = 1;
      ctx.strokeStyle = colour;
      for (const [line, dash, width] of [[high, [4, 4], 1], [low, [4, 4], 1], [middle, [7, 5], 1.7]]) {
        ctx.setLineDash(dash); ctx.lineWidth = width;
        ctx.beginPath(); at.forEach((t, k) => (k ? ctx.lineTo(X(t), Y(line[k])) : ctx.moveTo(X(t), Y(line[k])))); ctx.stroke();
      }
      ctx.restore();
      ctx.font = '11px "Noto Sans SC","Noto Sans CJK SC",sans-serif'; ctx.fillStyle = ink.t2; ctx.textAlign = "left"; ctx.textBaseline = "top";
      if (X(at[at.length - 1]) - start > 56) ctx.fillText(say("预测", "forecast"), start + 4, box.plot + 2);
    }
    if (!there(hints.change)) return;
    ctx.save();
    ctx.strokeStyle = colour; ctx.fillStyle = ink.ground; ctx.lineWidth = 1.5;
    for (const t of hints.change.at) {
      const x = Math.round(X(t)) + 0.5, y = box.plot + 9;
      if (x < box.left || x > box.right) continue;
      ctx.setLineDash([1, 4]); ctx.beginPath(); ctx.moveTo(x, y); ctx.lineTo(x, box.bottom); ctx.stroke(); ctx.setLineDash([]);
      ctx.beginPath(); ctx.moveTo(x - 5, y - 7); ctx.lineTo(x + 5, y - 7); ctx.lineTo(x, y + 2); ctx.closePath(); ctx.fill(); ctx.stroke();
    }
    ctx.restore();
  }

  function change(part) {
    if (part.none) return `${part.title}${say(":", ": ")}${part.none}`;
    if (!part.at.length) return say(`${part.title}:未发现`, `${part.title}: none found`);
    const shown = part.at.slice(-3).map(moment).join(say("、", ", "));
    return say(`▽ ${part.title} ${part.at.length} 处(${part.at.length > 3 ? "最近 " : ""}${shown})`, `▽ ${part.title}: ${part.at.length} (${part.at.length > 3 ? "latest " : ""}${shown})`);
  }

  function forecast(part) {
    if (part.none) return `${part.title}${say(":", ": ")}${part.none}`;
    const past = part.replayed;
    const held = !past ? say("数据太少,未能回放检验", "too little data to replay") : say(`本点回放 ${past.times} 次,实际落入 ${percent(past.coverage)}`, `replayed ${past.times} times on this point, ${percent(past.coverage)} came inside`);
    const error = !past || !past.by_last ? "" : say(`,误差为“保持末值”的 ${(past.error / past.by_last).toFixed(2)} 倍`, `, error ${(past.error / past.by_last).toFixed(2)} times that of the last value kept`);
    return say(`虚线带为${part.title},名义覆盖 ${percent(part.nominal)};${held}${error}`, `dashed band: ${part.title}, meant to hold ${percent(part.nominal)}; ${held}${error}`);
  }

  /* In words, for everyone; the level is the declared one, yellow at the most. */
  function words(points, letters) {
    const asked = points.filter((one) => one.hints || one.hintFault);
    return asked.map((one, n) => {
      const name = points.length > 1 ? el("b", {}, `${letters[one.place]} `) : null;
      if (!one.hints) return el("p", {}, name, say(`模型提示读取失败:${one.hintFault.message}`, `hints could not be read: ${one.hintFault.message}`));
      const { change: changed, forecast: ahead } = one.hints;
      return el("p", {}, name, el("b", {}, window.OneMap.glyph(changed.level), ` ${changed.level_title} ${one.hints.words}`), el("span", {}, change(changed)), el("span", {}, forecast(ahead)), n === asked.length - 1 ? el("span", { class: "t3" }, `${changed.scored} ${ahead.scored}`) : null);
    });
  }

  window.OneMap.trendHints = { end, reach, paint, words };
})();
