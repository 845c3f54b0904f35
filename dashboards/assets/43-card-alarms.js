/* The card of a point says which alarm of it stands, and lets who may answer do so there. */
(function () {
  "use strict";
  const { base, el, glyph, say, post, tick, alarming, GRADES } = window.OneMap;
  const STATES = { raised: say("新", "New"), acknowledged: say("已接警", "Answered"), shelved: say("搁置", "Shelved") };

  const waits = (one) => (one.may === "receive" ? !one.received : one.may && one.state === "raised");

  /* Nothing where none stands; it comes when the answer does, for the card need not wait. */
  function section(card) {
    if (card.layer !== alarming.THEME) return null;
    const box = el("section", { "data-section": "alarms", hidden: true });
    fill(box, card.key).catch(() => { /* the rest of the card is there */ });
    return box;
  }

  async function fill(box, point) {
    const found = (await alarming.standing() || []).filter((one) => one.point.split("/")[0] === point).sort((a, b) => a.level - b.level);
    box.hidden = !found.length;
    box.replaceChildren(...(found.length ? [el("h3", {}, say("当前报警", "Alarms now"), el("span", { class: "t3" }, String(found.length))), el("ul", {}, found.map((one) => line(box, point, one)))] : []));
    tick();
  }

  function line(box, point, one) {
    const told = el("span", { class: "t3", role: "status" });
    const answer = el("button", { type: "button", class: "button primary", on: { click: async () => {
      answer.disabled = true;
      try { await post(`api/alarms/${one.code}/${one.may}`, { version: one.version }); }
      catch (fault) { told.textContent = fault.message; answer.disabled = false; if (fault.status !== 409) return; }
      alarming.again();
      fill(box, point);
    } } }, say("接警", "Answer"));
    const at = new Date(one.at).toISOString();
    return el("li", { class: "card-alarm" }, el("span", { class: "what" }, glyph(one.level), el("b", {}, GRADES[one.level].word), el("a", { class: "link", href: `${base}alarms?sel=${one.code}` }, one.title.slice(one.title.lastIndexOf(" ") + 1))),
      el("span", { class: "t3 nw" }, el("span", { "data-at": at }), `·${STATES[one.state] || one.state}`), waits(one) ? answer : null, window.OneMap.may("edit") ? el("a", { class: "link nw", href: `${base}duty?make=${encodeURIComponent(`alarms/${one.code}`)}` }, say("立为事件", "Make an incident")) : null, told);
  }

  window.OneMap.cardAlarms = { section };
})();
