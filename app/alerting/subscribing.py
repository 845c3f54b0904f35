"""Recipients of CAP messages: another system by signed HTTP, a mail box, a telephone; each for areas of its own."""

import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from app.auth.sealing import Sealer
from app.doors.messages import FORMS, covered
from app.remote.fetching import Elsewhere
from core.clock import Clock
from core.errors import BadInputError, Fault, FaultsError, NotFoundError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import AREAS
from store.identity import Identity
from store.identity.alerts import Subscriber
from store.identity.messages import Channel
from store.protocol import Store
from store.query import Query

SETTING = "ONEMAP_CAP_HOSTS"
SEALED_FOR = "cap recipients"
LONGEST = 60
DISTRICT = 6
"""Digits of a district's code."""
SOME = 12
"""Codes that a refusal names."""
URL = r"https?://[^\s\x00-\x1f]{1,392}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlisting:
    """Takes recipients up and changes them; hosts outside the list are refused here, and again at each sending."""

    identity: Identity
    store: Store
    sealer: Sealer
    elsewhere: Elsewhere
    clock: Clock

    def enlist(
        self, name: str, channel: Channel, address: str, areas: tuple[str, ...] | None
    ) -> tuple[Subscriber, str]:
        """A recipient, and the secret its messages will be signed with: told once, blank for mail and telephones.

        FaultsError names every field that is wrong; `areas` None is one: nobody said whether it is the whole city.
        """
        name, address = name.strip(), address.strip()
        _refuse([*_of_name(name), *self._of_address(channel, address), *self._of_areas(areas)])
        secret = secrets.token_urlsafe(32) if channel is Channel.WEBHOOK else ""
        one = Subscriber(
            id=new_id(), name=name, channel=channel, areas=_sorted(areas), sealed=self.sealer.seal(address),
            secret=self.sealer.seal(secret) if secret else "", shown=shown(channel, address), since=self.clock(),
        )  # fmt: skip
        self.identity.alerts.enlist(one)
        return one, secret

    def change(
        self, one: Subscriber, *, name: str, address: str, areas: tuple[str, ...] | None, new_secret: bool = False
    ) -> tuple[Subscriber, str]:  # fmt: skip
        """The recipient as it is from now on; a blank address stays, and a new secret is told once.

        What waits for it goes to the new address. FaultsError names every field that is wrong.
        """
        name, address = name.strip(), address.strip()
        faults = [*_of_name(name), *self._of_areas(areas)]
        faults += self._of_address(one.channel, address) if address else []
        if new_secret and one.channel is not Channel.WEBHOOK:
            rule = Text("只有对接系统有签名密钥", "only systems have a secret for signing")
            faults.append(Fault(field="new_secret", value=one.channel.value, rule=rule))
        _refuse(faults)
        after = replace(one, name=name, areas=_sorted(areas))
        if address:
            after = replace(after, sealed=self.sealer.seal(address), shown=shown(one.channel, address))
        secret = secrets.token_urlsafe(32) if new_secret else ""
        if secret:
            after = replace(after, secret=self.sealer.seal(secret))
        self.identity.alerts.change(after)
        return after, secret

    def named(self, name: str) -> Subscriber:
        """A recipient that stands, by its name."""
        found = next((one for one in self.identity.alerts.subscribers() if one.name == name), None)
        if found is None:
            raise NotFoundError(Text(f"没有接收单位“{name[:60]}”", f"no recipient {name[:60]!r}"), key=name[:60])
        return found

    def _of_address(self, channel: Channel, address: str) -> list[Fault]:
        if channel is Channel.WEBHOOK:
            return self._of_url(address)
        pattern, allowed = FORMS[channel]
        if re.fullmatch(pattern, address):
            return []
        rule = Text(f"应为{allowed.zh}", f"must be {allowed.en}")
        return [Fault(field="address", value=address[:LONGEST], rule=rule)]

    def _of_url(self, address: str) -> list[Fault]:
        if not re.fullmatch(URL, address):
            rule = Text(
                "应为 http:// 或 https:// 开头的网址,不含空格,不超过 400 个字符",
                "must be an address that begins with http:// or https://, without spaces, of at most 400 characters",
            )
            return [Fault(field="address", value=address[:LONGEST], rule=rule)]
        try:
            self.elsewhere.check(address)
        except BadInputError as error:
            return [Fault(field="address", value="", rule=error.text)]  # it names the host and those that are allowed
        return []

    def _of_areas(self, areas: tuple[str, ...] | None) -> list[Fault]:
        """Codes of areas there are, or of what they lie in, as the city's first four digits."""
        if areas is None:
            rule = Text("请至少选择一个区划,或选全市", "choose an area at least, or the whole city")
            return [Fault(field="areas", value="", rule=rule)]
        if not areas:
            return []
        query = Query(fields=("code",), geometry=False)
        known = sorted(self.store.read(AREAS, query, scope=SYSTEM_SCOPE)["code"].to_pylist())
        wide = [code for code in known if len(code) == DISTRICT]
        rule = Text(
            f"没有这个区划;应为本市的区划代码:{'、'.join(wide[:SOME])}等",
            f"is no area here; it must be the code of one: {', '.join(wide[:SOME])}, …",
        )
        return [
            Fault(field="areas", value=code[:20], rule=rule)
            for code in areas
            if not (code.isdecimal() and any(one.startswith(code) for one in known))
        ]


def shown(channel: Channel, address: str) -> str:
    """As much of an address as may be told: the host of a system, a mail box and a telephone half covered."""
    if channel is not Channel.WEBHOOK:
        return covered(address)
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/…"


def _of_name(name: str) -> list[Fault]:
    if 0 < len(name) <= LONGEST and name.isprintable():
        return []
    rule = Text(f"名称应为 1 至 {LONGEST} 个字", f"a name has 1 to {LONGEST} characters")
    return [Fault(field="name", value=name[:LONGEST], rule=rule)]


def _sorted(areas: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(sorted(set(areas or ())))


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise FaultsError(faults)
