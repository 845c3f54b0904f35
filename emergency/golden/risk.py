"""Golden ids of risk to persons and to society."""

from typing import Any

import numpy as np

from emergency.criteria import individual_criteria, societal_criteria
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.golden.harm import plain
from emergency.models.harm.event_tree import ignition_outcomes, sequential_outcomes
from emergency.models.harm.individual_risk import (
    average_risk,
    contour_distance,
    location_risk,
    personal_risk,
    risk_increment,
)
from emergency.models.harm.societal_risk import (
    FnCurve,
    criterion_line,
    fatal_accident_rate,
    fn_curve,
    fn_verdict,
    loss_of_life,
)
from emergency.models.harm.tolerability import tolerability, worth_of_reduction


def _array(values: Any) -> Any:
    return np.asarray(values, dtype=float)


@golden("ignition_event_tree")
def _ignition(given: dict[str, Any], case: Case) -> Answer:
    explosion = given["share_explosion"] if "share_explosion" in given else 1.0 - given["share_flash_fire"]
    found = ignition_outcomes(given["release_frequency_per_yr"], given["p_immediate"], given["p_delayed"], explosion)
    return {
        "immediate_per_yr": found.immediate, "delayed_flash_per_yr": found.delayed_flash,
        "delayed_explosion_per_yr": found.delayed_explosion, "unignited_per_yr": found.unignited,
    }  # fmt: skip


@golden("sequential_event_probabilities")
def _sequence(given: dict[str, Any], case: Case) -> Answer:
    return {"outcome_probabilities": plain(sequential_outcomes(_array(given["branch_probabilities"])))}


@golden("location_specific_individual_risk")
def _location(given: dict[str, Any], case: Case) -> Answer:
    if "event_frequency_per_yr" in given:
        often, deaths = given["event_frequency_per_yr"], given["probability_of_death"]
    else:
        kinds = [one for one in ("pool_fire", "flash_fire") if f"{one}_frequency_per_yr" in given]
        often = [given[f"{one}_frequency_per_yr"] for one in kinds]
        deaths = [given[f"{one}_probability_of_death"] for one in kinds]
    return {"lsir_per_yr": plain(location_risk(_array(often), _array(deaths)))}


@golden("individual_risk_per_annum")
def _person(given: dict[str, Any], case: Case) -> Answer:
    return {"irpa_per_yr": personal_risk(_array(given["lsir_per_yr"]), _array(given["presence_fraction"]))}


@golden("individual_risk_increment")
def _increment(given: dict[str, Any], case: Case) -> Answer:
    keys = ("event_frequency_per_yr", "weather_class_direction_probability", "probability_of_death")
    return {"individual_risk_per_yr": plain(risk_increment(*(_array(given[key]) for key in keys)))}


@golden("individual_risk_contour_distance")
def _contour(given: dict[str, Any], case: Case) -> Answer:
    keys = ("distance_m", "lsir_per_yr", "threshold_per_yr")
    return {"contour_distance_m": contour_distance(*(_array(given[key]) for key in keys))}


@golden("potential_loss_of_life")
def _loss(given: dict[str, Any], case: Case) -> Answer:
    found = loss_of_life(_array(given["event_frequency_per_yr"]), _array(given["fatalities"]))
    return {"pll_per_yr": found.total, "shares": plain(found.shares)}


@golden("fatal_accident_rate")
def _far(given: dict[str, Any], case: Case) -> Answer:
    rate = fatal_accident_rate(_array(given["pll_per_yr"]), given["exposed_hours_per_yr"])
    return {"far_per_1e8_h": plain(rate), "pll_per_yr": given["pll_per_yr"]}


@golden("average_individual_risk")
def _average(given: dict[str, Any], case: Case) -> Answer:
    return {"air_per_yr": plain(average_risk(_array(given["far_per_1e8_h"]), given["exposed_hours_per_yr"]))}


