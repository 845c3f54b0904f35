"""Official documents: what an organ sends, from the draft to the archive, and what it receives.

Regulations on official documents (党政机关公文处理工作条例, 中办发〔2012〕14号), read in a copy on the web: drafting,
checking and signing come before a document is registered, printed and sent; what comes in is registered, handled as
proposed and instructed, and archived. That nobody checks or signs their own draft is this system's own rule.
"""

from enum import StrEnum
from typing import Any

from casework.casetype import CaseType, Document, Role, Step
from casework.documents.wording import day
from casework.engine import Asked
from casework.papers import Drafting
from casework.reminders import ladders
from casework.terms import local_day
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import CaseRow
from layers.catalogue.notices import NOTICES, Notice
from layers.catalogue.official import INCOMING_DOCUMENTS, OFFICIAL_DOCUMENTS, IncomingDocument, OfficialDocument, Paper

OFFICER = (Role.OFFICER,)
Given = Asked[OfficialDocument]
Draft = Drafting[OfficialDocument]
TO_EVERYBODY = frozenset({"resolution", "order", "bulletin", "announcement", "proclamation", "minutes"})
"""Kinds that name nobody they are addressed to."""
UPWARDS = frozenset({"request", "report"})
"""Kinds that name who signed them beside the number (GB/T 9704-2012, 7.2.6)."""


class State(StrEnum):
    """Where a document that is sent stands (code list `official_state`)."""

    DRAFTING = "drafting"
    CHECKING = "checking"
    COUNTERSIGNING = "countersigning"
    SIGNING = "signing"
    SIGNED = "signed"
    NUMBERED = "numbered"
    SEALED = "sealed"
    DISTRIBUTED = "distributed"
    ARCHIVED = "archived"
    VOID = "void"


class Incoming(StrEnum):
    """Where a document that was received stands (code list `incoming_state`)."""

    REGISTERED = "registered"
    PROPOSED = "proposed"
    HANDLING = "handling"
    HANDLED = "handled"
    ARCHIVED = "archived"
    RETURNED = "returned"


def holds_no_secret(asked: Asked[Paper]) -> Text | None:
    """What holds a secret is not put into this system, and somebody has looked."""
    if asked.row.confirmed:
        return None
    return Text(
        "须先作保密审查并勾选;涉及国家秘密、工作秘密的内容不得录入本系统",
        "tick that it was checked: what is a secret of the state or of the office must not be put into this system",
    )


def names_recipients(asked: Given) -> Text | None:
    """A document names to whom it is addressed, but for kinds that are for everybody."""
    if asked.row.recipients.strip() or asked.row.kind in TO_EVERYBODY:
        return None
    return Text("请填写主送机关", "say to whom it is addressed")


def has_text(asked: Given) -> Text | None:
    """Nothing without a text goes on."""
    return None if asked.row.body.strip() else Text("正文为空", "there is no text yet")


def is_not_the_drafter(asked: Given) -> Text | None:
    """Nobody checks or signs their own draft."""
    if asked.row.drafter_account != asked.who.account:
        return None
    return Text("拟稿人不能核稿、签发自己拟的公文", "nobody checks or signs a draft of their own")


def wants_no_countersigning(asked: Given) -> Text | None:
    """Without others to countersign."""
    if not asked.row.cosigners:
        return None
    return Text("已指定会签人,请送会签", "there are some who countersign: send it to them")


def wants_countersigning(asked: Given) -> Text | None:
    """With somebody to countersign."""
    return None if asked.row.cosigners else Text("请选择会签人", "choose who countersigns")


def is_asked_to_countersign(asked: Given) -> Text | None:
    """Who is named countersigns, and once."""
    if asked.who.account not in asked.row.cosigners:
        return Text("您不是此件的会签人", "you are not asked to countersign this")
    if asked.who.account in asked.row.cosigned:
        return Text("您已会签", "you have countersigned already")
    return None


def all_have_countersigned(asked: Given) -> Text | None:
    """It goes on when everybody named has countersigned."""
    left = len(set(asked.row.cosigners) - set(asked.row.cosigned))
    return Text(f"还有 {left} 人未会签", f"{left} have not countersigned yet") if left else None


def goes_to_somebody(asked: Given) -> Text | None:
    """It is sent to an organ, a group or a person."""
    row = asked.row
    if row.to_areas or row.to_groups or row.to_people:
        return None
    return Text("请至少选择一个机关、分组或个人", "choose an organ, a group or a person at least")


