"""`/api/cameras/…`: what cameras show now, as pictures, as a stream and in words, and which ones see a place."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from time import monotonic, sleep
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.doors.admin.fields import Given, moment, one_of, only, refused, words
from app.doors.bodies import asked
from app.problems import problem
from app.video.looking import Looks, Seats
from core.caller import Caller, current_caller
from core.clock import Clock, iso
from core.errors import NotFoundError
from core.texts import Text, whole
from core.units import Second
from dashboards.queries.cameras import MOST, Cameras, age_of
from dashboards.queries.camerawall import chosen, key_cameras
from dashboards.queries.footage import footage
from dashboards.queries.sights import near
from gis.shapes import LonLat
from layers.catalogue.sensing import CAMERAS
from store.protocol import Store
from store.rasters import RasterShelf
from video.live import PACE, Gallery, Overlay, Shot, of_now

AGAIN: Second = 2.0
"""Seconds between two questions whether who watches a stream may still."""

BETWEEN_TWO: tuple[Second, ...] = (0.0, 0.01, 0.03, 0.1)
"""So long it is waited, one after another, for what belongs to a picture that was just put there."""

MOST_NEAR = 12
BOUNDARY = "onemap-frame"
LONGEST_CODE = 60
LONGEST_KEY = 120
BACK = timedelta(days=30)
"""So far back events are told where no span is asked for."""

LONGEST = timedelta(days=3 * 366)
Again = Callable[[], Awaitable[Caller | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePictures:
    """Live pictures as one caller meets them: whose layer, area or enterprise a camera is not in has none there."""

    store: Store
    shelf: RasterShelf | None
    gallery: Gallery
    cameras: Cameras
    looks: Looks
    seats: Seats
    clock: Clock
    listed: tuple[str, ...] = ()

    def states(self, caller: Caller, given: Given) -> Given:
        """GET /state?codes=: how cameras stand and how old their pictures are; without codes all that are analysed."""
        only(given, "codes")
        codes = _codes(given)
        now = self.clock()
        found = self.cameras.standing(codes, now, scope=caller.scope, lang=caller.lang)
        if found is None:
            raise _none_open()
        return {"at": iso(now), "cameras": found}

    def nearest(self, caller: Caller, given: Given) -> Given:
        """GET /near?lon=&lat=&most=: cameras round a place, whether each sees it, and how they stand."""
        only(given, "lon", "lat", "most")
        place, most = _place(given), whole(str(given.get("most") or 4))
        if most is None or not 1 <= most <= MOST_NEAR:
            raise refused(
                "most", given.get("most"), Text(f" 1 至 {MOST_NEAR} 的整数", f"a number from 1 to {MOST_NEAR}")
            )
        found = near(self.store, self.shelf, place, scope=caller.scope, lang=caller.lang, most=most)
        return self._with_states(caller, found)

    def wall(self, caller: Caller, given: Given) -> Given:
        """GET /wall?places=: the cameras that matter now, or those of key places, and how they stand."""
        only(given, "places")
        if given.get("places"):
            one_of(given, "places", ["fireworks"])
            firms, found = key_cameras(self.store, scope=caller.scope, lang=caller.lang)
            return self._with_states(caller, found) | {"places": firms, "known": len(found)}
        analysed = self.cameras.analysed
        found = chosen(self.store, self.shelf, self.listed, analysed, scope=caller.scope, lang=caller.lang)
        return self._with_states(caller, found)

    def of(self, caller: Caller, given: Given) -> Given:
        """GET /of?layer=&key=&from=&to=: cameras of an object and round it, and the events on video of a span."""
        only(given, "layer", "key", "from", "to")
        layer, key = words(given, "layer", longest=LONGEST_CODE), words(given, "key", longest=LONGEST_KEY)
        end = moment(given, "to") or self.clock()
        start = moment(given, "from") or end - BACK
        if not timedelta() < end - start <= LONGEST:
            raise refused(
                "from", given.get("from"),
                Text("早于 to 且相隔不超过三年的时刻", "a time before `to`, at most three years"),
            )  # fmt: skip
        found = footage(self.store, self.shelf, layer, key, start, end, scope=caller.scope, lang=caller.lang)
        return found | self._with_states(caller, found["cameras"])

    def _with_states(self, caller: Caller, found: list[Given]) -> Given:
        now = self.clock()
        told = self.cameras.standing([one["code"] for one in found], now, scope=caller.scope, lang=caller.lang)
        states = {one["code"]: one for one in told or []}
        return {
            "at": iso(now),
            "open": told is not None,
            "cameras": [one | states[one["code"]] for one in found if one["code"] in states],
        }

    def visible(self, caller: Caller, code: str) -> None:
        """Raises: NotFoundError for a camera that is none to this caller."""
        layer = self.store.catalogue.find(CAMERAS.id, caller.scope)
        if layer is None:
            raise NotFoundError(Text("没有这个视频点", "no such camera"), key=code)
        self.store.get(layer, code, scope=caller.scope)

    async def picture(self, request: Request) -> Response:
        """GET /picture?code=&last=: the newest picture; one that is old only for who asks for the `last` there is."""
        caller, given = current_caller.get(), dict(request.query_params)
        only(given, "code", "last")
        code, last = words(given, "code", longest=LONGEST_CODE), given.get("last", "")
        if last not in ("", "1"):
            raise refused("last", last, Text(" 1", "1"))
        return await run_in_threadpool(self._picture, caller, code, bool(last), request.headers.get("if-none-match"))

    def _picture(self, caller: Caller, code: str, last: bool, known: str | None) -> Response:
        self.visible(caller, code)
        (shot, drawn), now = self._newest(code), self.clock()
        if shot is None or (not last and not of_now(shot.received, now)):
            self.gallery.look(code)
            return self._nothing(caller, code, now)
        self.looks.look(caller, code)
        self.gallery.look(code)
        headers = self._headers(shot, drawn, now)
        if known == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(shot.body, media_type="image/jpeg", headers=headers)

    def _newest(self, code: str) -> tuple[Shot | None, Overlay | None]:
        """The newest picture with what is drawn over that very one: the two are written one after the other."""
        for wait in BETWEEN_TWO:
            sleep(wait)
            shot, told = self.gallery.newest(code), self.gallery.told(code)
            if shot is None or told is None or told.stamp == shot.stamp:
                break
        return shot, told.overlay if shot is not None and told is not None and told.stamp == shot.stamp else None

    @staticmethod
    def _headers(shot: Shot, drawn: Overlay | None, now: datetime) -> dict[str, str]:
        """When it was received, how old it is, and what is tracked in it, in pixels of the frame."""
        age = age_of(shot.received, now)
        old = {} if age is None else {"age": str(int(age))}
        boxes = "" if drawn is None else orjson.dumps([list(map(round, box)) for box in drawn.boxes]).decode()
        return {
            **old, "cache-control": "private, no-cache", "etag": f'"{shot.stamp}"',
            "last-modified": format_datetime(shot.received.replace(microsecond=0), usegmt=True),
            "onemap-received": iso(shot.received), "onemap-age": "" if age is None else f"{age:.1f}",
            "onemap-stale": "0" if of_now(shot.received, now) else "1",
            "onemap-size": "" if drawn is None else "{} {}".format(*drawn.size),
            "onemap-boxes": boxes,
            "x-content-type-options": "nosniff",
        }  # fmt: skip

    def _nothing(self, caller: Caller, code: str, now: datetime) -> Response:
        """There is no picture of now: how the camera stands, in words."""
        found = self.cameras.standing([code], now, scope=caller.scope, lang=caller.lang) or [{}]
        state = found[0]
        said = str(state.get("said", ""))
        return problem(
            503, "no-picture", Text(said, said), caller.lang, headers={"retry-after": "5", "cache-control": "no-store"},
            condition=state.get("condition"), since=state.get("since"), received=state.get("received"),
        )  # fmt: skip

    async def stream(self, request: Request) -> Response:
        """GET /stream?code=: motion JPEG, at most five pictures a second, until rights, session or pictures end."""
        caller, given = current_caller.get(), dict(request.query_params)
        only(given, "code")
        code = words(given, "code", longest=LONGEST_CODE)
        await run_in_threadpool(self.visible, caller, code)
        shot, now = await run_in_threadpool(self.gallery.newest, code), self.clock()
        if shot is None or not of_now(shot.received, now):
            await run_in_threadpool(self.gallery.look, code)
            return await run_in_threadpool(self._nothing, caller, code, now)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no", "x-content-type-options": "nosniff"}
        media = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        if request.method == "HEAD":
            return Response(headers=headers, media_type=media)
        with ExitStack() as taken:
            taken.enter_context(self.seats.taken(caller))
            await run_in_threadpool(self.looks.look, caller, code)
            parts = self._parts(caller, code, request.scope["onemap.again"])
            return _Seated(parts, taken.pop_all(), media_type=media, headers=headers)

    async def _parts(self, caller: Caller, code: str, again: Again) -> AsyncIterator[bytes]:
        shown, asked_at = 0, monotonic()
        while True:
            began = monotonic()
            if began - asked_at > AGAIN:
                asked_at = began
                if not await self._still(caller, code, again):
                    return
            shot = await run_in_threadpool(self._looked, code)
            if shot is None or not of_now(shot.received, self.clock()):
                return  # what stands still is not shown as now
            if shot.stamp != shown:
                shown = shot.stamp
                yield _part(shot)
            await asyncio.sleep(max(0.02, 1 / PACE - (monotonic() - began)))

    def _looked(self, code: str) -> Shot | None:
        self.gallery.look(code)
        return self.gallery.newest(code)

    async def _still(self, caller: Caller, code: str, again: Again) -> bool:
        """The caller is who they were, and the camera is still there for them."""
        now = await again()
        if now is None or now.actor.id != caller.actor.id or now.scope.digest != caller.scope.digest:
            return False
        try:
            await run_in_threadpool(self.visible, now, code)
        except NotFoundError:
            return False
        return True


class _Seated(StreamingResponse):
    """A stream that gives its seat back however it ends, also when nobody waits for its first word."""

    def __init__(self, parts: AsyncIterator[bytes], seat: ExitStack, **more: Any) -> None:
        super().__init__(parts, **more)
        self._seat = seat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send, then give the seat back."""
        with self._seat:
            await super().__call__(scope, receive, send)


