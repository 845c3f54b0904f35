/* Events on video: found by rules, judged by a person who looks at the picture; a true one becomes an on-site check. */
(function () {
  "use strict";
  const { base, el, icon, say, get, post, time, thousands, debounce } = window.OneMap;
  const my = window.OneMap.admin;
  const { button, chip, day } = my;
  const NAMES = ["q", "verdict", "kind", "state", "camera", "area", "from"];
  const LOOKS = { pending: "bad", confirmed: "good", rejected: "dull" };

  function start(screen) {
    window.OneMap.office.frame(screen);
    const part = (id) => screen.querySelector(`#violations-${id}`), list = part("list"), side = part("one"), bar = part("bar"), counts = part("counts");
    const asked = Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => NAMES.includes(name)));
    let answer = null, shown = null, picked = decodeURIComponent(location.hash.slice(1)), turn = 0, kind = null;

    const query = () => new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    function address() { const words = query().toString(); history.replaceState(null, "", `${location.pathname}${words ? `?${words}` : ""}${picked ? `#${encodeURIComponent(picked)}` : ""}`); }

    function change(next) {
      for (const [name, value] of Object.entries(next)) { if (value) asked[name] = String(value); else delete asked[name]; }
      if (!("from" in next)) delete asked.from;
      address();
      return read();
    }

    async function read() {
      const mine = ++turn;
      await my.room(list, () => get(`api/violations?${query()}`), (given) => { if (mine === turn) { answer = given; frame(); } return rows(given); });
      window.OneMap.tick();
    }

    function tile(words, count, verdict) {
      return el("button", { type: "button", class: "points-state", "aria-pressed": String((asked.verdict || "") === verdict), on: { click: () => change({ verdict }) } }, el("span", {}, words), el("b", { class: "num" }, thousands(count || 0)));
    }

    function frame() {
      const n = answer.counts;
      counts.replaceChildren(tile(say("全部", "All"), n.pending + n.confirmed + n.rejected, ""), tile(say("待确认", "To be judged"), n.pending, "pending"), tile(say("属实", "Confirmed"), n.confirmed, "confirmed"), tile(say("误报", "False"), n.rejected, "rejected"));
      if (!kind) {
        const find = el("input", { type: "search", id: "violations-find", value: asked.q || "", placeholder: say("内容、编号", "Title, number"), "aria-label": say("查找视频事件", "Find an event"), maxlength: 40 });
        find.addEventListener("input", debounce(() => change({ q: find.value.trim() }), 300));
        kind = el("select", { "aria-label": say("类型", "Kind") });
        kind.addEventListener("change", () => change({ kind: kind.value }));
        bar.replaceChildren(find, kind, el("span", { class: "devices-only" }));
      }
      if (document.activeElement !== kind) kind.replaceChildren(...[{ code: "", name: say("全部类型", "Every kind") }, ...answer.kinds].map((one) => el("option", { value: one.code, selected: one.code === (asked.kind || "") }, one.name)));
      bar.querySelector(".devices-only").replaceChildren(...[["camera", say("视频点", "camera")], ["area", say("区划", "area")], ["state", say("状态", "state")]].filter(([name]) => asked[name]).map(([name, words]) => el("button", { type: "button", class: "adm-button small", "aria-label": say(`不限${words}`, `Any ${words}`), on: { click: () => change({ [name]: "" }) } }, `${words} ${asked[name]} `, icon("close", 14))));
    }

    function rows(given) {
      if (!given.rows.length) return my.empty(given.counts.pending + given.counts.confirmed + given.counts.rejected ? say("没有符合条件的视频事件。", "No event fits.") : say("没有视频事件。视频分析由 onemap video run 启动。", "No events. Analysis is begun by onemap video run."));
      const lines = given.rows.map((one) => ({ id: one.code, selected: one.code === picked, dull: one.verdict === "rejected", cells: [
        el("button", { type: "button", class: "adm-name", "data-code": one.code, on: { click: () => open(one.code) } }, el("b", {}, one.title), el("small", { class: "t3" }, [one.code, one.kind].join(" · "))),
        el("span", {}, chip(one.verdict_word, LOOKS[one.verdict]), one.case ? el("small", { class: "t3" }, one.case) : null), chip(one.state_word, one.state === "standing" ? "" : "dull"),
        el("span", {}, one.enterprise_name || say("公共区域", "Public place"), el("small", { class: "t3" }, one.area)), el("span", { "data-at": one.at }, time.age(one.at))] }));
      const made = my.table([say("事件", "Event"), say("确认", "Verdict"), say("状态", "State"), say("企业", "Enterprise"), say("报出", "Raised")], lines, (row) => open(row.id));
      const last = given.from + lines.length, turnTo = (words, to) => button(words, () => change({ from: to }), "small");
      return [made, el("footer", {}, el("span", { class: "t3" }, say(`共 ${thousands(given.total)} 件,第 ${given.from + 1} 至 ${last} 件`, `${given.from + 1} to ${last} of ${thousands(given.total)}`)), given.from ? turnTo(say("上一页", "Back"), Math.max(0, given.from - given.page) || "0") : null, last < given.total ? turnTo(say("下一页", "On"), last) : null)];
    }

    async function open(code, quiet) {
      picked = code;
      address();
      for (const line of list.querySelectorAll("tr")) { if (line.querySelector("[data-code]")?.dataset.code === code) line.setAttribute("aria-selected", "true"); else line.removeAttribute("aria-selected"); }
      side.hidden = false;
      await my.room(side, () => get(`api/violations/row?code=${encodeURIComponent(code)}`), one);
      window.OneMap.tick();
      if (!quiet) side.querySelector("h2")?.focus();
    }

    function close() {
      const was = picked;
      side.hidden = true;
      picked = "";
      shown = null;
      address();
      for (const line of list.querySelectorAll("tr[aria-selected]")) line.removeAttribute("aria-selected");
      list.querySelector(`[data-code="${CSS.escape(was)}"]`)?.focus();
    }

    function evidence(given) {
      const address_ = (file) => `${base}api/files/${file.id}`;
      const made = given.files.map((file) => {
        if (file.missing) return el("p", { class: "note wrong", role: "alert" }, say(`证据文件缺失:${file.name}`, `The file is missing: ${file.name}`));
        if (file.type.startsWith("image/")) return el("a", { href: address_(file), target: "_blank", rel: "noopener" }, el("img", { src: address_(file), alt: say("事件画面,方框为判定位置", "Picture of the event; boxes show where"), loading: "lazy" }));
        if (file.type.startsWith("video/")) return el("video", { src: address_(file), controls: true, preload: "none", "aria-label": say("事件前后录像", "Film around the event") });
        return el("a", { class: "link", href: address_(file) }, file.name);
      });
      const hashes = given.files.length ? el("details", {}, el("summary", { class: "t3" }, say("证据校验值", "Hashes")), given.files.map((file) => el("p", { class: "t3 violations-hash" }, `${file.name} SHA-256 ${file.sha256}`))) : null;
      return el("div", { class: "violations-evidence" }, made.length ? made : el("p", { class: "t3" }, say("没有留存画面", "No picture was kept")), hashes);
    }

    function one(given) {
      shown = given;
      const acts = given.may_judge && !given.case ? el("div", { class: "adm-tools violations-acts" },
        given.verdict === "pending" ? [button(say("属实", "Confirm"), () => judge(given, "confirmed"), "primary"), button(say("误报", "False"), () => reject(given))] : button(say("撤回结论", "Take back"), () => judge(given, "pending")),
        given.may_check && given.enterprise && given.verdict !== "rejected" ? button(say("转现场检查", "To an on-site check"), () => check(given)) : null) : null;
      const links = [[say("视频点", "Camera"), el("a", { class: "link", href: `${base}map?layers=enterprises,cameras&sel=${encodeURIComponent(`cameras:${given.camera.code}`)}` }, given.camera.name || given.camera.code)],
        [say("企业", "Enterprise"), given.enterprise ? el("a", { class: "link", href: `${base}map?layers=enterprises&sel=${encodeURIComponent(`enterprises:${given.enterprise}`)}` }, given.enterprise_name) : say("公共区域", "Public place")], [say("区划", "Area"), given.area]];
      const facts = [...links, ...given.facts.map((fact) => [fact.field, fact.value])];
      const said = given.verdict === "pending" ? null : el("div", { class: "violations-said" }, el("h3", {}, say("确认结论", "Verdict")), el("p", {}, given.verdict_word, el("span", { class: "t3" }, ` ${given.judged.by} ${day(given.judged.at)}`)), given.judged.remark ? el("p", {}, given.judged.remark) : null,
        given.judged.quiet ? el("p", { class: "t3" }, say("同一摄像机此位置的同类事件不再报出;撤回结论后恢复。", "Events of this kind at this place of the camera are not told again, until this is taken back.")) : null,
        given.case ? el("p", {}, el("a", { class: "link", href: `${base}cases?system=site-check&view=all&code=${encodeURIComponent(given.case)}` }, say(`现场检查 ${given.case}`, `On-site check ${given.case}`))) : null);
      return [el("header", {}, el("h2", { tabindex: "-1" }, given.title), el("span", { class: "sp" }), el("button", { type: "button", class: "adm-close", "aria-label": say("关闭", "Close"), on: { click: close } }, icon("close"))),
        el("p", {}, chip(given.verdict_word, LOOKS[given.verdict]), given.suspected ? chip(say("疑似", "Suspected"), "") : null), evidence(given), acts,
        el("dl", { class: "adm-facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))), said];
    }

    async function after(made) { await Promise.all([read(), open(made.code, true)]); }
    const body = (given, more) => ({ code: given.code, version: given.version, ...more });

    function judge(given, verdict) {
      const back = verdict === "pending";
      my.form(back ? say("撤回结论", "Take the verdict back") : say("确认属实", "Confirm"), [{ name: "remark", label: say("意见", "Remark"), required: back, longest: 400, wide: true }], say("确定", "Yes"), async ({ remark }) => after(await post("api/violations/judge", body(given, { verdict, remark: remark || "" }))), "primary");
    }

    function reject(given) {
      const fields = [{ name: "remark", label: say("误报原因", "Why it is false"), required: true, longest: 400, wide: true }];
      if (given.has_place) fields.push({ name: "quiet", label: say("此位置的同类事件不再报出", "Do not tell this kind at this place again"), type: "check", wide: true });
      my.form(say("确认为误报", "It is false"), fields, say("确定", "Yes"), async ({ remark, quiet }) => after(await post("api/violations/judge", body(given, { verdict: "rejected", remark, quiet: Boolean(quiet) }))), "primary");
    }

    function check(given) {
      my.form(say("转现场检查", "To an on-site check"), [{ type: "note", label: say(`为 ${given.enterprise_name} 立现场检查,同时确认该事件属实。`, `Opens an on-site check of ${given.enterprise_name} and confirms the event.`) },
        { name: "check_by", label: say("完成期限", "Check by"), type: "date", required: true }, { name: "remark", label: say("核查要求", "What to look at"), longest: 400, wide: true }], say("立项", "Open it"), async ({ check_by, remark }) => after(await post("api/violations/check", body(given, { check_by, remark: remark || "" }))), "primary");
    }

    my.walked({ list, side, find: () => bar.querySelector("#violations-find"), picked: () => picked, open, close });
    window.OneMap.live.onChanges((layers) => { if (layers.has("violations")) { read(); if (shown && !document.querySelector("dialog[open]")) open(shown.code, true); } });
    window.OneMap.live.open();
    return read().then(() => (picked ? open(picked) : null)).then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=violations]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen).catch((fault) => console.error(fault));
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
