"""An open card follows the store: what others change or remove is on it without a reload."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.embedded import open_embedded
from store.feed import Delete, Put
from store.protocol import Store
from tests.browser.conftest import Visit
from tests.server import Served

pytestmark = pytest.mark.browser

WRITER = Actor(id="test", name="试", door="cli")
BURST = """async () => {
  let runs = 0, beside = 0, most = 0;
  const soon = OneMap.gathered(async () => {
    runs += 1;
    most = Math.max(most, ++beside);
    await new Promise((done) => setTimeout(done, 30));
    beside -= 1;
  }, 20);
  const burst = setInterval(soon, 5);
  while (runs < 3) await new Promise((done) => setTimeout(done, 5));
  clearInterval(burst);
  return [runs >= 3, most > 1];
}"""
"""Whether what is asked for again and again without a pause is done all the same, and whether ever twice at once."""
RINGED = "() => OneMap.map.canvas.selection && OneMap.map.canvas.selection.key"


@pytest.fixture
def store(written: Served) -> Iterator[Store]:
    """The same store from the test's own process."""
    opened = open_embedded(written.data / "city.gpkg", CATALOGUE, utc_now)
    yield opened
    opened.close()


def opened_card(seen: Callable[..., Visit], address: str, row: int) -> tuple[Visit, Page, str]:
    """The card of a team by its row in the table, and its key."""
    found = seen(address, "/map?layers=enterprises,teams&table=teams")
    page = found.page
    key = page.locator("#map-table tr[data-key]").nth(row).get_attribute("data-key") or ""
    page.click(f'#map-table tr[data-key="{key}"]')
    expect(page.locator("#map-card [data-section=basics]")).to_be_visible()
    page.wait_for_function("() => OneMap.live.state() === 'open'")
    page.wait_for_function(f"key => ({RINGED})() === key && OneMap.map.canvas.selection.at", arg=key)
    page.evaluate("window.same = true")
    return found, page, key


def test_a_changed_value_is_on_the_open_card_without_a_reload(
    written: Served, store: Store, seen: Callable[..., Visit]
) -> None:
    found, page, key = opened_card(seen, written.address, 0)
    record = store.get(CATALOGUE["teams"], key, scope=SYSTEM_SCOPE).record
    new = record.model_copy(update={"leader": "新任队长"})
    store.commit([Put(layer="teams", record=new)], actor=WRITER, reason="test", scope=SYSTEM_SCOPE)
    expect(page.locator("#map-card [data-section=basics]")).to_contain_text("新任队长")
    assert page.evaluate("window.same")
    assert page.evaluate(RINGED) == key
    assert page.evaluate(BURST) == [True, False]
    assert found.faults == []


def test_an_object_that_vanishes_leaves_words_and_no_ring(
    written: Served, store: Store, seen: Callable[..., Visit]
) -> None:
    _, page, key = opened_card(seen, written.address, 1)
    store.commit([Delete(layer="teams", key=key)], actor=WRITER, reason="test", scope=SYSTEM_SCOPE)
    expect(page.locator("#map-card h2")).to_have_text("没有这个对象")
    page.wait_for_function(f"() => ({RINGED})() === null")
    assert "null" not in page.inner_text("#map-card")
    assert page.evaluate("window.same")
