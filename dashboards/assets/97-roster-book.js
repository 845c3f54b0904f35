/* The phone book: in the order of calling, numbers as far as the role opens them, how fresh each is. */
(function () {
  "use strict";
  const { el, icon, say, get, post, debounce, time } = window.OneMap;
  const roster = (window.OneMap.roster = window.OneMap.roster || { tabs: {} });
  const dial = (number) => el("a", { class: "link tel", href: `tel:${number.replace(/[^0-9+]/g, "")}` }, number);
  const locked = () => el("span", { class: "kept" }, icon("lock", 14), say(" 无权查看", " Not open to you"));

  function start(box, page) {
    const my = window.OneMap.admin, { button, chip } = my;
    let q = "", turn = 0, stale = 90;
    const opened = new Map(), cells = new Map();
    const find = el("input", { type: "search", placeholder: say("姓名、单位、职务,两个字即可", "Name, unit or post"), "aria-label": say("查找通讯录", "Find a contact"), maxlength: 40 });
    const note = el("span", { class: "t3", role: "status" });
    const list = el("div", { class: "roster-list roster-book" });
    const add = page.may_write ? button(say("新增", "Add"), () => form(null), "primary") : null;
    box.append(el("section", { class: "panel roster-sheet", "aria-label": say("应急通讯录", "Phone book") }, el("div", { class: "roster-bar" }, find, add, note), list));
    find.addEventListener("input", debounce(() => { q = find.value.trim(); read(); }, 200));

    async function read() {
      const mine = ++turn;
      await my.room(list, () => get(`api/roster/contacts${q ? `?q=${encodeURIComponent(q)}` : ""}`), (given) => (mine === turn ? rows(given) : []));
    }

    function fresh(one) {
      const words = one.verified_on ? say(`${one.verified_on} 核对`, `verified ${one.verified_on}`) : say("从未核对", "never verified");
      return el("span", { title: one.verified_by || "" }, one.stale ? chip(say(`过期 ${words}`, `stale, ${words}`), "soon") : words);
    }

    /* What was shown stays shown when the list is read again, until the row changes. */
    async function show(one) {
      try { opened.set(one.code, { version: one.version, phone: (await get(`api/roster/contacts/row?code=${encodeURIComponent(one.code)}`)).mobile_phone }); }
      catch (error) { cells.get(one.code)?.replaceChildren(error.message); return; }
      mobile(one);
    }

    function mobile(one) {
      const known = opened.get(one.code), cell = cells.get(one.code);
      if (!one.mobile_open) cell.replaceChildren(locked());
      else if (known?.version === one.version) cell.replaceChildren(known.phone === null ? locked() : known.phone ? dial(known.phone) : say("未登记", "None"));
      else cell.replaceChildren(el("button", { type: "button", class: "adm-button small", on: { click: () => show(one) }, title: say("查看会留下记录", "Looking is recorded") }, say("显示", "Show")));
    }

    function rows(given) {
      stale = given.stale_days;
      const old = given.rows.filter((one) => one.stale).length;
      note.textContent = say(`${given.total} 条,超过 ${stale} 天未核对 ${old} 条`, `${given.total} entries, ${old} not verified for ${stale} days`);
      if (!given.rows.length) return my.empty(q ? say(`没有找到“${q}”。`, `Nothing found for “${q}”.`) : say("通讯录还是空的。", "The phone book is empty."));
      const lines = given.rows.map((one) => {
        cells.set(one.code, el("span", {}));
        mobile(one);
        const acts = one.own && page.may_write ? el("span", { class: "adm-row-tools" }, button(say("核对", "Verify"), () => verify(one), "small"), button(say("修改", "Change"), () => form(one), "small")) : null;
        return { id: one.code, cells: [String(one.call_order), el("span", {}, el("b", {}, one.name), el("small", {}, [one.unit === one.name ? "" : one.unit, one.post, one.duties].filter(Boolean).join(" · "))), one.duty_phone_open ? (one.duty_phone ? dial(one.duty_phone) : el("span", { class: "kept" }, say("未登记", "None"))) : locked(), cells.get(one.code), fresh(one), one.area_word || "", acts] };
      });
      return my.table([say("顺序", "Order"), say("名称", "Name"), say("值班电话", "Duty phone"), say("手机", "Mobile"), say("新旧", "How fresh"), say("区划", "Area"), ""], lines);
    }

    async function verify(one) {
      await my.sure(say(`${one.name} 的号码已核对`, `The numbers of ${one.name} are right`), say("确认已拨通或当面核实。记录您的姓名和今天的日期。", "You have tried them or asked. Your name and today are noted."), say("已核对", "Verified"), () => post("api/roster/contacts/verify", { code: one.code, version: one.version }));
      read();
    }

    async function form(one) {
      const now = one ? await get(`api/roster/contacts/row?code=${encodeURIComponent(one.code)}`).catch(() => ({})) : {};
      const fields = [{ name: "kind", label: say("类别", "Kind"), options: page.choices.kinds.map((each) => [each.code, each.name]), value: one?.kind || "body" }, { name: "name", label: say("名称", "Name"), value: one?.name || "", required: true, longest: 80 },
        { name: "unit", label: say("所属单位", "Unit"), value: one?.unit || "", longest: 80 }, { name: "post", label: say("职务", "Post"), value: one?.post || "", longest: 80 }, { name: "duty_phone", label: say("值班电话", "Duty phone"), value: now.duty_phone || "", longest: 40 },
        ...(one && now.mobile_phone === null ? [] : [{ name: "mobile_phone", label: say("手机", "Mobile"), value: now.mobile_phone || "", longest: 40 }]), { name: "call_order", label: say("呼叫顺序", "Order of call"), type: "number", value: one?.call_order ?? 100, min: 1 },
        { name: "area", label: say("区划", "Area"), options: page.choices.areas.map((each) => [each.code, each.name]), value: one?.area || page.choices.areas[0]?.code }, { name: "duties", label: say("职责", "Duties"), value: one?.duties || "", longest: 200, wide: true }];
      my.form(one ? say(`修改 ${one.name}`, `Change ${one.name}`) : say("新增联系人", "Add a contact"), fields, say("保存", "Keep"), async (values) => { await post("api/roster/contacts", { ...values, ...(one ? { code: one.code, version: one.version } : {}) }); await read(); });
    }

    return { read, again: read, layers: ["duty_contacts"], find: () => find.focus(), list: () => list, keys: { a: [say("新增", "Add"), () => add?.click()] }, wide: true };
  }

  roster.tabs.book = { start };
})();
