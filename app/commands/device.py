"""`onemap device …`: devices registered, their keys made anew, and devices retired."""

import getpass
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import typer

from app.auth.devices import DeviceGate
from app.auth.opening import open_identity
from app.auth.sealing import Sealer
from app.commands.options import Data, settings_with
from core.actors import Actor
from core.clock import CHINA, utc_now
from core.errors import BadInputError, ConflictError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang, Text
from layers.catalogue import CATALOGUE, DEVICES, ENTERPRISES, SITES
from layers.catalogue.devices import Device
from layers.codes import code_list
from monitoring.devices import Carrier
from monitoring.register import Register
from store.feed import Put
from store.identity import Identity
from store.opening import open_store
from store.protocol import Store
from store.query import Query
from store.rows import record_of

HJ212 = "hj212"
Code = Annotated[str, typer.Argument(metavar="CODE", help="设备编码 / code of the device")]
Password = Annotated[
    str, typer.Option(help="设备出厂自带的 HJ 212 口令;不给则新造 / the HJ 212 password the device has, else a new one")
]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]

device = typer.Typer(no_args_is_help=True, help="设备 / devices")


@device.command("add")
def add(
    code: Code,
    name: Annotated[str, typer.Option(help="名称 / name")],
    kind: Annotated[str, typer.Option(help="类型(device_kind)/ kind")] = "gateway",
    protocol: Annotated[str, typer.Option(help="接入协议(device_protocol)/ protocol")] = "http",
    enterprise: Annotated[str, typer.Option(help="所属企业,统一社会信用代码 / enterprise")] = "",
    site: Annotated[str, typer.Option(help="所属厂区 / site")] = "",
    mn: Annotated[str, typer.Option(help="HJ 212 设备唯一标识 / MN")] = "",
    point: Annotated[list[str] | None, typer.Option(help="所带点位,可多次 / a point it carries, repeatable")] = None,
    calibrated_at: Day = None,
    calibrated_until: Day = None,
    calibrated_by: Annotated[str, typer.Option(help="校准单位 / calibrated by")] = "",
    password: Password = "",
    data: Data = None,
) -> None:
    """登记设备,密钥只显示一次 / Register a device; its key is printed once."""
    _of_list("device_kind", kind, "--kind")
    _of_list("device_protocol", protocol, "--protocol")
    if protocol == HJ212 and not mn:
        raise BadInputError(
            Text("HJ 212 设备须给出 --mn", "a device that speaks HJ 212 needs its --mn"), field="mn", value=mn
        )
    with _desk(data) as desk:
        owner = desk.store.get(ENTERPRISES, enterprise, scope=SYSTEM_SCOPE).record if enterprise else None
        place = desk.store.get(SITES, site, scope=SYSTEM_SCOPE).record if site else owner
        for other in desk.rows():
            if other.code == code or (mn and other.mn == mn):
                raise ConflictError(
                    Text(f"设备“{other.code}”已有此编码或 MN", f"device {other.code!r} has this code or MN already"),
                    device=other.code,
                )
        record = Device(
            code=code, name=name, kind=kind, protocol=protocol, enterprise=enterprise, site=site, mn=mn,
            points=tuple(point or ()), calibrated_at=_day(calibrated_at), calibrated_until=_day(calibrated_until),
            calibrated_by=calibrated_by, area="" if place is None else place.area, sensitivity=Sensitivity.INTERNAL,
        )  # fmt: skip
        desk.put(record, 0, "登记设备")
        desk.print_secret(record, password)


