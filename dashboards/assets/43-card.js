/* The card of one object, and the answer of a circle or polygon: both in the right column, a sheet on the phone. */
(function () {
  "use strict";
  const { el, glyph, icon, say, get, post, may, thousands, time, length, tick } = window.OneMap;
  const { state, change } = window.OneMap.state;

  function head(title, below, chips, close) {
    return el("header", {}, el("div", { class: "titles" }, el("h2", {}, title), el("div", { class: "t3" }, below), chips && chips.length ? el("div", { class: "chips" }, chips) : null),
      el("button", { type: "button", class: "icon close", "aria-label": say("关闭", "Close"), on: { click: close } }, icon("close", 20)));
  }

  const link = (to, words) => el("button", { type: "button", class: "link", on: { click: () => change("selection", { selection: to, fly: true }) } }, words);

  function pairs(section) {
    const line = (pair) => el("div", {}, el("dt", {}, pair.title),
      el("dd", {}, pair.kept ? el("span", { class: "kept" }, icon("lock", 14), pair.kept) : pair.grade ? [glyph(pair.grade), " ", pair.words] : pair.link ? link(pair.link, pair.words) : pair.words));
    const first = section.pairs.slice(0, 10), rest = section.pairs.slice(10);
    return [el("dl", {}, first.map(line)), rest.length ? el("details", { class: "more" }, el("summary", {}, say(`其余 ${rest.length} 项`, `${rest.length} more`)), el("dl", {}, rest.map(line))) : null];
  }

  function reading(found) {
    const old = found.state === "unknown", why = found.why.join(say("、", ", "));
    const said = old && found.said !== null ? el("span", { class: "t3" }, say("最后一次 ", "last "), `${found.said}\u2009${found.unit}`) : null;
    return el("span", { class: `reading${old ? " old" : ""}` }, el("b", {}, old ? found.state_title : `${found.value}\u2009${found.unit}`), why ? el("span", { class: "trend-why" }, why) : null, said, !old && found.limit ? el("span", { class: "t3" }, say(`限 ${found.limit}`, `limit ${found.limit}`)) : null,
      found.at ? el("span", { class: old ? "stale" : "t3", "data-at": found.at }) : null);
  }

  function rows(section) {
    if (section.total === 0) return el("p", { class: "note" }, section.note);
    const shown = section.rows.map((row) => el("li", {}, el("button", { type: "button", on: { click: () => change("selection", { selection: { layer: section.layer, key: row.key }, fly: true }) } },
      row.symbol ? window.OneMap.drawer.picture(row.symbol, 24) : el("span", { class: "swatch" }), el("span", { class: "el" }, row.label), row.reading ? reading(row.reading) : el("span", { class: "t3 nw" }, row.grade && !row.more ? glyph(row.grade) : row.more))));
    const rest = section.total - section.rows.length;
    return [el("ul", {}, shown), rest > 0 ? el("p", { class: "note" }, say(`另有 ${thousands(rest)} 条`, `${thousands(rest)} more`)) : null];
  }

  /* The trend stays while the card is read again for newer words: it follows by itself. */
  let curve = { key: "", box: null, drawn: null };
  function trendOf(part) {
    const key = `${part.layer}:${part.code}`;
    if (curve.key !== key || curve.drawn?.ended()) {
      const box = el("div", { class: "trend-here" });
      curve = { key, box, drawn: null };
      requestAnimationFrame(() => { if (curve.box === box) curve.drawn = window.OneMap.trend(box, { layer: part.layer, code: part.code, compact: true, head: false }); });
    }
    return curve.box;
  }

  function section(part) {
    const title = part.title ? el("h3", {}, part.title, part.total ? el("span", { class: "t3" }, thousands(part.total)) : null) : null;
    const body = part.kind === "pairs" ? pairs(part) : part.kind === "rows" ? rows(part) : part.kind === "reading" ? [el("div", { class: "big-reading" }, reading(part.reading)), trendOf(part)] : el("p", { class: "note" }, part.note);
    return el("section", { "data-section": part.id }, title, body);
  }

  let turn = 0;

  /* Answers the card; `gone` for an object that is not there, null when it could not be read or another was asked for. */
  async function object(box, selection, map) {
    const mine = ++turn, close = () => { change("selection", { selection: null }); };
    box.hidden = false;
    if (box.dataset.key !== `${selection.layer}:${selection.key}`) box.replaceChildren(head(say("载入中", "Loading"), selection.key, null, close), el("div", { class: "loading" }, [60, 85, 40, 70].map((w) => { const s = el("span", { class: "skeleton" }); s.style.width = `${w}%`; return s; })));
    let card;
    try { card = await get(`api/feature/${encodeURIComponent(selection.layer)}/${encodeURIComponent(selection.key)}`); }
    catch (fault) {
      if (mine !== turn) return null;
      box.dataset.key = `${selection.layer}:${selection.key}`;
      box.replaceChildren(...[head(fault.status === 404 ? say("没有这个对象", "No such object") : say("读取失败", "Could not read"), selection.key, null, close),
        el("p", { class: "note" }, fault.status === 404 ? say("对象不存在，或不在您的权限范围内", "It does not exist or is not open to you") : fault.message),
        fault.status === 404 ? null : el("button", { type: "button", class: "button", on: { click: () => object(box, selection, map) } }, icon("retry"), say("重试", "Retry"))].filter(Boolean));
      return fault.status === 404 ? { gone: true, lon: null } : null;
    }
    if (mine !== turn) return null;
    const chips = card.grade ? [el("span", { class: `chip g${card.grade.grade}` }, glyph(card.grade.grade), card.grade.word)] : [];
    const focus = box.contains(document.activeElement) ? document.activeElement : null;
    const at = box.scrollTop, same = box.dataset.key === `${card.layer}:${card.key}`;
    box.dataset.key = `${card.layer}:${card.key}`;
    const place = card.lon === null ? say("没有坐标", "no position") : `${card.lon.toFixed(6)}, ${card.lat.toFixed(6)}`;
    const go = card.lon === null ? null : el("div", { class: "actions" },
      el("button", { type: "button", class: "button primary", on: { click: () => map.setView([card.lat, card.lon], Math.max(map.getZoom(), 15)) } }, icon("pin"), say("定位", "Show")),
      el("button", { type: "button", class: "button", on: { click: () => window.OneMap.tools.circleAt(card, 3000) } }, icon("ring"), say("圈查 3 km", "Within 3 km")),
      briefButton(() => window.OneMap.tools.questionRound(card, 3000)));
    const foot = el("footer", { class: "t3" }, el("div", {}, `${place}·CGCS2000`), card.precision ? el("div", { class: "t2" }, card.precision) : null, el("div", {}, say(`来源 ${card.source || "未注明"}·原坐标系 ${card.datum}·第 ${card.version} 版`, `Source ${card.source || "not stated"} · ${card.datum} · version ${card.version}`)), card.at ? el("div", {}, say("数据时间 ", "Data of "), el("span", { "data-at": card.at })) : null);
    box.replaceChildren(head(card.title, `${card.layer_title}·${card.key}`, chips, close), ...[go, window.OneMap.eyes.section(card), window.OneMap.cardAlarms.section(card), window.OneMap.cardCases.section(card), ...card.sections.map(section), window.OneMap.footage.section(card), window.OneMap.grading.section(card, map), window.OneMap.sight.section(card, map), window.OneMap.route.section(card, map), window.OneMap.files.section(card), foot].filter(Boolean));
    box.scrollTop = same ? at : 0;
    if (focus && focus.isConnected) focus.focus({ preventScroll: true });
    tick();
    return card;
  }

  const cell = (words) => { const text = String(words ?? ""); return `"${(/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replace(/"/g, '""')}"`; };

  function download(blocks) {
    const lines = [[say("图层", "Layer"), say("编码", "Key"), say("名称", "Name"), say("距离（m）", "Distance (m)"), say("电话", "Phone"), say("经度", "Longitude"), say("纬度", "Latitude")].map(cell).join(",")];
    for (const block of blocks) block.keys.forEach((key, k) => lines.push([cell(block.title), cell(key), cell(block.label[k]), block.distance[k], cell(block.phone[k]), block.lon[k], block.lat[k]].join(",")));
    const url = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv;charset=utf-8" }));
    el("a", { href: url, download: say("圈查结果.csv", "within.csv") }).click();
    setTimeout(() => URL.revokeObjectURL(url), 5000);
  }

  /* One file to hand on: the same question as the list's, made by the server under the same rights. */
  function briefButton(question) {
    if (!may("brief")) return null;
    const words = el("span", {}, say("离线简报", "Offline brief")), told = el("span", { class: "brief-state t3", role: "status" });
    const button = el("button", { type: "button", class: "button", title: say("一个 HTML 文件：地图与清单，断网可看", "One HTML file with map and list, read without a network"), on: { click: make } }, icon("page"), words);
    async function make() {
      button.disabled = true;
      words.textContent = say("制作中…", "Making…");
      told.textContent = "";
      told.classList.remove("failed");
      try {
        const { blob, name } = await window.OneMap.fetchFile("api/brief", question());
        const url = URL.createObjectURL(blob);
        el("a", { href: url, download: name || say("简报.html", "brief.html") }).click();
        setTimeout(() => URL.revokeObjectURL(url), 30000);
        told.textContent = say(`已下载 ${(blob.size / 1e6).toFixed(1)} MB`, `${(blob.size / 1e6).toFixed(1)} MB downloaded`);
      } catch (fault) {
const why = fault.status ? fault.message : say("连不上服务器", "the server cannot be reached");
        told.textContent = fault.status === 401 || fault.status === 403 ? say(`无权制作：${why}`, `Not allowed: ${why}`) : say(`制作失败：${why}`, `Failed: ${why}`);
        told.classList.add("failed");
      }
      words.textContent = say("离线简报", "Offline brief");
      button.disabled = false;
    }
    return [button, told];
  }

  /* Three digits are all an estimate is worth; the part of the shape without data is said, never guessed. */
  const about = (n) => (n < 1000 ? Math.round(n) : Math.round(n / 10 ** (Math.floor(Math.log10(n)) - 2)) * 10 ** (Math.floor(Math.log10(n)) - 2));

  function people(found) {
    if (!found) return null;
    const head = el("h3", {}, say("常住人口", "Residents"), found.state === "ready" ? el("span", { class: "estimate" }, say("估算", "estimate")) : null);
    if (found.state !== "ready") return el("section", { "data-section": "people" }, head, el("p", { class: "note" }, found.note));
    const missing = found.uncovered >= 0.0005 ? el("p", { class: "uncovered" }, icon("warn", 14), say(`范围内 ${(found.uncovered * 100).toFixed(1)}%（${window.OneMap.area(found.uncovered_area)}）没有人口数据，未计入`, `${(found.uncovered * 100).toFixed(1)}% (${window.OneMap.area(found.uncovered_area)}) has no data and is not counted`)) : null;
    return el("section", { "data-section": "people", "data-people": found.people }, head,
      el("p", { class: "figure" }, say("约 ", "about "), el("b", {}, thousands(about(found.people))), say(" 人", "")), missing,
      el("p", { class: "note" }, `${found.source}·${found.date}·${say("格网", "cell")} ${found.resolution}`, el("span", { class: found.verified ? "" : "doubt" }, `·${found.verified_text}`)),
      el("p", { class: "t3 method" }, found.method));
  }

  /* One layer of the answer, nearest first: what each is, how far, whom to call; by kind where there is more than one. */
  function listed(block) {
    const kinds = [...new Set(block.kind)].filter(Boolean);
    const list = el("ul", { class: "within" }), more = el("p", { class: "note" }), count = el("span", { class: "t3" });
    const call = (k) => (block.phone[k] ? el("a", { class: "phone nw", href: `tel:${block.phone[k]}`, "aria-label": say(`拨打 ${block.label[k]}`, `Call ${block.label[k]}`) }, block.phone[k]) : el("span", { class: "t3 phone nw" }, block.phone_kept ? [icon("lock", 14), say("无权查看", "kept")] : say("无电话", "no phone")));
    function draw(kind) {
      const rows = block.keys.map((_, k) => k).filter((k) => !kind || block.kind[k] === kind), rest = (kind ? rows.length : block.count) - 30;
      count.textContent = !kind ? thousands(block.count) : block.count > block.keys.length ? say(`最近 ${block.keys.length} 处中 ${rows.length}`, `${rows.length} of the nearest ${block.keys.length}`) : thousands(rows.length);
      list.replaceChildren(...rows.slice(0, 30).map((k) => el("li", {}, el("button", { type: "button", on: { click: () => change("selection", { selection: { layer: block.layer, key: block.keys[k] }, fly: true }) } },
        el("span", { class: "el" }, block.label[k], kinds.length > 1 && !kind ? el("small", { class: "t3" }, ` ${block.kind[k]}`) : null), el("span", { class: "num nw" }, length(block.distance[k]))), call(k))));
      more.hidden = rest <= 0;
      more.textContent = may("export") ? say(`另有 ${thousands(rest)} 条，见下载`, `${thousands(rest)} more in the download`) : say(`另有 ${thousands(rest)} 条，缩小范围后可见`, `${thousands(rest)} more: make the shape smaller`);
    }
    const choose = kinds.length > 1 ? el("select", { "aria-label": say(`${block.title}类别`, `Kind of ${block.title}`), on: { change: (event) => draw(event.target.value) } }, el("option", { value: "" }, say("全部类别", "All kinds")), kinds.map((kind) => el("option", { value: kind }, kind))) : null;
    draw("");
    return el("section", { "data-section": block.layer }, el("h3", {}, block.title, count, choose), list, more);
  }

  async function inside(box, question, title, layers, again) {
    const mine = ++turn, close = () => { box.hidden = true; box.dataset.key = ""; window.OneMap.tools.clear(); window.OneMap.map?.settle(); };
    box.hidden = false;
    box.dataset.key = "within";
    box.replaceChildren(head(title, say("查询中", "Asking"), null, close));
    let answer;
    try { answer = await post("api/within", { ...question, layers }); }
    catch (fault) { box.replaceChildren(head(title, say("读取失败", "Could not read"), null, close), el("p", { class: "note" }, fault.message)); return; }
    if (mine !== turn) return;
    const found = answer.blocks.filter((block) => block.count), none = answer.blocks.filter((block) => !block.count);
    const total = found.reduce((sum, block) => sum + block.count, 0);
    const blocks = found.map(listed);
    box.replaceChildren(head(title, say(`内有 ${thousands(total)} 处，距离按椭球面计`, `${thousands(total)} inside, geodesic distance`), null, close),
      el("div", { class: "actions" }, again, may("export") ? el("button", { type: "button", class: "button", disabled: !total, on: { click: () => download(found) } }, icon("down"), say("下载 CSV", "CSV")) : null, briefButton(() => ({ ...question, layers }))),
      people(answer.people) || "", ...blocks, none.length ? el("p", { class: "note" }, say(`范围内没有：${none.map((block) => block.title).join("、")}`, `None of: ${none.map((block) => block.title).join(", ")}`)) : "");
  }

  window.OneMap.card = { object, inside };
})();
