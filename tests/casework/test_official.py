"""Official documents: drafted to archived with a trace, numbered without a gap, received by whom they were sent to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.auth.opening import open_identity
from app.auth.roles import BUILT_IN
from app.directory import Directory
from app.doors.case_told import deliveries_of
from app.doors.documents import Mailbox
from app.systems import SYSTEMS, besides
from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk, Signed
from casework.engine import StepRefusedError
from casework.issuing import DOCX
from casework.systems.official import INCOMING_DOCUMENT, OFFICIAL_DOCUMENT
from casework.versions import functions_of
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller, UserClass
from core.errors import FaultsError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang
from layers.catalogue import AREAS, DOCUMENT_DELIVERIES, NOTICES
from layers.catalogue.areas import Area
from layers.catalogue.notices import Notice
from store.attachments import Cabinet
from store.audit import AuditLog
from store.feed import Put
from store.identity import Account, Group, Identity, Post
from store.protocol import Store
from store.query import EVERYTHING
from tests.casework.test_desk import EITHER, NOW, Day, day, signed, store
from tests.casework.test_issuing import content, press, words

__all__ = ["day", "store"]

CLERK, HEAD, LEADER = (signed(name, Role.OFFICER, "990106") for name in ("周敏", "吴刚", "郑重"))
BOARD = replace(CLERK, scope=replace(CLERK.scope, writable=frozenset({NOTICES.id})))
FAR = signed("郑北", Role.OFFICER, "990104")
TEXT = {
    "area": "990106", "title": "关于开展冬季专项检查的通知", "recipients": "各镇街应急办", "confirmed": True,
    "body": "现将有关事项通知如下。\n一、检查范围。\n二、工作要求。", "annexes": "检查项目表\n企业名单",
    "copies": "市应急管理局",
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """A desk that sends documents, and the mailbox of those who receive them."""

    desk: Desk
    mail: Mailbox
    identity: Identity
    store: Store

    def draft(self, **values: Any) -> str:
        return self.desk.open(OFFICIAL_DOCUMENT, TEXT | values, by=CLERK).row.code

    def take(self, code: str, name: str, by: Signed = CLERK, *, reason: str = "", **values: Any) -> Any:
        version = self.desk.find(OFFICIAL_DOCUMENT, code, scope=by.scope).version
        return self.desk.take(OFFICIAL_DOCUMENT, code, version, name, values, by=by, reason=reason).row

    def signed(self, **values: Any) -> str:
        code = self.draft(**values)
        for name, by in (("submit", CLERK), ("check", HEAD), ("sign", LEADER)):
            self.take(code, name, by)
        return code

    def sealed(self, **values: Any) -> str:
        code = self.signed(**values)
        self.take(code, "number")
        self.take(code, "seal")
        return code

    def refused(self, code: str, name: str, by: Signed = CLERK, **values: Any) -> str:
        with pytest.raises(FaultsError) as raised:
            self.take(code, name, by, reason="经核", **values)
        return "".join(one.rule.zh for one in raised.value.faults)

    def caller(self, name: str, area: str, user_class: UserClass = UserClass.REGULATOR) -> Caller:
        role = next(one for one in BUILT_IN if one.id == user_class.value)
        return Caller(
            actor=Actor(id=name, name=name, door="api"), scope=role.scope((area,), None), rights=role.rights,
            user_class=user_class, account=name, role=role.id,
        )  # fmt: skip


@pytest.fixture
def office(store: Store, tmp_path: Path, day: Day) -> Iterator[Office]:
    identity = open_identity(tmp_path, None)
    identity.posts.put_roles(BUILT_IN)
    for name, area in (("周敏", "990106"), ("郑北", "990104"), ("陈卫", "990106101")):
        identity.people.add(Account(id=name, login=name, name=name, user_class=UserClass.REGULATOR), at=NOW)
        post = Post(id=name, role="regulator", areas=(area,), since=NOW, given_by="x", given_at=NOW, account=name)
        identity.posts.give(post)
    identity.people.add_group(Group(id="g1", name="防汛组", members=frozenset({"陈卫"})), at=NOW)
    areas = [Area(code=code, name=name, level="district", area=code)
             for code, name in (("990100", "云澜市"), ("990104", "听涛新区"), ("990106", "盐港新区"))]  # fmt: skip
    puts = [Put(layer=AREAS.id, record=one) for one in areas]
    store.commit(puts, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    made_by = press()
    directory = Directory(store=store, identity=identity, organs=made_by.organs, clock=day)
    cabinet = Cabinet(store, tmp_path / "files", day, largest=2_000_000)
    more = besides(directory, store)
    desk = Desk(store, cabinet, china(), day, functions_of(SYSTEMS), press=made_by, besides=more)
    audit = AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")
    yield Office(
        desk, Mailbox(desk=desk, cabinet=cabinet, directory=directory, audit=audit, clock=day), identity, store
    )
    identity.close()


@EITHER
def test_a_document_goes_from_the_draft_to_the_archive_with_a_trace(office: Office, store: Store) -> None:
    code = office.signed(secrecy="public")
    row = office.take(code, "number")
    assert (row.state, row.number) == ("numbered", "盐港应急发〔2026〕1号")
    proof = office.desk.issued(OFFICIAL_DOCUMENT, code, scope=CLERK.scope)[0]
    assert proof.state == "numbered"
    assert "用印后方可核验" in words(content(office.desk, proof))
    office.take(code, "seal", HEAD)
    one = office.desk.issued(OFFICIAL_DOCUMENT, code, scope=CLERK.scope)[0]
    assert (one.code, one.number, one.state, one.signer) == (proof.code, proof.number, "valid", "郑重")
    assert one.sha256 != proof.sha256
    said = words(content(office.desk, one))
    for part in ("盐港新区应急管理局文件", "盐港应急发〔2026〕1号", "各镇街应急办：", "一、检查范围。",
                 "附件：1．检查项目表", "2．企业名单", "抄送：市应急管理局。", "2026年3月2日印发", one.check_code,
                 "— 1 —"):  # fmt: skip
        assert part in said, part
    assert content(office.desk, one, DOCX).startswith(b"PK")
    row = office.take(code, "distribute", to_areas=("990104",))
    with pytest.raises(ForbiddenError, match="notices"):  # who may not publish notices does not by a step
        office.take(code, "publish")
    row = office.take(code, "publish", BOARD)
    notice = store.get(NOTICES, code, scope=SYSTEM_SCOPE).record
    assert isinstance(notice, Notice)
    assert (notice.title, notice.sensitivity) == (TEXT["title"], Sensitivity.PUBLIC)
    row = office.take(code, "archive", HEAD, retention="years30", archive_no="2026-WS-30-0001")
    assert (row.state, row.archived_by, row.turn) == ("archived", "吴刚", "")
    log = office.desk.log(OFFICIAL_DOCUMENT, code, scope=CLERK.scope)
    assert [(one.step, one.by) for one in log] == [
        ("draft", "周敏"), ("submit", "周敏"), ("check", "吴刚"), ("sign", "郑重"), ("number", "周敏"),
        ("seal", "吴刚"), ("distribute", "周敏"), ("publish", "周敏"), ("archive", "吴刚"),
    ]  # fmt: skip
    assert [step.step for step in log if step.documents] == ["number", "seal"]
    assert store.get(NOTICES, code, scope=SYSTEM_SCOPE).version == 1  # what came after it did not write it again


def test_numbers_have_no_gap_and_one_that_is_annulled_stays_void(office: Office) -> None:
    codes = [office.signed(), office.signed(layout="letter", kind="letter"), office.signed()]
    numbers = [office.take(code, "number").number for code in codes]
    assert numbers == ["盐港应急发〔2026〕1号", "盐港应急函〔2026〕1号", "盐港应急发〔2026〕2号"]
    office.take(codes[0], "annul", reason="不再印发")
    void = office.desk.issued(OFFICIAL_DOCUMENT, codes[0], scope=CLERK.scope)[0]
    assert (void.number, void.state, void.state_reason) == (numbers[0], "withdrawn", "不再印发")
    assert office.take(office.signed(), "number").number == "盐港应急发〔2026〕3号"
    city = replace(CLERK, scope=replace(CLERK.scope, areas=("9901",)))
    assert "由盐港新区应急管理局编号" in office.refused(codes[2], "seal", city)


def test_nobody_checks_or_signs_a_draft_of_their_own_and_no_secret_is_taken(office: Office) -> None:
    with pytest.raises(StepRefusedError, match="国家秘密"):
        office.draft(confirmed=False)
    code = office.draft(body="", recipients="")
    assert "正文为空" in office.refused(code, "submit")
    assert "主送机关" in office.refused(code, "submit")
    office.take(code, "revise", body="正文。", recipients="各镇街")
    office.take(code, "submit")
    assert "拟稿人不能核稿" in office.refused(code, "check")
    office.take(code, "check", HEAD)
    assert "拟稿人不能核稿、签发" in office.refused(code, "sign")
    assert "不能办理“用印”" in office.refused(code, "seal")
    office.take(code, "sign", LEADER)
    assert "不能公开发布" in office.refused(office.sealed(), "publish")


def test_countersigning_waits_for_everybody_named(office: Office) -> None:
    code = office.draft(cosigners=("吴刚", "郑重"))
    office.take(code, "submit")
    assert "请送会签" in office.refused(code, "check", HEAD)
    office.take(code, "check_and_circulate", HEAD)
    assert "不是此件的会签人" in office.refused(code, "countersign", CLERK)
    office.take(code, "countersign", HEAD, reason="同意")
    assert "您已会签" in office.refused(code, "countersign", HEAD)
    assert "还有 1 人未会签" in office.refused(code, "send_to_sign")
    office.take(code, "countersign", LEADER)
    assert office.take(code, "send_to_sign").state == "signing"
    office.take(code, "return_draft", LEADER, reason="请修改第二条")
    assert office.take(code, "submit").cosigned == ()


def test_what_was_sent_is_read_signed_for_and_registered_by_its_addressees_alone(office: Office, day: Day) -> None:
    code = office.sealed()
    assert "没有此机关" in office.refused(code, "distribute", to_areas=("990199",))
    assert "请至少选择" in office.refused(code, "distribute")
    office.take(code, "distribute", to_areas=("990104",), to_groups=("g1",))
    north, town, other = (
        office.caller("郑北", "990104"),
        office.caller("陈卫", "990106101"),
        office.caller("生", "990102"),
    )
    mail = office.mail
    assert [mail.listed(one, {})["total"] for one in (north, town, other)] == [1, 1, 0]
    row = mail.listed(north, {})["rows"][0]
    assert (row["unread"], row["number"], row["to_name"]) == (True, "盐港应急发〔2026〕1号", "听涛新区")
    with pytest.raises(NotFoundError):
        mail.one(other, {"code": row["code"]})
    with pytest.raises(NotFoundError):
        mail.file(town, {"code": row["code"]})
    assert mail.one(north, {"code": row["code"]})["body"] == TEXT["body"]
    assert mail.file(north, {"code": row["code"], "form": "pdf"}).path.read_bytes().startswith(b"%PDF")
    assert mail.listed(north, {"state": "unread"})["total"] == 0
    whole = mail.receive(north, {"code": row["code"], "register": True})
    assert (whole["received_by"], whole["registered_as"]) == ("郑北", "SW2026-000001")
    assert mail.receive(north, {"code": row["code"], "register": True})["registered_as"] == "SW2026-000001"
    found = office.desk.find(INCOMING_DOCUMENT, "SW2026-000001", scope=FAR.scope).row
    assert (found.area, found.from_number, found.received_on) == ("990104", "盐港应急发〔2026〕1号", date(2026, 3, 2))  # type: ignore[attr-defined]
    sent = deliveries_of(office.desk, code, Lang.ZH)
    assert {(one["to"], one["state"], tuple(one["readers"])) for one in sent} == {
        ("听涛新区", "已签收", ("郑北",)), ("防汛组", "未阅", ()),
    }  # fmt: skip
    office.take(code, "distribute", to_areas=("990104", "990106"), to_groups=("g1",))
    assert office.store.count(DOCUMENT_DELIVERIES, EVERYTHING, scope=SYSTEM_SCOPE) == 3  # nobody is sent it twice
    standings = [one for some in office.identity.posts.standings_of(office.identity.people.all(), at=NOW).values()
                 for one in some]  # fmt: skip
    reach = office.mail.directory.reached
    assert [reach(to, standings) for to in ("area:990104", "group:g1", "person:周敏")] == [["郑北"], ["陈卫"], ["周敏"]]


def test_an_incoming_document_is_registered_instructed_handled_and_archived(office: Office, day: Day) -> None:
    desk = office.desk
    values = {"area": "990106", "title": "关于报送总结的通知", "from_organ": "市政府办公室", "confirmed": True,
              "received_on": date(2026, 3, 2)}  # fmt: skip
    code = desk.open(INCOMING_DOCUMENT, values, by=CLERK).row.code

    def take(name: str, **filled: Any) -> Any:
        version = desk.find(INCOMING_DOCUMENT, code, scope=CLERK.scope).version
        return desk.take(INCOMING_DOCUMENT, code, version, name, filled, by=CLERK).row

    take("propose", proposal="请办公室办理", handler="办公室")
    with pytest.raises(StepRefusedError, match="办理时限不能早于今天"):
        take("instruct", instruction="同意", handler="办公室", handle_by=date(2026, 2, 1))
    row = take("instruct", instruction="同意", handler="办公室", handle_by=date(2026, 3, 5))
    assert row.due_basis == "handle_by"
    day.now += timedelta(days=5)
    assert desk.remind(INCOMING_DOCUMENT) == 1
    take("handle", outcome="已报送")
    assert take("archive", retention="permanent").state == "archived"
