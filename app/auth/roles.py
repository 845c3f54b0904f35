"""The roles every city begins with. Administration, audit and business are kept apart, as level 3 protection asks."""

from dataclasses import replace

from core.caller import Right, UserClass
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue import (
    ALARMS,
    AREA_RISKS,
    CATALOGUE,
    COMPLAINT_REPORTERS,
    COMPLAINTS,
    COMPOUNDS,
    DOCUMENT_DELIVERIES,
    DUTY_CALLS,
    DUTY_CONTACTS,
    DUTY_FORWARDS,
    DUTY_HANDOVERS,
    DUTY_SHIFTS,
    EMERGENCY_PLANS,
    EVALUATIONS,
    EXERCISE_BANDS,
    EXERCISE_CASES,
    EXERCISE_INJECTS,
    EXERCISE_PAPERS,
    EXERCISE_RUNS,
    EXERCISE_SCENARIOS,
    EXERCISE_SCRIPTS,
    EXERCISE_WARNINGS,
    EXERCISE_ZONES,
    EXERCISES,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENT_MARKS,
    INCIDENT_ORDERS,
    INCIDENT_PROJECTIONS,
    INCIDENT_SCENARIOS,
    INCIDENT_TASKS,
    INCIDENTS,
    INCOMING_DOCUMENTS,
    OFFICIAL_DOCUMENTS,
    PENALTIES,
    PLAN_STEPS,
    RESOURCE_BOOKINGS,
    RISK_SCORES,
    SCENARIO_BANDS,
    SCENARIO_ZONES,
    SCENARIOS,
    SCRIPT_INJECTS,
    WARNING_PAPERS,
)
from layers.catalogue.inquiries import EVIDENCE
from layers.coverage import COVERAGES
from store.identity import Role

DATA = frozenset(
    {Right.PORTAL, Right.MAP, Right.HALL, Right.SERVICES, Right.LIVE, Right.EXPORT, Right.BRIEF, Right.FILES}
)
OWN = frozenset({Right.PORTAL, Right.MAP, Right.SERVICES, Right.LIVE, Right.FILES})

OFFICE = frozenset({"areas", "notices", "schedules"})
"""All that administration and audit see of the city: where things are, what is announced, what is planned."""

OTHERS = frozenset(
    (layer.id, name)
    for layer in CATALOGUE
    if layer.shared
    for name, spec in layer.fields.items()
    if spec.sensitivity > Sensitivity.INTERNAL
)
"""Persons and phones in layers that everybody sees: an enterprise's clearance is for its own rows."""

TEAMS = frozenset({("teams", "leader"), ("teams", "leader_phone"), ("teams", "duty_phone")})
"""Who acts for a firm knows which teams there are and where; they are called through the command centre."""

INQUIRED = frozenset((PENALTIES.id, name) for name in EVIDENCE)
"""What an investigation finds: the organ tells the party of it in its notice, and nobody reads on before."""

PLANNED = frozenset({SCENARIOS.id, SCENARIO_ZONES.id, SCENARIO_BANDS.id})
IN_HAND = frozenset({WARNING_PAPERS.id, EXERCISE_PAPERS.id, EXERCISE_WARNINGS.id})
"""Warnings that nobody published, and those that are played."""
JUDGED = frozenset({RISK_SCORES.id, AREA_RISKS.id, COMPOUNDS.id}) | IN_HAND
WRITTEN = frozenset({OFFICIAL_DOCUMENTS.id, INCOMING_DOCUMENTS.id, DOCUMENT_DELIVERIES.id})
COMMANDED = frozenset({
    INCIDENTS.id, EXERCISES.id, INCIDENT_LOG.id, INCIDENT_LINKS.id, INCIDENT_COMMANDS.id, INCIDENT_TASKS.id,
    INCIDENT_ORDERS.id, INCIDENT_MARKS.id, EMERGENCY_PLANS.id, PLAN_STEPS.id, INCIDENT_SCENARIOS.id,
    EXERCISE_SCRIPTS.id, SCRIPT_INJECTS.id, EXERCISE_RUNS.id,
    EXERCISE_INJECTS.id,
    EVALUATIONS.id, INCIDENT_PROJECTIONS.id, EXERCISE_SCENARIOS.id, EXERCISE_ZONES.id, EXERCISE_BANDS.id,
    EXERCISE_CASES.id,
})  # fmt: skip
ROOM = frozenset({DUTY_CALLS.id, DUTY_CONTACTS.id, DUTY_FORWARDS.id, DUTY_HANDOVERS.id, DUTY_SHIFTS.id})
DUTY = ROOM | COMMANDED | {RESOURCE_BOOKINGS.id}
"""The duty desk is of the authority and its committee: who rang, who is called, what is led is nobody else's."""

