"""The other servers over the same rows: MapServer and QGIS Server behind nginx, tipg, stock pygeoapi; two workers each.

MapServer, QGIS Server and nginx are Debian's; tipg and pygeoapi live in environments of their own that pip
makes when they are missing. None of them is imported here.
"""

import contextlib
import getpass
import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

import httpx
import psycopg

from benchmarks.side_by_side.rows import COLUMNS
from ogc.render.palette import MapTheme, palette
from ogc.render.symbols import shape_picture

FILES = Path(__file__).parent / "files"
DEBIAN = {
    "mapserver": "/usr/lib/cgi-bin/mapserv", "qgis": "/usr/lib/cgi-bin/qgis_mapserv.fcgi", "nginx": "/usr/sbin/nginx",
}  # fmt: skip
PYTHON = {
    "tipg": ("tipg==1.6.1", "uvicorn[standard]"),
    "pygeoapi": (
        "pygeoapi==0.24.0",
        "psycopg2-binary",
        "geoalchemy2",
        "pygeofilter[backend-sqlalchemy]",
        "starlette",
        "uvicorn",
    ),
}
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server: where its workers answer; connections take turns."""

    name: str
    bases: tuple[str, ...]


def copied(database: str) -> None:
    """Plain tables of the rows as other servers like them best: serial keys, EPSG:4326, a spatial index, analysed."""
    columns = ", ".join(COLUMNS)
    with psycopg.connect(database, autocommit=True) as db:
        schema = _one(db, "SELECT schemaname FROM pg_tables WHERE tablename = 'bench_points'")
        db.execute("CREATE SCHEMA peer")
        for table, names, kind in (
            ("points", columns, "Point"),
            ("parcels", "code, name", "MultiPolygon"),
        ):
            db.execute(
                f"CREATE TABLE peer.{table} AS SELECT row_number() OVER ()::integer AS gid, {names},"
                f" ST_SetSRID(geom, 4326)::geometry({kind}, 4326) AS geom FROM {schema}.bench_{table}".encode()
            )
            db.execute(f"ALTER TABLE peer.{table} ADD PRIMARY KEY (gid)".encode())
            db.execute(f"CREATE INDEX ON peer.{table} USING gist (geom)".encode())
            db.execute(f"VACUUM ANALYZE peer.{table}".encode())


def geopackage(database: str, path: Path) -> None:
    """The same tables as a GeoPackage, by GDAL."""
    connection = _ogr(database)
    for table in ("points", "parcels"):
        more = ["-update"] if path.exists() else []
        command = [
            "ogr2ogr",
            "-f",
            "GPKG",
            *more,
            str(path),
            connection,
            f"peer.{table}",
            "-nln",
            table,
            "-gt",
            "100000",
        ]
        subprocess.run(command, check=True)


@contextlib.contextmanager
def mapserver(folder: Path, database: str, file: Path | None = None) -> Iterator[Peer]:
    """MapServer over PostGIS, or over a GeoPackage."""
    folder.mkdir(parents=True, exist_ok=True)
    _shapes(folder)
    if file is None:
        source = (
            f'CONNECTIONTYPE POSTGIS\n    CONNECTION "{_ogr(database)[3:]}"\n    PROCESSING "CLOSE_CONNECTION=DEFER"'
        )
        data = '"geom from peer.%s using unique gid using srid=4326"'
    else:
        source = f'CONNECTIONTYPE OGR\n    CONNECTION "{file}"\n    PROCESSING "CLOSE_CONNECTION=DEFER"'
        data = '"%s"'
    colours = palette(MapTheme.DAY)
    classes = "\n".join(
        f'    CLASS\n      NAME "{grade.level}"\n      EXPRESSION "{grade.level}"\n'
        f'      STYLE SYMBOL "risk{grade.level}" END\n    END'
        for grade in colours.grades
    )
    symbols = "\n".join(
        f'  SYMBOL\n    NAME "risk{n}"\n    TYPE PIXMAP\n    IMAGE "{folder}/risk{n}.png"\n  END' for n in range(1, 5)
    )
    filled = Template((FILES / "bench.map").read_text()).substitute(
        source=source, points=data % "points", parcels=data % "parcels", classes=classes, symbols=symbols,
        site=colours.roles.get("site", "#0B6B75"),
    )  # fmt: skip
    (folder / "bench.map").write_text(filled)
    (folder / "mapserver.conf").write_text(
        f'CONFIG\n  ENV\n    MS_MAP_PATTERN "^{folder}"\n  END\n  MAPS\n    BENCH "{folder}/bench.map"\n  END\nEND\n'
    )
    environment = {"MAPSERVER_CONFIG_FILE": str(folder / "mapserver.conf")}
    with _fastcgi(folder, DEBIAN["mapserver"], environment) as base:
        yield Peer("MapServer" if file is None else "MapServer GPKG", (f"{base}/?map=BENCH&",))


@contextlib.contextmanager
def qgis_server(folder: Path, database: str) -> Iterator[Peer]:
    """QGIS Server over PostGIS: a project made by Debian's Python of QGIS."""
    folder.mkdir(parents=True, exist_ok=True)
    _shapes(folder)
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "QGIS_SERVER_LOG_LEVEL": "2"}
    port = database.rpartition(":")[2].partition("/")[0]
    subprocess.run(
        ["/usr/bin/python3", FILES / "qgis_project.py", folder, port, database.rpartition("/")[2]],
        check=True, env={**os.environ, **environment, "PYTHONPATH": ""}, capture_output=True,
    )  # fmt: skip
    environment["QGIS_PROJECT_FILE"] = str(folder / "bench.qgs")
    with _fastcgi(folder, DEBIAN["qgis"], environment) as base:
        yield Peer("QGIS Server", (f"{base}/?",))


