"""`/api/cameras/rules`: zones, rules and calibration of a camera, checked while they are drawn and kept as versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, only, words
from app.doors.bodies import asked, posted
from app.video.setups import keep_setup, setup_in_force
from core.caller import Caller
from core.clock import iso
from core.errors import BadInputError, Fault, FaultsError, ForbiddenError, NotFoundError
from core.texts import Lang, Text
from layers.catalogue import CAMERA_RULES, CAMERAS, VIOLATIONS
from layers.catalogue.sensing import Camera
from layers.codes import Status, code_list
from layers.filters import Compare, Op
from store.attachments import Cabinet
from store.protocol import Store
from store.query import Order, Query
from video.detectors.manifests import lacking
from video.geometry.ground import Fit, GroundPlane
from video.geometry.outlines import on_ground
from video.live import Gallery
from video.rules.kinds import MISSING, Needs, kinds
from video.rules.rule import Kind
from video.setup import Setup, Written, calibration, drawn_zones, setup_of, written_of
from video.thresholds import thresholds
from video.zones import Zone

LONGEST_CODE, LONGEST_REASON = 60, 200
MOST = 1_000_000_000
EVENTS = 3
"""Latest events whose picture may stand for the camera's where there is no live one."""

SHOWN = ("people.least", "ground.worst", "ground.click", "ground.foot", "ground.vague", "zones.slack")
"""Thresholds a person who draws must know."""

COUNTED = frozenset({Kind.ABSENCE, Kind.CROWDING})
"""Kinds for which a number of people is said."""

