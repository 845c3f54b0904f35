"""`/api/roster/calls` and `/api/roster/contacts`: the call log and the phone book, under the areas of who asks."""

from dataclasses import dataclass

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, flag, moment, number, one_of, only, refused, words
from app.doors.bodies import asked, posted
from core.caller import Caller, Right
from core.clock import Clock
from core.errors import BadInputError, ForbiddenError
from core.texts import Text, whole
from dashboards.queries.dutycalls import Asked, calls, contacts, duty_layer, one_call, one_contact
from emergency.duty.book import Card, PhoneBook
from emergency.duty.calls import CallLog, Said
from emergency.duty.places import area_for, own_areas
from gis.shapes import LonLat
from layers.catalogue import DUTY_CALLS, DUTY_CONTACTS, INCIDENTS
from layers.codes import code_list
from store.protocol import Store

CODE, NAME, LINE, PROSE, PHONE = 40, 80, 200, 2000, 40
MOST = 1_000_000
NUMBER = "0123456789+-() ,转/"
"""What a telephone number is written with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDesk:
    """The call log and the phone book; who writes is asked for the right to edit."""

    store: Store
    clock: Clock
    log: CallLog
    book: PhoneBook

    def choices(self, caller: Caller, given: Given) -> Given:
        """GET /choices: the areas one may write for, words of codes, and whether one may write at all."""
        only(given)
        duty_layer(self.store, DUTY_CALLS, caller.scope)
        return {
            "areas": [{"code": code, "name": name} for code, name in own_areas(self.store, caller.scope).items()],
            "directions": _codes("call_direction", caller), "kinds": _codes("duty_contact_kind", caller),
            "may_write": may_write(caller), "person": caller.actor.name,
        }  # fmt: skip

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /calls: a page of the log, newest first; `wanting` those to call back or without a receipt."""
        only(given, "q", "wanting", "from")
        start = whole(str(given.get("from") or 0))
        if start is None or start > MOST:
            raise refused("from", given.get("from"), Text(f" 0 至 {MOST} 的整数", f"a whole number to {MOST}"))
        wish = Asked(
            words=words(given, "q", longest=CODE, empty=True), wanting=given.get("wanting") == "1", start=start
        )
        found = calls(self.store, wish, self.clock(), scope=caller.scope, lang=caller.lang)
        return found | {"may_write": may_write(caller)}

    def row(self, caller: Caller, given: Given) -> Given:
        """GET /calls/row?code=: one call with its number, where that is open, and its forwards."""
        only(given, "code")
        return self._call(words(given, "code", longest=CODE), caller)

    def write(self, caller: Caller, given: Given) -> Given:
        """POST /calls: a call, written down."""
        only(given, "what", "area", "at", "direction", "caller", "caller_unit", "caller_phone", "place", "lon", "lat",
             "recording", "call_back")  # fmt: skip
        _asked_to_write(caller)
        point = _point(given)
        text = {name: words(given, name, longest=NAME, empty=True) for name in ("caller", "caller_unit")}
        said = Said(
            what=prose(given, "what"), at=moment(given, "at"),
            area=area_for(self.store, caller.scope, given=words(given, "area", longest=12, empty=True), point=point),
            direction=one_of({"direction": "in"} | given, "direction", _known("call_direction")),
            caller=text["caller"], caller_unit=text["caller_unit"], caller_phone=phone(given, "caller_phone") or "",
            place=words(given, "place", longest=LINE, empty=True), point=point,
            recording=words(given, "recording", longest=120, empty=True),
            call_back=flag(given, "call_back") if "call_back" in given else False,
        )  # fmt: skip
        kept = self.log.write(said, actor=caller.actor, scope=caller.scope)
        return self._call(str(getattr(kept.record, "code", "")), caller)

    def strike(self, caller: Caller, given: Given) -> Given:
        """POST /calls/strike: through it, with a reason; it stays readable."""
        code, version = _of(caller, given, "reason")
        reason = words(given, "reason", longest=LINE)
        self.log.strike(code, version, reason, actor=caller.actor, scope=caller.scope)
        return self._call(code, caller)

    def back(self, caller: Caller, given: Given) -> Given:
        """POST /calls/back: that it was called back, and what was said."""
        code, version = _of(caller, given, "said")
        self.log.call_back(code, version, prose(given, "said"), actor=caller.actor, scope=caller.scope)
        return self._call(code, caller)

    def forward(self, caller: Caller, given: Given) -> Given:
        """POST /calls/forward: to a contact of the phone book, or to whom is named; a receipt falls due."""
        code, version = _of(caller, given, "contact", "to", "asked")
        contact = words(given, "contact", longest=CODE, empty=True)
        to = words(given, "to", longest=NAME, empty=bool(contact))
        asked_ = words(given, "asked", longest=400)
        self.log.forward(code, version, asked_, to, contact=contact, actor=caller.actor, scope=caller.scope)
        return self._call(code, caller)

    def receipt(self, caller: Caller, given: Given) -> Given:
        """POST /calls/receipt: the receipt of a forward (`code` is the forward's), by whom, in what words."""
        code, version = _of(caller, given, "said", "by")
        by = words(given, "by", longest=NAME)
        kept = self.log.receipt(code, version, prose(given, "said"), by, actor=caller.actor, scope=caller.scope)
        return self._call(str(getattr(kept.record, "call", "")), caller)

    def join(self, caller: Caller, given: Given) -> Given:
        """POST /calls/join: that a call belongs to an incident; it is asked whether the caller sees that one."""
        code, version = _of(caller, given, "incident")
        incident = words(given, "incident", longest=CODE)
        self.store.get(duty_layer(self.store, INCIDENTS, caller.scope), incident, scope=caller.scope)
        self.log.join(code, version, incident, actor=caller.actor, scope=caller.scope)
        return self._call(code, caller)

    def contacts(self, caller: Caller, given: Given) -> Given:
        """GET /contacts: the phone book in the order of calling; `q` seeks two characters and more."""
        only(given, "q")
        found = contacts(
            self.store, words(given, "q", longest=CODE, empty=True), self.clock(), scope=caller.scope, lang=caller.lang
        )
        return found | {"may_write": may_write(caller)}

    def contact(self, caller: Caller, given: Given) -> Given:
        """GET /contacts/row?code=: the numbers of one, as far as the role opens them."""
        only(given, "code")
        return one_contact(self.store, words(given, "code", longest=CODE), scope=caller.scope)

    def enter(self, caller: Caller, given: Given) -> Given:
        """POST /contacts: a new one; with `code` and `version` a change of one."""
        only(given, "code", "version", "kind", "name", "unit", "post", "duties", "duty_phone", "mobile_phone",
             "call_order", "area")  # fmt: skip
        _asked_to_write(caller)
        text = {name: words(given, name, longest=NAME, empty=True) for name in ("unit", "post")}
        card = Card(
            kind=one_of(given, "kind", _known("duty_contact_kind")),
            name=words(given, "name", longest=NAME), unit=text["unit"], post=text["post"],
            duties=words(given, "duties", longest=LINE, empty=True), duty_phone=phone(given, "duty_phone"),
            mobile_phone=phone(given, "mobile_phone"),
            call_order=number(given, "call_order", 1, 999) if "call_order" in given else 100,
            area=area_for(self.store, caller.scope, given=words(given, "area", longest=12, empty=True), point=None),
        )  # fmt: skip
        if given.get("code"):
            code, version = words(given, "code", longest=CODE), number(given, "version", 1, MOST)
            self.book.change(code, version, card, actor=caller.actor, scope=caller.scope)
        else:
            code = str(getattr(self.book.enter(card, actor=caller.actor, scope=caller.scope).record, "code", ""))
        return one_contact(self.store, code, scope=caller.scope)

    def verify(self, caller: Caller, given: Given) -> Given:
        """POST /contacts/verify: somebody tried the numbers and they are right."""
        code, version = _of(caller, given)
        self.book.verify(code, version, actor=caller.actor, scope=caller.scope)
        return one_contact(self.store, code, scope=caller.scope)

    def _call(self, code: str, caller: Caller) -> Given:
        found = one_call(self.store, code, self.clock(), scope=caller.scope, lang=caller.lang)
        return found | {"may_write": may_write(caller)}


