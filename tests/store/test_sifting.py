"""Rows sifted in memory are those the store answers, for every kind of scope."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.layer import Layer
from store.embedded import open_embedded
from store.feed import Put
from store.protocol import Store
from store.query import Query
from store.sifting import needed, sifted
from tests.store.cityscape import CLERK, Clock
from tests.store.firms import CLINICS, COUNTY, CREWS, EAST, FIRMS, PLOTS, WEST, WORKS, Crew, Thing, firm, works

FIRM_CODES = ("F1", "F2", "F3")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    """Rows of three firms and of nobody, in two districts, of every sensitivity."""
    opened = open_embedded(tmp_path_factory.mktemp("sifting") / "city.gpkg", COUNTY, Clock())
    edits = [Put(layer="enterprises", record=firm(code)) for code in FIRM_CODES]
    edits.append(Put(layer="enterprises", record=firm("F4", merged_into="F1")))
    for n, level in enumerate(Sensitivity):
        for area in (EAST, WEST, EAST + "001"):
            name = f"{n}-{area}"
            for owner in ("", *FIRM_CODES):
                record = works(f"{name}-{owner}", owner, area=area, sensitivity=level)
                edits.append(Put(layer="works", record=record))
            crew = Crew(code=name, enterprise=FIRM_CODES[n % 3], area=area, sensitivity=level)
            edits.append(Put(layer="crews", record=crew))
            edits += [
                Put(layer=layer, record=Thing(code=name, area=area, sensitivity=level))
                for layer in ("clinics", "plots")
            ]
    opened.commit(edits, actor=CLERK, reason="", scope=SYSTEM_SCOPE)
    yield opened
    opened.close()


SCOPES = st.builds(
    Scope,
    areas=st.lists(st.sampled_from(["", EAST, WEST, EAST + "001", "3301", "99"]), max_size=3).map(tuple),
    clearance=st.sampled_from(Sensitivity),
    layers=st.one_of(st.none(), st.frozensets(st.sampled_from([layer.id for layer in COUNTY]))),
    hidden=st.sampled_from([frozenset(), frozenset({("works", "enterprise")})]),
    enterprises=st.one_of(st.none(), st.frozensets(st.sampled_from([*FIRM_CODES, "F9"]))),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scope=SCOPES, layer=st.sampled_from([FIRMS, WORKS, CREWS, CLINICS, PLOTS]))
def test_sifted_rows_are_those_the_store_answers(store: Store, scope: Scope, layer: Layer) -> None:
    query = Query(fields=(layer.key, *needed(layer)), geometry=False)
    everything = store.read(layer, query, scope=SYSTEM_SCOPE)
    mask = sifted(layer, everything, scope)
    found = {key for key, shown in zip(everything[layer.key].to_pylist(), mask.tolist(), strict=True) if shown}
    if layer.visible(scope):
        answered = store.read(layer, Query(fields=(layer.key,), geometry=False), scope=scope)
        assert found == set(answered[layer.key].to_pylist())
    else:
        assert found == set()
