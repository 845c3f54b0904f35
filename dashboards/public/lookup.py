"""Look-ups open to everybody: enterprises and their licences, shelters and hospitals by name or address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import BadInputError
from core.scope import Scope, Sensitivity
from core.texts import Lang, Text
from dashboards.queries.wording import shown
from layers.filters import Filter, Like, Or
from store.protocol import Store
from store.query import Order, Query

PUBLIC = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
SHORTEST, LONGEST, MOST = 2, 40, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """One thing the public may look up: the layer, the fields that are searched, those that are told.

    Of these `expires` are last days of validity; `newest` is the time by which rows are shown before anything is asked.
    """

    id: str
    title: Text
    hint: Text
    searched: tuple[str, ...]
    told: tuple[str, ...]
    named: str = "name"
    expires: tuple[str, ...] = ()
    newest: str = ""

    def ended(self, name: str, value: Any, today: date) -> bool:
        """A last day of validity that has gone by."""
        return name in self.expires and isinstance(value, date) and value < today


LOOKUPS = {
    one.id: one
    for one in (
        Lookup(
            id="enterprises",
            title=Text("企业信息", "Enterprises"),
            hint=Text("企业名称或统一社会信用代码", "Name or unified social credit code"),
            searched=("name", "uscc"),
            told=("uscc", "status", "sector", "address", "std_grade", "std_expiry", "std_cert", "blacklist"),
            expires=("std_expiry",),
        ),
        Lookup(
            id="licences",
            title=Text("证照", "Licences"),
            hint=Text("证号或持证单位名称", "Number of the licence or name of its holder"),
            searched=("number", "enterprise_name"),
            told=("number", "kind", "state", "valid_until", "issuer"),
            named="enterprise_name",
            expires=("valid_until",),
        ),
        Lookup(
            id="penalty_listings",
            title=Text("行政处罚", "Penalties"),
            hint=Text("单位名称或决定书文号", "Name of the firm or number of the decision"),
            searched=("party_name", "decision_no", "title"),
            told=(
                "decision_no",
                "organ",
                "decided_on",
                "summary",
                "violated",
                "basis",
                "kinds",
                "amount",
                "public_until",
                "withdrawn_at",
                "withdrawn_why",
            ),
            named="title",
            newest="published_at",
        ),
        Lookup(
            id="draw_listings",
            title=Text("双随机抽查", "Random checks"),
            hint=Text("单位名称", "Name of the enterprise"),
            searched=("enterprise_name",),
            told=("scope", "drawn_on", "checked_on", "result", "withdrawn_at", "withdrawn_why"),
            named="enterprise_name",
            newest="published_at",
        ),
        Lookup(
            id="danger_listings",
            title=Text("重大隐患", "Major dangers"),
            hint=Text("单位名称", "Name of the enterprise"),
            searched=("enterprise_name",),
            told=("kind", "supervisor", "listed_at", "mend_by", "delisted_at"),
            named="title",
            newest="listed_at",
        ),
        Lookup(
            id="credit_listings",
            title=Text("失信名单", "Dishonest"),
            hint=Text("单位名称", "Name of the enterprise"),
            searched=("enterprise_name",),
            told=("condition", "listed_on", "listed_until"),
            named="enterprise_name",
            newest="listed_on",
        ),
        Lookup(
            id="shelters",
            title=Text("避难场所", "Shelters"),
            hint=Text("名称或地址，例如 听涛", "Name or address"),
            searched=("name", "address"),
            told=("address", "kind", "places", "indoor", "open_now"),
        ),
        Lookup(
            id="hospitals",
            title=Text("医院", "Hospitals"),
            hint=Text("名称或地址，例如 盐港", "Name or address"),
            searched=("name", "address"),
            told=("address", "grade", "beds", "burn_unit", "poison_unit", "hyperbaric"),
        ),
    )
}


def lookup_of(name: str) -> Lookup:
    """The look-up of that name; BadInputError for another."""
    if name not in LOOKUPS:
        allowed = ", ".join(LOOKUPS)
        raise BadInputError(
            Text(f"查询类别“{name[:40]}”不存在，可用:{allowed}", f"no look-up {name[:40]!r}; allowed: {allowed}"),
            field="of",
        )
    return LOOKUPS[name]


def asked(text: str) -> str:
    """The words looked for; BadInputError when they are too few to mean something, or too many."""
    words = " ".join(text.split())
    if not SHORTEST <= len(words) <= LONGEST:
        rule = Text(
            f"请输入 {SHORTEST} 至 {LONGEST} 个字", f"give {SHORTEST} to {LONGEST} characters"
        )  # fmt: skip
        raise BadInputError(rule, field="q", value=words[:LONGEST])
    return words


def _holding(fields: tuple[str, ...], words: str) -> Filter:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return Or(tuple(Like(name, f"%{escaped}%", ignore_case=True) for name in fields))


def look_up(store: Store, one: Lookup, words: str, today: date, *, lang: Lang) -> dict[str, Any]:
    """At most `MOST` rows under the public's own scope, in the order of their names, and how many there are.

    Without words the newest, of a look-up that shows them before anything is asked.
    """
    layer = store.catalogue.find(one.id, PUBLIC)
    if layer is None:
        return {"count": 0, "rows": []}
    seen = layer.fields_in(PUBLIC)
    where = _holding(tuple(name for name in one.searched if name in seen), asked(words)) if words else None
    order = Order(one.named) if words else Order(one.newest, descending=True)
    fields = tuple(name for name in dict.fromkeys((layer.key, one.named, *one.told)) if name in seen)
    query = Query(where=where, fields=fields, geometry=False, order=(order,), limit=MOST)
    rows = store.read(layer, query, scope=PUBLIC).to_pylist()
    told = [name for name in one.told if name in seen]
    found = []
    for row in rows:
        pairs = [(name, shown(seen[name], row[name], lang)) for name in told]
        values = [
            {"field": at, "title": seen[at].title.of(lang), "words": value, "over": one.ended(at, row[at], today)}
            for at, value in pairs
            if value
        ]
        found.append({"key": row[layer.key], "name": row[one.named] or row[layer.key], "values": values})
    return {"count": store.count(layer, Query(where=where), scope=PUBLIC), "rows": found}


def newest(store: Store, one: Lookup, today: date, *, lang: Lang) -> dict[str, Any]:
    """What a look-up shows before anything is asked: its newest rows."""
    return look_up(store, one, "", today, lang=lang)
