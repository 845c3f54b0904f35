/* Open alarms as rows: decoded from columns, sorted worst first then newest, those of one cause merged into one. */
(function () {
  "use strict";
  const { say, time, get, GRADES } = window.OneMap;
  const AT_ONCE = 100;
  const WAITING = "raised";

  const world = { rows: new Map(), words: { state: {}, condition: {}, tier: {}, level: {} }, names: { enterprise: {}, area: {}, district: {} }, load: null, compounds: [], may: false, answers: false, at: null, longest: 28800 };

  function decode(columns) {
    const names = Object.keys(columns);
    return columns.code.map((_, n) => {
      const row = {};
      for (const name of names) { const column = columns[name]; row[name] = column.of ? column.of[column.at[n]] : column[n]; }
      return row;
    });
  }

  function learn(answer) {
    for (const kind of Object.keys(world.names)) Object.assign(world.names[kind], answer.names[kind]);
    world.may = answer.may_act;
    world.answers = !answer.may_act && answer.may_answer;
    world.at = answer.at;
  }

  /* Everything that is open. Answers the numbers that were not there before. */
  async function all() {
    const answer = await get("api/alarms"), was = new Set(world.rows.keys());
    learn(answer);
    Object.assign(world, { words: answer.words, load: answer.load, compounds: answer.compounds, longest: answer.shelve_longest });
    world.rows = new Map(decode(answer.columns).map((row) => [row.code, row]));
    return [...world.rows.keys()].filter((code) => !was.has(code));
  }

  /* Those that changed; what is no longer open goes. Answers what is new and what went. */
  async function some(codes) {
    const fresh = [], gone = [];
    for (let n = 0; n < codes.length; n += AT_ONCE) {
      const part = codes.slice(n, n + AT_ONCE), answer = await get(`api/alarms?codes=${part.map(encodeURIComponent).join(",")}`);
      learn(answer);
      const found = new Map(decode(answer.columns).map((row) => [row.code, row]));
      for (const code of part) {
        if (found.has(code)) { if (!world.rows.has(code)) fresh.push(code); world.rows.set(code, found.get(code)); }
        else if (world.rows.delete(code)) gone.push(code);
      }
    }
    return { fresh, gone };
  }

  const since = (row) => row.last_raised_at || row.raised_at;
  const before = (a, b) => a.level - b.level || since(b) - since(a) || (a.code < b.code ? -1 : 1);
  const STANDING = ["raised", "acknowledged", "shelved"];
  const stands = (row) => STANDING.includes(row.state);

  /* What waits for the reader: who is on duty acknowledges, an enterprise receives its own. */
  const waiting = (row) => (world.answers ? stands(row) && !row.received_at : row.state === WAITING);
  const unanswered = (row) => (world.answers ? !row.received_at && !["closed", "false"].includes(row.state) : waiting(row) || (row.state === "cleared" && !row.acknowledged_at));
  const owed = (row) => stands(row) && Boolean(row.received_at) && (!row.answered_at || late(row));
  const late = (row) => stands(row) && Boolean(row.answer_until) && row.answer_until <= time.now();

  /* Rows of one cause become one, under the worst of them that came first; `members` are all of it, itself included. */
  function merged(rows) {
    const groups = new Map();
    for (const row of rows) { const found = groups.get(row.group || row.code); if (found) found.push(row); else groups.set(row.group || row.code, [row]); }
    const heads = [];
    for (const [group, members] of groups) {
      members.sort((a, b) => a.level - b.level || Number(unanswered(b)) - Number(unanswered(a)) || Number(b.first_out) - Number(a.first_out) || before(a, b));
      heads.push({ id: group, row: members[0], members });
    }
    return heads.sort((a, b) => before(a.row, b.row));
  }

  const thin = "\u2009";
  const figure = (value) => (value === null || value === undefined ? "" : String(Math.round(value * 1000) / 1000));
  const unit = (name) => ({ Cel: "℃", m3: "m³", "kg/m3": "kg/m³" }[name] || name || "");
  const amount = (value, row) => { const u = unit(row.unit), words = figure(value); return words && u ? `${words}${u.startsWith("%") ? "" : thin}${u}` : words; };

  /* What it is called without the condition the engine writes behind it. */
  const object = (row) => (row.title.includes(" ") ? row.title.slice(0, row.title.lastIndexOf(" ")) : row.title);
  const limit = (row) => (row.limit === null ? "" : say(`限 ${amount(row.limit, row)}`, `limit ${amount(row.limit, row)}`));
  const what = (row) => [amount(row.value, row), world.words.condition[row.condition] || row.condition, limit(row)].filter(Boolean).join("·");
  const clock = (ms) => time.minute(new Date(ms));
  const stamp = (ms) => time.dated(new Date(ms), time.clock);

  /* How far an enterprise has come with it, in the words of who reads. */
  function firm(row) {
    if (row.answered_at) return late(row) ? say("答复已超时", "answer overdue") : say("企业已答复", "firm answered");
    return row.received_at ? say("企业已接警", "firm has it") : "";
  }

  function state(row) {
    if (world.answers && stands(row)) {
      if (!row.received_at) return { id: "new", words: say("新", "New") };
      return row.answered_at ? { id: "acknowledged", words: late(row) ? say("答复已超时", "Answer overdue") : say("已答复", "Answered") } : { id: "new", words: say("待答复", "To answer") };
    }
    if (row.state === "raised") return { id: "new", words: [say("新", "New"), firm(row)].filter(Boolean).join("·") };
    if (row.state === "acknowledged") return { id: "acknowledged", words: say(`已接警 ${who(row.acknowledged_by)}`, `${who(row.acknowledged_by)} has it`) };
    if (row.state === "shelved") return { id: "shelved", words: say(`搁置至 ${time.dated(new Date(row.shelved_until))}`, `Shelved to ${time.dated(new Date(row.shelved_until))}`) };
    if (row.state === "false") return { id: "false", words: row.cleared_at ? say("误报", "False") : say("误报·仍越限", "False, still beyond") };
    if (row.state === "closed") return { id: "closed", words: say("已关闭", "Closed") };
    return row.acknowledged_at ? { id: "cleared", words: say("已恢复", "Cleared") } : { id: "cleared-new", words: say("已恢复·未接警", "Cleared, unseen") };
  }

  const who = (name) => String(name || "").split(/[,，]/)[0];

  function age(ms) {
    const s = (time.now() - ms) / 1000;
    return s >= 86400 ? time.date(new Date(ms)).slice(5) : time.span(s);
  }

  /* mm:ss to the moment, or how long it is past. */
  function left(ms) {
    const s = Math.round((ms - time.now()) / 1000), a = Math.abs(s), two = (n) => String(n).padStart(2, "0");
    const words = a >= 3600 ? `${Math.floor(a / 3600)}:${two(Math.floor((a % 3600) / 60))}:${two(a % 60)}` : `${two(Math.floor(a / 60))}:${two(a % 60)}`;
    return { over: s < 0, words, seconds: s };
  }

  const TIERS = ["enterprise", "town", "district", "city"];

  /* Whom it goes to next and when: the clock of the reply. */
  function reply(row) {
    const told = world.words.tier[row.tier] || "";
    if (!waiting(row)) return null;
    if (row.held) return { told, next: "", left: null, share: 1, held: true };
    if (!row.due) return { told, next: "", left: null, share: 1 };
    const next = world.words.tier[TIERS[TIERS.indexOf(row.tier) + 1]] || "", begun = Math.max(since(row), row.shelved_until || 0);
    const rest = left(row.due);
    return { told, next, left: rest, share: rest.seconds * 1000 / Math.max(1, row.due - begun) };
  }

  const level = (row) => GRADES[row.level] || GRADES[0];

  window.OneMap.alarms = { world, all, some, merged, since, waiting, unanswered, owed, late, stands, object, what, amount, limit, state, who, age, left, reply, level, stamp, clock, unit, figure };
})();
