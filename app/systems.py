"""The business systems of the city: declared in `casework/systems`, introduced to each other nowhere else."""

from app.directory import Directory
from casework.accident_telling import CaseStudies
from casework.accidents import AccidentRegister, one_of_an_incident
from casework.casetype import CaseType
from casework.complaints import checks_of_complaint
from casework.crediting import Crediting
from casework.dispatching import Dispatch
from casework.draw_results import DrawResults
from casework.draws import checks_of_draw, inputs_of_draw, same_certificate
from casework.following import Besides, Follow, Follows
from casework.gathering import Gathers
from casework.penalty_rules import penalty_of_check
from casework.progress import item_named, other_plans, plan_done
from casework.returning import OneAccepted, returns_of_the_month
from casework.systems.accident import ACCIDENT
from casework.systems.admin_licence import ADMIN_LICENCE
from casework.systems.complaint import COMPLAINT
from casework.systems.credit import CREDIT
from casework.systems.enforcers import AVOIDANCE, ENFORCER
from casework.systems.filing import FILING
from casework.systems.firework_flow import FIREWORK_FLOW
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.systems.industry_return import INDUSTRY_RETURN
from casework.systems.inspection_plan import INSPECTION_PLAN
from casework.systems.intermediary import INTERMEDIARY
from casework.systems.major_hazard import MAJOR_HAZARD
from casework.systems.official import INCOMING_DOCUMENT, OFFICIAL_DOCUMENT
from casework.systems.penalty import PENALTY
from casework.systems.random_draw import RANDOM_DRAW, checks_drawn
from casework.systems.rosters import BODY, EXPERT
from casework.systems.safety_promise import SAFETY_PROMISE
from casework.systems.site_check import SITE_CHECK, danger_of_check
from casework.systems.standardization import STANDARDIZATION
from casework.versions import functions_of
from core.clock import Clock
from core.errors import NotFoundError
from core.texts import Text
from store.protocol import Store

SYSTEMS: tuple[CaseType, ...] = (
    HIDDEN_DANGER,
    ADMIN_LICENCE,
    MAJOR_HAZARD,
    FILING,
    STANDARDIZATION,
    CREDIT,
    INTERMEDIARY,
    BODY,
    EXPERT,
    FIREWORK_FLOW,
    SAFETY_PROMISE,
    INSPECTION_PLAN,
    RANDOM_DRAW,
    ENFORCER,
    AVOIDANCE,
    SITE_CHECK,
    PENALTY,
    COMPLAINT,
    ACCIDENT,
    INDUSTRY_RETURN,
    OFFICIAL_DOCUMENT,
    INCOMING_DOCUMENT,
)

GROUPS: tuple[tuple[Text, tuple[CaseType, ...]], ...] = (
    (Text("隐患与举报", "Dangers and reports"), (HIDDEN_DANGER, MAJOR_HAZARD, COMPLAINT, SAFETY_PROMISE)),
    (Text("许可与备案", "Licences and filings"), (ADMIN_LICENCE, FILING, STANDARDIZATION, FIREWORK_FLOW)),
    (
        Text("监督执法", "Enforcement"),
        (INSPECTION_PLAN, RANDOM_DRAW, SITE_CHECK, PENALTY, ACCIDENT, INDUSTRY_RETURN, ENFORCER, AVOIDANCE),
    ),
    (Text("诚信与机构", "Credit and bodies"), (CREDIT, INTERMEDIARY, BODY, EXPERT)),
    (Text("公文", "Documents"), (OFFICIAL_DOCUMENT, INCOMING_DOCUMENT)),
)
"""What the page of cases shows together: twenty-two systems in one line are found by none."""

FOLLOWS: Follows = {
    ("site-check", "register_danger"): Follow(system=HIDDEN_DANGER, values=danger_of_check),
    ("random-draw", "draw"): Follow(system=SITE_CHECK, each=checks_drawn),
    ("site-check", "open_penalty_case"): Follow(system=PENALTY, values=penalty_of_check),
    ("complaint", "open_check"): Follow(system=SITE_CHECK, each=checks_of_complaint, tells=False),
}
"""Which step of one system opens a case of another."""

GATHERS: Gathers = {
    ("accident-investigation", "file_investigation"): one_of_an_incident,
    ("site-check", "plan"): item_named,
    ("random-draw", "prepare"): item_named,
    ("random-draw", "draw"): inputs_of_draw,
    ("random-draw", "close_draw"): checks_of_draw,
    ("random-draw", "void_draw"): checks_of_draw,
    ("random-draw", "publish_results"): checks_of_draw,
    ("enforcer", "enrol"): same_certificate,
    ("enforcer", "change"): same_certificate,
    ("inspection-plan", "submit"): other_plans,
    ("inspection-plan", "close_plan"): plan_done,
    ("industry-return", "file"): returns_of_the_month,
    ("industry-return", "accept"): returns_of_the_month,
}
"""What a step is told of the store beyond its own case."""


def besides(directory: Directory, store: Store) -> Besides:
    """Which step of which system writes more than its case: papers that are sent, and the credit of enterprises."""
    sent = Dispatch(named=directory.named, known=directory.known, clock=directory.clock)
    return {("official-document", "distribute"): sent.edits, **credited(store, directory.clock), **results(store),
            **investigated(store), ("industry-return", "accept"): OneAccepted(store).kept}  # fmt: skip


def investigated(store: Store) -> Besides:
    """What the register of accidents holds from the report on, and the library of cases once one is made."""
    register = AccidentRegister(store)
    return {
        ("accident-investigation", "submit_report"): register.kept,
        ("accident-investigation", "reply_report"): register.kept,
        ("accident-investigation", "publish_outcome"): register.kept,
        ("accident-investigation", "make_case_study"): CaseStudies(store).made,
    }  # fmt: skip


def results(store: Store) -> Besides:
    """What the public reads of draws."""
    told = DrawResults(store)
    return {
        ("random-draw", "publish_results"): told.published, ("random-draw", "withdraw_results"): told.withdrawn,
    }  # fmt: skip


def credited(store: Store, clock: Clock) -> Besides:
    """What counts for or against an enterprise, in the transaction of the step."""
    credit = Crediting(store=store, clock=clock)
    return {
        ("penalty", "decide_penalty"): credit.penalty, ("penalty", "decide_on_spot"): credit.penalty,
        ("penalty", "revoke_decision"): credit.revocation,
        ("standardization", "register"): credit.certificate, ("credit", "list_firm"): credit.listing,
        ("credit", "remove"): credit.removal, ("credit", "expire"): credit.removal,
    }  # fmt: skip


FUNCTIONS = functions_of(SYSTEMS)
"""What published procedures may name; two functions of one name stop the start."""

if len({of.numbering for of in SYSTEMS}) < len(SYSTEMS) or len({of.register.id for of in SYSTEMS}) < len(SYSTEMS):
    raise ValueError("two business systems share a register or a numbering")
if sorted(of.id for _, group in GROUPS for of in group) != sorted(of.id for of in SYSTEMS):
    raise ValueError("each business system is in one group of the page")


def group_of(of: CaseType) -> Text:
    """Where the page of cases shows a system; one that is in no group stands under its own name."""
    return next((title for title, group in GROUPS if of in group), of.title)


def system(id: str) -> CaseType:
    """One system by its id."""
    found = next((of for of in SYSTEMS if of.id == id), None)
    if found is None:
        known = "、".join(of.id for of in SYSTEMS)
        raise NotFoundError(
            Text(f"没有业务系统“{id[:40]}”,现有:{known}", f"no business system {id[:40]!r}; there are: {known}")
        )
    return found
