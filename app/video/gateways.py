"""Alarms that a gateway of cameras brings: each an event that says it is a device's own, once however often sent."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image

from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import CAMERAS, DEVICES, VIOLATIONS
from layers.catalogue.devices import Device
from layers.catalogue.sensing import Camera
from layers.catalogue.violations import Violation
from layers.codes import code_list
from layers.filters import Compare, Op
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store
from store.query import Query

LATEST, OLDEST = timedelta(minutes=5), timedelta(days=7)
"""How far an alarm's moment may lie ahead of our clock, and behind it."""

LARGEST_PICTURE = 2 * 1024 * 1024
GB_DIGITS = 20
KINDS = {one.code: one.title.zh for one in code_list("video_event")}
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a gateway says; `number` is its own for the alarm, `camera` our code or the device's of GB/T 28181."""

    number: str
    camera: str
    at: datetime
    kind: str = OTHER
    words: str = ""
    picture: bytes = b""


def picture_of(text: str) -> bytes:
    """The JPEG in base64. Raises: BadInputError where it is none, or too large."""
    rule = Text("须为 2 MB 以内的 JPEG(base64)", "must be a JPEG of 2 MB or less, in base64")
    fault = BadInputError(Text(f"picture {rule.zh}", f"picture {rule.en}"), field="picture")
    try:
        body = base64.b64decode(text, validate=True)
        if len(body) > LARGEST_PICTURE:
            raise fault
        with Image.open(BytesIO(body), formats=("JPEG",)) as image:
            image.verify()
    except (binascii.Error, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise fault from error
    return body


class Gateways:
    """Takes alarms of registered gateways over."""

    def __init__(self, store: Store, cabinet: Cabinet, clock: Clock) -> None:
        self._store, self._cabinet, self._clock = store, cabinet, clock

    def take(self, gateway: str, alarm: Alarm) -> tuple[Violation, bool]:
        """The event of an alarm, and whether it is new.

        Raises: NotFoundError where the gateway or the camera is not registered; ForbiddenError where the camera is not
        in the gateway's area, or of another enterprise; BadInputError for a moment that cannot be; ConflictError where
        the same number was another alarm.
        """
        camera = self._camera(alarm.camera)
        self._answers_for(gateway, camera)
        now = self._clock()
        if not now - OLDEST <= alarm.at <= now + LATEST:
            raise BadInputError(
                Text("报警时间须在 7 日内,且不晚于现在 5 分钟", "within 7 days, and 5 minutes ahead at most"),
                field="at", value=alarm.at,
            )  # fmt: skip
        origin = f"{gateway}/{alarm.number}"
        digest = hashlib.sha256(origin.encode()).hexdigest()[:12]
        kind = alarm.kind if alarm.kind in KINDS else OTHER
        record = Violation(
            code=f"SP{alarm.at.astimezone(CHINA):%Y%m%d}-{digest}", title=f"{camera.name} {KINDS[kind]}"[:200],
            kind=kind, camera=camera.code, enterprise=camera.enterprise, site=camera.site, rule="设备报警",
            state="told",
            began_at=alarm.at, raised_at=alarm.at, why=alarm.words[:200], geometry=camera.geometry, area=camera.area,
            sensitivity=max(VIOLATIONS.sensitivity, camera.sensitivity), source=f"网关 {gateway}", origin="gateway",
            origin_id=origin,
        )  # fmt: skip
        known = self._known(record)
        if known is not None:
            return known, False
        actor = Actor(id=f"device:{gateway}", name=gateway, door="api")
        edit, reason = Put(layer=VIOLATIONS.id, record=record, expected=0), f"网关报送:{KINDS[kind]}"
        try:
            if alarm.picture:
                with self._cabinet.made(alarm.picture, f"{record.code}.jpg", "image/jpeg") as draft:
                    self._cabinet.keep_with(
                        [edit], [(VIOLATIONS, record, [draft])], actor=actor, reason=reason, scope=SYSTEM_SCOPE
                    )
            else:
                self._store.commit([edit], actor=actor, reason=reason, scope=SYSTEM_SCOPE)
        except ConflictError:  # the same alarm came twice at once
            known = self._known(record)
            if known is None:
                raise
            return known, False
        return record, True

    def _known(self, record: Violation) -> Violation | None:
        """The event a number was kept as before; another one under the same number is refused."""
        query = Query(where=Compare("origin_id", Op.EQ, record.origin_id), fields=("code",), geometry=False, limit=1)
        codes = self._store.read(VIOLATIONS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        if not codes:
            return None
        found = self._store.get(VIOLATIONS, codes[0], scope=SYSTEM_SCOPE).record
        assert isinstance(found, Violation)
        if (found.camera, found.raised_at, found.kind) != (record.camera, record.raised_at, record.kind):
            raise ConflictError(
                Text(f"编号 {record.origin_id} 已用于另一条报警", f"number {record.origin_id} was another alarm's"),
                number=record.origin_id,
            )
        return found

    def _camera(self, code: str) -> Camera:
        field = "gb_code" if len(code) == GB_DIGITS and code.isdigit() else "code"
        for name in dict.fromkeys((field, "code")):
            query = Query(where=Compare(name, Op.EQ, code), fields=("code",), geometry=False, limit=2)
            codes = self._store.read(CAMERAS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
            if len(codes) == 1:
                record = self._store.get(CAMERAS, codes[0], scope=SYSTEM_SCOPE).record
                assert isinstance(record, Camera)
                return record
        raise NotFoundError(
            Text(f"没有登记的视频点 {code}", f"no camera {code} is registered, or two are"), camera=code
        )

    def _answers_for(self, gateway: str, camera: Camera) -> None:
        """A gateway reports cameras of its own area, and of its enterprise where it is one's."""
        device = self._store.get(DEVICES, gateway, scope=SYSTEM_SCOPE).record
        assert isinstance(device, Device)
        reach = device.area
        while len(reach) in (4, 6) and reach.endswith("00"):
            reach = reach[:-2]
        if not camera.area.startswith(reach) or (device.enterprise and device.enterprise != camera.enterprise):
            raise ForbiddenError(
                Text(f"视频点 {camera.code} 不在该网关的区划或企业内", f"camera {camera.code} is not this gateway's")
            )
