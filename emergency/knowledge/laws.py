"""Articles of laws and regulations that are shipped, as rows; each says of which date its text is."""

import csv
import io
from datetime import date
from functools import cache
from importlib.resources import files

from layers.catalogue.knowledge import LawArticle

DATA = files("emergency.knowledge") / "data"
SOURCE = "LawRefBook/Laws 2f4c5c23(2025 年 4 月,据国家法律法规数据库);现行文本以国家法律法规数据库为准,附表未收"


@cache
def articles() -> tuple[LawArticle, ...]:
    """Every article of every text that is shipped, in the order of the texts."""
    laws = {row["id"]: row for row in _rows("laws")}
    return tuple(
        LawArticle(
            code=f"{row['law']}/{int(row['number']):03d}", law=(law := laws[row["law"]])["title"],
            title=f"{law['title'].removeprefix('中华人民共和国')} {row['name']}", number=int(row["number"]),
            chapter=row["chapter"], text=row["text"], dated=date.fromisoformat(law["dated"]), source=SOURCE,
        )
        for row in _rows("articles")
    )  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((DATA / f"{name}.csv").read_text("utf-8"))))
