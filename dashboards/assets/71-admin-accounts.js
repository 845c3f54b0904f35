/* Accounts: found and listed on the left, one of them opened beside it with its posts and sign-ins. */
(function () {
  "use strict";
  const { el, icon, say, time, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const { ask, send, word, day, button, chip, state, names } = my;
  const PAGE = 50;

  const classes = () => my.choices().classes.map((one) => [one, word("class", one)]);
  const areas = () => my.choices().areas.map((one) => [one.code, one.code ? `${one.name} ${one.code}` : one.name]);
  const firm = (values) => ["enterprise", "intermediary"].includes(my.choices().roles.find((one) => one.id === values.role)?.class);

  /* The form of an appointment, for an account or a group. */
  function appoint(holder, title, done) {
    const roles = my.choices().roles.filter((one) => one.may_give).map((one) => [one.id, one.title]);
    my.form(say(`任职：${title}`, `New post: ${title}`), [
      { name: "role", label: say("角色", "Role"), options: roles, value: roles.some(([id]) => id === "regulator") ? "regulator" : roles[0]?.[0] },
      { name: "term", label: say("期限", "Term"), options: [["lasting", say("长期", "Lasting")], ["passing", say("临时，到期自动结束", "Temporary, ends by itself")]], value: "lasting" },
      { name: "areas", label: say("管辖范围", "Areas"), type: "ticks", all: areas(), value: areas().length === 1 ? [areas()[0][0]] : [] },
      { name: "enterprises", label: say("企业（统一社会信用代码，每行一个）", "Enterprises (credit codes, one a line)"), type: "lines", when: firm },
      { name: "since", label: say("开始（空为立即）", "From (empty: now)"), type: "moment" },
      { name: "until", label: say("结束", "Until"), type: "moment", required: true, when: (values) => values.term === "passing" },
      { name: "reason", label: say("事由", "Reason"), longest: 200, hint: say("临时任职必填，记入审计", "Needed for a temporary post; kept in the audit") },
    ], say("任职", "Give the post"), async ({ term, ...values }) => { await send("/posts", { ...holder, ...values }); await done(); });
  }

  function end(one, done) {
    const title = my.text(one.title);
    my.sure(say("结束任职", "End this post"), say(`结束“${title}”后，立即不能再以此岗位办事；没有其他任职的会被退出。`, `Nothing more is done as ${title} from this moment; who holds no other post is signed out.`), say("结束任职", "End it"), async () => { await send(`/posts/${one.id}/end`); await done(); });
  }

  my.appoint = appoint;
  my.endPost = end;

  my.tabs.accounts = (box) => {
    const asked = { q: "", class: "", state: "", offset: 0 };
    const pick = (name, label, options) => {
      const field = el("select", { "aria-label": label }, [["", label], ...options].map(([value, title]) => el("option", { value }, title)));
      field.addEventListener("change", () => { asked[name] = field.value; asked.offset = 0; list(); });
      return field;
    };
    const find = el("input", { type: "search", placeholder: say("姓名或账号", "Name or account"), "aria-label": say("查找账号", "Find accounts") });
    find.addEventListener("input", debounce(() => { asked.q = find.value.trim(); asked.offset = 0; list(); }, 250));
    const add = button(say("新增账号", "Add an account"), create, "primary");
    const bar = el("div", { class: "adm-bar" }, find, pick("class", say("全部类别", "All classes"), classes()), pick("state", say("全部状态", "All states"), my.choices().states.map((one) => [one, word("state", one)])), el("span", { class: "sp" }), add);
    const room = el("section", { class: "adm-card", "aria-label": say("账号列表", "Accounts") });
    const side = el("aside", { class: "adm-side", hidden: true, "aria-label": say("账号详情", "Account") });
    box.append(bar, el("div", { class: "adm-two" }, room, side));
    const chosen = () => location.hash.split("/")[1] || "";

    function list() {
      const query = new URLSearchParams(Object.entries({ ...asked, limit: PAGE }).filter(([, value]) => value !== ""));
      return my.room(room, () => ask(`/accounts?${query}`), draw);
    }

    function draw(answer) {
      const rows = answer.accounts.map((one) => ({
        id: one.id, selected: one.id === chosen(), dull: one.state !== "open",
        cells: [
          el("button", { type: "button", class: "adm-name", on: { click: () => { location.hash = `accounts/${one.id}`; } } }, el("b", {}, one.name), el("small", { class: "t3" }, one.login)),
          word("class", one.class),
          one.posts.length ? el("ul", { class: "adm-posts" }, one.posts.map((held) => my.post_line(held))) : el("span", { class: "t3" }, say("无任职", "No post")),
          [state(one.state), one.second_factor ? chip(say("双因素", "Two factors"), "dull") : null],
          one.last ? el("span", { "data-at": one.last }, time.age(one.last)) : el("span", { class: "t3" }, say("从未", "Never")),
        ],
      }));
      const columns = [say("姓名 / 账号", "Name / account"), say("类别", "Class"), say("任职", "Posts"), say("状态", "State"), say("最近登录", "Last sign-in")];
      const last = Math.min(answer.offset + PAGE, answer.total);
      const turn = (by, title, able) => { const one = button(title, () => { asked.offset += by; list(); }); one.disabled = !able; return one; };
      const count = answer.total > PAGE ? say(`第 ${answer.offset + 1}–${last} 个，共 ${answer.total} 个`, `${answer.offset + 1}–${last} of ${answer.total}`) : say(`共 ${answer.total} 个账号`, `${answer.total} accounts`);
      const foot = el("footer", {}, el("span", { class: "t3" }, count), answer.total > PAGE ? [turn(-PAGE, say("上一页", "Back"), answer.offset > 0), turn(PAGE, say("下一页", "Next"), last < answer.total)] : null);
      if (!rows.length) return my.empty(answer.within_reach ? say("没有符合条件的账号。", "No account fits.") : say("您的管辖范围内还没有账号。", "There is no account within your areas yet."));
      return [my.table(columns, rows, (row) => { location.hash = `accounts/${row.id}`; }), foot];
    }

    function create() {
      my.form(say("新增账号", "Add an account"), [
        { name: "login", label: say("账号", "Account"), required: true, longest: 32, hint: say("小写字母、数字和 . _ -", "Small letters, digits and . _ -") },
        { name: "name", label: say("姓名，单位", "Name, unit"), required: true, longest: 60 },
        { name: "class", label: say("类别", "Class"), options: classes(), value: "regulator" },
        { name: "valid_until", label: say("账号有效期至（空为长期）", "Account ends (empty: never)"), type: "moment" },
      ], say("新增", "Add"), async (values) => {
        const made = await send("/accounts", values);
        await list();
        my.secret(say("初始口令", "First password"), say(`账号 ${made.login} 已建立。口令只显示这一次，首次登录须修改。下一步给该账号任职。`, `Account ${made.login} is there. The password is shown this once and must be changed at the first sign-in. Give it a post next.`), say("口令", "Password"), made.password).then(() => { location.hash = `accounts/${made.id}`; });
      });
    }

    function refresh() { return Promise.all([list(), open()]); }

    async function open() {
      const id = chosen();
      side.hidden = !id;
      for (const row of room.querySelectorAll("tr[aria-selected]")) row.removeAttribute("aria-selected");
      if (!id) { side.replaceChildren(); side.dataset.of = ""; return; }
      if (side.dataset.of !== id) { side.replaceChildren(); side.dataset.of = id; }
      await my.room(side, async () => { const [one, live] = await Promise.all([ask(`/accounts/${id}`), ask(`/accounts/${id}/sessions`)]); return { one, live: live.sessions }; }, detail);
    }

    function detail({ one, live }) {
      const close = el("button", { type: "button", class: "adm-close", "aria-label": say("关闭详情", "Close"), on: { click: () => { location.hash = "accounts"; } } }, icon("close"));
      const facts = [
        [say("账号", "Account"), one.login], [say("类别", "Class"), word("class", one.class)], [say("状态", "State"), state(one.state)],
        [say("有效期至", "Ends"), one.valid_until ? day(one.valid_until) : say("长期", "Never")],
        [say("双因素", "Second factor"), one.second_factor ? say("已绑定", "Enrolled") : say("未绑定", "None")],
        [say("口令", "Password"), one.must_change ? say("首次登录须修改", "To be changed at sign-in") : say("本人设置", "Their own")],
        [say("分组", "Groups"), names(one.groups.map((group) => group.name)) || say("无", "None")],
        [say("最近登录", "Last sign-in"), one.last ? day(one.last) : say("从未", "Never")],
      ];
      const mine = one.this;
      const posts = one.posts.map((held) => my.post_line(held, mine || held.group ? null : button(say("结束", "End"), () => end(held, refresh), "small")));
      const over = one.over.slice(-5).reverse().map((held) => my.post_line(held));
      const sessions = live.map((here) => el("li", {}, el("span", {}, here.agent || say("未知终端", "Unknown device"), el("small", { class: "t3" }, ` ${here.address} · ${day(here.seen)}`)), here.this ? chip(say("本次", "This one"), "dull") : button(say("退出", "Sign out"), async () => { await send(`/accounts/${one.id}/sessions/${here.id}/end`).catch(() => null); open(); }, "small")));
      const tools = [button(say("编辑", "Edit"), () => edit(one))];
      if (!mine) {
        if (!one.demo) tools.push(button(say("重置口令", "New password"), () => reset(one)));
        if (one.second_factor) tools.push(button(say("解除双因素", "Remove second factor"), () => free(one)));
        tools.push(one.disabled ? button(say("启用", "Enable"), () => able(one, false)) : button(say("停用", "Disable"), () => able(one, true), "danger"));
      }
      return [
        el("header", {}, el("h2", {}, one.name), mine ? chip(say("本人", "You"), "dull") : null, el("span", { class: "sp" }), close),
        el("dl", { class: "adm-facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
        el("div", { class: "adm-tools" }, tools),
        el("h3", {}, say("任职", "Posts"), el("span", { class: "sp" }), mine || one.disabled ? null : button(say("任职", "Give a post"), () => appoint({ account: one.id }, one.name, refresh), "small primary")),
        mine ? el("p", { class: "t3 adm-note" }, say("自己的任职由另一位管理员办理。", "Your own posts are another administrator's matter.")) : null,
        posts.length ? el("ul", { class: "adm-list" }, posts) : el("p", { class: "t3 adm-note" }, say("没有任职，不能登录。", "Holds no post, so cannot sign in.")),
        over.length ? el("details", { class: "adm-past" }, el("summary", {}, say(`已结束 ${one.over.length} 项`, `${one.over.length} over`)), el("ul", { class: "adm-list dull" }, over)) : null,
        el("h3", {}, say("登录会话", "Sign-ins"), el("span", { class: "sp" }), live.length > 1 && !mine ? button(say("全部退出", "Sign out all"), async () => { await send(`/accounts/${one.id}/sessions/all/end`).catch(() => null); open(); }, "small") : null),
        live.length ? el("ul", { class: "adm-list" }, sessions) : el("p", { class: "t3 adm-note" }, say("当前没有登录。", "Signed in nowhere.")),
      ];
    }

    function edit(one) {
      const fields = [
        { name: "name", label: say("姓名，单位", "Name, unit"), value: one.name, required: true, longest: 60 },
        { name: "class", label: say("类别", "Class"), options: classes(), value: one.class },
      ];
      if (!one.this) fields.push({ name: "valid_until", label: say("账号有效期至（空为长期）", "Account ends (empty: never)"), type: "moment", value: one.valid_until });
      my.form(say(`编辑：${one.login}`, `Edit ${one.login}`), fields, say("保存", "Save"), async (values) => { await send(`/accounts/${one.id}`, values); await refresh(); });
    }

    function reset(one) {
      my.sure(say("重置口令", "New password"), say(`${one.name} 的旧口令立即失效，所有登录会话结束。`, `The old password of ${one.name} stops working and every sign-in ends.`), say("重置", "Reset it"), async () => {
        const made = await send(`/accounts/${one.id}/password`);
        refresh();
        my.secret(say("新口令", "New password"), say(`账号 ${made.login} 的新口令只显示这一次，登录后须修改。`, `The new password of ${made.login} is shown this once and must be changed at sign-in.`), say("口令", "Password"), made.password);
      });
    }

    function free(one) {
      my.sure(say("解除双因素", "Remove second factor"), say(`仅在 ${one.name} 丢失手机时办理；所有登录会话结束，须重新绑定。`, `Only when ${one.name} lost the phone; every sign-in ends and it is to be enrolled anew.`), say("解除", "Remove it"), async () => { await send(`/accounts/${one.id}/totp/remove`); await refresh(); });
    }

    async function able(one, disabled) {
      const run = async () => { await send(`/accounts/${one.id}`, { disabled }); await refresh(); };
      const [title, yes] = disabled ? [say("停用账号", "Disable the account"), say("停用", "Disable")] : [say("启用账号", "Enable the account"), say("启用", "Enable")];
      my.sure(title, disabled ? say(`${one.name} 立即退出所有终端，密钥同时失效。`, `${one.name} is signed out everywhere at once, and keys stop working.`) : say(`${one.name} 可以重新登录。`, `${one.name} may sign in again.`), yes, run);
    }

    const moved = () => { if (!box.contains(side)) { window.removeEventListener("hashchange", moved); return; } open().then(() => { for (const row of room.querySelectorAll("tbody tr")) row.toggleAttribute("aria-selected", false); list(); }); };
    window.addEventListener("hashchange", moved);
    list();
    open();
  };
})();
