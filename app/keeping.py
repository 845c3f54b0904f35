"""Scenarios kept on the server: computed here and nowhere else, committed whole with their files, never erased."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import shapely
from pydantic import ValidationError

from app.planning import Computed
from core.caller import Caller
from core.clock import CHINA, Clock
from core.errors import BadInputError, ConflictError, Fault, FaultsError, ForbiddenError, NotFoundError
from core.ids import new_id
from core.scope import Scope
from core.texts import Text
from core.units import Metre
from emergency.chain.history import history
from emergency.chemicals import substance
from emergency.grids import cog, ground
from emergency.keeping import Kept, Made, kept, withdrawn
from emergency.result import result_of
from emergency.scenario import Place, Scenario, read_scenario, scenario
from emergency.zones import Zone
from gis.shapes import LonLat
from layers.catalogue import AREAS, ENTERPRISES, HAZARD_SOURCES, SCENARIO_BANDS, SCENARIO_ZONES, SCENARIOS
from layers.catalogue.hazards import HazardSource
from layers.catalogue.scenarios import KeptScenario
from layers.filters import Compare, Op, Spatial, SpatialOp
from layers.layer import Layer
from layers.validation.jurisdiction import LEVELS
from store.attachments import Attached, Cabinet
from store.feed import Delete, Edit, Put
from store.protocol import Store, Stored
from store.query import Query
from store.rights import owned

LAYERS = (SCENARIOS, SCENARIO_ZONES, SCENARIO_BANDS)
NAMES = frozenset(layer.id for layer in LAYERS)
POINTS = 20
"""Places whose course in time is kept with a scenario."""

YAML, JSON, TIFF = "application/yaml", "application/json", "image/tiff; application=geotiff; profile=cloud-optimized"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """In which area a scenario lies and whose it is."""

    area: str
    enterprise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far one level reached before and after; None where there was or is no such level."""

    id: str
    level: Text
    before: Metre | None
    after: Metre | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What a computation anew by the present code has changed; a level is the same where its id is."""

    before: KeptScenario
    after: Stored
    reaches: tuple[Reach, ...]


class Archive:
    """The kept scenarios of one store, as one caller after another meets them."""

    def __init__(self, store: Store, cabinet: Cabinet, clock: Clock) -> None:
        self.store = store
        self.cabinet = cabinet
        self._clock = clock

    def where(self, wish: Scenario, scope: Scope, enterprise: str = "") -> Where:
        """Area by where the place lies, enterprise by the hazard source or as told; refused outside one's own."""
        if any(self.store.catalogue.find(name, scope) is None for name in sorted(NAMES)):
            raise ForbiddenError(Text("您的岗位不能保存推演情景", "your role may not keep scenarios"))
        area = self._area(wish, scope)
        return Where(area=area, enterprise=self._enterprise(wish, scope, enterprise))

    def keep(self, one: Computed, where: Where, caller: Caller, points: Sequence[LonLat] = ()) -> Stored:
        """A scenario with its zones, bands and files, in one commit."""
        now = self._clock()
        made = Made(
            code=f"QJ{now.astimezone(CHINA):%Y%m%d}-{new_id().replace('-', '')[-12:]}", by=caller.actor.name,
            account=_person(caller), at=now, area=where.area, enterprise=where.enterprise,
            chemical_name=_named(one.scenario.chemical),
        )  # fmt: skip
        rows = kept(one.scenario, one.result, one.inside.people, made)
        self._commit(rows, one, points, (), 0, caller, reason="保存推演情景")
        return self.one(made.code, caller.scope)

    def again(self, before: Stored, one: Computed, caller: Caller) -> Again:
        """The next version of a kept scenario, computed by the present code; who kept it and when stay."""
        row, scope = record(before), caller.scope
        self._theirs_to_change(row, caller)
        if row.state != "current":
            raise ConflictError(Text(f"情景“{row.code}”已撤回", f"scenario {row.code!r} was withdrawn"), key=row.code)
        made = Made(
            code=row.code, by=row.made_by, account=row.account, at=row.made_at, area=row.area,
            enterprise=row.enterprise, chemical_name=row.chemical_name,
        )  # fmt: skip
        rows = kept(one.scenario, one.result, one.inside.people, made)
        then = result_of(self.result_file(row, scope))
        written = {SCENARIO_ZONES.id: {z.code for z in rows.zones}, SCENARIO_BANDS.id: {b.code for b in rows.bands}}
        gone = [edit for edit in self._removals(row.code, scope) if edit.key not in written[edit.layer]]
        self._commit(rows, one, (), gone, before.version, caller, reason="按现行程序重新计算")
        return Again(before=row, after=self.one(row.code, scope), reaches=tuple(_beside(then.zones, one.result.zones)))

    def withdraw(self, key: str, reason: str, caller: Caller) -> Stored:
        """Off every map; the row says since when and why, and every version and file stays."""
        scope = caller.scope
        before = self.one(key, scope)
        row = record(before)
        self._theirs_to_change(row, caller)
        if row.state != "current":
            raise ConflictError(Text(f"情景“{key}”已撤回", f"scenario {key!r} was withdrawn already"), key=key)
        after = withdrawn(row, at=self._clock(), why=reason)
        edits: list[Edit] = [Put(layer=SCENARIOS.id, record=after, expected=before.version)]
        edits += self._removals(key, scope)
        self.store.commit(edits, actor=caller.actor, reason=reason, scope=_writing(scope))
        return self.one(key, scope)

    def one(self, key: str, scope: Scope) -> Stored:
        """A kept scenario; NotFoundError when it is not open to the caller."""
        layer = self.store.catalogue.find(SCENARIOS.id, scope)
        if layer is None:
            raise NotFoundError(Text(f"没有推演情景“{key}”", f"no scenario {key!r}"), key=key)
        return self.store.get(layer, key, scope=scope)

    def files(self, key: str, scope: Scope) -> tuple[Attached, ...]:
        """Everything attached to a scenario, oldest first."""
        return self.cabinet.of(SCENARIOS, key, scope=scope)

    def scenario_file(self, row: KeptScenario, scope: Scope) -> str:
        """The file as it was kept, under the hash that the row names."""
        return self._file(row, row.scenario_sha256, scope).decode()

    def result_file(self, row: KeptScenario, scope: Scope) -> bytes:
        """The result as it was kept, under the hash that the row names."""
        return self._file(row, row.result_sha256, scope)

    def may_change(self, row: KeptScenario, caller: Caller) -> bool:
        """One's own, or any in one's areas for a role that may write the layer."""
        return row.account == _person(caller) or caller.scope.may_write(SCENARIOS.id)

    def _file(self, row: KeptScenario, sha256: str, scope: Scope) -> bytes:
        found = next((one for one in self.files(row.code, scope) if one.record.sha256 == sha256), None)
        if found is None or not found.path.is_file():
            raise NotFoundError(Text(f"情景“{row.code}”的文件缺失", f"a file of scenario {row.code!r} is missing"))
        return found.path.read_bytes()

    def _theirs_to_change(self, row: KeptScenario, caller: Caller) -> None:
        owned(SCENARIOS, row.code, row.enterprise, caller.scope)
        if not self.may_change(row, caller):
            raise ForbiddenError(
                Text(
                    f"情景“{row.code}”由{row.made_by}保存,只有本人或监管人员可以撤回或重新计算",
                    f"scenario {row.code!r} was kept by {row.made_by}: they or a regulator may change it",
                ),
                key=row.code,
            )

    def _commit(
        self, rows: Kept, one: Computed, points: Sequence[LonLat], more: Sequence[Edit], expected: int,
        caller: Caller, *, reason: str,
    ) -> None:  # fmt: skip
        owned(SCENARIOS, rows.scenario.code, rows.scenario.enterprise, caller.scope)
        edits: list[Edit] = [Put(layer=SCENARIOS.id, record=rows.scenario, expected=expected)]
        edits += [Put(layer=SCENARIO_ZONES.id, record=row) for row in rows.zones]
        edits += [Put(layer=SCENARIO_BANDS.id, record=row) for row in rows.bands]
        with ExitStack() as stack:
            drafts = [
                stack.enter_context(self.cabinet.made(content, name, kind))
                for content, name, kind in self._contents(rows, one, points, first=expected == 0)
            ]
            self.cabinet.keep_with(
                [*edits, *more],
                [(SCENARIOS, rows.scenario, drafts)],
                actor=caller.actor,
                reason=reason,
                scope=_writing(caller.scope),
            )

    def _contents(
        self, rows: Kept, one: Computed, points: Sequence[LonLat], *, first: bool
    ) -> Iterator[tuple[bytes, str, str]]:  # fmt: skip
        """What is attached: the scenario once, of each computation result and grid, the courses at points asked for."""
        stamp = f"{rows.scenario.computed_at.astimezone(CHINA):%Y%m%d-%H%M%S}"
        if first:
            yield rows.scenario_file, "scenario.yaml", YAML
        yield rows.result_file, f"result-{stamp}.json", JSON
        computed = scenario(one.result.receipt.given)
        if any(zone.reached for zone in one.result.zones):
            yield cog(ground(computed, code_version=version("onemap"))), f"ground-{stamp}.tif", TIFF
        for place, point in enumerate(points, 1):
            yield history(computed, point).to_json(), f"point-{place}-{stamp}.json", JSON

    def _removals(self, key: str, scope: Scope) -> list[Delete]:
        return [
            Delete(layer=layer.id, key=code)
            for layer in (SCENARIO_ZONES, SCENARIO_BANDS)
            for code in self.rows(layer, key, scope, "code")["code"].to_pylist()
        ]

    def rows(self, layer: Layer, key: str, scope: Scope, *fields: str) -> Any:
        """The zones or bands of one scenario as a table, worst first."""
        where = Compare("scenario", Op.EQ, key)
        return self.store.read(layer, Query(where=where, fields=fields or None, geometry=False), scope=scope)

    def _area(self, wish: Scenario, scope: Scope) -> str:
        point = shapely.Point(wish.place.lon, wish.place.lat)
        query = Query(where=Spatial(SpatialOp.INTERSECTS, point), fields=("code", "name", "level"), geometry=False)
        found = self.store.read(AREAS, query, scope=scope).to_pylist()
        ranked = sorted(
            (LEVELS.index(row["level"]), row["code"], row["name"]) for row in found if row["level"] in LEVELS
        )
        said = f"{wish.place.lon:g}, {wish.place.lat:g}"
        if not ranked:
            rule = Text("不在本市任何镇街或区县内", "lies in no town or district of this city")
            raise FaultsError([Fault(field="place", value=said, rule=rule)])
        _, code, name = ranked[0]
        if not scope.covers(code):
            raise ForbiddenError(
                Text(
                    f"情景地点({said})位于{name},不在您的管辖范围内",
                    f"the place ({said}) lies in {name}, outside your own areas",
                ),
                field="place",
            )
        return str(code)

    def _enterprise(self, wish: Scenario, scope: Scope, told: str) -> str:
        if wish.hazard_source:
            try:
                found = self.store.get(HAZARD_SOURCES, wish.hazard_source, scope=scope).record
            except NotFoundError as error:
                rule = Text("没有这个重大危险源,或不在您的范围内", "is no hazard source that is open to you")
                raise FaultsError([Fault(field="hazard_source", value=wish.hazard_source, rule=rule)]) from error
            assert isinstance(found, HazardSource)
            if told and told != found.enterprise:
                rule = Text(f"该重大危险源属于 {found.enterprise}", f"the hazard source is of {found.enterprise}")
                raise FaultsError([Fault(field="enterprise", value=told, rule=rule)])
            return found.enterprise
        mine = scope.enterprises
        if not told and mine is not None and len(mine) == 1:
            return next(iter(mine))
        if not told and mine is None:
            return ""
        if not told or not self.store.count(ENTERPRISES, Query(where=Compare("uscc", Op.EQ, told)), scope=scope):
            rule = Text("应为您可见的企业的统一社会信用代码", "must be the code of an enterprise open to you")
            raise FaultsError([Fault(field="enterprise", value=told, rule=rule)])
        return told


