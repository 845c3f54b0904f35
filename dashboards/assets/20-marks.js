/* How one mark looks on canvas: risk shapes, cluster rings, symbols. Worst is always drawn last. */
(function () {
  "use strict";
  const MIN_ARC = (24 * Math.PI) / 180, TOP = -Math.PI / 2;
  const pictures = new Map();

  function palette(theme) {
    const night = theme !== "day";
    return {
      night,
      fills: night ? ["#5D7180", "#FF5A6E", "#F18F01", "#F4D35E", "#3A86FF"] : ["#84939F", "#C5162E", "#C75B00", "#E0B100", "#1D5FD0"],
      edges: night ? ["#0B1218", "#0B1218", "#0B1218", "#0B1218", "#0B1218"] : ["#fff", "#fff", "#fff", "#6B5200", "#fff"],
      disc: night ? "#0F1820" : "#FFFFFF",
      ring: night ? "#5D7180" : "#84939F",
      casing: night ? "rgba(11,18,24,.5)" : "rgba(255,255,255,.7)",
      ink: night ? "#F3F7FA" : "#16202A",
      select: night ? "#FFFFFF" : "#16202A",
    };
  }

  function shape(ctx, grade, x, y, size) {
    const h = size / 2;
    ctx.beginPath();
    if (grade === 1) ctx.rect(x - h * 0.9, y - h * 0.9, h * 1.8, h * 1.8);
    else if (grade === 2) { ctx.moveTo(x, y - h); ctx.lineTo(x + h * 1.05, y + h * 0.85); ctx.lineTo(x - h * 1.05, y + h * 0.85); ctx.closePath(); }
    else if (grade === 3) { ctx.moveTo(x, y - h * 1.1); ctx.lineTo(x + h * 1.1, y); ctx.lineTo(x, y + h * 1.1); ctx.lineTo(x - h * 1.1, y); ctx.closePath(); }
    else ctx.arc(x, y, h * 0.98, 0, 7);
  }

  function risk(ctx, colours, grade, x, y, size) {
    shape(ctx, grade, x, y, size);
    ctx.lineWidth = Math.max(2, size * 0.2);
    ctx.lineJoin = "round";
    ctx.strokeStyle = colours.edges[grade];
    ctx.stroke();
    ctx.fillStyle = colours.fills[grade];
    ctx.fill();
  }

  function radius(count, scale) {
    return (24 + 5.2 * Math.log10(Math.max(2, count))) * scale;
  }

  /* counts: [unrated, red, orange, yellow, blue]; arcs start at the top, worst first, each at least 24 degrees. */
  function arcs(counts, ringed) {
    const total = counts.reduce((a, b) => a + b, 0);
    const shares = [];
    for (let g = 1; g <= 4; g++) if (counts[g]) shares.push({ g, a: (counts[g] / total) * 2 * Math.PI });
    const rest = counts[0] / total;
    const small = shares.filter((s) => s.a < MIN_ARC);
    const large = shares.filter((s) => s.a >= MIN_ARC);
    const fixed = small.length * MIN_ARC, free = large.reduce((a, s) => a + s.a, 0) + rest * 2 * Math.PI;
    const scale = free > 0 ? (2 * Math.PI - fixed) / free : 1;
    let at = TOP;
    return shares.map((s) => {
      const size = s.a < MIN_ARC ? MIN_ARC : s.a * scale;
      const arc = { g: s.g, from: at, to: at + size };
      at += size;
      return arc;
    });
  }

  const worst = (counts) => { for (let g = 1; g <= 4; g++) if (counts[g]) return g; return 0; };

  function cluster(ctx, colours, x, y, counts, count, scale, font) {
    const r = radius(count, scale);
    ctx.beginPath(); ctx.arc(x, y, r + 4.6 * scale, 0, 7); ctx.fillStyle = colours.casing; ctx.fill();
    ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = colours.disc; ctx.fill();
    ctx.lineWidth = 6.2 * scale; ctx.strokeStyle = colours.ring; ctx.stroke();
    ctx.lineWidth = 8 * scale;
    for (const arc of arcs(counts).reverse()) {
      ctx.beginPath(); ctx.arc(x, y, r, arc.from, arc.to); ctx.strokeStyle = colours.fills[arc.g]; ctx.stroke();
    }
    ctx.fillStyle = colours.ink;
    const words = count.toLocaleString("en-US");
    const size = (words.length > 4 ? 18 : 21) * scale;
    ctx.font = `700 ${Math.max(12, size)}px ${font}`;
    ctx.textAlign = "center"; ctx.textBaseline = "alphabetic";
    ctx.fillText(words, x, y + Math.max(12, size) * 0.36);
    const g = worst(counts);
    if (g) risk(ctx, colours, g, x + r * 0.78, y - r * 0.78, 18 * scale);
    return r + 5 * scale;
  }

  function picture(name, ready) {
    if (!name) return null;
    let image = pictures.get(name);
    if (!image) {
      image = new Image();
      image.ready = false;
      image.onload = () => { image.ready = true; ready(); };
      image.onerror = () => { image.failed = true; };
      image.src = `${window.OneMap.base}api/symbols/${encodeURIComponent(name)}.svg`;
      pictures.set(name, image);
    }
    return image.ready ? image : null;
  }

  /* An SVG is drawn into pixels once for each size: a canvas that is given the SVG itself draws it anew every time. */
  function pixels(image, size) {
    const wide = Math.max(1, Math.round(size));
    image.pixels = image.pixels || new Map();
    let drawn = image.pixels.get(wide);
    if (!drawn) {
      drawn = new OffscreenCanvas(wide, wide);
      drawn.getContext("2d").drawImage(image, 0, 0, wide, wide);
      image.pixels.set(wide, drawn);
    }
    return drawn;
  }

  function symbol(ctx, image, x, y, size) {
    ctx.drawImage(pixels(image, size * ctx.getTransform().a), x - size / 2, y - size / 2, size, size);
  }

  /* A crowd of ungraded marks: its own symbol with the number on a small plate. */
  function crowd(ctx, colours, image, x, y, count, size, font) {
    symbol(ctx, image, x, y, size);
    const words = count.toLocaleString("en-US"), fontSize = Math.max(12, size * 0.42);
    ctx.font = `700 ${fontSize}px ${font}`;
    const w = ctx.measureText(words).width + 8, h = fontSize + 4, left = x + size * 0.18, top = y + size * 0.16;
    ctx.beginPath(); ctx.roundRect(left, top, w, h, 3); ctx.fillStyle = colours.disc; ctx.fill();
    ctx.lineWidth = 1; ctx.strokeStyle = colours.ring; ctx.stroke();
    ctx.fillStyle = colours.ink; ctx.textAlign = "left"; ctx.textBaseline = "alphabetic";
    ctx.fillText(words, left + 4, top + h - 4);
  }

  function label(ctx, colours, words, x, y, size, font) {
    ctx.font = `400 ${size}px ${font}`;
    ctx.textAlign = "center"; ctx.textBaseline = "top";
    ctx.lineWidth = 3; ctx.lineJoin = "round";
    ctx.strokeStyle = colours.night ? "#0D151C" : "#FFFFFF";
    ctx.strokeText(words, x, y);
    ctx.fillStyle = colours.night ? "#C6D2DB" : "#26323C";
    ctx.fillText(words, x, y);
  }

  function selected(ctx, colours, x, y, r) {
    ctx.beginPath(); ctx.arc(x, y, r, 0, 7);
    ctx.lineWidth = 5; ctx.strokeStyle = colours.night ? "rgba(10,16,22,.8)" : "rgba(255,255,255,.9)"; ctx.stroke();
    ctx.lineWidth = 2.5; ctx.strokeStyle = colours.select; ctx.stroke();
  }

  window.OneMap.marks = { palette, shape, risk, radius, arcs, worst, cluster, picture, symbol, crowd, label, selected };
})();
