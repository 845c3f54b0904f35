"""Golden cases: published and measured values that the models are held against, run from files by model id."""

from emergency.golden import air, dense, explosion, fire, harm, passive, regulations, risk, slab, sources, trials
from emergency.golden.adapters import ADAPTERS, golden
from emergency.golden.cases import Case, Tolerance, read_cases
from emergency.golden.run import Outcome, Result, run, run_all

__all__ = [
    "ADAPTERS",
    "Case",
    "Outcome",
    "Result",
    "Tolerance",
    "air",
    "dense",
    "explosion",
    "fire",
    "golden",
    "harm",
    "passive",
    "read_cases",
    "regulations",
    "risk",
    "run",
    "run_all",
    "slab",
    "sources",
    "trials",
]
