"""Pictures of QGIS connected to a demo server, for docs/connect.md: `python scripts/screenshots_qgis.py [SCENE …]`.

It starts the server and QGIS itself, QGIS in Chinese on a screen of its own. On Debian it needs the packages `qgis`, `xvfb`,
`xauth` and `fonts-noto-cjk`; with `qttranslations5-l10n` the common buttons are Chinese too.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LARGEST = 200_000
INI = "[locale]\noverrideFlag=true\nuserLocale=zh-Hans\nglobalLocale=zh_CN\n"


@contextmanager
def demo(data: Path) -> Iterator[str]:
    """The address of a demo server over a folder of its own."""
    command = [sys.executable, "-c", "from app.cli import main; main()", "demo", "--port", "0", "--data", str(data)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                if found := re.match(r"OneMap: (http://[^/]+)/", line):
                    yield found[1]
                    return
            raise SystemExit("the demo server did not start")
        finally:
            server.terminate()


def take(server: str, folder: Path, scenes: list[str]) -> None:
    """Play the scenes in QGIS, with a profile of its own, and leave their pictures in the folder."""
    settings = folder / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(INI)
    script = Path(__file__).with_name("qgis_scenes.py")
    said = {
        "ONEMAP_SERVER": server, "ONEMAP_LOGIN": "city:yunlan-city", "ONEMAP_IMAGES": str(folder),
        "ONEMAP_SCENES": " ".join(scenes), "XDG_RUNTIME_DIR": str(folder),
    }  # fmt: skip
    subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "qgis", "--nologo", "--noversioncheck", "--profiles-path",
         str(folder), "--lang", "zh-Hans", "--code", str(script)],
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | said, timeout=600, check=True,
    )  # fmt: skip


def main() -> None:
    """Write every picture, or those of the scenes named: sources, map, wmts, tiles, editing."""
    missing = [program for program in ("qgis", "xvfb-run", "xauth") if shutil.which(program) is None]
    if missing:
        raise SystemExit(
            f"not installed: {', '.join(missing)}. On Debian: apt-get install qgis xvfb xauth fonts-noto-cjk"
        )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with demo(folder / "data") as server:
            take(server, folder, sys.argv[1:])
        for taken in sorted(folder.glob("qgis-*.png")):
            kept = IMAGES / taken.name
            Image.open(taken).convert("RGB").quantize(256, kmeans=2, dither=Image.Dither.NONE).save(kept, optimize=True)
            size = kept.stat().st_size
            print(f"{kept.relative_to(ROOT)}: {size:,} bytes")
            if size > LARGEST:
                raise SystemExit(f"{kept.name} is larger than {LARGEST:,} bytes")


if __name__ == "__main__":
    main()
