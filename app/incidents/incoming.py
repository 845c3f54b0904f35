"""What another agency tells by CAP 1.2 as the beginning of an incident: unconfirmed, with what the message says."""

import hashlib
from datetime import datetime

import shapely

from app.incidents.desk import Opening
from core.clock import CHINA
from core.errors import BadInputError
from core.texts import Text
from emergency.incidents.life import oldest
from gis.shapes import LonLat
from monitoring.warnings.cap import Alert, Info, Ring

KINDS = {"Fire": "fire", "CBRNE": "leak", "Transport": "traffic", "Geo": "natural", "Met": "natural"}
"""What kind of incident a category of CAP is taken for until somebody confirms it."""


def opening_of(alert: Alert, now: datetime) -> tuple[Opening, str]:
    """The incident a message opens, and the key under which the message is known: sent again it opens nothing more.

    What is still to come has not occurred: an onset ahead of now is told in words, and no report is lost of it, nor of
    one that was written by mistake, which is left out.
    Raises BadInputError for what is no news of an incident: tests, drafts, updates and cancellations.
    """
    if alert.status not in ("Actual", "Exercise"):
        raise BadInputError(
            Text(f"status {alert.status} 不是真实通报或演练", f"status {alert.status} tells of no incident"),
            field="status",
        )
    if alert.message != "Alert":
        raise BadInputError(
            Text(f"msgType {alert.message} 不立为事件,更新和取消请电话告知", f"msgType {alert.message} opens none"),
            field="msgType",
        )
    if not alert.infos:
        raise BadInputError(Text("CAP 消息没有 info", "the message has no info"), field="info")
    info = next((one for one in alert.infos if one.language.lower().startswith("zh")), alert.infos[0])
    wrong = info.onset is not None and info.onset < oldest(now)
    ahead = info.onset is not None and info.onset > min(now, alert.sent)
    expected = f"预计开始 {info.onset.astimezone(CHINA):%Y-%m-%d %H:%M}" if ahead and info.onset is not None else ""
    said = [expected, info.description, info.instruction, "、".join(one.description for one in info.areas)]
    opening = Opening(
        origin="agency", title=(info.headline or info.event)[:120], kind=_kind(info),
        text=f"{info.sender_name or alert.sender} {alert.identifier}:{info.headline or info.event}"[:1500],
        exercise=alert.status == "Exercise", place=_place(info), area=_area(info),
        refs=(f"cap/{alert.sender}/{alert.identifier}"[:160],),
        facts={
            "occurred_at": None if ahead or wrong else info.onset,
            "summary": "。".join(part for part in said if part)[:2000],
            "reporter": (info.sender_name or alert.sender)[:200], "reporter_phone": info.contact[:40],
        },
    )  # fmt: skip
    return opening, hashlib.sha256(f"{alert.sender},{alert.identifier},{alert.sent.isoformat()}".encode()).hexdigest()


def _kind(info: Info) -> str:
    return next((KINDS[one] for one in info.categories if one in KINDS), "other")


def _area(info: Info) -> str:
    """The first area code the message names, blank for none; whether there is such an area is looked at later."""
    codes = (value for area in info.areas for _, value in area.geocodes)
    return next((one for one in codes if one.isdigit() and len(one) in (6, 9, 12)), "")


def _place(info: Info) -> LonLat | None:
    """A point inside the first polygon; none where the message draws none, or one without any ground."""
    ring: Ring | None = next((ring for area in info.areas for ring in area.polygons), None)
    if ring is None or len(ring) < 4:
        return None
    ground = shapely.make_valid(shapely.Polygon([(lon, lat) for lat, lon in ring]))
    point = ground.representative_point()
    return None if point.is_empty else LonLat(point.x, point.y)
