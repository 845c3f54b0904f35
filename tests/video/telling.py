"""What a worker tells of a camera of the demo city, kept as the service would keep it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

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
from video.evidence import film, written
from video.messages import Ended, Filmed, Raised
from video.rules.rule import Kind

PICTURE = (ROOT / "data" / "samples" / "video" / "left.jpg").read_bytes()
BEFORE, AFTER = 2.0, 10.0
"""Seconds that the film told of an event begins before it, and goes on after it."""

HERE, ELSEWHERE = "990106", "990102"
Tell = Callable[..., Violation | None]


@contextmanager
def telling(data: Path) -> Iterator[Tell]:
    """Tells of somebody at the first camera of an enterprise in a district, over at once."""
    with closing(open_store(data, None, CATALOGUE, utc_now)) as store:
        recorder = Recorder(store, Cabinet(store, data / "files", utc_now, largest=1_000_000), utc_now)

        def told(
            area: str = HERE, box: tuple[float, float, float, float] = (10, 10, 60, 90), *, filmed: bool = False
        ) -> Violation | None:
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
            if filmed:
                path = data / "film.webm"
                grey = written(np.full((48, 64, 3), 90, np.uint8))
                assert film([(at + n / 5, grey) for n in range(int(-BEFORE * 5), int(AFTER * 5) + 1)], path)
                recorder.take(Filmed(camera=camera, rule="test", at=at, path=str(path)))
            return found

        yield told
