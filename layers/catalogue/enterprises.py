"""The spine: enterprises by their unified social credit code, and their sites."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import SquareMetre, Unit
from layers.fields import Codes, Header, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Record

INTERNAL = Private(Sensitivity.INTERNAL)
SENSITIVE = Private(Sensitivity.SENSITIVE)
YUAN = Unit("CNY")

Count = Annotated[int | None, INTERNAL, Field(ge=0)]


class Enterprise(Record):
    """A supervised enterprise as the city ledger keeps it; a closed one stays."""

    uscc: Annotated[
        str,
        Title("统一社会信用代码", "Unified social credit code"),
        Standard("GB 32100"),
        Header("信用代码", "社会信用代码", "组织机构代码", "USCC"),
        Field(min_length=1, max_length=18),
    ]
    name: Annotated[
        str, Title("单位名称", "Name"), Header("企业名称", "名称", "单位"), Field(min_length=1, max_length=120)
    ]
    short_name: Annotated[str, Title("简称", "Short name"), Header("企业简称"), Field(max_length=40)] = ""
    company_code: Annotated[str, Title("企业编码", "Provincial code"), INTERNAL, Header("COMPANY_CODE")] = ""
    sector: Annotated[str, Title("监管行业", "Sector"), Codes("sector"), Header("监管行业分类", "行业分类", "行业")]
    industry_code: Annotated[
        str,
        Title("行业类别", "Industry"),
        Codes("industry"),
        Standard("GB/T 4754"),
        Header("行业代码", "国民经济行业代码"),
    ] = ""
    status: Annotated[str, Title("经营状态", "Status"), Codes("enterprise_status"), Header("企业状态")] = "open"
    risk: Annotated[
        int | None,
        Title("风险等级", "Risk level"),
        Codes("risk"),
        INTERNAL,
        Header("风险分级", "风险"),
        Field(ge=1, le=4),
    ] = None
    reg_address: Annotated[str, Title("注册地址", "Registered address"), Header("住所")] = ""
    address: Annotated[str, Title("经营地址", "Address"), Header("生产经营地址", "地址", "op_address")] = ""
    town: Annotated[str, Title("镇街", "Town"), Refers("areas"), Header("镇街代码", "所属镇街")] = ""
    village: Annotated[str, Title("村居", "Village"), INTERNAL] = ""
    grid: Annotated[str, Title("网格", "Grid"), Refers("grids"), INTERNAL, Header("网格编码", "grid_id")] = ""
    legal_person: Annotated[str, Title("法定代表人", "Legal representative"), INTERNAL, Header("法人", "法人代表")] = ""
    legal_person_phone: Annotated[
        str, Title("法定代表人电话", "Legal representative's phone"), SENSITIVE, Header("法人电话")
    ] = ""
    principal: Annotated[str, Title("主要负责人", "Principal"), INTERNAL, Header("负责人")] = ""
    principal_phone: Annotated[
        str, Title("主要负责人电话", "Principal's phone"), SENSITIVE, Header("负责人电话", "联系电话")
    ] = ""
    safety_head: Annotated[str, Title("安全负责人", "Safety head"), INTERNAL, Header("安全总监", "安全管理负责人")] = ""
    safety_head_phone: Annotated[
        str, Title("安全负责人电话", "Safety head's phone"), SENSITIVE, Header("安全总监电话")
    ] = ""
    scale: Annotated[str, Title("企业规模", "Scale"), Codes("enterprise_scale"), INTERNAL, Header("规模")] = ""
    employees: Annotated[Count, Title("从业人数", "Employees"), Header("从业人员", "职工人数")] = None
    revenue: Annotated[float | None, Title("营业收入", "Revenue"), YUAN, INTERNAL, Header("年营业收入")] = None
    assets: Annotated[float | None, Title("固定资产", "Fixed assets"), YUAN, INTERNAL, Field(ge=0)] = None
    econ_type: Annotated[str, Title("经济类型", "Ownership"), INTERNAL, Header("登记注册类型")] = ""
    affiliation: Annotated[str, Title("隶属关系", "Affiliation"), INTERNAL] = ""
    founded: Annotated[date | None, Title("成立日期", "Founded"), Header("注册日期")] = None
    scope_of_business: Annotated[str, Title("经营范围", "Scope of business"), Header("scope")] = ""
    products: Annotated[str, Title("主要产品", "Products"), INTERNAL] = ""
    raw_materials: Annotated[str, Title("原辅料", "Raw materials"), INTERNAL, Header("主要原料", "materials")] = ""
    safety_org: Annotated[bool | None, Title("设安全机构", "Has a safety department"), INTERNAL, Header("安全机构")] = (
        None
    )
    safety_fulltime: Annotated[Count, Title("专职安全员", "Full-time safety staff"), Header("fulltime")] = None
    safety_parttime: Annotated[Count, Title("兼职安全员", "Part-time safety staff"), Header("parttime")] = None
    safety_engineers: Annotated[
        Count, Title("注册安全工程师", "Certified safety engineers"), Header("注安师", "cse")
    ] = None
    special_ops: Annotated[Count, Title("特种作业人员", "Special operators"), Header("特种作业人员数")] = None
    special_ops_certified: Annotated[
        Count, Title("特种作业持证", "Special operators certified"), Header("持证数", "certified")
    ] = None
    safety_fund: Annotated[float | None, Title("年安全投入", "Safety spending a year"), YUAN, INTERNAL, Field(ge=0)] = (
        None
    )
    liability_insurance: Annotated[bool | None, Title("安责险", "Safety liability insurance"), INTERNAL] = None
    injury_insurance: Annotated[bool | None, Title("工伤保险", "Work injury insurance"), INTERNAL] = None
    std_grade: Annotated[
        str, Title("标准化等级", "Standardization grade"), Codes("standardization"), Header("标准化")
    ] = ""
    std_cert: Annotated[str, Title("标准化证书", "Standardization certificate"), Header("标准化证书编号")] = ""
    std_expiry: Annotated[
        date | None, Title("标准化有效期", "Standardization valid until"), Header("标准化有效期至")
    ] = None
    credit_grade: Annotated[str, Title("诚信等级", "Credit grade"), Codes("credit"), INTERNAL] = ""
    blacklist: Annotated[bool, Title("严重失信", "Listed for serious breach"), Header("黑名单")] = False
    key_chems: Annotated[tuple[str, ...], Title("重点监管危化品", "Specially supervised chemicals"), INTERNAL] = ()
    key_processes: Annotated[tuple[str, ...], Title("重点监管工艺", "Specially supervised processes"), INTERNAL] = ()
    mhi_1: Annotated[Count, Title("一级重大危险源", "Hazard sources, grade 1"), Standard("GB 18218")] = None
    mhi_2: Annotated[Count, Title("二级重大危险源", "Hazard sources, grade 2"), Standard("GB 18218")] = None
    mhi_3: Annotated[Count, Title("三级重大危险源", "Hazard sources, grade 3"), Standard("GB 18218")] = None
    mhi_4: Annotated[Count, Title("四级重大危险源", "Hazard sources, grade 4"), Standard("GB 18218")] = None
    permits: Annotated[tuple[str, ...], Title("许可证", "Permits"), Header("许可证清单")] = ()
    occupational_hazards: Annotated[
        tuple[str, ...], Title("职业病危害因素", "Occupational hazards"), INTERNAL, Header("ohf")
    ] = ()
    exposed: Annotated[Count, Title("接触职业病危害人数", "Exposed workers"), Header("接触人数")] = None
    hazards_declared: Annotated[
        bool | None, Title("职业病危害已申报", "Occupational hazards declared"), INTERNAL, Header("申报状态")
    ] = None
    plans: Annotated[Count, Title("应急预案", "Emergency plans"), Header("预案数")] = None
    drills: Annotated[Count, Title("年演练次数", "Drills a year"), Header("演练次数")] = None
    own_team: Annotated[Count, Title("专兼职救援人员", "Own rescuers"), Header("救援队伍人数")] = None
    own_materials: Annotated[str, Title("应急物资", "Own emergency materials"), INTERNAL] = ""
    sensor_count: Annotated[Count, Title("监测点数", "Sensors"), Header("监测点")] = None
    camera_count: Annotated[Count, Title("视频点数", "Cameras"), Header("视频点")] = None
    online_rate: Annotated[float | None, Title("在线率", "Share online"), Unit("%"), INTERNAL, Field(ge=0, le=100)] = (
        None
    )
    reg_level: Annotated[str, Title("监管层级", "Level of supervision"), Codes("regulation_level"), INTERNAL] = ""
    regulator: Annotated[str, Title("属地监管部门", "Local regulator"), INTERNAL, Header("监管部门")] = ""
    grid_officer: Annotated[str, Title("网格员", "Grid officer"), INTERNAL] = ""
    merged_into: Annotated[str, Title("并入企业", "Merged into"), Refers("enterprises", merged=True)] = ""
    audit_state: Annotated[str, Title("审核状态", "Audit state"), Codes("audit_state"), INTERNAL] = "draft"


ENTERPRISES = Layer(
    id="enterprises",
    title=Text("企业", "Enterprises"),
    about=Text("一企一档:安全生产监管企业台账", "The ledger of enterprises under safety supervision"),
    record=Enterprise,
    key="uscc",
    label="short_name",
    geometry=Geometry.POINT,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.SUPERVISION,
    search=("uscc", "name", "short_name", "address", "reg_address", "products", "key_chems", "legal_person"),
    style=Style(
        symbol="ent-trade",
        by="sector",
        symbols={
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
        },
        grade="risk",
    ),
    lineage=Text("企业申报,镇街和区县两级审核", "Declared by enterprises, audited by town and district"),
    frequency=Text("变更后 15 日内", "Within 15 days of a change"),
    precision=Precision(
        metres=BLOCK,
        reason=Text(
            "公众须知附近有何企业,不必知其确切厂址和危险点位",
            "The public should know what is near, not the exact spot of a dangerous works",
        ),
    ),
)


class Site(Record):
    """One place where an enterprise works: its fence line and who answers there."""

    code: Annotated[str, Title("厂区编码", "Site code"), Header("厂区编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("厂区名称", "Name"), Field(min_length=1, max_length=120)]
    enterprise: Annotated[
        str, Title("所属企业", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码", "企业代码")
    ]
    address: Annotated[str, Title("地址", "Address")] = ""
    park: Annotated[str, Title("所属园区", "Industrial park"), Header("园区")] = ""
    contact: Annotated[str, Title("应急联系人", "Emergency contact"), Header("联系人")] = ""
    contact_phone: Annotated[str, Title("应急电话", "Emergency phone"), SENSITIVE, Header("联系电话")] = ""
    people_day: Annotated[int | None, Title("白天人数", "People by day"), Field(ge=0)] = None
    people_night: Annotated[int | None, Title("夜间人数", "People by night"), Field(ge=0)] = None
    ground: Annotated[SquareMetre | None, Title("占地面积", "Ground"), Field(ge=0)] = None


SITES = Layer(
    id="sites",
    title=Text("厂区", "Sites"),
    about=Text("企业厂界与厂区应急联系", "Fence lines of enterprises and their emergency contacts"),
    record=Site,
    key="code",
    label="name",
    geometry=Geometry.POLYGON,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("name", "address", "enterprise"),
    style=Style(role="site", min_zoom=13),
)
