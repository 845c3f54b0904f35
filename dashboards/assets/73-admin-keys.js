/* Agencies' keys and wall screens: issued with their secret shown once, listed without it, revoked. */
(function () {
  "use strict";
  const { base, el, say, time } = window.OneMap;
  const my = window.OneMap.admin;
  const { ask, send, day, button, state, names } = my;
  const title = (id) => my.choices().layers.find((one) => one.id === id)?.title || id;
  const used = (one) => (one.used_at ? el("span", { "data-at": one.used_at }, time.age(one.used_at)) : el("span", { class: "t3" }, say("从未", "Never")));

  my.tabs.keys = (box) => {
    const room = el("section", { class: "adm-card", "aria-label": say("密钥", "Keys") });
    box.append(el("div", { class: "adm-bar" }, el("p", { class: "t3" }, say("密钥发给数据共享单位的系统，用于 WMS、WFS 和 OGC API。", "Keys are for agencies' systems that use WMS, WFS and OGC API.")), el("span", { class: "sp" }), button(say("发放密钥", "Issue a key"), issue, "primary")), room);
    const list = () => my.room(room, () => ask("/keys"), draw);

    async function issue() {
      await my.again();
      const agencies = my.choices().agencies.map((one) => [one.id, `${one.name} (${one.login})`]);
      const layers = my.choices().layers.map((one) => [one.id, one.title]);
      const kept = my.choices().layers.filter((one) => one.by_people).map((one) => [one.id, one.title]);
      const soon = new Date(time.now().getTime() + 90 * 864e5).toISOString();
      my.form(say("发放密钥", "Issue a key"), [
        { name: "name", label: say("用途", "Purpose"), required: true, longest: 60 },
        { name: "account", label: say("单位账号", "Agency's account"), options: agencies, value: agencies[0]?.[0], hint: agencies.length ? null : say("先给单位账号以“数据共享单位”角色任职", "First give an account a post as data-sharing agency") },
        { name: "per_minute", label: say("每分钟请求数", "Requests a minute"), type: "number", min: 1, value: 600, required: true },
        { name: "expires_at", label: say("到期", "Ends"), type: "moment", value: soon, required: true },
        { name: "seen", label: say("图层", "Layers"), options: [["all", say("该单位可见的全部", "All the agency sees")], ["some", say("只有选定的", "Only some")]], value: "all" },
        { name: "layers", label: say("选定图层", "Some layers"), type: "ticks", all: layers, when: (values) => values.seen === "some" },
        { name: "changed", label: say("写入", "Writing"), options: [["none", say("只读", "Reads only")], ["some", say("可改选定的图层", "May change some layers")]], value: "none", hint: say("仅在该单位的角色有“编辑数据”权限时有效", "Counts only where the agency's role may edit data") },
        { name: "writable", label: say("可改图层", "Layers changed"), type: "ticks", all: kept, when: (values) => values.changed === "some" },
      ], say("发放", "Issue"), async ({ seen, changed, ...values }) => {
        const writable = changed === "some" ? values.writable : [];
        if (changed === "some" && !writable.length) throw new Error(say("请选择可改图层，或改为只读", "Choose the layers it may change, or let it read only"));
        if (writable.length && !(await trusted(values.name, writable))) throw new Error(say("未发放", "Not issued"));
        const made = await send("/keys", { ...values, writable, layers: seen === "some" ? values.layers : null });
        await list();
        my.secret(say("密钥", "Key"), say(`发给“${made.name}”的密钥只显示这一次，系统只保存其摘要。`, `The key for ${made.name} is shown this once; only its hash is kept.`), say("密钥", "Key"), made.key);
      });
    }

    /* Whoever holds the key writes with it: that is said once more, layer by layer. */
    function trusted(name, writable) {
      const those = names(writable.map(title));
      return my.sure(say("发放可写密钥", "Issue a key that writes"), say(`持有“${name}”密钥的系统可以新增、修改、删除：${those}。每次写入都记入变更与审计。`, `Whatever holds the key for ${name} may add, change and delete in: ${those}. Every write is in the change feed and the audit.`), say("确认发放", "Issue it"), async () => {});
    }

    function revoke(key) {
      my.sure(say("吊销密钥", "Revoke the key"), say(`“${key.name}”立即不能再取数，不能恢复。`, `${key.name} opens nothing from this moment, for good.`), say("吊销", "Revoke"), async () => { await send(`/keys/${key.id}/revoke`); await list(); });
    }

    /* What every request is held to, key or not: declared, not set here. */
    function bounds(limits) {
      const rows = limits.map((one) => ({ cells: [one.title, `${one.value.toLocaleString("en")} ${one.unit}`, one.source, one.status] }));
      const table = my.table([say("一次请求的限值", "Limit of one request"), say("上限", "At most"), say("依据", "Why"), say("来源", "Source")], rows);
      return el("details", { class: "adm-limits" }, el("summary", {}, say(`服务请求限值（${limits.length} 项）`, `Limits of requests to the services (${limits.length})`)), table);
    }

    function draw({ keys, limits }) {
      return el("div", {}, issued(keys), bounds(limits));
    }

    function issued(keys) {
      if (!keys.length) return my.empty(say("还没有密钥。", "There is no key yet."));
      const rows = keys.map((key) => ({
        dull: key.state !== "active",
        cells: [
          el("b", {}, key.name), key.login, key.layers ? names(key.layers.map(title)) : say("全部", "All"),
          key.writable.length ? names(key.writable.map(title)) : el("span", { class: "t3" }, say("只读", "Reads only")), String(key.per_minute),
          key.expires_at ? day(key.expires_at) : say("无", "Never"), used(key), state(key.state),
          key.state === "active" ? button(say("吊销", "Revoke"), () => revoke(key), "small danger") : day(key.revoked_at),
        ],
      }));
      return my.table([say("用途", "Purpose"), say("单位账号", "Agency"), say("图层", "Layers"), say("可改图层", "Changes"), say("次/分", "A minute"), say("到期", "Ends"), say("最近使用", "Last used"), say("状态", "State"), say("办理", "Actions")], rows);
    }
    list();
  };

  my.tabs.walls = (box) => {
    const room = el("section", { class: "adm-card", "aria-label": say("大屏", "Wall screens") });
    box.append(el("div", { class: "adm-bar" }, el("p", { class: "t3" }, say("大屏凭地址进入，只读，不会夜间退出，直到吊销。", "A wall screen comes in by its address, only looks, and stays until it is revoked.")), el("span", { class: "sp" }), button(say("登记大屏", "Set up a screen"), issue, "primary")), room);
    const list = () => my.room(room, () => ask("/kiosks"), draw);

    function issue() {
      const areas = my.choices().areas.map((one) => [one.code, one.code ? `${one.name} ${one.code}` : one.name]);
      my.form(say("登记大屏", "Set up a wall screen"), [
        { name: "name", label: say("位置", "Where it hangs"), required: true, longest: 60 },
        { name: "screen", label: say("画面", "Screen"), options: my.choices().screens.map((one) => [one.path, one.title]), value: my.choices().screens[0].path },
        { name: "role", label: say("角色", "Role"), options: my.choices().kiosk_roles.map((one) => [one, my.role(one)]), value: "kiosk" },
        { name: "lang", label: say("语言", "Language"), options: [["zh", "中文"], ["en", "English"]], value: "zh" },
        { name: "areas", label: say("管辖范围", "Areas"), type: "ticks", all: areas, value: areas.length === 1 ? [areas[0][0]] : [] },
      ], say("登记", "Set up"), async (values) => {
        const made = await send("/kiosks", values);
        await list();
        my.secret(say("大屏地址", "Address of the screen"), say(`在“${made.name}”的浏览器中打开此地址。地址只显示这一次。`, `Open this address in the browser of ${made.name}. It is shown this once.`), say("地址", "Address"), location.origin + base.replace(/\/$/, "") + made.address);
      });
    }

    function revoke(wall) {
      my.sure(say("吊销大屏", "Revoke the screen"), say(`“${wall.name}”立即退出，须重新登记。`, `${wall.name} is signed out at once and must be set up anew.`), say("吊销", "Revoke"), async () => { await send(`/kiosks/${wall.id}/revoke`); await list(); });
    }

    function draw({ kiosks }) {
      if (!kiosks.length) return my.empty(say("还没有登记大屏。", "There is no wall screen yet."));
      const title = (path) => my.choices().screens.find((one) => one.path === path)?.title || path;
      const rows = kiosks.map((wall) => ({
        dull: wall.state !== "active",
        cells: [
          el("b", {}, wall.name), title(wall.screen), names(wall.areas.map(my.area)), wall.lang === "en" ? "English" : "中文", used(wall), state(wall.state),
          wall.state === "active" ? button(say("吊销", "Revoke"), () => revoke(wall), "small danger") : day(wall.revoked_at),
        ],
      }));
      return my.table([say("位置", "Where"), say("画面", "Screen"), say("管辖范围", "Areas"), say("语言", "Language"), say("最近使用", "Last used"), say("状态", "State"), say("办理", "Actions")], rows);
    }
    list();
  };
})();
