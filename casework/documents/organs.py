"""Who issues documents: the organ of an area, the word its numbers begin with, and its seal as a picture."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import Fault, FaultsError
from core.scope import Scope
from core.texts import Text

SEAL = 520
"""Pixels across a seal that is drawn here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """One organ. `area` is the code prefix it answers for, `short` stands in its numbers: （云澜）…; `seal` is a PNG.

    `review_organ` and `court` are where a party may turn to; without a seal the place for it stays empty.
    """

    area: str
    name: str
    short: str
    review_organ: str
    court: str
    seal: bytes = b""


def organ_of(organs: Sequence[Organ], scope: Scope) -> Organ:
    """The narrowest organ that answers for all areas of who signs. Raises: FaultsError where there is none."""
    fitting = [one for one in organs if all(area.startswith(one.area) for area in scope.areas)]
    if not fitting:
        areas = "、".join(scope.areas) or "—"
        rule = Text(
            "没有配置可印发文书的机关(ONEMAP_ORGANS),不能印发文书",
            "no organ is configured that may issue documents there (ONEMAP_ORGANS)",
        )
        raise FaultsError([Fault(field="organ", value=areas, rule=rule)], rule)
    return max(fitting, key=lambda one: len(one.area))


def demo_seal(name: str, font: Path) -> bytes:
    """A seal that says of itself that it is none: ring, name of the organ around, 演示专用 across."""
    from PIL import Image, ImageDraw, ImageFont

    red = (200, 24, 24, 255)
    picture = Image.new("RGBA", (SEAL, SEAL), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((6, 6, SEAL - 6, SEAL - 6), outline=red, width=12)
    letters, words = ImageFont.truetype(font, 56), ImageFont.truetype(font, 62)
    spread = min(220.0, 30.0 * (len(name) - 1))
    for n, letter in enumerate(name):
        angle = -spread / 2 + (spread * n / (len(name) - 1) if len(name) > 1 else spread / 2)
        tile = Image.new("RGBA", (90, 90), (255, 255, 255, 0))
        ImageDraw.Draw(tile).text((45, 45), letter, font=letters, fill=red, anchor="mm")
        turned = tile.rotate(-angle, resample=Image.Resampling.BICUBIC)
        radius, rad = SEAL / 2 - 66, math.radians(angle - 90)
        at = (round(SEAL / 2 + radius * math.cos(rad) - 45), round(SEAL / 2 + radius * math.sin(rad) - 45))
        picture.alpha_composite(turned, at)
    draw.text((SEAL / 2, SEAL / 2 + 34), "演示专用", font=words, fill=red, anchor="mm")
    draw.text((SEAL / 2, SEAL / 2 + 112), "非公章", font=ImageFont.truetype(font, 44), fill=red, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
