/* Rules of a camera: what is drawn, the rules of each zone, the calibration, and every version of them. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip, day } = my;
  const { draft: drafted, named, FIELDS } = window.OneMap.zones;
  const PICTURES = { live: say("实时画面", "Live"), still: say("上传的截图", "Uploaded still"), event: say("事件画面", "Picture of an event") };
  const TIMES = [["after_s", "after"], ["bridge_s", "bridge"], ["clear_s", "clear"]];

  async function start(leaflet, screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#zones-${id}`), code = new URLSearchParams(location.search).get("camera") || "";
    const told = part("told"), list = part("list"), pairs = part("pairs"), history_ = part("history"), head = part("head"), tools = part("map-tools"), box = part("picture");
    const room = el("div", { class: "adm-tools zones-tools" }), note = el("p", { class: "t3 zones-size" }), step = el("p", { id: "zones-step", class: "zones-step", role: "status" });
    let answer = null, mode = "zones", conflict = null, pending = null, shown = null, words = "";
    const draft = drafted(code), may_write = () => Boolean(answer?.may_write);
    const said = (text) => { words = text; status(); };
    const picture = window.OneMap.zones.picture(draft, { mode: () => mode, said, may_write });
    const ground = window.OneMap.zones.ground(leaflet, draft, { mode: () => mode, said, may_write });

    /* What is wrong, what to do next, and whether somebody else was first. */
    function status() {
      const wrong = draft.faults.map((one) => el("li", {}, one.field ? `${named(one.field, draft.now)}` : "", one.value ? el("b", {}, ` ${one.value} `) : " ", one.rule));
      told.replaceChildren(...[
        conflict ? el("div", { class: "note wrong", role: "alert" }, el("p", {}, say(`${conflict.actor || "他人"} 已保存第 ${conflict.version} 版:${conflict.reason}。您的修改还在。`, `${conflict.actor || "Somebody"} kept version ${conflict.version}: ${conflict.reason}. What you drew is still here.`)),
          el("div", { class: "adm-tools" }, button(say("载入最新版,放弃我的修改", "Load it, give up mine"), () => { conflict = null; load(); }), button(say("以我的修改为准继续", "Go on with mine"), () => { draft.version = conflict.version; conflict = null; status(); save(); }))) : null,
        wrong.length ? el("div", { class: "zones-wrong", role: "alert" }, el("b", {}, say(`${wrong.length} 处有误,改正后才能保存`, `${wrong.length} at fault; keep it once they are mended`)), el("ul", {}, wrong)) : null].filter(Boolean));
      step.textContent = words; // a line of its own that is always there: what is clicked must not move
    }

    const modes = [["zones", say("区域", "Zones")], ["pairs", say("标定", "Calibration")]];
    function turn(next) {
      mode = next;
      pending = null;
      ground.stop();
      said(mode === "pairs" ? (may_write() ? say("先在画面上点一个地面点,再在地图上点同一地点", "Click a point of the ground in the picture, then the same place on the map") : "") : "");
      draw();
    }

    function new_zone(what) {
      const n = draft.now.zones.length + 1, taken = new Set(draft.now.zones.map((one) => one.name));
      let name = say(`区域 ${n}`, `Zone ${n}`);
      for (let more = n; taken.has(name); more += 1) name = say(`区域 ${more + 1}`, `Zone ${more + 1}`);
      said("");
      draft.zone = name;
      if (what.picture) picture.focus("c0");
      draft.change((now) => { picture.sized(now); now.zones.push({ name, ...what }); });
    }

    function draw_picture_tools() {
      const sources = el("select", { "aria-label": say("画面来源", "Where the picture is from") }, answer.pictures.map((one, n) => el("option", { value: n, selected: shown === one }, `${PICTURES[one.kind]}${one.at ? ` ${day(one.at)}` : one.kind === "event" ? ` ${one.of}` : ""}`)));
      sources.addEventListener("change", () => show(answer.pictures[Number(sources.value)]));
      const file = el("input", { type: "file", accept: "image/jpeg,image/png", hidden: true });
      file.addEventListener("change", () => upload(file.files[0]));
      const w = draft.now.size;
      room.replaceChildren(...[
        el("div", { class: "zones-modes", role: "group", "aria-label": say("画什么", "What is drawn") }, modes.map(([id, title]) => el("button", { type: "button", class: "adm-button", "aria-pressed": String(mode === id), on: { click: () => turn(id) } }, title))),
        ...(may_write() && mode === "zones" ? (picture.drawing() ? [button(say("完成", "Done"), () => picture.finish(true), "primary"), button(say("取消", "Give up"), () => picture.finish(false))]
          : [button(say("画区域", "Draw a zone"), () => { picture.begin((ring) => { said(""); if (ring) new_zone({ picture: ring }); else draw(); }); draw(); }), button(say("加矩形", "Add a rectangle"), () => { const [x, y] = picture.size(); new_zone({ picture: [[0.3, 0.4], [0.7, 0.4], [0.7, 0.8], [0.3, 0.8]].map(([a, b]) => [Math.round(a * x), Math.round(b * y)]) }); })]) : []),
        ...(may_write() && mode === "pairs" ? [button(say("取画面中央", "Middle of the picture"), () => { const [x, y] = picture.size(); pixel([Math.round(x / 2), Math.round(y * 0.7)]); })] : []),
        el("span", { class: "sp" }),
        answer.pictures.length ? sources : null, shown?.kind === "live" ? button(say("刷新", "Refresh"), () => show(shown)) : null,
        may_write() ? el("label", { class: "adm-button zones-upload" }, say("上传截图", "Upload a still"), file) : null].filter(Boolean));
      note.replaceChildren(...[w ? say(`坐标按 ${w[0]}×${w[1]} 的画面`, `Pixels of a picture of ${w[0]} by ${w[1]}`) : say("规则未写画面尺寸,坐标为视频原始像素;保存后按当前画面记录", "No size is written: pixels are the stream's own; keeping it writes the size"), picture.apart ? el("b", { class: "bad" }, ` ${picture.apart}`) : ""]);
      if (picture.stage.parentElement !== box) box.replaceChildren(room, step, picture.stage, told, note); // taken out it would lose the focus
    }

    function show(first) {
      const others = answer.pictures.filter((one) => one !== first);
      picture.show(first ? [first, ...others] : others, (one, natural) => {
        shown = one;
        const size = draft.now.size || answer.frame;
        if (!draft.now.size && answer.frame) draft.sized(answer.frame); // what the stream has: the picture may be smaller
        picture.apart = one && size && Math.abs(natural[0] / natural[1] / (size[0] / size[1]) - 1) > 0.02 ? say(`与此画面比例不同(${natural[0]}×${natural[1]}),请核对区域`, `This picture has another shape (${natural[0]} by ${natural[1]}): check the zones`) : "";
        draw();
      });
    }

    async function upload(file) {
      if (!file) return;
      try {
        const sent = await fetch(`${base}api/files?layer=cameras&key=${encodeURIComponent(code)}&name=${encodeURIComponent(file.name)}&note=${encodeURIComponent(say("视频规则用截图", "Still for rules"))}`, { method: "POST", body: file, credentials: "same-origin" });
        if (!sent.ok) throw window.OneMap.refusal(sent.status, await sent.json().catch(() => ({})));
        answer.pictures = (await get(`api/cameras/rules?camera=${encodeURIComponent(code)}`)).pictures;
        show(answer.pictures.find((one) => one.kind === "still"));
      } catch (fault) { said(fault.message); }
    }

    function pixel(place) {
      pending = place;
      said(say(`画面点 ${place[0]}, ${place[1]} 已取。在地图上点同一地点,或用“取地图中心”“填坐标”`, `Taken: ${place[0]}, ${place[1]}. Click the same place on the map, or take its middle, or fill it in`));
      ground.wait(placed);
      draw();
      reveal(leaflet.getContainer());
    }
    function placed([lon, lat]) {
      const [x, y] = pending;
      pending = null;
      draft.pair = draft.now.pairs.length;
      draft.change((now) => { picture.sized(now); now.pairs.push({ x, y, lon, lat }); });
      const n = draft.now.pairs.length;
      reveal(picture.stage);
      said(n < 4 ? say(`已有 ${n} 对,至少 4 对。继续在画面上点下一个地面点`, `${n} pairs of 4 at least: click the next point in the picture`) : say(`已有 ${n} 对。方向键可微调选中的点`, `${n} pairs. Arrows move the chosen one`));
    }
    picture.onPixel = pixel;

    function draw_map_tools() {
      const busy = ground.drawing();
      ground.onDrawn = (n) => { if (n === 1 || n === 3) draw_map_tools(); };
      tools.replaceChildren(...(!may_write() ? [] : mode === "zones" ? (busy ? [button(say("完成", "Done"), () => { const ring = ground.finish(true); if (ring) new_zone({ ground: ring }); else said(say("至少三个角点", "Three corners at least")); draw(); }, "primary"), button(say("取地图中心", "Middle of the map"), () => ground.middle()), button(say("取消", "Give up"), () => { ground.finish(false); said(""); draw(); })]
        : [button(say("在地图上画区域", "Draw a zone on the map"), () => { if (!draft.now.pairs.length) { said(say("摄像机未标定,不能使用地面区域;请先标定,或在画面上画区域", "The camera is not calibrated: no zone on the ground")); return; } ground.begin(); said(say("在地图上依次点出角点,然后按“完成”", "Click corner after corner, then Done")); draw(); })])
        : [button(say("取地图中心", "Middle of the map"), () => (pending ? ground.middle() : said(say("先在画面上点一个地面点", "First a point of the picture")))), button(say("填坐标", "Fill in"), () => (pending ? coordinates() : said(say("先在画面上点一个地面点", "First a point of the picture"))))]));
      const cut = draft.now.zones.filter((one) => draft.drawn.zones[one.name]?.cut).map((one) => one.name);
      part("map-said").textContent = draft.now.pairs.length < 4 ? say("未标定,画面区域不能落到地图", "Not calibrated: zones of the picture have no place") : cut.length ? say(`${cut.join("、")} 远端超出标定范围,未画全`, `${cut.join(", ")}: the far part is beyond the calibration`) : "";
    }

    function coordinates() {
      const field = (name, label) => ({ name, label, type: "text", required: true, longest: 16, hint: say("WGS 84 / CGCS2000,度", "WGS 84 / CGCS2000, degrees") });
      my.form(say("填写测量坐标", "A place that was surveyed"), [field("lon", say("经度", "Longitude")), field("lat", say("纬度", "Latitude"))], say("确定", "Yes"), async ({ lon, lat }) => {
        const at = [Number(lon), Number(lat)];
        if (!(Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 85)) throw new Error(say("经度 -180 至 180,纬度 -85 至 85", "Longitude to 180, latitude to 85"));
        ground.stop();
        placed(at);
      });
    }

    function limit(name, digits) { const one = answer.limits[name]; return el("span", { class: "t3", title: `${one.name} · ${one.source} · ${one.status}` }, `${Number(one.value.toFixed(digits ?? 4))}\u2009${one.unit}`); }
    function draw_pairs() {
      const { errors, rms, foretold } = draft.drawn, rows = draft.now.pairs;
      const lines = rows.map((one, n) => el("tr", { "aria-selected": draft.pair === n ? "true" : null, on: { click: () => { draft.pair = n; draft.tell(); } } },
        el("td", {}, String(n + 1)), el("td", { class: "num" }, `${Math.round(one.x)}, ${Math.round(one.y)}`), el("td", { class: "num zones-place" }, `${one.lon.toFixed(6)}, ${one.lat.toFixed(6)}`),
        el("td", { class: `num${errors[n] > answer.limits["ground.worst"].value ? " bad" : ""}` }, rows.length === 4 ? say("不能得出", "unknown") : errors[n] === undefined || errors[n] === null ? "" : errors[n].toFixed(2)),
        el("td", {}, may_write() ? el("button", { type: "button", class: "adm-close", "aria-label": say(`删除标定点 ${n + 1}`, `Take pair ${n + 1} away`), on: { click: (event) => { event.stopPropagation(); draft.change((now) => now.pairs.splice(n, 1)); } } }, icon("close", 14)) : null)));
      const verdict = !rows.length ? el("p", { class: "t3" }, say("未标定。视频事件标于摄像机处,不能使用地面区域。", "Not calibrated: events are put at the camera, and there are no zones on the ground."))
        : rows.length < 4 ? el("p", { class: "bad" }, say(`至少 4 对,现有 ${rows.length} 对`, `4 pairs at least, not ${rows.length}`))
        : rows.length === 4 ? el("p", {}, say("4 对点总能吻合,误差未检验:事件仍标于摄像机处。再加一对以上。", "Four pairs fit whatever they say: events stay at the camera until there is a fifth."))
        : rms === null ? null : el("p", { class: "zones-rms" }, el("b", { class: rms > answer.limits["ground.worst"].value ? "bad" : "" }, say(`均方根误差 ${rms.toFixed(2)} m`, `${rms.toFixed(2)} m root mean square`)), say(",上限 ", ", at most "), limit("ground.worst"), foretold === null ? null : say(`;留一检验 ${foretold.toFixed(2)} m`, `; each foretold by the others ${foretold.toFixed(2)} m`));
      pairs.replaceChildren(el("header", {}, el("h3", {}, say("标定", "Calibration")), el("span", { class: "sp" }), rows.length && may_write() ? button(say("清除", "Clear"), () => draft.change((now) => { now.pairs = []; }), "small") : null), ...[verdict,
        answer.camera.kind === "ptz" ? el("p", { class: "t3" }, say("云台转动后标定不再有效,须固定在标定时的方向。", "A camera that turns must stand as it was calibrated.")) : null,
        rows.length ? el("table", { class: "zones-table" }, el("thead", {}, el("tr", {}, [say("点", "No."), say("画面 像素", "Pixel"), say("经度, 纬度", "Longitude, latitude"), say("偏差 m", "Off, m"), ""].map((one) => el("th", { scope: "col" }, one)))), el("tbody", {}, lines)) : null].filter(Boolean));
    }

    const kind = (id) => answer.kinds.find((one) => one.code === id);
    function params(rule) {
      const k = kind(rule.kind), seconds = (key, usual, zh, en) => ((rule[key] ?? k[usual]) === 0 && key === "after_s" ? say("立即报出", "told at once") : `${say(zh, en)} ${rule[key] ?? k[usual]}\u2009s`);
      return [k.people ? say(`人数 ${rule.people ?? 1}`, `people ${rule.people ?? 1}`) : "", seconds("after_s", "after", "持续", "after"), rule.bridge_s === undefined || rule.bridge_s === null ? "" : seconds("bridge_s", "bridge", "允许中断", "may be away"), rule.clear_s === undefined || rule.clear_s === null ? "" : seconds("clear_s", "clear", "结束判定", "ends after"), k.least && rule.least ? say(`得分 ${rule.least}`, `score ${rule.least}`) : ""].filter(Boolean).join(" · ");
    }

    function draw_list() {
      const cards = draft.now.zones.map((zone, index) => {
        const own = draft.now.rules.map((rule, n) => [rule, n]).filter(([rule]) => rule.zone === zone.name), chosen = zone.name === draft.zone;
        return el("section", { class: `zones-card${chosen ? " chosen" : ""}`, "data-zone": zone.name },
          el("header", {}, el("button", { type: "button", class: "adm-name", "aria-pressed": String(chosen), on: { click: () => draft.pick(zone.name) } }, el("b", {}, zone.name), el("small", { class: "t3" }, zone.ground ? say(`地面区域·${zone.ground.length} 角点·按脚点米制判定`, `on the ground, ${zone.ground.length} corners, judged in metres`) : say(`画面区域·${zone.picture.length} 角点`, `in the picture, ${zone.picture.length} corners`))), el("span", { class: "sp" }),
            may_write() ? el("div", { class: "adm-tools" }, button(say("加规则", "Add a rule"), () => edit_rule(zone.name, null), "small"), button(say("改名", "Rename"), () => rename(index), "small"), button(say("删除", "Delete"), () => drop_zone(zone, own.length), "small")) : null),
          own.length ? el("ul", {}, own.map(([rule, n]) => el("li", {}, el("span", {}, el("b", {}, kind(rule.kind)?.name || rule.kind), el("small", { class: "t3" }, ` ${rule.id} · ${params(rule)}`)), kind(rule.kind)?.missing ? chip(say(`不可用:${kind(rule.kind).missing}`, `Not available: ${kind(rule.kind).missing}`), "bad") : null,
            may_write() ? el("span", { class: "adm-tools" }, button(say("修改", "Edit"), () => edit_rule(zone.name, n), "small"), button(say("删除", "Delete"), () => draft.change((now) => now.rules.splice(n, 1)), "small")) : null))) : el("p", { class: "t3" }, say("没有规则", "No rules")));
      });
      list.replaceChildren(el("header", {}, el("h3", {}, say(`区域与规则 ${draft.now.zones.length} / ${draft.now.rules.length}`, `Zones ${draft.now.zones.length}, rules ${draft.now.rules.length}`))), ...(cards.length ? cards : [my.empty(say("还没有区域。按“画区域”在画面上画,或“加矩形”后用方向键移动角点。", "No zones yet: draw one, or add a rectangle and move its corners by the arrows."))]));
    }

    function rename(index) {
      my.form(say("区域改名", "Rename the zone"), [{ name: "name", label: say("名称", "Name"), required: true, longest: 60, value: draft.now.zones[index].name }], say("确定", "Yes"), async ({ name }) => {
        const was = draft.now.zones[index].name, to = name.trim();
        if (draft.now.zones.some((one, n) => n !== index && one.name === to)) throw new Error(say("已有同名区域", "There is a zone of that name"));
        draft.zone = to;
        draft.change((now) => { now.zones[index].name = to; for (const rule of now.rules) if (rule.zone === was) rule.zone = to; });
      });
    }

    function drop_zone(zone, rules) {
      const go = () => { draft.change((now) => { now.zones = now.zones.filter((one) => one.name !== zone.name); now.rules = now.rules.filter((one) => one.zone !== zone.name); }); draft.pick(draft.now.zones[0]?.name || ""); };
      if (!rules) return go();
      return my.sure(say(`删除区域“${zone.name}”`, `Delete ${zone.name}`), say(`其中 ${rules} 条规则一并删除。保存前可撤销。`, `Its ${rules} rules go with it. It can be undone until it is kept.`), say("删除", "Delete"), async () => go());
    }

    /* What holds without a value of one's own stands under each field, with its source. */
    function usual(name, k) {
      const least = answer.limits["people.least"];
      if (name === "least") return say(`空为 ${least.value},来源 ${least.source}(${least.status})`, `Empty: ${least.value}, ${least.source} (${least.status})`);
      const [, key] = TIMES.find(([one]) => one === name);
      return say(`空为 ${k[key]} 秒,来源 ${k.source}(${k.status})`, `Empty: ${k[key]} s, ${k.source} (${k.status})`);
    }

    function edit_rule(zone, n) {
      const rule = n === null ? { kind: answer.kinds.find((one) => !one.missing).code } : draft.now.rules[n], k = (now) => kind(now.kind);
      let free = draft.now.rules.length + 1;
      while (draft.now.rules.some((one) => one.id === `R${free}`)) free += 1;
      const options = answer.kinds.map((one) => [one.code, one.missing ? say(`${one.name}(不可用:${one.missing})`, `${one.name} (not available: ${one.missing})`) : one.name]);
      const number = (name, more) => ({ name, label: `${FIELDS[name]}${name === "least" ? "" : say("(秒)", ", s")}`, type: "number", min: 0, value: rule[name], hint: usual(name, kind(rule.kind)), ...more });
      const form = my.form(n === null ? say(`“${zone}”加规则`, `A rule for ${zone}`) : say(`修改规则 ${rule.id}`, `Edit ${rule.id}`), [
        { name: "kind", label: say("类型", "Kind"), options, value: rule.kind, wide: true }, { name: "id", label: say("规则编号", "Rule"), required: true, longest: 60, value: rule.id || `R${free}` },
        { name: "people", label: say("人数(人)", "People"), type: "number", min: 0, value: rule.people ?? 1, when: (now) => k(now).people, hint: say("脱岗:少于此数;超员:多于此数", "Unattended: fewer; too many: more") },
        number("after_s"), number("bridge_s"), number("clear_s"), number("least", { when: (now) => k(now).least })], say("确定", "Yes"), async (given) => {
        const made = { id: given.id.trim(), kind: given.kind, zone };
        if (given.people !== undefined && given.people !== null) made.people = given.people;
        for (const name of ["after_s", "bridge_s", "clear_s", "least"]) if (given[name] !== undefined && given[name] !== null) made[name] = given[name];
        const next = draft.setup(), place = n === null ? next.rules.length : n;
        next.rules = [...next.rules];
        next.rules[place] = made;
        const found = await post("api/cameras/rules/preview", { camera: code, setup: next }), own = found.faults.filter((one) => one.field.startsWith(`rules.${place}.`) || one.field.startsWith(`rules.${made.id}.`));
        if (own.length) { const fault = new Error(say("规则有误", "The rule is faulty")); fault.faults = own.map((one) => ({ ...one, field: one.field.split(".").pop() })); throw fault; }
        draft.change((now) => { now.rules[place] = made; });
      });
      form.querySelector("[name=kind]").addEventListener("change", (event) => {
        for (const [name] of TIMES) form.querySelector(`[name=${name}]`).closest(".adm-field").querySelector("small").textContent = usual(name, kind(event.target.value));
      });
    }

    function draw_history() {
      history_.replaceChildren(el("header", {}, el("h3", {}, say("历次修改", "Versions"))), answer.history.length ? el("ol", { class: "adm-list rules-steps" }, answer.history.slice(0, 12).map((one) => el("li", {}, el("b", {}, say(`第 ${one.version} 版`, `Version ${one.version}`)), el("small", { class: "t3" }, ` ${one.at ? day(one.at) : ""} ${one.actor}`), el("div", {}, one.reason)))) : el("p", { class: "t3" }, say("尚未保存过", "Nothing is kept yet")));
    }

    function draw_head() {
      const dirty = draft.dirty(), one = answer.camera;
      head.replaceChildren(...[el("b", {}, one.name), el("small", { class: "t3" }, [one.code, one.watches].filter(Boolean).join(" · ")), chip(draft.version ? say(`第 ${draft.version} 版`, `Version ${draft.version}`) : say("未设定", "Not set up"), draft.version ? "good" : "dull"), dirty ? chip(say("有未保存的修改", "Not kept yet"), "bad") : null, el("span", { class: "sp" }),
        el("a", { class: "adm-button", href: `${base}map?layers=enterprises,cameras&sel=${encodeURIComponent(`cameras:${one.code}`)}` }, say("地图上的视频点", "On the map")), el("a", { class: "adm-button", href: `${base}violations?camera=${encodeURIComponent(one.code)}` }, say("视频事件", "Events")),
        may_write() ? el("button", { type: "button", class: "adm-button", id: "zones-undo", disabled: !draft.can_undo(), title: "Ctrl Z", on: { click: () => draft.undo() } }, say("撤销", "Undo")) : null,
        may_write() ? el("button", { type: "button", class: "adm-button primary", id: "zones-save", disabled: !dirty || draft.faults.length > 0, on: { click: save } }, say("保存", "Keep")) : null].filter(Boolean));
    }

    async function save() {
      const box_ = my.form(say("保存视频规则", "Keep the rules"), [{ type: "note", label: say("保存后,正在运行的视频分析数秒内按新版本判定;改动的规则若有持续中的事件,记为分析中断。", "Analysis that runs takes it up within seconds; what goes on of a changed rule ends as broken off.") }, { name: "reason", label: say("事由", "Why"), required: true, longest: 200, wide: true }], say("保存", "Keep"), async ({ reason }) => {
        try {
          const next = await post("api/cameras/rules", { camera: code, version: draft.version, reason, setup: draft.setup() });
          take(next);
          said(say(`已保存为第 ${next.version} 版`, `Kept as version ${next.version}`));
        } catch (fault) {
          if (fault.status !== 409) throw fault;
          const newest = await get(`api/cameras/rules?camera=${encodeURIComponent(code)}`);
          conflict = { version: newest.version, ...(newest.history[0] || {}) };
          box_.close();
          status();
          told.scrollIntoView({ block: "nearest" });
        }
      });
    }

    /* On a narrow screen the other half lies out of sight. */
    function reveal(node) { if (window.innerWidth < 1280) node.scrollIntoView({ block: "center" }); }

    function draw() {
      if (!answer) return;
      screen.querySelector(".zones-two").classList.toggle("pairs", mode === "pairs");
      const held = document.activeElement, of = [head, room, tools, pairs, list].find((one) => one.contains(held)), reached = (one) => [...one.querySelectorAll("button, select, a")], n = of ? reached(of).indexOf(held) : -1;
      draw_head();
      draw_picture_tools();
      draw_map_tools();
      draw_pairs();
      draw_list();
      status();
      picture.draw();
      ground.draw();
      if (n >= 0) reached(of)[Math.min(n, reached(of).length - 1)]?.focus({ preventScroll: true }); // what had the focus was drawn anew
    }

    function take(next) {
      answer = next;
      draft.worst = next.limits["ground.worst"].value;
      draft.load(next);
      draw_history();
    }

    async function load() {
      try { take(await get(`api/cameras/rules?camera=${encodeURIComponent(code)}`)); }
      catch (fault) { box.replaceChildren(my.empty(code ? fault.message : say("地址中没有视频点编码。从视频点卡片或视频事件页进入。", "No camera is named. Come here from the card of a camera."))); return false; }
      if (!shown) show(answer.pictures[0]);
      return true;
    }

    draft.on(draw);
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey && !event.target.closest("input, textarea") && !document.querySelector("dialog[open]")) { event.preventDefault(); draft.undo(); }
    });
    window.addEventListener("beforeunload", (event) => { if (answer && draft.dirty()) event.preventDefault(); });
    if (await load()) await ground.camera(answer.camera);
    ground.draw();
    screen.dataset.ready = "1";
  }

  window.OneMap.startZones = start;
})();
