"""Points that fall silent together: one alarm of what carries them, and none of each.

A silence of a point that shares its gateway with others is held back for `gather`. Once as many of the gateway's points
are silent at one moment as its line needs, the gateway is in alarm, and while it is, none of them is told. A point that
is silent alone, or still when its gateway is back, is told `gather` after. Moments are those at which a silence began
and at which a reading came, whenever it was made: the answer does not depend on how readings are cut.
"""

import heapq

import numpy as np

from monitoring.alarms.compiled import LONG_AGO, Compiled, Ints, Micros
from monitoring.alarms.machine import NORMAL, RAISED, Cause, Lines, Told

BEGAN, ENDED, DUE = range(3)


class Links:
    """What is silent now behind each gateway, and what has happened but is not settled yet."""

    def __init__(self, rules: Compiled) -> None:
        self._rules = rules
        count = len(rules.lines)
        self.told = np.zeros(count, bool)
        self._silent = np.zeros(count, bool)
        self._since = np.full(count, LONG_AGO)
        self._ended = np.full(count, LONG_AGO)
        self._begun = np.full(count, LONG_AGO)
        self._free = np.full(count, LONG_AGO)
        self._silents = np.zeros(count, np.int64)
        self._waiting: list[tuple[int, bool, int, int, int]] = []
        self._pushed = 0

    def adopt(self, rules: Compiled) -> None:
        """Go on by rules whose lines are the same ones."""
        self._rules = rules

    def began(self, line: Ints, at: Ints) -> None:
        """These lines (of silence, with a gateway) are silent from a moment on."""
        self._since[line] = np.maximum(at, self._ended[line])
        for n in line.tolist():
            self._push(int(self._since[n]), BEGAN, n)

    def ended(self, line: Ints, arrived: Ints) -> None:
        """Readings of them came."""
        self._ended[line] = np.maximum(arrived, self._since[line])
        for n in line.tolist():
            self._push(int(self._ended[n]), ENDED, n)

    def put_back(self, lines: Lines) -> None:
        """After a restart: every point of a gateway that is on record as silent counts as silent until it is heard."""
        rules = self._rules
        shared = np.flatnonzero(rules.link >= 0)
        self.told[shared] = lines.stage[shared] == RAISED
        lost = shared[(lines.stage[rules.link[shared]] == RAISED) & ~self.told[shared]]
        lines.stage[lost] = RAISED
        lines.since[lost] = lines.since[rules.link[lost]] - rules.span[lost]
        self._silent[shared] = lines.stage[shared] == RAISED
        np.add.at(self._silents, rules.link[shared[self._silent[shared]]], 1)

    def settle(self, lines: Lines, until: Micros, told: Told) -> None:
        """Tell what is certain of the time up to a moment: nothing that comes later is of before."""
        while self._waiting and self._waiting[0][0] <= until:
            at = self._waiting[0][0]
            touched, due = dict[int, None](), list[int]()
            while self._waiting and self._waiting[0][0] == at:
                *_, kind, line = heapq.heappop(self._waiting)
                if kind == DUE:
                    due.append(line)
                    continue
                touched[int(self._rules.link[line])] = None
                (self._begin if kind == BEGAN else self._end)(line, at, told)
            for gateway in touched:
                self._judge(gateway, lines, at, told)
            for line in due:
                self._due(line, lines, at, told)

    def _begin(self, line: int, at: Micros, _: Told) -> None:
        self._silent[line] = True
        self._silents[self._rules.link[line]] += 1
        self._begun[line] = at
        self._hold(line, at)

    def _end(self, line: int, at: Micros, told: Told) -> None:
        self._silent[line] = False
        self._silents[self._rules.link[line]] -= 1
        if self.told[line]:
            self.told[line] = False
            self._tell(told, line, at, RAISED, NORMAL, Cause.HEARD)

    def _judge(self, gateway: int, lines: Lines, at: Micros, told: Told) -> None:
        """What the number of silent points makes of a gateway."""
        silents, raised = int(self._silents[gateway]), lines.stage[gateway] == RAISED
        over = silents >= self._rules.needed[gateway]
        most = max(silents, float(lines.extreme[gateway])) if raised else silents
        lines.held[gateway], lines.extreme[gateway] = silents, most
        if over == raised:
            return
        lines.stage[gateway], lines.since[gateway] = RAISED if over else NORMAL, at
        mine = np.flatnonzero((self._rules.link == gateway) & self._silent)
        if over:
            first = int(self._rules.point[mine[np.argmin(self._begun[mine])]])
            self._tell(told, gateway, at, NORMAL, RAISED, Cause.SILENCE, silents, most, first)
            return
        self._tell(told, gateway, at, RAISED, NORMAL, Cause.HEARD, silents, most)
        for line in mine[~self.told[mine]].tolist():
            self._hold(line, at)

    def _hold(self, line: int, at: Micros) -> None:
        self._free[line] = at
        self._push(at + int(self._rules.gather[line]), DUE, line)

    def _due(self, line: int, lines: Lines, at: Micros, told: Told) -> None:
        waited = at - int(self._rules.gather[line]) >= self._free[line]
        covered = lines.stage[self._rules.link[line]] == RAISED
        if self._silent[line] and waited and not covered and not self.told[line]:
            self.told[line] = True
            self._tell(told, line, at, NORMAL, RAISED, Cause.SILENCE)

    def _push(self, at: int, kind: int, line: int) -> None:
        """What a point did at one moment stays in order, and comes before what is due then."""
        self._pushed += 1
        heapq.heappush(self._waiting, (at, kind == DUE, self._pushed, kind, line))

    def _tell(
        self, told: Told, line: int, at: Micros, before: int, after: int, cause: Cause, value: float = np.nan,
        extreme: float = np.nan, first: int = -1,
    ) -> None:  # fmt: skip
        told.add(
            np.array([line]), self._rules.point[[line]], np.array([at]), np.array([int(before)]), after,
            np.array([value], float), np.array([extreme], float), cause, first=np.array([first]),
        )  # fmt: skip