def record(stored: Stored) -> KeptScenario:
    """The row as what it is."""
    if not isinstance(stored.record, KeptScenario):
        raise TypeError(type(stored.record))
    return stored.record


def points_of(given: object) -> tuple[LonLat, ...]:
    """Places of a request: `[{"lon": …, "lat": …}]`."""
    if given is None:
        return ()
    rule = Text(f"应为至多 {POINTS} 个 {{lon, lat}}", f"must be at most {POINTS} of {{lon, lat}}")
    bad = FaultsError([Fault(field="points", value=str(given)[:60], rule=rule)])
    if not isinstance(given, list) or len(given) > POINTS:
        raise bad
    try:
        return tuple(Place.model_validate(one).point for one in given)
    except ValidationError as error:
        raise bad from error


def read_kept(text: str) -> Scenario:
    """A kept file by the present form. Raises ConflictError when the form has changed too far."""
    try:
        return read_scenario(text)
    except BadInputError as error:
        raise ConflictError(
            Text(
                f"保存的情景已不能按现行格式读取:{error.text.zh}",
                f"the kept file is not of today's form: {error.text.en}",
            )
        ) from error


def _person(caller: Caller) -> str:
    """Who somebody is: the account's id, for a login would tell an enterprise where to try passwords."""
    return caller.account or caller.actor.id


def _writing(scope: Scope) -> Scope:
    """The right to plan lets somebody write these layers alone; whose firm a row is of has been asked before."""
    writable = None if scope.writable is None else scope.writable | NAMES
    return replace(scope, writable=writable, enterprises=None)


def _beside(before: Sequence[Zone], after: Sequence[Zone]) -> Iterator[Reach]:
    """Levels of both, in order, by the name the later gives them."""
    then, now = ({one.level.id: one for one in zones} for zones in (before, after))
    for id in dict.fromkeys((*then, *now)):
        was, is_ = then.get(id), now.get(id)
        named = is_ or then[id]
        yield Reach(
            id=id, level=named.level.name, before=None if was is None else was.distance,
            after=None if is_ is None else is_.distance,
        )  # fmt: skip


def _named(cas: str) -> str:
    try:
        return substance(cas).name.zh
    except NotFoundError:
        return ""
