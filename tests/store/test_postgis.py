"""What only the PostGIS engine has to prove: writers in turn, tailing readers, other processes, tampering."""

import subprocess
import sys
import threading

import numpy as np
import psycopg
import pyarrow as pa
import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.errors import BusyError, ConflictError
from core.scope import SYSTEM_SCOPE
from layers.filters import Spatial, SpatialOp
from store.feed import Delete, Put
from store.postgis import open_postgis
from store.postgis.connections import connect
from store.postgis.layout import word_levels
from store.query import EVERYTHING, Query
from tests.conftest import ROOT
from tests.store.cityscape import CITY, CLERK, TOWN, Clock, Shop, many_shops, shop

pytestmark = pytest.mark.postgis
SHOPS = TOWN["shops"]
GIVEN = {"actor": SYSTEM_ACTOR, "reason": "test", "scope": SYSTEM_SCOPE}
WRITER = """
import sys
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from store.feed import Put
from store.postgis import open_postgis
from tests.store.cityscape import TOWN, Clock, shop
store = open_postgis(sys.argv[1], TOWN, Clock(), sys.argv[2])
for number in range(int(sys.argv[4])):
    code = f"{sys.argv[3]}{number:06d}"
    store.commit([Put(layer="shops", record=shop(code))], actor=SYSTEM_ACTOR, reason="torture", scope=SYSTEM_SCOPE)
    print(code, flush=True)
store.close()
"""


