"""Routes on roads: without a network, round zones in space and time, round closed roads, from upwind; nearest by road.

Pure: a `Graph` is made from columns of the layer `roads`; nothing here knows a store, a clock or HTTP.
"""

from emergency.routing.avoiding import Avoidance, Closure, Zone, avoidance
from emergency.routing.graph import Graph, Vehicle, graph
from emergency.routing.nearest import Reached, nearest
from emergency.routing.refusing import NoRouteError
from emergency.routing.route import Route, Step
from emergency.routing.routing import route
from emergency.routing.upwind import Approach, Staging, approach_zone, staging

__all__ = [
    "Approach", "Avoidance", "Closure", "Graph", "NoRouteError", "Reached", "Route", "Staging", "Step", "Vehicle",
    "Zone", "approach_zone", "avoidance", "graph", "nearest", "route", "staging",
]  # fmt: skip
