/* Reads the columns of one layer off the main thread and hands them over packed: numbers as arrays, texts as one string cut by offsets. */
"use strict";

function texts(list) {
  const starts = new Uint32Array(list.length + 1);
  let at = 0;
  for (let row = 0; row < list.length; row++) {
    if (typeof list[row] !== "string") list[row] = list[row] === null ? "" : String(list[row]);
    starts[row] = at;
    at += list[row].length;
  }
  starts[list.length] = at;
  return { all: list.join(""), starts };
}

/* Rows in the order of their keys, for looking one up without a map of them all. */
function sorted(keys) {
  const order = Uint32Array.from(keys, (_, row) => row);
  return order.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0));
}

/* All columns of a layer. */
function columns({ keys, lon, lat, grade, symbol, label, ...rest }) {
  const order = sorted(keys);
  const packed = {
    ...rest, order, keys: texts(keys), labels: texts(label), lon: Float64Array.from(lon), lat: Float64Array.from(lat),
    grade: Uint8Array.from(grade), symbol: Uint8Array.from(symbol),
  };
  return [{ packed }, [order.buffer, packed.lon.buffer, packed.lat.buffer, packed.grade.buffer, packed.symbol.buffer, packed.keys.starts.buffer, packed.labels.starts.buffer]];
}

/* For each row of these keys: 1 + the place of the list that names it, 0 where none does. */
function listed(lists, { all, starts }) {
  const of = new Uint8Array(starts.length - 1), sets = lists.map((list) => new Set(list));
  for (let row = 0; row < of.length; row++) {
    const key = all.slice(starts[row], starts[row + 1]);
    of[row] = 1 + sets.findIndex((set) => set.has(key));
  }
  return [{ listed: of }, [of.buffer]];
}

/* Either the columns at an address, or which rows of `keys` the lists named there hold. */
onmessage = async ({ data: { ticket, url, keys, lists } }) => {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) {
      const body = await answer.json().catch(() => ({}));
      postMessage({ ticket, refused: { status: answer.status, body } });
      return;
    }
    const found = await answer.json();
    const [told, moved] = keys ? listed(lists.map((name) => found[name]), keys) : columns(found);
    postMessage({ ticket, ...told }, moved);
  } catch (fault) {
    postMessage({ ticket, broken: String(fault.message || fault) });
  }
};
