/* The files attached to the object of a card: pictures seen, others fetched, added and taken off by who may. */
(function () {
  "use strict";
  const { base, el, icon, say, get, tick } = window.OneMap;
  const KINDS = ".jpg,.jpeg,.png,.webp,.pdf,.mp4,.docx,.xlsx,.pptx";
  const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))}\u2009kB` : `${(n / 1e6).toFixed(1)}\u2009MB`);
  const address = (file) => `${base}api/files/${file.id}`;

  function send(path, file, told) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("POST", base + path);
      request.upload.addEventListener("progress", (event) => event.lengthComputable && told(event.loaded / event.total));
      request.addEventListener("load", () => {
        if (request.status === 201) { done(); return; }
        let body = {};
        try { body = JSON.parse(request.responseText); } catch (notJson) { /* the status says enough */ }
        failed(new Error(body.title || say(`上传失败（${request.status}）`, `Upload failed (${request.status})`)));
      });
      request.addEventListener("error", () => failed(new Error(say("连接中断，文件未上传", "The connection broke; nothing was uploaded"))));
      request.send(file);
    });
  }

  function line(file, mayChange, remove) {
    const face = file.missing ? el("span", { class: "face" }, icon("warn", 18)) : file.picture
      ? el("a", { class: "face", href: address(file), target: "_blank", rel: "noopener" }, el("img", { src: address(file), alt: "", loading: "lazy", width: "44", height: "44" }))
      : el("span", { class: "face" }, icon("table", 18));
    const name = file.missing ? el("span", { class: "el" }, file.name) : el("a", { class: "link el", href: address(file), target: "_blank", rel: "noopener", download: file.picture ? null : file.name }, file.name);
    const below = file.missing ? say("文件缺失，请联系管理员", "the file is missing; tell the administrator") : [`${size(file.size)}·${file.added_by}·`, el("span", { "data-at": file.added_at })];
    return el("li", { "data-file": file.id }, face, el("div", { class: "el" }, name, el("div", { class: "t3" }, below), file.note ? el("div", { class: "t2" }, file.note) : null),
      file.logged ? el("span", { class: "t3", title: say("办理记录中的附件不能移除", "files of the log stay") }, say("已入卷", "in the log")) : mayChange ? el("button", { type: "button", class: "icon", "aria-label": say(`移除${file.name}`, `Remove ${file.name}`), on: { click: remove } }, icon("close", 16)) : null);
  }

  /* The card is drawn anew when something changes; a reason being typed or a file on its way is not lost to that. */
  let kept = { of: "", node: null, load: null };

  function section(card) {
    const key = `${card.layer}:${card.key}`;
    if (kept.of === key && kept.node.isConnected) {
      kept.load();
      return kept.node;
    }
    kept = { of: key, ...made(card) };
    return kept.node;
  }

  function made(card) {
    const of = `layer=${encodeURIComponent(card.layer)}&key=${encodeURIComponent(card.key)}`;
    const count = el("span", { class: "t3" }), body = el("div", {}, el("p", { class: "note" }, say("载入中", "Loading")));
    const said = el("p", { class: "note wrong", role: "alert", hidden: true });
    const tell = (words) => { said.textContent = words; said.hidden = !words; };
    let largest = 0;

    /* Taking a file off asks for the reason in its place; the record keeps it. */
    function confirm(row, file) {
      const reason = el("input", { type: "text", minlength: "2", maxlength: "200", required: true, placeholder: say("移除事由", "Why is it removed?"), "aria-label": say("移除事由", "Reason") });
      const form = el("form", { class: "confirm", on: { submit: async (event) => {
        event.preventDefault();
        try { await get(`api/files/${file.id}/remove?reason=${encodeURIComponent(reason.value.trim())}`, { method: "POST" }); tell(""); load(true); }
        catch (fault) { tell(fault.message); }
      } } }, reason, el("button", { type: "submit", class: "button" }, say("移除", "Remove")), el("button", { type: "button", class: "link", on: { click: () => load(true) } }, say("取消", "Cancel")));
      row.replaceChildren(form);
      reason.focus();
    }

    async function add(files) {
      for (const file of files) {
        if (file.size > largest) { tell(say(`“${file.name}”超过 ${size(largest)}`, `${file.name} is larger than ${size(largest)}`)); return; }
        const bar = el("progress", { max: "1", value: "0", "aria-label": file.name });
        body.append(el("div", { class: "t3" }, file.name, bar));
        try { await send(`api/files?${of}&name=${encodeURIComponent(file.name)}`, file, (part) => { bar.value = part; }); tell(""); }
        catch (fault) { tell(fault.message); break; }
      }
      load(true);
    }

    async function load(anyway) {
      let found;
      try { found = await get(`api/files?${of}`); }
      catch (fault) { body.replaceChildren(el("p", { class: "note" }, fault.message)); return; }
      if (!anyway && body.querySelector("form, progress")) return;
      largest = found.largest;
      count.textContent = found.files.length || "";
      const rows = found.files.map((file) => { const row = line(file, found.may_change, () => confirm(row, file)); return row; });
      const pick = el("input", { type: "file", multiple: true, accept: KINDS, hidden: true, on: { change: (event) => add([...event.target.files]) } });
      const button = found.may_change ? el("button", { type: "button", class: "button", on: { click: () => pick.click() } }, say("添加附件", "Attach a file")) : null;
      body.replaceChildren(...[rows.length ? el("ul", { class: "files" }, rows) : el("p", { class: "note" }, say("没有附件", "No files")), button, button ? pick : null].filter(Boolean));
      tick();
    }

    load();
    return { node: el("section", { "data-section": "files" }, el("h3", {}, say("附件", "Files"), count), said, body), load };
  }

  window.OneMap.files = { section };
})();
