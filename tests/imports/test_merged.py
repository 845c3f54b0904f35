"""A clerk's file that still names a record merged away is told which one stands for it now."""

import pyarrow as pa
import pytest

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.catalogue.enterprises import Enterprise
from store.feed import Put
from store.merging import Desk, merge
from store.protocol import Store
from tests.imports.conftest import Take


def put(store: Store, *codes: str) -> None:
    edits = [
        Put(layer="enterprises", record=Enterprise(uscc=code, name=f"企业{code}", sector="trade", area="990102001"))
        for code in codes
    ]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)


def rows(*enterprises: str) -> pa.Table:
    count = len(enterprises)
    return pa.table(
        {
            "code": [f"C{n}" for n in range(count)],
            "name": [f"厂区{n}" for n in range(count)],
            "enterprise": list(enterprises),
            "area": ["990102001"] * count,
        }
    )


@pytest.mark.parametrize("named", ["B", "C"])
def test_the_record_that_stands_for_a_merged_one_is_named(store: Store, take: Take, named: str) -> None:
    put(store, "A", "B", "C")
    desk = Desk(store=store, layer=ENTERPRISES, actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE)
    merge(desk, "B", "C", reason="重复")
    merge(desk, "A", "B", reason="重复")
    outcome = take("sites", rows("A", named, "Z"))
    told = {
        (fault["row"], fault["zh"])
        for fault in outcome.done.checked.faults.to_pylist()
        if fault["field"] == "enterprise"
    }
    assert (2, "已并入“A”,请改填“A”") in told
    assert any(row == 3 and "库中没有" in words for row, words in told)
    assert not any(row == 1 for row, _ in told)
    assert CATALOGUE["sites"].fields["enterprise"].refers == "enterprises"
