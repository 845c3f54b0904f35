"""A seeded chemical park with known truth, to live by in the demo and to score alarms against."""

from monitoring.simulate.events import Event, EventKind, event
from monitoring.simulate.incident import Incident, incident
from monitoring.simulate.park import Park, made_up, park_of
from monitoring.simulate.score import Score, score
from monitoring.simulate.simulator import BATCH, Simulator
from monitoring.simulate.truth import TRUTH, truth

__all__ = [
    "BATCH", "TRUTH", "Event", "EventKind", "Incident", "Park", "Score", "Simulator", "event", "incident", "made_up",
    "park_of", "score",
    "truth",
]  # fmt: skip