def may_write(caller: Caller) -> bool:
    """The caller may keep the log and the phone book."""
    scope = caller.scope
    open_to = scope.may_write(DUTY_CALLS.id) and scope.may_write(DUTY_CONTACTS.id)
    return caller.may(Right.EDIT) and open_to and scope.enterprises is None


def call_desk(store: Store, clock: Clock) -> CallDesk:
    """The desk over a store."""
    return CallDesk(store=store, clock=clock, log=CallLog(store, clock), book=PhoneBook(store, clock))


def roster_call_routes(desk: CallDesk) -> list[BaseRoute]:
    """The doors of the call log and the phone book."""
    root = "/api/roster"
    return [
        Route(f"{root}/choices", asked(desk.choices), methods=["GET"]),
        Route(f"{root}/calls", asked(desk.listed), methods=["GET"]),
        Route(f"{root}/calls", posted(desk.write), methods=["POST"]),
        Route(f"{root}/calls/row", asked(desk.row), methods=["GET"]),
        Route(f"{root}/calls/strike", posted(desk.strike), methods=["POST"]),
        Route(f"{root}/calls/back", posted(desk.back), methods=["POST"]),
        Route(f"{root}/calls/forward", posted(desk.forward), methods=["POST"]),
        Route(f"{root}/calls/receipt", posted(desk.receipt), methods=["POST"]),
        Route(f"{root}/calls/join", posted(desk.join), methods=["POST"]),
        Route(f"{root}/contacts", asked(desk.contacts), methods=["GET"]),
        Route(f"{root}/contacts", posted(desk.enter), methods=["POST"]),
        Route(f"{root}/contacts/row", asked(desk.contact), methods=["GET"]),
        Route(f"{root}/contacts/verify", posted(desk.verify), methods=["POST"]),
    ]


