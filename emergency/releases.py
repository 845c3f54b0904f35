"""The kinds of release a scenario may have, each with the fields its chain of models asks for."""

from typing import Literal, Self

from pydantic import model_validator

from emergency.form import Area, Duration, Length, Mass, MassRate, Part, Pressure, Share, Temperature


class Direct(Part):
    """So much a second, for so long; without a temperature of its own it is as warm as the air."""

    kind: Literal["direct"]
    mass_rate: MassRate
    duration: Duration
    release_height: Length = 0.0
    release_temperature: Temperature | None = None


class Instantaneous(Part):
    """All at once: gas, or with the temperature it was stored at a liquid under pressure that flashes.

    Without either temperature it is gas as warm as the air.
    """

    kind: Literal["instantaneous"]
    mass: Mass
    upstream_temperature: Temperature | None = None
    release_temperature: Temperature | None = None
    release_height: Length = 0.0

    @model_validator(mode="after")
    def _one_state(self) -> Self:
        if self.upstream_temperature is not None and self.release_temperature is not None:
            raise ValueError(
                "容器内温度(upstream_temperature)与释放温度(release_temperature)只填一个\n"
                "give upstream_temperature or release_temperature, not both"
            )
        return self


class LiquidHole(Part):
    """A liquefied gas through a hole or short pipe, all of it airborne."""

    kind: Literal["liquid-hole"]
    hole_diameter: Length
    upstream_pressure: Pressure
    upstream_temperature: Temperature
    liquid_head: Length = 0.0
    pipe_length: Length = 0.0
    mass: Mass
    duration: Duration
    release_height: Length = 0.0


class GasHole(Part):
    """Gas through a hole, choked or not."""

    kind: Literal["gas-hole"]
    hole_diameter: Length
    upstream_pressure: Pressure
    upstream_temperature: Temperature
    mass: Mass
    duration: Duration
    release_height: Length = 0.0


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


Release = Direct | Instantaneous | LiquidHole | GasHole | Pool | PoolFire | JetFire | Fireball | CloudExplosion | Charge
