"""The risk index of enterprises and areas: declared terms, our own and said to be."""

from monitoring.risk.index import Assessment, Line, above, area_risk, assess
from monitoring.risk.inputs import Inputs
from monitoring.risk.keeping import Place, changed, changed_areas, evolution
from monitoring.risk.model import RiskModel, model_on, models

__all__ = [
    "Assessment", "Inputs", "Line", "Place", "RiskModel", "above", "area_risk", "assess", "changed", "changed_areas",
    "evolution",
    "model_on", "models",
]  # fmt: skip
