"""The form of a scenario as the page is told it: every kind, field and choice has words in the reader's language."""

import re
from collections.abc import Iterator
from typing import Any

from core.texts import Lang
from dashboards.planner.choices import choices
from emergency.chain import CHAINS
from layers.catalogue.scenarios import SCENARIOS

HAN = re.compile("[\u4e00-\u9fff]")


def titles(lang: Lang) -> Iterator[str]:
    for kind in choices(lang)["kinds"]:
        assert kind["computable"]
        yield kind["title"]
        for field in kind["fields"]:
            yield field["title"]
            yield from (option["title"] for option in field.get("options", []))


def test_every_kind_field_and_choice_has_words() -> None:
    assert [title for title in titles(Lang.ZH) if not HAN.search(title)] == ["Baker-Strehlow-Tang"]
    assert not [title for title in titles(Lang.EN) if HAN.search(title) or "_" in title]


def fields(kind: str) -> dict[str, dict[str, Any]]:
    (found,) = [one for one in choices(Lang.ZH)["kinds"] if one["id"] == kind]
    return {field["name"]: field for field in found["fields"]}


def test_a_cloud_lit_late_asks_for_what_its_way_to_escape_asks_for() -> None:
    told = fields("flash-fire")
    assert told["mass_rate"]["leaks"] == ["direct"]
    assert set(told["hole_diameter"]["leaks"]) == {"liquid-hole", "gas-hole"}
    assert "leaks" not in told["leak"]
    assert {option["id"] for option in told["leak"]["options"]} == {
        "direct", "instantaneous", "liquid-hole", "gas-hole", "pool"
    }  # fmt: skip
    assert "leaks" not in fields("vapour-cloud")["congestion"]


def test_a_kept_scenario_of_any_kind_has_a_symbol() -> None:
    assert SCENARIOS.style is not None
    assert set(SCENARIOS.style.symbols) == set(CHAINS)
