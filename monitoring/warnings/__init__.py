"""Early warnings by the Emergency Response Law: their life, and the CAP 1.2 messages that tell of them."""

from monitoring.warnings.life import Case, Person, State, Step, drafted, missing, taken
from monitoring.warnings.messages import message

__all__ = ["Case", "Person", "State", "Step", "drafted", "message", "missing", "taken"]
