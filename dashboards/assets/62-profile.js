/* The profile: a page without a map, so it waits for its own layout to appear. */
(function () {
  "use strict";
  const { el } = window.OneMap;

  function start(screen) {
    const box = screen.querySelector("#profile-themes");
    for (const value of ["day", "night"]) {
      const choice = el("input", { type: "radio", name: "theme", value });
      choice.addEventListener("change", () => window.OneMap.office.choose(screen, value));
      box.append(el("label", {}, choice, box.dataset[value]));
    }
    window.OneMap.office.frame(screen);
    window.OneMap.messages.contacts(screen.querySelector("#profile-contacts-body"));
    window.OneMap.security.fill(screen.querySelector("#security")).then(() => { screen.dataset.ready = "1"; });
  }

  const page = new MutationObserver(() => {
    const screen = document.querySelector("[data-screen=profile]");
    if (!screen || screen.dataset.started) return;
    screen.dataset.started = "1";
    page.disconnect();
    start(screen);
  });
  page.observe(document.documentElement, { childList: true, subtree: true });
})();