def is_for_everybody(asked: Given) -> Text | None:
    """Only what is public goes on the notice board, and once."""
    if asked.row.secrecy != "public":
        return Text("公开属性为“内部”的公文不能公开发布", "what is internal is not published")
    return Text("已发布在公告栏", "it is on the notice board already") if asked.row.published_at else None


def handled_after_today(asked: Asked[IncomingDocument]) -> Text | None:
    """The time to handle it lies ahead."""
    until = asked.row.handle_by
    if until is None or until >= local_day(asked.at):
        return None
    return Text("办理时限不能早于今天", "the time to handle it has passed")


def notes_the_drafter(asked: Given) -> dict[str, Any]:
    """Who drafted it."""
    return {"drafter": asked.who.name, "drafter_account": asked.who.account}


def begins_its_rounds(asked: Given) -> dict[str, Any]:
    """What others have said of an earlier draft does not stand for this one."""
    return {"checked_by": "", "cosigned": ()}


def notes_the_checker(asked: Given) -> dict[str, Any]:
    """Who checked it."""
    return {"checked_by": asked.who.name}


def notes_who_countersigned(asked: Given) -> dict[str, Any]:
    """Who has countersigned so far."""
    return {"cosigned": (*asked.row.cosigned, asked.who.account)}


def notes_the_signer(asked: Given) -> dict[str, Any]:
    """Who signed it and when: the date the document bears."""
    return {"signed_by": asked.who.name, "signed_on": local_day(asked.at)}


def notes_the_seal(asked: Given) -> dict[str, Any]:
    """When it was sealed."""
    return {"sealed_at": asked.at}


def notes_the_distribution(asked: Given) -> dict[str, Any]:
    """When it was sent last."""
    return {"distributed_at": asked.at}


def notes_its_publishing(asked: Given) -> dict[str, Any]:
    """Since when it is on the notice board, and by which step, which alone writes the notice."""
    return {"published_at": asked.at, "published_step": asked.row.steps + 1}


def notes_the_archivist(asked: Asked[Paper]) -> dict[str, Any]:
    """Who archived it."""
    return {"archived_by": asked.who.name}


def is_a_document(asked: Given) -> Text | None:
    """Laid out as a document."""
    return None if asked.row.layout == "document" else Text("为信函格式", "it is a letter")


def is_a_letter(asked: Given) -> Text | None:
    """Laid out as a letter."""
    return None if asked.row.layout == "letter" else Text("为文件格式", "it is a document")


def paragraphs(given: Draft) -> tuple[str, ...]:
    """The text, line by line."""
    return tuple(line.strip() for line in given.row.body.split("\n") if line.strip())


def annex_lines(given: Draft) -> tuple[str, ...]:
    """The annexes as the note of a document lists them."""
    found = [line.strip() for line in given.row.annexes.split("\n") if line.strip()]
    if len(found) == 1:
        return (f"附件：{found[0]}",)
    return tuple(f"{'附件：' if n == 0 else '　　　'}{n + 1}．{one}" for n, one in enumerate(found))


def urgent(given: Draft) -> str:
    """加急 or 特急; nothing for what is ordinary."""
    return {"urgent": "加急", "extra": "特急"}.get(given.row.urgency, "")


def addressed(given: Draft) -> str:
    """To whom, with the colon."""
    return f"{given.row.recipients.strip()}：" if given.row.recipients.strip() else ""


def beside_the_number(given: Draft) -> str:
    """Who signed what goes upwards."""
    return f"　　　签发人：{_person(given.row.signed_by)}" if given.row.kind in UPWARDS else ""


def copied(given: Draft) -> str:
    """To whom copies go."""
    return f"抄送：{given.row.copies.strip()}。" if given.row.copies.strip() else ""


def dated(given: Draft) -> str:
    """The day it was signed."""
    return day(given.row.signed_on)


def printed_on(given: Draft) -> str:
    """The day it was printed."""
    return day(given.at)


def signer(given: Draft) -> str:
    """Who signed, whoever seals."""
    return given.row.signed_by


def _person(name: str) -> str:
    return name.replace("，", ",").partition(",")[0]


