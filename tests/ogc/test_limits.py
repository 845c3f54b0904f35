"""The limits of a request are declared with their reasons, told in the documentation, and what is beyond is refused."""

from pathlib import Path

import orjson
import pytest

from core.errors import BadInputError
from core.texts import Lang
from ogc import limits
from ogc.filter.cql2 import cql2_text
from ogc.kvp import KVP
from tests.ogc.wells import OFFICER, WELLS

SERVICES = Path(__file__).parents[2] / "docs/services.md"


def test_the_documentation_tells_them_as_they_are() -> None:
    assert limits.table() in SERVICES.read_text()


def test_they_are_told_in_both_languages() -> None:
    zh, en = ({one["id"]: one for one in (limit.told(lang) for limit in limits.declared())} for lang in Lang)
    assert zh["shape_vertices"]["title"] == "一个几何的顶点"
    assert en["shape_vertices"]["title"] == "vertices of a shape"
    assert zh["shape_vertices"]["status"] == "本系统取值"


@pytest.mark.parametrize(
    "spoil",
    [lambda all: all[1:], lambda all: [*all, all[0]], lambda all: [{**all[0], "source": ""}, *all[1:]],
     lambda all: [{**all[0], "value": 0}, *all[1:]], lambda all: [{**all[0], "status": "?"}, *all[1:]],
     lambda all: [{**all[0], "title": "只有中文"}, *all[1:]]],
)  # fmt: skip
def test_a_start_without_one_or_with_one_of_no_reason_is_refused(
    spoil: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = tmp_path / "limits.json"
    spoilt.write_bytes(orjson.dumps(spoil(orjson.loads(limits.FILE.read_bytes()))))  # type: ignore[operator]
    monkeypatch.setattr(limits, "FILE", spoilt)
    with pytest.raises(ValueError, match=r"limits\.json"):
        limits.declared.__wrapped__()


def test_the_number_declared_is_the_number_held_to() -> None:
    most = limits.LIMITS.parameters
    assert len(KVP.of_query("&".join(f"p{n}=1" for n in range(most)))) == most
    with pytest.raises(BadInputError, match=str(most)):
        KVP.of_query("&".join(f"p{n}=1" for n in range(most + 1)))
    many = limits.LIMITS.shape_vertices_measured + 1
    line = "LINESTRING(" + ",".join(f"{121 + n / 1e5} {33 + n % 2 / 1e3}" for n in range(many)) + ")"
    for relation in ("S_TOUCHES", "S_CROSSES", "S_OVERLAPS"):
        with pytest.raises(BadInputError, match=str(many - 1)):
            cql2_text(f"{relation}(geometry, {line})", WELLS, OFFICER.scope)
    cql2_text(f"S_INTERSECTS(geometry, {line})", WELLS, OFFICER.scope)
