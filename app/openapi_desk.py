"""What the doors of the duty desk take, gathered of its rooms: roster, incidents, plans, routes."""

from typing import Any

from app import (
    openapi_chain,
    openapi_duty,
    openapi_evaluation,
    openapi_exercises,
    openapi_incidents,
    openapi_knowledge,
    openapi_orders,
    openapi_plans,
    openapi_routes,
)
from app.openapi_incidents import XML
from core.texts import Text

Json = dict[str, Any]

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    **openapi_duty.QUERIES,
    **openapi_chain.QUERIES,
    **openapi_exercises.QUERIES,
    **openapi_incidents.QUERIES,
    **openapi_orders.QUERIES,
    **openapi_plans.QUERIES,
    **openapi_evaluation.QUERIES,
    **openapi_knowledge.QUERIES,
}
CHANGES: dict[str, Json] = {
    **openapi_duty.CHANGES,
    **openapi_chain.CHANGES,
    **openapi_exercises.CHANGES,
    **openapi_incidents.CHANGES,
    **openapi_orders.CHANGES,
    **openapi_plans.CHANGES,
    **openapi_evaluation.CHANGES,
    **openapi_knowledge.CHANGES,
    **openapi_routes.CHANGES,
}
WORDS: dict[str, Text] = {
    **openapi_duty.WORDS,
    **openapi_exercises.WORDS,
    **openapi_orders.WORDS,
    **openapi_chain.WORDS,
    **openapi_plans.WORDS,
    **openapi_evaluation.WORDS,
    **openapi_knowledge.WORDS,
    **openapi_routes.WORDS,
}

__all__ = ["CHANGES", "QUERIES", "WORDS", "XML"]