def on_the_board(row: OfficialDocument) -> Notice | None:
    """The notice, once: what is corrected or withdrawn on the board later is not written over."""
    if row.published_at is None or row.published_step != row.steps:
        return None
    return Notice(
        code=row.code, title=row.title, body=row.body, issued_by=_unit(row.signed_by), published_at=row.published_at,
        area=row.area, sensitivity=Sensitivity.PUBLIC, kind="notice",
    )  # fmt: skip


def _unit(name: str) -> str:
    return (name.replace("，", ",").partition(",")[2] or name).strip()[:80]


def office_acts(_: CaseRow) -> Role:
    """Documents are the office's alone."""
    return Role.OFFICER


TEXT = (
    "title", "kind", "layout", "secrecy", "confirmed", "urgency", "recipients", "body", "annexes", "copies",
    "cosigners",
)  # fmt: skip
FILLS = (
    paragraphs, annex_lines, urgent, addressed, beside_the_number, copied, dated, printed_on, signer)  # fmt: skip
COMPLETE = (holds_no_secret, names_recipients, has_text)
LAW = Text(
    "《党政机关公文处理工作条例》(中办发〔2012〕14号,据网络转载)",
    "Regulations on official documents, 2012 (read in a copy on the web)",
)

OFFICIAL_DOCUMENT = CaseType(
    id="official-document",
    title=Text("公文(发文)", "Official documents"),
    about=Text(
        "拟稿、核稿、会签、签发、编号、用印、分发、归档;涉密文件不得进入本系统",
        "Drafted, checked, countersigned, signed, numbered, sealed, distributed, archived; no secret enters the system",
    ),
    register=OFFICIAL_DOCUMENTS,
    states=State,
    start=State.DRAFTING,
    final=(State.ARCHIVED, State.VOID),
    numbering="GW",
    law=LAW,
    turn=office_acts,
    documents=(
        Document(
            id="document", title=Text("公文(文件格式)", "Document"), form="official-document", fills=FILLS,
            when=is_a_document, proof="number", into=(("number", "number"),),
        ),
        Document(
            id="letter", title=Text("公文(信函格式)", "Letter"), form="official-letter", fills=FILLS,
            when=is_a_letter, proof="number", into=(("number", "number"),),
        ),
    ),
    public=NOTICES,
    public_copy=on_the_board,
    steps=(
        Step(
            name="draft", title=Text("拟稿", "Draft"), opens=True, source=(), target=State.DRAFTING, by=OFFICER,
            asks=("area", *TEXT), needs=("area", "title", "kind"), guards=(holds_no_secret,), sets=notes_the_drafter,
            law=LAW,
        ),
        Step(
            name="revise", title=Text("修改", "Revise"), source=(State.DRAFTING,), target=None, by=OFFICER, asks=TEXT,
            needs=("title", "kind"), guards=(holds_no_secret,),
        ),
        Step(
            name="submit", title=Text("送核稿", "Send to be checked"), source=(State.DRAFTING,), target=State.CHECKING,
            by=OFFICER, asks=("annexes",), guards=COMPLETE, sets=begins_its_rounds,
        ),
        Step(
            name="return_draft", title=Text("退回修改", "Return"), source=(State.CHECKING, State.COUNTERSIGNING,
            State.SIGNING), target=State.DRAFTING, by=OFFICER, reason=True,
        ),
        Step(
            name="check", title=Text("核稿通过", "Checked"), source=(State.CHECKING,), target=State.SIGNING, by=OFFICER,
            guards=(is_not_the_drafter, wants_no_countersigning), sets=notes_the_checker,
        ),
        Step(
            name="check_and_circulate", title=Text("核稿通过,送会签", "Checked, to be countersigned"),
            source=(State.CHECKING,), target=State.COUNTERSIGNING, by=OFFICER, asks=("cosigners",),
            guards=(is_not_the_drafter, wants_countersigning), sets=notes_the_checker,
        ),
        Step(
            name="countersign", title=Text("会签", "Countersign"), source=(State.COUNTERSIGNING,), target=None,
            by=OFFICER, guards=(is_asked_to_countersign,), sets=notes_who_countersigned,
        ),
        Step(
            name="send_to_sign", title=Text("会签完毕,送签发", "Countersigned, to be signed"),
            source=(State.COUNTERSIGNING,), target=State.SIGNING, by=OFFICER, guards=(all_have_countersigned,),
        ),
        Step(
            name="sign", title=Text("签发", "Sign"), source=(State.SIGNING,), target=State.SIGNED, by=OFFICER,
            guards=(is_not_the_drafter, *COMPLETE), sets=notes_the_signer, law=LAW,
        ),
        Step(
            name="number", title=Text("编号", "Number"), source=(State.SIGNED,), target=State.NUMBERED, by=OFFICER,
            documents=("document", "letter"), law=LAW,
        ),
        Step(
            name="seal", title=Text("用印", "Seal"), source=(State.NUMBERED,), target=State.SEALED, by=OFFICER,
            sets=notes_the_seal, documents=("document", "letter"), law=LAW,
        ),
        Step(
            name="distribute", title=Text("分发", "Distribute"), source=(State.SEALED, State.DISTRIBUTED),
            target=State.DISTRIBUTED, by=OFFICER, asks=("to_areas", "to_groups", "to_people"),
            guards=(goes_to_somebody,), sets=notes_the_distribution, law=LAW,
        ),
        Step(
            name="publish", title=Text("在公告栏发布", "Put on the notice board"),
            source=(State.SEALED, State.DISTRIBUTED), target=None, by=OFFICER, guards=(is_for_everybody,),
            sets=notes_its_publishing,
        ),
        Step(
            name="archive", title=Text("归档", "Archive"), source=(State.SEALED, State.DISTRIBUTED),
            target=State.ARCHIVED, by=OFFICER, asks=("retention", "archive_no"), needs=("retention",),
            sets=notes_the_archivist, law=LAW,
        ),
        Step(
            name="annul", title=Text("作废", "Annul"), source=(State.DRAFTING, State.CHECKING, State.COUNTERSIGNING,
            State.SIGNING, State.SIGNED, State.NUMBERED), target=State.VOID, by=OFFICER, reason=True,
        ),
    ),
)  # fmt: skip

