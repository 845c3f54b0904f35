"""What the forms of administration may choose from, as far as the administrator reaches."""

from collections.abc import Mapping

from app.doors.admin.accounts import CLASSES, STATES
from app.doors.admin.areas import prefix
from app.doors.admin.desk import Desk
from app.doors.admin.fields import Given
from app.doors.admin.keys import agencies
from app.doors.admin.kiosks import SCREENS, roles
from app.doors.admin.roles import LEVELS
from app.doors.admin.staff import GUARDED
from core.caller import Caller, Right
from core.texts import Lang, Text
from layers.fields import FieldSpec

EVERYWHERE = Text("全部", "Everywhere")


def choices(desk: Desk, caller: Caller, _: Given) -> Given:
    """GET /api/admin/choices: areas, roles, classes, rights, layers, screens; `may_give` says which roles."""
    reach = desk.reach(caller)
    covers, lang = caller.scope.covers, caller.lang
    areas = [{"code": prefix(code), "name": name} for code, name in sorted(reach.areas.items()) if covers(prefix(code))]
    if covers(""):
        areas.insert(0, {"code": "", "name": EVERYWHERE.of(lang)})
    given = [
        {
            "id": role.id,
            "title": role.title.of(lang),
            "class": str(role.user_class),
            "may_give": _may(reach.city, role.rights),
        }
        for role in reach.staff.roles.values()
    ]
    layers = [
        {
            "id": one.id,
            "title": one.title.of(lang),
            "fields": _fields(one.fields, lang),
            "by_people": one.made_by is None,
        }
        for one in desk.catalogue
    ]
    return {
        "areas": areas, "roles": given, "classes": CLASSES, "states": STATES, "city": reach.city,
        "rights": [str(right) for right in Right], "levels": list(LEVELS), "layers": layers,
        "agencies": [{"id": one.id, "login": one.login, "name": one.name} for one in agencies(reach)],
        "failing": desk.chores.failing if reach.city else 0, "kiosk_roles": list(roles(reach)),
        "screens": [{"path": path, "title": text.of(lang)} for path, text in SCREENS.items()],
        "may": sorted(str(right) for right in caller.rights),
    }  # fmt: skip


def _may(city: bool, rights: frozenset[Right]) -> bool:
    return city or not rights & GUARDED


def _fields(fields: Mapping[str, FieldSpec], lang: Lang) -> list[dict[str, str]]:
    return [{"name": name, "title": spec.title.of(lang)} for name, spec in fields.items()]
