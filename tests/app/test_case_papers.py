"""Documents of cases at the doors: previewed, made by a step, given out to whom the case is open, ended, recorded."""

import io
import zipfile
from hashlib import sha256

import pypdf

from tests.app.test_case_doors import SYSTEM, attach, done, one, report, step
from tests.app.test_doors import signed_in
from tests.server import Served

PENALTY = "penalty"


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def test_a_document_is_previewed_made_given_out_replaced_and_withdrawn_at_the_doors(written: Served) -> None:
    with (
        signed_in(written.address, "enterprise") as firm,
        signed_in(written.address, "district") as officer,
        signed_in(written.address, "auditor") as auditor,
        signed_in(written.address, "public") as public,
    ):
        case = report(firm)
        grave = {"criteria": ["HC-12"], "description": "外壳开裂", "harm": "可能点燃"}
        case = done(step(firm, case, "grade_major", **grave))
        assert all(option["documents"] == [] for option in case["steps"]), "an enterprise makes none"
        case = done(one(officer, case["code"]))
        assert case["papers"] == []
        choice = next(option for option in case["steps"] if option["name"] == "list")
        assert choice["documents"] == [{"id": "listing", "name": "重大事故隐患挂牌督办通知书"}]
        ask = {"system": SYSTEM, "code": case["code"]}
        look = {**ask, "step": "list", "paper": "listing", "values": {"listed_by": "盐港新区应急管理局"}}
        draft = officer.post("/api/cases/preview", json=look)
        assert (draft.status_code, draft.headers["content-type"]) == (200, "application/pdf")
        assert "草稿，未编号" in words(draft.content)
        assert officer.post("/api/cases/preview", json=look | {"paper": "order"}).status_code == 400
        case = done(step(officer, case, "list", listed_by="盐港新区应急管理局"))
        (paper,) = case["papers"]
        assert paper["number"].startswith("（盐港）应急督办〔")
        assert case["log"][0]["papers"] == [paper["number"]]
        query = {**ask, "document": paper["code"]}
        for browser in (officer, firm):
            file = browser.get("/api/cases/paper", params=query)
            assert file.status_code == 200
            assert paper["number"] in words(file.content)
        docx = officer.get("/api/cases/paper", params=query | {"form": "docx"})
        assert docx.content[:2] == b"PK"
        assert "attachment" in docx.headers["content-disposition"]
        assert public.get("/api/cases/paper", params=query).status_code == 403
        assert (
            officer.get("/api/cases/paper", params=query | {"document": "盐港/应急督办/2026-999999"}).status_code == 404
        )
        found = auditor.get("/api/audit", params={"kind": "read", "key": paper["code"]}).json()
        assert len([line for line in found["entries"] if not line["possibly"]]) == 3
        end = {**query, "version": case["version"], "reason": "当事人名称有误"}
        assert firm.post("/api/cases/paper/withdraw", json=end).status_code == 422
        case = done(officer.post("/api/cases/paper/replace", json=end))
        assert [one_["state"] for one_ in case["papers"]] == ["replaced", "valid"]
        late = officer.post("/api/cases/paper/withdraw", json=end | {"document": case["papers"][1]["code"]})
        assert late.status_code == 409
        end |= {"version": case["version"], "document": case["papers"][1]["code"]}
        case = done(officer.post("/api/cases/paper/withdraw", json=end))
        assert [one_["state_word"] for one_ in case["papers"]] == ["已更换", "已撤回"]
        assert [line["step"] for line in case["log"]][:2] == ["withdraw_document", "replace_document"]


def test_nobody_of_another_district_or_firm_gets_a_document_or_a_draft(written: Served) -> None:
    with signed_in(written.address, "city") as city, signed_in(written.address, "enterprise") as firm:
        case = report(city, origin="inspection", enterprise="91990106MAGULL427N")
        case = done(step(city, case, "grade_general"))
        day = "2099-01-01"
        case = done(step(city, case, "order", order_until=day, description="破损"))
        (paper,) = case["papers"]
        query = {"system": SYSTEM, "code": case["code"], "document": paper["code"]}
        assert firm.get("/api/cases/paper", params=query).status_code == 404
        assert firm.post("/api/cases/preview", json=query).status_code == 404


def test_what_the_organ_keeps_for_itself_is_at_no_door_of_the_enterprises(written: Served) -> None:
    with (
        signed_in(written.address, "district") as officer,
        signed_in(written.address, "enterprise") as firm,
        signed_in(written.address, "auditor") as auditor,
    ):
        about = {"title": "涉嫌违法(试)", "enterprise": "91990106MATYEK5E8U", "facts": "未维护安全设备"}
        case = done(officer.post("/api/cases/open", json={"system": PENALTY, "values": about}))
        code = case["code"]
        pair = {"lead": "周敏", "lead_no": "YL1", "second": "何立新", "second_no": "YL2"}
        case = done(step(officer, case, "file_case", **pair))
        attach(officer, case)
        fine = {"evidence": "检查记录", "violated": "《安全生产法》第三十六条", "kinds": ["warning"]}
        case = done(step(officer, case, "tell_party", **fine))
        kinds = [paper["kind"] for paper in case["papers"]]
        assert kinds == ["case-filing", "penalty-notice"], "a warning gives no right to a hearing"
        approval, notice = case["papers"]
        told = done(one(firm, code, PENALTY))
        assert [paper["code"] for paper in told["papers"]] == [notice["code"]]
        assert [line["papers"] for line in told["log"]][:2] == [[notice["number"]], []]
        assert approval["number"] not in str(told)
        assert approval["code"] not in str(told)
        ask = {"system": PENALTY, "code": code}
        assert firm.get("/api/cases/paper", params={**ask, "document": notice["code"]}).status_code == 200
        assert firm.get("/api/cases/paper", params={**ask, "document": approval["code"]}).status_code == 404
        assert firm.get("/api/cases/dossier", params=ask).status_code == 403
        folder = officer.get("/api/cases/dossier", params=ask)
        assert (folder.status_code, folder.headers["content-type"]) == (200, "application/zip")
        with zipfile.ZipFile(io.BytesIO(folder.content)) as kept:
            names = kept.namelist()
            assert [name[:4] for name in names] == ["000-", "001-", "002-", "003-", "SHA2"]
            assert ["立案审批表" in names[1], "告知书" in names[2], names[3].endswith("现场.png")] == [True] * 3
            listed = dict(line.split("  ")[::-1] for line in kept.read("SHA256SUMS").decode().split("\n") if line)
            assert {name: sha256(kept.read(name)).hexdigest() for name in names[:-1]} == listed
            assert listed[names[1]] == approval["sha256"]
            index = words(kept.read(names[0]))
            assert all(said in index for said in (code, approval["number"], notice["number"], "调查终结", "周敏"))
        taken = auditor.get("/api/audit", params={"kind": "export", "key": code}).json()["entries"]
        assert [line["where"] for line in taken if not line["possibly"]] == ["dossier, 3 files"]
        look = {**ask, "step": "file_case", "paper": "case-filing", "values": pair}
        assert firm.post("/api/cases/preview", json=look).status_code in (400, 403, 422)
        assert not firm.get("/api/files", params={"layer": "issued_documents", "key": approval["code"]}).is_success
