/* Documents that were sent to the reader: the panel of the portal, all of them by a word, one with its text, receipt and files. */
(function () {
  "use strict";
  const { base, el, say, get, post, icon, debounce, thousands } = window.OneMap;
  const SOME = 2;
  const none = (words) => el("p", { class: "empty" }, words);
  const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(1)} MB`);
  const file = (one, more) => `${base}api/documents/file?${new URLSearchParams({ code: one.code, ...more })}`;

  function row(one, again) {
    const rush = one.urgency === "ordinary" ? null : el("span", { class: "pin" }, one.urgency_word);
    return el("li", { class: one.unread ? "unread" : "" }, el("button", { type: "button", on: { click: () => open(one.code, again) } },
      el("i", { class: "dot" }, one.unread ? el("span", { class: "sr" }, say("未读", "unread")) : null),
      el("span", { class: "el what" }, rush, one.title), el("span", { class: "t3 nw" }, one.received_at ? say("已签收", "signed for") : say("待签收", "to sign for"))));
  }

  function draw(body, more, answer) {
    const again = () => get("api/documents").then((fresh) => draw(body, more, fresh)).catch(() => { /* what stands stays */ });
    if (!answer.total) { more.textContent = ""; return body.replaceChildren(none(say("没有发给您的公文", "No documents for you"))); }
    const words = answer.unsigned ? say(`待签收 ${thousands(answer.unsigned)}`, `${thousands(answer.unsigned)} to sign for`) : say("均已签收", "all signed for");
    more.replaceChildren(el("span", {}, words), el("button", { type: "button", class: "link", on: { click: () => all(again) } }, say(`全部 ${thousands(answer.total)}`, `All ${thousands(answer.total)}`)));
    body.replaceChildren(el("ol", { class: "notices" }, answer.rows.slice(0, SOME).map((one) => row(one, again))));
  }

  /* All of them, by a word of title, number or organ. */
  async function all(again) {
    const found = el("ol", { class: "notices documents" }, none(say("载入中", "Loading"))), left = el("p", { class: "t3" });
    const box = el("input", { type: "search", maxlength: "80", placeholder: say("标题、文号或发文机关", "Title, number or organ"), "aria-label": say("查找公文", "Find a document") });
    const state = { q: "", offset: 0, rows: [] };
    const next = el("button", { type: "button", class: "adm-button small", hidden: true, on: { click: () => { state.offset += 50; fill(true); } } }, say("更多", "More"));
    async function fill(add) {
      try {
        const answer = await get(`api/documents?${new URLSearchParams({ ...(state.q ? { q: state.q } : {}), offset: String(state.offset) })}`);
        state.rows = add ? state.rows.concat(answer.rows) : answer.rows;
        found.replaceChildren(...(state.rows.length ? state.rows.map((one) => row(one, () => { again(); })) : [none(say("没有符合条件的公文", "No document fits"))]));
        left.textContent = say(`共 ${thousands(answer.total)} 件`, `${thousands(answer.total)} in all`);
        next.hidden = state.rows.length >= answer.total;
      } catch (fault) { found.replaceChildren(el("li", { class: "failed" }, say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`))); }
    }
    box.addEventListener("input", debounce(() => { state.q = box.value.trim(); state.offset = 0; fill(false); }, 250));
    window.OneMap.office.read(say("收到的公文", "Documents received"), "", el("p", { class: "documents-find" }, box), left, found, next);
    await fill(false);
  }

  /* One document: opening it is noted; it is signed for, or signed for and registered here in the same press. */
  async function open(code, again) {
    const body = el("div", { class: "document-one" }, none(say("载入中", "Loading")));
    const dialog = window.OneMap.office.read(say("公文", "Document"), "", body);
    const ask = async (how) => { try { paint(await how()); if (again) again(); } catch (fault) { body.querySelector(".empty")?.remove(); body.append(el("p", { class: "failed", role: "alert" }, fault.message)); } };
    function paint(one) {
      dialog.querySelector("h2").textContent = one.title;
      dialog.querySelector("header p").textContent = [one.organ, one.number, one.kind, one.minute].filter(Boolean).join(" · ");
      const button = (words, register, look) => el("button", { type: "button", class: `adm-button ${look}`, on: { click: (event) => { event.target.disabled = true; ask(() => post("api/documents/receive", { code, ...(register ? { register: true } : {}) })); } } }, words);
      const files = [el("a", { class: "link", href: file(one, { form: "pdf" }), target: "_blank", rel: "noopener" }, say("PDF(打印)", "PDF (to print)")), el("a", { class: "link", href: file(one, { form: "docx" }) }, "DOCX"), ...one.annexes.map((each) => el("a", { class: "link", href: file(one, { file: each.id }), target: "_blank", rel: "noopener" }, `${say("附件", "Annex")} ${each.name} ${size(each.size)}`))];
      body.replaceChildren(...[
        one.state === "valid" ? null : el("p", { class: "failed", role: "status" }, say(`此件${one.state_word}`, `This document: ${one.state_word}`)),
        el("p", { class: "t3" }, say(`发至 ${one.to_name};${one.received_at ? `${one.received_by} 于 ${one.received_at} 签收` : "尚未签收"}`, `to ${one.to_name}; ${one.received_at ? `signed for by ${one.received_by}, ${one.received_at}` : "not signed for yet"}`)),
        one.recipients ? el("p", {}, `${one.recipients}:`) : null,
        ...one.body.split("\n").filter((line) => line.trim()).map((line) => el("p", {}, line)),
        el("p", { class: "document-files" }, icon("page", 16), files),
        el("p", { class: "document-do" }, ...[
          one.received_at ? null : button(say("签收", "Sign for it"), false, one.may_register ? "" : "primary"),
          one.may_register && !one.registered_as ? button(one.received_at ? say("登记为收文", "Register it") : say("签收并登记收文", "Sign for and register"), true, "primary") : null,
          one.registered_as ? el("a", { class: "link", href: `${base}cases?system=incoming-document&code=${one.registered_as}` }, say(`收文 ${one.registered_as}`, `Registered as ${one.registered_as}`)) : null,
        ].filter(Boolean))].filter(Boolean));
    }
    await ask(() => get(`api/documents/one?code=${encodeURIComponent(code)}`));
  }

  window.OneMap.documents = { draw, open };
})();