def live_picture_routes(door: LivePictures) -> list[BaseRoute]:
    """The doors of live pictures."""
    return [
        Route("/api/cameras/state", asked(door.states), methods=["GET"]),
        Route("/api/cameras/wall", asked(door.wall), methods=["GET"]),
        Route("/api/cameras/near", asked(door.nearest), methods=["GET"]),
        Route("/api/cameras/of", asked(door.of), methods=["GET"]),
        Route("/api/cameras/picture", door.picture, methods=["GET"]),
        Route("/api/cameras/stream", door.stream, methods=["GET"]),
    ]


def _part(shot: Shot) -> bytes:
    head = (
        f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(shot.body)}\r\n"
        f"Onemap-Received: {iso(shot.received)}\r\n\r\n"
    )
    return head.encode() + shot.body + b"\r\n"


def _none_open() -> NotFoundError:
    return NotFoundError(Text("视频点对您的岗位不开放", "cameras are not open to your role"))


def _codes(given: Given) -> list[str] | None:
    """The codes asked about, None for all that are analysed."""
    if "codes" not in given:
        return None
    codes = [one for one in str(given["codes"]).split(",") if one]
    if not 1 <= len(codes) <= MOST or any(len(one) > LONGEST_CODE or not one.isprintable() for one in codes):
        raise refused("codes", given["codes"], Text(f" 1 至 {MOST} 个编码,以逗号分隔", f"1 to {MOST} codes, by commas"))
    return codes


def _place(given: Given) -> LonLat:
    """A position in degrees."""
    found = []
    for name, most in (("lon", 180.0), ("lat", 90.0)):
        try:
            value = float(str(given.get(name, "")))
        except ValueError:
            value = float("nan")
        if not -most <= value <= most:
            raise refused(name, given.get(name), Text(f" -{most:g} 至 {most:g} 的度数", f"degrees to {most:g}"))
        found.append(value)
    return LonLat(*found)
