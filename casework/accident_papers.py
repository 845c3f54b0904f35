"""What the report of an investigation says, by article 30 of Decree 493: losses, the group, what was attached."""

from casework.documents.wording import worded
from casework.papers import Drafting
from layers.catalogue.investigations import INVESTIGATIONS, Investigation
from layers.codes import code_list

Given = Drafting[Investigation]


def losses_told(given: Given) -> str:
    """Deaths, injuries and direct loss in a sentence; what nobody told is named as not told."""
    row = given.row
    people = [
        f"{word} {said} 人" if said is not None else f"{word}人数未查明"
        for word, said in (("死亡", row.deaths), ("重伤", row.serious_injuries), ("轻伤", row.minor_injuries))
    ]
    loss = "直接经济损失未查明" if row.direct_loss is None else f"直接经济损失 {row.direct_loss / 10_000:,.2f} 万元"
    return f"{'，'.join(people)}；{loss}。"


def level_found(given: Given) -> str:
    """The level by the losses of the report, or that there is none."""
    if given.row.level is None:
        return "无人员伤亡和直接经济损失，不定事故等级"
    return worded_code("accident_level", str(given.row.level))


def members(given: Given) -> tuple[str, ...]:
    """The head of the group and its members, each on a line of its own."""
    rest = [line.strip() for line in given.row.group_members.splitlines() if line.strip()]
    return (f"{given.row.group_head}（组长）", *rest)


def course_told(given: Given) -> tuple[str, ...]:
    """The course, paragraph by paragraph."""
    return _lines(given.row.course)


def responsibility_told(given: Given) -> tuple[str, ...]:
    """Who is responsible and what is proposed, paragraph by paragraph."""
    return _lines(given.row.responsibility)


def prevention_told(given: Given) -> tuple[str, ...]:
    """What is to be put right, paragraph by paragraph."""
    return _lines(given.row.prevention)


def appraisal_told(given: Given) -> str:
    """Who appraised and what it found; blank where nothing was appraised."""
    row = given.row
    return f"{row.appraiser}：{row.appraisal}" if row.appraisal else ""


def happened_at(given: Given) -> str:
    """When it happened."""
    found = worded(INVESTIGATIONS.fields["occurred_at"], given.row.occurred_at)
    return found if isinstance(found, str) else ""


def worded_code(codes: str, code: str) -> str:
    """The Chinese word of a code."""
    return next((one.title.zh for one in code_list(codes) if one.code == code), code)


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in words.splitlines() if line.strip())
