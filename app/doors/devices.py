"""`/api/devices`: the registry of devices, secrets made anew, devices out of service and back, and the list as CSV."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.auth.devices import DeviceGate
from app.doors.admin.fields import Given, number, one_of, only, refused, words
from app.doors.bodies import asked, posted
from core.caller import Caller, Right, current_caller
from core.clock import CHINA, Clock, iso
from core.errors import ConflictError, ForbiddenError
from core.texts import Text, whole
from dashboards.brief.door import disposition
from dashboards.queries.devices import DUE, HEARD, SORTS, Registered, Registry, Wish, device_layer, local
from dashboards.queries.standings import firm_names
from dashboards.queries.wording import area_names, code_label, shown
from layers.catalogue import DEVICES
from layers.cells import escaped
from layers.codes import code_list
from monitoring.devices import RETIRED
from monitoring.register import Register
from store.audit import AuditLog, Kind, by
from store.feed import Put
from store.identity.devices import DeviceSecrets
from store.protocol import Store
from store.series import Series

HJ212 = "hj212"
IN_USE = "in_use"
MOST_ROWS = 1_000_000
LONGEST_CODE, LONGEST_WORD, LONGEST_REASON = 60, 40, 200
ASKED = ("q", "state", "protocol", "area", "enterprise", "point", "due", "heard", "sort", "down", "from")
COLUMNS = (
    ("code", Text("设备编码", "Device")), ("name", Text("名称", "Name")), ("kind", Text("类型", "Kind")),
    ("state_word", Text("状态", "State")), ("enterprise_name", Text("企业", "Enterprise")),
    ("area", Text("区划", "Area")), ("protocol", Text("接入协议", "Protocol")), ("mn", Text("MN", "MN")),
    ("points", Text("点位数", "Points")), ("calibrated_at", Text("校准日期", "Calibrated on")),
    ("calibrated_until", Text("校准有效期至", "Calibrated until")), ("due_word", Text("校准情况", "Calibration")),
    ("heard", Text("最近来数", "Last heard")), ("source", Text("来源", "Source")),
)  # fmt: skip
DUE_WORDS = {
    "overdue": Text("已过期", "Overdue"), "soon": Text("即将到期", "Due soon"), "valid": Text("有效", "Valid"),
    "unknown": Text("未登记", "Not registered"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDesk:
    """The registry as one caller meets it; who changes it is asked for the right to edit and the layer open to it."""

    store: Store
    series: Series
    register: Register
    secrets: DeviceSecrets
    gate: DeviceGate
    audit: AuditLog
    clock: Clock
    forget: Callable[[], None]
    """Who was let in by a key is asked again: a secret that is gone is gone at once."""

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: a page of devices under filters and an order."""
        wish = _wish(given)
        return self._registry().page(wish, scope=caller.scope, lang=caller.lang) | {
            "may_write": may_write(caller), "may_export": caller.may(Right.EXPORT),
            "choices": {
                name: [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list(of)]
                for name, of in (("state", "device_state"), ("protocol", "device_protocol"))
            },
        }  # fmt: skip

    def row(self, caller: Caller, given: Given) -> Given:
        """GET /row?code=: one device, its fields, its secret's age, its points as they stand, its history."""
        only(given, "code")
        registry = self._registry()
        found = registry.one(words(given, "code", longest=LONGEST_CODE), caller.scope)
        return self._told(registry, found, caller)

    def secret(self, caller: Caller, given: Given) -> Given:
        """POST /secret: a new secret, shown in this answer alone; the one before is good for nothing any more."""
        only(given, "code", "reason")
        code = words(given, "code", longest=LONGEST_CODE)
        reason = words(given, "reason", longest=LONGEST_REASON)
        found = self._registry().one(code, caller.scope)
        self._asked_to_write(caller, found)
        if found.device.state == RETIRED:
            raise ConflictError(
                Text(f"设备“{code}”已停用,请先启用", f"device {code!r} is retired; enable it first"), device=code
            )
        self.audit.record(
            by(caller, Kind.ADMIN, at=self.clock(), what="device-secrets", keys=[code], where=reason)
        )  # fmt: skip
        spoken = found.device.protocol == HJ212
        make = self.gate.make_password if spoken else self.gate.make_key
        secret = make(code, given_by=caller.actor.id)
        self.forget()
        kind = "password" if spoken else "key"
        signing = "" if spoken else self.gate.signing_secret(code) or ""
        return {"code": code, "kind": kind, "mn": found.device.mn, "secret": secret, "signing": signing}

    def state(self, caller: Caller, given: Given) -> Given:
        """POST /state: out of service, with its secret gone, or back in it."""
        only(given, "code", "version", "state", "reason")
        code = words(given, "code", longest=LONGEST_CODE)
        reason = words(given, "reason", longest=LONGEST_REASON)
        wanted = one_of(given, "state", [one.code for one in code_list("device_state")])
        version, registry = number(given, "version", 1, MOST_ROWS), self._registry()
        found = registry.one(code, caller.scope)
        self._asked_to_write(caller, found)
        if found.device.state == wanted:
            said = code_label("device_state", wanted, caller.lang)
            raise ConflictError(Text(f"设备“{code}”已是“{said}”", f"device {code!r} is {said!r} already"), device=code)
        edit = Put(layer=DEVICES.id, record=found.device.model_copy(update={"state": wanted}), expected=version)
        self.store.commit([edit], actor=caller.actor, reason=reason, scope=caller.scope)
        if wanted == RETIRED:
            self.secrets.take_back(code)
            self.forget()
        return self._told(registry, registry.one(code, caller.scope), caller)

    def export(self, caller: Caller, given: Given) -> tuple[bytes, str]:
        """The devices of a wish as CSV, recorded before it is sent."""
        registry, now = self._registry(), self.clock()
        found, lang = registry.found(_wish(given), caller.scope), caller.lang
        where = "; ".join(f"{name}={value}" for name, value in sorted(given.items()) if value)
        keys = [one.device.code for one in found]
        self.audit.record(by(caller, Kind.EXPORT, at=now, what=DEVICES.id, keys=keys, where=where))
        areas = area_names(self.store, caller.scope)
        firms = firm_names(self.store, [one.device.enterprise for one in found if one.device.enterprise], caller.scope)
        text = io.StringIO()
        sheet = csv.writer(text)
        sheet.writerow([title.of(lang) for _, title in COLUMNS])
        for one in found:
            line: Mapping[str, Any] = registry.told(one, {}, areas, firms, lang) | {
                "due_word": DUE_WORDS[one.due(now)].of(lang), "heard": local(None if one.seen is None else one.seen.at)
            }  # fmt: skip
            sheet.writerow([escaped(str(line[name])) for name, _ in COLUMNS])
        stamp = now.astimezone(CHINA).strftime("%Y%m%d-%H%M%S")
        return ("\ufeff" + text.getvalue()).encode(), Text(f"设备_{stamp}.csv", f"devices_{stamp}.csv").of(lang)

    def _registry(self) -> Registry:
        return Registry(
            store=self.store, series=self.series, known=self.register.devices(), seen=self.secrets.seen(),
            now=self.clock(),
        )  # fmt: skip

    def _asked_to_write(self, caller: Caller, found: Registered) -> None:
        """Refuse whoever may not change this device; a secret is no row, so the store is not there to do it."""
        if not may_write(caller) or not caller.scope.covers(found.device.area):
            raise ForbiddenError(Text("您的岗位不能修改该设备", "your role may not change this device"))

    def _told(self, registry: Registry, found: Registered, caller: Caller) -> Given:
        lang, scope = caller.lang, caller.scope
        areas = area_names(self.store, scope)
        firms = firm_names(self.store, [found.device.enterprise] if found.device.enterprise else [], scope)
        layer, given_at = device_layer(self.store, scope), self.secrets.given(found.device.code)
        points = registry.points(found, scope=scope, lang=lang)
        skipped = ("points", "name", "state", "area", "enterprise", "sensitivity", "geometry", "source_datum")
        facts = [
            {"field": spec.title.of(lang), "value": said}
            for name, spec in layer.fields.items()
            if name not in skipped and name in layer.fields_in(scope)
            and (said := shown(spec, getattr(found.device, name), lang))
        ]  # fmt: skip
        return registry.told(found, registry.states(found.points, scope), areas, firms, lang) | {
            "facts": facts, "carried": points, "hidden": len(found.points) - len(registry.states(found.points, scope)),
            "secret": None if given_at is None else {"at": iso(given_at[0]), "by": given_at[1]},
            "may_write": may_write(caller) and scope.covers(found.device.area),
            "history": self._history(found.device.code, caller),
        }  # fmt: skip

    def _history(self, code: str, caller: Caller) -> list[Given]:
        """The versions, newest first: when, who, why, and which state it had then."""
        steps = []
        for one in self.store.versions(device_layer(self.store, caller.scope), code, scope=caller.scope):
            found = self.store.feed(
                after=one.from_seq - 1, scope=caller.scope, layers=frozenset({DEVICES.id}), limit=1
            )  # fmt: skip
            entry = found[0] if found and found[0].seq == one.from_seq else None
            steps.append(
                {
                    "version": one.version, "at": None if entry is None else iso(entry.at),
                    "actor": "" if entry is None else entry.actor, "reason": "" if entry is None else entry.reason,
                    "state": code_label("device_state", orjson.loads(one.body).get("state", IN_USE), caller.lang),
                }
            )  # fmt: skip
        return steps[::-1]


