"""A bulk load of some columns leaves the others of the rows that are there, on either engine."""

import pyarrow as pa
import pytest
import shapely

from core.scope import Sensitivity
from store.feed import Put
from store.query import EVERYTHING
from tests.store.cityscape import CITY, CLERK, DISTRICT, SHOPS, many_shops, shop
from tests.store.test_contract import FULL

FIELDS = frozenset({*SHOPS.fields, "geometry"})


def lacking(table: pa.Table) -> frozenset[str]:
    return FIELDS - set(table.column_names)


def test_fields_kept_stay_on_the_rows_that_are_there_and_are_defaults_on_new_ones(store):
    full = shop(**FULL)
    store.commit([Put(layer="shops", record=full)], actor=CLERK, reason="", scope=CITY)
    some = pa.table({"code": ["S1", "S2"], "name": ["改名", "新店"], "area": [full.area, full.area]})
    loaded = store.load(SHOPS, some, actor=CLERK, reason="", scope=CITY, keep=lacking(some))
    assert (loaded.new, loaded.changed) == (1, 1)
    assert store.get(SHOPS, "S1", scope=CITY).record == full.model_copy(update={"name": "改名"})
    fresh = store.get(SHOPS, "S2", scope=CITY).record
    assert (fresh.risk, fresh.goods, fresh.phone, fresh.geometry) == (None, (), "", None)


def test_a_row_whose_given_fields_are_the_same_is_left_alone(store):
    store.load(SHOPS, many_shops(30), actor=CLERK, reason="", scope=CITY)
    before, head = store.read(SHOPS, EVERYTHING, scope=CITY), store.head()
    some = before.select(["code", "name"])
    loaded = store.load(SHOPS, some, actor=CLERK, reason="", scope=CITY, keep=lacking(some))
    assert (loaded.rows, loaded.unchanged, store.head()) == (0, 30, head)
    assert store.read(SHOPS, EVERYTHING, scope=CITY) == before


def test_a_value_that_is_there_and_empty_empties_the_field(store):
    store.commit([Put(layer="shops", record=shop(**FULL))], actor=CLERK, reason="", scope=CITY)
    some = pa.table({"code": ["S1"], "risk": pa.array([None], pa.int64())})
    store.load(SHOPS, some, actor=CLERK, reason="", scope=CITY, keep=lacking(some))
    record = store.get(SHOPS, "S1", scope=CITY).record
    assert (record.risk, record.name) == (None, FULL["name"])


def test_the_words_of_a_kept_name_are_still_found(store):
    store.commit([Put(layer="shops", record=shop(**FULL))], actor=CLERK, reason="", scope=CITY)
    some = pa.table({"code": ["S1"], "risk": [4]})
    store.load(SHOPS, some, actor=CLERK, reason="", scope=CITY, keep=lacking(some))
    assert [hit.key for hit in store.search("海星", scope=CITY)] == ["S1"]
    assert shapely.equals(store.get(SHOPS, "S1", scope=CITY).record.geometry, shop(**FULL).geometry)


def test_a_load_leaves_what_its_sender_may_not_see(store):
    full = shop(**{**FULL, "sensitivity": Sensitivity.PUBLIC})
    store.commit([Put(layer="shops", record=full)], actor=CLERK, reason="", scope=CITY)
    assert "phone" not in SHOPS.fields_in(DISTRICT)
    seen = store.read(SHOPS, EVERYTHING, scope=DISTRICT).drop_columns(["_version", "_seq"])
    loaded = store.load(SHOPS, seen, actor=CLERK, reason="", scope=DISTRICT)
    assert (loaded.rows, loaded.unchanged) == (0, 1)
    guessed = seen.append_column("phone", pa.array(["1"]))
    store.load(SHOPS, guessed, actor=CLERK, reason="", scope=DISTRICT)
    assert store.get(SHOPS, "S1", scope=CITY).record.phone == FULL["phone"]


@pytest.mark.parametrize("kind", [pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_another_type_of_the_column_is_no_way_around_it(store, kind: pa.DataType):
    full = shop(**{**FULL, "sensitivity": Sensitivity.PUBLIC})
    store.commit([Put(layer="shops", record=full)], actor=CLERK, reason="", scope=CITY)
    seen = store.read(SHOPS, EVERYTHING, scope=DISTRICT).drop_columns(["_version", "_seq"])
    guessed = seen.append_column("phone", pa.array(["1"]).cast(kind))
    store.load(SHOPS, guessed, actor=CLERK, reason="", scope=DISTRICT)
    assert store.get(SHOPS, "S1", scope=CITY).record.phone == FULL["phone"]
