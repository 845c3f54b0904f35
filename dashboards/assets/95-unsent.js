/* What is told without a network: kept on this device and sent in its order once the network is back. Cases and the phones of teams share it. */
(function () {
  "use strict";
  const SOON = 1000;

  /* A database of this device, opened for one transaction and closed after it: the page may be closed at any moment. */
  function box(name, version, upgrade) {
    const opened = () => new Promise((done, failed) => {
      const asked = indexedDB.open(name, version);
      asked.onupgradeneeded = () => upgrade(asked.result);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    async function within(store, mode, run) {
      const db = await opened();
      try {
        return await new Promise((done, failed) => {
          const moved = db.transaction(store, mode), answer = run(moved.objectStore(store));
          moved.oncomplete = () => done(answer?.result);
          moved.onerror = moved.onabort = () => failed(moved.error);
        });
      } finally { db.close(); }
    }
    return {
      within,
      all: (store) => within(store, "readonly", (found) => found.getAll()),
      put: (store, row) => within(store, "readwrite", (found) => found.put(row)),
      drop: (store, ...keys) => within(store, "readwrite", (found) => { for (const one of keys) found.delete(one); }),
      clear: (store) => within(store, "readwrite", (found) => { found.clear(); }),
      /* Changed where it still waits: another window may have sent it in the meantime. */
      mark: (store, key, change) => within(store, "readwrite", (found) => {
        const asked = found.get(key);
        asked.onsuccess = () => { if (asked.result) found.put({ ...asked.result, ...change }); };
      }),
    };
  }

  /* By which the server knows what it has written already. */
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

  /* No answer at all: the network, not the server, refused. What passes is tried again, everything else is refused for good. */
  const unreached = (fault) => fault.status === undefined;
  const passing = (fault) => unreached(fault) || fault.status >= 500 || fault.status === 429;

  /* Windows of one device send one after another, where the browser can see to it. */
  const alone = (name, run) => (navigator.locks ? navigator.locks.request(name, run) : run());

  /* `work` sends what waits, one after another, and tells `reached` or `missed` how it went; asked for while it works it works once more. A browser may
     say that the network is back before it is, a server may be busy: what did not get through is soon tried again, ever later up to `again`. */
  function sender({ name, again, work, shown, failed }) {
    let busy = false, asked = false, lost = 0, timer = 0;
    function later() {
      clearTimeout(timer);
      timer = setTimeout(go, lost && navigator.onLine ? Math.min(again, SOON * 2 ** lost) : again);
    }
    async function go() {
      asked = true;
      if (busy) return;
      busy = true;
      try { while (asked) { asked = false; await alone(name, work); } }
      catch (fault) { if (!failed) throw fault; failed(fault); }
      finally { busy = false; later(); await shown(); }
    }
    window.addEventListener("online", () => { lost = 0; go(); });
    return { go, later, more: () => { asked = true; }, missed: () => { lost += 1; }, reached: () => { lost = 0; }, lost: () => lost > 0 };
  }

  window.OneMap.unsent = { box, key, unreached, passing, sender };
})();
