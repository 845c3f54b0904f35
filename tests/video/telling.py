"""What a worker tells of a camera of the demo city, kept as the service would keep it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.video.recording import Recorder
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CAMERAS, CATALOGUE
from layers.catalogue.violations import Violation
from layers.filters import And, Compare, Op, Under
from store.attachments import Cabinet
from store.opening import open_store
from store.query import Query
from tests.conftest import ROOT
from video.messages import Ended, Raised
from video.rules.rule import Kind

PICTURE = (ROOT / "data" / "samples" / "video" / "left.jpg").read_bytes()
HERE, ELSEWHERE = "990106", "990102"
Tell = Callable[..., Violation | None]


@contextmanager
def telling(data: Path) -> Iterator[Tell]:
    """Tells of somebody at the first camera of an enterprise in a district, over at once."""
    with closing(open_store(data, None, CATALOGUE, utc_now)) as store:
        recorder = Recorder(store, Cabinet(store, data / "files", utc_now, largest=1_000_000), utc_now)

        def told(area: str = HERE, box: tuple[float, float, float, float] = (10, 10, 60, 90)) -> Violation | None:
            where = And((Under("area", area), Compare("enterprise", Op.GT, "")))
            query = Query(where=where, fields=("code",), geometry=False, limit=1)
            camera = store.read(CAMERAS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()[0]
            at = time.monotonic()
            event = Raised(
                camera=camera, rule="test", kind=Kind.INTRUSION, zone="门", began=at - 3, at=at, why={"people": 1.0},
                snapshot=PICTURE, boxes=(box,),
            )  # fmt: skip
            found = recorder.take(event)
            recorder.take(Ended(camera=camera, rule="test", held=at))
            return found

        yield told
