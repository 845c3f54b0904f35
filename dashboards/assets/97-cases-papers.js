/* The documents of a case: number, state, files; a draft to look at before a step makes them; withdrawn or made again. */
(function () {
  "use strict";
  const { base, el, say, post, icon, fetchFile } = window.OneMap;
  const my = window.OneMap.admin;
  const size = (n) => `${Math.max(1, Math.round(n / 1e3))}\u2009kB`;

  /* A draft opens beside the page; the tab is opened by the press of the button itself, or browsers would not let it. */
  async function look(body) {
    const tab = window.open("", "_blank");
    try {
      const { blob } = await fetchFile("api/cases/preview", body);
      const address = URL.createObjectURL(blob);
      if (tab) tab.location = address;
      setTimeout(() => URL.revokeObjectURL(address), 60000);
    } catch (fault) { tab?.close(); throw fault; }
  }

  const address = (one, paper, form) => `${base}api/cases/paper?${new URLSearchParams({ system: one.system, code: one.code, document: paper.code, form })}`;

  function end(one, paper, how, painted) {
    const again = how === "replace", ask = { system: one.system, code: one.code };
    const title = again ? say(`更换文书:${paper.number}`, `Make again: ${paper.number}`) : say(`撤回文书:${paper.number}`, `Withdraw: ${paper.number}`);
    const told = again ? say("按案件现在的内容重新制作,另编文号;原文书记为已更换,文件留存。", "Made again from the case as it is now, under a number of its own; the old one is marked replaced and its files stay.") : say("文书记为已撤回;文件留存,文号不再使用。", "It is marked withdrawn; its files stay and its number is not given again.");
    my.form(title, [{ type: "made", make: () => ({ node: el("div", { class: "wide" }, el("p", {}, told), again ? my.button(say("预览新文书", "Look at the new one"), () => look({ ...ask, document: paper.code })) : ""), value: () => undefined }) }, { name: "reason", label: say("理由", "Why"), required: true, longest: 400, wide: true }], again ? say("更换", "Make again") : say("撤回", "Withdraw"), async ({ reason }) => {
      painted(await post(`api/cases/paper/${how}`, { ...ask, version: one.version, document: paper.code, reason }));
    });
  }

  function list(one, painted) {
    const may = one.may_end_papers;
    if (!one.papers.length && !may) return null;
    const dossier = `${base}api/cases/dossier?${new URLSearchParams({ system: one.system, code: one.code })}`;
    return el("section", { class: "case-papers" }, el("h3", {}, say(`文书 ${one.papers.length} 份`, `Documents: ${one.papers.length}`), may ? el("a", { class: "link dossier", href: dossier, title: say("首页、目录、全部文书和附件", "Cover, contents, every document and attachment") }, say("调取案卷(ZIP)", "Case file (ZIP)")) : null), el("ul", {}, one.papers.map((paper) => el("li", { class: paper.state === "valid" ? "" : "over" },
      el("div", {}, el("b", {}, paper.title), my.chip(paper.state_word, paper.state === "valid" ? "good" : "dull")),
      el("span", { class: "case-number" }, paper.number),
      el("small", { class: "t3" }, [paper.organ, paper.minute, say(`签发 ${paper.signer}`, `signed by ${paper.signer}`), say(`核验码 ${paper.check_code}`, `check ${paper.check_code}`)].join(" · ")),
      paper.state === "valid" ? null : el("small", { class: "t3" }, `${paper.state_word} ${paper.state_at} ${paper.state_by}${say(":", ": ")}${paper.state_reason}`),
      el("p", { class: "case-paper-files" }, icon("page", 16), el("a", { class: "link", href: address(one, paper, "pdf"), target: "_blank", rel: "noopener" }, `PDF ${size(paper.size)}`), el("a", { class: "link", href: address(one, paper, "docx") }, "DOCX"),
        may && paper.state === "valid" ? el("button", { type: "button", class: "link", on: { click: () => end(one, paper, "replace", painted) } }, say("更换", "Make again")) : null,
        may && paper.state === "valid" ? el("button", { type: "button", class: "link", on: { click: () => end(one, paper, "withdraw", painted) } }, say("撤回", "Withdraw")) : null)))));
  }

  /* To whom a document was sent, who opened it, who signed for it. */
  function sent(one) {
    if (!one.deliveries.length) return null;
    const done = one.deliveries.filter((each) => each.done).length;
    return el("section", { class: "case-sent" }, el("h3", {}, say(`分发 ${one.deliveries.length},已签收 ${done}`, `Sent to ${one.deliveries.length}, ${done} signed for`)), el("ul", {}, one.deliveries.map((each) => el("li", {},
      el("b", { class: "el" }, each.to), my.chip(each.state, each.done ? "good" : "dull"),
      el("small", { class: "t3" }, [say(`分发 ${each.sent_at}`, `sent ${each.sent_at}`), each.read_at ? say(`首次阅读 ${each.read_at}`, `first read ${each.read_at}`) : "", each.readers.length ? say(`阅读人 ${each.readers.join("、")}`, `read by ${each.readers.join(", ")}`) : "", each.received_at ? say(`${each.received_by} 签收 ${each.received_at}`, `signed for by ${each.received_by} ${each.received_at}`) : ""].filter(Boolean).join(" · "))))));
  }

  window.OneMap.casePapers = { list, look, sent };
})();
