"""Every layer of the city's own map, in the order the layer tree shows them; other rooms add theirs in wiring."""

from layers.catalogue.alarms import ALARM_INHIBITIONS, ALARM_RULES, ALARMS
from layers.catalogue.areas import AREAS, GRIDS, PLACES
from layers.catalogue.attachments import ATTACHMENTS
from layers.catalogue.base import BUILDINGS, LANDUSE, ROADS, WATER
from layers.catalogue.bookings import RESOURCE_BOOKINGS
from layers.catalogue.casework import CASE_FILINGS, CASE_STEPS, PROCEDURES
from layers.catalogue.complaints import COMPLAINT_REPORTERS, COMPLAINT_RESULTS, COMPLAINTS
from layers.catalogue.creditevents import CREDIT_EVENTS
from layers.catalogue.credits import CREDIT_LISTINGS, CREDITS
from layers.catalogue.dangers import DANGER_LISTINGS, DANGERS
from layers.catalogue.devices import DEVICES
from layers.catalogue.documents import ISSUED_DOCUMENTS
from layers.catalogue.duty import DUTY_CALLS, DUTY_CONTACTS, DUTY_FORWARDS, DUTY_HANDOVERS, DUTY_SHIFTS
from layers.catalogue.enforcement import PENALTIES, PENALTY_LISTINGS, SITE_CHECKS
from layers.catalogue.enterprises import ENTERPRISES, SITES
from layers.catalogue.evaluations import EVALUATIONS
from layers.catalogue.events import ACCIDENTS
from layers.catalogue.exercises import EXERCISE_INJECTS, EXERCISE_RUNS, EXERCISE_SCRIPTS, SCRIPT_INJECTS
from layers.catalogue.filings import FILINGS
from layers.catalogue.fireworks import FIREWORK_FLOWS
from layers.catalogue.hazardfilings import HAZARD_FILINGS
from layers.catalogue.hazards import HAZARD_SOURCES, TANKS
from layers.catalogue.incidents import (
    EXERCISES,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENTS,
)
from layers.catalogue.incidentscenarios import (
    EXERCISE_BANDS,
    EXERCISE_SCENARIOS,
    EXERCISE_ZONES,
    INCIDENT_PROJECTIONS,
    INCIDENT_SCENARIOS,
    scenario_layers,
)
from layers.catalogue.inspections import AVOIDANCES, DRAW_LISTINGS, ENFORCERS, INSPECTION_PLANS, RANDOM_DRAWS
from layers.catalogue.intermediaries import INTERMEDIARIES
from layers.catalogue.investigations import INVESTIGATIONS
from layers.catalogue.knowledge import EMERGENCY_CASES, EXERCISE_CASES, LAW_ARTICLES
from layers.catalogue.licences import LICENCE_CASES, LICENCES
from layers.catalogue.limits import LIMIT_CHECKS
from layers.catalogue.marks import INCIDENT_MARKS
from layers.catalogue.notices import NOTICES, SCHEDULES
from layers.catalogue.official import DOCUMENT_DELIVERIES, INCOMING_DOCUMENTS, OFFICIAL_DOCUMENTS
from layers.catalogue.orders import INCIDENT_ORDERS
from layers.catalogue.plans import EMERGENCY_PLANS, INCIDENT_TASKS, PLAN_STEPS
from layers.catalogue.promises import SAFETY_PROMISES
from layers.catalogue.rasters import RASTERS
from layers.catalogue.remote import REMOTE_LAYERS
from layers.catalogue.resources import DEPOTS, FIRE_STATIONS, HOSPITALS, MATERIALS, SHELTERS, TEAMS
from layers.catalogue.returns import INDUSTRY_RETURNS
from layers.catalogue.risk import AREA_RISKS, COMPOUNDS, RISK_SCORES
from layers.catalogue.rosters import BODIES, EXPERTS
from layers.catalogue.scenarios import SCENARIO_BANDS, SCENARIO_ZONES, SCENARIOS
from layers.catalogue.sensing import CAMERAS, SENSORS, WEATHER_STATIONS
from layers.catalogue.standards import STANDARDS
from layers.catalogue.targets import PROTECTION_TARGETS
from layers.catalogue.violations import CAMERA_RULES, VIOLATIONS
from layers.catalogue.warnings import EXERCISE_PAPERS, EXERCISE_WARNINGS, WARNING_PAPERS, WARNINGS
from layers.layer import Catalogue