DETECTED = frozenset({Needs.PEOPLE, Needs.EQUIPMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraRuleDesk:
    """The rules of cameras as one caller meets them; `live` is what cameras show now."""

    store: Store
    cabinet: Cabinet
    live: Gallery
    models: Path

    def row(self, caller: Caller, given: Given) -> Given:
        """GET ?camera=: what it is watched by, every version, the pictures there are, and what rules may say."""
        only(given, "camera")
        camera = self._camera(words(given, "camera", longest=LONGEST_CODE), caller)
        version, setup = setup_in_force(self.store, camera.code, caller.scope)
        told = self.live.told(camera.code)
        overlay = None if told is None else told.overlay
        middle = None if camera.geometry is None else camera.geometry.centroid
        return {
            "camera": {
                "code": camera.code, "name": camera.name, "kind": camera.kind, "watches": camera.watches,
                "lon": None if middle is None else middle.x, "lat": None if middle is None else middle.y,
            },
            "version": version, "setup": {} if setup is None else setup.written.plain(),
            "drawn": _nothing() if setup is None else _drawn(setup.written, setup.zones, setup.fit),
            "history": self._history(camera.code, caller), "pictures": self._pictures(camera.code, caller),
            "frame": None if overlay is None else overlay.size, "may_write": may_write(caller),
            **_words(lacking(self.models), caller.lang),
        }  # fmt: skip

    def preview(self, caller: Caller, given: Given) -> Given:
        """POST /preview: what is wrong with what somebody draws, how the pairs fit, where zones lie."""
        only(given, "camera", "setup")
        self._camera(words(given, "camera", longest=LONGEST_CODE), caller)
        faults: list[Fault] = []
        try:
            setup_of(_setup(given))
        except FaultsError as error:
            faults = list(error.faults)
        try:
            written = written_of(_setup(given))
        except FaultsError:
            return {"faults": _told(faults, caller.lang), "drawn": _nothing()}
        fit = calibration(written, [])
        return {"faults": _told(faults, caller.lang), "drawn": _drawn(written, drawn_zones(written, fit, []), fit)}

    def save(self, caller: Caller, given: Given) -> Given:
        """POST /: the next version (0: the first); refused where another one came meanwhile."""
        only(given, "camera", "version", "reason", "setup")
        if not may_write(caller):
            raise ForbiddenError(Text("您的岗位不能修改视频规则", "your role may not change rules of cameras"))
        camera = self._camera(words(given, "camera", longest=LONGEST_CODE), caller)
        setup: Setup = setup_of(_setup(given))
        keep_setup(
            self.store, camera.code, setup, expected=number(given, "version", 0, MOST), actor=caller.actor,
            reason=words(given, "reason", longest=LONGEST_REASON), scope=caller.scope,
        )  # fmt: skip
        return self.row(caller, {"camera": camera.code})

    def _camera(self, code: str, caller: Caller) -> Camera:
        layer = self.store.catalogue.find(CAMERAS.id, caller.scope)
        if layer is None or not CAMERA_RULES.visible(caller.scope):
            raise NotFoundError(Text("没有这个视频点", "no such camera"), camera=code)
        record = self.store.get(layer, code, scope=caller.scope).record
        assert isinstance(record, Camera)
        return record

    def _pictures(self, code: str, caller: Caller) -> list[Given]:
        """Live first, then what was uploaded for it, then of its latest events."""
        found: list[Given] = []
        if (at := self.live.received(code)) is not None:
            found.append({"kind": "live", "href": "api/cameras/picture", "code": code, "at": iso(at)})
        layers = [(CAMERAS, code, "still")]
        events = self.store.catalogue.find(VIOLATIONS.id, caller.scope)
        if events is not None:
            query = Query(
                where=Compare("camera", Op.EQ, code), fields=("code",), geometry=False, limit=EVENTS,
                order=(Order("raised_at", descending=True),),
            )  # fmt: skip
            rows = self.store.read(events, query, scope=caller.scope)["code"].to_pylist()
            layers += [(events, one, "event") for one in rows]
        for layer, key, kind in layers:
            for file in reversed(self.cabinet.of(layer, key, scope=caller.scope)):
                if file.record.media_type in ("image/jpeg", "image/png") and file.path.is_file():
                    found.append({"kind": kind, "href": f"api/files/{file.record.id}", "of": key,
                                  "name": file.record.name})  # fmt: skip
                    break
        return found

    def _history(self, code: str, caller: Caller) -> list[Given]:
        """The versions, newest first."""
        steps: list[Given] = []
        for one in self.store.versions(CAMERA_RULES, code, scope=caller.scope):
            found = self.store.feed(
                after=one.from_seq - 1, scope=caller.scope, layers=frozenset({CAMERA_RULES.id}), limit=1
            )
            entry = found[0] if found and found[0].seq == one.from_seq else None
            steps.append(
                {
                    "version": one.version, "at": None if entry is None else iso(entry.at),
                    "actor": "" if entry is None else entry.actor, "reason": "" if entry is None else entry.reason,
                }
            )  # fmt: skip
        return steps[::-1]


def may_write(caller: Caller) -> bool:
    """The caller may say what cameras are watched for."""
    return caller.scope.may_write(CAMERA_RULES.id) and caller.scope.enterprises is None


def camera_rule_routes(desk: CameraRuleDesk) -> list[BaseRoute]:
    """The doors of the editor of zones and rules."""
    return [
        Route("/api/cameras/rules", asked(desk.row), methods=["GET"]),
        Route("/api/cameras/rules", posted(desk.save), methods=["POST"]),
        Route("/api/cameras/rules/preview", posted(desk.preview), methods=["POST"]),
    ]


def _setup(given: Given) -> Given:
    setup = given.get("setup")
    if not isinstance(setup, dict):
        raise BadInputError(
            Text("setup 应为区域、规则、标定", "setup must be zones, rules, calibration"), field="setup"
        )
    return setup


def _nothing() -> Given:
    return {"errors": [], "rms": None, "foretold": None, "horizon": None, "zones": {}}


def _drawn(written: Written, zones: Mapping[str, Zone], fit: Fit | None) -> Given:
    """How the pairs fit, in metres, where the horizon is, and each zone in the picture and on the ground."""
    plane: GroundPlane | None = None if fit is None else fit.plane
    clicked = np.array([(one.x, one.y) for one in written.calibration], float)
    told: Given = _nothing()
    if fit is not None and plane is not None:
        told["errors"] = [round(float(one), 2) if np.isfinite(one) else None for one in fit.errors]
        told["rms"] = None if plane.rms is None or not np.isfinite(plane.rms) else round(plane.rms, 2)
        told["foretold"] = (
            None if plane.foretold is None or not np.isfinite(plane.foretold) else round(plane.foretold, 2)
        )
        told["horizon"] = plane.horizon()
    for name, zone in zones.items():
        ground, cut = None, False
        if zone.places:
            ground = [[one.lon, one.lat] for one in zone.places]
        elif plane is not None:
            ground, cut = on_ground(plane, np.array(zone.corners, float), clicked)
        told["zones"][name] = {
            "picture": [[round(x, 1), round(y, 1)] for x, y in zone.corners], "ground": ground, "cut": cut,
        }  # fmt: skip
    return told


def _told(faults: list[Fault], lang: Lang) -> list[Given]:
    return [{"field": one.field, "value": one.value, "rule": one.rule.of(lang)} for one in faults]


def _words(missing: frozenset[Needs], lang: Lang) -> Given:
    """What a rule may say: kinds with their times, needs and sources, and the thresholds that hold without one."""

    def trusted(status: Status) -> str:
        return code_list("basis_status").label(status.value, lang) or ""

    return {
        "kinds": [
            {
                "code": kind.value, "name": one.title.of(lang), "after": one.timing.after, "bridge": one.timing.bridge,
                "clear": one.timing.clear, "source": one.source, "status": trusted(one.status),
                "people": kind in COUNTED, "least": one.needs in DETECTED and kind in COUNTED,
                "missing": MISSING[one.needs].of(lang) if one.needs in missing else "",
            }
            for kind, one in kinds().items()
        ],
        "limits": {
            name: {
                "value": one.value, "unit": one.unit, "name": one.title.of(lang), "source": one.source,
                "status": trusted(one.status),
            }
            for name in SHOWN
            if (one := thresholds()[name])
        },
    }  # fmt: skip