@device.command("list")
def list_devices(data: Data = None) -> None:
    """列出设备、校准和最近来数 / List devices, their calibration and when each was last heard."""
    now = utc_now()
    with _desk(data) as desk:
        seen = desk.identity.devices.seen()
        for one in sorted(desk.rows(), key=lambda row: row.code):
            overdue = Carrier(code=one.code, calibrated_until=one.calibrated_until).overdue_from()
            until = "" if one.calibrated_until is None else f"校准至 {one.calibrated_until}"
            late = "校准过期" if overdue is not None and overdue <= now else ""
            heard = seen.get(one.code)
            last = "未来数" if heard is None else f"{heard.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S} {heard.source}"
            state, spoken = _label("device_state", one.state), _label("device_protocol", one.protocol)
            print(" ".join(word for word in (one.code, state, spoken, one.mn, one.name, until, late, last) if word))


@device.command("key")
def key(code: Code, password: Password = "", data: Data = None) -> None:
    """换发密钥,旧密钥立即失效 / A new key, printed once; the one before is good for nothing any more."""
    with _desk(data) as desk:
        record, _ = desk.one(code)
        if record.state == "retired":
            raise ConflictError(
                Text(f"设备“{code}”已停用,不再发密钥", f"device {code!r} is retired and gets no key"), device=code
            )
        desk.print_secret(record, password)


@device.command("retire")
def retire(code: Code, reason: Annotated[str, typer.Option(help="事由 / why")], data: Data = None) -> None:
    """停用设备,密钥立即失效 / Retire a device; it is heard no more, and what it said stays."""
    with _desk(data) as desk:
        record, version = desk.one(code)
        desk.put(record.model_copy(update={"state": "retired"}), version, reason)
        desk.identity.devices.take_back(code)
    print(f"{code}  已停用 / retired")


@dataclass(frozen=True)
class _Desk:
    store: Store
    identity: Identity
    gate: DeviceGate

    def rows(self) -> list[Device]:
        """Every device."""
        table = self.store.read(DEVICES, Query(), scope=SYSTEM_SCOPE)
        return [_device(record_of(DEVICES, row, SYSTEM_SCOPE)) for row in table.to_pylist()]

    def one(self, code: str) -> tuple[Device, int]:
        """A device and its version."""
        found = self.store.get(DEVICES, code, scope=SYSTEM_SCOPE)
        return _device(found.record), found.version

    def put(self, record: Device, version: int, reason: str) -> None:
        """Keep it as a change by who is at the machine."""
        actor = Actor(id=f"cli:{getpass.getuser()}", name="命令行", door="cli")
        edit = Put(layer=DEVICES.id, record=record, expected=version)
        self.store.commit([edit], actor=actor, reason=reason, scope=SYSTEM_SCOPE)

    def print_secret(self, record: Device, password: str) -> None:
        """Make a secret of the kind its protocol needs."""
        giver = f"cli:{getpass.getuser()}"
        if record.protocol == HJ212:
            made = self.gate.make_password(record.code, given_by=giver, password=password)
            print(f"{record.code}  MN={record.mn}  PW / password: {made}")
        else:
            key = self.gate.make_key(record.code, given_by=giver)
            print(f"{record.code}  签名密钥 / to sign with: {self.gate.signing_secret(record.code)}")
            print(f"{record.code}  密钥 / key: {key}")


@contextmanager
def _desk(data: Data) -> Iterator[_Desk]:
    settings = settings_with(data=data)
    settings.data.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.data, settings.database_url, CATALOGUE, utc_now)
    with closing(store), closing(open_identity(settings.data, settings.database_url)) as identity:
        gate = DeviceGate(identity, Register(store), Sealer(settings.identity_key_file), utc_now)
        yield _Desk(store, identity, gate)


def _device(record: object) -> Device:
    assert isinstance(record, Device)
    return record


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _of_list(name: str, code: str, option: str) -> None:
    known = [entry.code for entry in code_list(name)]
    if code not in known:
        allowed = "、".join(known)
        raise BadInputError(
            Text(f"{option} 不能是“{code}”,可用:{allowed}", f"{option} cannot be {code!r}; allowed: {allowed}"),
            option=option,
        )


def _label(name: str, code: str) -> str:
    return code_list(name).label(code, Lang.ZH) or code
