"""Other people's software over a handout, in processes of its own."""

import shutil
import subprocess
from pathlib import Path


def gdal(program: str, *arguments: str | Path) -> str:
    """GDAL; what it warns of is a failure."""
    if shutil.which(program) is None:
        raise AssertionError("gdal-bin is missing; make test installs it")
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def python(script: str) -> str:
    """Debian's own Python, which has QGIS; what it prints."""
    done = subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
