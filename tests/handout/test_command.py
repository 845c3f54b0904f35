"""`onemap scenario handout`: files from the command line, with a city and without one."""

import io
import sqlite3
from pathlib import Path

import pypdf
import pytest
import yaml
from lxml import html
from typer.testing import CliRunner

from app.cli import command_line
from core.errors import BadInputError, ConflictError
from store.audit import Kind
from store.opening import open_audit
from tests.handout.conftest import CHLORINE, LESS
from tests.server import demo_city


def run(*arguments: str | Path) -> str:
    """What the command says; its own errors are raised."""
    done = CliRunner().invoke(command_line("scenario"), ["scenario", "handout", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    both = tmp_path / "leak.yaml", tmp_path / "less.yaml"
    for path, given in zip(both, (CHLORINE, LESS), strict=True):
        path.write_text(yaml.safe_dump(given, allow_unicode=True), "utf-8")
    return both


def test_without_a_city_the_file_says_that_nobody_was_counted(files: tuple[Path, Path], tmp_path: Path) -> None:
    assert "plan.html" in run(*files, "-o", tmp_path / "plan.html")
    said = html.fromstring((tmp_path / "plan.html").read_text("utf-8")).text_content()
    assert "未统计:制作人无权查看,或未读取数据" in said
    assert "AEGL-2" in said
    assert "无底图" in said


def test_over_a_city_people_are_counted_and_what_is_taken_out_is_recorded(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    data = demo_city(tmp_path / "data")
    run(files[0], "-o", tmp_path / "plan.gpkg", "--data", data)
    run(files[0], "-o", tmp_path / "plan.out", "--format", "pdf", "--lang", "en", "--data", data)
    db = sqlite3.connect(tmp_path / "plan.gpkg")
    try:
        assert db.execute("SELECT min(residents) > 0 FROM zones").fetchone() == (1,)
    finally:
        db.close()
    pages = pypdf.PdfReader(io.BytesIO((tmp_path / "plan.out").read_bytes())).pages
    assert "Base map" in "".join(page.extract_text() for page in pages)
    audit = open_audit(data, None)
    try:
        where = {one.where.split(";")[0] for one in audit.reads() if one.kind == Kind.EXPORT}
    finally:
        audit.close()
    assert where == {"planner gpkg", "planner pdf"}


def test_a_file_that_exists_is_kept_and_an_unknown_ending_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "plan.kml").write_text("mine")
    with pytest.raises(ConflictError, match="--force"):
        run(files[0], "-o", tmp_path / "plan.kml")
    run(files[0], "-o", tmp_path / "plan.kml", "--force")
    assert (tmp_path / "plan.kml").read_text("utf-8").startswith("<?xml")
    with pytest.raises(BadInputError, match="gpkg"):
        run(files[0], "-o", tmp_path / "plan.doc")
