"""Golden ids of GB 18218: identification and grading of major hazard sources."""

from typing import Any

from emergency import gb18218
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case


@golden("gb18218_beta_toxic_gas")
def _beta(given: dict[str, Any], case: Case) -> Answer:
    return {"beta": dict(gb18218.named_gases().values())[given["material"]]}


@golden("gb18218_alpha")
def _alpha(given: dict[str, Any], case: Case) -> Answer:
    return {"alpha": gb18218.correction(given["exposed_persons_within_500m"])}


@golden("gb18218_level")
def _level(given: dict[str, Any], case: Case) -> Answer:
    return {"level": gb18218.hazard_level(given["R"])}


@golden("gb18218_beta_category")
def _betas(given: dict[str, Any], case: Case) -> Answer:
    return {symbol: one.beta for symbol, one in gb18218.categories().items()}


@golden("gb18218_threshold_category_t")
def _thresholds(given: dict[str, Any], case: Case) -> Answer:
    return {symbol: one.threshold / 1000 for symbol, one in gb18218.categories().items()}


@golden("gb18218_threshold_t")
def _threshold(given: dict[str, Any], case: Case) -> Answer:
    return {"threshold_t": gb18218.entry(given.get("cas") or "", given.get("material") or "").threshold / 1000}


@golden("gb18218_formula")
def _formula(given: dict[str, Any], case: Case) -> Answer:
    return {"formula": gb18218.FORMULA}
