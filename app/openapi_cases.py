"""What the doors of cases take, told in `/api/openapi.json`."""

from typing import Any

from app.doors.case_lists import VIEWS
from app.doors.cases import SENT
from core.texts import Text

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
VALUES: Json = {"type": "object", "description": "字段与值,见表单 / fields and values, as the form names them"}
SENT_KEY: Json = {
    "type": "string", "pattern": f"^{SENT}$",
    "description": "设备生成的标识,重复提交只办理一次 / made by the device: sent again, it is one step",
}  # fmt: skip
SYSTEM = ("system", TEXT)
LISTED: Json = {
    "system": TEXT, "view": {"enum": list(VIEWS)}, "q": {"type": "string", "maxLength": 80}, "area": TEXT,
    "enterprise": TEXT, "plan_item": TEXT, "draw": TEXT, "sort": TEXT, "desc": {"enum": ["0", "1"]},
}  # fmt: skip
"""How a list is narrowed and sorted; besides, every field with a code list by the name of the field."""

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/cases/list": (
        *LISTED.items(), ("offset", {"type": "string", "pattern": "^[0-9]{1,8}$"}),
        ("limit", {"type": "string", "pattern": "^[0-9]{1,3}$"}),
    ),
    "/api/cases/one": (SYSTEM, ("code", TEXT), ("ahead", {"enum": ["0", "1"]})),
    "/api/enterprise": (
        ("id", {"type": "string", "minLength": 1, "maxLength": 18}), SYSTEM,
        ("year", {"type": "string", "pattern": "^[0-9]{4}$"}),
    ),
    "/api/enterprise/plans": (("id", {"type": "string", "minLength": 1, "maxLength": 18}),),
    "/api/cases/form": (SYSTEM,),
    "/api/cases/import/template": (SYSTEM, ("form", {"enum": ["csv", "xlsx"]}), ("standing", {"enum": ["1", ""]})),
    "/api/cases/import": (
        SYSTEM, ("name", {"type": "string", "minLength": 1, "maxLength": 120}), ("dry", {"enum": ["1", ""]}),
        ("good", {"enum": ["1", ""]}), ("standing", {"enum": ["1", ""]}),
    ),
    "/api/cases/dossier": (SYSTEM, ("code", TEXT)),
    "/api/documents": (
        ("q", {"type": "string", "maxLength": 80}), ("state", {"enum": ["all", "unread", "unsigned"]}),
        ("offset", {"type": "string", "pattern": "^[0-9]{1,6}$"}),
    ),
    "/api/documents/one": (("code", TEXT),),
    "/api/documents/file": (("code", TEXT), ("form", {"enum": ["pdf", "docx"]}), ("file", TEXT)),
    "/api/cases/paper": (SYSTEM, ("code", TEXT), ("document", TEXT), ("form", {"enum": ["pdf", "docx"]})),
    "/api/cases/draft": (SYSTEM, ("code", TEXT), ("step", TEXT), ("about", {"type": "string", "maxLength": 60})),
    **{f"/api/cases/{tail}": (("code", TEXT),) for tail in ("plan", "draw", "draw/verify")},
    "/api/cases/design/one": (SYSTEM, ("version", {"type": "string", "pattern": "^[0-9]{1,4}$"})),
    "/api/cases/statistics": (
        SYSTEM, ("period", {"type": "string", "pattern": "^[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$"}),
    ),
    "/api/cases/supervision": (SYSTEM,),
    "/api/cases/files": (
        SYSTEM, ("code", TEXT), ("name", {"type": "string", "minLength": 1, "maxLength": 120}), ("note", TEXT),
    ),
}  # fmt: skip
WRITTEN: Json = {
    "type": "object",
    "description": "流程内容,见读取该流程的答复 / a procedure, as reading one answers it",
}
BODIES: dict[str, Json] = {
    "/api/grading/adopt": {
        "type": "object", "required": ["key", "version"], "additionalProperties": False,
        "properties": {"key": TEXT, "version": {"type": "integer", "minimum": 1}},
    },
    "/api/documents/receive": {
        "type": "object", "required": ["code"], "additionalProperties": False,
        "properties": {"code": TEXT, "register": {"type": "boolean"}},
    },
    "/api/cases/design/check": {
        "type": "object", "required": ["system", "data"], "additionalProperties": False,
        "properties": {"system": TEXT, "data": WRITTEN},
    },
    "/api/cases/design/draft": {
        "type": "object", "required": ["system"], "additionalProperties": False,
        "properties": {
            "system": TEXT, "data": {**WRITTEN, "nullable": True}, "in_force": {"type": "integer", "minimum": 1},
            "seen": {"type": "string", "maxLength": 60},
        },
    },
    "/api/cases/design/publish": {
        "type": "object", "required": ["system", "data", "in_force", "reason"], "additionalProperties": False,
        "properties": {
            "system": TEXT, "data": WRITTEN, "in_force": {"type": "integer", "minimum": 1},
            "reason": {"type": "string", "minLength": 1, "maxLength": 400},
        },
    },
    "/api/cases/check": {
        "type": "object", "required": ["system"], "additionalProperties": False,
        "properties": {"system": TEXT, "code": TEXT, "step": TEXT, "values": VALUES, "reason": TEXT},
    },
    "/api/cases/open": {
        "type": "object", "required": ["system", "values"], "additionalProperties": False,
        "properties": {"system": TEXT, "values": VALUES, "reason": TEXT, "key": SENT_KEY},
    },
    "/api/cases/step": {
        "type": "object", "required": ["system", "code", "version", "step"], "additionalProperties": False,
        "properties": {
            "system": TEXT, "code": TEXT, "version": {"type": "integer", "minimum": 1}, "step": TEXT, "values": VALUES,
            "reason": TEXT, "key": SENT_KEY,
        },
    },
    "/api/cases/preview": {
        "type": "object", "required": ["system", "code"], "additionalProperties": False,
        "properties": {
            "system": TEXT, "code": TEXT, "step": TEXT, "values": VALUES, "reason": TEXT, "paper": TEXT,
            "document": TEXT,
        },
    },
    **{
        f"/api/cases/paper/{end}": {
            "type": "object", "required": ["system", "code", "version", "document", "reason"],
            "additionalProperties": False,
            "properties": {
                "system": TEXT, "code": TEXT, "version": {"type": "integer", "minimum": 1}, "document": TEXT,
                "reason": TEXT,
            },
        }
        for end in ("withdraw", "replace")
    },
    "/api/cases/reporter": {
        "type": "object", "required": ["code"], "additionalProperties": False,
        "properties": {"code": TEXT, "name": TEXT, "phone": TEXT, "note": TEXT},
    },
    "/api/cases/reporter/check": {
        "type": "object", "required": ["code", "query"], "additionalProperties": False,
        "properties": {"code": TEXT, "query": TEXT},
    },
    "/api/cases/reporter/read": {
        "type": "object", "required": ["code", "reason"], "additionalProperties": False,
        "properties": {"code": TEXT, "reason": {"type": "string", "minLength": 1, "maxLength": 200}},
    },
    "/api/cases/draft": {
        "type": "object", "required": ["system"], "additionalProperties": False,
        "properties": {
            "system": TEXT, "code": TEXT, "step": TEXT, "about": {"type": "string", "maxLength": 60},
            "values": {**VALUES, "nullable": True}, "reason": TEXT, "seen": {"type": "string", "maxLength": 60},
        },
    },
    "/api/cases/export": {
        "type": "object", "required": ["system"], "properties": {**LISTED, "format": {"enum": ["csv", "xlsx"]}},
    },
}  # fmt: skip
SUMMARIES: dict[str, Text] = {
    "GET /api/cases/design": Text(
        "各业务流程的在用版本、在办件数", "procedures in force and the cases that run by each"
    ),
    "GET /api/cases/design/one": Text("一个流程的某一版及可选项", "a version of a procedure and what may be chosen"),
    "POST /api/cases/design/check": Text("检查所写流程,列出错误和差别", "faults of a procedure, and what it changes"),
    "POST /api/cases/design/draft": Text("保存或删去本人的流程草稿", "keep or drop one's own draft of a procedure"),
    "POST /api/cases/design/publish": Text("发布流程新版本", "publish a version of a procedure"),
    "POST /api/cases/reporter": Text("密封登记举报人并发放查询码", "seal who reported and give the code, once"),
    "POST /api/cases/reporter/check": Text("核对查询码", "whether a code is that of a complaint"),
    "POST /api/cases/reporter/read": Text("拆阅举报人信息,写入审计", "who reported, for a reason, on record"),
    "GET /api/cases": Text("业务系统及在办、逾期、待办件数", "business systems with what is open, overdue and to do"),
    "GET /api/cases/list": Text("案件列表,按条件筛选排序分页", "cases, filtered, sorted and paged"),
    "GET /api/cases/one": Text(
        "一件案件:事实、时限、经过、附件、可办步骤", "one case: facts, clock, log, files, steps"
    ),
    "GET /api/documents": Text("发给本人、本机关或所在分组的公文", "documents sent to oneself, one's organ or group"),
    "GET /api/documents/one": Text("一件公文,打开即记阅读", "one document; opening it is noted"),
    "GET /api/documents/file": Text("公文的 PDF、DOCX 或附件", "the document as PDF or DOCX, or an annex"),
    "POST /api/documents/receive": Text("签收公文,可同时登记为收文", "sign for a document, register it as incoming"),
    "GET /api/cases/form": Text("立项表单", "the form that opens a case"),
    "GET /api/cases/statistics": Text(
        "按区域、行业、月份统计;申报汇总的业务另有一个时段(年、季、月)的合计",
        "counts by area, industry and month; of systems that add up numbers, the sums of a period",
    ),
    "GET /api/cases/supervision": Text("电子督办清单", "what is due and overdue, by area and tier told"),
    "GET /api/cases/plan": Text("年度检查计划各项及检查进度", "items of a yearly plan and how far their checks are"),
    "GET /api/cases/draw": Text(
        "双随机抽取的结果、名单和未列入原因", "what was drawn, from what, and who was left out and why"
    ),
    "GET /api/cases/draw/verify": Text(
        "按种子和名单复算抽取并比对", "a draw computed anew from seed and list, compared"
    ),
    "GET /api/cases/drafts": Text("本人未提交的表单草稿", "one's own drafts of forms of cases"),
    "GET /api/cases/draft": Text("一步的草稿", "one's own draft of a step"),
    "POST /api/cases/draft": Text("保存或删去一步的草稿", "keep or drop one's own draft of a step"),
    "POST /api/cases/check": Text("试办一步,列出全部不能办理的原因", "every reason a step would be refused for"),
    "POST /api/cases/open": Text("立项", "open a case"),
    "POST /api/cases/step": Text("办理一步", "take a step"),
    "POST /api/cases/files": Text("为下一步添加附件", "attach a file for the next step"),
    "GET /api/cases/dossier": Text(
        "案卷:首页、目录和全部文书、附件(ZIP)",
        "a case as one ZIP: cover, contents, documents and attachments",
    ),
    "GET /api/cases/paper": Text("案件文书的文件(PDF 或 DOCX)", "the file of a document of a case"),
    "POST /api/cases/preview": Text("办理前预览文书草稿", "a draft of a document that a step would make"),
    "POST /api/cases/paper/withdraw": Text("撤回文书", "withdraw a document"),
    "POST /api/cases/paper/replace": Text("更换文书,另编文号", "make a document again under a new number"),
    "GET /api/cases/import/template": Text("批量导入模板,栏目同立项表单", "the file to fill in: labels of the form"),
    "POST /api/cases/import": Text(
        "批量导入案件,逐行核对,进度和结果按行返回", "many cases out of a file; progress and outcome line by line"
    ),
    "POST /api/cases/export": Text("导出案件列表", "take the list out as CSV or XLSX"),
}
