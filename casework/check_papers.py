"""What the papers of on-site checks say beyond the fields of their case."""

from casework.checklists import Mark, all_items, answered
from casework.documents.wording import day, moment
from casework.papers import Drafting
from layers.catalogue.enforcement import SiteCheck

Drawn = Drafting[SiteCheck]


def officers(drafting: Drawn) -> str:
    """The two officers with their certificates."""
    row = drafting.row
    pairs = ((row.lead, row.lead_no), (row.second, row.second_no))
    return "、".join(f"{name}（{number}）" if number else name for name, number in pairs if name) or "到场前确定"


def arranged_by(drafting: Drawn) -> str:
    """Whoever takes the step."""
    return drafting.who.name


def handled_by(drafting: Drawn) -> str:
    """Whoever takes the step."""
    return drafting.who.name


def place(drafting: Drawn) -> str:
    """Where the officers stood when they came."""
    if drafting.row.geometry is None:
        return ""
    point, away = drafting.row.geometry.representative_point(), drafting.row.distance
    far = "" if away is None else f"，距登记位置 {away:,.0f} 米"
    return f"东经 {point.x:.5f}°、北纬 {point.y:.5f}°（到场定位{far}）"


def began(drafting: Drawn) -> str:
    """When the officers came."""
    return "" if drafting.row.arrived_at is None else moment(drafting.row.arrived_at)


def ended(drafting: Drawn) -> str:
    """When the record was written."""
    return "" if drafting.row.recorded_at is None else moment(drafting.row.recorded_at)


def present(drafting: Drawn) -> str:
    """Who was met at the enterprise."""
    return drafting.row.party


def record_lines(drafting: Drawn) -> tuple[str, ...]:
    """What was found, item by item where it fails, and how many items were looked at."""
    row = drafting.row
    looked = answered(row.items)[0]
    left = sum(one.mark is Mark.NOT_APPLICABLE for one in looked)
    counted = f"按检查清单检查 {len(looked)} 项：符合 {row.conforming} 项，不符合 {row.failing} 项，不涉及 {left} 项。"
    return (row.findings.strip(), counted, *problems(drafting))


def problems(drafting: Drawn) -> tuple[str, ...]:
    """What did not conform, each with what was found."""
    titles = {one.id: one.title.zh for one in all_items()}
    failing = [one for one in answered(drafting.row.items)[0] if one.mark is Mark.FAILS]
    return tuple(f"{titles.get(one.item, one.item)}：{one.note.rstrip('。；')}。" for one in failing)


def found(_: Drawn) -> str:
    """What kind of problems they are, for the decision on measures."""
    return "违反安全生产规定的行为或者事故隐患"


def measures_taken(drafting: Drawn) -> tuple[str, ...]:
    """What has to be done at once."""
    return (drafting.row.on_spot.strip(),)


def requirements(drafting: Drawn) -> tuple[str, ...]:
    """What was ordered about them."""
    return (drafting.row.order.strip(),)


def ordered_until(drafting: Drawn) -> str:
    """By when it has to be mended."""
    return day(drafting.row.mend_by)


def order(drafting: Drawn) -> str:
    """What the order rechecked is called."""
    last = drafting.last("rectify-order")
    return "" if last is None else last.title


def order_number(drafting: Drawn) -> str:
    """The number of the order that is rechecked, where one was issued."""
    last = drafting.last("rectify-order")
    return "" if last is None else last.number


def ordered_on(drafting: Drawn) -> str:
    """When it was issued."""
    last = drafting.last("rectify-order")
    return "" if last is None else day(last.issued_at)


def findings(drafting: Drawn) -> tuple[str, ...]:
    """What the recheck found, and what follows from it."""
    row = drafting.row
    done = f"整改情况：{row.mended.strip()}" if row.mended.strip() else ""
    over = row.closed_at is not None
    follows = "整改合格，予以办结。" if over else f"整改不合格，须于{day(row.mend_by)}前整改完毕。"
    return tuple(one for one in (done, f"复查意见：{row.recheck.strip()}", follows) if one)
