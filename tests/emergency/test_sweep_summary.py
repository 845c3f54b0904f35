"""The summary of a batch says what its table says."""

import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from emergency.scenario import Scenario, scenario
from emergency.sweep import swept
from emergency.sweep_summary import share_of, summary
from emergency.weather_answers import computed_rows
from emergency.weathers import every_combination
from gis.placing import turned
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


def test_each_direction_is_summed_up_by_its_own_weathers_and_their_share_of_the_time(wish: Scenario) -> None:
    weathers = every_combination({"wind_from": [0.0, 90.0], "wind_speed": [2.0, 6.0]})
    often = weathers.append_column("frequency", pa.array([0.1, 0.2, 0.3, 0.3]))
    target = turned(swept_shape(wish), wish.place.point, 90.0).centroid

    def touched(shapes: Sequence[BaseGeometry]) -> npt.NDArray[np.int64]:
        return shapely.intersects(np.asarray(shapes, dtype=object), target).astype(np.int64)

    table = swept(wish, often, code_version="1", targets=touched)
    north, east = summary(table)["directions"]
    assert (north["frequency"], east["frequency"]) == (pytest.approx(0.3), pytest.approx(0.6))
    far = table["level_1_distance_m"].to_numpy()
    assert (north["levels"][0]["farthest_m"], east["levels"][0]["farthest_m"]) == (far[:2].max(), far[2:].max())
    assert north["levels"][-1]["targets_most"] == 0
    assert east["levels"][-1]["targets_most"] == 1
    share = table["level_1_targets"].to_numpy()[2:] @ [0.5, 0.5]
    assert east["levels"][0]["targets_share"] == pytest.approx(share)
    assert "residents_most" not in east["levels"][0]


def swept_shape(wish: Scenario) -> BaseGeometry:
    """The outermost zone of a scenario with the wind from north."""
    return computed_rows(json.dumps(wish.inputs()), [wish.weather], True)[0].shapes[-1]


def test_a_weather_that_a_model_refuses_is_counted_apart(wish: Scenario) -> None:
    table = swept(wish, every_combination({"wind_speed": [3.0, 6.0]}), code_version="1")
    said = table.set_column(table.column_names.index("error_zh"), "error_zh", [["不能计算", ""]])
    assert summary(said)["refused"] == 1