ARRIVED = (
    "area", "title", "from_organ", "from_number", "received_on", "kind", "urgency", "secrecy", "confirmed", "summary",
    "delivery",
)  # fmt: skip

INCOMING_DOCUMENT = CaseType(
    id="incoming-document",
    title=Text("公文(收文)", "Incoming documents"),
    about=Text(
        "收文登记、拟办、批示、承办、归档;涉密文件不得进入本系统",
        "Registered, handling proposed, instructed, handled, archived; no secret enters the system",
    ),
    register=INCOMING_DOCUMENTS,
    states=Incoming,
    start=Incoming.REGISTERED,
    final=(Incoming.ARCHIVED, Incoming.RETURNED),
    numbering="SW",
    law=LAW,
    turn=office_acts,
    reminders=ladders()["office"],
    steps=(
        Step(
            name="register", title=Text("收文登记", "Register"), opens=True, source=(), target=Incoming.REGISTERED,
            by=OFFICER, asks=ARRIVED, needs=("area", "title", "from_organ", "received_on"), guards=(holds_no_secret,),
            law=LAW,
        ),
        Step(
            name="send_back", title=Text("退回", "Send back"), source=(Incoming.REGISTERED,), target=Incoming.RETURNED,
            by=OFFICER, reason=True,
        ),
        Step(
            name="propose", title=Text("拟办", "Propose"), source=(Incoming.REGISTERED,), target=Incoming.PROPOSED,
            by=OFFICER, asks=("proposal", "handler"), needs=("proposal",), law=LAW,
        ),
        Step(
            name="instruct", title=Text("批示", "Instruct"), source=(Incoming.PROPOSED,), target=Incoming.HANDLING,
            by=OFFICER, asks=("instruction", "handler", "handle_by"), needs=("instruction", "handler", "handle_by"),
            guards=(handled_after_today,), until="handle_by", law=LAW,
        ),
        Step(
            name="handle", title=Text("承办完毕", "Handled"), source=(Incoming.HANDLING,), target=Incoming.HANDLED,
            by=OFFICER, asks=("outcome",), needs=("outcome",), law=LAW,
        ),
        Step(
            name="archive", title=Text("归档", "Archive"), source=(Incoming.HANDLED,), target=Incoming.ARCHIVED,
            by=OFFICER, asks=("retention", "archive_no"), needs=("retention",), sets=notes_the_archivist, law=LAW,
        ),
    ),
)  # fmt: skip
