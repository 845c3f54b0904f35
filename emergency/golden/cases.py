"""Reading golden cases from a folder of JSON files in the form `golden-case/v1`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import BadInputError
from core.texts import Text
from emergency.evidence import Tier, tier_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How near is near enough: within either of the two, or predicted over expected within the band."""

    relative: float = 0.0
    absolute: float = 0.0
    band: tuple[float, float] | None = None

    def allows(self, predicted: float, expected: float) -> bool:
        """The prediction is near enough to what was expected."""
        if self.band is not None:
            return expected != 0 and self.band[0] <= predicted / expected <= self.band[1]
        off = abs(predicted - expected)
        return predicted == expected or off <= self.absolute or off <= self.relative * abs(expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One golden case; units are in the names of its keys."""

    id: str
    model: str
    kind: str
    inputs: dict[str, Any]
    expected: dict[str, Any]
    tolerance: Tolerance
    source: str
    note: str
    folder: Path

    @property
    def tier(self) -> Tier:
        """How strong this evidence is."""
        return tier_of(self.kind)


def read_cases(folder: Path) -> Iterator[Case]:
    """Every case of every `*.json` file of a folder, in order of file and place."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise BadInputError(Text(f"{folder} 中没有 *.json 算例", f"no *.json cases in {folder}"), field="DIR")
    for file in files:
        try:
            cases = json.loads(file.read_text("utf-8"))["cases"]
            for one in cases:
                yield Case(
                    id=one["id"], model=one["model"], kind=one["kind"], inputs=one["inputs"], expected=one["expected"],
                    tolerance=_tolerance(one["tolerance"]), source=one["source"], note=one.get("note", ""),
                    folder=folder,
                )  # fmt: skip
        except (KeyError, TypeError, ValueError) as fault:
            raise BadInputError(
                Text(f"{file.name} 不是算例文件:{fault}", f"{file.name} is no file of cases: {fault}"), field=file.name
            ) from fault


def _tolerance(said: dict[str, Any]) -> Tolerance:
    match said["type"]:
        case "relative":
            return Tolerance(relative=said["value"])
        case "absolute":
            return Tolerance(absolute=said["value"])
        case "relative_or_absolute":
            return Tolerance(relative=said["relative"], absolute=said["absolute"])
        case "ratio_band":
            low, high = said["predicted_over_expected"]
            return Tolerance(band=(low, high))
    raise ValueError(f"tolerance type {said['type']}")
