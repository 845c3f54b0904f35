"""Who is on the roster is reminded once of a shift, a hand-over, a call not returned and a receipt missing."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from app.auth.opening import open_identity
from app.duty.reminding import remind_duty
from app.wiring import System
from core.caller import UserClass
from core.clock import CHINA
from emergency.duty.calls import CallLog, Said
from emergency.duty.roster import Person, Roster
from store.embedded import open_embedded
from store.identity import Account
from tests.emergency.test_duty import EAST, NOW, POST, ROOM, WU, ZHOU, Clock


def test_who_is_on_duty_is_told_once_of_what_is_due_and_what_is_late(tmp_path: Path) -> None:
    clock = Clock()
    with (
        closing(open_embedded(tmp_path / "city.gpkg", ROOM, clock)) as store,
        closing(open_identity(tmp_path, None)) as identity,
    ):
        system = cast(System, SimpleNamespace(store=store, clock=clock, identity=identity))
        for one in ("zhou", "wu"):
            account = Account(id=one, login=one, name=one, user_class=UserClass.REGULATOR, password_hash="")
            identity.people.add(account, at=NOW)
        end = NOW + timedelta(hours=8)
        shifts = [
            (Person(name=ZHOU.name, account="zhou"), NOW, end),
            (Person(name=WU.name, account="wu"), end, end + timedelta(hours=8)),
            (Person(name="名单里的人", account="imported-and-unknown"), NOW, end),
        ]
        Roster(store, clock).enter(shifts, post=POST, role="officer", area="990106", phone="", actor=ZHOU, scope=EAST)
        log = CallLog(store, clock)
        call = log.write(Said(what="异味", area="990106101", call_back=True), actor=ZHOU, scope=EAST).record
        log.forward(call.code, 1, "核实", "环境监测站", contact="", actor=ZHOU, scope=EAST)
        assert remind_duty(system) == 0

        def told(account: str) -> list[str]:
            return sorted(one.letter.title.zh for one in identity.messages.of(account, most=20))

        clock.now = NOW + timedelta(minutes=61)
        assert remind_duty(system) == 2
        assert told("zhou") == ["未回执", "未回电"]
        assert remind_duty(system) == 0, "each is told once"
        clock.now = end - timedelta(minutes=10)
        remind_duty(system)
        assert "交班提醒" in told("zhou")
        assert told("wu") == ["值班提醒"]
        clock.now = end + timedelta(minutes=16)
        remind_duty(system)
        assert "交接班超时" in told("zhou")
        due = next(one for one in identity.messages.of("zhou", most=20) if one.letter.title.zh == "交接班超时")
        assert f"{end.astimezone(CHINA):%H:%M}" in due.letter.body.zh
