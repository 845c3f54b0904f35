"""The alarm engine said again, slowly: one reading after the other, one line after the other, no arrays.

It shares with the engine what a line is (`Line`) and nothing of how lines are judged.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isnan, nan
from zoneinfo import ZoneInfo

from monitoring.alarms.compiled import Compiled, Line, Sort
from monitoring.alarms.engine import Bounds

LONG_AGO = -(10**18)
NEVER = 10**18


@dataclass
class _Held:
    stage: str = "normal"
    since: int = LONG_AGO
    held: float = nan


@dataclass
class Reference:
    """Judges readings given in the order in which they arrived, times in microseconds."""

    rules: Compiled
    now: int
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        self.held = [_Held() for _ in self.rules.lines]
        for held, line in zip(self.held, self.rules.lines, strict=True):
            if line.sort is Sort.SILENCE:
                held.since = self.now
        self.last: dict[str, int] = {}
        self.unknown: set[str] = set()
        self.readings: dict[str, list[tuple[int, float]]] = {}
        self.changed: dict[str, int] = {}
        self.stretches: dict[int, list[list[int]]] = {}
        self.told: list[tuple[str, str, str, int, str, str, str]] = []
        self.late = 0

    def reading(self, point: str, at: int, value: float, quality: int, arrived: int) -> None:
        """One reading."""
        arrived = max(arrived, self.now)
        if point not in self.rules.points.to_pylist() or at > arrived + self.bounds.ahead:
            return
        if at < arrived - self.bounds.late or at <= self.last.get(point, LONG_AGO):
            self.late += 1
            return
        self.last[point] = at
        missing = quality >= 3 or isnan(value)
        bad = missing or quality >= 2
        if bad != (point in self.unknown):
            (self.unknown.add if bad else self.unknown.discard)(point)
            change = ("normal", "unknown", "missing" if missing else "bad") if bad else ("unknown", "normal", "good")
            self.told.append(("", point, "", at, *change))
        fed: dict[str, bool] = {}
        for n, line in enumerate(self.rules.lines):
            if line.point != point or line.sort in (Sort.COMBINATION, Sort.LINK):
                continue
            if line.sort is Sort.SILENCE:
                self._silent(n, line, at, arrived - self.bounds.settle)
                if not missing:
                    self._heard(n, line, at, arrived)
                continue
            measured = self._rate(point, line, at, value) if line.sort is Sort.RATE else value
            usable = not bad and not isnan(measured)
            up = 1 if line.condition.upward else -1
            over = usable and up * measured >= up * line.limit
            back = usable and up * measured < up * (line.limit - up * line.dead_band)
            before = self._standing(n)
            self._judge(n, line, at, arrived, measured, over, back, usable and quality == 0)
            if line.feeds:
                moved = self._standing(n) != before
                fed[line.feeds] = fed.get(line.feeds, False) or moved
        if not bad:
            self.readings.setdefault(point, []).append((at, value))
        for rule, moved in fed.items():
            self._combine(rule, at, arrived, not bad and quality == 0, moved)

    def _combine(self, rule: str, at: int, arrived: int, good: bool, moved: bool) -> None:
        terms = [n for n, line in enumerate(self.rules.lines) if line.feeds == rule]
        count = sum(self._standing(n) for n in terms)
        n = next(n for n, line in enumerate(self.rules.lines) if line.rule == rule and line.sort is Sort.COMBINATION)
        line = self.rules.lines[n]
        moment = max(at, self.changed.get(rule, LONG_AGO))
        if moved:
            self.changed[rule] = moment
        self._judge(n, line, moment, arrived, float(count), count >= line.needed, count < line.needed, good)

    def advance(self, now: int) -> None:
        """Time passes."""
        self.now = max(self.now, now)
        settled = self.now - self.bounds.settle
        for n, (held, line) in enumerate(zip(self.held, self.rules.lines, strict=True)):
            if held.stage == "rising" and held.since + line.on <= settled:
                self._run_out(n, line)
            if line.sort is Sort.SILENCE:
                self._silent(n, line, LONG_AGO, settled)
        for n, line in enumerate(self.rules.lines):
            if line.sort is Sort.LINK:
                self._link(n, line, settled)

    def _link(self, n: int, line: Line, settled: int) -> None:
        """Everything of one gateway, from the stretches in which its points were silent; asked once, at the end."""
        mine = [m for m, x in enumerate(self.rules.lines) if x.sort is Sort.SILENCE and x.link == line.link]
        spans = {m: [(a, b) for a, b in self.stretches.get(m, []) if a < b] for m in mine}
        moments = sorted({t for found in spans.values() for pair in found for t in pair if t <= settled})
        over, lost = False, list[list[int]]()
        for t in moments:
            count = sum(a <= t < b for found in spans.values() for a, b in found)
            if (count >= line.needed) != over:
                over = not over
                change = ("normal", "raised", "silence") if over else ("raised", "normal", "heard")
                self.told.append((line.rule, line.point, "link", t, *change))
                if over:
                    lost.append([t, NEVER])
                else:
                    lost[-1][1] = t
        self.held[n].stage = "raised" if over else "normal"
        for m in mine:
            one, standing = self.rules.lines[m], False
            for a, b in spans[m]:
                free = [a, *(d for _, d in lost if a <= d < b)]
                due = [f + one.gather for f in free
                       if f + one.gather < b and not any(c <= f + one.gather and d > f for c, d in lost)]  # fmt: skip
                if due and min(due) <= settled:
                    self.told.append((one.rule, one.point, "silence", min(due), "normal", "raised", "silence"))
                    standing = b > settled
                    if not standing:
                        self.told.append((one.rule, one.point, "silence", b, "raised", "normal", "heard"))
            self.held[m].stage = "raised" if standing else "normal"

    def raised(self) -> set[tuple[str, str, str, str]]:
        """The lines in alarm."""
        return {x.identity for n, x in enumerate(self.rules.lines) if self._standing(n) and not x.feeds}

    def _standing(self, n: int) -> bool:
        return self.held[n].stage in ("raised", "falling")

    def _rate(self, point: str, line: Line, at: int, value: float) -> float:
        inside = [(t, v) for t, v in self.readings.get(point, [])[-128:] if t >= at - line.span]
        if not inside or (at - inside[0][0]) * 2 < line.span:
            return nan
        return (value - inside[0][1]) / ((at - inside[0][0]) / 60e6)

    def _judges(self, n: int, line: Line, at: int) -> str:
        open_ = line.valid[0] <= at < line.valid[1]
        if line.schedule:
            local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(
                ZoneInfo("Asia/Shanghai")
            )
            open_ = open_ and any(_covers(window, local) for window in line.schedule)
        if not open_:
            return "closed"
        held = any(one.lines[n] and one.starts <= at < one.ends for one in self.rules.inhibited)
        return "held" if held else "open"

    def _move(self, n: int, line: Line, stage: str, at: int, cause: str) -> None:
        said = {"rising": "normal", "falling": "raised"}
        before, after = (said.get(one, one) for one in (self.held[n].stage, stage))
        if before != after and not line.feeds:
            self.told.append((line.rule, line.point, line.condition.value, at, before, after, cause))
        self.held[n].stage, self.held[n].since = stage, at

    def _run_out(self, n: int, line: Line) -> None:
        at = self.held[n].since + line.on
        stage = {"open": "raised", "held": "suppressed", "closed": "normal"}[self._judges(n, line, at)]
        self._move(n, line, stage, at, "delay" if stage == "raised" else "inhibited")

    def _silent(self, n: int, line: Line, at: int, settled: int) -> None:
        held = self.held[n]
        while held.stage == "normal" and ((ends := held.since + line.span) < at or ends <= settled):
            if self._judges(n, line, ends) == "open":
                if line.link:
                    before = self.stretches.setdefault(n, [])
                    begins = max(ends, before[-1][1]) if before else ends
                    before.append([begins, NEVER])
                else:
                    self.told.append((line.rule, line.point, line.condition.value, ends, "normal", "raised", "silence"))
                held.stage = "raised"
            else:
                held.since = ends

    def _heard(self, n: int, line: Line, at: int, arrived: int) -> None:
        held = self.held[n]
        if at <= held.since:
            return
        if held.stage == "raised" and line.link:
            last = self.stretches[n][-1]
            last[1] = max(arrived, last[0])
        elif held.stage == "raised":
            moment = max(at, held.since + line.span)
            self.told.append((line.rule, line.point, line.condition.value, moment, "raised", "normal", "heard"))
        held.stage, held.since = "normal", at

    def _judge(
        self, n: int, line: Line, at: int, arrived: int, value: float, over: bool, back: bool, good: bool
    ) -> None:
        held = self.held[n]
        ends = held.since + line.on
        if held.stage == "rising" and (ends <= at or ends + self.bounds.settle <= arrived):
            self._run_out(n, line)
        if at < held.since:
            return
        if over:
            held.held = value
            if held.stage == "falling":
                self._move(n, line, "raised", at, "")
            elif held.stage != "raised":
                judges = self._judges(n, line, at)
                if judges == "closed":
                    self._move(n, line, "normal", at, "ended")
                elif judges == "held":
                    if held.stage != "suppressed":
                        self._move(n, line, "suppressed", at, "inhibited")
                elif held.stage != "rising":
                    self._move(n, line, "rising" if line.on else "raised", at, "ended" if line.on else "limit")
        elif held.stage == "falling":
            if not (back and good):
                self._move(n, line, "raised", at, "")
            elif at >= held.since + line.off:
                self._move(n, line, "normal", at, "back")
        elif good and held.stage == "rising":
            self._move(n, line, "normal", at, "")
        elif good and back and held.stage == "raised":
            self._move(n, line, "falling" if line.off else "normal", at, "back")
        elif good and back and held.stage == "suppressed":
            self._move(n, line, "normal", at, "back")


def _covers(window: str, local: datetime) -> bool:
    days, hours = window.split(" ")
    first, _, last = days.partition("-")
    begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in hours.split("-"))
    minute, day = local.hour * 60 + local.minute, local.isoweekday()
    named = range(int(first), int(last or first) + 1)
    if end > begin:
        return day in named and begin <= minute < end
    return (day in named and minute >= begin) or ((day - 2) % 7 + 1 in named and minute < end)
