"""The look comes from the tokens and nowhere else."""

import json
import re
from pathlib import Path

import layers
from dashboards.site import ASSETS
from dashboards.theme import css

TOKENS = Path(layers.__file__).parent / "tokens.json"


def test_the_committed_stylesheet_is_what_the_tokens_say() -> None:
    assert (ASSETS / "00-tokens.css").read_text("utf-8") == css(json.loads(TOKENS.read_text("utf-8")))


def test_no_asset_names_another_host() -> None:
    for path in ASSETS.rglob("*"):
        if path.suffix in (".js", ".css") and "vendor" not in path.parts:
            found = re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8"))
            assert [url for url in found if "www.w3.org" not in url] == [], path


def test_vendored_scripts_come_with_their_licence() -> None:
    assert "ISC" in (ASSETS / "vendor" / "supercluster.LICENSE").read_text("utf-8")
    assert (ASSETS / "fonts" / "NotoSansSC-OFL.txt").is_file()
