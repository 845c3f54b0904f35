"""Every operation of the OpenAPI document, asked by schemathesis as three roles: no fault of ours, no traceback."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.openapi import document
from app.policy import RULES
from tests.matrix.conftest import Site
from tests.matrix.fuzz import LEFT_OUT, TRACE

EXAMPLES = 2
OPERATIONS = [
    f"{method.upper()} {path}"
    for path, described in document(RULES)["paths"].items()
    for method in described
    if path not in LEFT_OUT
]


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    """The operations as schemathesis reads them; imported here, because every worker collects and one asks."""
    import schemathesis

    found = (one.ok() for one in schemathesis.openapi.from_dict(document(RULES)).get_all_operations())
    return {one.label: one for one in found}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_takes_what_its_description_allows(site: Site, read: dict[str, Any], name: str) -> None:
    operation = read[name]
    browsers = {one: site.of(one) for one in ("city", "enterprise", "public")}

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        made = case.as_transport_kwargs(base_url=site.address)
        body = {name: made[name] for name in ("json", "data") if made.get(name) is not None}
        if isinstance(body.get("data"), bytes | str):
            body = {"content": body["data"]}
        kind = {"content-type": made["headers"]["Content-Type"]} if body else {}
        for caller, browser in browsers.items():
            request = browser.build_request(
                made["method"], made["url"], params=made.get("params"), headers=kind, **body
            )
            answer = browser.send(request)
            assert answer.status_code < 500, (caller, request.url, answer.text[:300])
            if answer.headers.get("content-type", "").startswith(("application/", "text/")):
                assert not TRACE.search(answer.text), (caller, request.url)

    asked()