CATALOGUE = Catalogue(
    ENTERPRISES,
    SITES,
    HAZARD_SOURCES,
    TANKS,
    SENSORS,
    CAMERAS,
    WEATHER_STATIONS,
    DEVICES,
    RISK_SCORES,
    AREA_RISKS,
    COMPOUNDS,
    ALARMS,
    VIOLATIONS,
    WARNINGS,
    WARNING_PAPERS,
    EXERCISE_PAPERS,
    EXERCISE_WARNINGS,
    DANGERS,
    DANGER_LISTINGS,
    LICENCES,
    LICENCE_CASES,
    HAZARD_FILINGS,
    FILINGS,
    STANDARDS,
    CREDITS,
    CREDIT_LISTINGS,
    CREDIT_EVENTS,
    INTERMEDIARIES,
    BODIES,
    FIREWORK_FLOWS,
    SAFETY_PROMISES,
    INDUSTRY_RETURNS,
    INSPECTION_PLANS,
    RANDOM_DRAWS,
    DRAW_LISTINGS,
    ENFORCERS,
    AVOIDANCES,
    SITE_CHECKS,
    PENALTIES,
    PENALTY_LISTINGS,
    COMPLAINTS,
    COMPLAINT_RESULTS,
    INVESTIGATIONS,
    INCIDENTS,
    ACCIDENTS,
    EMERGENCY_CASES,
    EXERCISE_CASES,
    DUTY_CALLS,
    DUTY_FORWARDS,
    DUTY_HANDOVERS,
    SCENARIOS,
    SCENARIO_ZONES,
    SCENARIO_BANDS,
    EMERGENCY_PLANS,
    PLAN_STEPS,
    TEAMS,
    EXPERTS,
    DUTY_CONTACTS,
    DUTY_SHIFTS,
    FIRE_STATIONS,
    DEPOTS,
    MATERIALS,
    RESOURCE_BOOKINGS,
    HOSPITALS,
    SHELTERS,
    PROTECTION_TARGETS,
    AREAS,
    GRIDS,
    PLACES,
    ROADS,
    BUILDINGS,
    WATER,
    LANDUSE,
    RASTERS,
    ATTACHMENTS,
    NOTICES,
    SCHEDULES,
    LIMIT_CHECKS,
    LAW_ARTICLES,
    ALARM_RULES,
    ALARM_INHIBITIONS,
    CAMERA_RULES,
    OFFICIAL_DOCUMENTS,
    INCOMING_DOCUMENTS,
    DOCUMENT_DELIVERIES,
    CASE_FILINGS,
    CASE_STEPS,
    COMPLAINT_REPORTERS,
    ISSUED_DOCUMENTS,
    PROCEDURES,
    REMOTE_LAYERS,
    EXERCISES,
    INCIDENT_LOG,
    INCIDENT_LINKS,
    INCIDENT_COMMANDS,
    INCIDENT_MARKS,
    INCIDENT_ORDERS,
    INCIDENT_TASKS,
    EVALUATIONS,
    INCIDENT_SCENARIOS,
    INCIDENT_PROJECTIONS,
    EXERCISE_SCRIPTS,
    SCRIPT_INJECTS,
    EXERCISE_RUNS,
    EXERCISE_INJECTS,
    EXERCISE_SCENARIOS,
    EXERCISE_ZONES,
    EXERCISE_BANDS,
)

__all__ = [
    "ACCIDENTS",
    "ALARMS",
    "ALARM_INHIBITIONS",
    "ALARM_RULES",
    "AREAS",
    "AREA_RISKS",
    "ATTACHMENTS",
    "AVOIDANCES",
    "BODIES",
    "BUILDINGS",
    "CAMERAS",
    "CAMERA_RULES",
    "CASE_FILINGS",
    "CASE_STEPS",
    "CATALOGUE",
    "COMPLAINTS",
    "COMPLAINT_REPORTERS",
    "COMPLAINT_RESULTS",
    "COMPOUNDS",
    "CREDITS",
    "CREDIT_EVENTS",
    "CREDIT_LISTINGS",
    "DANGERS",
    "DANGER_LISTINGS",
    "DEPOTS",
    "DEVICES",
    "DOCUMENT_DELIVERIES",
    "DRAW_LISTINGS",
    "DUTY_CALLS",
    "DUTY_CONTACTS",
    "DUTY_FORWARDS",
    "DUTY_HANDOVERS",
    "DUTY_SHIFTS",
    "EMERGENCY_CASES",
    "EMERGENCY_PLANS",
    "ENFORCERS",
    "ENTERPRISES",
    "EVALUATIONS",
    "EXERCISES",
    "EXERCISE_BANDS",
    "EXERCISE_CASES",
    "EXERCISE_INJECTS",
    "EXERCISE_PAPERS",
    "EXERCISE_RUNS",
    "EXERCISE_SCENARIOS",
    "EXERCISE_SCRIPTS",
    "EXERCISE_WARNINGS",
    "EXERCISE_ZONES",
    "EXPERTS",
    "FILINGS",
    "FIREWORK_FLOWS",
    "FIRE_STATIONS",
    "GRIDS",
    "HAZARD_FILINGS",
    "HAZARD_SOURCES",
    "HOSPITALS",
    "INCIDENTS",
    "INCIDENT_COMMANDS",
    "INCIDENT_LINKS",
    "INCIDENT_LOG",
    "INCIDENT_MARKS",
    "INCIDENT_ORDERS",
    "INCIDENT_PROJECTIONS",
    "INCIDENT_SCENARIOS",
    "INCIDENT_TASKS",
    "INCOMING_DOCUMENTS",
    "INDUSTRY_RETURNS",
    "INSPECTION_PLANS",
    "INTERMEDIARIES",
    "INVESTIGATIONS",
    "ISSUED_DOCUMENTS",
    "LANDUSE",
    "LAW_ARTICLES",
    "LICENCES",
    "LICENCE_CASES",
    "LIMIT_CHECKS",
    "MATERIALS",
    "NOTICES",
    "OFFICIAL_DOCUMENTS",
    "PENALTIES",
    "PENALTY_LISTINGS",
    "PLACES",
    "PLAN_STEPS",
    "PROCEDURES",
    "PROTECTION_TARGETS",
    "RANDOM_DRAWS",
    "RASTERS",
    "REMOTE_LAYERS",
    "RESOURCE_BOOKINGS",
    "RISK_SCORES",
    "ROADS",
    "SAFETY_PROMISES",
    "SCENARIOS",
    "SCENARIO_BANDS",
    "SCENARIO_ZONES",
    "SCHEDULES",
    "SCRIPT_INJECTS",
    "SENSORS",
    "SHELTERS",
    "SITES",
    "SITE_CHECKS",
    "STANDARDS",
    "TANKS",
    "TEAMS",
    "VIOLATIONS",
    "WARNINGS",
    "WARNING_PAPERS",
    "WATER",
    "WEATHER_STATIONS",
    "scenario_layers",
]
