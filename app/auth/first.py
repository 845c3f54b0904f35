"""The first administrator of an empty system: made at the first start, the password said once."""

from app.auth.passwords import hash_password, made_up
from core.clock import Clock
from core.ids import new_id
from core.texts import Text
from store.identity import Account, Identity, Post

LOGIN = "admin"


def first_administrator(identity: Identity, clock: Clock) -> Text | None:
    """Make one when there is no account at all; the sentence to print, which nothing keeps."""
    if identity.people.all():
        return None
    password, now = made_up(), clock()
    name = Text("系统管理员", "Administrator")
    account = Account(
        id=new_id(), login=LOGIN, name=name.zh, user_class=identity.posts.role("administrator").user_class,
        password_hash=hash_password(password), must_change=True,
    )  # fmt: skip
    identity.people.add(account, at=now)
    post = Post(
        id=new_id(), account=account.id, role="administrator", areas=("",), since=now, given_by="system", given_at=now,
        reason="系统首次启动",
    )  # fmt: skip
    identity.posts.give(post)
    return Text(
        f"首个管理员账号 {LOGIN},初始口令 {password}(只显示这一次,首次登录须修改并绑定动态口令)",
        f"first administrator {LOGIN}, password {password} (shown this once; change it and enrol a second factor)",
    )
