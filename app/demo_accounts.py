"""The demo's accounts and key: known to everybody, so the server refuses any address but loopback while they exist."""

from dataclasses import dataclass

from app.auth.limits import limits
from app.auth.passwords import hash_password
from app.auth.roles import BUILT_IN
from core.caller import UserClass
from core.canonical import sha256
from core.clock import Clock
from core.ids import new_id
from core.scope import Scope
from store.identity import Account, Identity, Key, Post

DEMO_KEY = "demo-agency"
CITY = "9901"
DISTRICT = "990106"
TOWN = "990106101"
PARK = "990106201"
FIRMS = frozenset({"91990106MATYEK5E8U"})
"""信禾助剂有限公司, in the chemical park."""

_ROLES = {role.id: role for role in BUILT_IN}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo account as printed."""

    login: str
    password: str
    name: str
    role: str
    areas: tuple[str, ...] = (CITY,)
    enterprises: frozenset[str] | None = None

    @property
    def scope(self) -> Scope:
        """What its role opens in its areas."""
        return _ROLES[self.role].scope(self.areas, self.enterprises)

    @property
    def user_class(self) -> UserClass:
        """The class of its role."""
        return _ROLES[self.role].user_class


DEMO_ACCOUNTS = (
    DemoAccount("city", "yunlan-city", "王立,市应急管理局", "regulator"),
    DemoAccount("duty", "yunlan-duty", "何川,市应急指挥中心", "hotline"),
    DemoAccount("district", "yunlan-district", "周敏,盐港新区应急管理局", "regulator", (DISTRICT,)),
    DemoAccount("town", "yunlan-town", "陈卫,盐港镇应急管理站", "regulator", (TOWN,)),
    DemoAccount("committee", "yunlan-committee", "李岚,市住房和城乡建设局", "committee"),
    DemoAccount("enterprise", "yunlan-enterprise", "赵强,信禾助剂有限公司", "enterprise", (PARK,), FIRMS),
    DemoAccount("intermediary", "yunlan-intermediary", "孙静,云澜安评事务所", "intermediary", (PARK,), FIRMS),
    DemoAccount("team", "yunlan-team", "韩松,盐港专职消防队", "team", (DISTRICT,), frozenset({"TM0028"})),
    DemoAccount("team-pukou", "yunlan-team-pukou", "谢军,浦口专职消防队", "team", ("990102",), frozenset({"TM0004"})),
    DemoAccount(
        "team-tingtao", "yunlan-team-tingtao", "罗平,听涛专职消防队", "team", ("990104",), frozenset({"TM0010"})
    ),
    DemoAccount("team-qingyu", "yunlan-team-qingyu", "丁海,青屿专职消防队", "team", ("990121",), frozenset({"TM0058"})),
    DemoAccount("public", "yunlan-public", "公众", "public"),
    DemoAccount("admin", "yunlan-admin", "系统管理员(演示)", "administrator"),
    DemoAccount("auditor", "yunlan-auditor", "审计管理员(演示)", "auditor"),
)
AGENCY = DemoAccount("agency", "", "共享单位(演示)", "agency")
GATEWAY = DemoAccount("gateway", "", "监测数据接入(演示)", "gateway")
GATEWAY_KEY = "demo-gateway"
NOTIFIER = DemoAccount("notifier", "", "突发事件通报单位(演示)", "notifier")
NOTIFIER_KEY = "demo-notifier"
KEYS = {"agency": DEMO_KEY, "gateway": GATEWAY_KEY, "notifier": NOTIFIER_KEY}


def add_demo_accounts(identity: Identity, clock: Clock) -> None:
    """Create what is missing of the demo's accounts and its keys."""
    now = clock()
    for demo in (*DEMO_ACCOUNTS, AGENCY, GATEWAY, NOTIFIER):
        if identity.people.find(demo.login) is not None:
            continue
        account = Account(
            id=new_id(),
            login=demo.login,
            name=demo.name,
            user_class=demo.user_class,
            password_hash=hash_password(demo.password) if demo.password else "",
            demo=True,
        )
        identity.people.add(account, at=now)
        post = Post(
            id=new_id(), account=account.id, role=demo.role, areas=demo.areas, enterprises=demo.enterprises,
            since=now, given_by="system", given_at=now, reason="演示账号",
        )  # fmt: skip
        identity.posts.give(post)
        if demo.login in KEYS:
            key = Key(
                id=new_id(), name=KEYS[demo.login], account=account.id, layers=None,
                per_minute=limits().key_per_minute * 10, given_by="system", created_at=now,
            )  # fmt: skip
            identity.keys.add(key, sha256(KEYS[demo.login].encode()))
