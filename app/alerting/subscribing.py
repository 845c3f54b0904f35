"""Recipients of CAP messages: another system by signed HTTP, a mail box, a telephone; each for areas of its own."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.auth.sealing import Sealer
from app.doors.messages import FORMS, covered
from app.remote.fetching import Elsewhere
from core.clock import Clock
from core.errors import BadInputError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import AREAS
from layers.filters import In
from store.identity import Identity
from store.identity.alerts import Subscriber
from store.identity.messages import Channel
from store.protocol import Store
from store.query import Query

SETTING = "ONEMAP_CAP_HOSTS"
SEALED_FOR = "cap recipients"
LONGEST = 60
CITY = 6
"""Digits up to which a code may name the city or what lies above it, which are no rows of the areas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlisting:
    """Takes recipients up; addresses outside the list of hosts are refused here, and again at each sending."""

    identity: Identity
    store: Store
    sealer: Sealer
    elsewhere: Elsewhere
    clock: Clock

    def enlist(self, name: str, channel: Channel, address: str, areas: tuple[str, ...]) -> tuple[Subscriber, str]:
        """A recipient, and the secret its messages will be signed with: told once, blank for mail and telephones."""
        name = name.strip()
        if not 0 < len(name) <= LONGEST or not name.isprintable():
            raise BadInputError(
                Text(f"名称应为 1 至 {LONGEST} 个字", f"a name has 1 to {LONGEST} characters"), field="name"
            )
        self._areas(areas)
        if channel is Channel.WEBHOOK:
            self.elsewhere.check(address)
            shown, secret = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}/…", secrets.token_urlsafe(32)
        elif channel in (Channel.MAIL, Channel.SMS) and re.fullmatch(FORMS[channel][0], address):
            shown, secret = covered(address), ""
        else:
            allowed = FORMS.get(channel, ("", Text("可发送的方式", "a way to send")))[1]
            raise BadInputError(Text(f"地址应为{allowed.zh}", f"the address must be {allowed.en}"), field="address")
        one = Subscriber(
            id=new_id(), name=name, channel=channel, areas=tuple(sorted(set(areas))), sealed=self.sealer.seal(address),
            secret=self.sealer.seal(secret) if secret else "", shown=shown, since=self.clock(),
        )  # fmt: skip
        self.identity.alerts.enlist(one)
        return one, secret

    def _areas(self, areas: tuple[str, ...]) -> None:
        known = set(
            self.store.read(
                AREAS, Query(where=In("code", areas), fields=("code",), geometry=False), scope=SYSTEM_SCOPE
            )["code"].to_pylist()
        ) if areas else set()  # fmt: skip
        for code in areas:
            above = code.isdecimal() and len(code) < CITY
            if code not in known and not above:
                raise BadInputError(Text(f"没有区划“{code[:20]}”", f"no area {code[:20]!r}"), field="area", value=code)