@golden("fn_curve")
def _curve(given: dict[str, Any], case: Case) -> Answer:
    events = _array(given["event_frequency_per_yr"]), _array(given["fatalities"])
    found = fn_curve(*events)
    answer: Answer = {
        "N": plain(found.n), "F_N_or_more_per_yr": plain(found.frequency), "pll_per_yr": loss_of_life(*events).total,
        "zero_fatality_frequency_per_yr": found.harmless, "F_at_50_per_yr": found.at(50.0),
        "ratio_to_r2p2_point": found.at(50.0) / 2e-4,
    }  # fmt: skip
    for key, frequency, slope in (("1e-2_over_N", 1e-2, -1.0), ("1e-3_over_N2", 1e-3, -2.0)):
        for suffix, least in (("", 0.0), ("_from_N10", 10.0)):
            said = f"ratio_to_{key}{suffix}"
            answer[said] = _ratios(found, least, frequency, slope, case.expected.get(said))
    return answer


def _ratios(curve: FnCurve, least: float, frequency: float, slope: float, form: Any) -> Any:
    """A line's ratios as the case writes them: by N, in a list, or the greatest alone."""
    n, often = np.asarray(curve.n), np.asarray(curve.frequency)
    ratios = often / (frequency * n**slope)
    by_n = {f"{key:g}": float(value) for key, value in zip(n, ratios, strict=True) if key >= least}
    if isinstance(form, dict):
        return by_n
    return list(by_n.values()) if isinstance(form, list) else max(by_n.values(), default=0.0)


@golden("fn_criterion_gb36894")
def _criterion(given: dict[str, Any], case: Case) -> Answer:
    upper, lower = given.get("upper_anchor", [10, 1e-4]), given.get("lower_anchor", [10, 1e-6])
    found = fn_verdict(
        _array(given["event_frequency_per_yr"]), _array(given["fatalities"]), upper_fatalities=upper[0],
        upper_frequency=upper[1], lower_fatalities=lower[0], lower_frequency=lower[1], slope=given.get("slope", -1.0),
    )  # fmt: skip
    return {
        "N": plain(found.n), "ratio_to_upper": plain(found.to_upper), "ratio_to_lower": plain(found.to_lower),
        "zone": found.zone.value,
    }  # fmt: skip


@golden("alarp_region")
def _region(given: dict[str, Any], case: Case) -> Answer:
    risk = given["individual_risk_per_yr"]
    found = tolerability(_array(risk), given["upper_per_yr"], given["broadly_acceptable_per_yr"])
    regions = [str(one).upper().replace("-", "_") for one in found]
    return {"region": regions if isinstance(risk, list) else regions[0]}


@golden("cost_benefit_alarp")
def _worth(given: dict[str, Any], case: Case) -> Answer:
    value = given["value_gbp"]
    values = list(value.values()) if isinstance(value, dict) else value
    found = worth_of_reduction(
        _array(values), _array(given["frequency_reduction_per_yr"]), given["years"],
        given.get("disproportion_factor", 1.0),
    )  # fmt: skip
    benefit = plain(found.benefit)
    if isinstance(value, dict):
        benefit = dict(zip(value, benefit, strict=True))
    return {"benefit_gbp": benefit, "total_gbp": found.total, "gross_disproportion_limit_gbp": found.limit}


@golden("gb36894_fn")
def _line(given: dict[str, Any], case: Case) -> Answer:
    (criterion,) = [one for one in societal_criteria() if one.id == "gb36894-2018"]
    anchor = criterion.upper if str(given["boundary"]).startswith("upper") else criterion.lower
    if anchor is None:
        raise KeyError(given["boundary"])
    often = criterion_line(_array(given["N"]), anchor.fatalities, anchor.frequency, criterion.slope)
    return {"F_per_year": plain(often), "slope": criterion.slope}


@golden("cn_individual_risk_2014_trial")
def _trial(given: dict[str, Any], case: Case) -> Answer:
    (table,) = [one for one in individual_criteria() if one.id == "cn-2014-trial"]
    return {one.target.zh: {"new": one.new, "existing": one.existing} for one in table.limits}
