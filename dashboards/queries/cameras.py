"""How cameras stand for who looks: what each shows now, how old that is, and in words why there is nothing to see."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from layers.catalogue.sensing import CAMERAS
from layers.filters import In
from store.protocol import Store
from store.query import Query
from video.live import AHEAD, KEPT, SILENT, Gallery, Told, of_now
from video.sources import SAID, Condition

UNANALYSED, STREAMLESS, SILENT_WORKER, BEARING = "unanalysed", "streamless", "silent", "bearing"
MOST = 100
"""Cameras of one question."""

KNOWN = 1000
"""Cameras that are analysed here of which a question without names asks, at most."""

WORDS: dict[str, Text] = {
    **{condition.value: text for condition, text in SAID.items()},
    **{
        one.value: Text(f"画面中断:{SAID[one].zh}", f"no picture: {SAID[one].en}")
        for one in (Condition.DENIED, Condition.ABSENT, Condition.UNREACHABLE, Condition.UNREADABLE)
    },
    UNANALYSED: Text("未纳入视频分析,没有画面", "not analysed: no picture"),
    STREAMLESS: Text("未登记视频流地址", "no stream is filed"),
    BEARING: Text(
        "流地址中写有口令,不予打开:改写地址,口令用 onemap video credentials 给出",
        "a password is in its address, so that it is not opened: take it out, give it by onemap video credentials",
    ),
    SILENT_WORKER: Text("视频分析已停,画面不再更新", "the analysis has stopped: the picture is not renewed"),
}
DEMO = Text("演示中没有视频流", "no stream in the demo")
CONDITIONS = tuple(WORDS)

Streamed = Callable[[Sequence[str]], Mapping[str, bool]]
"""Which of some cameras have the address of a stream, and whether a password is in it; it is kept from most."""


def condition(told: Told | None, received: datetime | None, streamed: str, now: datetime) -> str:
    """One word for how a camera stands: that it is live is said of a fresh picture alone; `streamed` where nobody
    analyses it."""
    if told is None or now - told.at > timedelta(seconds=KEPT):
        return streamed
    if told.condition is not Condition.STOPPED and not of_now(told.at, now, SILENT):
        return SILENT_WORKER
    if told.condition is Condition.LIVE and (received is None or not of_now(received, now)):
        return (Condition.CONNECTING if received is None else Condition.STALLED).value
    return told.condition.value


def age_of(received: datetime | None, now: datetime) -> float | None:
    """Seconds since a picture was received; None where there is none, or the clock was set back since."""
    if received is None or now - received < -AHEAD:
        return None
    return max(0.0, (now - received).total_seconds())


class Cameras:
    """The cameras of a scope as they stand."""

    def __init__(self, store: Store, gallery: Gallery, streamed: Streamed, *, demo: bool) -> None:
        self._store, self._gallery, self._streamed, self._demo = store, gallery, streamed, demo

    @property
    def analysed(self) -> tuple[str, ...]:
        """Codes of which a worker told something, of any scope."""
        return self._gallery.known()

    def standing(
        self, codes: Sequence[str] | None, now: datetime, *, scope: Scope, lang: Lang
    ) -> list[dict[str, Any]] | None:
        """Those named that the scope shows, in that order; all that are analysed where none are. None: not open."""
        layer = self._store.catalogue.find(CAMERAS.id, scope)
        if layer is None:
            return None
        wanted = list(dict.fromkeys(self._gallery.known() if codes is None else codes))[
            : MOST if codes is not None else KNOWN
        ]
        if not wanted:
            return []
        fields = tuple(name for name in ("code", "name") if name in layer.fields_in(scope))
        query = Query(where=In("code", tuple(wanted)), fields=fields, geometry=False)
        rows = self._store.read(layer, query, scope=scope).to_pylist()
        names = {row["code"]: row.get("name") or row["code"] for row in rows}
        shown = [code for code in wanted if code in names][:MOST]
        told = {code: self._gallery.told(code) for code in shown}
        streamed = self._streamed(shown)
        filed = {code: BEARING if bears else UNANALYSED for code, bears in streamed.items()}
        return [self._one(code, names[code], told[code], filed.get(code, STREAMLESS), now, lang) for code in shown]

    def _one(self, code: str, name: str, told: Told | None, streamed: str, now: datetime, lang: Lang) -> dict[str, Any]:
        received = self._gallery.received(code)
        stands = condition(told, received, streamed, now)
        said = DEMO if stands == STREAMLESS and self._demo else WORDS[stands]
        known = told is not None and stands not in (UNANALYSED, STREAMLESS, BEARING)
        age = age_of(received, now)
        return {
            "code": code, "name": name, "condition": stands, "said": said.of(lang),
            "live": stands == Condition.LIVE.value,
            "since": iso(told.since) if known and told is not None else None,
            "received": None if received is None else iso(received), "age": None if age is None else round(age, 1),
            "stale": received is not None and not of_now(received, now),
            "analysis": None if not known or told is None else {
                "at": iso(told.at), "pace": told.pace, "side": told.side, "less": told.less, "missed": told.missed,
                "unavailable": list(told.unavailable),
                "size": None if told.overlay is None else list(told.overlay.size),
                "zones": {} if told.overlay is None else dict(told.overlay.zones),
            },
        }  # fmt: skip
