"""The models as OGC processes: described as their cards are, executed as Python does, every fault named."""

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from typing import Any

import httpx
import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from owslib.ogcapi.processes import Processes
from starlette.applications import Starlette

from core.caller import Caller, Right
from core.errors import BadInputError
from core.texts import Lang
from emergency.model import MODELS
from ogc.oapi import oapi_routes
from ogc.processes.models import model_processes as processes
from ogc.processes.process import Part, Values
from ogc.processes.quantities import MOST, quantity_of
from ogc.processes.routes import LARGEST, process_routes
from ogc.processes.slots import Slots
from ogc.services import Services
from tests.ogc.loopback import served
from tests.ogc.test_oapi import ADDRESS, Door, asked
from tests.ogc.wells import OFFICER, PUBLIC

PLANNER = replace(OFFICER, rights=frozenset({Right.PLAN, Right.SERVICES}))
PROCESSES = processes()
CONFORMANCE = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/"
TNT = {"mass": 100.0, "heat_of_combustion": 4.6e7, "blast_yield": 0.03, "tnt_energy": 4.68e6}
SPILL = {
    "substance": "1017", "mass_rate": 1, "duration": 600, "wind_speed": 3, "temperature": 230,
    "ambient_temperature": 290,
}  # fmt: skip
BY_REFERENCE = {"transmissionMode": "reference"}
PLUME = {
    "downwind": [100.0, 500.0, 2000.0], "crosswind": 0.0, "height": 0.0, "mass_rate": 0.5, "wind_speed": 3.0,
    "stability": "D",
}  # fmt: skip


@pytest.fixture(scope="module")
def door(wells_served: Services) -> Door:
    services = replace(wells_served, processes=processes())
    routes = oapi_routes(services, lambda request, path: ADDRESS)
    shown = process_routes(services, lambda request, path: ADDRESS, lambda request: "cookie" in request.headers)
    return Door(Starlette(routes=[*routes, *shown]))


@pytest.fixture(scope="module")
def address(door: Door) -> Iterator[str]:
    with served(door) as found:
        yield found


@pytest.fixture
def client(door: Door, address: str) -> Iterator[httpx.Client]:
    door.caller = PLANNER
    with httpx.Client(base_url=f"{address}/ogc/api", timeout=60) as opened:
        yield opened


def test_what_takes_too_long_is_answered_for_and_keeps_its_place_until_it_has_ended(wells_served: Services) -> None:
    ends, whole = threading.Event(), PROCESSES["tnt-equivalence"]

    def run(asked: dict[str, Any], caller: Caller) -> Values:
        ends.wait()
        return whole.run(asked, caller)

    services = replace(wells_served, processes={whole.id: replace(whole, run=run)})
    slots = Slots(at_once=1, waiting=0, longest=0.1)
    door = Door(Starlette(routes=process_routes(services, lambda *_: ADDRESS, lambda _: False, slots=slots)))
    door.caller = PLANNER
    with served(door) as found, httpx.Client(base_url=f"{found}/ogc/api", timeout=60) as client:
        late = executed(client, whole.id, {"inputs": TNT}, 504)
        assert "0.1 s" in late["title"]
        executed(client, whole.id, {"inputs": TNT}, 503)
        ends.set()
        with ThreadPoolExecutor(1) as apart:  # a browser test before this one may have left a loop in this thread
            assert apart.submit(asyncio.run, slots.run(lambda: "the next one")).result() == "the next one"
        assert executed(client, whole.id, {"inputs": TNT})["result"]["value"] > 0


