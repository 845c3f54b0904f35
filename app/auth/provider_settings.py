"""The identity provider as the operator configured it, or none; what is wrong is said before the server starts."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.settings import Settings
from core.clock import Clock
from core.errors import BadInputError
from core.texts import Text
from store.identity import Identity

if TYPE_CHECKING:
    from app.auth.provider import Provider

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def configured(settings: Settings, identity: Identity, clock: Clock) -> "Provider | None":
    """The provider, or None while no issuer is named. Raises BadInputError naming the setting that will not do."""
    if not settings.oidc_issuer:
        return None
    parts = urlsplit(settings.oidc_issuer)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or parts.query or not (plain or parts.scheme == "https"):
        raise _wrong("ISSUER", settings.oidc_issuer, Text("须为 https 地址,不带参数", "must be an https address"))
    if not settings.oidc_client:
        raise _wrong("CLIENT", "", Text("不能为空", "must not be empty"))
    if "openid" not in settings.oidc_scopes.split():
        raise _wrong("SCOPES", settings.oidc_scopes, Text("须含 openid", "must contain openid"))
    if not settings.oidc_rules:
        raise _wrong("RULES", "", Text("至少一条,否则无人能登录", "at least one, or nobody gets in"))
    known = sorted(role.id for role in identity.posts.roles())
    for rule in settings.oidc_rules:
        if rule.role not in known:
            allowed = Text(f"没有此角色,可用:{'、'.join(known)}", f"no such role; allowed: {', '.join(known)}")
            raise _wrong("RULES", rule.role, allowed)
    if settings.oidc_ca is not None and not settings.oidc_ca.is_file():
        raise _wrong("CA", str(settings.oidc_ca), Text("没有此文件", "no such file"))
    from app.auth.provider import Provider

    return Provider(settings, clock)


def _wrong(name: str, value: str, rule: Text) -> BadInputError:
    setting = f"ONEMAP_OIDC_{name}"
    return BadInputError(
        Text(f"{setting}“{value[:80]}”:{rule.zh}", f"{setting} {value[:80]!r}: {rule.en}"), field=setting
    )
