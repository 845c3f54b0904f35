"""The demo's accounts and key: known to everybody, so the server refuses any address but loopback while they exist."""

from dataclasses import dataclass

from app.auth.passwords import hash_password
from core.canonical import sha256
from core.clock import Clock
from core.ids import new_id
from core.scope import Scope, Sensitivity
from store.identity import Account, Identity

DEMO_KEY = "demo-agency"
CITY = "9901"
DISTRICT = "990106"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo account as printed."""

    login: str
    password: str
    name: str
    role: str
    scope: Scope


DEMO_ACCOUNTS = (
    DemoAccount(
        "city", "yunlan-city", "王立,市应急管理局", "regulator",
        Scope(areas=(CITY,), clearance=Sensitivity.SENSITIVE, writable=None),
    ),
    DemoAccount(
        "district", "yunlan-district", "周敏,盐港新区应急管理局", "regulator",
        Scope(areas=(DISTRICT,), clearance=Sensitivity.SENSITIVE, writable=None),
    ),
    DemoAccount("public", "yunlan-public", "公众", "public", Scope(areas=(CITY,), clearance=Sensitivity.PUBLIC)),
)  # fmt: skip
AGENCY = DemoAccount(
    "agency", "", "共享单位(演示)", "agency", Scope(areas=(CITY,), clearance=Sensitivity.INTERNAL)
)  # fmt: skip


def add_demo_accounts(identity: Identity, clock: Clock) -> None:
    """Create what is missing of the demo's accounts and its agency key."""
    now = clock()
    for demo in (*DEMO_ACCOUNTS, AGENCY):
        if identity.account(demo.login) is not None:
            continue
        account = Account(
            id=new_id(),
            login=demo.login,
            name=demo.name,
            role=demo.role,
            password_hash=hash_password(demo.password) if demo.password else "!",
            scope=demo.scope,
            demo=True,
        )
        identity.add_account(account, at=now)
        if demo is AGENCY:
            identity.add_key(sha256(DEMO_KEY.encode()), "demo-agency", account.id)
