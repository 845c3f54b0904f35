/* Who is signed in, in which language, and the way out: in the bar of the desk, at the end of the phone's sheet. */
(function () {
  "use strict";
  const { base, el, english, may } = window.OneMap;
  const { address } = window.OneMap.state;
  const say = window.OneMap.say;

  function language() {
    const [word, code, tag] = english ? ["中文", "zh", "zh-CN"] : ["English", "en", "en"];
    return el("a", { href: `?lang=${code}`, class: "language", lang: tag, hreflang: tag }, word);
  }
  /* The other language is asked for by the address of the page as it stands, so that what is open, the step, view and filters are kept; on every page. */
  function kept(event) {
    const link = event.target.closest?.("a[hreflang]"), code = /[?&]lang=(\w+)/.exec(link?.getAttribute("href") || "")?.[1];
    if (!code) return;
    const asked = new URLSearchParams(document.querySelector("[data-screen=map]") ? address().split("?")[1] : location.search);
    asked.set("lang", code);
    link.href = `${location.pathname}?${asked.toString().replace(/%2C/g, ",").replace(/%3A/g, ":")}${location.hash}`;
  }
  for (const name of ["pointerdown", "click"]) document.addEventListener(name, kept, true);

  function parts(name) {
    const out = el("form", { method: "post", action: `${base}signout` }, el("button", { type: "submit", class: "link" }, say("退出", "Sign out")));
    return [language(), el("span", { class: "el", title: name }, name), out];
  }

  const foot = () => el("footer", { class: "phone-foot" }, may("hall") ? el("a", { href: `${base}hall` }, say("大厅", "Hall")) : null, ...parts(document.getElementById("map-account").dataset.name));

  window.OneMap.account = { parts, foot };
})();