def executed(client: httpx.Client, process: str, body: dict[str, Any], status: int = 200, **headers: str) -> Any:
    answer = client.post(f"/processes/{process}/execution", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_every_model_is_a_process_described_as_its_card_is(client: httpx.Client) -> None:
    listed = {one["id"]: one for one in asked(client, "/processes")["processes"]}
    assert set(MODELS) <= set(listed)
    for name, model in MODELS.items():
        told = asked(client, f"/processes/{name}")
        assert (told["title"], told["version"]) == (model.card.title.en, model.card.version)
        facts = {fact["name"]: fact["value"] for fact in told["additionalParameters"]["parameters"]}
        assert facts["source"] == [model.card.source]
        assert facts["evidenceTier"] == [int(model.card.tier)]
        assert facts["formula"] == list(model.card.formula.lines)
        assert {one["symbol"] for one in facts["symbols"]} == {one.letter for one in model.card.formula.symbols}
        assert told["jobControlOptions"] == listed[name]["jobControlOptions"] == ["sync-execute"]
        for one in model.card.inputs:
            if one.unit:
                schema = told["inputs"][one.name]["schema"]
                number = schema.get("oneOf", [schema])[0]
                quantity = quantity_of(one.name)
                low = number.get("exclusiveMinimum" if quantity.open_low else "minimum", -np.inf)
                assert (low, number.get("maximum", np.inf)) == (quantity.low, quantity.high), one.name
                assert number["x-ogc-unit"] == one.unit
                assert told["inputs"][one.name]["minOccurs"] == int(one.required)


@pytest.mark.parametrize("lang", list(Lang))
def test_every_part_has_a_title_and_a_schema_that_is_one(lang: Lang) -> None:
    for process in processes().values():
        for part in (*process.inputs, *process.outputs):
            assert isinstance(part, Part)
            jsonschema.Draft202012Validator.check_schema(part.schema)
            assert part.title.of(lang).strip(), (process.id, part.name)


def test_one_without_the_right_to_plan_is_told_of_no_process(client: httpx.Client, door: Door) -> None:
    def told() -> tuple[bool, bool, bool]:
        links = {link["rel"].rsplit("/", 1)[-1] for link in asked(client, "/")["links"]}
        claimed = [one for one in asked(client, "/conformance")["conformsTo"] if "processes" in one]
        paths = [path for path in asked(client, "/openapi")["paths"] if "process" in path or "jobs" in path]
        return "processes" in links, bool(claimed), bool(paths)

    assert told() == (True, True, True)
    door.caller = OFFICER
    assert told() == (False, False, False)
    door.caller = PUBLIC
    assert told() == (False, False, False)


def test_conformance_claims_what_holds(client: httpx.Client) -> None:
    claimed = {one for one in asked(client, "/conformance")["conformsTo"] if one.startswith(CONFORMANCE)}
    assert {CONFORMANCE + name for name in ("core", "json", "html", "oas30", "ogc-process-description")} <= claimed
    assert CONFORMANCE + "callback" not in claimed


def test_the_openapi_document_refers_to_nothing_outside_for_processes(client: httpx.Client) -> None:
    paths = asked(client, "/openapi")["paths"]
    ours = {path: told for path, told in paths.items() if path.startswith("/processes")}
    assert len(ours) == 1 + 2 * len(processes())
    assert "opengis.net" not in json.dumps(ours)
    body = ours["/processes/tnt-equivalence/execution"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    jsonschema.validate({"inputs": TNT}, body)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"inputs": TNT | {"colour": 1}}, body)


def test_an_execution_answers_as_the_model_does_with_unit_validity_and_evidence(client: httpx.Client) -> None:
    told = executed(client, "tnt-equivalence", {"inputs": TNT})
    assert told["result"] == {"value": pytest.approx(MODELS["tnt-equivalence"](**TNT)), "unit": "kg", "valid": True}
    assert all(check["holds"] for check in told["validity"]["value"])
    assert told["evidence"]["value"]["tier"] == int(MODELS["tnt-equivalence"].card.tier)


def test_quantities_may_be_written_as_people_do(client: httpx.Client) -> None:
    plain = executed(client, "tnt-equivalence", {"inputs": TNT})
    spelt = executed(client, "tnt-equivalence", {"inputs": TNT | {"mass": "0.1 t", "blast_yield": {"value": "3 %"}}})
    assert spelt["result"]["value"] == pytest.approx(plain["result"]["value"])


def test_many_at_once_are_the_same_as_one_by_one(client: httpx.Client) -> None:
    many = executed(client, "gaussian-plume", {"inputs": PLUME})["result"]["value"]
    single = [executed(client, "gaussian-plume", {"inputs": PLUME | {"downwind": x}}) for x in PLUME["downwind"]]
    assert many == pytest.approx([one["result"]["value"] for one in single])


def test_a_cloud_is_told_along_its_axis(client: httpx.Client) -> None:
    given = {"mass_rate": "36 kg/min", "duration": "10 min", "wind_speed": 3, "stability": "D", "roughness": 0.1}
    places = [50.0, 200.0, 1000.0]
    told = executed(client, "aloha-passive", {"inputs": given | {"centreline_at": places}})
    si = given | {"mass_rate": 0.6, "duration": 600.0, "stability": "D"}
    plume = MODELS["aloha-passive"](**si | {"stability": _stability("D")})
    assert told["centreline"]["value"] == pytest.approx(plume.centreline(np.array(places)).tolist())
    assert told["centreline"]["unit"] == "kg/m3"


