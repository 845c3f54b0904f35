/* The profile's lower part: posts one may act under, password, second factor, and where one is signed in. */
(function () {
  "use strict";
  const { base, el, say, get, post } = window.OneMap;
  const stamp = (iso) => new Date(iso).toLocaleString("zh-CN", { hour12: false, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" }).replaceAll("/", "-");

  function panel(title, ...body) {
    return el("section", { class: "panel", "aria-label": title }, el("header", {}, el("h2", {}, title)), el("div", { class: "panel-body" }, ...body));
  }

  /* One line that says how the last thing asked for went; it is read out. */
  function teller() {
    const line = el("p", { class: "told", role: "status", "aria-live": "polite" });
    line.well = (words) => { line.className = "told well"; line.textContent = words; };
    line.ill = (fault) => { line.className = "told ill"; line.textContent = `✕ ${fault.message}`; };
    return line;
  }

  function asking(button, told, ask) {
    return async (event) => {
      event.preventDefault();
      button.disabled = true;
      try { await ask(); } catch (fault) { told.ill(fault); } finally { button.disabled = false; }
    };
  }

  function field(name, label, more) {
    const input = el("input", { name, id: `security-${name}`, ...more });
    return [el("label", { for: `security-${name}` }, label), input];
  }

  const submit = (words) => el("button", { type: "submit", class: "button" }, words);

  function posts(me, named) {
    const told = teller();
    const rows = me.posts.map((one) => {
      const until = one.until ? say(`至 ${stamp(one.until)}`, `until ${stamp(one.until)}`) : say("长期", "lasting");
      const act = one.this ? el("span", { class: "chip" }, say("当前岗位", "acting now")) : el("button", { type: "button", class: "link" }, say("切换", "Switch"));
      if (!one.this) act.addEventListener("click", asking(act, told, async () => { await post("api/me/post", { post: one.id }); location.href = `${base}home`; }));
      return el("li", {}, el("b", {}, one.title), el("span", { class: "t3 el" }, `${one.areas.map((code) => named[code] || named[code.padEnd(6, "0")] || code || say("全部", "all")).join("、")} · ${until}`), act);
    });
    return panel(say("岗位", "Posts"), el("ul", { class: "lines" }, ...rows), el("p", { class: "note t3" }, say("同一时间只以一个岗位办理业务，切换会留痕。", "You act under one post at a time; switching is recorded.")), told);
  }

  function password(me) {
    const told = teller();
    if (me.demo) return panel(say("口令", "Password"), el("p", { class: "note t3" }, say("演示账号的口令是公开的，不能修改。", "A demo account keeps its password.")));
    const save = submit(say("修改口令", "Change password"));
    const form = el("form", { class: "fields" },
      ...field("old", say("原口令", "Old password"), { type: "password", autocomplete: "current-password", required: "" }),
      ...field("new", say("新口令", "New password"), { type: "password", autocomplete: "new-password", required: "" }),
      ...field("again", say("再输一遍", "Once more"), { type: "password", autocomplete: "new-password", required: "" }), save, told);
    form.addEventListener("submit", asking(save, told, async () => {
      const given = Object.fromEntries(new FormData(form));
      if (given.new !== given.again) throw new Error(say("两次输入不一致", "The two are not the same"));
      await post("api/me/password", { old: given.old, new: given.new });
      location.href = `${base}signin?next=${encodeURIComponent("/profile")}`;
    }));
    const set = me.password_at ? say(`上次修改 ${stamp(me.password_at)}。修改后全部会话退出，须重新登录。`, `Last changed ${stamp(me.password_at)}. Changing it ends every session.`) : "";
    return panel(say("口令", "Password"), el("p", { class: "note t3" }, set), form);
  }

  function factor(me, again) {
    const title = say("动态口令", "Second factor");
    const told = teller();
    if (me.demo) return panel(title, el("p", { class: "note t3" }, say("演示账号不能绑定。", "A demo account takes none.")));
    const code = (words, path, more) => {
      const save = submit(words);
      const form = el("form", { class: "fields" }, ...field("code", say("6 位数字", "Six digits"), { inputmode: "numeric", autocomplete: "one-time-code", maxlength: "7", required: "" }), save, told);
      form.addEventListener("submit", asking(save, told, async () => { await post(path, { code: new FormData(form).get("code"), ...more }); again(); }));
      return form;
    };
    if (me.second_factor)
      return panel(title, el("p", { class: "note" }, say("已绑定。登录时须输入身份验证器上的数字。", "Enrolled. Signing in asks for a code.")), code(say("解除绑定", "Take away"), "api/me/totp/remove", {}));
    const begin = el("button", { type: "button", class: "button" }, say("绑定", "Enrol"));
    const room = el("div", { class: "enrol" }, begin, told);
    begin.addEventListener("click", asking(begin, told, async () => {
      const made = await post("api/me/totp/begin", {});
      const picture = el("div", { class: "qr" });
      picture.innerHTML = made.picture;
      room.replaceChildren(picture, el("p", { class: "note" }, say("用身份验证器扫描，或手工输入 ", "Scan it with an authenticator app, or type "), el("code", {}, made.secret.match(/.{1,4}/g).join(" "))), code(say("确认绑定", "Confirm"), "api/me/totp", { sealed: made.sealed }));
      room.querySelector("input").focus();
    }));
    return panel(title, el("p", { class: "note t3" }, say("绑定后，登录除口令外还须输入身份验证器（RFC 6238）上的数字。", "Signing in then asks for a code of an authenticator app (RFC 6238) too.")), room);
  }

  async function sessions() {
    const told = teller(), list = el("ul", { class: "lines" });
    const others = el("button", { type: "button", class: "button plain" }, say("退出其他会话", "Sign out elsewhere"));
    const device = (agent) => (/Mobile|Android|iPhone/.test(agent) ? say("手机", "Phone") : say("电脑", "Computer"));
    async function show() {
      const found = (await get("api/me/sessions")).sessions;
      others.hidden = found.length < 2;
      list.replaceChildren(...found.map((one) => {
        const end = one.this ? el("span", { class: "chip" }, say("本会话", "this one")) : el("button", { type: "button", class: "link" }, say("退出", "End"));
        if (!one.this) end.addEventListener("click", asking(end, told, async () => { await post(`api/me/sessions/${one.id}/end`, {}); await show(); told.well(say("已退出该会话", "That session has ended")); }));
        return el("li", { title: one.agent }, el("b", {}, `${device(one.agent)} · ${one.address || say("地址不明", "unknown address")}`), el("span", { class: "t3 el" }, say(`登录 ${stamp(one.begun)} · 最近操作 ${stamp(one.seen)}`, `since ${stamp(one.begun)} · last used ${stamp(one.seen)}`)), end);
      }));
    }
    others.addEventListener("click", asking(others, told, async () => { const { ended } = await post("api/me/sessions/others/end", {}); await show(); told.well(say(`已退出 ${ended} 个会话`, `${ended} ended`)); }));
    await show();
    return panel(say("已登录的设备", "Where you are signed in"), list, el("div", { class: "row-end" }, others), told);
  }

  async function fill(room) {
    try {
      const me = await get("api/me");
      room.replaceChildren(posts(me, JSON.parse(room.dataset.areas || "{}")), password(me), factor(me, () => fill(room)), await sessions());
    } catch (fault) {
      room.replaceChildren(el("p", { class: "failed" }, fault.message));
    }
    room.dataset.ready = "1";
  }

  window.OneMap.security = { fill, stamp };
})();