@contextlib.contextmanager
def tipg(folder: Path, database: str, environments: Path) -> Iterator[Peer]:
    """tipg, two processes of one worker: uvicorn's own workers lose TCP_NODELAY, which would cost it 40 ms a reply."""
    python = _environment("tipg", environments)
    given = {
        "DATABASE_URL": database, "TIPG_DB_SCHEMAS": '["peer"]', "TIPG_MAX_FEATURES_PER_QUERY": "10000",
        "TIPG_MAX_FEATURES_PER_TILE": "10000", "TIPG_CATALOG_TTL": "0",
    }  # fmt: skip
    with _uvicorns(python, "tipg.main:app", given, folder) as bases:
        yield Peer("tipg", bases)


@contextlib.contextmanager
def pygeoapi(folder: Path, database: str, environments: Path, *, count: bool) -> Iterator[Peer]:
    """Stock pygeoapi with its PostgreSQL provider, with its count of all features or told to leave it out."""
    folder.mkdir(parents=True, exist_ok=True)
    python = _environment("pygeoapi", environments)
    port = database.rpartition(":")[2].partition("/")[0]
    text = Template((FILES / "pygeoapi.yml").read_text()).substitute(
        port=port, database=database.rpartition("/")[2], count=str(count).lower()
    )
    config, described = folder / "config.yml", folder / "openapi.yml"
    config.write_text(text)
    given = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    made = subprocess.run(
        [python.parent / "pygeoapi", "openapi", "generate", str(config)],
        env={**os.environ, **given, "PYTHONPATH": ""}, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    described.write_bytes(made.stdout)
    with _uvicorns(python, "pygeoapi.starlette_app:APP", given, folder) as bases:
        yield Peer("pygeoapi" if count else "pygeoapi, no count", bases)


def missing() -> list[str]:
    """Debian programs that are not here."""
    return [path for path in DEBIAN.values() if not Path(path).exists()]


def answering(address: str, process: subprocess.Popen[bytes] | None = None, patience: float = 300.0) -> None:
    """Wait until somebody answers."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(address, timeout=60)
            return
        if process is not None and process.poll() is not None:
            raise SystemExit(f"{address} ended before it answered")
        time.sleep(0.2)
    raise SystemExit(f"nothing answers at {address}")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _uvicorns(python: Path, app: str, given: dict[str, str], folder: Path) -> Iterator[tuple[str, ...]]:
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        bases = []
        for number in range(WORKERS):
            port = free_port()
            log = stack.enter_context((folder / f"{number}.log").open("wb"))
            command = [python, "-m", "uvicorn", app, "--port", str(port), "--log-level", "warning"]
            process = subprocess.Popen(
                command, env={**os.environ, **given, "PYTHONPATH": ""}, cwd=folder, stdout=log, stderr=log
            )
            stack.callback(_ended, process)
            answering(f"http://127.0.0.1:{port}/", process)
            bases.append(f"http://127.0.0.1:{port}")
        yield tuple(bases)


@contextlib.contextmanager
def _fastcgi(folder: Path, program: str, environment: dict[str, str]) -> Iterator[str]:
    """Two processes of a FastCGI program on one socket, nginx before them."""
    gate, port = folder / "gate.sock", free_port()
    settings = Template((FILES / "nginx.conf").read_text()).substitute(
        folder=folder, port=port, gate=gate, user=getpass.getuser()
    )
    (folder / "nginx.conf").write_text(settings)
    with (folder / "fcgi.log").open("wb") as log, contextlib.ExitStack() as stack:
        door = stack.enter_context(socket.socket(socket.AF_UNIX))
        door.bind(str(gate))
        door.listen(64)
        for _ in range(WORKERS):  # spawn-fcgi that stays in front starts one, however many it is asked for
            started = subprocess.Popen(
                [program], env={**os.environ, **environment}, stdin=door, stdout=log, stderr=log, start_new_session=True
            )
            stack.callback(_ended, started)
        front = [DEBIAN["nginx"], "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]
        nginx = subprocess.Popen(front, stdout=log, stderr=log, start_new_session=True)
        stack.callback(_ended, nginx)
        answering(f"http://127.0.0.1:{port}/", nginx)
        yield f"http://127.0.0.1:{port}"


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Ended for good: told to, MapServer waits for one more question before it goes."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    process.kill()
    process.wait()


def _environment(name: str, environments: Path) -> Path:
    python = environments / f"peer-{name}" / "bin" / "python"
    if not python.exists():
        print(f"making an environment for {PYTHON[name][0]}", file=sys.stderr)
        venv.create(python.parent.parent, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PYTHON[name]], check=True)
    return python


def _shapes(folder: Path) -> None:
    for grade in palette(MapTheme.DAY).grades:
        shape_picture(grade, 12).save(folder / f"risk{grade.level}.png")


def _ogr(database: str) -> str:
    """The connection as GDAL and libpq write it."""
    given = psycopg.conninfo.conninfo_to_dict(database)
    return "PG:" + " ".join(f"{name}={value}" for name, value in given.items())


def _one(db: psycopg.Connection, text: str) -> str:
    found = db.execute(text.encode()).fetchone()
    assert found is not None
    return str(found[0])
