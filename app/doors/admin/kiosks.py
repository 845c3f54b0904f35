"""Wall screens that are let in without a person: their address is said once, and revoked when the screen goes."""

import secrets

from app.auth.callers import KIOSK_PREFIX
from app.doors.admin import told
from app.doors.admin.areas import areas_of
from app.doors.admin.desk import Desk
from app.doors.admin.fields import Given, one_of, only, words
from app.doors.admin.reach import OUTSIDE, Reach
from core.caller import Caller, Right, UserClass
from core.canonical import sha256
from core.errors import ForbiddenError, NotFoundError
from core.ids import new_id
from core.texts import Lang, Text
from store.identity import Kiosk, Role

SCREENS: dict[str, Text] = {"/hall": Text("指挥大厅", "Command hall")}
"""What a wall screen may show."""


def roles(reach: Reach) -> dict[str, Role]:
    """Roles a wall screen may have: of no person, and good for looking only."""
    looking = {Right.HALL, Right.LIVE}
    found = reach.staff.roles.values()
    return {one.id: one for one in found if one.user_class is UserClass.SYSTEM and Right.HALL in one.rights <= looking}


def listed(desk: Desk, caller: Caller, _: Given) -> Given:
    """GET /api/admin/kiosks: those within reach, revoked ones too."""
    reach = desk.reach(caller)
    return {"kiosks": [told.of_kiosk(one) for one in desk.identity.keys.kiosks() if _covers(reach, one)]}


def issue(desk: Desk, caller: Caller, given: Given) -> Given:
    """POST /api/admin/kiosks: the address to open on the screen is in this answer and nowhere else."""
    only(given, "name", "screen", "role", "areas", "lang")
    reach = desk.reach(caller)
    if caller.scope.enterprises is not None:
        raise ForbiddenError(OUTSIDE)
    token = secrets.token_urlsafe(32)
    kiosk = Kiosk(
        id=new_id(), name=words(given, "name", longest=60), screen=one_of(given, "screen", SCREENS),
        role=one_of({"role": "kiosk", **given}, "role", roles(reach)), areas=areas_of(given, reach),
        lang=Lang(one_of({"lang": "zh", **given}, "lang", tuple(str(one) for one in Lang))),
        given_by=caller.actor.id, created_at=reach.staff.at,
    )  # fmt: skip
    desk.record(caller, "kiosks", kiosk.id, "issued", after=told.of_kiosk(kiosk))
    desk.identity.keys.add_kiosk(kiosk, sha256((KIOSK_PREFIX + token).encode()))
    return told.of_kiosk(kiosk) | {"address": f"/kiosk/{token}"}


def revoke(desk: Desk, caller: Caller, given: Given, kiosk: str) -> Given:
    """POST /api/admin/kiosks/ID/revoke: the screen goes dark."""
    only(given)
    reach = desk.reach(caller)
    found = next((one for one in desk.identity.keys.kiosks() if one.id == kiosk), None)
    if found is None or not _covers(reach, found):
        raise NotFoundError(Text("没有这块大屏", "no such wall screen"))
    desk.record(caller, "kiosks", kiosk, "revoked", before=told.of_kiosk(found))
    desk.identity.keys.revoke_kiosk(kiosk, at=reach.staff.at)
    return {"revoked": kiosk}


def _covers(reach: Reach, kiosk: Kiosk) -> bool:
    scope = reach.caller.scope
    return scope.enterprises is None and all(scope.covers(area) for area in kiosk.areas)
