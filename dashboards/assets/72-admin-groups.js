/* Groups and roles. */
(function () {
  "use strict";
  const { el, say } = window.OneMap;
  const my = window.OneMap.admin;
  const { ask, send, word, button, chip, names } = my;

  const people = async (q) => (await ask(`/accounts?limit=200&q=${encodeURIComponent(q || "")}`)).accounts.filter((one) => !one.this).map((one) => [one.id, `${one.name} (${one.login})`]);

  my.tabs.groups = (box) => {
    const room = el("section", { class: "adm-card", "aria-label": say("分组", "Groups") });
    box.append(el("div", { class: "adm-bar" }, el("p", { class: "t3" }, say("分组的成员共同担任分组的任职，例如专项整治工作专班。", "Members of a group hold its posts together, a task force for instance.")), el("span", { class: "sp" }), button(say("新增分组", "Add a group"), () => edit(null), "primary")), room);
    const list = () => my.room(room, () => ask("/groups"), draw);

    async function edit(group) {
      const all = await people("");
      const known = (group?.people || []).map((one) => [one.id, `${one.name} (${one.login})`]);
      my.form(group ? say(`编辑：${group.name}`, `Edit ${group.name}`) : say("新增分组", "Add a group"), [
        { name: "name", label: say("名称", "Name"), required: true, longest: 60, value: group?.name },
        { name: "members", label: say("成员", "Members"), type: "ticks", value: group?.members || [], all: [...known, ...all.filter(([id]) => !known.some(([one]) => one === id))], search: people },
      ], say("保存", "Save"), async (values) => { await send(group ? `/groups/${group.id}` : "/groups", values); await list(); });
    }

    function drop(group) {
      my.sure(say("解散分组", "Remove the group"), say(`“${group.name}”的 ${group.posts.length} 项任职随之结束，${group.people.length} 名成员立即失去这些权限。`, `The ${group.posts.length} posts of ${group.name} end with it; its ${group.people.length} members lose them at once.`), say("解散", "Remove"), async () => { await send(`/groups/${group.id}/remove`); await list(); });
    }

    function draw({ groups }) {
      if (!groups.length) return my.empty(say("还没有分组。", "There is no group yet."));
      const rows = groups.map((group) => ({
        cells: [
          el("b", {}, group.name),
          names(group.people.map((one) => one.name)) || el("span", { class: "t3" }, say("无成员", "No members")),
          group.posts.length ? el("ul", { class: "adm-posts" }, group.posts.map((one) => my.post_line(one, button(say("结束", "End"), () => my.endPost(one, list), "small")))) : el("span", { class: "t3" }, say("无任职", "No post")),
          el("div", { class: "adm-row-tools" }, button(say("编辑", "Edit"), () => edit(group), "small"), button(say("任职", "Give a post"), () => my.appoint({ group: group.id }, group.name, list), "small"), button(say("解散", "Remove"), () => drop(group), "small danger")),
        ],
      }));
      return my.table([say("分组", "Group"), say("成员", "Members"), say("任职", "Posts"), say("办理", "Actions")], rows);
    }
    list();
  };

  my.tabs.roles = (box) => {
    const city = my.choices().city;
    const room = el("section", { class: "adm-card", "aria-label": say("角色", "Roles") });
    const why = city ? say("内置角色只读；改动自建角色，所有担任者立即随之变化。", "Built-in roles are read-only; changing one of your own changes everybody in it at once.") : say("角色全市共用，由管辖全市的管理员维护。", "Roles are the whole city's and kept by its administrators.");
    box.append(el("div", { class: "adm-bar" }, el("p", { class: "t3" }, why), el("span", { class: "sp" }), city ? button(say("新增角色", "Add a role"), () => edit(null), "primary") : null), room);
    const list = () => my.room(room, () => ask("/roles"), draw);

    function edit(role) {
      const layers = my.choices().layers.map((one) => [one.id, one.title]);
      const fields = my.choices().layers.flatMap((layer) => layer.fields.map((one) => [`${layer.id}.${one.name}`, `${layer.title} · ${one.title}`]));
      const some = [["all", say("许可级别内的全部", "All within the clearance")], ["some", say("只有选定的", "Only some")]];
      my.form(role ? say(`编辑：${my.text(role.title)}`, `Edit ${my.text(role.title)}`) : say("新增角色", "Add a role"), [
        ...(role ? [] : [{ name: "id", label: say("标识", "Id"), required: true, longest: 40, hint: say("小写字母、数字和 -", "Small letters, digits and -") }]),
        { name: "zh", label: say("中文名称", "Chinese name"), required: true, longest: 40, value: role?.title.zh },
        { name: "en", label: say("英文名称", "English name"), required: true, longest: 60, value: role?.title.en },
        { name: "class", label: say("类别", "Class"), options: my.choices().classes.map((one) => [one, word("class", one)]), value: role?.class || "regulator" },
        { name: "clearance", label: say("许可级别", "Clearance"), options: my.choices().levels.map((one) => [one, word("level", one)]), value: role?.clearance || "internal" },
        { name: "second_factor", label: say("须双因素登录", "Needs a second factor"), type: "check", value: role?.second_factor },
        { name: "rights", label: say("权限", "Rights"), type: "ticks", all: my.choices().rights.map((one) => [one, word("right", one)]), value: role?.rights },
        { name: "seen", label: say("图层", "Layers"), options: some, value: role?.layers ? "some" : "all" },
        { name: "layers", label: say("可见图层", "Layers seen"), type: "ticks", all: layers, value: role?.layers || [], when: (values) => values.seen === "some" },
        { name: "changed", label: say("可改", "May change"), options: [["none", say("不可改", "Nothing")], ["some", say("选定图层", "Some layers")], ["all", say("全部可见图层", "Every layer seen")]], value: !role || (role.writable && !role.writable.length) ? "none" : role.writable ? "some" : "all" },
        { name: "writable", label: say("可改图层", "Layers changed"), type: "ticks", all: layers, value: role?.writable || [], when: (values) => values.changed === "some" },
        { name: "hidden", label: say("另外隐藏的字段", "Fields hidden besides"), type: "ticks", all: fields, value: role?.hidden || [] },
      ], say("保存", "Save"), async ({ zh, en, seen, changed, ...values }) => {
        const body = { ...values, title: { zh, en }, layers: seen === "some" ? values.layers : null, writable: { none: [], some: values.writable, all: null }[changed] };
        await send(role ? `/roles/${role.id}` : "/roles", body);
        await Promise.all([my.again(), list()]);
      });
    }

    function drop(role) {
      my.sure(say("删除角色", "Remove the role"), say(`删除“${my.text(role.title)}”。`, `Remove ${my.text(role.title)}.`), say("删除", "Remove"), async () => { await send(`/roles/${role.id}/remove`); await Promise.all([my.again(), list()]); });
    }

    function draw({ roles }) {
      const rows = roles.map((role) => ({
        cells: [
          el("span", { class: "adm-name" }, el("b", {}, my.text(role.title)), el("small", { class: "t3" }, role.id)),
          word("class", role.class),
          names(role.rights.map((one) => word("right", one))) || say("无", "None"),
          word("level", role.clearance),
          role.layers ? say(`${role.layers.length} 个`, String(role.layers.length)) : say("全部", "All"),
          role.second_factor ? say("须", "Needed") : "",
          String(role.posts),
          role.builtin ? chip(say("内置", "Built-in"), "dull") : city ? el("div", { class: "adm-row-tools" }, button(say("编辑", "Edit"), () => edit(role), "small"), button(say("删除", "Remove"), () => drop(role), "small danger")) : "",
        ],
      }));
      return my.table([say("角色", "Role"), say("类别", "Class"), say("权限", "Rights"), say("许可级别", "Clearance"), say("图层", "Layers"), say("双因素", "Two factors"), say("任职数", "Posts"), say("办理", "Actions")], rows);
    }
    list();
  };
})();
