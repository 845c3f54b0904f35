/* The warning desk: a draft with the eight items of the law, a second person's approval, publishing, changing, lifting. */
(function () {
  "use strict";
  const { base, el, say, get, post, time, glyph, furniture, live, gathered } = window.OneMap;
  const my = window.OneMap.admin;
  const EIGHT = ["kind", "level", "starts_at", "extent", "cautions", "measures", "issuer", "issued_at"];
  const PATH = [["draft", say("拟稿", "Draft")], ["approved", say("审批", "Approved")], ["published", say("发布", "Published")], ["lifted", say("解除", "Lifted")]];
  const AT = { draft: 0, approved: 1, published: 2, revising: 2, revision_approved: 2, lifted: 3, withdrawn: -1 };
  const COLOURS = ["", "--rf", "--of", "--yf", "--bf"];
  const when = (iso) => (iso ? `${time.date(new Date(iso))} ${time.minute(new Date(iso))}` : "");
  const level = (paper) => el("span", { class: `warn-level l${paper.level}` }, glyph(paper.level), paper.level_word);

  async function start(map, screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#warn-${id}`);
    const [bar, list, side, over, tools] = ["bar", "list", "one", "over", "draw"].map(part);
    const body = el("div", { class: "body" });
    side.append(body);
    const asked = new URLSearchParams(location.search);
    let picked = asked.get("id") || "", choices = null, told = null, ring = null, drawing = null;
    const shown = L.layerGroup().addTo(map), sketch = L.layerGroup().addTo(map);
    over.append(furniture.scale(map, 120), furniture.north());
    map.getContainer().setAttribute("aria-label", say("预警范围地图", "Map of the area warned"));

    function keep() {
      const now = new URLSearchParams();
      if (picked) now.set("id", picked);
      if (asked.get("lang")) now.set("lang", asked.get("lang"));
      history.replaceState(null, "", `${location.pathname}${now.size ? `?${now}` : ""}`);
    }

    function paint(geometry, grade) {
      shown.clearLayers();
      if (!geometry) return;
      const colour = getComputedStyle(screen).getPropertyValue(COLOURS[grade] || "--line2").trim();
      const drawn = L.geoJSON(geometry, { style: { color: colour, weight: 2.5, fillColor: colour, fillOpacity: 0.18 } }).addTo(shown);
      map.fitBounds(drawn.getBounds(), { animate: false, padding: [30, 30], maxZoom: 15 });
    }

    const rows = () => my.room(list, () => get("api/warnings"), (answer) => {
      const groups = [[say("已发布,在执行", "In force"), (row) => row.standing], [say("拟稿与待审", "In hand"), (row) => !row.standing && (row.state === "draft" || row.state === "approved")], [say("已解除、已撤稿", "Over"), (row) => row.state === "lifted" || row.state === "withdrawn"]];
      if (!answer.rows.length) return my.empty(say("本辖区尚无预警。", "No warning in your areas yet."));
      return el("div", { class: "warn-rows" }, groups.map(([title, fits]) => [title, answer.rows.filter(fits)]).filter(([, found]) => found.length).map(([title, found]) => [el("h3", {}, `${title} ${found.length}`), el("ol", {}, found.map((row) => el("li", {}, el("button", { type: "button", "aria-pressed": String(row.code === picked), "data-code": row.code, on: { click: () => open(row.code) } }, el("span", { class: "mark" }, glyph(row.level), "红橙黄蓝"[row.level - 1]), el("b", { class: "el" }, row.title), my.chip(row.state_word, row.state === "published" ? "good" : row.standing ? "" : "dull"), el("small", { class: "el" }, [row.kind_word, row.areas.slice(0, 3).join(say("、", ", ")) + (row.areas.length > 3 ? say(` 等 ${row.areas.length} 处`, " …") : ""), row.issued_at ? when(row.issued_at).slice(5) : row.drafted_by.split(/[,，]/)[0]].filter(Boolean).join(" · "))))))]));
    });

    let peeked = ""; // whose message is open to be read, which a change that comes in must not shut
    async function open(code, quiet) {
      if (code !== picked) peeked = "";
      picked = code;
      keep();
      stop();
      for (const row of list.querySelectorAll("button[data-code]")) row.setAttribute("aria-pressed", String(row.dataset.code === code));
      if (!code) { told = null; paint(null); body.replaceChildren(my.empty(say("选一件预警,或拟一件新的。", "Choose a warning, or draft one."))); return; }
      const answer = await my.room(body, () => get(`api/warnings/one?code=${encodeURIComponent(code)}`), (one) => { told = one; return paper(one); });
      if (!answer) return;
      paint(answer.paper.geometry, answer.paper.level);
      if (!quiet && window.innerWidth < 1280) side.scrollIntoView({ block: "start" });
    }

    function eight(one) {
      const { paper, standing } = one, titles = choices.items;
      const value = (from, name) => ({ kind: from.kind_word, level: from.level_word, starts_at: when(from.starts_at), issued_at: when(from.issued_at) })[name] ?? from[name];
      const changing = standing && one.state !== "published" && one.state !== "lifted";
      return el("dl", { class: "warn-eight" }, EIGHT.map((name) => {
        const words = value(paper, name), before = changing ? value(standing, name) : words;
        const lacks = !words && name !== "issued_at";
        return el("div", { class: lacks ? "lacks" : changing && words !== before ? "differs" : "" }, el("dt", {}, titles[name]), el("dd", {}, name === "level" ? level(paper) : words || (name === "issued_at" ? say("发布时自动填写", "set by publishing") : say("缺,法定内容", "missing, the law asks for it")), changing && words !== before ? el("div", { class: "t3" }, say(`现行:${before}`, `Stands: ${before}`)) : null, name === "extent" && paper.area_words.length ? el("div", { class: "t3" }, paper.area_words.join(say("、", ", "))) : null));
      }));
    }

    function inside(one) {
      const n = (value) => (value === null || value === undefined ? say("无权查看", "not open") : window.OneMap.thousands(value));
      const people = one.inside.people?.people ?? one.inside.people?.sum ?? null;
      if (!("enterprises" in one.inside)) return el("p", { class: "t3" }, say("没有划定范围。", "No area was drawn."));
      return el("p", {}, say(`范围内企业 ${n(one.inside.enterprises)} 家、保护目标 ${n(one.inside.targets)} 处${people === null ? "" : `、常住人口约 ${n(Math.round(people))} 人(估算)`}。`, `Inside: ${n(one.inside.enterprises)} enterprises, ${n(one.inside.targets)} protection targets${people === null ? "" : `, about ${n(Math.round(people))} residents (estimate)`}.`));
    }

    function paper(one) {
      const { paper: now } = one, here = AT[one.state];
      const path = one.state === "withdrawn" ? el("p", {}, my.chip(one.state_word, "bad")) : el("ol", { class: "warn-steps", "aria-label": say("办理环节", "Steps") }, PATH.map(([, title], n) => el("li", { class: n < here ? "done" : n === here ? "now" : "", "aria-current": n === here ? "step" : null }, n === 2 && one.state === "revising" ? say("发布·变更拟稿", "Change in draft") : n === 2 && one.state === "revision_approved" ? say("发布·变更已审批", "Change approved") : title)));
      const why = one.steps.filter((each) => each.why_not);
      const looks = { approve: "primary", publish: "primary", lift: "danger", withdraw: "danger" };
      const acts = one.steps.map((each) => { const node = my.button(each.title, () => act(one, each), looks[each.step] || ""); node.disabled = Boolean(each.why_not); if (each.why_not) node.title = each.why_not; return node; });
      return [
        el("h2", { tabindex: "-1" }, now.title),
        el("div", { class: "warn-head" }, level(now), my.chip(one.state_word, one.state === "published" ? "good" : "dull"), el("span", { class: "t3" }, one.code), now.revision ? el("span", { class: "t3" }, say(`第 ${now.revision} 次发布`, `revision ${now.revision}`)) : null),
        path,
        one.missing.length && AT[one.state] < 1 ? el("p", { class: "risk-warn" }, say(`还缺法定内容:${one.missing.join("、")}`, `Missing items of the law: ${one.missing.join(", ")}`)) : null,
        el("div", { class: "warn-acts" }, acts),
        ...why.map((each) => el("p", { class: "warn-why" }, `${each.title}:${each.why_not}`)),
        one.state === "lifted" ? el("p", { class: "risk-warn" }, say(`已于 ${when(now.lifted_at)} 解除:${now.lifted_why}`, `Lifted ${when(now.lifted_at)}: ${now.lifted_why}`)) : null,
        el("h3", {}, say("法定内容(突发事件应对法第六十四条)", "The eight items (article 64)")), eight(one),
        el("dl", { class: "warn-eight" }, [[say("预计结束", "Expected end"), now.ends_at && one.state === "published" && new Date(now.ends_at) < window.OneMap.time.now() ? `${when(now.ends_at)} ${say("已过，尚未解除", "past, not lifted")}` : when(now.ends_at)], [say("公众应对", "What people should do"), now.response_words.join(say("、", ", "))], [say("咨询求助", "Where to ask"), now.contact], [say("研判依据(不公开)", "Basis (not published)"), now.basis], [say("拟稿 / 审批", "Drafted / approved"), `${now.drafted_by} / ${now.approved_by || say("未审批", "not yet")}`]].filter(([, words]) => words).map(([title, words]) => el("div", {}, el("dt", {}, title), el("dd", {}, words)))),
        el("h3", {}, say("范围内", "Inside the area")), inside(one),
        el("h3", {}, "CAP 1.2"), cap(one), pushed(one),
        el("h3", {}, say("经过", "History")),
        el("ol", { class: "warn-steps-log" }, one.history.map((step) => el("li", {}, el("span", { class: "t3" }, when(step.at).slice(5)), el("span", {}, el("b", {}, step.reason), ` ${step.person || ""}`))))];
    }

    function cap(one) {
      if (one.missing.length) return el("p", { class: "t3" }, say("法定内容齐全后可预览消息。", "The message can be read once no item is missing."));
      const room = el("div"), path = `api/warnings/cap?code=${encodeURIComponent(one.code)}`;
      const look = async () => { const answer = await fetch(base + path, { credentials: "same-origin" }); room.replaceChildren(el("pre", { class: "warn-cap", tabindex: "0" }, await answer.text())); };
      const peek = my.button(say("预览", "Preview"), () => { peeked = one.code; return look(); }, "small");
      if (peeked === one.code) look();
      const stands = one.state === "published" || one.state === "lifted";
      return el("div", {}, el("p", { class: "t3" }, stands ? (choices.demo ? say("演示系统,消息状态为演习(Exercise)。", "Demo: messages say Exercise.") : "") : say("未发布,消息标为草稿(Draft)。", "Not out: marked Draft.")), el("div", { class: "warn-acts" }, peek, el("a", { class: "adm-button small", href: base + path, download: `${one.code}.cap.xml` }, say("下载", "Download"))), room);
    }

    /* Who is sent the CAP message, or was, and what became of it; what failed is sent again from the incident's step 6. */
    const to = (one) => (one.recipients.length ? say(`CAP 消息发给 ${one.recipients.length} 个接收单位：${one.recipients.map((each) => `${each.name}（${each.word}）`).join("、")}。`, `The CAP message goes to ${one.recipients.length}: ${one.recipients.map((each) => `${each.name} (${each.word})`).join(", ")}.`) : say("没有登记接收 CAP 消息的单位，消息只供查取。", "No recipient of CAP is registered: the message can only be fetched."));
    function pushed(one) {
      const rows = one.cap?.rows || [];
      if (!rows.length) return el("p", { class: "t3" }, to(one));
      const last = (each) => when(each.acknowledged_at || each.sent_at).slice(5);
      return el("dl", { class: "warn-eight" }, rows.map((each) => el("div", { class: each.state === "failed" ? "lacks" : "" }, el("dt", {}, each.to), el("dd", {}, [each.word, each.state_word, last(each)].filter(Boolean).join(" "), el("span", { class: "t3" }, [each.tries && !each.sent_at ? say(`已试 ${each.tries} 次`, `tried ${each.tries}x`) : "", each.note, each.said].filter(Boolean).map((words) => `，${words}`).join(""))))));
    }

    async function act(one, step) {
      const go = async (more) => { await post("api/warnings/step", { code: one.code, version: one.version, step: step.step, ...more }); await Promise.all([open(one.code, true), rows()]); };
      const seen = () => el("ul", { class: "warn-seen" }, one.seen_by.map((words) => el("li", {}, words)));
      if (step.step === "edit" || step.step === "change") return form(one, step);
      if (step.step === "publish") return my.sure(say(`发布“${one.paper.title}”`, `Publish “${one.paper.title}”`), el("div", {}, el("p", {}, level(one.paper), ` ${one.paper.area_words.join(say("、", ", "))}`), inside(one), el("p", {}, say("发布后立即可见:", "Seen at once by:")), seen(), el("p", {}, to(one))), one.standing ? say("发布变更", "Publish the change") : say("发布预警", "Publish"), () => go());
      if (step.step === "lift") return my.form(say(`解除“${one.paper.title}”`, `Lift “${one.paper.title}”`), [{ type: "made", make: () => ({ node: el("div", { class: "wide" }, el("p", {}, say("解除后公众页不再显示该预警,并发出 CAP 解除消息(Cancel)。解除不能撤回;需要时另行发布。", "The public page shows it no longer and a CAP Cancel is told. It cannot be undone; a new warning can be issued.")), inside(one)), value: () => undefined }) }, { name: "why", label: say("解除事由", "Why"), required: true, longest: 500, wide: true }], say("解除预警", "Lift"), async ({ why }) => go({ why }), "danger");
      if (step.step === "withdraw") return my.sure(step.title, one.standing ? say("撤回变更稿,现行预警不变。", "The change is dropped; what stands stays.") : say("撤稿后不再办理,记录保留。", "It is dropped; the record stays."), step.title, () => go());
      if (step.step === "approve") return my.sure(step.title, el("div", {}, el("p", {}, say("请逐项核对级别、范围、警示事项和措施。审批后由有权人员发布。", "Check level, area, cautions and measures. It is published in a further step.")), inside(one)), step.title, () => go());
      return go().catch((fault) => my.sure(step.title, fault.message, say("知道了", "Close"), async () => {}));
    }

    const plain = (options) => options.map((one) => [one.code, one.name]);
    async function form(one, step, given) {
      const now = one?.paper || { kind: "hazchem", level: 3, issuer: choices.unit, areas: [], responses: [], ...given };
      const own = new Set(choices.areas.map((each) => each.code)), kept = now.geometry || null;
      const drawn = ring ? { type: "Polygon", coordinates: [[...ring, ring[0]].map((p) => [p.lng, p.lat])] } : null;
      const touched = drawn ? await post("api/warnings/areas", { polygon: drawn }).catch((fault) => { my.sure(say("拟一件预警", "Draft a warning"), fault.message, say("知道了", "Close"), async () => {}); return null; }) : null;
      if (drawn && !touched) return null;
      const ticked = touched ? touched.areas : now.areas.filter((code) => own.has(code));
      const fields = [
        { name: "title", label: say("标题", "Title"), value: now.title || "", required: true, longest: 120, wide: true },
        { name: "kind", label: say("类别", "Kind"), value: now.kind, options: plain(choices.kinds) },
        { name: "level", label: say("级别", "Level"), value: String(now.level), options: choices.levels.map((each) => [String(each.level), `${"■▲◆●"[each.level - 1]} ${each.name}`]) },
        { name: "starts_at", label: say("起始时间", "Starts"), type: "moment", value: now.starts_at || time.now().toISOString() },
        { name: "ends_at", label: say("预计结束(可空)", "Expected end"), type: "moment", value: now.ends_at },
        ...(drawn ? [{ type: "note", label: touched.beyond.length ? say(`范围取地图上所画多边形，裁至本辖区；还涉及 ${touched.beyond.join("、")}，须报上一级并通报毗邻地区。`, `The polygon drawn on the map, cut at the edge of your areas; it also reaches ${touched.beyond.join(", ")}: tell them and the level above.`) : say("范围取地图上所画多边形；要取整个区划，请先清除。", "The polygon drawn on the map is the area; clear it to take whole areas.") }] : []),
        ...(kept && !drawn ? [{ name: "shape", label: say("范围图形", "Shape"), value: "kept", options: [["kept", say("保持原范围图形", "As it is")], ["", say("改为所选区划的整个范围", "The whole of the areas chosen")]] }] : []),
        { name: "areas", label: say(`涉及区划（CAP geocode，决定接收单位）${drawn ? "：按所画范围推荐，可增减" : ""}`, `Areas by code (CAP geocode, choose the recipients)${drawn ? ": proposed of the drawn shape" : ""}`), type: "ticks", value: ticked, all: plain(choices.areas) },
        { name: "extent", label: say("可能影响的范围", "Where it may reach"), type: "prose", value: now.extent, longest: 2000 },
        { name: "cautions", label: say("警示事项", "Cautions"), type: "prose", value: now.cautions, longest: 2000 },
        { name: "measures", label: say("应当采取的措施", "Measures"), type: "prose", value: now.measures, longest: 2000 },
        { name: "issuer", label: say("发布单位", "Issued by"), value: now.issuer, longest: 200 },
        { name: "contact", label: say("咨询求助方式", "Where to ask"), value: now.contact, longest: 200 },
        { name: "responses", label: say("公众应对", "What people should do"), type: "ticks", value: now.responses, all: plain(choices.responses) },
        { name: "basis", label: say("研判依据(不公开)", "Basis (not published)"), type: "prose", value: now.basis, longest: 2000 },
        { name: "title_en", label: say("英文标题(可空)", "Title in English"), value: now.title_en, longest: 200 },
      ];
      let version = one?.version;
      /* Where somebody else changed it meanwhile, what is typed stays, and the next press is made of theirs. */
      async function upon(items) {
        try { return await post("api/warnings/step", { code: one.code, version, step: step.step, items }); } catch (fault) {
          if (fault.status !== 409) throw fault;
          const fresh = await get(`api/warnings/one?code=${encodeURIComponent(one.code)}`);
          if (fresh.version === version) throw fault;
          version = fresh.version;
          const what = fields.filter(({ name }) => name && name in fresh.paper && JSON.stringify(fresh.paper[name]) !== JSON.stringify(now[name])).map(({ label }) => label);
          throw new Error(say(`他人刚刚改了此稿${what.length ? `：${what.join("、")}` : ""}（${fresh.state_word}）。您填写的都还在，核对后再按一次，只送出您改过的。`, `Somebody changed this paper meanwhile${what.length ? `: ${what.join(", ")}` : ""} (${fresh.state_word}). What you wrote is still here: check it and press once more; what you changed is sent.`));
        }
      }
      const dialog = my.form(one ? `${step.title}:${now.title}` : say("拟一件预警", "Draft a warning"), fields, one ? say("保存", "Save") : say("保存草稿", "Keep the draft"), async (values) => {
        const items = { ...values, level: Number(values.level), ...(drawn ? { polygon: drawn } : {}) };
        if (items.shape !== "kept") delete items.shape;
        else if (!items.areas.length) { delete items.shape; delete items.areas; }
        if (one?.paper.title_en === "" && !items.title_en) delete items.title_en;
        if (one) {
          const mine = my.changed(fields, values), place = drawn || mine.has("areas") || mine.has("shape");
          for (const name of Object.keys(items)) if (!(name === "polygon" || (["areas", "shape"].includes(name) ? place : mine.has(name)))) delete items[name];
        }
        const answer = one ? await upon(items) : await post("api/warnings/draft", items);
        clear();
        await Promise.all([open(answer.code, true), rows()]);
      });
      dialog.classList.add("warn-form");
      return dialog;
    }

    /* The area by hand: clicks add corners, a double click or Enter ends, Esc leaves. */
    function stroke(last) {
      sketch.clearLayers();
      const all = last ? [...(ring || []), last] : ring || [];
      const ink = getComputedStyle(screen).getPropertyValue("--t1").trim();
      if (all.length) (all.length > 2 ? L.polygon(all, { color: ink, weight: 2.5, dashArray: "6 4", fillOpacity: 0.08, interactive: false }) : L.polyline(all, { color: ink, weight: 2.5, interactive: false })).addTo(sketch);
    }
    function stop() { drawing = null; map.getContainer().classList.remove("drawing"); setTimeout(() => map.doubleClickZoom.enable(), 300); bench(); }
    function clear() { ring = null; sketch.clearLayers(); stop(); }
    function end() { if (ring && ring.length > 2) { stroke(); stop(); } }
    function bench() {
      const done = ring && ring.length > 2 && !drawing;
      tools.replaceChildren(...[drawing ? el("span", {}, say("单击加点,双击或回车结束,Esc 取消", "Click to add, double-click or Enter ends, Esc leaves")) : my.button(done ? say("重画范围", "Draw again") : say("画范围", "Draw an area"), () => { ring = []; sketch.clearLayers(); drawing = true; map.getContainer().classList.add("drawing"); map.doubleClickZoom.disable(); bench(); map.getContainer().focus(); }),
        done ? my.button(say("清除", "Clear"), clear) : null, done ? my.button(say("按此范围拟稿", "Draft for it"), () => form(null, null), "primary") : null, !drawing && !done ? el("span", { class: "t3" }, say("可先画范围再拟稿,或在稿中按区划选择。", "Draw first, or choose areas in the draft.")) : null].filter(Boolean));
    }
    map.on("click", (event) => { if (!drawing) return; ring.push(event.latlng); stroke(); });
    map.on("mousemove", (event) => { if (drawing && ring.length) stroke(event.latlng); });
    map.on("dblclick", () => { if (drawing) { ring.pop(); end(); } });
    document.addEventListener("keydown", (event) => { if (!drawing) return; if (event.key === "Escape") clear(); if (event.key === "Enter" && !/^(BUTTON|INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName || "")) end(); });

    /* ?draft=area:CODE, enterprise:KEY, alarm:CODE begins a draft with what is known of it. */
    async function begin() {
      const [kind, ...rest] = (asked.get("draft") || "").split(":"), key = rest.join(":");
      if (!key) return;
      const given = {};
      if (kind === "area") Object.assign(given, { areas: [key], title: `${choices.areas.find((one) => one.code === key)?.name || ""}` });
      if (kind === "enterprise") { const one = await get(`api/risk/one?key=${encodeURIComponent(key)}`).catch(() => null); if (one) Object.assign(given, { areas: [one.area], title: `${one.name}${say("安全风险预警", " risk warning")}`, basis: say(`风险指数已知 ${one.score},最高可能 ${one.highest},${one.unknown} 项未知(${one.model.label})。`, `Index ${one.score}, at most ${one.highest}, ${one.unknown} unknown (${one.model.label}).`), extent: `${one.name}${say("及周边", " and around")}` }); }
      if (kind === "alarm") { const one = await get(`api/risk/row?layer=alarms&key=${encodeURIComponent(key)}`).catch(() => null); if (one) Object.assign(given, { title: one.title, basis: `${one.layer_title} ${one.key}:${one.pairs.filter((pair) => pair.words).slice(0, 8).map((pair) => `${pair.title} ${pair.words}`).join(";")}` }); }
      form(null, null, given);
    }

    choices = await my.room(body, () => get("api/warnings/choices"), () => []);
    if (!choices) { screen.dataset.ready = "1"; return; }
    bar.replaceChildren(my.button(say("拟一件预警", "Draft a warning"), () => form(null, null), "primary"), el("span", { class: "t3" }, say("拟稿与审批须为不同的人;发布和解除前再次确认。", "Another person than the drafter approves; publishing and lifting ask again.")));
    bench();
    screen.dataset.ready = "1";
    const listed = Promise.all([rows(), open(picked)]);
    begin();
    const city = await window.OneMap.risk.outlines("areas").catch(() => new Map());
    if (city.size && !picked) map.fitBounds(L.geoJSON([...city.values()]).getBounds(), { animate: false, padding: [20, 20] });
    await listed;
    const again = gathered(async () => { if (!window.OneMap.held(again)) await Promise.all([rows(), picked ? open(picked, true) : null]); }, 700);
    live.onChanges((layers) => { if (layers.has("warning_papers") || layers.has("warnings")) again(); });
    live.open();
    window.OneMap.office.onDress(() => { if (told) paint(told.paper.geometry, told.paper.level); });
  }

  window.OneMap.startWarnings = start;
})();
