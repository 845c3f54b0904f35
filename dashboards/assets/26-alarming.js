/* The theme 实时监测: points wear the level of what is alarming now, never the rating of the year; one answer serves all who ask. */
(function () {
  "use strict";
  const { get } = window.OneMap;
  const THEME = "sensors";
  let asked = null;

  /* Open alarms that stand, newest answer; null where they are not open to the reader. */
  function standing() {
    asked = asked || get("api/alarms").then((answer) => {
      const { columns } = answer, word = (column, n) => (column.of ? column.of[column.at[n]] : column[n]);
      return columns.code.map((code, n) => ({ code, point: columns.point[n], level: columns.level[n], state: word(columns.state, n), lon: columns.lon[n], lat: columns.lat[n], title: columns.title[n], version: columns.version[n], at: columns.last_raised_at[n] || columns.raised_at[n], shelved: columns.shelved_until[n], may: answer.may_act ? "ack" : answer.may_answer ? "receive" : "", received: columns.received_at[n] })).filter((one) => !["cleared", "false"].includes(one.state));
    }).catch((fault) => { if (fault.status === 403) return null; asked = null; throw fault; });
    return asked;
  }

  const again = () => { asked = null; };

  /* Columns of the points with the worst level of each in place of what the register says. */
  async function laid(columns) {
    const alarms = await standing().catch(() => null), grade = new Uint8Array(columns.total);
    for (const one of alarms || []) {
      const n = columns.row(one.point.split("/")[0]);
      if (n >= 0 && (!grade[n] || one.level < grade[n])) grade[n] = one.level;
    }
    return graded(columns, grade);
  }

  /* The same rows under other grades; without any they have no colour. */
  const graded = (columns, grade) => Object.assign(Object.create(Object.getPrototypeOf(columns)), columns, { grade: grade || new Uint8Array(columns.total) });

  window.OneMap.alarming = { THEME, standing, again, laid, graded };
})();
