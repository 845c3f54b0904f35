"""OneMap over the benchmark's layers, whole: rights, audit and all doors as in service. Filled by `--fill`."""

import argparse
from functools import partial
from pathlib import Path

import layers.catalogue
from benchmarks.side_by_side.rows import PARCELS, POINTS, fill
from layers.layer import Catalogue

layers.catalogue.CATALOGUE = Catalogue(*layers.catalogue.CATALOGUE, POINTS, PARCELS)
"""Before anything else takes the city's catalogue from there."""

import app.wiring  # noqa: E402
from app.commands.serve import run  # noqa: E402
from app.demo_accounts import add_demo_accounts  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.wiring import assemble  # noqa: E402
from core.canonical import sha256  # noqa: E402
from core.clock import utc_now  # noqa: E402
from core.ids import new_id  # noqa: E402
from ogc.tiles.kept import KeptTiles  # noqa: E402
from store.identity import Key  # noqa: E402

KEY = "side-by-side"


def prepare(settings: Settings, many: int, few: int) -> None:
    """Rows, and a key of a city officer that is never asked to wait."""
    system = assemble(settings)
    try:
        fill(system.store, many, few)
        add_demo_accounts(system.identity, utc_now)
        owner = system.identity.people.find("city")
        assert owner is not None
        key = Key(
            id=new_id(), name=KEY, account=owner.id, layers=None, per_minute=10**9, given_by="b", created_at=utc_now()
        )
        system.identity.keys.add(key, sha256(KEY.encode()))
    finally:
        system.close()


def main() -> None:
    """Fill, or serve until stopped."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--database")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--drawing", type=int, default=1, help="drawing processes")
    options.add_argument("--fill", type=int, nargs=2, metavar=("POINTS", "POLYGONS"))
    chosen = options.parse_args()
    settings = Settings(
        data=chosen.data, database_url=chosen.database, port=chosen.port, render_workers=chosen.drawing, tile_cache_mb=0
    )
    app.wiring.KeptTiles = partial(KeptTiles, largest=0)  # nothing is answered from memory
    if chosen.fill:
        prepare(settings, *chosen.fill)
    else:
        run(settings)


if __name__ == "__main__":
    main()
