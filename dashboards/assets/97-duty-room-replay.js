/* The way from an incident on the desk to what was known of it, step by step from its first report. */
(function () {
  "use strict";
  const { base, el, say } = window.OneMap;
  window.OneMap.duty.section("replay", {
    panel: (one) => el("section", { class: "duty-replay" }, el("div", { class: "line" }, el("h3", {}, say("回放", "Replay")), el("span", { class: "t3" }, say("某时刻已知的情况，只读", "as known at a time, read-only")), el("span", { class: "sp" }), el("a", { class: "link", href: `${base}duty?incident=${encodeURIComponent(one.code)}&at=${encodeURIComponent(one.facts.reported_at)}` }, say("从接报回放", "From the first report")))),
  });
})();
