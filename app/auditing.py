"""Questions to the audit in words, as a door or a command puts them, and its entries as they are told."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import batched

import pyarrow as pa
import pyarrow.csv

from core.clock import CHINA, from_iso
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Lang, Text
from layers.cells import guarded
from store.audit import By, Found, Kind, Outcome, Sought
from store.protocol import Store
from store.query import Query

ASKED = ("actor", "account", "kind", "layer", "key", "door", "from", "to")
BATCH = 1000

KINDS: dict[Kind, Text] = {
    Kind.SIGN_IN: Text("登录", "sign-in"),
    Kind.SIGN_OUT: Text("退出", "sign-out"),
    Kind.POST: Text("切换岗位", "change of post"),
    Kind.REFUSED: Text("拒绝", "refused"),
    Kind.READ: Text("读取", "read"),
    Kind.EXPORT: Text("导出", "export"),
    Kind.CHANGE: Text("修改", "change"),
    Kind.ADMIN: Text("管理", "administration"),
    Kind.CLEARED: Text("到期清除", "cleared when due"),
}
OUTCOMES: dict[Outcome, Text] = {
    Outcome.DONE: Text("成功", "done"),
    Outcome.FAILED: Text("失败", "failed"),
    Outcome.REFUSED: Text("拒绝", "refused"),
    Outcome.BEGUN: Text("开始", "begun"),
}


def sought(given: Mapping[str, str], *, before: int | None = None) -> Sought:
    """What is asked; `from` is included, a day as `to` ends with that day (China time)."""
    kinds = tuple(_kind(word.strip()) for word in given.get("kind", "").split(",") if word.strip())
    return Sought(
        actor=given.get("actor", ""),
        account=given.get("account", ""),
        kinds=kinds,
        what=given.get("layer", ""),
        key=given.get("key", ""),
        door=given.get("door", ""),
        since=_moment("from", given.get("from", ""), timedelta()),
        until=_moment("to", given.get("to", ""), timedelta(days=1)),
        before=before,
    )


def counted_by(word: str) -> By:
    """What to count by; BadInputError lists what there is."""
    if word not in set(By):
        allowed = "、".join(By)
        raise BadInputError(
            Text(f"不能按“{word[:40]}”统计,可用:{allowed}", f"no totals by {word[:40]!r}; there are: {allowed}"),
            field="by",
        )
    return By(word)


def words(given: Mapping[str, str]) -> str:
    """What was asked, for the record."""
    return "; ".join(f"{name}={given[name]}" for name in ASKED if given.get(name))


def _kind(word: str) -> Kind:
    if word not in set(Kind):
        allowed = "、".join(Kind)
        raise BadInputError(
            Text(f"没有类别“{word[:40]}”,可用:{allowed}", f"no kind {word[:40]!r}; there are: {allowed}"),
            field="kind",
        )
    return Kind(word)


def _moment(name: str, text: str, day: timedelta) -> datetime | None:
    if not text:
        return None
    try:
        if len(text) == len("2026-11-28"):
            return datetime.combine(date.fromisoformat(text), time(), CHINA) + day
        return from_iso(text)
    except ValueError as error:
        raise BadInputError(
            Text(
                f"{name}“{text[:40]}”应为日期(2026-11-28)或带时区的时刻(2026-11-28T08:00:00+08:00)",
                f"{name} {text[:40]!r} must be a day (2026-11-28) or a time with offset (2026-11-28T08:00:00+08:00)",
            ),
            field=name,
        ) from error


def oversees(store: Store, scope: Scope) -> bool:
    """The scope reaches over the whole city: an entry is about people and rows of any area, and no area limits it."""
    if scope.enterprises is not None:
        return False
    if scope.everywhere:
        return True
    areas = store.catalogue["areas"]
    codes = store.read(areas, Query(fields=(areas.key,), geometry=False), scope=SYSTEM_SCOPE)[areas.key].to_pylist()
    return bool(codes) and all(scope.covers(code) for code in codes)


Column = tuple[Text, Callable[[Found], object]]


def _columns(lang: Lang) -> list[Column]:
    return [
        (Text("序号", "Number"), lambda one: one.entry.seq),
        (Text("时间", "Time"), lambda one: one.entry.at.astimezone(CHINA).isoformat(timespec="seconds")),
        (Text("类别", "Kind"), lambda one: KINDS[one.entry.kind].of(lang)),
        (Text("结果", "Outcome"), lambda one: OUTCOMES[one.entry.outcome].of(lang)),
        (Text("操作者", "Actor"), lambda one: one.entry.actor),
        (Text("账号标识", "Account"), lambda one: one.entry.account),
        (Text("岗位标识", "Post"), lambda one: one.entry.post),
        (Text("入口", "Door"), lambda one: one.entry.door),
        (Text("网络地址", "Address"), lambda one: one.entry.address),
        (Text("对象", "What"), lambda one: one.entry.what),
        (Text("主键", "Key"), lambda one: one.entry.key),
        (Text("条件", "Filter"), lambda one: one.entry.where),
        (Text("行数", "Rows"), lambda one: one.entry.rows),
        (Text("主键哈希", "Hash of keys"), lambda one: one.entry.keys_hash),
        (Text("说明", "Detail"), lambda one: one.entry.detail),
        (Text("可能涉及", "Possibly"), lambda one: Text("可能", "possibly").of(lang) if one.possibly else ""),
        (Text("链值", "Chain"), lambda one: one.entry.chain),
    ]


def as_csv(entries: Iterable[Found], lang: Lang) -> Iterator[bytes]:
    """The entries for a spreadsheet: with a mark that says UTF-8, and no cell that would run."""
    columns = _columns(lang)
    names = [heading.of(lang) for heading, _ in columns]
    yield "\ufeff".encode() + _lines(pa.table([pa.array([], pa.string())] * len(names), names), head=True)
    for part in batched(entries, BATCH):
        cells = [guarded(pa.array([str(value(one)) for one in part], pa.string())) for _, value in columns]
        yield _lines(pa.table(cells, names), head=False)


def _lines(table: pa.Table, *, head: bool) -> bytes:
    sink = pa.BufferOutputStream()
    options = pyarrow.csv.WriteOptions(include_header=head, quoting_style="needed")
    pyarrow.csv.write_csv(table, sink, options)
    return bytes(sink.getvalue())


def as_members(one: Found) -> dict[str, object]:
    """An entry as JSON says it; `possibly` when it may or may not have held the key asked for."""
    entry = one.entry
    return {
        "seq": entry.seq, "at": entry.at, "kind": entry.kind, "outcome": entry.outcome, "actor": entry.actor,
        "account": entry.account, "post": entry.post, "door": entry.door, "address": entry.address,
        "what": entry.what, "key": entry.key, "where": entry.where, "rows": entry.rows, "keys_hash": entry.keys_hash,
        "detail": entry.detail, "chain": entry.chain, "possibly": one.possibly,
    }  # fmt: skip
