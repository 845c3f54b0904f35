"""The declarations hold together: codes, references, symbols, and what the public may see."""

import pytest

from core.scope import Scope, Sensitivity
from layers.catalogue import ACCIDENTS, CATALOGUE, ENTERPRISES, HOSPITALS, NOTICES, SCHEDULES
from layers.codes import code_list, list_ids
from layers.layer import Geometry, Layer
from layers.precision import BLOCK
from ogc.render.symbols import known

KEPT = ("scenarios", "scenario_zones", "scenario_bands")
CASES = (
    "dangers", "case_filings", "case_steps", "licences", "licence_cases", "hazard_filings", "filings", "standards",
    "credits", "issued_documents", "inspection_plans", "random_draws", "enforcers", "avoidances", "industry_returns",
)  # fmt: skip
UNSEEN = {
    "attachments", "complaint_reporters", "area_risks", "warning_papers", "procedures", "document_deliveries",
    "duty_forwards", "duty_handovers", "resource_bookings", "incident_commands", "incident_links",
    "incident_log", "incident_marks", "incident_tasks", "incident_evaluations",
    "incident_scenarios",
    "incident_projections",
    "exercise_warning_papers", "exercise_warnings",
    "exercise_injects",
    "exercise_script_injects",
}  # fmt: skip
PUBLIC = Scope(areas=("",), clearance=Sensitivity.PUBLIC)


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.id)
def test_every_code_list_and_reference_a_layer_names_exists(layer: Layer):
    assert {spec.codes for spec in layer.fields.values() if spec.codes} <= set(list_ids())
    assert {spec.refers for spec in layer.fields.values() if spec.refers} <= {other.id for other in CATALOGUE}


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.id)
def test_every_symbol_a_layer_names_is_drawn(layer: Layer):
    named = {layer.style.symbol, *layer.style.symbols.values()} - {None}
    assert {name for name in named if not known(str(name))} == set()
    assert named or layer.style.role or layer.geometry is Geometry.NONE


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.id)
def test_symbols_and_roles_are_chosen_by_codes_of_their_list(layer: Layer):
    for by, chosen in ((layer.style.by, layer.style.symbols), (layer.style.role_by, layer.style.roles)):
        if by is not None:
            assert set(chosen) <= {code.code for code in code_list(str(layer.fields[by].codes))}


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.id)
def test_titles_are_in_both_languages(layer: Layer):
    texts = [layer.title, layer.about, layer.owner, *(spec.title for spec in layer.fields.values())]
    assert all(text.zh and text.en.isascii() for text in texts)


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.id)
def test_phones_of_persons_are_not_public(layer: Layer):
    phones = [spec for name, spec in layer.fields.items() if name.endswith("phone")]
    assert all(max(spec.sensitivity, layer.sensitivity) >= Sensitivity.INTERNAL for spec in phones)


def test_the_public_sees_places_of_help_but_no_hazard_sources():
    seen = {layer.id for layer in CATALOGUE.seen_by(PUBLIC)}
    assert {"areas", "roads", "hospitals", "shelters", "fire_stations", "enterprises", "accidents"} <= seen
    assert (
        not {
            "hazard_sources",
            "tanks",
            "sensors",
            "cameras",
            "teams",
            "depots",
            "materials",
            "sites",
            "site_checks",
            *KEPT,
        }
        & seen
    )


@pytest.mark.parametrize("layer", CATALOGUE.seen_by(PUBLIC), ids=lambda layer: layer.id)
def test_what_the_public_sees_declares_how_exactly_and_why(layer: Layer):
    assert layer.geometry is Geometry.NONE or (layer.precision is not None and layer.precision.reason.zh)


def test_all_rounded_layers_have_one_cell_and_places_of_help_are_exact():
    assert {layer.cell for layer in CATALOGUE} == {0.0, BLOCK}
    assert all(CATALOGUE[name].cell == 0.0 for name in ("shelters", "hospitals", "fire_stations"))


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.id)
def test_what_belongs_to_a_row_of_an_enterprise_names_the_enterprise_itself(layer: Layer):
    owners = {spec.refers for spec in layer.fields.values() if spec.refers}
    through = {name for name in owners if CATALOGUE[name].enterprise_field and not CATALOGUE[name].shared}
    assert not through or layer.shared or layer.enterprise_field


def test_an_enterprise_knows_of_every_layer_but_the_register_of_files_and_the_risk_of_areas():
    firm = Scope(areas=("",), clearance=Sensitivity.SECRET, enterprises=frozenset({"A"}))
    assert {layer.id for layer in CATALOGUE} - {layer.id for layer in CATALOGUE.seen_by(firm)} == UNSEEN
    narrowed = {layer.id: layer.narrowed_by(firm) for layer in CATALOGUE if layer.narrowed_by(firm)}
    assert narrowed.pop("enterprises") == "uscc"
    assert narrowed.pop("incident_orders") == "team"
    judged = {"devices", "alarms", "alarm_rules", "alarm_inhibitions", "compounds", "risk_scores", "violations",
              "incidents", "exercise_incidents", "exercise_scenarios", "exercise_zones", "exercise_bands"}  # fmt: skip
    assert set(narrowed) == {
        "sites",
        "complaints",
        "investigations",
        "official_documents",
        "incoming_documents",
        "credit_events",
        "firework_flows",
        "safety_promises",
        "penalties",
        "site_checks",
        "hazard_sources",
        "tanks",
        "sensors",
        "cameras",
        "accidents",
        "camera_rules",
        *judged,
        *KEPT,
        *CASES,
    }
    assert set(narrowed.values()) == {"enterprise"}


def test_a_notice_is_public_by_its_own_row_and_the_calendar_is_not():
    assert NOTICES.visible(PUBLIC)
    assert not SCHEDULES.visible(PUBLIC)


def test_the_public_sees_an_enterprise_without_its_risk_and_people():
    seen = set(ENTERPRISES.fields_in(PUBLIC))
    assert {"uscc", "name", "sector", "status", "std_grade"} <= seen
    assert not {"risk", "legal_person", "principal_phone", "revenue", "mhi_1"} & seen
    assert "emergency_phone" not in HOSPITALS.fields_in(PUBLIC)
    assert "cause" not in ACCIDENTS.fields_in(PUBLIC)


def test_the_ledger_has_a_field_for_every_line_of_the_ledger_standard():
    needed = {
        "uscc", "name", "company_code", "reg_address", "address", "area", "town", "village", "grid", "legal_person",
        "principal", "safety_head", "industry_code", "sector", "scale", "employees", "revenue", "assets", "econ_type",
        "affiliation", "founded", "status", "scope_of_business", "products", "raw_materials", "safety_org",
        "safety_fulltime", "safety_parttime", "safety_engineers", "special_ops", "special_ops_certified",
        "safety_fund", "liability_insurance", "injury_insurance", "std_grade", "std_cert", "std_expiry",
        "credit_grade", "blacklist", "risk", "mhi_1", "mhi_2", "mhi_3", "mhi_4", "key_chems", "key_processes",
        "permits", "occupational_hazards", "exposed", "hazards_declared", "plans", "drills", "own_team",
        "own_materials", "sensor_count", "camera_count", "online_rate", "reg_level", "regulator", "grid_officer",
        "source", "source_datum", "observed_at", "audit_state",
    }  # fmt: skip
    assert needed <= set(ENTERPRISES.fields)
