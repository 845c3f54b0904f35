"""One search over cases, substances, plans and laws, each as far as the caller may see it; a case drafted once."""

from typing import Any

import httpx

from core.ids import new_id
from tests.app.test_doors import signed_in
from tests.server import Served
from tests.waiting import until


def groups(browser: httpx.Client, q: str) -> dict[str, list[dict[str, Any]]]:
    answer = browser.get("/api/knowledge/search", params={"q": q})
    assert answer.status_code == 200, answer.text
    return {group["kind"]: group["rows"] for group in answer.json()["groups"]}


def test_liquid_ammonia_finds_cases_its_card_sections_of_plans_and_each_caller_their_own(server: str) -> None:
    with signed_in(server, "district") as district, signed_in(server, "public") as public:
        found = until(lambda: groups(district, "液氨"), lambda told: bool(told["case"] and told["plan"]))
        assert {"case", "substance", "plan"} <= {kind for kind, rows in found.items() if rows}
        assert found["substance"][0]["key"] == "7664-41-7"
        sections = [row for row in found["plan"] if "/" in row["key"]]
        assert sections
        assert all(any(hit for _, hit in row["passage"]) for row in sections)
        opened = district.get("/api/plans/one", params={"code": sections[0]["open"]}).json()
        assert sections[0]["key"] in [step["code"] for step in opened["steps"]]
        (law,) = groups(district, "应急救援的重要事项")["law"]
        article = district.get("/api/knowledge/one", params={"kind": "law", "key": law["key"]}).json()
        assert "完整、准确地记录" in next(fact["value"] for fact in article["facts"] if fact["name"] == "text")
        inner = {row["key"] for row in groups(district, "氯气")["case"]}
        outer = groups(public, "氯气")
        assert outer["plan"] == []
        seen = {row["key"] for row in outer["case"]}
        assert "AL-YS-002" in inner - seen
        assert "AL-YS-003" in seen
        assert public.get("/api/knowledge/one", params={"kind": "case", "key": "AL-YS-002"}).status_code == 404
        assert district.get("/api/knowledge/search", params={"q": "氯", "kind": "rows"}).status_code == 400


def test_a_case_is_drafted_once_of_an_incident_that_is_closed_by_who_leads(written: Served) -> None:
    with signed_in(written.address, "district") as district, signed_in(written.address, "committee") as committee:
        said = {"command": new_id(), "origin": "call", "title": "起草案例测试", "kind": "leak", "area": "990106",
                "text": "报告", "deaths": 0, "serious_injuries": 0, "missing": 0}  # fmt: skip
        one = district.post("/api/incidents/open", json=said).json()
        code = one["code"]
        asked = {"command": new_id(), "incident": code}
        early = district.post("/api/knowledge/draft", json=asked)
        assert early.status_code == 409, early.text
        for step, more in (("confirm", {}), ("control", {}), ("close", {"why": "处置完毕"})):
            one = district.post("/api/incidents/step", json={"command": new_id(), "code": code, "step": step,
                                                            "version": one["version"], **more}).json()  # fmt: skip
        assert committee.post("/api/knowledge/draft", json=asked).status_code == 403
        free = district.get("/api/knowledge/draft", params={"incident": code}).json()["free"]
        (close,) = [one["key"] for one in free if one["words"] == "处置完毕"]
        asked["include"] = [close]
        made = district.post("/api/knowledge/draft", json=asked)
        assert made.status_code == 200, made.text
        assert district.post("/api/knowledge/draft", json=asked).json()["again"]
        assert district.post("/api/knowledge/draft", json=asked | {"command": new_id()}).status_code == 409
        case = district.get("/api/knowledge/one", params={"kind": "case", "key": made.json()["case"]}).json()
        assert case["title"] == "起草案例测试"
        now = case["edit"]
        assert now["course"].endswith(":处置完毕")
        told = {"key": case["key"], "version": now["version"], "lessons": "阀门应定期检修", "sensitivity": "public"}
        wrong = district.post("/api/knowledge/edit", json=told | {"cause": "张三 13812345678 未关阀"})
        assert (wrong.status_code, "cause" in wrong.text) == (400, True)
        assert committee.post("/api/knowledge/edit", json=told).status_code == 403
        put = district.post("/api/knowledge/edit", json=told).json()
        assert (put["edit"]["lessons"], put["edit"]["sensitivity"]) == ("阀门应定期检修", "public")
        late = district.post("/api/knowledge/edit", json=told | {"lessons": "旧稿"})
        assert late.status_code == 409, "somebody edited it meanwhile"
        with signed_in(written.address, "public") as public:
            seen = public.get("/api/knowledge/one", params={"kind": "case", "key": case["key"]}).json()
            assert "edit" not in seen
