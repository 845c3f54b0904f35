/* What somebody draws for a camera: zones, rules, pairs; every change can be undone, and the server says what is wrong. */
(function () {
  "use strict";
  const { say, post, debounce } = window.OneMap;
  const copy = (value) => JSON.parse(JSON.stringify(value));

  /* As the page holds it: zones in a list, each of the picture or of the ground. */
  function opened(setup) {
    const zones = Object.entries(setup.zones || {}).map(([name, one]) => (Array.isArray(one) ? { name, picture: one } : { name, ground: one.ground }));
    return { size: setup.size || null, zones, rules: setup.rules || [], pairs: setup.calibration || [] };
  }

  /* As the server keeps it. */
  function written(now) {
    const setup = {};
    if (now.size) setup.size = now.size;
    setup.zones = Object.fromEntries(now.zones.map((one) => [one.name, one.ground ? { ground: one.ground } : one.picture]));
    setup.rules = now.rules;
    setup.calibration = now.pairs;
    return setup;
  }

  function draft(camera) {
    const listeners = new Set();
    let past = [], kept = "", turn = 0;
    const mine = {
      now: opened({}), drawn: { errors: [], zones: {}, horizon: null, rms: null, foretold: null }, faults: [], version: 0, zone: "", pair: -1, worst: Infinity,
      dirty: () => JSON.stringify(written(mine.now)) !== kept,
      can_undo: () => past.length > 0,
      setup: () => written(mine.now),
      on: (run) => listeners.add(run),
      tell: () => { for (const run of listeners) run(); },
      load(answer) {
        mine.now = opened(answer.setup);
        mine.drawn = answer.drawn;
        mine.version = answer.version;
        mine.faults = [];
        past = [];
        kept = JSON.stringify(written(mine.now));
        if (!mine.now.zones.some((one) => one.name === mine.zone)) mine.zone = mine.now.zones[0]?.name || "";
        mine.tell();
      },
      /* `change` alters a copy; what was before can be had back. */
      change(change) {
        const next = copy(mine.now);
        change(next);
        past.push(mine.now);
        if (past.length > 100) past.shift();
        mine.now = next;
        mine.tell();
        mine.look();
      },
      undo() {
        if (!past.length) return;
        mine.now = past.pop();
        if (!mine.now.zones.some((one) => one.name === mine.zone)) mine.zone = mine.now.zones[0]?.name || "";
        mine.tell();
        mine.look();
      },
      /* The size of the stream, where none is written: what is drawn already is in its pixels, so nothing is changed. */
      sized(size) { const clean = !mine.dirty(); mine.now.size = size; if (clean) kept = JSON.stringify(written(mine.now)); },
      pick(zone) { mine.zone = zone; mine.tell(); },
      selected: () => mine.now.zones.find((one) => one.name === mine.zone) || null,
      async looked() {
        const own = ++turn;
        const found = await post("api/cameras/rules/preview", { camera, setup: mine.setup() });
        if (own !== turn) return;
        mine.drawn = found.drawn;
        mine.faults = found.faults;
        mine.tell();
      },
    };
    mine.look = debounce(() => mine.looked().catch((fault) => { mine.faults = [{ field: "", value: "", rule: fault.message }]; mine.tell(); }), 250);
    return mine;
  }

  const FIELDS = { people: say("人数", "People"), after_s: say("持续时间", "Lasts for"), bridge_s: say("允许中断", "May be away"), clear_s: say("结束判定", "Ends after"), least: say("最低得分", "Least score"), id: say("规则编号", "Rule"), kind: say("类型", "Kind"), zone: say("区域", "Zone") };

  /* A field of the setup in words. */
  function named(field, now) {
    const [part, key, more] = field.split(".");
    if (part === "zones" && key !== undefined) return say(`区域“${key}”`, `Zone “${key}”`) + (more !== undefined && /^\d+$/.test(more) ? say(` 第 ${Number(more) + 1} 角点`, `, corner ${Number(more) + 1}`) : "");
    if (part === "rules" && key !== undefined) return say(`规则“${now.rules[key]?.id || key}”`, `Rule “${now.rules[key]?.id || key}”`) + (more ? ` ${FIELDS[more] || more}` : "");
    if (part === "calibration") return key === undefined ? say("标定", "Calibration") : say(`标定第 ${Number(key) + 1} 对点`, `Pair ${Number(key) + 1}`);
    return part === "size" ? say("画面尺寸", "Size of the picture") : field;
  }

  window.OneMap.zones = { draft, named, FIELDS };
})();
