"""What a delivered GeoPackage holds besides tables: views and triggers run their author's SQL, so they are refused.

This is the one file outside `store/` that opens SQLite: a delivered file, read-only, immutable, in the reading process.
"""

import re
import sqlite3
from pathlib import Path

from layers.readers.formats import refused

_RTREE = re.compile(r"^rtree_.+_(insert|delete|update[1-7])$", re.IGNORECASE)
_COUNT = re.compile(r"^trigger_(insert|delete)_feature_count_.+$", re.IGNORECASE)
_RTREE_STEPS = re.compile(
    r"^(INSERT\s+OR\s+REPLACE\s+INTO|INSERT\s+INTO|DELETE\s+FROM|UPDATE)\s+[\"`]?rtree_", re.IGNORECASE
)
_COUNT_STEPS = re.compile(r"^UPDATE\s+[\"`]?gpkg_ogr_contents[\"`]?\s+SET\s+feature_count\s*=", re.IGNORECASE)
_CHECK = re.compile(r"^gpkg_(tile_matrix|metadata|metadata_reference)_\w+$", re.IGNORECASE)
_CHECK_STEPS = re.compile(r"^SELECT\s+RAISE\s*\(", re.IGNORECASE)
_BODY = re.compile(r"\bBEGIN\b(.*)\bEND\b", re.IGNORECASE | re.DOTALL)
_MODULE = re.compile(r"^\s*CREATE\s+VIRTUAL\s+TABLE\s+.+?\s+USING\s+[\"`]?(\w+)", re.IGNORECASE | re.DOTALL)


_STANDARD = ((_RTREE, _RTREE_STEPS), (_COUNT, _COUNT_STEPS), (_CHECK, _CHECK_STEPS))


def looked_over(path: Path) -> None:
    """Refuse views, foreign triggers and virtual tables but R-trees; the triggers the standard demands stay."""
    database = sqlite3.connect(f"file:{_uri(path)}?mode=ro&immutable=1", uri=True)
    try:
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA query_only = ON")
        found = database.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    except sqlite3.DatabaseError as error:
        raise refused(path, f"已损坏,无法打开({error})", f"is damaged ({error})") from error
    finally:
        database.close()
    for kind, name, sql in found:
        if kind == "view":
            raise refused(
                path,
                f"含视图“{name}”,不接受;请把它另存为表",
                f"holds the view {name!r}, which is not taken; save it as a table",
            )
        if kind == "trigger" and not _standard(name, sql):
            raise refused(path, f"含触发器“{name}”,不接受", f"holds the trigger {name!r}, which is not taken")
        module = _MODULE.match(sql)
        if module is not None and module[1].lower() != "rtree":
            raise refused(path, f"含虚拟表“{name}”,不接受", f"holds the virtual table {name!r}, which is not taken")


def _uri(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _standard(name: str, sql: str) -> bool:
    """The triggers the GeoPackage standard prescribes, and GDAL's that count features, by name and by what they do."""
    steps = next((steps for names, steps in _STANDARD if names.match(name)), None)
    body = _BODY.search(sql)
    if steps is None or body is None:
        return False
    return all(steps.match(step.strip()) for step in body[1].split(";") if step.strip())
