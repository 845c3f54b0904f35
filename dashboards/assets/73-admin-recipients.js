/* Recipients of the CAP messages of warnings: taken up with the secret shown once, changed, tried with a message of status Test, ended. */
(function () {
  "use strict";
  const { el, say, time } = window.OneMap;
  const my = window.OneMap.admin;
  const { ask, send, day, button, chip, state, names } = my;
  const LOOKS = { acknowledged: "good", delivered: "good", sent: "dull", failed: "bad", waiting: "dull", superseded: "dull" };
  const FORMS = {
    webhook: say("对接系统的网址，主机须在允许名单内", "Address of the system; its host must be on the list"),
    mail: say("邮箱，例如 duty@example.cn", "Mail box, such as duty@example.cn"),
    sms: say("手机号，6 至 15 位数字", "Telephone, 6 to 15 digits"),
  };
  const MORE = {
    waiting: say("正在发送…", "Being sent…"),
    sent: say("对方确认后此处更新为“已确认”。", "It says “acknowledged” here once the recipient confirms."),
    delivered: say("对方确认后此处更新为“已确认”。", "It says “acknowledged” here once the recipient confirms."),
  };
  const AGAIN = 2000;

  my.tabs.recipients = (box) => {
    let told = null;
    const room = el("section", { class: "adm-card adm-recipients", "aria-label": say("预警接收单位", "Recipients of warnings") });
    const add = button(say("新增接收单位", "Add a recipient"), () => edit(null), "primary");
    add.append(" ", el("kbd", {}, "N"));
    box.append(el("div", { class: "adm-bar" }, el("p", { class: "t3" }, say("发布、变更、解除预警时，CAP 消息按区划发给这些单位。", "CAP messages go to these, by area, when a warning is published, changed or lifted.")), el("span", { class: "sp" }), add), room);
    document.addEventListener("keydown", keys);
    const list = () => my.room(room, () => ask("/recipients"), draw);
    const whole = say("全市", "Whole city");
    const areas = () => [...(my.choices().city ? [["", whole]] : []), ...my.choices().areas.filter((one) => one.code && !(my.choices().city && one.code.length < 6)).map((one) => [one.code, `${one.name} ${one.code}`])];

    function keys(event) {
      if (!room.isConnected) { document.removeEventListener("keydown", keys); return; }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || event.target.closest("input, textarea, select")) return;
      if (event.key.toLowerCase() === "n" && told) { event.preventDefault(); edit(null); }
    }

    const channel = (one) => {
      const way = told.channels.find((each) => each.channel === one.channel);
      return way && !way.set_up ? [one.word, " ", chip(say("未设置", "Not set up"), "bad")] : one.word;
    };

    /* What became of the last message: where it stands, when, and why not. */
    function receipt(last) {
      if (!last) return el("span", { class: "t3" }, say("还没有发过", "Nothing was sent yet"));
      const at = last.acknowledged_at || last.sent_at || last.at;
      return el("div", { class: "adm-receipt", "data-state": last.state },
        el("div", {}, chip(last.state_word, LOOKS[last.state]), last.trial ? chip(say("测试", "Test"), "dull") : null, el("span", { "data-at": at, class: "t3" }, time.age(at))),
        el("small", { class: last.state === "failed" ? "adm-wrong" : "t3" }, [last.said || last.note, last.tries > 1 ? say(`已试 ${last.tries} 次`, `${last.tries} tries`) : ""].filter(Boolean).join(say("，", ", "))));
    }

    function draw(answer) {
      told = answer;
      if (!answer.recipients.length) return my.empty(say("还没有接收单位，CAP 消息只供查取。", "There is no recipient yet: CAP messages can only be fetched."));
      const rows = answer.recipients.map((one) => ({
        dull: one.state !== "active",
        cells: [
          el("b", {}, one.name), channel(one), el("span", { class: "adm-address" }, one.address), names(one.areas.map((code) => (code ? my.area(code) : whole))), state(one.state), receipt(one.last),
          one.state === "active" ? el("div", { class: "adm-row-tools" }, button(say("修改", "Change"), () => edit(one), "small"), button(say("测试", "Test"), () => test(one), "small"), button(say("停用", "End"), () => end(one), "small danger")) : day(one.ended_at),
        ],
      }));
      return my.table([say("名称", "Name"), say("方式", "By"), say("地址", "Address"), say("区划", "Areas"), say("状态", "State"), say("最近回执", "Last receipt"), say("办理", "Actions")], rows);
    }

    function edit(one) {
      const hosts = told.hosts.length ? say(`允许的主机：${names(told.hosts)}`, `Hosts allowed: ${names(told.hosts)}`) : say("尚无允许的主机，由运维设置 ONEMAP_CAP_HOSTS", "No host is allowed yet; the operator lists them in ONEMAP_CAP_HOSTS");
      const ways = told.channels.map((way) => [way.channel, way.set_up ? way.word : say(`${way.word}（未设置）`, `${way.word} (not set up)`)]);
      const system = (values) => (one ? one.channel : values.channel) === "webhook";
      const first = one ? areas().filter(([code]) => one.areas.includes(code)).map(([code]) => code) : areas().length === 1 ? [areas()[0][0]] : [];
      const kept = one ? one.areas.filter((code) => !first.includes(code)) : [];
      const title = one ? say(`修改：${one.name}`, `Change: ${one.name}`) : say("新增接收单位", "Add a recipient");
      my.form(title, [
        { name: "name", label: say("名称", "Name"), required: true, longest: 60, value: one?.name },
        one ? { name: "shown", label: say("方式", "By"), value: `${one.word} ${one.address}`, fixed: true } : { name: "channel", label: say("方式", "By"), options: ways, value: "webhook" },
        { name: "address", label: one ? say("新地址（空为不变）", "New address (empty: stays)") : say("地址", "Address"), required: !one, longest: 400, wide: true, hint: one ? FORMS[one.channel] : say("系统填网址，邮件填邮箱，短信填手机号", "A web address, a mail box or a telephone") },
        { type: "note", label: hosts, when: system },
        { name: "areas", label: say("区划", "Areas"), type: "ticks", all: [...areas(), ...kept.map((code) => [code, code])], value: [...first, ...kept] },
        ...(one?.channel === "webhook" ? [{ name: "new_secret", label: say("换发签名密钥，旧密钥立即失效", "A new secret; the old one is void at once"), type: "check", wide: true }] : []),
      ], one ? say("保存", "Save") : say("登记", "Add"), async ({ shown, ...values }) => {
        if (one && !values.address.trim()) delete values.address;
        const made = await send(one ? `/recipients/${one.id}` : "/recipients", values);
        await list();
        if (made.secret) my.secret(say("签名密钥", "Secret"), say(`发给“${made.name}”的消息用此密钥签名（HMAC-SHA256），只显示这一次。`, `Messages to ${made.name} are signed with it (HMAC-SHA256). It is shown this once.`), say("签名密钥", "Secret"), made.secret);
      });
    }

    function end(one) {
      my.sure(say("停用接收单位", "End the recipient"), say(`“${one.name}”不再收到预警，待发的也不再发出，不能恢复。`, `${one.name} is sent no more warnings, nor what still waits, for good.`), say("停用", "End"), async () => { await send(`/recipients/${one.id}/end`); await list(); });
    }

    /* Asked first, for a person may be woken by it; then its receipt is read until it says more than that it waits. */
    async function test(one) {
      const done = await my.sure(say("发送测试消息", "Send a test message"), say(`向“${one.name}”（${one.word} ${one.address}）发送一条 CAP 测试消息（status 为 Test），不是预警。`, `A CAP message of status Test goes to ${one.name} (${one.word} ${one.address}). It is no warning.`), say("发送测试", "Send the test"), () => send(`/recipients/${one.id}/test`));
      if (!done) return;
      await list();
      const shown = el("div", { class: "adm-form", role: "status", "aria-live": "polite" });
      const sheet = my.dialog(say(`测试回执：${one.name}`, `Receipt of the test: ${one.name}`), shown, el("footer", {}, button(say("关闭", "Close"), () => sheet.close(), "primary")));
      sheet.querySelector("footer button").focus();
      while (sheet.isConnected) {
        const now = told?.recipients.find((each) => each.id === one.id);
        shown.replaceChildren(receipt(now?.last), el("p", { class: "t3" }, now?.last?.identifier || ""), el("p", { class: "t3" }, MORE[now?.last?.state] || ""));
        if (["failed", "acknowledged"].includes(now?.last?.state)) break;
        await new Promise((later) => setTimeout(later, AGAIN));
        if (sheet.isConnected) await list();
      }
    }
    list();
  };
})();
