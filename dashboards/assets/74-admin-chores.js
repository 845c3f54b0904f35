/* The work that the server does by itself: what fails now, since when and of what, then what goes well. */
(function () {
  "use strict";
  const { el, say, time } = window.OneMap;
  const my = window.OneMap.admin;
  const { ask, button, chip, day } = my;

  function row(one) {
    const bad = one.state === "failing";
    const state = bad ? chip(say(`连续失败 ${one.failures} 次`, `Failed ${one.failures} times running`), "bad") : chip(say("正常", "Well"), "good");
    const done = one.done_at ? el("span", { "data-at": one.done_at }, time.age(one.done_at)) : el("span", { class: "t3" }, say("启动后未成功", "Not since the start"));
    const error = one.error ? el("span", { class: bad ? "" : "t3" }, bad ? one.error : `${day(one.failed_at)} ${one.error}`) : "";
    return { cells: [one.title, state, bad ? day(one.since) : "", done, error] };
  }

  my.tabs.chores = (box) => {
    const room = el("section", { class: "adm-card adm-chores", "aria-label": say("系统运行", "Running") });
    const list = () => my.room(room, () => ask("/chores"), draw);
    const draw = ({ chores }) => (chores.length ? my.table([say("工作", "Work"), say("状态", "State"), say("失败自", "Failing since"), say("上次成功", "Last done"), say("最近错误", "Last error")], chores.map(row)) : my.empty(say("启动后尚未执行", "Nothing was tried since the start")));
    box.append(el("div", { class: "adm-bar" }, el("p", { class: "t3" }, say("系统自动执行的工作，自本服务进程启动以来。失败的会自动重试，详情见服务器日志。", "Work the server does by itself, since this process was started. What fails is tried again; the server's log has the rest.")), el("span", { class: "sp" }), button(say("刷新", "Look again"), list)), room);
    list();
  };
})();
