"""How cameras stand for who looks: what each shows now, how old that is, and in words why there is nothing to see."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from layers.catalogue.sensing import CAMERAS
from layers.filters import In
from store.protocol import Store
from store.query import Query
from video.live import KEPT, SILENT, STALE, Gallery, Told
from video.sources import SAID, Condition

UNANALYSED, STREAMLESS, SILENT_WORKER = "unanalysed", "streamless", "silent"
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
    SILENT_WORKER: Text("视频分析已停,画面不再更新", "the analysis has stopped: the picture is not renewed"),
}
DEMO = Text("演示中没有视频流", "no stream in the demo")
CONDITIONS = tuple(WORDS)

Streamed = Callable[[Sequence[str]], frozenset[str]]
"""Which of some cameras have the address of a stream; the address itself is kept from most."""


def condition(told: Told | None, received: datetime | None, streamed: bool, now: datetime) -> str:
    """One word for how a camera stands: that it is live is said of a fresh picture alone."""
    if told is None or now - told.at > timedelta(seconds=KEPT):
        return UNANALYSED if streamed else STREAMLESS
    if told.condition is not Condition.STOPPED and now - told.at > SILENT:
        return SILENT_WORKER
    if told.condition is Condition.LIVE and (received is None or now - received > STALE):
        return (Condition.CONNECTING if received is None else Condition.STALLED).value
    return told.condition.value


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
        streamed = self._streamed([code for code, one in told.items() if one is None])
        return [self._one(code, names[code], told[code], code in streamed, now, lang) for code in shown]

    def _one(
        self, code: str, name: str, told: Told | None, streamed: bool, now: datetime, lang: Lang
    ) -> dict[str, Any]:
        received = self._gallery.received(code)
        stands = condition(told, received, streamed, now)
        said = DEMO if stands == STREAMLESS and self._demo else WORDS[stands]
        known = told is not None and stands not in (UNANALYSED, STREAMLESS)
        age = None if received is None else max(0.0, (now - received).total_seconds())
        return {
            "code": code, "name": name, "condition": stands, "said": said.of(lang),
            "live": stands == Condition.LIVE.value,
            "since": iso(told.since) if known and told is not None else None,
            "received": None if received is None else iso(received), "age": None if age is None else round(age, 1),
            "stale": age is not None and age > STALE.total_seconds(),
            "analysis": None if not known or told is None else {
                "at": iso(told.at), "pace": told.pace, "side": told.side, "less": told.less, "missed": told.missed,
                "unavailable": list(told.unavailable),
                "size": None if told.overlay is None else list(told.overlay.size),
                "zones": {} if told.overlay is None else dict(told.overlay.zones),
            },
        }  # fmt: skip
