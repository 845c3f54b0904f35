"""What workers tell, kept: each event a row with its picture in the same commit, its film when it is there."""

import json
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.video.standing import ANALYST, Standings
from core.clock import CHINA, Clock, iso
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE
from core.units import Second
from layers.catalogue import CAMERAS, VIOLATIONS
from layers.catalogue.sensing import Camera
from layers.catalogue.violations import Violation
from layers.filters import Compare, Op, every
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store
from store.query import Query
from video.grounding import Footing, Placed
from video.messages import Broken, Ended, Filmed, Message, Raised, Status
from video.rules.kinds import kinds
from video.rules.reasons import words
from video.suppression import suppressed

TRIES = 3


class Recorder:
    """Events of one service, from raised to ended."""

    def __init__(
        self, store: Store, cabinet: Cabinet, clock: Clock, *, monotonic: Callable[[], Second] = time.monotonic,
        states: Standings | None = None,
    ) -> None:  # fmt: skip
        self._states = states
        self._store, self._cabinet, self._clock, self._monotonic = store, cabinet, clock, monotonic
        self._standing: dict[tuple[str, str], str] = {}
        self._raised: dict[tuple[str, str, Second], str] = {}

    def take(self, message: Message) -> Violation | None:
        """Keep what was told; the row as it is now, None for what changes none."""
        if isinstance(message, Raised):
            return self._begun(message)
        if isinstance(message, Ended):
            return self._ended(message)
        if isinstance(message, Filmed):
            return self._filmed(message)
        if isinstance(message, Broken):
            self.settle([message.camera])
            return None
        assert isinstance(message, Status)
        if self._states is not None:
            self._states.told(message)
        return None

    def settle(self, cameras: Iterable[str]) -> int:
        """Events that went on when the analysis of these cameras broke off; nobody knows when they ended."""
        broken = 0
        for camera in cameras:
            where = every(Compare("camera", Op.EQ, camera), Compare("state", Op.EQ, "standing"))
            rows = self._store.read(
                VIOLATIONS, Query(where=where, fields=("code",), geometry=False), scope=SYSTEM_SCOPE
            )
            for code in rows["code"].to_pylist():
                self._over(code, "lost", None)
                broken += 1
            self._without_film(camera)
            if self._states is not None:
                self._states.unwatched([camera])
            self._standing = {key: code for key, code in self._standing.items() if key[0] != camera}
        return broken

    def _ended(self, told: Ended) -> Violation | None:
        """Forgotten once it is kept: what could not be kept is told again."""
        code = self._standing.get((told.camera, told.rule))
        if code is None:
            return None
        row = self._over(code, "lost", None) if told.lost else self._over(code, "over", self._moment(told.held))
        if self._states is not None:
            self._states.over(told.camera, code)
        del self._standing[told.camera, told.rule]
        return row

    def _begun(self, told: Raised) -> Violation | None:
        if self._false(told):
            return None
        camera = self._store.get(CAMERAS, told.camera, scope=SYSTEM_SCOPE).record
        assert isinstance(camera, Camera)
        raised_at, place = self._moment(told.at), told.place
        best = place.places[0] if place.places else None
        kind = kinds()[told.kind].title.zh
        record = Violation(
            code=f"SP{raised_at.astimezone(CHINA):%Y%m%d}-{secrets.token_hex(6)}", title=f"{camera.name} {kind}"[:200],
            kind=told.kind.value, camera=camera.code, enterprise=camera.enterprise, site=camera.site, rule=told.rule,
            zone=told.zone, began_at=self._moment(told.began), raised_at=raised_at, film="pending",
            geometry=camera.geometry if best is None else shapely.Point(best.lon, best.lat), placed=place.how,
            accuracy=None if best is None else best.radius,
            why=words(told.why)[:200], model=told.model[:120], beta=told.beta,
            boxes=tuple(" ".join(f"{one:.0f}" for one in box) for box in told.boxes), area=camera.area,
            sensitivity=max(VIOLATIONS.sensitivity, camera.sensitivity), source="视频分析",
        )  # fmt: skip
        edit = Put(layer=VIOLATIONS.id, record=record, expected=0)
        made = [(told.snapshot, f"{record.code}.jpg", "image/jpeg")]
        if best is not None:
            ground = json.dumps(ground_of(place, lambda at: iso(self._moment(at))), ensure_ascii=False).encode()
            made.append((ground, f"{record.code}.geojson", "application/geo+json"))
        try:
            with ExitStack() as drafts:
                files = [drafts.enter_context(self._cabinet.made(*one)) for one in made]
                self._cabinet.keep_with(
                    [edit], [(VIOLATIONS, record, files)], actor=ANALYST, reason=f"视频分析:{kind}", scope=SYSTEM_SCOPE
                )
        except OSError:  # no room for its picture: that somebody should look does not wait for that
            reason = f"视频分析:{kind}(画面未能保存)"
            self._store.commit([edit], actor=ANALYST, reason=reason, scope=SYSTEM_SCOPE)
        if self._states is not None:
            self._states.begun(told.camera, record.code)
        self._standing[told.camera, told.rule] = record.code
        self._raised[told.camera, told.rule, told.at] = record.code
        return record

    def _false(self, told: Raised) -> bool:
        """A person said of this kind, at this place of this camera, that it is nothing."""
        where = every(
            Compare("camera", Op.EQ, told.camera),
            Compare("kind", Op.EQ, told.kind.value),
            Compare("quiet", Op.EQ, True),
        )
        query = Query(where=where, fields=("boxes",), geometry=False)
        rows = self._store.read(VIOLATIONS, query, scope=SYSTEM_SCOPE)["boxes"].to_pylist()
        false = [[float(side) for side in box.split()] for boxes in rows for box in boxes]
        return suppressed(np.array(told.boxes, np.float32).reshape(-1, 4), np.array(false, np.float32).reshape(-1, 4))

    def _over(self, code: str, state: str, at: datetime | None) -> Violation:
        return self._changed(code, {"state": state, "ended_at": at}, "视频分析:事件结束")

    def _without_film(self, camera: str) -> None:
        """Films that nobody will make any more are said to be missing."""
        where = every(Compare("camera", Op.EQ, camera), Compare("film", Op.EQ, "pending"))
        rows = self._store.read(VIOLATIONS, Query(where=where, fields=("code",), geometry=False), scope=SYSTEM_SCOPE)
        for code in rows["code"].to_pylist():
            self._changed(code, {"film": "missing"}, "视频分析:录像缺失")
        self._raised = {key: code for key, code in self._raised.items() if key[0] != camera}

    def _changed(self, code: str, values: dict[str, object], reason: str, file: Path | None = None) -> Violation:
        """An event with other values, and with one more file; read anew when somebody judged it meanwhile."""
        for last in [False] * (TRIES - 1) + [True]:
            stored = self._store.get(VIOLATIONS, code, scope=SYSTEM_SCOPE)
            assert isinstance(stored.record, Violation)
            ended = values.get("ended_at")
            if isinstance(ended, datetime):  # the clock may have been set back meanwhile: nothing ends before it began
                values = values | {"ended_at": max(ended, stored.record.raised_at)}
            record = stored.record.model_copy(update=values)
            edit = Put(layer=VIOLATIONS.id, record=record, expected=stored.version)
            try:
                if file is None:
                    self._store.commit([edit], actor=ANALYST, reason=reason, scope=SYSTEM_SCOPE)
                    return record
                kind = file.suffix[1:]
                with self._cabinet.made(file.read_bytes(), f"{code}.{kind}", f"video/{kind}") as draft:
                    kept = [(VIOLATIONS, record, [draft])]
                    self._cabinet.keep_with([edit], kept, actor=ANALYST, reason=reason, scope=SYSTEM_SCOPE)
            except ConflictError:
                if last:
                    raise
                continue
            return record
        raise AssertionError

    def _filmed(self, told: Filmed) -> Violation | None:
        """The film bound to its event, and taken out of the folder where the worker left it."""
        code = self._raised.get((told.camera, told.rule, told.at))
        path = Path(told.path) if told.path else None
        row = None
        if code is not None:
            try:
                if path is not None:
                    row = self._changed(code, {"film": "kept"}, "视频分析:录像", path)
            except OSError:  # no room for it, or it went
                row = None
            row = row or self._changed(code, {"film": "missing"}, "视频分析:录像缺失")
            del self._raised[told.camera, told.rule, told.at]
        if path is not None:
            path.unlink(missing_ok=True)
        return row

    def _moment(self, at: Second) -> datetime:
        return self._clock() - timedelta(seconds=max(0.0, self._monotonic() - at))


def ground_of(place: Placed, moment: Callable[[Second], str]) -> dict[str, Any]:
    """What stood on the ground and the ways people came there, as GeoJSON in WGS 84, with radii of accuracy."""

    def told(seen: tuple[Footing, ...], shape: dict[str, Any]) -> dict[str, Any]:
        facts = {"at": [moment(one.at) for one in seen], "accuracy_m": [one.radius for one in seen]}
        return {"type": "Feature", "geometry": shape, "properties": facts}

    points = [told((one,), {"type": "Point", "coordinates": [one.lon, one.lat]}) for one in place.places]
    ways = [told(way, {"type": "LineString", "coordinates": [[one.lon, one.lat] for one in way]}) for way in place.ways]
    return {"type": "FeatureCollection", "features": points + ways}