def writer(url: str, schema: str, name: str, commits: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, schema, name, str(commits)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_nothing_acknowledged_is_lost_and_no_reader_misses_an_entry(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    writers = [writer(postgres_url, postgres_schema, name, 50) for name in ("A", "B")]
    outputs = ["", ""]

    def drain(place: int) -> None:
        outputs[place] = writers[place].communicate()[0]

    drains = [threading.Thread(target=drain, args=(place,)) for place in (0, 1)]
    for thread in drains:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in drains):
        seen.extend(e.seq for e in store.feed(after=seen[-1] if seen else 0, scope=SYSTEM_SCOPE))
        store.read(SHOPS, Query(limit=50), scope=SYSTEM_SCOPE)
    assert [w.returncode for w in writers] == [0, 0]
    while entries := store.feed(after=seen[-1] if seen else 0, scope=SYSTEM_SCOPE):
        seen.extend(e.seq for e in entries)
    acknowledged = {line for output in outputs for line in output.split()}
    kept = set(store.read(SHOPS, Query(geometry=False), scope=SYSTEM_SCOPE)["code"].to_pylist())
    assert len(acknowledged) == 100
    assert acknowledged == kept
    assert seen == list(range(1, len(acknowledged) + 1)), "the tailing reader met every entry once, in order"
    assert store.verify().findings == ()
    store.close()


def test_a_number_is_given_only_when_its_turn_to_commit_has_come(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    with store._connections.writing():
        second = threading.Thread(target=lambda: store.commit([Put(layer="shops", record=shop("late"))], **GIVEN))
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive(), "the second writer waits for the first"
        assert store.feed(after=0, scope=SYSTEM_SCOPE) == ()
    second.join(timeout=20)
    assert [e.seq for e in store.feed(after=0, scope=SYSTEM_SCOPE)] == [1]
    store.close()


def test_another_process_wakes_a_watcher(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    woken = threading.Event()
    stop = store.watch(lambda _: woken.set())
    other = writer(postgres_url, postgres_schema, "C", 1)
    assert woken.wait(timeout=60)
    other.communicate()
    stop()
    store.close()


def test_a_watch_survives_the_loss_of_its_connection(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    woken = threading.Event()
    stop = store.watch(lambda _: woken.set())
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # not of servers over databases of their own
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    store.commit([Put(layer="shops", record=shop())], **GIVEN)
    assert woken.wait(timeout=60)
    stop()
    store.close()


def test_a_question_that_takes_too_long_is_stopped_with_a_sentence(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    with pytest.raises(BusyError, match="已停止"), store._connections.reading(0.2) as db:
        db.execute("SELECT pg_sleep(30)")
    assert store.head() == 0
    store.close()


def test_a_page_asked_for_often_is_planned_for_its_own_scope(postgres_url, postgres_schema):
    with connect(postgres_url, postgres_schema) as db:
        assert db.execute("SHOW plan_cache_mode").fetchone() == ("force_custom_plan",)


def test_a_text_that_looks_like_the_end_of_a_copy_is_only_a_text(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    name = '第一行\n\\.\n"第三行",尾'
    table = many_shops(3)
    table = table.set_column(table.schema.get_field_index("name"), "name", [[name, "", "乙"]])
    store.load(SHOPS, table, actor=CLERK, reason="", scope=CITY)
    assert store.read(SHOPS, Query(fields=("name",)), scope=CITY)["name"].to_pylist() == [name, "", "乙"]
    store.commit([Put(layer="shops", record=shop("N", name=name))], actor=CLERK, reason="", scope=CITY)
    assert store.get(SHOPS, "N", scope=CITY).record.name == name
    assert store.verify().findings == ()
    store.close()


def test_such_a_text_among_many_rows_neither_ends_nor_reorders_the_copy(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    table = many_shops(12_001)
    names = table["name"].to_pylist()
    names[6_000] = "第一行\n\\.\n第三行"
    table = table.set_column(table.schema.get_field_index("name"), "name", [names])
    store.load(SHOPS, table, actor=CLERK, reason="", scope=CITY)
    read = store.read(SHOPS, Query(fields=("code", "name")), scope=CITY)
    kept = dict(zip(read["code"].to_pylist(), read["name"].to_pylist(), strict=True))
    assert kept == dict(zip(table["code"].to_pylist(), names, strict=True))
    assert store.verify().findings == ()
    store.close()


def test_what_every_row_of_a_first_load_has_is_that_of_its_own_batch_and_no_default_stays(
    postgres_url, postgres_schema, batch
):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    one, other = many_shops(batch), many_shops(3, batch)
    same, different = "“同'一\\街", ["甲", None, "乙"]
    one = one.append_column("phone", pa.array([same] * batch)).drop_columns(["worth", "founded"])
    other = other.append_column("phone", pa.array(different)).set_column(2, "risk", pa.array([None, 9, None]))
    one = one.set_column(2, "risk", pa.array([7] * batch))
    store.load(SHOPS, iter([*one.to_batches(), *other.to_batches()]), **GIVEN)
    read = store.read(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE).sort_by("code")
    assert read["phone"].to_pylist() == [same] * batch + ["甲", "", "乙"]
    assert read["risk"].to_pylist() == [7] * batch + [None, 9, None]
    assert store.verify().findings == ()
    store.commit([Put(layer="shops", record=shop("N"))], actor=CLERK, reason="", scope=CITY)
    with psycopg.connect(postgres_url) as db:
        left = "SELECT count(*) FROM pg_attrdef WHERE adrelid = %s::regclass"
        assert db.execute(left, (f"{postgres_schema}.shops",)).fetchone() == (0,)
    store.close()


def indexes(url: str, schema: str) -> dict[str, str]:
    with psycopg.connect(url) as db:
        found = db.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %s", (schema,)).fetchall()
    return dict(found)


def test_a_table_that_was_filled_without_its_indexes_has_them_all_afterwards(postgres_url, postgres_schema, batch):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    before = indexes(postgres_url, postgres_schema)
    store.load(SHOPS, many_shops(batch), **GIVEN)
    assert {"shops_tally", "shops_geom", "shops_han0"} <= before.keys()
    assert indexes(postgres_url, postgres_schema) == before
    store.close()


def test_indexes_that_a_killed_process_did_not_get_to_are_made_at_the_next_start(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    store.load(SHOPS, many_shops(10), **GIVEN)
    store.close()
    before = indexes(postgres_url, postgres_schema)
    with psycopg.connect(postgres_url) as db:
        for name in ("shops_tally", "shops_geom", "shops_han0"):
            db.execute(f'DROP INDEX {postgres_schema}."{name}"')
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    assert indexes(postgres_url, postgres_schema) == before
    assert store.verify().findings == ()
    store.close()


def test_a_load_is_whole_for_readers_before_its_indexes_are_made(postgres_url, postgres_schema, batch):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    counted: list[int] = []
    stop = store.watch(lambda head: counted.append(store.count(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE)))
    store.load(SHOPS, many_shops(batch + 1), **GIVEN)
    stop()
    assert set(counted) <= {batch + 1}
    assert store.count(SHOPS, EVERYTHING, scope=SYSTEM_SCOPE) == batch + 1
    store.close()


def test_words_of_schema_2_are_kept_by_script_at_the_next_start(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    store.load(SHOPS, many_shops(300), **GIVEN)
    found = {
        word: store.search(word, scope=SYSTEM_SCOPE, limit=400) for word in ("商店", "店", "s0000003", "7", "商店 7")
    }
    store.close()
    before = indexes(postgres_url, postgres_schema)
    with psycopg.connect(postgres_url) as db:
        db.execute(f"SET search_path TO {postgres_schema}, public")
        for layer in TOWN:
            for level in map(int, word_levels(layer)):
                db.execute(f"ALTER TABLE {layer.id} ADD COLUMN _t{level} tsvector")
                db.execute(f"UPDATE {layer.id} SET _t{level} = _han{level} || _word{level}")
                db.execute(f"ALTER TABLE {layer.id} DROP COLUMN _han{level}, DROP COLUMN _word{level}")
                db.execute(f"CREATE INDEX {layer.id}_words{level} ON {layer.id} USING gin (_t{level})")
        db.execute("UPDATE om_file SET value = '2' WHERE name = 'schema'")
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    assert indexes(postgres_url, postgres_schema) == before
    assert {word: store.search(word, scope=SYSTEM_SCOPE, limit=400) for word in found} == found
    assert [len(hits) for hits in found.values()] == [300, 300, 1, 11, 11]
    store.close()


def test_a_schema_of_newer_code_is_refused(postgres_url, postgres_schema):
    open_postgis(postgres_url, TOWN, Clock(), postgres_schema).close()
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"UPDATE {postgres_schema}.om_file SET value = '99'")
    with pytest.raises(ConflictError, match="升级"):
        open_postgis(postgres_url, TOWN, Clock(), postgres_schema)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE shops SET name = 'x' WHERE code = 'S0000003'", "the live row differs from its hash"),
        ("DELETE FROM shops WHERE code = 'S0000003'", "the rows of the load differ from its entry"),
        ("UPDATE om_versions SET body = '{}' WHERE version = 1", "version 1 differs from its hash"),
        ("DELETE FROM om_versions WHERE version = 2", "the row is missing or differs from its entry"),
        ("UPDATE om_feed SET actor = 'nobody' WHERE seq = 2", "the chain value does not fit"),
        ("DELETE FROM om_feed WHERE seq = 2", "sequence numbers have a gap"),
    ],
)
def test_what_was_changed_behind_the_feed_is_found(postgres_url, postgres_schema, statement, said):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    store.load(SHOPS, many_shops(40), **GIVEN)
    store.commit([Put(layer="shops", record=Shop(code="new", name="甲", area="990101"))], **GIVEN)
    store.commit([Put(layer="shops", record=Shop(code="new", name="乙", area="990101"))], **GIVEN)
    store.commit([Delete(layer="shops", key="new")], **GIVEN)
    assert store.verify().findings == ()
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"SET search_path TO {postgres_schema}, public")
        assert db.execute(statement).rowcount == 1
    assert said in [finding.text.en for finding in store.verify().findings]
    store.close()


def test_a_column_added_later_reads_as_its_default_and_verifies(postgres_url, postgres_schema):
    from dataclasses import replace
    from typing import Annotated

    from layers.fields import Title
    from layers.layer import Catalogue

    class Bigger(Shop):
        floor: Annotated[int, Title("楼层", "Floor")] = 1

    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    store.load(SHOPS, many_shops(5), **GIVEN)
    store.close()
    grown = Catalogue(*(replace(layer, record=Bigger) if layer.id == "shops" else layer for layer in TOWN))
    store = open_postgis(postgres_url, grown, Clock(), postgres_schema)
    read = store.read(grown["shops"], EVERYTHING, scope=SYSTEM_SCOPE)
    assert read["floor"].to_pylist() == [1] * 5
    assert store.verify().findings == ()
    store.close()


def comb(teeth: int) -> shapely.Polygon:
    """Teeth as high as the ground the shops stand on, upright and side by side."""
    x = 121 + 0.5 * np.arange(teeth) / teeth
    ups = np.stack(
        [np.column_stack([x, np.full(teeth, 33.45)]), np.column_stack([x + 0.3 / teeth, np.full(teeth, 33.05)])]
    )
    return shapely.Polygon([(121, 33), *ups.transpose(1, 0, 2).reshape(-1, 2), (121.5, 33)])


def lying(shape: shapely.Geometry) -> shapely.Geometry:
    """The same ground with both axes exchanged."""
    return shapely.transform(shape, lambda xy: xy[:, ::-1] - [33, 121] + [121, 33])


def test_points_within_a_comb_are_told_as_geos_tells_them_and_before_the_limit(postgres_url, postgres_schema):
    store = open_postgis(postgres_url, TOWN, Clock(), postgres_schema)
    fine, coarse = comb(8_000), comb(40)
    woven = coarse.union(lying(coarse))
    rows = many_shops(300)
    on_it = np.concatenate(
        [shapely.get_coordinates(shape)[1:-1:stride] for shape, stride in ((fine, 400), (woven, 40))]
    )
    places = np.concatenate(
        [shapely.get_coordinates(shapely.from_wkb(rows["geometry"].to_pylist()))[len(on_it) :], on_it]
    )
    geometry = pa.array(shapely.to_wkb(shapely.points(places)), pa.binary())
    rows = rows.set_column(rows.column_names.index("geometry"), "geometry", geometry)
    store.load(SHOPS, rows, **GIVEN)
    points, every = shapely.points(places), rows["code"].to_numpy()
    for shape in (fine, lying(fine), woven):
        shapely.prepare(shape)
        meets, holds = shapely.intersects(shape, points), shapely.contains(shape, points)
        assert 0 < holds.sum() < meets.sum() < len(points)
        told = {SpatialOp.INTERSECTS: meets, SpatialOp.DISJOINT: ~meets, SpatialOp.WITHIN: holds}
        told |= {SpatialOp.TOUCHES: meets & ~holds, SpatialOp.OVERLAPS: np.zeros(len(points), bool)}
        for op, wanted in told.items():
            found = store.read(SHOPS, Query(where=Spatial(op, shape), fields=("code",)), scope=SYSTEM_SCOPE)
            assert set(found["code"].to_pylist()) == set(every[wanted])
    store.close()
