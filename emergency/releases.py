"""The kinds of release a scenario may have, each with the fields its chain of models asks for."""

from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import SerializerFunctionWrapHandler, ValidationError, model_serializer, model_validator

from emergency.form import Area, Duration, Length, Mass, MassRate, Part, Pressure, Share, Temperature, Volume
from emergency.models.explosion.baker_strehlow_tang import Congestion, Reactivity
from emergency.models.sources.vessel import Shape
from emergency.quantities import QUANTITIES


class Direct(Part):
    """So much a second, for so long; without a temperature of its own it is as warm as the air."""

    kind: Literal["direct"]
    mass_rate: MassRate
    duration: Duration
    release_height: Length = 0.0
    release_temperature: Temperature | None = None


class Instantaneous(Part):
    """All at once: gas, or with the temperature it was stored at a liquid, which flashes or spreads to a pool.

    Without either temperature it is gas as warm as the air; `pool_area` is the most a spill may cover, a bund's.
    """

    kind: Literal["instantaneous"]
    mass: Mass
    upstream_temperature: Temperature | None = None
    release_temperature: Temperature | None = None
    release_height: Length = 0.0
    pool_area: Area | None = None

    @model_validator(mode="after")
    def _one_state(self) -> Self:
        if self.upstream_temperature is not None and self.release_temperature is not None:
            raise ValueError(
                "容器内温度(upstream_temperature)与释放温度(release_temperature)只填一个\n"
                "give upstream_temperature or release_temperature, not both"
            )
        return self


class LiquidHole(Part):
    """Liquid through a hole or short pipe: airborne where it boils in the air, else a pool, within a bund if given.

    With the size of the vessel and how full it is it empties in time; with a mass alone the first rate lasts until that
    is gone.
    """

    kind: Literal["liquid-hole"]
    hole_diameter: Length
    upstream_temperature: Temperature
    duration: Duration
    upstream_pressure: Pressure | None = None
    mass: Mass | None = None
    liquid_head: Length = 0.0
    pipe_length: Length = 0.0
    vessel_shape: Shape = Shape.HORIZONTAL
    vessel_diameter: Length | None = None
    vessel_length: Length | None = None
    fill_fraction: Share | None = None
    hole_height: Length = 0.0
    pool_area: Area | None = None
    release_height: Length = 0.0

    @property
    def vessel(self) -> bool:
        """A vessel is given, to empty in time."""
        return self.vessel_diameter is not None or self.fill_fraction is not None or self.vessel_length is not None

    @model_validator(mode="after")
    def _contents(self) -> Self:
        if not self.vessel:
            _needed(self, ("mass", "upstream_pressure"), "或给出容器尺寸与充装率", "or the vessel and how full it is")
            return self
        length = () if self.vessel_shape is Shape.SPHERE else ("vessel_length",)
        _needed(self, ("vessel_diameter", *length, "fill_fraction"), "容器随时间排空", "for a vessel that empties")
        for name in ("mass", "liquid_head"):
            if getattr(self, name):
                title = QUANTITIES[name].title
                raise ValueError(
                    f"已给出容器,{title.zh}({name})由充装率算出,请勿填写\n"
                    f"a vessel is given: {title.en} ({name}) follows from how full it is, leave it out"
                )
        return self


class GasHole(Part):
    """Gas through a hole, choked or not.

    With the volume of the vessel it blows down in time; with a mass the first rate lasts until that is gone, as it does
    while a boiling liquid keeps the pressure up.
    """

    kind: Literal["gas-hole"]
    hole_diameter: Length
    upstream_pressure: Pressure
    upstream_temperature: Temperature
    duration: Duration
    mass: Mass | None = None
    vessel_volume: Volume | None = None
    release_height: Length = 0.0

    @model_validator(mode="after")
    def _contents(self) -> Self:
        if (self.mass is None) == (self.vessel_volume is None):
            raise ValueError(
                "质量(mass)与容器容积(vessel_volume)填且只填一个\ngive mass (mass) or the vessel's volume "
                "(vessel_volume), one of both"
            )
        return self


class Pool(Part):
    """A pool that evaporates."""

    kind: Literal["pool"]
    mass: Mass
    pool_area: Area
    duration: Duration
    release_temperature: Temperature | None = None


class PoolFire(Part):
    """A pool that burns."""

    kind: Literal["pool-fire"]
    pool_area: Area


class JetFire(Part):
    """A burning jet."""

    kind: Literal["jet-fire"]
    hole_diameter: Length
    upstream_pressure: Pressure
    upstream_temperature: Temperature
    release_height: Length = 1.0


class Fireball(Part):
    """A vessel that bursts in a fire and what of it burns at once."""

    kind: Literal["fireball"]
    mass: Mass


class CloudExplosion(Part):
    """A vapour cloud of so much fuel that explodes."""

    kind: Literal["vapour-cloud-explosion"]
    mass: Mass
    blast_yield: Share


class Charge(Part):
    """A condensed explosive, as the TNT it equals."""

    kind: Literal["tnt"]
    tnt_mass: Mass


