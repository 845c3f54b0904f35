"""Films of a camera's own packets: cut at key frames, not coded anew, the password in no list of processes."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import pytest

from tests.absent import absent
from tests.conftest import ROOT
from tests.video.streams import H264, Camera, rtsp
from tests.waiting import until
from video import packets
from video.packets import Packets, held, joined
from video.sources.addresses import Credentials, address

FFMPEG = shutil.which("ffmpeg") or ""
SECRET = Credentials(user="viewer", password="p w'@x")


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Camera]:
    """Sends H.264 with two key frames a second, and asks for a password."""
    if not FFMPEG:
        absent("ffmpeg")
    coded = tmp_path_factory.mktemp("coded") / "clip.h264"
    source = ["-f", "lavfi", "-i", "testsrc=size=160x96:rate=25", "-t", "4", "-pix_fmt", "yuv420p"]
    coder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "12", "-x264-params", "aud=1", "-f", "h264"]
    subprocess.run([FFMPEG, "-loglevel", "error", *source, *coder, str(coded)], check=True)
    begins = b"\0\0\0\1\x09"
    units = [begins + one for one in coded.read_bytes().split(begins)[1:]]
    made = Camera(
        partial(rtsp, media=H264), user=SECRET.user, password=SECRET.password, show=lambda n: units[n % len(units)]
    )
    yield made
    made.gone()


def of(camera: Camera, folder: Path) -> Packets:
    where = address(f"rtsp://127.0.0.1:{camera.port}/live", ["127.0.0.1"])
    return Packets(ffmpeg=FFMPEG, source=where, credentials=SECRET, folder=folder)


def test_a_film_is_what_the_camera_sent_and_its_password_stands_in_no_list_of_processes(
    camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packets, "AROUND", 1.0)
    monkeypatch.setattr(packets, "PIECE", 0.5)
    kept = of(camera, tmp_path / "packets")
    try:
        kept.keep(time.monotonic(), "")
        assert not kept.folder.exists(), "a stream that is away is not asked for"
        kept.keep(time.monotonic(), "h264")
        until(lambda: list(kept.folder.glob("*.ts")), lambda found: len(found) >= 3)
        process = kept.process
        said = Path(f"/proc/{process}/cmdline").read_bytes() + Path(f"/proc/{process}/environ").read_bytes()
        assert b"viewer" not in said
        assert b"127.0.0.1" not in said
        at = time.monotonic()
        assert kept.expects(at)
        assert not kept.expects(kept.began + 0.5), "not read for long enough before"
        assert kept.around(at) == [], "the last piece is not closed"
        pieces = until(lambda: kept.around(at), bool)
        ours = held(pieces, tmp_path / "held")
        kept.keep(at + 60, "h264")
        assert not any(one.exists() for one in pieces[:-1]), "no film can need them any more"
        film = tmp_path / "film.mp4"
        assert joined(FFMPEG, ours, film)
        kept.keep(at + 60, "hevc")
        assert not kept.folder.exists(), "browsers do not play it"
        assert not Path(f"/proc/{process}").exists()
    finally:
        kept.close()
    body = film.read_bytes()
    assert body.index(b"moov") < body.index(b"mdat"), "plays while it is loaded"
    shown, count = cv2.VideoCapture(str(film), cv2.CAP_FFMPEG), 0
    assert int(shown.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").lower() in (b"avc1", b"h264")
    while shown.grab():
        count += 1
    assert 2 <= count / 25 <= 4.5, "the seconds around, from the key frame before"
    assert not joined(FFMPEG, [tmp_path / "none.ts"], tmp_path / "none.mp4")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["film.mp4", "held"]


def test_what_reads_a_stream_ends_with_its_worker_however_that_ends(camera: Camera, tmp_path: Path) -> None:
    begun = (
        "import os, sys, time; from pathlib import Path; from video.packets import Packets\n"
        "from video.sources.addresses import Credentials, address\n"
        "where = address(sys.argv[1], ['127.0.0.1'])\n"
        "secret = Credentials(user=sys.argv[3], password=sys.argv[4])\n"
        "kept = Packets(ffmpeg=sys.argv[5], source=where, credentials=secret, folder=Path(sys.argv[2]))\n"
        "kept.keep(time.monotonic(), 'h264'); print(kept.process, flush=True); time.sleep(60)\n"
    )
    folder = tmp_path / "packets"
    call = [sys.executable, "-c", begun, f"rtsp://127.0.0.1:{camera.port}/live", str(folder), SECRET.user]
    with subprocess.Popen([*call, SECRET.password, FFMPEG], cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        process = int(worker.stdout.readline())
        until(lambda: list(folder.glob("*.ts")), bool)
        worker.kill()
    until(lambda: Path(f"/proc/{process}").exists(), lambda there: not there)
