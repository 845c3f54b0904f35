/* Leaflet tells when its map exists; the page around it decides which screen starts. */
(function () {
  "use strict";
  L.Map.addInitHook(function () {
    (window.__maps = window.__maps || []).push(this);
    const map = this;
    if (map.options.aside) return; // a map that a screen draws beside its own
    const wait = () => {
      const screen = map.getContainer().closest("[data-screen]");
      if (!screen || !map._loaded) return setTimeout(wait, 30);
      const start = { hall: window.OneMap.startHall, home: window.OneMap.startHome, planner: window.OneMap.startPlanner, alarms: window.OneMap.startAlarms, risk: window.OneMap.startRisk, warnings: window.OneMap.startWarnings, roster: window.OneMap.startRoster, duty: window.OneMap.startDuty, rules: window.OneMap.startRules, zones: window.OneMap.startZones, cases: window.OneMap.startCases, enterprise: window.OneMap.startEnterprise, violations: window.OneMap.startViolations }[screen.dataset.screen] || window.OneMap.startMap;
      start(map, screen).catch((fault) => console.error(fault));
    };
    setTimeout(wait, 0);
  });
})();
