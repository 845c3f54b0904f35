/* Messages: how many are unread, the list of them, and the addresses at which one is told outside the system. */
(function () {
  "use strict";
  const { base, el, say, get, post, time } = window.OneMap;
  const AGAIN = 60000;

  const when = (iso) => { const at = new Date(iso); return `${time.date(at)} ${time.minute(at)}`; };
  const failed = (fault, again) => el("p", { class: "failed", role: "status" }, say(`读取失败，${fault.message} `, `Could not read: ${fault.message} `), el("button", { type: "button", class: "link", on: { click: again } }, say("重读", "Read again")));

  function bell(screen) {
    const button = screen.querySelector("#office-bell");
    if (!button) return;
    const mark = button.querySelector("#office-unread");
    const show = (n) => {
      mark.textContent = n ? (n > 99 ? "99+" : String(n)) : "";
      button.setAttribute("aria-label", n ? say(`消息，${n} 条未读`, `Messages, ${n} unread`) : say("消息", "Messages"));
    };
    const ask = () => get("api/messages/unread").then((answer) => show(answer.unread)).catch(() => { /* the bar of a lost link says it */ });
    button.addEventListener("click", () => list(show));
    ask();
    setInterval(() => { if (!document.hidden) ask(); }, AGAIN);
  }

  function list(show) {
    const box = el("ol", { class: "messages" }, el("li", { class: "empty" }, say("载入中", "Loading")));
    const all = el("button", { type: "button", class: "link", on: { click: () => mark() } }, say("全部标为已读", "Mark all as read"));
    const foot = el("footer", { hidden: true }, el("span", { class: "t3" }), all);
    window.OneMap.office.read(say("消息", "Messages"), say("到期提醒、预警等，最近的在前", "Reminders and warnings, the latest first"), box, foot);

    async function mark(ids) {
      try { show((await post("api/messages/read", ids ? { ids } : {})).unread); }
      catch (fault) { foot.firstChild.textContent = say(`未能标记，${fault.message}`, `Not marked: ${fault.message}`); return; }
      if (!ids) fill();
    }

    function row(one) {
      const open = el("a", { href: base + one.link, on: { click: () => { if (!one.read) mark([one.id]); } } }, el("b", {}, one.title), el("span", {}, one.body), el("time", { class: "t3 nw", datetime: one.at }, when(one.at)));
      return el("li", { class: one.read ? "" : "fresh" }, open);
    }

    async function fill() {
      try {
        const answer = await get("api/messages");
        show(answer.unread);
        foot.hidden = !answer.messages.length;
        all.hidden = !answer.unread;
        foot.firstChild.textContent = answer.messages.length === answer.most ? say(`只列最近 ${answer.most} 条`, `Only the latest ${answer.most}`) : say(`共 ${answer.messages.length} 条`, `${answer.messages.length} in all`);
        box.replaceChildren(...(answer.messages.length ? answer.messages.map(row) : [el("li", { class: "empty" }, say("没有消息", "No messages"))]));
      } catch (fault) { box.replaceChildren(failed(fault, fill)); }
    }
    fill();
  }

  function contact(one, said) {
    const input = el("input", { type: "text", name: one.channel, placeholder: one.address || one.form, "aria-label": one.title, disabled: !one.available, autocomplete: "off" });
    const state = el("span", { class: "t3", role: "status" }, said || (!one.available ? say("运维尚未配置", "not set up by the operator") : one.address ? say(`发往 ${one.address}`, `sent to ${one.address}`) : say("未启用", "off")));
    const line = el("form", { class: "contact" }, el("label", {}, one.title), input);
    const again = (words, next) => line.replaceWith(contact({ ...one, ...next }, words));
    async function settle(address) {
      try { const kept = await post("api/me/contacts", { channel: one.channel, address }); again(address ? say(`已保存，发往 ${kept.address}`, `Kept: ${kept.address}`) : say("已停用", "Off now"), { address: kept.address }); }
      catch (fault) { state.textContent = fault.message; state.className = "failed"; input.focus(); }
    }
    async function test(event) {
      event.target.disabled = true;
      state.textContent = say("正在发送", "Sending");
      try { const answer = await post("api/me/contacts/test", { channel: one.channel }); state.textContent = answer.sent ? say("已发出，请查收", "Sent, please look") : say(`未发出，${answer.said}`, `Not sent: ${answer.said}`); }
      catch (fault) { state.textContent = fault.message; }
      event.target.disabled = false;
    }
    line.addEventListener("submit", (event) => { event.preventDefault(); if (input.value.trim()) settle(input.value.trim()); else input.focus(); });
    line.append(...[
      one.available ? el("button", { type: "submit", class: "adm-button" }, say("保存", "Keep")) : null,
      one.available && one.address ? el("button", { type: "button", class: "adm-button", on: { click: test } }, say("试发", "Test")) : null,
      one.address ? el("button", { type: "button", class: "adm-button", on: { click: () => settle("") } }, say("停用", "Turn off")) : null,
    ].filter(Boolean), state);
    return line;
  }

  async function contacts(body) {
    try {
      const { channels } = await get("api/me/contacts");
      body.replaceChildren(el("p", { class: "t3 contact-note" }, say("站内消息总会收到；以下为站外接收方式，内容只含编号和期限。", "Messages always arrive here on the portal; these are the ways out of it, with number and deadline alone.")), ...channels.map((one) => contact(one)));
    } catch (fault) { body.replaceChildren(failed(fault, () => contacts(body))); }
  }

  window.OneMap.messages = { bell, contacts };
})();
