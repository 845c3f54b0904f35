"""Every layer of the ground floor, in the order the layer tree shows them."""

from layers.catalogue.base import AREAS, BUILDINGS, GRIDS, LANDUSE, PLACES, ROADS, WATER
from layers.catalogue.devices import CAMERAS, SENSORS, WEATHER_STATIONS
from layers.catalogue.enterprises import ENTERPRISES, SITES
from layers.catalogue.hazards import HAZARD_SOURCES, TANKS
from layers.catalogue.resources import DEPOTS, FIRE_STATIONS, HOSPITALS, MATERIALS, SHELTERS, TEAMS
from layers.catalogue.targets import ACCIDENTS, PROTECTION_TARGETS
from layers.layer import Catalogue

LAYERS = (
    ENTERPRISES,
    SITES,
    HAZARD_SOURCES,
    TANKS,
    GRIDS,
    SENSORS,
    CAMERAS,
    WEATHER_STATIONS,
    ACCIDENTS,
    TEAMS,
    DEPOTS,
    MATERIALS,
    HOSPITALS,
    SHELTERS,
    FIRE_STATIONS,
    PROTECTION_TARGETS,
    AREAS,
    PLACES,
    ROADS,
    BUILDINGS,
    WATER,
    LANDUSE,
)

CATALOGUE = Catalogue(*LAYERS)
