"""A shared link says which of its filters is not open to its reader."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_filter_kept_from_the_public_is_said_on_the_map(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server, "public")
    page = found.open("/map?risk=1")
    expect(page.locator(".map-note")).to_contain_text("筛选条件“风险”不对您开放")
    assert found.faults == []