def test_outside_its_range_a_model_computes_and_says_so(client: httpx.Client) -> None:
    given = {"mass_rate": 0.6, "duration": 7200, "wind_speed": 3, "stability": "D", "roughness": 0.1}
    told = executed(client, "aloha-passive", {"inputs": given})
    assert told["centreline"]["valid"] is False
    assert {one["parameter"] for one in told["validity"]["value"] if not one["holds"]} == {"duration"}


def test_every_fault_is_named_at_once_with_what_is_allowed(client: httpx.Client) -> None:
    wrong = {"mass": -1.0, "heat_of_combustion": "46 knots", "blast_yield": [0.1], "colour": "red"}
    told = executed(client, "tnt-equivalence", {"inputs": wrong, "outputs": {"shape": {}}, "mode": "sync"}, 400)
    assert {one["field"] for one in told["faults"]} == {"mode", "colour", "tnt_energy", "outputs.shape"}
    told = executed(client, "tnt-equivalence", {"inputs": TNT | {k: wrong[k] for k in TNT if k in wrong}}, 400)
    rules = {one["field"]: one["rule"] for one in told["faults"]}
    assert set(rules) == {"mass", "heat_of_combustion", "blast_yield"}
    assert "> 0 kg" in rules["mass"]
    assert "MJ/kg" in rules["heat_of_combustion"]


