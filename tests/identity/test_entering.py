"""Signing in step by step, and what a stolen, spent or late thing is worth."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from app.auth.callers import Locked, TooMany, WrongPassword
from app.auth.first import first_administrator
from app.auth.limits import limits
from app.auth.passwords import hash_password
from app.auth.sealing import Sealer
from core.canonical import sha256
from core.errors import BadInputError, ConflictError, ForbiddenError
from store.audit import Kind, Outcome
from store.audit.search import Sought
from store.identity import Key, Kiosk, Stage
from tests.identity.conftest import NOON, SECRET, Office


def code(office: Office, secret: str) -> str:
    return pyotp.TOTP(secret).at(office.clock())


def enrolled(office: Office, login: str) -> str:
    secret = pyotp.random_base32()
    account = office.identity.people.find(login)
    office.entrance.enrol(account, office.entrance.sealer.seal(secret), code(office, secret))
    office.clock.turn(seconds=30)
    return secret


def begin(office: Office, login: str):
    return office.entrance.with_password(login, SECRET, hours=8, duty=False, agent="t", address="10.0.0.1")


def test_the_token_of_an_unfinished_sign_in_opens_nothing(office: Office) -> None:
    office.hire("li", "regulator")
    enrolled(office, "li")
    step = begin(office, "li")
    assert step.stage is Stage.CODE
    assert office.at_the_door(step.token) is None


def test_a_code_opens_once_and_the_token_before_it_never(office: Office) -> None:
    office.hire("li", "regulator")
    secret = enrolled(office, "li")
    first, given = begin(office, "li"), code(office, secret)
    done = office.entrance.with_code(office.entrance.pending(first.token), given)
    assert done.stage is Stage.OPEN
    assert office.at_the_door(done.token).actor.id == "li"
    assert office.at_the_door(first.token) is None
    second = begin(office, "li")
    with pytest.raises(ForbiddenError, match="已用过"):
        office.entrance.with_code(office.entrance.pending(second.token), given)


def test_codes_cannot_be_tried_out(office: Office) -> None:
    office.hire("li", "regulator")
    secret = enrolled(office, "li")
    waiting = office.entrance.pending(begin(office, "li").token)
    right = code(office, secret)
    wrong = next(f"{n:06}" for n in range(10) if f"{n:06}" != right)
    for _ in range(limits().tries):
        with pytest.raises(ForbiddenError, match="不对"):
            office.entrance.with_code(waiting, wrong)
    with pytest.raises(ForbiddenError, match="次数过多"):
        office.entrance.with_code(waiting, right)


def test_a_sign_in_that_takes_too_long_begins_anew(office: Office) -> None:
    office.hire("li", "regulator")
    enrolled(office, "li")
    step = begin(office, "li")
    office.clock.turn(minutes=limits().steps_minutes, seconds=1)
    assert office.entrance.pending(step.token) is None


def test_the_second_factor_lies_sealed(office: Office, tmp_path: Path) -> None:
    office.hire("li", "regulator")
    secret = enrolled(office, "li")
    assert secret not in office.identity.people.find("li").sealed_totp
    with pytest.raises(ConflictError, match="密钥文件"):
        Sealer(tmp_path / "another.key").unseal(office.identity.people.find("li").sealed_totp)
    assert (tmp_path / "another.key").stat().st_mode & 0o777 == 0o600


def test_a_role_that_needs_a_second_factor_asks_for_one_before_it_opens(office: Office) -> None:
    office.hire("boss", "administrator")
    step = begin(office, "boss")
    assert step.stage is Stage.ENROL
    secret = pyotp.random_base32()
    sealed = office.entrance.sealer.seal(secret)
    waiting = office.entrance.pending(step.token)
    with pytest.raises(ForbiddenError):
        office.entrance.with_factor(waiting, sealed, "000000" if code(office, secret) != "000000" else "000001")
    done = office.entrance.with_factor(waiting, sealed, code(office, secret))
    assert office.at_the_door(done.token).role == "administrator"


def test_nobody_switches_to_such_a_role_with_a_password_alone(office: Office) -> None:
    account = office.hire("li", "regulator")
    token = office.come_in("li")
    higher = office.appoint(account.id, "auditor", hours=1)
    with pytest.raises(ForbiddenError, match="双因素"):
        office.entrance.act_as(office.at_the_door(token).session, account, higher.id)


def test_a_first_password_must_be_changed_and_not_to_an_earlier_or_weak_one(office: Office) -> None:
    office.hire("li", "regulator", must_change=True)
    waiting = office.entrance.pending(begin(office, "li").token)
    for weak, why in (
        (SECRET, "最近"), ("Short-1", "太短"), ("alllowercase", "至少用"), ("Li-is-my-name-1", "账号"),
        ("Password-12", "常见"), ("Aa1-Aa1-Aa1-", "常见"),
    ):  # fmt: skip
        with pytest.raises(BadInputError, match=why):
            office.entrance.with_new_password(waiting, weak)
    done = office.entrance.with_new_password(waiting, "Yunlan-Gang-77")
    assert done.stage is Stage.OPEN
    with pytest.raises(WrongPassword):
        begin(office, "li")


def test_a_password_grows_old(office: Office) -> None:
    office.hire("li", "regulator")
    office.clock.turn(days=limits().password_days, seconds=1)
    assert begin(office, "li").stage is Stage.RENEW


def test_changing_a_password_ends_every_session(office: Office) -> None:
    account = office.hire("li", "regulator")
    tokens = [office.come_in("li"), office.come_in("li")]
    with pytest.raises(ForbiddenError, match="原口令"):
        office.entrance.change_password(account, "wrong", "Yunlan-Gang-77")
    office.entrance.change_password(account, SECRET, "Yunlan-Gang-77")
    assert [office.at_the_door(token) for token in tokens] == [None, None]


def test_a_session_left_alone_ends_and_one_used_goes_on(office: Office) -> None:
    office.hire("li", "regulator")
    left, used = office.come_in("li"), office.come_in("li")
    for _ in range(4):
        office.clock.turn(minutes=limits().idle_minutes / 2)
        office.doorman.forget()
        office.doorman.by_session(left)
        office.doorman.by_session(used, used=True)
    assert office.at_the_door(left) is None
    assert office.at_the_door(used) is not None


def test_a_duty_terminal_stays_through_the_night_but_not_for_ever(office: Office) -> None:
    office.hire("li", "regulator")
    token = office.entrance.with_password("li", SECRET, hours=12, duty=True, agent="", address="").token
    office.clock.turn(hours=11, minutes=59)
    assert office.at_the_door(token) is not None
    office.clock.turn(minutes=2)
    assert office.at_the_door(token) is None


def test_sessions_are_listed_and_ended_from_elsewhere(office: Office) -> None:
    account = office.hire("li", "regulator")
    here, there = office.come_in("li"), office.come_in("li")
    mine = office.at_the_door(here).session
    assert len(office.identity.sessions.of(account.id, at=NOON)) == 2
    office.identity.sessions.end_all(account.id, by="self", at=NOON, but=mine)
    assert office.at_the_door(here) is not None
    assert office.at_the_door(there) is None


def test_every_step_of_a_sign_in_is_in_the_audit_and_no_secret_is(office: Office) -> None:
    account = office.hire("li", "regulator")
    with pytest.raises(WrongPassword):
        office.entrance.with_password("li", "Wrong-secret-9", hours=8, duty=False, agent="t", address="")
    token = office.come_in("li")
    lent = office.appoint(account.id, "committee", hours=1)
    office.entrance.act_as(office.at_the_door(token).session, account, lent.id)
    office.entrance.leave(token)
    found = [one.entry for one in office.audit.search(Sought())]
    assert [(one.kind, one.outcome) for one in reversed(found)] == [
        (Kind.SIGN_IN, Outcome.FAILED), (Kind.SIGN_IN, Outcome.DONE), (Kind.SIGN_IN, Outcome.DONE),
        (Kind.POST, Outcome.DONE), (Kind.SIGN_OUT, Outcome.DONE),
    ]  # fmt: skip
    assert not [one for one in found for secret in (SECRET, "Wrong-secret-9", token) if secret in repr(one)]
    assert office.audit.verify().findings == ()


def test_a_password_typed_as_a_login_is_not_kept(office: Office) -> None:
    with pytest.raises(WrongPassword):
        office.doorman.proven("My-Secret-2026", "x", "t")
    assert "My-Secret-2026" not in repr([one.entry for one in office.audit.search(Sought())])


def test_a_flood_at_a_locked_login_is_one_entry_a_minute(office: Office) -> None:
    office.hire("li", "regulator")
    for _ in range(limits().tries):
        with pytest.raises(WrongPassword):
            office.doorman.proven("li", "x", "t", fits=lambda *_: False)
    for _ in range(20):
        with pytest.raises(Locked):
            office.doorman.proven("li", "x", "t")
    assert len(office.audit.search(Sought())) == limits().tries + 1


def test_one_address_cannot_try_many_accounts(office: Office) -> None:
    office.hire("li", "regulator")
    for number in range(limits().address_tries):
        with pytest.raises(WrongPassword):
            office.doorman.proven(f"u{number}", "x", "t", "10.9.9.9", lambda *_: False)
    with pytest.raises(Locked):
        office.doorman.proven("li", SECRET, "t", "10.9.9.9")
    assert office.doorman.proven("li", SECRET, "t", "10.0.0.2").login == "li"


def test_basic_does_not_go_around_the_second_factor(office: Office) -> None:
    office.hire("li", "regulator")
    office.hire("boss", "administrator")
    assert office.doorman.by_password("li", SECRET).actor.id == "li"
    enrolled(office, "li")
    assert office.doorman.by_password("li", SECRET) is None
    assert office.doorman.by_password("boss", SECRET) is None


def test_a_key_is_good_for_its_layers_its_time_and_its_rate(office: Office) -> None:
    account = office.hire("weather", "agency")
    key = Key(
        id="k", name="气象局", account=account.id, layers=frozenset({"hospitals"}), per_minute=3, given_by="t",
        created_at=NOON, expires_at=NOON + timedelta(days=1),
    )  # fmt: skip
    office.identity.keys.add(key, sha256(b"key-one"))
    assert office.doorman.by_key("key-one").scope.layers == {"hospitals"}
    assert office.doorman.by_key("key-two") is None
    office.doorman.by_key("key-one"), office.doorman.by_key("key-one")
    with pytest.raises(TooMany, match="每分钟至多 3 次") as refused:
        office.doorman.by_key("key-one")
    assert 50 <= int(str(refused.value.facts["retry_after"])) <= 60
    office.clock.turn(days=1, seconds=1)
    office.doorman.forget()
    assert office.doorman.by_key("key-one") is None


def test_a_key_is_no_cookie_and_a_cookie_no_key(office: Office) -> None:
    office.hire("li", "regulator")
    account = office.hire("weather", "agency")
    key = Key(id="k", name="k", account=account.id, layers=None, per_minute=9, given_by="t", created_at=NOON)
    office.identity.keys.add(key, sha256(b"key-one"))
    token = office.come_in("li")
    assert None not in (office.doorman.by_key("key-one"), office.doorman.by_session(token))
    assert None not in (office.doorman.at_once("key", "key-one"), office.doorman.at_once("cookie", token))
    assert office.doorman.at_once("cookie", "key-one") is office.doorman.at_once("key", token) is None
    assert office.doorman.by_session("key-one") is office.doorman.by_key(token) is None


def test_a_revoked_key_opens_nothing(office: Office) -> None:
    account = office.hire("weather", "agency")
    key = Key(id="k", name="k", account=account.id, layers=None, per_minute=9, given_by="t", created_at=NOON)
    office.identity.keys.add(key, sha256(b"key-one"))
    office.identity.keys.revoke("k", at=NOON)
    assert office.doorman.by_key("key-one") is None


def test_a_wall_screen_needs_no_person_changes_nothing_and_lasts_until_revoked(office: Office) -> None:
    kiosk = Kiosk(
        id="w", name="大厅", screen="/hall", role="kiosk", areas=("3209",), given_by="t", created_at=NOON
    )  # fmt: skip
    token = "kiosk-" + "x" * 40
    office.identity.keys.add_kiosk(kiosk, sha256(token.encode()))
    office.clock.turn(days=700)
    wall = office.at_the_door(token)
    assert {str(right) for right in wall.rights} == {"hall", "live"}
    assert not wall.scope.may_write("hospitals")
    office.identity.keys.revoke_kiosk("w", at=office.clock())
    assert office.at_the_door(token) is None


def test_the_first_administrator_is_made_once_and_must_change_and_enrol(office: Office) -> None:
    told = first_administrator(office.identity, office.clock)
    assert told is not None
    assert first_administrator(office.identity, office.clock) is None
    password = told.en.split("password ")[1].split(" ")[0]
    step = office.entrance.with_password("admin", password, hours=8, duty=False, agent="", address="")
    assert step.stage is Stage.RENEW
    step = office.entrance.with_new_password(office.entrance.pending(step.token), "Yunlan-Gang-77")
    assert step.stage is Stage.ENROL


def test_an_unknown_login_takes_as_long_as_a_known_one_by_hashing_as_much(office: Office) -> None:
    office.hire("li", "regulator")
    asked: list[bool] = []

    def fits(encoded: str | None, password: str) -> bool:
        asked.append(encoded is not None)
        return False

    for login in ("li", "nobody"):
        with pytest.raises(WrongPassword):
            office.doorman.proven(login, "x", "t", "", fits)
    assert len(asked) == 2, "both are compared; the unknown one with a decoy"


def test_an_account_without_a_password_never_signs_in_with_one(office: Office) -> None:
    account = office.hire("sso", "regulator")
    office.identity.people.change(replace(account, password_hash=""), at=NOON)
    for password in ("", "x", SECRET):
        with pytest.raises(WrongPassword):
            office.doorman.proven("sso", password, "t")
    assert hash_password(SECRET) != hash_password(SECRET)
