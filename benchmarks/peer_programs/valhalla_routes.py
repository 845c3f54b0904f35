"""Valhalla's times and lengths between pairs of places: JSON in from standard input, JSON out, in its environment."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import valhalla
from valhalla import Actor, get_config


def main() -> None:
    """`{"file": OSM, "pairs": [[lon, lat, lon, lat], …]}` to a list of `[seconds, metres, off, off]` or null."""
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        config = get_config(tile_extract="", tile_dir=folder, verbose=False)
        (Path(folder) / "config.json").write_text(json.dumps(config))
        program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
        subprocess.run(
            [program, "-c", Path(folder) / "config.json", as_pbf(Path(asked["file"]), Path(folder))],
            check=True,
            stdout=sys.stderr,
            stderr=sys.stderr,
        )
        actor = Actor(Path(folder) / "config.json")
        json.dump([one(actor, pair) for pair in asked["pairs"]], sys.stdout)


def as_pbf(path: Path, folder: Path) -> Path:
    """The file, or what it holds in the only form that Valhalla reads: nodes, ways, relations, by number."""
    if path.name.endswith(".osm.pbf"):
        return path
    import osmium

    reader = osmium.MergeInputReader()
    reader.add_file(str(path))
    made = folder / "roads.osm.pbf"
    with osmium.SimpleWriter(str(made)) as writer:
        reader.apply(writer)
    return made


def one(actor: Actor, pair: list[float]) -> list[float] | None:
    """A route by car, or null where Valhalla has none."""
    ends = [{"lon": pair[0], "lat": pair[1]}, {"lon": pair[2], "lat": pair[3]}]
    try:
        told = actor.route({"locations": ends, "costing": "auto", "units": "kilometers"})
    except Exception:
        return None
    summary = told["trip"]["summary"]
    return [summary["time"], summary["length"] * 1000.0]


if __name__ == "__main__":
    main()