UNPLANNED = frozenset(one.id for one in (*CATALOGUE, *COVERAGES)) - PLANNED - JUDGED - WRITTEN - DUTY
"""All but kept scenarios, risk, unpublished warnings, documents, duty: they are for those who command, or write."""

UNREPORTED = frozenset(one.id for one in (*CATALOGUE, *COVERAGES)) - {
    COMPLAINTS.id, COMPLAINT_REPORTERS.id, *IN_HAND, *DUTY,
}  # fmt: skip
"""All but complaints, duty, unpublished warnings: who is complained of does not learn that there is such a register."""

OUTSIDE = frozenset({"areas", INCIDENT_ORDERS.id})
"""What a team's phone meets: where things are, and the orders to itself; its post names the team."""

_ROLES = (
    Role(
        id="administrator", title=Text("系统管理员", "Administrator"), user_class=UserClass.REGULATOR,
        rights=frozenset({Right.PORTAL, Right.ACCOUNTS, Right.KEYS, Right.PUBLISH_NOTICES, Right.DESIGN}),
        clearance=Sensitivity.INTERNAL, layers=OFFICE, second_factor=True,
    ),
    Role(
        id="auditor", title=Text("审计管理员", "Auditor"), user_class=UserClass.REGULATOR,
        rights=frozenset({Right.PORTAL, Right.AUDIT}), clearance=Sensitivity.INTERNAL, layers=OFFICE,
        second_factor=True,
    ),
    Role(
        id="regulator", title=Text("监管人员", "Regulator"), user_class=UserClass.REGULATOR,
        rights=DATA | {Right.PUBLISH_NOTICES, Right.WARN, Right.PLAN, Right.VERIFY, Right.EDIT,
        Right.CASES},
        clearance=Sensitivity.SENSITIVE, writable=None,
    ),
    Role(
        id="hotline", title=Text("举报受理人员", "Complaints officer"), user_class=UserClass.REGULATOR,
        rights=DATA | {Right.PUBLISH_NOTICES, Right.WARN, Right.PLAN, Right.VERIFY, Right.EDIT, Right.CASES,
        Right.REPORTERS},
        clearance=Sensitivity.SENSITIVE, writable=None,
    ),
    Role(
        id="committee", title=Text("安委会成员单位", "Safety committee member"), user_class=UserClass.COMMITTEE,
        rights=DATA | {Right.PLAN, Right.CASES}, clearance=Sensitivity.INTERNAL,
    ),
    Role(
        id="enterprise", title=Text("企业人员", "Enterprise"), user_class=UserClass.ENTERPRISE,
        rights=OWN | {Right.PLAN, Right.ANSWER, Right.CASES}, clearance=Sensitivity.SENSITIVE,
        layers=UNREPORTED, hidden=OTHERS | TEAMS | INQUIRED,
        writable=frozenset({ALARMS.id}),  # to answer them; whatever else writes asks for the right to edit as well
    ),
    Role(
        id="intermediary", title=Text("中介机构人员", "Intermediary"), user_class=UserClass.INTERMEDIARY,
        rights=OWN - {Right.FILES}, clearance=Sensitivity.INTERNAL, hidden=TEAMS | INQUIRED, layers=UNPLANNED,
    ),
    Role(
        id="team", title=Text("救援队伍", "Rescue team"), user_class=UserClass.COMMITTEE,
        rights=frozenset({Right.FIELD, Right.LIVE}), clearance=Sensitivity.INTERNAL, layers=OUTSIDE,
    ),
    Role(
        id="public", title=Text("公众", "Public"), user_class=UserClass.PUBLIC,
        rights=DATA - {Right.FILES}, clearance=Sensitivity.PUBLIC,
    ),
    Role(
        id="agency", title=Text("数据共享单位", "Data-sharing agency"), user_class=UserClass.SYSTEM,
        rights=frozenset({Right.MAP, Right.SERVICES, Right.LIVE, Right.BRIEF}), clearance=Sensitivity.INTERNAL,
        layers=UNPLANNED,
    ),
    Role(
        id="gateway", title=Text("监测数据接入单位", "Reporting gateway"), user_class=UserClass.SYSTEM,
        rights=frozenset({Right.REPORT}), clearance=Sensitivity.INTERNAL,
        layers=frozenset({"sensors", "weather_stations"}),
    ),
    Role(
        id="notifier", title=Text("突发事件通报单位", "Agency that reports incidents"), user_class=UserClass.SYSTEM,
        rights=frozenset({Right.SEND_CAP}), clearance=Sensitivity.INTERNAL, layers=frozenset({"areas"}),
    ),
    Role(
        id="kiosk", title=Text("值班大屏", "Wall screen"), user_class=UserClass.SYSTEM,
        rights=frozenset({Right.HALL, Right.LIVE}), clearance=Sensitivity.INTERNAL,
    ),
)  # fmt: skip
BUILT_IN = tuple(replace(role, builtin=True) for role in _ROLES)
