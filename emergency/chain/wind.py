"""The wind as the models ask for it, at ten metres, wherever it was measured."""

from core.units import Metre, Speed
from emergency.model import Card
from emergency.models.dispersion.obukhov import surface_layer_wind
from emergency.scenario import Scenario

REFERENCE: Metre = 10.0


def reference_wind(scenario: Scenario) -> tuple[Speed, tuple[Card, ...]]:
    """The speed at ten metres, and the card of the profile it was brought there by, if it had to be."""
    air = scenario.weather
    if air.wind_height == REFERENCE:
        return air.wind_speed, ()
    speed = surface_layer_wind(
        wind_speed=air.wind_speed,
        wind_height=air.wind_height,
        height=REFERENCE,
        roughness=scenario.ground.roughness,
        stability=air.stability,
    )
    return speed, (surface_layer_wind.card,)