class VesselBurst(Part):
    """A vessel that bursts of the gas in it."""

    kind: Literal["vessel-burst"]
    burst_pressure: Pressure
    vessel_volume: Volume
    upstream_temperature: Temperature | None = None


class Leak(StrEnum):
    """What a cloud that is lit later comes from: the kinds of release that make one."""

    DIRECT = "direct"
    INSTANTANEOUS = "instantaneous"
    LIQUID_HOLE = "liquid-hole"
    GAS_HOLE = "gas-hole"
    POOL = "pool"


Escape = Direct | Instantaneous | LiquidHole | GasHole | Pool
ESCAPES: dict[Leak, type[Escape]] = {
    Leak.DIRECT: Direct,
    Leak.INSTANTANEOUS: Instantaneous,
    Leak.LIQUID_HOLE: LiquidHole,
    Leak.GAS_HOLE: GasHole,
    Leak.POOL: Pool,
}


class Ignited(Part):
    """What escapes, to be lit after it has spread: `leak` says which kind, and the fields are that kind's."""

    kind: Literal["flash-fire", "vapour-cloud"]
    leak: Leak
    mass_rate: MassRate | None = None
    mass: Mass | None = None
    duration: Duration | None = None
    hole_diameter: Length | None = None
    upstream_pressure: Pressure | None = None
    upstream_temperature: Temperature | None = None
    release_temperature: Temperature | None = None
    vessel_volume: Volume | None = None
    vessel_shape: Shape = Shape.HORIZONTAL
    vessel_diameter: Length | None = None
    vessel_length: Length | None = None
    fill_fraction: Share | None = None
    hole_height: Length = 0.0
    liquid_head: Length = 0.0
    pipe_length: Length = 0.0
    pool_area: Area | None = None
    release_height: Length = 0.0

    @property
    def escape(self) -> Escape:
        """The same as a release of its own kind."""
        kind = ESCAPES[self.leak]
        given = {name: getattr(self, name) for name in kind.model_fields if name != "kind"}
        return kind.model_validate({"kind": self.leak.value} | {k: v for k, v in given.items() if v is not None})

    @model_serializer(mode="wrap")
    def _what_it_has_use_for(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What is written leaves out the fields of other ways to escape."""
        used = ESCAPES[self.leak].model_fields
        others = {name for name in Ignited.model_fields if name not in used and name != "leak"}
        return {name: value for name, value in written(self).items() if name not in others}

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        kind = ESCAPES[self.leak]
        required = tuple(name for name, field in kind.model_fields.items() if field.is_required() and name != "kind")
        _needed(self, required, f"leak 为 {self.leak}", f"leak is {self.leak}")
        for name, field in Ignited.model_fields.items():
            if name != "leak" and name not in kind.model_fields and getattr(self, name) != field.default:
                raise ValueError(
                    f"leak 为 {self.leak} 时不用 {name},请勿填写\n"
                    f"leak is {self.leak}: {name} has no meaning, leave it out"
                )
        try:
            self.escape  # noqa: B018
        except ValidationError as wrong:
            raise ValueError(wrong.errors()[0]["msg"].removeprefix("Value error, ")) from None
        return self


class FlashFire(Ignited):
    """A cloud that is lit after it has spread and burns without a blast."""

    kind: Literal["flash-fire"]


class BlastModel(StrEnum):
    """What makes the overpressure of a cloud."""

    BAKER_STREHLOW_TANG = "baker-strehlow-tang"
    ALOHA = "baker-strehlow-tang-aloha"
    TNT = "tnt-equivalence"


class VapourCloud(Ignited):
    """A cloud that is lit after it has spread and explodes; with a yield TNT is compared."""

    kind: Literal["vapour-cloud"]
    reactivity: Reactivity
    congestion: Congestion
    blast_model: BlastModel = BlastModel.BAKER_STREHLOW_TANG
    blast_yield: Share | None = None

    @model_validator(mode="after")
    def _yield_for_tnt(self) -> Self:
        if self.blast_model is BlastModel.TNT:
            _needed(self, ("blast_yield",), "TNT 当量法需要", "for TNT")
        return self


Release = (
    Direct
    | Instantaneous
    | LiquidHole
    | GasHole
    | Pool
    | PoolFire
    | JetFire
    | Fireball
    | FlashFire
    | VapourCloud
    | CloudExplosion
    | VesselBurst
    | Charge
)


def _needed(part: Part, names: tuple[str, ...], zh: str, en: str) -> None:
    """Raises ValueError naming every one of these fields that is missing."""
    missing = [name for name in names if getattr(part, name) is None]
    if missing:
        titles = [QUANTITIES[name].title for name in missing]
        raise ValueError(
            f"请填写{'、'.join(f'{title.zh}({name})' for title, name in zip(titles, missing, strict=True))},{zh}\n"
            f"{', '.join(f'{title.en} ({name})' for title, name in zip(titles, missing, strict=True))} missing, {en}"
        )