@pytest.mark.parametrize(
    ("process", "body", "field"),
    [
        ("gaussian-plume", {"inputs": PLUME | {"stability": "Z"}}, "stability"),
        ("gaussian-plume", {"inputs": PLUME | {"downwind": [1.0] * (MOST + 1)}}, "downwind"),
        ("gaussian-plume", {"inputs": PLUME | {"downwind": []}}, "downwind"),
        ("gaussian-plume", {"inputs": PLUME | {"downwind": [1.0, "2 m"]}}, "downwind"),
        ("gaussian-plume", {"inputs": PLUME | {"crosswind": [1.0, 2.0]}}, "crosswind"),
        ("tnt-equivalence", {"inputs": TNT | {"mass": {"href": "http://127.0.0.1/mass"}}}, "mass"),
        ("tnt-equivalence", {"inputs": TNT, "subscriber": {"successUri": "http://127.0.0.1/"}}, "subscriber"),
        ("tnt-equivalence", {"inputs": TNT, "response": "link"}, "response"),
        ("tnt-equivalence", {"inputs": TNT, "outputs": {"result": BY_REFERENCE}}, "outputs.result.transmissionMode"),
        ("tnt-equivalence", {"inputs": []}, "inputs"),
        ("spilling-pool", {"inputs": SPILL | {"time_limit": 1e9}}, "time_limit"),
        ("evaporating-pool", {"inputs": {"substance": "no such thing"}}, "mass"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_400_by_its_name(
    client: httpx.Client, process: str, body: dict[str, Any], field: str
) -> None:
    told = executed(client, process, body, 400)
    assert field in {one["field"] for one in told["faults"]}
    assert told["code"] == "InvalidParameterValue"


def test_outputs_can_be_chosen_and_validity_goes_with_them(client: httpx.Client) -> None:
    given = {"hole_diameter": "10 mm", "liquid_density": 1400.0, "upstream_pressure": "8 bar"}
    told = executed(client, "liquid-hole", {"inputs": given, "outputs": {"mass_rate": {}}})
    assert set(told) == {"mass_rate", "validity", "evidence"}


def test_one_raw_output_comes_as_it_is_with_its_unit(client: httpx.Client) -> None:
    body = {"inputs": TNT, "outputs": {"result": {}}, "response": "raw"}
    answer = client.post("/processes/tnt-equivalence/execution", json=body)
    assert answer.json() == pytest.approx(MODELS["tnt-equivalence"](**TNT))
    assert (answer.headers["onemap-unit"], answer.headers["onemap-valid"]) == ("kg", "true")


def test_several_raw_outputs_come_as_parts_of_a_message(client: httpx.Client) -> None:
    answer = client.post("/processes/tnt-equivalence/execution", json={"inputs": TNT, "response": "raw"})
    message = message_from_bytes(
        b"Content-Type: " + answer.headers["content-type"].encode() + b"\r\n\r\n" + answer.content
    )
    parts = {str(part["Content-ID"]): part.get_payload() for part in message.get_payload()}  # type: ignore[union-attr]
    assert set(parts) == {"<result>", "<validity>", "<evidence>"}
    assert json.loads(str(parts["<result>"])) == pytest.approx(MODELS["tnt-equivalence"](**TNT))


def test_an_unknown_process_is_told_in_the_standards_own_type(client: httpx.Client) -> None:
    told = executed(client, "nothing", {"inputs": {}}, 404)
    assert told["type"].endswith("/exceptions/ogcapi-processes-1/1.0/no-such-process")
    assert asked(client, "/processes/nothing", 404)["type"] == told["type"]


def test_a_browsers_session_reads_and_executes_nothing(client: httpx.Client) -> None:
    assert client.get("/processes/tnt-equivalence", headers={"cookie": "a=b"}).status_code == 200
    assert executed(client, "tnt-equivalence", {"inputs": TNT}, 403, cookie="a=b")["status"] == 403


def test_a_body_that_is_no_request_is_refused(client: httpx.Client) -> None:
    for body in (b"{", b"[]", b" " * (LARGEST + 1)):
        answer = client.post("/processes/tnt-equivalence/execution", content=body)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_both_languages_are_spoken_by_parameter_and_by_header(client: httpx.Client) -> None:
    card = MODELS["tnt-equivalence"].card
    assert asked(client, "/processes/tnt-equivalence", lang="zh")["title"] == card.title.zh
    answer = client.get("/processes/tnt-equivalence", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert (answer.json()["title"], answer.headers["content-language"]) == (card.title.zh, "zh")
    told = executed(client, "tnt-equivalence", {"inputs": {}}, 400, **{"accept-language": "zh"})
    assert told["faults"][0]["rule"] == "必须填写"


def test_the_list_can_be_read_in_pages(client: httpx.Client) -> None:
    found, offset = [], 0
    while True:
        page = asked(client, "/processes", limit=40, offset=offset)
        found += [one["id"] for one in page["processes"]]
        if not any(link["rel"] == "next" for link in page["links"]):
            break
        offset += 40
    assert found == list(processes())
    assert asked(client, "/processes", 400, limit=0)["code"] == "InvalidParameterValue"
    assert asked(client, "/processes", 400, colour="red")["code"] == "InvalidParameterValue"


def test_pages_for_people_name_inputs_units_and_evidence(client: httpx.Client) -> None:
    answer = client.get("/processes/gaussian-plume", params={"f": "html", "lang": "zh"})
    assert answer.headers["content-type"].startswith("text/html")
    for words in ("泄漏速率", "kg/s", "briggs_rural", "evidenceTier"):
        assert words in answer.text
    assert "高斯" in client.get("/processes", params={"f": "html", "lang": "zh"}).text


def test_owslib_lists_describes_and_executes(address: str, door: Door) -> None:
    door.caller = PLANNER
    service = Processes(f"{address}/ogc/api/")
    assert "tnt-equivalence" in {one["id"] for one in service.processes()}
    assert service.process("tnt-equivalence")["outputs"]["result"]["schema"]["x-ogc-unit"] == "kg"
    told = service.execute("tnt-equivalence", TNT)
    assert told["result"]["value"] == pytest.approx(MODELS["tnt-equivalence"](**TNT))


def _stability(name: str) -> object:
    return next(one for one in MODELS["aloha-passive"].card.inputs if one.name == "stability").choices[
        "ABCDEF".index(name)
    ]


def numbers(number: dict[str, Any]) -> st.SearchStrategy[float]:
    """Numbers that a schema allows, the ends among them."""
    low, high = number.get("exclusiveMinimum", number.get("minimum", -1e9)), number.get("maximum", 1e9)
    return st.floats(low, high, exclude_min="exclusiveMinimum" in number)


def drawn(part: Part) -> st.SearchStrategy[Any]:
    if "enum" in part.schema:
        return st.sampled_from(part.schema["enum"])
    ways = part.schema.get("oneOf", [part.schema])
    if ways[0]["type"] == "string":
        return st.sampled_from(["7782-50-5", "液氨", "1017", "nothing"])
    one = numbers(ways[0])
    many = any(way["type"] == "array" for way in ways)
    return one | st.lists(one, min_size=1, max_size=3) if many else one


@pytest.mark.parametrize("name", list(MODELS))
def test_whatever_its_schema_allows_a_process_answers_or_refuses_in_words(name: str) -> None:
    process = PROCESSES[name]
    required = {part.name: drawn(part) for part in process.inputs if part.required}
    optional = {part.name: drawn(part) for part in process.inputs if not part.required}

    @settings(max_examples=4, derandomize=True, database=None, deadline=None)
    @given(inputs=st.fixed_dictionaries(required, optional=optional))
    def holds(inputs: dict[str, Any]) -> None:
        try:
            values = process.run(inputs, PLANNER)
        except BadInputError:
            return
        told = json.dumps({part: value.value for part, value in values.items()})
        assert "NaN" not in told
        assert "Infinity" not in told

    holds()
