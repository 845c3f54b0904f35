/* What a team tells without a network: kept on this device in the order it was told, each under a key of its own, sent when the network is back. */
(function () {
  "use strict";
  const { base, say, time } = window.OneMap;
  const SOON = 1000, AGAIN = 15000, TRACK = 400;

  const opened = () => new Promise((done, failed) => {
    const asked = indexedDB.open("onemap_field", 1);
    asked.onupgradeneeded = () => { asked.result.createObjectStore("unsent", { keyPath: "n", autoIncrement: true }); asked.result.createObjectStore("track", { keyPath: "n", autoIncrement: true }); asked.result.createObjectStore("seen", { keyPath: "id" }); };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  async function within(name, mode, run) {
    const db = await opened();
    try {
      return await new Promise((done, failed) => {
        const moved = db.transaction(name, mode), answer = run(moved.objectStore(name));
        moved.oncomplete = () => done(answer?.result);
        moved.onerror = moved.onabort = () => failed(moved.error);
      });
    } finally { db.close(); }
  }
  const all = (name) => within(name, "readonly", (store) => store.getAll());
  const put = (name, row) => within(name, "readwrite", (store) => store.put(row));
  const drop = (name, ...keys) => within(name, "readwrite", (store) => { for (const key of keys) store.delete(key); });
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

  /* Windows of one device send one after another, where the browser can see to it. */
  const alone = (run) => (navigator.locks ? navigator.locks.request("onemap_field", run) : run());
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
    let busy = false, asked = false, lost = 0, timer = 0;
    const mine = async () => (await all("unsent").catch(() => [])).filter((entry) => entry.account === account);

    async function tell() { shown(await mine(), lost > 0); }

    /* The next goes only when the one before has arrived: what is told in order stands in order. */
    async function work() {
      for (;;) {
        const entry = (await mine()).find((one) => !one.fault);
        if (!entry) break;
        try { const answer = await send(entry); lost = 0; await drop("unsent", entry.n); await told(answer, entry); }
        catch (fault) {
          if (fault.status === undefined || fault.status >= 500 || fault.status === 429 || fault.status === 401) { lost += 1; throw fault; }
          await put("unsent", { ...entry, fault: fault.message });
        }
        await tell();
      }
      const track = (await all("track").catch(() => [])).filter((one) => one.account === account).slice(0, TRACK);
      if (!track.length) return;
      const answer = await fetch(`${base}api/field/position`, { method: "POST", credentials: "same-origin", headers: { "content-type": "application/json" }, body: JSON.stringify({ sent_at: device(), points: track.map(({ at, lon, lat, accuracy }) => ({ at, lon, lat, accuracy })) }) });
      if (answer.ok || answer.status === 400) await drop("track", ...track.map((one) => one.n));
      if (!answer.ok) return;
      lost = 0;
      if (track.length === TRACK) asked = true;
    }

    async function go() {
      asked = true;
      if (busy) return;
      busy = true;
      try { while (asked) { asked = false; await alone(work); } }
      catch (fault) { lost = Math.max(1, lost); if (fault.status === 401) location.href = `${base}signin?next=/field`; }
      finally { busy = false; clearTimeout(timer); timer = setTimeout(go, lost && navigator.onLine ? Math.min(AGAIN, SOON * 2 ** lost) : AGAIN); await tell(); }
    }

    async function file(path, body, blob) {
      await put("unsent", { key: key(), account, path, body, blob: blob || null, at: device(), shown_at: time.now().toISOString(), fault: "" });
      await tell();
      go();
    }
    async function position(lon, lat, accuracy) { await put("track", { account, at: device(), lon, lat, accuracy }); go(); }

    window.addEventListener("online", () => { lost = 0; go(); });
    go();
    return {
      file, position, go, again: async (entry) => { await put("unsent", { ...entry, fault: "" }); go(); }, give: async (entry) => { await drop("unsent", entry.n); tell(); },
      keep: (answer) => put("seen", { id: `${account}${answer.exercise ? "/exercise" : ""}`, answer, at: device() }).catch(() => {}),
      kept: async (exercise) => (await all("seen").catch(() => [])).find((one) => one.id === `${account}${exercise ? "/exercise" : ""}`),
      lost: () => lost > 0,
    };
  }

  /* What was read goes with the signing out; what waits stays with the account that told it. */
  const forget = () => within("seen", "readwrite", (store) => store.clear()).catch(() => {});

  window.OneMap.fieldQueue = { start, forget };
})();
