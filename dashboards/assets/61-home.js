/* The portal: every section asks for itself, says what failed, and is asked again when something changed. */
(function () {
  "use strict";
  const { base, el, say, get, post, may, time, live, points, gathered, thousands, glyph, icon } = window.OneMap;
  const SHOWN = 8, SOME = 4, LATER = 4, AGAIN = 300000;

  /* One section: grey lines, then what was found, or why not and a way to ask again. */
  function section(id, path, draw, from = path === "documents" ? "api" : "api/portal") {
    const body = () => document.getElementById(`${id}-body`);
    async function fill() {
      try {
        const answer = await get(`${from}/${path}`);
        draw(body(), document.getElementById(`${id}-more`), answer);
        const asof = document.getElementById("home-asof");
        if (asof) asof.textContent = say(`数据截至 ${time.clock(new Date(answer.at))}`, `Data as of ${time.clock(new Date(answer.at))}`);
      } catch (fault) {
        const again = el("button", { type: "button", class: "link", on: { click: fill } }, say("重读", "Read again"));
        body().replaceChildren(el("p", { class: "failed", role: "status" }, say(`读取失败，${fault.message} `, `Could not read: ${fault.message} `), again));
      }
    }
    return fill;
  }

  const none = (words) => el("p", { class: "empty" }, words);
  const href = (link) => base + link;

  function due(todo) {
    const words = todo.days === null ? say("即办", "now") : todo.days < 0 ? say(`逾期 ${-todo.days} 天`, `${-todo.days} d overdue`) : todo.days === 0 ? say("今天", "today") : say(`剩 ${todo.days} 天`, `${todo.days} d left`);
    const look = todo.days !== null && todo.days < 0 ? "r late" : todo.days === null || todo.days <= 3 ? "o" : todo.days <= 30 ? "" : "t2";
    return el("span", { class: `due nw ${look}`, title: todo.due || "" }, words);
  }

  function line(todo) {
    const doubt = todo.doubt ? el("span", { class: "doubtful", title: todo.basis }, say("未核实", "unverified")) : null;
    const parts = [due(todo), el("span", { class: "what el", title: todo.basis }, todo.title, doubt), el("span", { class: "about t2 el", title: todo.subject }, todo.subject), el("span", { class: "t3 nw system" }, todo.system)];
    return el("li", {}, todo.link ? el("a", { href: href(todo.link) }, parts) : el("button", { type: "button", on: { click: () => all(todo.id.split(":")[0], todo.title) } }, parts));
  }

  async function all(rule, title) {
    const box = el("ol", { class: "todos" }, el("li", { class: "empty" }, say("载入中", "Loading")));
    window.OneMap.office.read(title || say("全部待办", "All to-dos"), say("按时限排，逾期在前", "By deadline, overdue first"), box);
    try {
      const { todos } = await get("api/portal/todos?all=1");
      const wanted = todos.filter((todo) => !rule || todo.id.split(":")[0] === rule);
      box.replaceChildren(...(wanted.length ? wanted.map(line) : [none(say("没有待办", "Nothing to do"))]));
    } catch (fault) { box.replaceChildren(el("li", { class: "failed" }, say(`读取失败，${fault.message}`, `Could not read: ${fault.message}`))); }
  }

  function todos(body, more, answer) {
    const found = answer.todos, late = found.filter((todo) => todo.days !== null && todo.days < 0).length, today = found.filter((todo) => todo.days === null || todo.days === 0).length;
    document.querySelector("#home-todos h2").textContent = found.length ? say(`待办 ${found.length}`, `To do ${found.length}`) : say("待办", "To do");
    more.textContent = found.length ? say(`逾期 ${late}·今天 ${today}·按时限排`, `${late} overdue · ${today} today · by deadline`) : "";
    if (!found.length) return body.replaceChildren(none(say("没有到期、逾期或须即办的事项", "Nothing is due, overdue or to be done at once")));
    const shown = SHOWN + Math.max(0, Math.floor((window.innerHeight - 940) / 37)), rest = found.length - shown;
    const foot = el("footer", {}, el("span", {}, rest > 0 ? say(`另有 ${rest} 项`, `${rest} more`) : ""), el("button", { type: "button", class: "link", on: { click: () => all() } }, say("全部待办", "All to-dos")));
    body.replaceChildren(el("ol", { class: "todos" }, found.slice(0, shown).map(line)), foot);
  }

  /* Who is on duty at one's own posts and those above; nothing where the roster is kept from the reader. */
  function onDuty(posts) {
    if (posts === null) return [];
    const person = (one) => el("span", { title: one.person }, el("small", { class: "t3" }, `${one.role_word} `), one.name), all = may("map") ? el("a", { class: "link", href: href("roster") }, say("值班表", "Roster")) : null;
    const until = (post) => time.minute(new Date(post.people.map((one) => one.until).sort()[0]));
    const rows = posts.slice(0, 2).map((post) => el("li", {}, el("b", {}, post.post), post.people.map(person), el("small", { class: "t3 nw" }, say(`至 ${until(post)}`, `until ${until(post)}`))));
    const rest = posts.length > 2 ? el("small", { class: "t3" }, say(`另有 ${posts.length - 2} 个岗位在岗`, `${posts.length - 2} more posts`)) : null;
    return [el("div", { class: "home-duty" }, el("p", {}, el("span", { class: "t2" }, say("此刻值班", "On duty now")), rest, all), posts.length ? el("ul", {}, rows) : none(say("值班表上此刻没有人", "Nobody is on the roster now")))];
  }

  function today(body, more, answer) {
    const now = time.now();
    more.textContent = `${time.date(now).slice(5)} ${time.day(now)}`;
    /* Beside one's own state where there is room for it, else above the day. */
    const duty = onDuty(answer.on_duty), beside = window.matchMedia("(min-width:1700px)").matches;
    document.getElementById("home-duty")?.replaceChildren(...(beside ? duty : []));
    const above = beside ? [] : duty;
    if (answer.entries === null) return body.replaceChildren(...above, none(say("日程对您不开放", "The calendar is not open to you")));
    const here = (entry) => time.date(new Date(entry.starts)) === time.date(now), next = answer.entries.filter((entry) => !here(entry));
    const row = (entry) => {
      const starts = new Date(entry.starts), ends = entry.ends && new Date(entry.ends), over = (ends || starts) < now, on = !over && starts <= now;
      const state = over ? say("已结束", "over") : on ? say("进行中", "now") : entry.place || entry.people;
      return el("li", { class: over ? "over" : on ? "on" : "" }, el("span", { class: "hour" }, here(entry) ? "" : el("span", { class: "t3" }, `${time.date(starts).slice(5)} `), time.minute(starts)), el("span", { class: "what el", title: [entry.place, entry.people].filter(Boolean).join("，") }, entry.title), el("span", { class: "t3 el about" }, state));
    };
    const own = answer.entries.filter(here);
    body.replaceChildren(...above, own.length ? el("ol", { class: "day" }, own.map(row)) : none(say("今天没有登记的日程", "Nothing is entered for today")),
      ...(next.length ? [el("div", { class: "later" }, el("h3", {}, say("接下来", "Next")), el("ol", { class: "day" }, next.slice(0, LATER).map(row)))] : []));
  }

  function entries(body, more, answer) {
    more.textContent = say(`全部 ${answer.entries.length} 个`, `${answer.entries.length} in all`);
    body.replaceChildren(...answer.entries.map((entry) => {
      const words = el("span", { class: "words" }, el("b", { class: "el" }, entry.title), el("small", { class: "t3 el" }, entry.href ? null : window.OneMap.office.picture("lock", 13), entry.line));
      const parts = [el("span", { class: "face" }, window.OneMap.office.picture(entry.id)), words];
      return entry.href ? el("a", { class: "entry", href: href(entry.href), "data-entry": entry.id }, parts) : el("span", { class: "entry locked", "data-entry": entry.id, "aria-disabled": "true" }, parts);
    }));
  }

  function when(iso) {
    const moment = new Date(iso), days = Math.round((new Date(time.date(time.now())) - new Date(time.date(moment))) / 86400e3);
    return days === 0 ? time.minute(moment) : days === 1 ? say("昨日", "yesterday") : time.date(moment).slice(5);
  }

  function notices() {
    const publish = () => (may("publish-notices") ? el("a", { href: href("notices") }, say("发布", "Publish")) : null);
    return (body, more, answer) => {
      const draw = () => {
        const unread = answer.notices.filter((one) => one.unread).length;
        more.replaceChildren(...[answer.notices.length ? el("span", { id: "home-notices-unread" }, unread ? say(`未读 ${unread}`, `${unread} unread`) : say("均已读", "all read")) : null, publish()].filter(Boolean));
        if (!answer.notices.length) return body.replaceChildren(none(say("没有发给您的通知", "No notices for you")));
        const row = (one) => el("li", { class: one.unread ? "unread" : "" }, el("button", { type: "button", on: { click: () => open(one) } }, el("i", { class: "dot" }, one.unread ? el("span", { class: "sr" }, say("未读", "unread")) : null), el("span", { class: "el what" }, one.pinned ? el("span", { class: "pin" }, say("置顶", "Pinned")) : null, one.title), el("span", { class: "t3 nw" }, when(one.at))));
        const foot = answer.notices.length > SOME ? [el("footer", {}, el("span", {}, say(`另有 ${answer.notices.length - SOME} 条`, `${answer.notices.length - SOME} more`)), el("button", { type: "button", class: "link", on: { click: () => window.OneMap.office.read(say("通知", "Notices"), "", el("ol", { class: "notices" }, answer.notices.map(row))) } }, say("全部通知", "All notices")))] : [];
        body.replaceChildren(el("ol", { class: "notices" }, answer.notices.slice(0, SOME).map(row)), ...foot);
      };
      const open = (one) => {
        if (one.unread) post("api/portal/notices/read", { code: one.code }).then(() => { one.unread = false; draw(); }).catch(() => { /* it stays unread */ });
        window.OneMap.office.read(one.title, `${one.kind} · ${one.issued_by} · ${time.date(new Date(one.at))} ${time.minute(new Date(one.at))}`, ...one.body.split("\n").map((part) => el("p", {}, part)));
      };
      draw();
    };
  }

  function ground(map) {
    const canvas = new points.Points({ scale: 0.62, pad: 0.1, interactive: false, theme: () => window.OneMap.office.theme() });
    const tiles = Object.values(map._layers).find((layer) => layer instanceof L.TileLayer);
    const lay = (look) => { tiles.setUrl(tiles._url.replace(/\/base\/(day|night)\//, `/base/${look}/`)); canvas.repaint(); };
    window.OneMap.office.onDress(lay);
    lay(window.OneMap.office.theme());
    map.getContainer().setAttribute("aria-label", say("辖区地图，单击打开大图", "Map of the area; click to open it"));
    const link = document.getElementById("home-map-open");
    if (link) map.on("click", () => { location.href = link.href; });
    let drawn = false;
    return async (body, more, answer) => {
      const [west, south, east, north] = answer.frame || [121.4, 32.9, 122.3, 33.5];
      map.invalidateSize(false);
      map.fitBounds([[south, west], [north, east]], { animate: false, padding: [6, 6] });
      const centre = map.getCenter();
      if (link) link.href = `${base}map?c=${centre.lng.toFixed(5)},${centre.lat.toFixed(5)}&z=${map.getZoom()}`;
      more.textContent = answer.word;
      const rows = answer.rows.map((row) => el("li", {}, el(link ? "a" : "div", { class: "row", href: link && href(`map?theme=${row.grades.length ? row.layer : "none"}&layers=${row.layer}&table=${row.layer}`) }, el("span", {}, row.title), el("b", {}, thousands(row.count)), el("span", { class: "grades" }, row.grades.map((n, k) => (n ? el("span", {}, glyph(k + 1), row.words[k], el("b", {}, thousands(n))) : null))))));
      body.replaceChildren(rows.length ? el("ul", { class: "ground" }, rows) : none(say("没有对您开放的数据", "No data are open to you")));
      const firms = answer.rows.find((row) => row.layer === "enterprises");
      if (!firms || !may("map")) return;
      const columns = await points.columns("enterprises", "");
      if (!drawn) canvas.addTo(map);
      drawn = true;
      await canvas.put("enterprises", columns, { graded: true, symbol: "ent-trade", badged: false, symbolZoom: 15, labelZoom: 15 });
    };
  }

  function state(screen) {
    const body = document.getElementById("home-state-body");
    const pair = (name, words) => el("span", {}, el("span", { class: "t3" }, name), " ", words);
    body.replaceChildren(...[el("p", { class: "pairs" }, pair(say("岗位", "Post"), el("span", { id: "home-post" }, screen.dataset.role)), pair(say("辖区", "Area"), screen.dataset.area)), may("live") ? el("p", { class: "t3", "data-link-age": "1" }) : null, el("div", { id: "home-duty" })].filter(Boolean));
    document.getElementById("home-state-more").replaceChildren(icon("clock", 15), el("span", { "data-clock": "1" }));
  }

  /* The post acted under, by its title and until when. */
  function held(me) {
    const one = (me.posts || []).find((post) => post.this);
    if (one) document.getElementById("home-post").textContent = one.until ? say(`${one.title}，至 ${one.until.slice(0, 10)}`, `${one.title}, until ${one.until.slice(0, 10)}`) : one.title;
  }

  async function start(map, screen) {
    window.OneMap.office.frame(screen);
    state(screen);
    const sections = {
      todos: section("home-todos", "todos", todos),
      today: section("home-today", "today", today),
      entries: section("home-entries", "entries", entries),
      notices: section("home-notices", "notices", notices()),
      documents: section("home-documents", "documents", window.OneMap.documents.draw),
      place: section("home-place", "place", ground(map)),
    };
    if (may("live")) live.open();
    window.OneMap.office.account(screen).then(held).catch(() => { /* the role's word stays */ });
    await Promise.all(Object.values(sections).map((fill) => fill()));
    const all = gathered(() => Promise.all(Object.values(sections).map((fill) => fill())), 1500);
    live.onChanges(all);
    live.onState((now, was) => { if (now === "open" && was === "lost") all(); });
    setInterval(all, AGAIN);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) sections.notices(); }); // what another browser of the same person read
    document.fonts.load('700 20px "Noto Sans SC"').then(() => map.fire("moveend"));
    const asked = new URLSearchParams(location.search).get("document");
    if (asked) window.OneMap.documents.open(asked, sections.documents);
    screen.dataset.ready = "1";
  }

  window.OneMap.startHome = start;
})();
