"""The summary of a batch says what its table says."""

import numpy as np
import pytest

from emergency.scenario import Scenario, scenario
from emergency.sweep import swept
from emergency.sweep_summary import share_of, summary
from emergency.weathers import every_combination
from tests.emergency.test_scenario import with_change

WEATHERS = {"wind_speed": [1.5, 3.0, 6.0, 9.0], "stability": ["D", "E"]}


@pytest.fixture(scope="module")
def wish() -> Scenario:
    return scenario(with_change())


def test_the_figures_of_a_level_are_those_of_its_column(wish: Scenario) -> None:
    table = swept(wish, every_combination(WEATHERS), code_version="1")
    told = summary(table)
    assert (told["weathers"], told["by_frequency"]) == (8, False)
    for level in told["levels"]:
        column = table[f"level_{level['level']}_distance_m"].to_numpy()
        known = column[np.isfinite(column)]
        assert level["distance_m"]["min"] == known.min()
        assert level["distance_m"]["max"] == known.max()
        assert level["distance_m"]["median"] in known
        assert (known <= level["distance_m"]["p90"]).mean() >= 0.9
        row = level["worst"]["row"] - 1
        assert column[row] == known.max()
        assert table["wind_speed_m_s"][row].as_py() == level["worst"]["wind_speed_m_s"]


def test_a_share_is_of_the_time_where_frequencies_are_known() -> None:
    far, often = np.array([100.0, 200.0, 300.0]), np.array([0.05, 0.05, 0.9])
    assert share_of(far, often, 0.5) == 300.0
    assert share_of(far, np.ones(3), 0.5) == 200.0
    assert share_of(far, np.ones(3), 0.9) == 300.0
    assert share_of(far, often, 0.1) == 200.0


def test_a_weather_that_a_model_refuses_is_counted_apart(wish: Scenario) -> None:
    table = swept(wish, every_combination({"wind_speed": [3.0, 6.0]}), code_version="1")
    said = table.set_column(table.column_names.index("error_zh"), "error_zh", [["不能计算", ""]])
    assert summary(said)["refused"] == 1
