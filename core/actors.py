"""Who did it, through which door."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The account, key or process behind a change, and its door (`page`, `api`, `ogc`, `cli`, `job`)."""

    id: str
    name: str
    door: str


SYSTEM_ACTOR = Actor(id="system", name="系统", door="job")
