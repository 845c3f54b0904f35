/* What a team tells without a network: kept on this device in the order it was told, each under a key of its own, sent when the network is back. */
(function () {
  "use strict";
  const { base, time } = window.OneMap;
  const { box, key, passing, sender } = window.OneMap.unsent;
  const AGAIN = 15000, TRACK = 400;
  const kept = box("onemap_field", 1, (db) => { db.createObjectStore("unsent", { keyPath: "n", autoIncrement: true }); db.createObjectStore("track", { keyPath: "n", autoIncrement: true }); db.createObjectStore("seen", { keyPath: "id" }); });
  const device = () => new Date().toISOString();

  async function send(entry) {
    const body = { ...entry.body, command: entry.key, at: entry.at, sent_at: device() };
    const answer = entry.blob
      ? await fetch(`${base}api/field/photo?${new URLSearchParams(Object.entries(body).filter(([, value]) => value !== null && value !== undefined))}`, { method: "POST", credentials: "same-origin", body: entry.blob })
      : await fetch(`${base}api/field/${entry.path}`, { method: "POST", credentials: "same-origin", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw window.OneMap.refusal(answer.status, await answer.json().catch(() => ({})));
    return answer.json();
  }

  /* `shown` hears whenever what waits has changed, `told` of the answer to what arrived. */
  function start(account, shown, told) {
    const sending = sender({
      name: "onemap_field", again: AGAIN, work, shown: tell,
      failed: (fault) => { if (!sending.lost()) sending.missed(); if (fault.status === 401) window.OneMap.ended(); },
    }), { go } = sending;
    const mine = async () => (await kept.all("unsent").catch(() => [])).filter((entry) => entry.account === account);

    async function tell() { shown(await mine(), sending.lost()); }

    /* The next goes only when the one before has arrived: what is told in order stands in order. */
    async function work() {
      for (;;) {
        const entry = (await mine()).find((one) => !one.fault);
        if (!entry) break;
        try { const answer = await send(entry); sending.reached(); await kept.drop("unsent", entry.n); await told(answer, entry); }
        catch (fault) {
          if (passing(fault) || fault.status === 401) { sending.missed(); throw fault; }
          await kept.mark("unsent", entry.n, { fault: fault.message });
        }
        await tell();
      }
      const track = (await kept.all("track").catch(() => [])).filter((one) => one.account === account).slice(0, TRACK);
      if (!track.length) return;
      const answer = await fetch(`${base}api/field/position`, { method: "POST", credentials: "same-origin", headers: { "content-type": "application/json" }, body: JSON.stringify({ sent_at: device(), points: track.map(({ at, lon, lat, accuracy }) => ({ at, lon, lat, accuracy })) }) });
      if (answer.ok || answer.status === 400) await kept.drop("track", ...track.map((one) => one.n));
      if (!answer.ok) return;
      sending.reached();
      if (track.length === TRACK) sending.more();
    }

    async function file(path, body, blob) {
      await kept.put("unsent", { key: key(), account, path, body, blob: blob || null, at: device(), shown_at: time.now().toISOString(), fault: "" });
      await tell();
      go();
    }
    async function position(lon, lat, accuracy) { await kept.put("track", { account, at: device(), lon, lat, accuracy }); go(); }

    go();
    return {
      file, position, go, again: async (entry) => { await kept.mark("unsent", entry.n, { fault: "" }); go(); }, give: async (entry) => { await kept.drop("unsent", entry.n); tell(); },
      keep: (answer) => kept.put("seen", { id: `${account}${answer.exercise ? "/exercise" : ""}`, answer, at: device() }).catch(() => {}),
      seen: async (exercise) => (await kept.all("seen").catch(() => [])).find((one) => one.id === `${account}${exercise ? "/exercise" : ""}`),
      lost: sending.lost,
    };
  }

  /* What was read goes with the signing out; what waits stays with the account that told it. */
  const forget = () => kept.clear("seen").catch(() => {});

  window.OneMap.fieldQueue = { start, forget };
})();
