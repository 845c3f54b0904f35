/* Wind that somebody saw: a button any page may put beside its weather, and the form behind it. */
(function () {
  "use strict";
  const { el, say, post } = window.OneMap;
  const FROM = [[0, "北", "N"], [22.5, "北东北", "NNE"], [45, "东北", "NE"], [67.5, "东东北", "ENE"], [90, "东", "E"], [112.5, "东东南", "ESE"], [135, "东南", "SE"], [157.5, "南东南", "SSE"], [180, "南", "S"], [202.5, "南西南", "SSW"], [225, "西南", "SW"], [247.5, "西西南", "WSW"], [270, "西", "W"], [292.5, "西西北", "WNW"], [315, "西北", "NW"], [337.5, "北西北", "NNW"]];
  const round = (value) => Number(value.toFixed(5));

  /* `place` answers where ({lon, lat}); `done` is called once it is kept. */
  function open(place, done) {
    const { lon, lat } = place();
    const fields = [
      { type: "note", label: say("现场观察到的风，按您的姓名登记，到时自动作废；录错了在同一地点重新录入。", "The wind as seen on the spot, kept under your name; it lapses by itself. To correct it, enter it again for the same place.") },
      { name: "place", label: say("观测地点", "Place"), required: true, longest: 60, wide: true, hint: say("如“2 号码头东侧”", "such as “east of jetty 2”") },
      { name: "lon", label: say("经度", "Longitude"), type: "number", required: true, value: round(lon) },
      { name: "lat", label: say("纬度", "Latitude"), type: "number", required: true, value: round(lat) },
      { name: "wind_from", label: say("风从何方来", "Wind from"), required: true, options: [["", say("请选择", "Choose")], ...FROM.map(([degrees, zh, en]) => [String(degrees), `${say(zh, en)} ${degrees}°`])], value: "" },
      { name: "wind_speed", label: say("风速（m/s）", "Speed, m/s"), type: "number", required: true },
      { name: "at", label: say("观测时间", "Observed at"), type: "moment", hint: say("留空为现在", "Left empty: now") },
      { name: "minutes", label: say("有效时长（分钟）", "Valid for, minutes"), type: "number", hint: say("留空为 30 分钟", "Left empty: 30 minutes") },
    ];
    window.OneMap.admin.form(say("人工录入风", "Enter wind by hand"), fields, say("录入", "Enter"), async (given) => {
      await post("api/weather/manual", { ...given, wind_from: Number(given.wind_from) });
      done();
    });
  }

  const button = (place, done) => el("button", { type: "button", class: "wind-by-hand", title: say("人工录入风向风速", "Enter the wind by hand"), on: { click: () => open(place, done) } }, say("录入风", "Enter wind"));

  window.OneMap.manualWind = { open, button };
})();
