"""The spine: enterprises (the ledger) and their sites."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import SquareMetre, Unit
from layers.fields import Codes, Header, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Record

INTERNAL = Private(Sensitivity.INTERNAL)
SENSITIVE = Private(Sensitivity.SENSITIVE)

USCC = "GB 32100-2015"


class Enterprise(Record):
    """A unit under work-safety supervision; closed ones stay."""

    uscc: Annotated[
        str, Title("统一社会信用代码", "Unified social credit code"), Standard(USCC), Header("信用代码"),
        Field(min_length=1, max_length=18),
    ]  # fmt: skip
    name: Annotated[str, Title("单位名称", "Name"), Header("企业名称", "名称"), Field(min_length=1, max_length=120)]
    short_name: Annotated[str | None, Title("简称", "Short name")] = None
    company_code: Annotated[str | None, Title("企业编码", "Province platform code"), Field(max_length=20)] = None
    sector: Annotated[str, Title("监管行业", "Supervised sector"), Codes("sector"), Header("监管行业分类")]
    industry_code: Annotated[
        str | None,
        Title("行业代码", "Industry code"),
        Codes("industry"),
        Standard("GB/T 4754-2017"),
        Header("行业类别"),
    ] = None
    status: Annotated[str, Title("经营状态", "Operating state"), Codes("enterprise_status")] = "open"
    risk: Annotated[
        int | None, Title("风险等级", "Risk grade"), Codes("risk"), INTERNAL, Header("风险分级"), Field(ge=1, le=4)
    ] = None
    reg_address: Annotated[str | None, Title("注册地址", "Registered address"), INTERNAL] = None
    op_address: Annotated[str | None, Title("经营地址", "Operating address"), Header("地址", "生产经营地址")] = None
    town: Annotated[str | None, Title("所在镇街", "Town"), Codes("town")] = None
    grid: Annotated[str | None, Title("所在网格", "Safety grid"), Refers("grids"), INTERNAL] = None
    legal_person: Annotated[str | None, Title("法定代表人", "Legal representative"), INTERNAL] = None
    principal: Annotated[str | None, Title("主要负责人", "Principal"), INTERNAL] = None
    principal_phone: Annotated[str | None, Title("主要负责人电话", "Principal's phone"), SENSITIVE] = None
    safety_head: Annotated[str | None, Title("安全负责人", "Head of safety"), INTERNAL] = None
    safety_phone: Annotated[str | None, Title("安全负责人电话", "Head of safety's phone"), SENSITIVE] = None
    duty_phone: Annotated[str | None, Title("值班电话", "Duty phone"), INTERNAL] = None
    scale: Annotated[str | None, Title("企业规模", "Size"), Codes("enterprise_scale"), INTERNAL] = None
    employees: Annotated[int | None, Title("从业人数", "Employees"), INTERNAL, Field(ge=0)] = None
    revenue: Annotated[float | None, Title("营业收入", "Revenue"), Unit("10000 CNY"), INTERNAL, Field(ge=0)] = None
    assets: Annotated[float | None, Title("固定资产", "Fixed assets"), Unit("10000 CNY"), INTERNAL, Field(ge=0)] = None
    econ_type: Annotated[str | None, Title("经济类型", "Ownership"), INTERNAL] = None
    affiliation: Annotated[str | None, Title("隶属关系", "Affiliation"), INTERNAL] = None
    founded: Annotated[date | None, Title("成立日期", "Founded")] = None
    business_scope: Annotated[str | None, Title("经营范围", "Business scope")] = None
    products: Annotated[tuple[str, ...] | None, Title("主要产品", "Products")] = None
    materials: Annotated[tuple[str, ...] | None, Title("主要原辅料", "Raw materials"), INTERNAL] = None
    safety_org: Annotated[str | None, Title("安全管理机构", "Safety body"), INTERNAL] = None
    safety_fulltime: Annotated[int | None, Title("专职安全员数", "Full-time safety staff"), INTERNAL, Field(ge=0)] = (
        None
    )
    safety_parttime: Annotated[int | None, Title("兼职安全员数", "Part-time safety staff"), INTERNAL, Field(ge=0)] = (
        None
    )
    safety_engineers: Annotated[
        int | None, Title("注册安全工程师数", "Certified safety engineers"), INTERNAL, Field(ge=0)
    ] = None
    special_workers: Annotated[
        int | None, Title("特种作业人员数", "Special-operation workers"), INTERNAL, Field(ge=0)
    ] = None
    certified_workers: Annotated[int | None, Title("持证人数", "Certified workers"), INTERNAL, Field(ge=0)] = None
    safety_fund: Annotated[float | None, Title("安全投入", "Safety spending"), Unit("10000 CNY"), INTERNAL] = None
    liability_insurance: Annotated[bool | None, Title("安责险", "Liability insurance"), INTERNAL] = None
    injury_insurance: Annotated[bool | None, Title("工伤保险", "Injury insurance"), INTERNAL] = None
    std_grade: Annotated[str | None, Title("标准化等级", "Standardization grade"), Codes("standardization")] = None
    std_cert: Annotated[str | None, Title("标准化证书", "Standardization certificate")] = None
    std_expiry: Annotated[date | None, Title("标准化有效期至", "Standardization valid until")] = None
    credit_grade: Annotated[str | None, Title("诚信等级", "Credit grade"), Codes("credit"), INTERNAL] = None
    blacklisted: Annotated[bool | None, Title("列入失信名单", "Blacklisted"), INTERNAL] = None
    key_chemicals: Annotated[tuple[str, ...] | None, Title("重点监管危化品", "Key chemicals"), INTERNAL] = None
    key_processes: Annotated[tuple[str, ...] | None, Title("重点监管工艺", "Key processes"), INTERNAL] = None
    hazards_1: Annotated[int | None, Title("一级重大危险源数", "Major hazards grade 1"), INTERNAL, Field(ge=0)] = None
    hazards_2: Annotated[int | None, Title("二级重大危险源数", "Major hazards grade 2"), INTERNAL, Field(ge=0)] = None
    hazards_3: Annotated[int | None, Title("三级重大危险源数", "Major hazards grade 3"), INTERNAL, Field(ge=0)] = None
    hazards_4: Annotated[int | None, Title("四级重大危险源数", "Major hazards grade 4"), INTERNAL, Field(ge=0)] = None
    occupational_hazards: Annotated[
        tuple[str, ...] | None, Title("职业病危害因素", "Occupational hazards"), INTERNAL
    ] = None
    exposed_workers: Annotated[int | None, Title("接害人数", "Exposed workers"), INTERNAL, Field(ge=0)] = None
    regulator_level: Annotated[str | None, Title("监管层级", "Supervision level"), Codes("area_level"), INTERNAL] = None
    regulator: Annotated[str | None, Title("属地监管部门", "Local regulator"), INTERNAL] = None
    grid_officer: Annotated[str | None, Title("网格员", "Grid officer"), INTERNAL] = None
    audit_state: Annotated[str | None, Title("审核状态", "Audit state"), Codes("audit_state"), INTERNAL] = None


SECTOR_SYMBOLS = {
    "hazchem": "ent-hazchem",
    "mine": "ent-mine",
    "firework": "ent-firework",
    "metal": "ent-metal",
    "machine": "ent-machine",
    "material": "ent-material",
    "trade": "ent-trade",
    "station": "ent-station",
    "ammonia": "ent-ammonia",
    "build": "ent-build",
}

ENTERPRISES = Layer(
    id="enterprises",
    title=Text("企业", "Enterprises"),
    about=Text(
        "企业台账(一企一档主数据),以统一社会信用代码为唯一编码", "Enterprise master ledger, keyed by social credit code"
    ),
    record=Enterprise,
    key="uscc",
    geometry=Geometry.POINT,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.SUPERVISION,
    label="name",
    search=("uscc", "name", "short_name", "op_address", "products", "key_chemicals"),
    style=Style(symbol="ent-trade", by="sector", symbols=SECTOR_SYMBOLS, grade="risk"),
)


class Site(Record):
    """A place where an enterprise works: its boundary and who answers there."""

    code: Annotated[str, Title("厂区编码", "Site code"), Field(min_length=1)]
    enterprise: Annotated[str, Title("企业", "Enterprise"), Refers("enterprises"), Standard(USCC)]
    name: Annotated[str, Title("厂区名称", "Site name"), Field(min_length=1)]
    address: Annotated[str | None, Title("地址", "Address")] = None
    surface: Annotated[SquareMetre | None, Title("占地面积", "Area"), Field(ge=0)] = None
    contact: Annotated[str | None, Title("应急联系人", "Emergency contact")] = None
    phone: Annotated[str | None, Title("应急电话", "Emergency phone"), SENSITIVE] = None


SITES = Layer(
    id="sites",
    title=Text("厂区", "Sites"),
    about=Text("企业厂区边界及应急联系人", "Boundaries of enterprise sites with emergency contacts"),
    record=Site,
    key="code",
    geometry=Geometry.POLYGON,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.SUPERVISION,
    label="name",
    sensitivity=Sensitivity.INTERNAL,
    search=("name", "code"),
    style=Style(role="site", min_zoom=13),
)
