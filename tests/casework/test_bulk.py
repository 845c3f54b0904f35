"""Many cases out of one file: by the rules of the form, all or none or the good ones, once, within one's own areas."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pytest

from app.doors.case_import import Imports, faults_csv, outcome_told
from app.doors.case_lists import Lists
from app.systems import FUNCTIONS, GATHERS, SYSTEMS
from casework.bulk import Bulk, Outcome, Wish, columns, registers
from casework.calendar import china
from casework.casetype import CaseType
from casework.desk import Desk, Signed
from casework.systems.filing import FILING
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.systems.rosters import EXPERT
from core.actors import Actor
from core.caller import Caller, Right, UserClass
from core.errors import BadInputError, ForbiddenError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang
from layers.catalogue import CASE_STEPS
from layers.readers.delivery import Stated
from layers.readers.process import read
from store.attachments import Cabinet
from store.audit import AuditLog, Sought
from store.audit import Kind as AuditKind
from store.protocol import Store
from store.query import EVERYTHING
from tests.casework.test_desk import EITHER, FIRM, NOW, OFFICER, OTHER, WORKER, Day, day, store
from tests.readers import forked_readers

__all__ = ["day", "forked_readers", "store"]

pytestmark = pytest.mark.usefixtures("forked_readers")


@pytest.fixture
def desk(store: Store, tmp_path: Path, day: Day) -> Desk:
    cabinet = Cabinet(store, tmp_path / "files", day, largest=100_000)
    return Desk(store, cabinet, china(), day, FUNCTIONS, gathers=GATHERS)


def send(desk: Desk, of: CaseType, folder: Path, text: str, by: Signed = OFFICER, **wish: Any) -> Outcome:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return Bulk(desk, lambda: NOW).take(of, read(path, Stated()), Wish(**wish), by=by, name="file.csv")


def count(store: Store, of: CaseType) -> int:
    return store.count(of.register, EVERYTHING, scope=SYSTEM_SCOPE)


def told(done: Outcome, of: CaseType = HIDDEN_DANGER) -> list[tuple[int, str, str]]:
    return [(one["row"], one["field"], one["rule"]) for one in outcome_told(of, done, Lang.ZH)["faults"]]


def danger(*rows: str) -> str:
    named = ("title", "enterprise", "found_at", "place", "origin", "kind")
    return "\n".join((",".join(HIDDEN_DANGER.register.fields[name].title.zh for name in named), *rows)) + "\n"


def test_every_row_is_refused_by_the_rules_of_the_form_and_nothing_is_kept(
    desk: Desk, store: Store, tmp_path: Path
) -> None:
    rows = (
        f"接线盒破损,{FIRM},2026-03-02 08:00,二车间,监督检查,电气防爆",
        f"安全阀超期,{FIRM},2027-01-01 08:00,罐区,监督检查,设备设施",
        "无主隐患,91990106MA00000000,2026-03-02 08:00,罐区,监督检查,设备设施",
        f",{FIRM},昨天,,监督检查,没有这类",
    )
    done = send(desk, HIDDEN_DANGER, tmp_path, danger(*rows))
    assert (done.rows, done.good, done.refused, done.kept) == (4, 1, 3, 0)
    said = told(done)
    assert (2, "step", "发现时间不能晚于现在") in said
    assert (3, "enterprise", "不是您可办理的企业") in said
    assert any(row == 4 and field == "found_at" for row, field, _ in said)
    assert count(store, HIDDEN_DANGER) == 0
    whole = send(desk, HIDDEN_DANGER, tmp_path, danger(rows[0], rows[3].replace("昨天", "2026-03-01 08:00")))
    assert any(field == "kind" and "可填:" in rule for _, field, rule in told(whole))
    assert any("须填写" in rule or "必须填写" in rule for _, _, rule in told(whole))
    listed = list(csv.reader(io.StringIO(faults_csv(outcome_told(HIDDEN_DANGER, done, Lang.ZH)["faults"], Lang.ZH))))
    assert listed[0] == ["\ufeff行号", "栏目", "值", "问题与要求"]
    assert [row[0] for row in listed[1:]] == [str(one.row) for one in done.faults]


@EITHER
def test_a_dry_run_keeps_nothing_the_good_rows_are_kept_and_the_same_file_adds_nothing(
    desk: Desk, store: Store, tmp_path: Path
) -> None:
    text = danger(
        f"接线盒破损,{FIRM},2026-03-02 08:00,二车间,监督检查,", f"接线盒破损,{FIRM},2026-03-02 08:00,二车间,监督检查,",
        f"通道堵塞,{OTHER},2026-03-02 08:00,仓库,监督检查,", f"明年发现,{FIRM},2027-03-02 08:00,仓库,监督检查,",
    )  # fmt: skip
    dry = send(desk, HIDDEN_DANGER, tmp_path, text, dry_run=True)
    assert (dry.good, dry.refused, dry.kept, count(store, HIDDEN_DANGER)) == (3, 1, 0, 0)
    done = send(desk, HIDDEN_DANGER, tmp_path, text, good_only=True)
    assert (done.kept, done.batches, done.first, done.last) == (3, 1, "YH2026-000001", "YH2026-000003")
    row = desk.find(HIDDEN_DANGER, "YH2026-000003", scope=OFFICER.scope).row
    assert (row.state, row.enterprise_name, row.opened_by, row.area) == (
        "reported",
        "云澜氯碱化工有限公司",
        "周敏",
        "990106201",
    )
    assert len(desk.log(HIDDEN_DANGER, "YH2026-000001", scope=OFFICER.scope)) == 1
    again = send(desk, HIDDEN_DANGER, tmp_path, text, good_only=True)
    assert (again.known, again.kept, count(store, HIDDEN_DANGER)) == (3, 0, 3)
    assert store.count(CASE_STEPS, EVERYTHING, scope=SYSTEM_SCOPE) == 3


@EITHER
def test_a_key_of_ones_own_is_taken_once_and_registers_stand(desk: Desk, store: Store, tmp_path: Path) -> None:
    rows = "导入标识,名称,行政区划,专业,联系电话\nA-1,郑予安,990106,危化,1390001\nA-2,蒋砚秋,990106,机械,1390002\n"
    done = send(desk, EXPERT, tmp_path, rows)
    assert (done.kept, desk.find(EXPERT, done.first, scope=OFFICER.scope).row.state) == (2, "standing")
    changed = rows.replace("1390001", "1390009").replace("A-2", "A-3").replace("蒋砚秋", "陶知行")
    more = send(desk, EXPERT, tmp_path, changed)
    assert (more.known, more.kept, count(store, EXPERT)) == (1, 1, 3)
    twice = send(desk, EXPERT, tmp_path, rows.replace("A-2", "A-1"))
    assert told(twice, EXPERT) == [(2, "key", "与第 1 行的导入标识相同")]
    far = send(desk, EXPERT, tmp_path, rows.replace("A-", "B-").replace("990106,机械", "990104,机械"))
    assert told(far, EXPERT) == [(2, "area", "不在您管辖的区划内")]
    filed = f"名称,备案种类,企业代码,核对意见,有效期至\n预案备案,生产安全事故应急预案,{FIRM},齐全,2028-12-31\n"
    stands = send(desk, FILING, tmp_path, filed, standing=True)
    row: Any = desk.find(FILING, stands.first, scope=OFFICER.scope).row
    assert (row.state, str(row.valid_until), row.checked, row.turn) == ("standing", "2028-12-31", "齐全", "")
    assert [one.step for one in desk.log(FILING, row.code, scope=OFFICER.scope)] == ["lodge", "register"]
    assert [made for one in desk.log(FILING, row.code, scope=OFFICER.scope) for made in one.documents] == []
    lodged = send(desk, FILING, tmp_path, filed)
    assert desk.find(FILING, lodged.first, scope=OFFICER.scope).row.state == "lodged"
    with pytest.raises(BadInputError, match="不能直接登记在册"):
        send(desk, HIDDEN_DANGER, tmp_path, danger(), standing=True)


def test_an_enterprise_imports_its_own_alone_and_who_may_not_file_nothing(
    desk: Desk, store: Store, tmp_path: Path
) -> None:
    text = danger(
        f"接线盒破损,{FIRM},2026-03-02 08:00,二车间,企业自查,", f"通道堵塞,{OTHER},2026-03-02 08:00,仓库,企业自查,"
    )
    done = send(desk, HIDDEN_DANGER, tmp_path, text, WORKER, good_only=True)
    assert (done.kept, [field for _, field, _ in told(done)]) == (1, ["enterprise"])
    with pytest.raises(ForbiddenError):
        send(desk, EXPERT, tmp_path, "名称,行政区划\n甲,990106\n", WORKER)
    with pytest.raises(BadInputError, match="表头中没有"):
        send(desk, EXPERT, tmp_path, "天气,温度\n晴,12\n")


@pytest.mark.parametrize("of", SYSTEMS, ids=lambda of: of.id)
def test_each_system_has_a_file_to_fill_in(of: CaseType) -> None:
    found = {name: must for name, _, must, _ in columns(of, standing=registers(of) is not None)}
    assert set(of.opening.needs) - {"geometry"} <= {name for name, must in found.items() if must}
    assert len({title.zh for _, title, _, _ in columns(of)}) == len(list(columns(of)))


def test_the_file_given_out_comes_back_as_xlsx_with_progress_and_an_entry_of_the_audit(
    desk: Desk, store: Store, tmp_path: Path, day: Day
) -> None:
    audit = AuditLog(f"sqlite:///{tmp_path / 'audit.db'}")
    lists = Lists(store=store, systems=SYSTEMS, procedures=desk.procedures, audit=audit, clock=day)
    imports = Imports(bulk=Bulk(desk, day), lists=lists, audit=audit, clock=day)
    caller = Caller(
        actor=Actor(id="周敏", name="周敏", door="api"), account="周敏", user_class=UserClass.REGULATOR,
        scope=replace(OFFICER.scope, clearance=Sensitivity.SENSITIVE), rights=frozenset({Right.CASES}),
    )  # fmt: skip
    body, name, _ = imports.template(caller, {"system": "expert", "form": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet: Any = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["导入标识", "名称(必填)", "专业领域(必填)", "行政区划(必填)"]
    assert name == "安全生产专家模板.xlsx"
    filled = {"导入标识": "A-1", "名称(必填)": "=1+1", "专业领域(必填)": "危化", "行政区划(必填)": "990106"}
    for change in ({}, {"名称(必填)": "郑予安", "导入标识": "A-2"}):
        sheet.append([(filled | change).get(str(head), "1990" if "电话" in str(head) else None) for head in heads])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    lines = [
        orjson.loads(one) for one in imports.taken(caller, {"system": "expert", "name": "专家.xlsx", "good": "1"}, out)
    ]
    assert {"核对", "保存"} == {one["doing"] for one in lines if "doing" in one}
    outcome = lines[-1]["outcome"]
    assert (outcome["kept"], outcome["refused"], outcome["rows"]) == (1, 1, 2)
    assert outcome["faults"][0]["row"] == 1  # a formula is not believed
    noted = [one.entry for one in audit.stream(Sought(what=EXPERT.register.id))]
    assert [(one.kind, one.rows, one.where.partition(":")[0]) for one in noted] == [
        (AuditKind.CHANGE, rows, "import 专家.xlsx") for rows in (1, 0)
    ]  # fmt: skip
