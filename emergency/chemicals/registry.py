"""The substances we know, by CAS number, UN number and name."""

import csv
import json
import unicodedata
from functools import cache
from importlib.resources import files

from core.errors import NotFoundError
from core.texts import Text
from emergency.chemicals.substance import Constant, Curve, Kind, Substance

DATA = files("emergency") / "data"


@cache
def substances() -> dict[str, Substance]:
    """Every substance by its id: the CAS number, or a word for those that have none."""
    known = json.loads((DATA / "properties.json").read_text("utf-8"))
    rows = csv.DictReader((DATA / "substances.csv").read_text("utf-8").splitlines())
    return {row["id"]: _substance(row, known.get(row["cas"], {})) for row in rows}


def substance(key: str) -> Substance:
    """The substance of an id, CAS number, UN number or exact name."""
    found = substances()
    if key in found:
        return found[key]
    plain = normal(key)
    exact = [one for one in found.values() if plain in _words(one) or key in one.un]
    if not exact:
        raise NotFoundError(
            Text(
                f"没有物质“{key}”,可用 CAS 号、UN 号或名称查找",
                f"no substance {key!r}: give a CAS or UN number or a name",
            ),
            substance=key,
        )
    return exact[0]


def search(text: str) -> tuple[Substance, ...]:
    """Substances whose numbers or names contain the text, the exact ones first, then those that begin with it."""
    plain = normal(text).removeprefix("un")
    if not plain:
        return ()
    ranked = []
    for place, one in enumerate(substances().values()):
        words = [*_words(one), *one.un, one.cas]
        if hits := [word for word in words if plain in word]:
            rank = 0 if plain in hits else 1 if any(word.startswith(plain) for word in hits) else 2
            ranked.append((rank, place, one))
    return tuple(one for *_, one in sorted(ranked, key=lambda found: found[:2]))


def normal(text: str) -> str:
    """A name as it is compared: full-width folded, lower case, without blanks, brackets and commas of either kind.

    >>> normal("1,3－丁二烯 "), normal("氯化氢(无水)")
    ('13-丁二烯', '氯化氢无水')
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in folded if sign not in " \t()[],、,'")


@cache
def _words_by_id() -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(normal(word) for word in (one.name.zh, one.name.en, *one.synonyms))
        for key, one in substances().items()
    }


def _words(one: Substance) -> tuple[str, ...]:
    return _words_by_id()[one.id]


def _substance(row: dict[str, str], known: dict[str, dict[str, dict[str, object]]]) -> Substance:
    return Substance(
        id=row["id"], cas=row["cas"], un=_parts(row["un"]), hazard_class=_parts(row["hazard_class"]),
        name=Text(row["zh"], row["en"]), synonyms=_parts(row["synonyms"]), kind=Kind(row["kind"]),
        serials=tuple(map(int, _parts(row["serials"]))), note=row["note"],
        constants={name: Constant(**one) for name, one in known.get("constants", {}).items()},  # type: ignore[arg-type]
        curves={
            name: Curve(**one | {"coefficients": tuple(one["coefficients"])})  # type: ignore[arg-type]
            for name, one in known.get("curves", {}).items()
        },
    )  # fmt: skip


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
