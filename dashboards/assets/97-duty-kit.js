/* Rooms of the duty desk: what stands under each of the seven steps, and sections beside them, registered by files of their own.

   A room may have: figure(one) -> [figure, line, state] on the strip; panel(one, tools) -> node at the side; map(one, group, tools) draws;
   opened(one, tools) hears which incident is open (null: none); layers and changed(keys, one, tools) hear what was written;
   keys [[key, words, (one, tools) => {}]]; before(step, one) -> sentences told in the form of a step of its life. Registered again it keeps what the second does not say. */
(function () {
  "use strict";
  const duty = (window.OneMap.duty = window.OneMap.duty || {});
  const rooms = new Map(), sections = new Map();
  const kept = (where, name, room) => where.set(name, { ...where.get(name), ...room });
  const all = () => [...rooms.values(), ...sections.values()];

  const keys = () => all().flatMap((room) => room.keys || []);

  /* Rooms that look at one of these layers, each with the keys of rows written in them. */
  function heard(changes) {
    return all().flatMap((room) => {
      const found = (room.layers || []).filter((layer) => changes.has(layer));
      return found.length ? [[room, found.flatMap((layer) => [...changes.get(layer).keys])]] : [];
    });
  }

  Object.assign(duty, { room: (step, room) => kept(rooms, step, room), section: (name, room) => kept(sections, name, room), rooms, sections, all, keys, heard });
})();
