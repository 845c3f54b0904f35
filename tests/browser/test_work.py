"""Exports followed in the tray of the map, and files on a card, by mouse and keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server import demo_server

pytestmark = pytest.mark.browser
ENTERPRISE = "#map-table tbody tr"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A city of this module's own, for its tests write into it."""
    with demo_server(tmp_path_factory.mktemp("work")) as address:
        yield address


def first_enterprise(page: Page) -> str:
    page.wait_for_selector(ENTERPRISE)
    key = page.get_attribute(ENTERPRISE, "data-key")
    assert key is not None
    return key


def test_a_filtered_table_is_exported_and_fetched(served: str, visit: Callable[..., Visit], tmp_path: Path) -> None:
    found = visit(served)
    page = found.open("/map?table=enterprises&risk=1")
    first_enterprise(page)
    total = page.get_attribute("#table-total", "data-total")
    page.get_by_role("button", name="导出", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Excel 表格")).to_be_visible()
    page.get_by_role("menuitem", name="CSV 文本").click()
    done = page.locator(".work-tray li[data-state=done]")
    expect(done).to_contain_text(f"{total} 行", timeout=60_000)
    with page.expect_download() as fetched:
        done.get_by_role("link").click()
    fetched.value.save_as(tmp_path / "taken.zip")
    assert (tmp_path / "taken.zip").read_bytes()[:2] == b"PK"
    assert found.faults == []


def test_a_picture_is_attached_seen_and_taken_off(served: str, visit: Callable[..., Visit], tmp_path: Path) -> None:
    found = visit(served)
    page = found.open("/map?table=enterprises")
    picture = tmp_path / "东门.png"
    page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": 60, "height": 60})
    key = first_enterprise(page)
    page.click(f'{ENTERPRISE}[data-key="{key}"]')
    files = page.locator("[data-section=files]")
    expect(files).to_contain_text("没有附件")
    files.locator("input[type=file]").set_input_files(picture)
    row = files.locator("li[data-file]")
    expect(row).to_contain_text("东门.png")
    expect(row.locator("img")).to_have_js_property("naturalWidth", 60)
    row.get_by_role("button", name="移除东门.png").click()
    page.keyboard.type("误传")
    page.keyboard.press("Enter")
    expect(files).to_contain_text("没有附件")
    assert found.faults == []


def test_a_page_named_as_a_picture_is_refused_in_words(
    served: str, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit(served).open("/map?table=enterprises")
    (tmp_path / "照片.png").write_text("<script>alert(1)</script>")
    page.click(f'{ENTERPRISE}[data-key="{first_enterprise(page)}"]')
    files = page.locator("[data-section=files]")
    files.locator("input[type=file]").set_input_files(tmp_path / "照片.png")
    expect(files.get_by_role("alert")).to_contain_text("不是可以附加的文件类型")
    expect(files).to_contain_text("没有附件")
