"""Combinations: how many terms of each hold, counted in the order in which the readings of its points arrived."""

import numpy as np

from monitoring.alarms.compiled import LONG_AGO, Bools, Compiled, Ints, Micros
from monitoring.alarms.machine import FALLING, NORMAL, RAISED, Lines, Told, judge

Notes = list[tuple[Ints, ...]]


class Votes:
    """The terms that hold now of every combination, and when one of them last changed."""

    def __init__(self, rules: Compiled) -> None:
        self._rules = rules
        self._from = int(rules.first[-1])
        count = len(rules.lines) - self._from
        self._true = np.zeros(count, np.int64)
        self._changed = np.full(count, LONG_AGO)

    def adopt(self, rules: Compiled) -> None:
        """Go on by rules whose lines are the same ones."""
        self._rules = rules

    def open(self) -> Notes:
        """An empty list of what the terms do in one batch."""
        return []

    def standing(self, lines: Lines, line: Ints) -> Bools:
        """Which of these lines hold."""
        stage = lines.stage[line]
        return np.asarray((stage == RAISED) | (stage == FALLING))

    def note(
        self, notes: Notes, lines: Lines, line: Ints, before: Bools, at: Ints, arrived: Ints, good: Bools, order: Ints
    ) -> None:
        """What a round of readings did to the terms among these lines."""
        if not len(self._true):
            return
        terms = self._rules.feeds[line] >= 0
        if not terms.any():
            return
        hit = line[terms]
        change = self.standing(lines, hit).astype(np.int64) - before[terms]
        combination = self._rules.feeds[hit] - self._from
        notes.append((combination, order[terms], at[terms], arrived[terms], good[terms].astype(np.int64), change))

    def count(self, notes: Notes, lines: Lines, settle: Micros, told: Told) -> None:
        """Judge the combinations by what was noted."""
        if not notes:
            return
        combination, order, at, arrived, good, change = (np.concatenate(part) for part in zip(*notes, strict=True))
        lively = (lines.stage[self._from :] != NORMAL) | (self._true >= self._rules.needed[self._from :])
        lively[combination[change != 0]] = True
        sorted_ = np.lexsort((order, combination))
        sorted_ = sorted_[lively[combination[sorted_]]]
        if not len(sorted_):
            return
        combination, order, at, arrived, good, change = (
            column[sorted_] for column in (combination, order, at, arrived, good, change)
        )
        begins = np.flatnonzero(np.append(True, (np.diff(combination) != 0) | (np.diff(order) != 0)))
        change = np.add.reduceat(change, begins)
        good = np.minimum.reduceat(good, begins)
        combination, at, arrived = combination[begins], at[begins], arrived[begins]
        self._rounds(combination, at, arrived, good.astype(bool), change, lines, settle, told)

    def _rounds(
        self, combination: Ints, at: Ints, arrived: Ints, good: Bools, change: Ints, lines: Lines, settle: Micros,
        told: Told,
    ) -> None:  # fmt: skip
        firsts = np.flatnonzero(np.append(True, np.diff(combination) != 0))
        place = np.arange(len(combination)) - np.repeat(firsts, np.diff(np.append(firsts, len(combination))))
        for n in range(int(place.max()) + 1):
            at_n = place == n
            which = combination[at_n]
            self._true[which] += change[at_n]
            moved = change[at_n] != 0
            moment = np.maximum(at[at_n], self._changed[which])
            self._changed[which[moved]] = moment[moved]
            line = which + self._from
            over = self._true[which] >= self._rules.needed[line]
            judge(
                self._rules, lines, line, moment, arrived[at_n], self._true[which].astype(float), over, ~over,
                good[at_n], settle, told,
            )  # fmt: skip