def _asked_to_write(caller: Caller) -> None:
    if not may_write(caller):
        raise ForbiddenError(Text("您的岗位不能登记值班记录", "your role may not keep the duty log"))


def _of(caller: Caller, given: Given, *more: str) -> tuple[str, int]:
    """Which row, as it was seen, for whoever may write."""
    only(given, "code", "version", *more)
    _asked_to_write(caller)
    return words(given, "code", longest=CODE), number(given, "version", 1, MOST)


def _codes(name: str, caller: Caller) -> list[Given]:
    return [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list(name)]


def _known(name: str) -> list[str]:
    return [one.code for one in code_list(name)]


def prose(given: Given, name: str) -> str:
    """A text that may have lines."""
    value = given.get(name)
    text = value.strip() if isinstance(value, str) else ""
    plain = text.replace("\n", "").replace("\r", "").replace("\t", "")
    if not text or len(text) > PROSE or not (plain.isprintable() or not plain):
        raise refused(name, value, Text(f" 1 至 {PROSE} 个字的文本", f"a text of 1 to {PROSE} characters"))
    return text


def phone(given: Given, name: str) -> str | None:
    """A number, None where none was sent."""
    if name not in given or given[name] is None:
        return None
    text = words(given, name, longest=PHONE, empty=True)
    if not set(text) <= set(NUMBER):
        raise BadInputError(
            Text(f"号码“{text[:20]}”只能有数字和 + - ( ) / 转", f"{text[:20]!r} is not written as a number"), field=name
        )
    return text


def _point(given: Given) -> LonLat | None:
    if given.get("lon") is None and given.get("lat") is None:
        return None
    found = []
    for name, most in (("lon", 180.0), ("lat", 90.0)):
        value = given.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise refused(name, value, Text(f" -{most:g} 至 {most:g} 的度数", f"degrees from -{most:g} to {most:g}"))
        found.append(float(value))
    return LonLat(*found)
