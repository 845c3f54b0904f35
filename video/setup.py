"""A file of rules as a site writes it: zones in pixels, and what is watched for in them."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from video.episodes import Timing
from video.rules.kinds import kinds
from video.rules.rule import Kind, Rule
from video.thresholds import threshold
from video.zones import Zone

LARGEST = 256 * 1024
LEAST = threshold("people.least")

Seconds = Annotated[float, Field(ge=0, le=86_400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Rule(_Strict):
    id: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Kind
    zone: str
    people: Annotated[int, Field(ge=0, le=1000)] = 1
    after_s: Seconds | None = None
    bridge_s: Seconds | None = None
    clear_s: Seconds | None = None
    least: Annotated[float, Field(ge=0.05, le=0.99)] = LEAST


class _File(_Strict):
    zones: dict[str, Annotated[list[tuple[float, float]], Field(min_length=3, max_length=200)]]
    rules: Annotated[list[_Rule], Field(min_length=1, max_length=100)]


def rules_of(path: Path) -> tuple[Rule, ...]:
    """The rules of a file. Raises: BadInputError where it is none, FaultsError with every fault at its field."""
    if path.stat().st_size > LARGEST:
        raise BadInputError(Text("规则文件超过 256 kB", "a file of rules is at most 256 kB"), field="rules")
    try:
        written = _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInputError(Text(f"不是 YAML:{error}", f"no YAML: {error}"), field="rules") from error
    except ValidationError as error:
        raise FaultsError(
            [
                Fault(
                    field=".".join(map(str, one["loc"])),
                    value=str(one["input"])[:80],
                    rule=Text(one["msg"], one["msg"]),
                )
                for one in error.errors()
            ]
        ) from error
    zones = {name: Zone(id=name, corners=tuple(corners)) for name, corners in written.zones.items()}
    unknown = [one for one in written.rules if one.zone not in zones]
    if unknown:
        allowed = Text(f"须为 {'、'.join(zones)} 之一", f"must be one of {', '.join(zones)}")
        raise FaultsError([Fault(field=f"rules.{one.id}.zone", value=one.zone, rule=allowed) for one in unknown])
    if len({one.id for one in written.rules}) < len(written.rules):
        raise BadInputError(Text("规则编号重复", "two rules bear the same id"), field="rules.id")
    return tuple(_rule(one, zones[one.zone]) for one in written.rules)


def _rule(one: _Rule, zone: Zone) -> Rule:
    usual = kinds()[one.kind].timing
    timing = Timing(
        after=usual.after if one.after_s is None else one.after_s,
        bridge=usual.bridge if one.bridge_s is None else one.bridge_s,
        clear=usual.clear if one.clear_s is None else one.clear_s,
    )
    return Rule(id=one.id, kind=one.kind, zone=zone, timing=timing, people=one.people, least=one.least)
