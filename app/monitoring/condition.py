"""What is wrong on the way from devices to the screens, looked at once a second and told in an officer's words.

Nothing here is guessed from silence: points that say nothing are told by the points themselves. Told are a broker that
is away, readings that cannot be kept, a queue that is full or long, alarms that are not judged, clocks that are ahead
and rows that are refused.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.monitoring.watching import Judging, Report, Watching
from core.clock import Clock, from_iso, iso
from core.texts import Text
from core.units import Second
from monitoring.inbox import Counts, Inbox

RECENT: Second = 30.0
"""What happened so long ago is told still."""

AWAY: Second = 2.0
"""A broker is away when it was not there for so long: it may be begun anew at any time."""

BEGINS: Second = 15.0
"""So long the judging may take to begin before it is told."""

LONG = 20_000
"""Readings that wait from which on it is told: two seconds of the largest city's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong; `grave` when what the screens show may be old or lack alarms."""

    id: str
    since: datetime
    title: Text
    more: Text
    grave: bool

    def as_json(self) -> dict[str, object]:
        """As the live stream tells it."""
        return {
            "id": self.id, "since": iso(self.since), "grave": self.grave,
            "zh": [self.title.zh, self.more.zh], "en": [self.title.en, self.more.en],
        }  # fmt: skip


SAID = {
    "not-judged": (
        Text("报警判定停止", "Alarms are not judged"),
        Text("新的报警不会出现，系统正在自动恢复", "new alarms do not appear; the server tries again by itself"),
    ),
    "not-kept": (
        Text("读数未能保存", "Readings cannot be kept"),
        Text("磁盘已满或数据库不可用；设备将重发，画面读数为此前的", "disk full or database away; devices send again"),
    ),
    "full": (
        Text("读数接收队列已满", "The queue of readings is full"),
        Text("部分读数被拒收，设备将重发，画面落后", "some readings were turned away and are sent again; screens lag"),
    ),
    "behind": (
        Text("读数积压", "Readings wait"),
        Text("画面和报警落后于现场", "screens and alarms lag behind"),
    ),
    "broker": (
        Text("MQTT 代理断开", "The MQTT broker is away"),
        Text("经它上报的监测点暂无新读数", "points that report through it bring nothing new"),
    ),
    "ahead": (
        Text("有设备时钟超前", "A device's clock is ahead"),
        Text("其读数未参与报警判定，须校时", "its readings are not judged until it is set right"),
    ),
    "refused": (
        Text("有读数被拒收", "Readings are refused"),
        Text("格式、编码或权限有误，见设备台账", "form, code or right is wrong; see the devices"),
    ),
}
"""Gravest first."""

GRAVE = frozenset({"not-judged", "not-kept", "full", "behind", "broker"})


class Condition:
    """See the module; `broker` tells whether the broker is there, where one is used."""

    def __init__(self, inbox: Inbox, watching: Watching, clock: Clock) -> None:
        self.broker: Callable[[], bool] | None = None
        self._inbox = inbox
        self._watching = watching
        self._clock = clock
        self._looked: deque[tuple[datetime, Counts, Report]] = deque(maxlen=2 * int(RECENT))  # a clock may jump back
        self._since: dict[str, datetime] = {}
        self._there: datetime | None = None

    def look(self) -> tuple[Wrong, ...]:
        """What is wrong now, gravest first; to be called about once a second."""
        now, counts, report = self._clock(), self._inbox.told(), self._watching.told()
        while self._looked and now - self._looked[0][0] > timedelta(seconds=RECENT):
            self._looked.popleft()
        before, judged = (self._looked[0][1], self._looked[0][2]) if self._looked else (counts, report)
        self._looked.append((now, counts, report))
        found = {
            "not-judged": _not_judged(report, now),
            "not-kept": counts.failed > before.failed,
            "full": counts.overflowed > before.overflowed or report.dropped > judged.dropped,
            "behind": max(self._inbox.depth, report.waiting) > LONG,
            "broker": self._away(now),
            "ahead": report.ahead > judged.ahead,
            "refused": counts.refused > before.refused,
        }
        self._since = {name: self._since.get(name, now) for name, wrong in found.items() if wrong}
        return tuple(
            Wrong(id=name, since=self._since[name], title=title, more=more, grave=name in GRAVE)
            for name, (title, more) in SAID.items()
            if name in self._since
        )

    def _away(self, now: datetime) -> bool:
        if self.broker is None:
            return False
        if self._there is None or self.broker():
            self._there = now
        return now - self._there > timedelta(seconds=AWAY)


def _not_judged(report: Report, now: datetime) -> bool:
    if report.state is Judging.STARTING:
        return now - from_iso(report.since) > timedelta(seconds=BEGINS)
    return report.state is Judging.FAILED
