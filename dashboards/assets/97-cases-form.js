/* Forms of steps of a case: drawn from what the server tells, checked by it as one types, kept as drafts of their writer. */
(function () {
  "use strict";
  const { el, say, get, debounce, time } = window.OneMap;
  const my = window.OneMap.admin;
  const local = (iso) => (iso ? `${time.date(new Date(iso))}T${time.minute(new Date(iso))}` : "");

  /* Rows of another layer by their names: what is typed as words is looked for, a code is left alone. */
  function named(input, list, layer) {
    const ask = debounce(async () => {
      const word = input.value.trim();
      if (word.length < 2 || /^([0-9A-Z]{18}|[A-Z]{2}\d{4}-\d{6})$/.test(word)) return;
      const found = await get(`api/search?q=${encodeURIComponent(word)}`).catch(() => ({ hits: [] }));
      list.replaceChildren(...(found.hits || []).filter((hit) => hit.layer === layer).map((hit) => el("option", { value: hit.key }, hit.label)));
    }, 250);
    input.addEventListener("input", ask);
  }

  /* A list of items, each answered by one press, with a note where it does not conform; the value is "id|mark|note". */
  function items(one, value, id) {
    const answers = new Map((value || []).map((text) => { const [item, mark, ...note] = text.split("|"); return [item, { mark, note: note.join("|") }]; }));
    const left = el("span", { class: "t3", role: "status" });
    const tell = () => { const open = one.items.filter((item) => !answers.get(item.id)?.mark).length; left.textContent = open ? say(`还有 ${open} 项未填`, `${open} left`) : say("全部已填", "all answered"); };
    let group = "";
    const rows = one.items.flatMap((item) => {
      const found = answers.get(item.id) || { mark: "", note: "" };
      answers.set(item.id, found);
      const note = el("input", { value: found.note, maxlength: "300", placeholder: say("说明情况", "What was found"), "aria-label": say(`${item.title}:说明`, `${item.title}: note`), hidden: found.mark !== "no", on: { input: () => { found.note = note.value.trim(); } } });
      const marks = el("span", { class: "case-marks", role: "radiogroup", "aria-label": item.title }, one.marks.map((mark) => el("label", { class: mark.code }, el("input", { type: "radio", name: `${id}-${item.id}`, value: mark.code, checked: found.mark === mark.code, on: { change: () => { found.mark = mark.code; note.hidden = mark.code !== "no"; tell(); } } }), mark.name)));
      const head = item.group !== group ? [el("li", { class: "case-group" }, item.group)] : [];
      group = item.group;
      return [...head, el("li", { "data-item": item.id }, el("b", {}, item.title), el("small", { class: "t3" }, item.clause), marks, note)];
    });
    tell();
    return { node: el("div", { id, class: "case-items" }, left, el("ol", {}, rows)), read: () => one.items.filter((item) => answers.get(item.id).mark).map((item) => { const found = answers.get(item.id); return `${item.id}|${found.mark}|${found.mark === "no" ? found.note : ""}`; }) };
  }

  function field(one, value, id, map) {
    const said = { id, name: one.name, "aria-describedby": `${id}-said`, "aria-required": one.needed ? "true" : null };
    if (one.kind === "place") {
      const note = el("span", { class: "t3" }), state = { at: value || null };
      const tell = () => { note.textContent = state.at ? `${state.at.lon.toFixed(5)}, ${state.at.lat.toFixed(5)}` : one.about; };
      const use = el("button", { type: "button", class: "adm-button small", on: { click: () => navigator.geolocation?.getCurrentPosition((found) => { state.at = { lon: found.coords.longitude, lat: found.coords.latitude }; window.OneMap.caseFix.set(found.coords.accuracy); tell(); note.dispatchEvent(new Event("change", { bubbles: true })); }, () => { note.textContent = say("未能取得本机位置", "This device told no position"); }, { enableHighAccuracy: true, timeout: 20000 }) } }, say("取本机位置", "Use my position"));
      const pick = el("button", { type: "button", class: "adm-button small", on: { click: () => { note.textContent = say("请在地图上点选", "Click the map"); map.once("click", (event) => { state.at = { lon: event.latlng.lng, lat: event.latlng.lat }; window.OneMap.caseFix.set(null); tell(); }); } } }, say("图上点选", "Pick on the map"));
      tell();
      return { node: el("div", { id, class: "case-where" }, pick, use, note), read: () => state.at };
    }
    if (one.kind === "checklist") return items(one, value, id);
    if (one.kind === "accuracy") return window.OneMap.caseFix.field(one, value, id);
    if (one.kind === "signature") return window.OneMap.caseFix.pad(one, value, id);
    if (one.kind === "plan-items") return window.OneMap.casePlan.items(one, value, id);
    if (one.kind === "list" && one.choices) {
      const chosen = new Set(value || []);
      const node = el("div", { id, class: "case-ticks", role: "group" }, one.choices.length ? null : el("span", { class: "t3" }, say("没有可选的项", "Nothing to choose from")), one.choices.map((choice) => el("label", {}, el("input", { type: "checkbox", value: choice.code, checked: chosen.has(choice.code), on: { change: (event) => (event.target.checked ? chosen.add(choice.code) : chosen.delete(choice.code)) } }), choice.name)));
      return { node, read: () => [...chosen] };
    }
    if (one.choices) {
      const node = el("select", said, one.needed ? null : el("option", { value: "" }, "—"), one.choices.map((choice) => el("option", { value: choice.code, selected: String(value ?? "") === choice.code }, choice.name)));
      return { node, read: () => (one.kind === "integer" && node.value ? Number(node.value) : node.value || null) };
    }
    if (one.kind === "boolean") {
      const node = el("input", { ...said, type: "checkbox", checked: Boolean(value) });
      return { node: one.about ? el("div", { class: "case-tick" }, node, el("small", { class: "t3" }, one.about)) : node, read: () => node.checked };
    }
    if (one.kind === "integer" || one.kind === "real") {
      const node = el("input", { ...said, type: "number", step: one.kind === "real" ? "any" : "1", value: value ?? "" });
      return { node, read: () => (node.value === "" ? null : Number(node.value)) };
    }
    if (one.kind === "date") {
      const node = el("input", { ...said, type: "date", value: value || "" });
      return { node, read: () => node.value || null };
    }
    if (one.kind === "datetime") {
      const node = el("input", { ...said, type: "datetime-local", value: local(value) });
      return { node, read: () => (node.value ? `${node.value}:00+08:00` : null) };
    }
    if (one.long) {
      const node = el("textarea", { ...said, rows: "3", maxlength: one.longest, placeholder: one.about || null });
      node.value = value || "";
      return { node, read: () => node.value.trim() };
    }
    if (one.refers === "enterprises" || one.refers === "licences") {
      const node = el("input", { ...said, value: value || "", list: `${id}-list`, placeholder: one.about || say("输入名称或代码", "Name or code"), autocomplete: "off" }), list = el("datalist", { id: `${id}-list` });
      named(node, list, one.refers);
      return { node: el("div", {}, node, list), read: () => node.value.trim() };
    }
    const node = el("input", { ...said, value: value ?? "", maxlength: one.longest, placeholder: one.about || null, autocomplete: "off" });
    return { node, read: () => node.value.trim() };
  }

  /* What is told above a field moves it: not while it is pressed, for the click or the stroke would go elsewhere. */
  function standing() {
    let pressed = false, turn = 0;
    const held = [], still = (run) => { if (pressed) held.push(run); else run(); };
    const press = (event) => { turn += 1; pressed = Boolean(event.target.closest?.(".case-dialog")); };
    const lift = () => { const mine = turn; setTimeout(() => { if (mine === turn) { pressed = false; for (const run of held.splice(0)) run(); } }); }; // once it is a click
    const heard = [["pointerdown", press], ["pointerup", lift], ["pointercancel", lift]];
    for (const [name, run] of heard) window.addEventListener(name, run, true);
    still.end = () => { for (const [name, run] of heard) window.removeEventListener(name, run, true); };
    return still;
  }

  /* `given`: title, form, reason, files, check(values, reason) → reasons, send(values, reason, files), look. */
  async function open(screen, map, given) {
    const still = standing(), kept = window.OneMap.caseDraft.of(screen, given.of, still), old = await kept.find();
    const reads = new Map(), said = new Map(), files = [];
    const over = el("ul", { class: "case-against", hidden: true });
    const form = el("form", { class: "case-form", novalidate: true });
    for (const one of given.form) {
      const id = `case-f-${one.name}`;
      const made = field(one, old ? old.values[one.name] ?? one.value : one.value, id, map);
      reads.set(one.name, made.read);
      const note = el("p", { id: `${id}-said`, class: "adm-fault", hidden: true });
      said.set(one.name, note);
      form.append(el("div", { class: `case-field${one.long || (one.kind === "list" && one.choices) || ["checklist", "place", "signature", "plan-items"].includes(one.kind) ? " wide" : ""}` }, el("label", { for: id }, one.title, one.unit ? ` (${one.unit})` : "", one.needed ? el("span", { class: "case-must", "aria-hidden": "true" }, " *") : null), made.node, note));
    }
    const reason = el("textarea", { id: "case-f-reason", rows: "2", maxlength: "2000" });
    reason.value = old?.reason || "";
    if (given.reason || given.form.length === 0) form.append(el("div", { class: "case-field wide" }, el("label", { for: "case-f-reason" }, say("办理意见", "Reason"), given.reason ? el("span", { class: "case-must", "aria-hidden": "true" }, " *") : null), reason));
    if (given.files !== null && given.files !== undefined) {
      const names = el("span", { class: "t3" });
      const pick = el("input", { type: "file", id: "case-f-files", multiple: true, accept: ".jpg,.jpeg,.png,.webp,.pdf,.mp4,.docx,.xlsx", on: { change: () => { files.splice(0, files.length, ...pick.files); names.textContent = files.map((file) => file.name).join("、"); look(); } } });
      form.append(el("div", { class: "case-field wide" }, el("label", { for: "case-f-files" }, say("照片或文件", "Photographs or papers"), given.files ? el("span", { class: "case-must" }, say(` 至少 ${given.files} 个`, ` at least ${given.files}`)) : null), pick, names));
    }
    const values = () => Object.fromEntries([...reads].map(([name, read]) => [name, read()]).filter(([, value]) => value !== null && value !== ""));
    let touched = false;
    function tell(reasons, all) {
      for (const note of said.values()) { note.hidden = true; note.textContent = ""; }
      const rest = [];
      for (const one of reasons) {
        const note = said.get(one.field);
        if (note) { note.textContent = one.rule; note.hidden = !all && !touched; }
        else if (!(one.field === "files" && files.length >= (given.files || 0)) && one.field !== "reason") rest.push(one.rule);
      }
      over.replaceChildren(...rest.map((rule) => el("li", {}, rule)));
      over.hidden = !rest.length;
    }
    const look = debounce(async () => { const answer = await given.check(values(), reason.value).catch(() => null); if (answer) still(() => tell(answer.reasons, false)); }, 350);
    const keep = () => kept.write(values(), reason.value);
    form.addEventListener("input", () => { touched = true; look(); keep(); });
    form.addEventListener("change", () => { touched = true; look(); keep(); });
    const fault = el("p", { class: "adm-fault", role: "alert", hidden: true });
    const go = my.button(given.title, async () => {
      go.disabled = true;
      fault.hidden = true;
      try { await kept.hold(); await given.send(values(), reason.value.trim(), files); kept.done(); box.close(); }
      catch (error) {
        kept.resume();
        touched = true;
        if (error.faults?.length) tell(error.faults.map((one) => ({ field: one.field, rule: one.rule })), true);
        fault.textContent = error.message;
        fault.hidden = false;
        go.disabled = false;
      }
    }, "primary");
    const clear = my.button(say("清除草稿", "Drop the draft"), async () => { await kept.drop(); box.close(); open(screen, map, given); });
    const no = my.button(say("关闭", "Close"), () => box.close());
    const facts = [given.law, given.limit ? say(`办理后期限:${given.limit}`, `Then due: ${given.limit}`) : ""].filter(Boolean);
    const preview = (paper) => async () => { fault.hidden = true; try { await given.look(paper.id, values(), reason.value.trim()); } catch (error) { fault.textContent = error.message; fault.hidden = false; } };
    const papers = given.documents?.length ? el("p", { class: "case-makes" }, el("span", { class: "t3" }, say("办理即印发:", "Makes:")), given.documents.map((paper) => el("span", {}, paper.name, " ", my.button(say("预览", "Preview"), preview(paper), "small")))) : "";
    const box = el("dialog", { class: "adm-dialog case-dialog", "aria-label": given.title });
    box.append(el("header", {}, el("h2", {}, given.title), el("p", { class: "t3" }, facts.join(" · "))), kept.line, over, form, papers, fault, el("footer", {}, no, old ? clear : "", go));
    const leave = () => kept.flush();
    window.addEventListener("pagehide", leave);
    box.addEventListener("reload", () => { kept.done(); box.close(); open(screen, map, given); });
    box.addEventListener("close", () => { window.removeEventListener("pagehide", leave); still.end(); kept.flush(); box.remove(); });
    document.querySelector("#office-dialog").append(box);
    if (given.form.some((one) => one.kind === "place")) box.show(); else box.showModal();
    look();
    return box;
  }

  window.OneMap.caseForm = { open };
})();
