"""What a blast wave does at a place: the parameters every method of condensed explosions answers with."""

from dataclasses import dataclass

from core.units import Numbers, Pascals, PascalSeconds, ScaledDistances, Seconds, Speeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Blast:
    """The shock at each of the places asked for."""

    incident_overpressure: Pascals
    incident_impulse: PascalSeconds
    reflected_overpressure: Pascals
    reflected_impulse: PascalSeconds
    arrival_time: Seconds
    positive_duration: Seconds
    shock_velocity: Speeds
    dynamic_pressure: Pascals


def scaled_distance(distance: Numbers, tnt_mass: Numbers) -> ScaledDistances:
    """Hopkinson and Cranz: equal charges at equal Z = R / W^(1/3) are alike."""
    return distance / tnt_mass ** (1 / 3)


def dynamic_pressure(overpressure: Numbers, ambient_pressure: Numbers = 101_325.0) -> Pascals:
    """The wind behind the shock, 5 P² / (2 (P + 7 P0)), of air as an ideal gas of ratio 1.4."""
    return 5 * overpressure**2 / (2 * (overpressure + 7 * ambient_pressure))
