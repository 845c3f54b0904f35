"""A layer declared once: everything that stores, serves, checks, draws or documents it is a function of this value."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import Fault, FaultsError
from core.scope import Scope, Sensitivity
from core.texts import Text
from core.units import Metre
from layers.fields import FieldSpec, Kind, fields
from layers.precision import SMALLEST, Precision
from layers.record import Record
from layers.steps import Step, undeclared

AS_DECLARED = Text("按声明登记", "Registered as declared")
AS_NEEDED = Text("随时", "As needed")

LEDGER = "enterprises"
"""The layer whose keys name enterprises; a row of another belongs to the enterprise its first reference there names."""


class Geometry(StrEnum):
    """The kind of geometry kept; lines and polygons are kept as multi-geometries."""

    NONE = "none"
    POINT = "point"
    LINE = "multilinestring"
    POLYGON = "multipolygon"


class Publish(StrEnum):
    """Which doors a layer is published through; rights decide who sees it there."""

    NONE = "none"
    FEATURES = "features"


class Theme(StrEnum):
    """The branch of the layer tree."""

    BASE = "base"
    SUPERVISION = "supervision"
    MONITORING = "monitoring"
    RESOURCE = "resource"
    TARGET = "target"
    EVENT = "event"
    PLANNING = "planning"


THEMES: dict[Theme, Text] = {
    Theme.SUPERVISION: Text("监管对象", "Supervised"),
    Theme.MONITORING: Text("监测感知", "Monitoring"),
    Theme.EVENT: Text("事故", "Accidents"),
    Theme.PLANNING: Text("情景推演", "Scenarios"),
    Theme.RESOURCE: Text("应急资源", "Resources"),
    Theme.TARGET: Text("保护目标", "Protected"),
    Theme.BASE: Text("基础地理", "Base map"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a symbol says: its picture by kind, its grade by a field, its role on the base map.

    `symbol` is the file stem under `layers/symbols`; `by` names the field whose code picks another one from `symbols`;
    `grade` names the field that holds 1 (red) to 4 (blue); `role` is the colour role of lines and polygons in the
    tokens (`trunk`, `sea`, `urban` …), `role_by` the field whose code picks another from `roles`; `verified` names the
    field that says whether somebody checked the row: a polygon that nobody did is hatched.
    """

    symbol: str | None = None
    by: str | None = None
    symbols: dict[str, str] = field(default_factory=dict)
    grade: str | None = None
    role: str | None = None
    role_by: str | None = None
    roles: dict[str, str] = field(default_factory=dict)
    verified: str | None = None
    min_zoom: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The meaning of one layer; see DESIGN "The declarations".

    `shared` rows are seen outside their own area, and by every enterprise, wherever the layer's sensitivity admits
    (roads, hospitals). Rows of other layers with an `enterprise_field` are seen by their own enterprise alone when the
    caller's scope is limited to enterprises; a row that names none is then seen by nobody.
    `precision` is how exactly the public meets the places; what the public may see declares it (decision 0011).
    `counted` names the fields by which people count, narrow and order many rows all day.
    `search` lists the fields full-text search covers; `label` the field that names a feature on the map; `steps` what
    became of fields of earlier schema versions; `made_by` what makes the rows, where people do
    not: such a layer is read at the services and not edited. `stream` names the chain of the feed its entries stand in,
    where they have one of their own with others' (decision 0016); without it the theme's. `whose` names the field by
    which rows belong to what is no enterprise, as orders to a team: a post limited to that one sees them alone.
    """

    id: str
    title: Text
    about: Text
    record: type[Record]
    key: str
    geometry: Geometry
    owner: Text
    theme: Theme
    label: str | None = None
    time: str | None = None
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    shared: bool = False
    search: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    style: Style = Style()
    publish: Publish = Publish.FEATURES
    lineage: Text = AS_DECLARED
    frequency: Text = AS_NEEDED
    schema_version: int = 1
    steps: tuple[Step, ...] = ()
    precision: Precision | None = None
    made_by: Text | None = None
    stream: str | None = None
    whose: str | None = None

    def __post_init__(self) -> None:
        faults = [
            Fault(field=what, value=name, rule=Text("不是本图层的字段", "is not a field of this layer"))
            for what, name in self._named_fields()
            if name not in self.fields
        ]
        if not self.id.isidentifier() or not self.id.islower():
            faults.append(
                Fault(field="id", value=self.id, rule=Text("须为小写英文标识", "must be a lower-case identifier"))
            )
        if self.key in self.fields and self.fields[self.key].kind is not Kind.TEXT:
            faults.append(Fault(field="key", value=self.key, rule=Text("主键须为文本", "the key must be text")))
        if self.cell and (self.geometry is not Geometry.POINT or self.cell < SMALLEST):
            rule = Text(f"只有点图层可以概略化,且不小于 {SMALLEST:g} 米", f"is of points only, {SMALLEST:g} m or more")
            faults.append(Fault(field="precision", value=str(self.cell), rule=rule))
        if not faults:
            kinds = {name: spec.kind for name, spec in self.fields.items()}
            faults = undeclared(self.steps, kinds, (self.key, "area", "sensitivity"), self.schema_version)
        if faults:
            raise FaultsError(faults, Text(f"图层声明有误:{self.id}", f"layer declared wrongly: {self.id} {faults}"))

    def _named_fields(self) -> list[tuple[str, str]]:
        named = [("key", self.key), *(("search", name) for name in self.search)]
        named.extend(("counted", name) for name in self.counted)
        optional = (("whose", self.whose), ("label", self.label), ("time", self.time), ("style.by", self.style.by))
        graded = (("style.grade", self.style.grade), ("style.role_by", self.style.role_by))
        checked = (("style.verified", self.style.verified),)
        named.extend((what, name) for what, name in (*optional, *graded, *checked) if name is not None)
        return named

    @property
    def fields(self) -> dict[str, FieldSpec]:
        """Every field but `geometry`, own fields first."""
        return fields(self.record)

    @property
    def merged_into(self) -> str | None:
        """The field that names the row this one was merged into, in layers whose rows can be merged."""
        return next((name for name, spec in self.fields.items() if spec.merged), None)

    @property
    def enterprise_field(self) -> str | None:
        """The field that names the enterprise a row belongs to, in layers whose rows belong to one."""
        if self.whose is not None:
            return self.whose
        if self.id == LEDGER:
            return self.key
        return next((name for name, spec in self.fields.items() if spec.refers == LEDGER and not spec.merged), None)

    def narrowed_by(self, scope: Scope) -> str | None:
        """The enterprise field, when this scope shows only the rows in which it names one of the caller's own."""
        return None if scope.enterprises is None or self.shared else self.enterprise_field

    @property
    def cell(self) -> Metre:
        """The side of the cells the public meets this layer's places at, 0 where it meets the places themselves."""
        return 0.0 if self.precision is None else self.precision.metres

    def masked(self, scope: Scope) -> bool:
        """A caller with this scope meets the masked copy of the places: at no door the places themselves."""
        return self.cell > 0 and scope.clearance <= Sensitivity.PUBLIC

    def told_precision(self, scope: Scope) -> Text | None:
        """What a caller must be told of the places they meet."""
        return self.precision.said if self.precision is not None and self.masked(scope) else None

    def about_to(self, scope: Scope) -> Text:
        """What the layer is, and how exact its places are for this caller."""
        said = self.told_precision(scope)
        return self.about if said is None else Text(f"{self.about.zh}。{said.zh}", f"{self.about.en}. {said.en}")

    def visible(self, scope: Scope) -> bool:
        """A caller with this scope may know that the layer exists."""
        named = scope.layers is None or self.id in scope.layers
        return named and scope.clearance >= self.sensitivity and not self._follows_other_rows(scope)

    def _follows_other_rows(self, scope: Scope) -> bool:
        """A register at no door says of no row whose it is: one enterprise meets it through its own records only."""
        if scope.enterprises is None or self.shared or self.publish is not Publish.NONE:
            return False
        return self.enterprise_field is None

    def fields_in(self, scope: Scope) -> dict[str, FieldSpec]:
        """The fields a caller with this scope may see, filter by and count by; the key is always among them."""
        return {
            name: spec
            for name, spec in self.fields.items()
            if name == self.key or (spec.sensitivity <= scope.clearance and (self.id, name) not in scope.hidden)
        }

    def holds(self, level: Sensitivity, names: Iterable[str]) -> bool:
        """One of these fields, or the layer as a whole, is of this sensitivity or above."""
        fields = self.fields
        return self.sensitivity >= level or any(name in fields and fields[name].sensitivity >= level for name in names)


class Catalogue:
    """Layers by id, in the order declared; asking for one a scope may not see is as if it were not there."""

    def __init__(self, *layers: Layer) -> None:
        twice = {layer.id for layer in layers if sum(other.id == layer.id for other in layers) > 1}
        if twice:
            raise ValueError(f"declared twice: {sorted(twice)}")
        self._layers = {layer.id: layer for layer in layers}

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._layers.values())

    def __getitem__(self, layer_id: str) -> Layer:
        return self._layers[layer_id]

    def __contains__(self, layer_id: object) -> bool:
        return layer_id in self._layers

    def __len__(self) -> int:
        return len(self._layers)

    def seen_by(self, scope: Scope) -> list[Layer]:
        """The layers a caller may know of."""
        return [layer for layer in self._layers.values() if layer.visible(scope)]

    def find(self, layer_id: str, scope: Scope) -> Layer | None:
        """One layer, or None if it does not exist for this caller."""
        layer = self._layers.get(layer_id)
        return layer if layer is not None and layer.visible(scope) else None
