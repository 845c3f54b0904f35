"""Pasquill's class from wind and what the sky looks like, by Turner's table as ALOHA reads it."""

from enum import StrEnum

from core.texts import Text
from core.units import Speed
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import CLASSES, Stability
from emergency.models.dispersion.srdt import Classified

WINDS = (2.0, 3.0, 5.0, 6.0)
TABLE = {
    "strong": "ABBCC",
    "moderate": "BBCDD",
    "slight": "BCDDD",
    "night_cloudy": "FEDDD",
    "night_clear": "FFEDD",
}
DISPUTED = Text(
    "弱日照、风速 3–5 m/s 一格,ALOHA 的依据取 D,其他版本印作 C",
    "slight sun with 3 to 5 m/s is D in the print ALOHA follows and C in others",
)


class Sky(StrEnum):
    """Sun by its height (strong above 60°, moderate from 35°, slight from 15°), or night by cloud (4/8 or more)."""

    STRONG = "strong"
    MODERATE = "moderate"
    SLIGHT = "slight"
    NIGHT_CLOUDY = "night_cloudy"
    NIGHT_CLEAR = "night_clear"


@model(
    id="stability-turner",
    title=Text("Turner 稳定度分级表", "Stability by Turner's table"),
    source="Turner (1994) table 2.2 as used by ALOHA (NOAA TM NOS OR&R 43 table 10), as quoted in HAZEL",
    how=Text(
        "由 10 m 风速与日照强弱或夜间云量查表;表中并列两级时取更稳定的一级。",
        "A table of the wind at 10 m and the sun or the cloud at night; of two classes in a cell the more stable one.",
    ),
    formula=formula(
        "i = ∑[k=1…4](u > Uₖ)",
        "S = T(j, i)",
        where={
            "i": means("风速档(0–4)", "band of wind, 0 to 4", "1"),
            "u": "wind_speed",
            "U": means("风速界限 2、3、5、6 m/s", "bounds of wind 2, 3, 5, 6 m/s", "m/s"),
            "S": CLASSES["S"],
            "T": means(
                "表,行 j:强日照 ABBCC、中 BBCDD、弱 BCDDD、夜间多云 FEDDD、少云 FFEDD",
                "the table, rows j: strong sun ABBCC, moderate BBCDD, slight BCDDD, cloudy night FEDDD, clear FFEDD",
            ),
            "j": means("日照强弱或夜间云量(sky)", "the sun, or the cloud at night (sky)"),
        },
    ),
    neglects=(Text("雪、雾与城市热岛", "snow, fog and the heat of towns"),),
)
def turner_class(wind_speed: Speed, sky: Sky) -> Classified:
    """The class; a wind on a bound belongs to the lighter band."""
    band = sum(wind_speed > bound for bound in WINDS)
    doubt = DISPUTED if sky == Sky.SLIGHT and band == 2 else None
    return Classified(stability=Stability(TABLE[sky][band]), doubt=doubt)
