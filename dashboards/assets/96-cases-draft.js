/* Drafts of forms of cases: kept on the server for their writer; what has not arrived there yet is kept by this browser. */
(function () {
  "use strict";
  const { base, el, say, get, post, debounce, time } = window.OneMap;
  const my = window.OneMap.admin;
  const KEPT = "onemap_case_draft:";
  const arriving = new Map(); // a form opened again waits for what the one before is sending

  const minute = (iso) => `${time.date(new Date(iso))} ${time.minute(new Date(iso))}`;

  /* `ask` names system, case and step; another account at this machine does not meet what this one typed. Words that
     move the form are told when `still` lets them. */
  function of(screen, ask, still) {
    const key = `${KEPT}${screen.dataset.account}:${ask.system}:${ask.code || ""}:${ask.step || ask.about || ""}`;
    const line = el("p", { class: "t3 case-draft", role: "status" });
    const here = {
      read() { try { return JSON.parse(localStorage.getItem(key)) || null; } catch (closed) { return null; } },
      write(draft) { try { localStorage.setItem(key, JSON.stringify(draft)); } catch (closed) { /* this page only */ } },
      drop() { try { localStorage.removeItem(key); } catch (closed) { /* nothing was kept */ } },
    };
    let seen = "", latest = null, over = false, held = false;
    const tell = (...words) => still(() => line.replaceChildren(...words));

    async function find() {
      await arriving.get(key);
      const mine = here.read();
      const found = await get(`api/cases/draft?${new URLSearchParams(ask)}`).then((answer) => answer.draft, () => undefined);
      seen = found?.mark || "";
      if (!mine) {
        if (found) tell(say(`草稿存于 ${minute(found.at)}`, `Draft kept ${minute(found.at)}`));
        return found || null;
      }
      if (found === undefined) seen = mine.seen;
      tell(say(`草稿存于 ${minute(mine.at)},仅在本机`, `Draft kept ${minute(mine.at)}, on this machine only`));
      if (found && found.mark !== mine.seen) collided();
      else { latest = mine; save(); }
      return mine;
    }

    function collided() {
      over = true;
      tell(say("这份草稿已在另一窗口或设备上改过。", "Another window or device has changed this draft. "),
        my.button(say("载入那一份", "Load that one"), async () => { here.drop(); latest = null; line.dispatchEvent(new CustomEvent("reload", { bubbles: true })); }, "small"),
        my.button(say("以本窗口为准", "Keep this one"), async () => {
          seen = (await get(`api/cases/draft?${new URLSearchParams(ask)}`)).draft?.mark || "";
          over = false;
          save();
        }, "small"));
    }

    function save() {
      if (!latest || over || held) return arriving.get(key);
      const going = (async () => {
        await arriving.get(key);
        const sent = latest;
        if (!sent || over || held) return;
        try {
          const { draft } = await post("api/cases/draft", { ...ask, values: sent.values, reason: sent.reason, seen });
          seen = draft.mark;
          if (latest === sent) { latest = null; here.drop(); }
          tell(say(`草稿已保存 ${time.minute(new Date(draft.at))},换设备可继续填写`, `Draft kept ${time.minute(new Date(draft.at))}, on every device of yours`));
        } catch (fault) {
          if (fault.status === 409) collided();
          else tell(say(`草稿暂存本机,未能保存到服务器:${fault.message}`, `Kept on this machine only: ${fault.message}`));
        }
      })();
      arriving.set(key, going);
      return going;
    }

    const later = debounce(save, 900);
    return {
      line, find,
      write(values, reason) { latest = { values, reason, at: time.now().toISOString(), seen }; here.write(latest); later(); },
      flush: save,
      hold() { held = true; return arriving.get(key); }, // what is being filed is not kept again behind the filing
      resume() { held = false; return save(); },
      done() { latest = null; over = true; here.drop(); },
      async drop() { this.done(); await arriving.get(key); await post("api/cases/draft", ask).catch(() => null); },
    };
  }

  /* Everything of mine that waits to be filed; `go` opens one. */
  async function list(go) {
    const { drafts, days } = await get("api/cases/drafts");
    const rows = el("ul", { class: "case-drafts" }, drafts.map((one) => {
      const row = el("li", {},
        el("div", { class: "el" }, el("b", { class: "el" }, one.name || say("(未写名称)", "(no title yet)")), el("span", { class: "t3 el" }, [one.system_title, one.code, one.step_title, minute(one.at)].filter(Boolean).join(" · ")), one.open ? null : el("span", { class: "case-soon" }, say("案件现不在您的管辖范围内", "the case is no longer yours to see"))),
        one.open ? my.button(say("继续填写", "Go on"), () => { box.close(); go(one); }, "small primary") : "",
        my.button(say("删去", "Drop"), async () => { await post("api/cases/draft", { system: one.system, code: one.code, about: one.about, step: one.code ? one.step : "" }); row.remove(); }, "small"));
      return row;
    }));
    const box = my.dialog(say("我的草稿", "My drafts"), el("p", { class: "t3 case-draft" }, say(`尚未提交的填写内容,只有您能看到;最后一次修改 ${days} 天后清除。`, `Typed and not filed yet, seen by you alone; dropped ${days} days after the last change.`)), drafts.length ? rows : el("p", { class: "empty" }, say("没有草稿。", "No drafts.")));
    return box;
  }

  window.OneMap.caseDraft = { of, list };
})();
