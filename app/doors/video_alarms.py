"""`/api/video/alarms`: gateways of cameras (GB/T 28181, ONVIF and others) bring the alarms of their devices."""

from datetime import UTC

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, only, refused, words
from app.doors.bodies import body_of, json_answer, object_in
from app.video.gateways import LARGEST_PICTURE, Alarm, Gateways, picture_of
from core.caller import Caller, current_caller
from core.clock import from_iso
from core.errors import ForbiddenError
from core.texts import Text

LARGEST = LARGEST_PICTURE * 4 // 3 + 64 * 1024
"""Bytes of a message: a picture in base64, and the words."""

LONGEST_NUMBER, LONGEST_CAMERA, LONGEST_KIND, LONGEST_WORDS = 80, 60, 40, 200


def video_alarm_routes(gateways: Gateways) -> list[BaseRoute]:
    """The door; it is opened by the key of a registered device alone."""

    async def receive(request: Request) -> Response:
        """POST /api/video/alarms: an alarm of a device becomes an event; the same again is answered and not kept."""
        caller = current_caller.get()
        if not caller.device:
            raise ForbiddenError(Text("须用已登记设备的密钥", "takes the key of a registered device"))
        body = await body_of(request, LARGEST)
        found = await run_in_threadpool(lambda: _taken(gateways, caller, object_in(body)))
        return json_answer(found, 201 if found["new"] else 200)

    return [Route("/api/video/alarms", receive, methods=["POST"])]


def _taken(gateways: Gateways, caller: Caller, given: Given) -> Given:
    only(given, "id", "camera", "at", "kind", "description", "picture")
    picture = given.get("picture", "")
    if not isinstance(picture, str):
        raise refused("picture", "", Text("JPEG(base64)", "a JPEG in base64"))
    text = words(given, "at", longest=40)
    try:
        at = from_iso(text).astimezone(UTC)
    except ValueError as error:
        raise refused("at", text, Text("带时区的时间", "a moment with its zone")) from error
    alarm = Alarm(
        number=words(given, "id", longest=LONGEST_NUMBER), camera=words(given, "camera", longest=LONGEST_CAMERA), at=at,
        kind=words(given, "kind", longest=LONGEST_KIND, empty=True),
        words=words(given, "description", longest=LONGEST_WORDS, empty=True),
        picture=picture_of(picture) if picture else b"",
    )  # fmt: skip
    record, new = gateways.take(caller.device, alarm)
    return {"code": record.code, "camera": record.camera, "kind": record.kind, "new": new}
