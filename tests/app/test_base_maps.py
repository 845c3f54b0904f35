"""External base maps: off by default, refused in words when they would lie, their hosts the only ones let in."""

import pytest

from app.base_maps import base_maps, image_hosts
from app.headers import content_security_policy
from app.settings import ExternalBaseMap, Settings
from core.errors import BadInputError
from dashboards.screens import OWN_BASE_MAP

WMTS = "https://t0.example.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"


def listed(**changes: str) -> Settings:
    fields = {"id": "vec", "title_zh": "矢量", "title_en": "Vector", "url": WMTS, "key": "k", **changes}
    return Settings(external_base_maps=(ExternalBaseMap.model_validate(fields),))


def test_by_default_there_is_only_our_own() -> None:
    assert base_maps(Settings(external_base_maps=())) == (OWN_BASE_MAP,)
    assert image_hosts((OWN_BASE_MAP,)) == ()


def test_the_policy_lets_in_exactly_the_hosts_listed() -> None:
    maps = base_maps(listed())
    assert image_hosts(maps) == ("https://t0.example.cn",)
    policy = content_security_policy(image_hosts=image_hosts(maps))
    assert "img-src 'self' data: blob: https://t0.example.cn;" in policy
    assert policy.count("example.cn") == 1


def test_the_key_is_filled_in_and_what_the_map_says_of_itself_is_kept() -> None:
    own, other = base_maps(listed(attribution="天地图", map_approval_no="GS(2025)1号"))
    assert own is OWN_BASE_MAP
    assert other.url.endswith("&tk=k")
    assert (other.attribution, other.approval) == ("天地图", "GS(2025)1号")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"datum": "GCJ-02"}, "加偏"),
        ({"url": "https://t0.example.cn/{z}/{x}.png"}, "{z} {x} {y}"),
        ({"url": "https://{s}.example.cn/{z}/{x}/{y}.png"}, "主机名"),
        ({"url": "https://a.example.cn;script-src/{z}/{x}/{y}.png"}, "主机名"),
        ({"url": "javascript:{z}{x}{y}"}, "http"),
        ({"key": ""}, "key"),
        ({"id": "own"}, "重复"),
    ],
)
def test_a_base_map_that_cannot_be_shown_rightly_is_refused_in_words(changes: dict[str, str], said: str) -> None:
    with pytest.raises(BadInputError) as refused:
        base_maps(listed(**changes))
    assert said in refused.value.text.zh
    assert "矢量" in refused.value.text.zh
