"""The result of one computed scenario: figures, curves and zones with the receipt that says what they came from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import geopandas as gpd
from pydantic import ConfigDict, TypeAdapter

from core.canonical import canonical_json, sha256
from core.texts import Text
from emergency.evidence import Tier
from emergency.model import Card, Check
from emergency.zones import Zone, zones_frame
from gis.shapes import LonLat

FORM = "onemap-result/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the chain, in SI: a mass rate, a flame's length, a flammable mass; `model` is its card's id."""

    name: str
    title: Text
    value: float
    unit: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One quantity against another: concentration or heat against distance, release rate against time."""

    name: str
    title: Text
    x_title: Text
    x_unit: str
    y_unit: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    model: str

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"curve {self.name} has {len(self.x)} x and {len(self.y)} y")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUsed:
    """A model that took part, as it stood then."""

    id: str
    title: Text
    version: str
    source: str
    tier: Tier

    @classmethod
    def of(cls, card: Card) -> "CardUsed":
        """What a card says now."""
        return cls(id=card.id, title=card.title, version=card.version, source=card.source, tier=card.tier)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUsed:
    """Data that took part: which, as of when they speak, whether anybody verified them; None: nobody said."""

    name: str
    title: Text
    observed_at: datetime | None
    verified: bool
    source: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What must be the same for the same result: the code, the inputs, the models and the data."""

    code_version: str
    computed_at: datetime
    inputs: str
    fingerprint: str
    models: tuple[CardUsed, ...]
    data: tuple[DataUsed, ...] = ()

    @property
    def evidence(self) -> Tier:
        """The weakest evidence among the models: a chain is as strong as that."""
        return max((one.tier for one in self.models), default=Tier.NONE)

    @property
    def given(self) -> dict[str, Any]:
        """The inputs."""
        read: dict[str, Any] = json.loads(self.inputs)
        return read

    @property
    def whole(self) -> bool:
        """The fingerprint is that of the inputs."""
        return self.fingerprint == sha256(self.inputs.encode())


def receipt(
    inputs: Mapping[str, Any],
    *,
    code_version: str,
    computed_at: datetime,
    models: Sequence[Card],
    data: Sequence[DataUsed] = (),
) -> Receipt:
    """A receipt over inputs; equal inputs have one fingerprint, whatever the order they were written in."""
    spelt = canonical_json(dict(inputs)).decode()
    return Receipt(
        code_version=code_version, computed_at=computed_at, inputs=spelt, fingerprint=sha256(spelt.encode()),
        models=tuple({one.id: CardUsed.of(one) for one in models}.values()),
        data=tuple(data),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a scenario came to. `notes` are warnings for the reader; zones are nested, worst first."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_inf_nan="strings", arbitrary_types_allowed=True)

    title: Text
    source: LonLat
    receipt: Receipt
    zones: tuple[Zone, ...] = ()
    figures: tuple[Figure, ...] = ()
    curves: tuple[Curve, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[Text, ...] = ()
    form: str = FORM

    @property
    def outside(self) -> tuple[Check, ...]:
        """Every condition that does not hold, of the whole and of its zones, once."""
        every = (*self.checks, *(check for zone in self.zones for check in zone.checks))
        return tuple(dict.fromkeys(one for one in every if not one.holds))

    @property
    def verified(self) -> bool:
        """All that was drawn rests on levels, data and models that somebody could compare; else it is marked so."""
        levels = all(one.verified for one in self.zones)
        return levels and all(one.verified for one in self.receipt.data) and self.receipt.evidence < Tier.NONE

    def to_json(self) -> bytes:
        """The whole as JSON, to be read back by `result_of`."""
        return _FORM.dump_json(self)

    def frame(self) -> gpd.GeoDataFrame:
        """The zones as a table in EPSG:4490, outermost first."""
        return zones_frame(self.zones)

    def geojson(self) -> dict[str, Any]:
        """The zones that are reached as a FeatureCollection, with the receipt's fingerprint for whoever asks later."""
        frame = self.frame()
        collection: dict[str, Any] = json.loads(frame[frame["reached"]].to_json(drop_id=True))
        collection.pop("crs", None)
        return collection | {
            "title": self.title.zh, "title_en": self.title.en, "verified": self.verified,
            "fingerprint": self.receipt.fingerprint, "code_version": self.receipt.code_version,
            "computed_at": self.receipt.computed_at.isoformat(),
        }  # fmt: skip


_FORM = TypeAdapter(Result)


def result_of(data: bytes | str) -> Result:
    """A result read back from its JSON."""
    return _FORM.validate_json(data)
