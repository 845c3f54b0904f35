/* Video of one object beside its readings: what was found on video in a span, and cameras of its own site and round it. */
(function () {
  "use strict";
  const { el, say, base, get, time, length } = window.OneMap;
  const AGAIN = 10000, EYES = 2, FEW = 5, GOES = ["streamless", "unanalysed", "bearing"];
  const covers = { yes: say("视野覆盖", "sees it"), unknown: say("是否看到未知", "not known whether it sees it"), no: say("看不到", "does not see it") };
  const day = (iso) => { const d = new Date(iso), words = time.date(d), year = time.date(time.now()).slice(0, 5); return `${words.startsWith(year) ? words.slice(5) : words} ${time.minute(d)}`; };
  const none = (words) => el("p", { class: "t3", role: "status" }, words);
  const about = (one) => [one.own ? say("本企业", "its own") : "", one.distance === undefined ? "" : say(`距 ${length(one.distance)}`, `${length(one.distance)} away`), one.covers ? `${covers[one.covers]}:${one.why}` : ""].filter(Boolean);

  function event(one) {
    const verdict = one.verdict === "pending" ? one.state_word : one.verdict_word;
    return el("li", { "data-event": one.code }, el("a", { class: "link", href: `${base}violations?camera=${encodeURIComponent(one.camera)}#${encodeURIComponent(one.code)}` }, el("b", { class: "nw" }, day(one.from)), ` ${one.kind}`), el("small", { class: "t3" }, `${one.camera_name} · ${verdict}`));
  }

  function events(found) {
    if (found.events === null) return none(say("视频事件无权查看", "Events on video are not open to you"));
    const span = say(`${day(found.from)} 至 ${day(found.to)}`, `${day(found.from)} to ${day(found.to)}`);
    if (!found.events.length) return none(say(`${span} 没有视频事件`, `No event on video, ${span}`));
    const rows = found.events.map(event), rest = rows.slice(FEW), list = el("ul", {}, rows.slice(0, FEW));
    const more = rest.length ? el("button", { type: "button", class: "link", on: { click: () => { list.append(...rest); more.remove(); } } }, say(`其余 ${rest.length} 起`, `${rest.length} more`)) : null;
    return el("div", {}, el("p", { class: "t2" }, say(`视频事件 ${found.events.length} 起`, `${found.events.length} events on video`), el("small", { class: "t3" }, ` ${span}`)), list, more, found.more ? none(say("只列最近 100 起", "The latest 100 are listed")) : null, found.enterprise ? el("a", { class: "link", href: `${base}violations?enterprise=${encodeURIComponent(found.enterprise)}` }, say("该企业全部视频事件", "All of this enterprise")) : null);
  }

  function row(one) {
    const link = el("a", { class: "link el", href: `${base}map?layers=enterprises,cameras&sel=${encodeURIComponent(`cameras:${one.code}`)}` }, one.name);
    return el("li", { "data-camera": one.code }, link, el("div", { class: "t3" }, [...about(one), one.said].join(say(" · ", " · "))));
  }

  /* `from` and `to` in milliseconds; without them the last 30 days. `told(found)` hears what was found. */
  function view(layer, key, { told = null, open = true } = {}) {
    const place = el("p", { class: "footage-place", hidden: true }), said = el("div", { class: "footage-events" }, none(say("正在读取", "Reading"))), room = el("div", { class: "eyes-near" });
    const cameras = el("details", { class: "footage-cameras", open }, el("summary", {}, say("现场视频", "Cameras at the place")), room);
    const node = el("div", { class: "footage", "data-footage": `${layer}:${key}` }, place, said, cameras), eyes = new Map();
    let span = null, going = false, away = 0, asked = 0, mine = 0, found = null, keyed = "";

    function pictures() {
      if (!found || !cameras.open) return;
      if (!found.open) return room.replaceChildren(none(say("视频点无权查看", "Cameras are not open to you")));
      if (!found.cameras.length) return room.replaceChildren(none(found.placed ? say("本企业和 2 km 内没有视频点", "No camera of its own, none within 2 km") : say("没有坐标,不能查找就近视频", "It has no position; cameras near it cannot be found")));
      const seen = found.cameras.filter((one) => !GOES.includes(one.condition)).slice(0, EYES), others = found.cameras.filter((one) => !seen.includes(one));
      for (const one of seen) {
        const eye = eyes.get(one.code) || window.OneMap.eyes.eye(one.code, { pace: 1500, name: one.name });
        eyes.set(one.code, eye);
        eye.say(about(one));
        eye.told(one);
      }
      const now = JSON.stringify(found.cameras.map((one) => [one.code, one.condition, one.covers]));
      if (keyed === now && room.childElementCount) return;
      keyed = now;
      room.replaceChildren(...seen.map((one) => eyes.get(one.code).node), ...(others.length ? [el("ul", {}, others.map(row))] : []));
    }

    async function ask() {
      const turn = ++mine, query = new URLSearchParams({ layer, key });
      if (span) { query.set("from", new Date(span[0]).toISOString()); query.set("to", new Date(span[1]).toISOString()); }
      asked = Date.now();
      try {
        const answer = await get(`api/cameras/of?${query}`);
        if (turn !== mine) return;
        const same = found && JSON.stringify([found.events, found.from.slice(0, 15)]) === JSON.stringify([answer.events, answer.from.slice(0, 15)]);
        found = answer;
        place.hidden = !found.fireworks.length;
        place.textContent = found.fireworks.length ? say(`重点场所:${found.fireworks.join("、")}`, `Key place: ${found.fireworks.join(", ")}`) : "";
        if (!same) said.replaceChildren(events(found));
        pictures();
        told?.(found);
      } catch (fault) {
        if (turn !== mine) return;
        if (fault.status === 403 || fault.status === 404) { found = null; room.replaceChildren(); cameras.hidden = true; said.replaceChildren(none(fault.status === 403 ? say("视频无权查看", "Video is not open to you") : say("没有这个对象,或不在您的权限范围内", "No such object, or not open to you"))); }
        else if (!found) said.replaceChildren(none(say(`视频读取失败,${fault.message}`, `Video could not be read: ${fault.message}`)));
      }
    }

    async function turn() {
      if (!node.isConnected) { away += 1; if (away > 2) { going = false; return; } }
      else { away = 0; if (!document.hidden && Date.now() - asked > AGAIN / 2) await ask(); }
      setTimeout(turn, AGAIN);
    }
    function go() { if (!going) { going = true; away = 0; setTimeout(turn, 0); } return node; }
    cameras.addEventListener("toggle", pictures);

    /* Another span is asked for at once, the same one that moved on with the clock in its turn. */
    function show(from, to) {
      const moved = !span || Math.abs(to - from - (span[1] - span[0])) > 1000 || Math.abs(to - span[1]) > 60000;
      span = [from, to];
      if (moved && going) ask();
      return go();
    }
    return { node, go, show, found: () => found };
  }

  /* Folded up: nothing is asked before somebody looks. */
  function fold(layer, key, open = false) {
    const mine = view(layer, key), box = el("details", { class: "footage-fold", open }, el("summary", {}, say("画面和事件", "Pictures and events")), mine.node);
    const look = () => { if (box.open) mine.go(); };
    box.addEventListener("toggle", look);
    look();
    return box;
  }

  /* Of the card on the map; the same object drawn anew keeps what it shows. */
  let one = { key: "", node: null, wake: null };
  function section(card) {
    const whole = `${card.layer}:${card.key}`, open = card.video === "open";
    if (!card.video) return null;
    if (one.key !== whole) {
      const shown = open ? view(card.layer, card.key, { open: false }) : null;
      one = { key: whole, wake: shown?.go, node: el("section", { "data-section": "footage" }, el("h3", {}, say("视频", "Video")), shown ? shown.node : fold(card.layer, card.key)) };
    }
    one.wake?.();
    return one.node;
  }

  /* In a dialog, from a row of a list. */
  function dialog(title, layer, key) {
    const mine = view(layer, key);
    window.OneMap.admin.dialog(title, el("div", { class: "adm-form" }, mine.node));
    mine.go();
  }

  window.OneMap.footage = { view, fold, section, dialog };
})();
