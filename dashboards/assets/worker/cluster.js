/* One supercluster index per layer, off the main thread; counts of the four grades are reduced up the tree. */
"use strict";
importScripts("../vendor/supercluster-9.1.0.min.js");

const indexes = new Map();

function tally(grade) {
  const counts = [0, 0, 0, 0, 0];
  counts[grade] = 1;
  return { n: counts };
}

function add(into, from) {
  const sum = into.n.slice();
  for (let g = 0; g < 5; g++) sum[g] += from.n[g];
  into.n = sum;
}

function load({ layer, radius, maxZoom, lon, lat, grade, rows }) {
  const index = new Supercluster({ radius, maxZoom, extent: 256, minPoints: 2, map: (p) => tally(p.g), reduce: add });
  const total = rows ? rows.length : lon.length;
  const points = new Array(total);
  for (let i = 0; i < total; i++) {
    const row = rows ? rows[i] : i;
    points[i] = { type: "Feature", properties: { i: row, g: grade[row] }, geometry: { type: "Point", coordinates: [lon[row], lat[row]] } };
  }
  index.load(points);
  indexes.set(layer, index);
  return { layer, total };
}

/* Flat answers: [lon, lat, count, id, n0..n4] for a cluster, count 1 and id = row for a single point. */
function view({ layers, bounds, zoom }) {
  const out = {};
  for (const layer of layers) {
    const index = indexes.get(layer);
    if (!index) continue;
    const found = index.getClusters(bounds, zoom);
    const flat = new Float64Array(found.length * 9);
    found.forEach((f, k) => {
      const at = k * 9, p = f.properties;
      flat[at] = f.geometry.coordinates[0];
      flat[at + 1] = f.geometry.coordinates[1];
      flat[at + 2] = p.cluster ? p.point_count : 1;
      flat[at + 3] = p.cluster ? p.cluster_id : p.i;
      if (p.cluster) for (let g = 0; g < 5; g++) flat[at + 4 + g] = p.n[g];
      else flat[at + 4 + p.g] = 1;
    });
    out[layer] = flat;
  }
  return out;
}

const jobs = {
  load,
  view,
  drop: ({ layer }) => indexes.delete(layer),
  expand: ({ layer, id }) => {
    try {
      return indexes.get(layer).getClusterExpansionZoom(id);
    } catch (gone) {
      return null;
    }
  },
  leaves: ({ layer, id, limit }) => {
    try {
      return indexes.get(layer).getLeaves(id, limit, 0).map((f) => f.properties.i);
    } catch (gone) {
      return [];
    }
  },
};

onmessage = (event) => {
  const { ticket, job, ...rest } = event.data;
  postMessage({ ticket, answer: jobs[job](rest) });
};
