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

onmessage = async ({ data: { ticket, url } }) => {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) {
      const body = await answer.json().catch(() => ({}));
      postMessage({ ticket, refused: { status: answer.status, body } });
      return;
    }
    const { keys, lon, lat, grade, symbol, label, ...rest } = await answer.json();
    const order = sorted(keys);
    const packed = {
      ...rest, order, keys: texts(keys), labels: texts(label), lon: Float64Array.from(lon), lat: Float64Array.from(lat),
      grade: Uint8Array.from(grade), symbol: Uint8Array.from(symbol),
    };
    postMessage({ ticket, packed }, [order.buffer, packed.lon.buffer, packed.lat.buffer, packed.grade.buffer, packed.symbol.buffer, packed.keys.starts.buffer, packed.labels.starts.buffer]);
  } catch (fault) {
    postMessage({ ticket, broken: String(fault.message || fault) });
  }
};
