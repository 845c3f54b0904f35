/* What the planner's parts share: how numbers are said, which level is which, what an answer came to. */
(function () {
  "use strict";
  const { say, length, thousands } = window.OneMap;
  const SIDES = ["A", "B"], THIN = "\u2009";
  const COLOURS = ["#5D6C79", "#C5162E", "#E07A00", "#E0B100", "#1D5FD0"];
  const NAMES = { mass_rate: "kg/s" };

  const grade = (severity) => Math.min(Math.max(severity, 1), 4);
  const rounded = (value) => {
    const size = Math.abs(value);
    if (!Number.isFinite(value)) return "–";
    if (size >= 10000 || (size > 0 && size < 0.001)) return Number(value.toPrecision(3)).toExponential().replace("e+", "e");
    return String(Number(value.toPrecision(3)));
  };
  /* SI as people say it. */
  function said(value, unit) {
    if (value === null || value === undefined) return "–";
    if (unit === "m") return Math.abs(value) < 1 ? `${rounded(value)}${THIN}m` : length(value);
    if (unit === "K") return `${rounded(value - 273.15)}${THIN}℃`;
    if (unit === "Pa" && Math.abs(value) >= 1000) return `${rounded(value / 1000)}${THIN}kPa`;
    if (unit === "W/m2" && Math.abs(value) >= 1000) return `${rounded(value / 1000)}${THIN}kW/m²`;
    if (unit === "kg" && Math.abs(value) >= 10000) return `${rounded(value / 1000)}${THIN}t`;
    if (unit === "s" && Math.abs(value) >= 120) return `${rounded(value / 60)}${THIN}min`;
    if (unit === "1") return rounded(value);
    return `${rounded(value)}${THIN}${unit.replace("m2", "m²").replace("m3", "m³")}`;
  }
  const range = (low, high, unit) => {
    const plain = (v) => said(v, unit);
    if (high === null || high === undefined) return say(`不低于 ${plain(low)}`, `at least ${plain(low)}`);
    return say(`${plain(low)} 至 ${plain(high)}`, `${plain(low)} to ${plain(high)}`);
  };
  const people = (count) => thousands(Math.round(count));
  const cut = (zone) => zone.cut !== "none";
  const far = (zone) => (zone.reached ? (cut(zone) ? `≥${THIN}${length(zone.distance)}` : length(zone.distance)) : say("未达到", "not reached"));

  window.OneMap.plan = { SIDES, COLOURS, THIN, NAMES, grade, rounded, said, range, people, cut, far };
})();