def may_write(caller: Caller) -> bool:
    """The caller may change devices of their areas."""
    return caller.may(Right.EDIT) and caller.scope.may_write(DEVICES.id)


def device_routes(desk: DeviceDesk) -> list[BaseRoute]:
    """The doors of the page of devices."""

    async def taken_out(request: Request) -> Response:
        """GET /api/devices/export with the filters of the list: everything found, as CSV."""
        made = partial(desk.export, current_caller.get(), dict(request.query_params))
        body, name = await run_in_threadpool(made)
        headers = {"content-disposition": disposition(name, "devices"), "cache-control": "no-store"}
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    return [
        Route("/api/devices", asked(desk.listed), methods=["GET"]),
        Route("/api/devices/row", asked(desk.row), methods=["GET"]),
        Route("/api/devices/export", taken_out, methods=["GET"]),
        Route("/api/devices/secret", posted(desk.secret), methods=["POST"]),
        Route("/api/devices/state", posted(desk.state), methods=["POST"]),
    ]


def _wish(given: Given) -> Wish:
    only(given, *ASKED)
    for name, allowed in (("due", DUE), ("heard", HEARD), ("sort", SORTS), ("down", ("1",))):
        if given.get(name):
            one_of(given, name, allowed)
    start = whole(str(given.get("from") or 0))
    if start is None or start > MOST_ROWS:
        raise refused("from", given.get("from"), Text(f" 0 至 {MOST_ROWS} 的整数", f"a whole number to {MOST_ROWS}"))
    text = {
        name: words(given, name, longest=LONGEST_WORD, empty=True)
        for name in ("q", "state", "protocol", "area", "enterprise", "point")
    }
    return Wish(
        words=text["q"], state=text["state"], protocol=text["protocol"], area=text["area"],
        enterprise=text["enterprise"], point=text["point"], due=given.get("due") or "", heard=given.get("heard") or "",
        sort=given.get("sort") or "code", down=bool(given.get("down")), start=start,
    )  # fmt: skip
