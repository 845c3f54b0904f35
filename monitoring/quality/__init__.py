"""What a reading is worth: doubts raised as it comes in, and what the newest one still says as it ages."""

from monitoring.quality.checks import Quality
from monitoring.quality.flags import Flag
from monitoring.quality.parameters import Parameters, parameters, practice
from monitoring.quality.standing import State, standing

__all__ = ["Flag", "Parameters", "Quality", "State", "parameters", "practice", "standing"]
