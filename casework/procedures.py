"""The versions of each procedure in one store: which is in force, which a running case keeps, who published what.

What the program declares is published by itself as long as nobody else published anything; the version that an
administrator published stays in force, and a declaration that the program brings later is offered to them.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property

from casework.casetype import CaseType
from casework.versions import Data, Function, as_data, body, digest, from_body, own_titles
from core.actors import SYSTEM_ACTOR, Actor
from core.clock import CHINA, Clock
from core.errors import ConflictError, FaultsError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Text
from layers.catalogue.casework import PROCEDURES, Procedure
from layers.filters import Compare, In, Missing, Op
from store.feed import Put
from store.protocol import Store
from store.query import COUNT, Order, Query

_log = logging.getLogger(__name__)

TRIES = 5


class Origin(StrEnum):
    """Whose decision a version is (code list `procedure_origin`)."""

    PROGRAM = "program"
    ADMINISTRATOR = "administrator"


class Procedures:
    """Published versions; one that is published counts at once in every process, for each asks the rows."""

    def __init__(self, store: Store, clock: Clock, functions: Mapping[str, Function]) -> None:
        self.store = store
        self.functions = functions
        self._clock = clock

    @cached_property
    def _read(self) -> dict[tuple[str, int], CaseType]:
        return {}

    @cached_property
    def _named(self) -> dict[tuple[str, int], dict[str, Text]]:
        return {}

    def current(self, of: CaseType) -> CaseType:
        """The procedure that new cases begin with."""
        return self._version(of, self.in_force(of))

    def in_force(self, of: CaseType) -> Procedure:
        """The newest version as kept; the program publishes what it declares unless an administrator was last."""
        for _ in range(TRIES):
            kept = self.published(of)
            told = any(one.digest == digest(of) for one in kept)
            if kept and (told or kept[0].origin == Origin.ADMINISTRATOR):
                return kept[0]
            try:
                self.publish(replace(of, version=(kept[0].version if kept else 0) + 1), actor=SYSTEM_ACTOR)
            except ConflictError:  # another process was quicker
                continue
        raise ConflictError(Text(f"流程 {of.id} 正在被他人发布", f"procedure {of.id} is being published by others"))

    def offered(self, of: CaseType) -> Data | None:
        """What the program declares now, where no published version says the same."""
        return None if any(one.digest == digest(of) for one in self.published(of)) else as_data(of)

    def publish(
        self, of: CaseType, *, actor: Actor, origin: Origin = Origin.PROGRAM, reason: str = "", account: str = ""
    ) -> Procedure:
        """Keep a version; one that is there already is not overwritten, and who was first is told."""
        row = Procedure(
            code=f"{of.id}/{of.version:04d}", system=of.id, version=of.version, digest=digest(of), body=body(of),
            published_at=self._clock(), published_by=actor.name, account=account, origin=origin, reason=reason,
            sensitivity=Sensitivity.INTERNAL,
        )  # fmt: skip
        said = f"发布流程:{of.title.zh} v{of.version}" + (f":{reason}" if reason else "")
        edit = Put(layer=PROCEDURES.id, record=row, expected=0)
        try:
            self.store.commit([edit], actor=actor, reason=said, scope=SYSTEM_SCOPE)
        except ConflictError as error:
            raise self.overtaken(of) from error
        return row

    def overtaken(self, of: CaseType) -> ConflictError:
        """Who published last, for somebody who has worked from an earlier version."""
        last = next(iter(self.published(of)), None)
        if last is None:
            return ConflictError(
                Text(f"流程 {of.id} 正在被他人发布", f"procedure {of.id} is being published by others")
            )
        when = last.published_at.astimezone(CHINA)
        return ConflictError(
            Text(
                f"{last.published_by}已于 {when:%m-%d %H:%M} 发布第 {last.version} 版,请对照后再发布",
                f"{last.published_by} published version {last.version} at {when:%m-%d %H:%M}: compare first",
            ),
            system=of.id, version=last.version,
        )  # fmt: skip

    def published(self, of: CaseType) -> list[Procedure]:
        """Every version of a procedure, the newest first."""
        query = Query(where=Compare("system", Op.EQ, of.id), order=(Order("version", descending=True),), geometry=False)
        rows = self.store.read(PROCEDURES, query, scope=SYSTEM_SCOPE).to_pylist()
        return [Procedure.model_validate({name: row[name] for name in PROCEDURES.fields}) for row in rows]

    def sound(self, of: CaseType) -> list[Procedure]:
        """Those of them that the program can still run; what is wrong with the others is said where they are used."""
        return [kept for kept in self.published(of) if self._runs(of, kept)]

    def _runs(self, of: CaseType, kept: Procedure) -> bool:
        try:
            self._version(of, kept)
        except FaultsError as wrong:
            _log.warning("nobody is reminded of cases of %s version %d: %s", of.id, kept.version, wrong)
            return False
        return True

    def version(self, of: CaseType, version: int) -> CaseType:
        """The procedure a running case keeps."""
        if (of.id, version) in self._read:
            return self._read[of.id, version]
        found = self.store.get(PROCEDURES, f"{of.id}/{version:04d}", scope=SYSTEM_SCOPE).record
        assert isinstance(found, Procedure)
        return self._version(of, found)

    def running(self, of: CaseType) -> dict[int, int]:
        """How many open cases run by which version."""
        query = Query(where=Missing("closed_at"))
        found = self.store.totals(of.register, query, by=("process",), of=(COUNT,), scope=SYSTEM_SCOPE).to_pylist()
        return {int(row["process"]): int(row["count"]) for row in found}

    def titles(self, of: CaseType) -> dict[str, Text]:
        """What every state says that any version has."""
        return self.titles_of((of,))[of.id]

    def titles_of(self, systems: Sequence[CaseType]) -> dict[str, dict[str, Text]]:
        """The same of several systems, each by its id, in one question."""
        wanted = In("system", tuple(of.id for of in systems))
        query = Query(where=wanted, order=(Order("version"),), fields=("system", "version"), geometry=False)
        kept: dict[str, list[int]] = {}
        for row in self.store.read(PROCEDURES, query, scope=SYSTEM_SCOPE).to_pylist():
            kept.setdefault(row["system"], []).append(row["version"])
        return {
            of.id: {code: of.state_title(code) for code in of.state_codes}
            | {code: text for version in kept.get(of.id, ()) for code, text in self._own(of, version).items()}
            for of in systems
        }

    def _own(self, of: CaseType, version: int) -> dict[str, Text]:
        """What the states of a version's own are called; a version never changes, so it is read once."""
        known = self._named.get((of.id, version))
        if known is None:
            kept = self.store.get(PROCEDURES, f"{of.id}/{version:04d}", scope=SYSTEM_SCOPE).record
            assert isinstance(kept, Procedure)
            known = self._named[of.id, version] = own_titles(kept.body)
        return known

    def _version(self, of: CaseType, kept: Procedure) -> CaseType:
        known = self._read.get((of.id, kept.version))
        if known is None:
            known = self._read[of.id, kept.version] = from_body(kept.body, kept.version, of, self.functions)
        return known
