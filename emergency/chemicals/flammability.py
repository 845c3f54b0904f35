"""Between which parts of the air's volume a substance burns."""

from dataclasses import dataclass

from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction
from emergency.chemicals.substance import Substance


@dataclass(frozen=True, slots=True, kw_only=True)
class Flammability:
    """Limits as parts of volume, with the table they are from."""

    lower: Fraction
    upper: Fraction
    source: str


def flammability(substance: Substance) -> Flammability:
    """The limits. Raises BadInputError, by name, for a substance without both: they are never guessed."""
    low, high = substance.constants.get("lower_flammability"), substance.constants.get("upper_flammability")
    if low is None or high is None:
        raise BadInputError(
            Text(
                f"{substance.name.zh} 没有爆炸极限数据,不能计算闪火和气云爆炸",
                f"no flammability limits of {substance.name.en} are known: no flash fire, no cloud explosion",
            ),
            field="chemical", value=substance.cas,
        )  # fmt: skip
    source = "; ".join(dict.fromkeys((low.source, high.source)))
    return Flammability(lower=low.value, upper=high.value, source=source)
