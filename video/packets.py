"""Packets of a stream as its camera sent them, kept for the seconds a film takes: nothing is coded anew.

OpenCV gives pictures, not packets, so where the operator installed `ffmpeg` a process of it reads the stream a second
time and writes it, uncoded, in pieces of two seconds that begin with a key frame. A film is those pieces in one MP4.
The address with its password goes to that process by its standard input: the list of processes shows neither.
"""

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.units import Second
from video.sources.addresses import Address, Credentials
from video.thresholds import threshold

AROUND: Second = threshold("evidence.around")
PIECE: Second = threshold("evidence.piece")
READING: Second = threshold("stream.reading")
AGAIN: Second = threshold("stream.longest_wait")
MOST = int(threshold("evidence.most_kept") * 1e6)
LATE: Second = threshold("evidence.late")
"""A film waits no longer for the piece that holds its last second to be closed, which the next key frame does."""

PLAYED = frozenset({"h264", "avc1"})
"""Codecs that every browser plays from MP4."""

CONFINED = "pipe,rtsp,rtp,tcp,tls,crypto"
ENDS_WITH_US = (
    "import ctypes, os, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGKILL); os.execv(sys.argv[1], sys.argv[1:])"
)
"""Becomes the program after asking the kernel to end it when the worker is gone, however that ends."""


def program() -> str | None:
    """The `ffmpeg` there is."""
    return shutil.which("ffmpeg")


@dataclass(slots=True, kw_only=True)
class Packets:
    """The last pieces of one camera's stream; of one thread, which lives as long as the process it starts."""

    ffmpeg: str
    source: Address
    credentials: Credentials | None
    folder: Path
    began: Second = 0.0
    _process: "subprocess.Popen[bytes] | None" = None
    _tried: Second = field(default=-1e9)

    def keep(self, now: Second, codec: str) -> None:
        """Read on while the stream is there and a browser plays its codec; let go what no film can need.

        Without a codec the stream is away, so that it is not asked for: who refuses a password is asked once.
        """
        running = self._process is not None and self._process.poll() is None
        if codec and codec not in PLAYED:
            self.close()
        elif codec and not running and now - self._tried > (READING if self._process is None else AGAIN):
            with suppress(OSError):  # no room for it: films are made of the pictures then
                self._begin(now)
        kept = self._pieces()
        old = sum(ends < now - 2 * AROUND - LATE - PIECE for ends, _ in kept)
        while len(kept) - old > 1 and sum(one.stat().st_size for _, one in kept[old:]) > MOST:
            old += 1
        for _, piece in kept[:old]:
            piece.unlink(missing_ok=True)

    @property
    def process(self) -> int:
        """The process that reads; 0 where none does."""
        return 0 if self._process is None else self._process.pid

    def expects(self, at: Second) -> bool:
        """The stream has been read since long enough before a moment, and still is."""
        return self._process is not None and self._process.poll() is None and self.began <= at - AROUND

    def around(self, at: Second) -> list[Path]:
        """The pieces from so long before a moment, from the last key frame before that, to so long after; none while
        the last of them is not closed. They have no gaps: a stream that stalls ends the process, and all its pieces."""
        needed: list[Path] = []
        for ends, piece in self._pieces()[:-1]:  # the last one is being written
            if ends >= at - AROUND:
                needed.append(piece)
            if ends >= at + AROUND:
                return needed
        return []

    def close(self) -> None:
        """End the process and forget what it wrote."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self, now: Second) -> None:
        self._tried = self.began = now
        self.close()
        self.folder.mkdir(parents=True)
        call = [
            self.ffmpeg, "-loglevel", "quiet", "-protocol_whitelist", CONFINED, "-safe", "0", "-f", "concat",
            "-i", "pipe:0", "-map", "0:v:0", "-c", "copy", "-f", "segment", "-segment_time", f"{PIECE:g}",
            "-segment_format", "mpegts", "-reset_timestamps", "1", str(self.folder / "%09d.ts"),
        ]  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", ENDS_WITH_US, *call], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as asked:
            asked.write(_listed(self.source.with_secret(self.credentials)).encode())

    def _pieces(self) -> list[tuple[Second, Path]]:
        """When each piece was last written to, by the monotonic clock, oldest first."""
        shift = time.time() - time.monotonic()
        found = []
        for one in sorted(self.folder.glob("*.ts")):
            with suppress(FileNotFoundError):
                found.append((one.stat().st_mtime - shift, one))
        return found


def _listed(url: str) -> str:
    """The stream as the only entry of a list, which is the form in which an address may come by standard input."""
    return f"{_entry(url)}option rtsp_transport tcp\noption timeout {round(READING * 1e6)}\n"


def _entry(*addresses: str) -> str:
    quoted = [one.replace("'", "'\\''") for one in addresses]
    return "ffconcat version 1.0\n" + "".join(f"file '{one}'\n" for one in quoted)


def held(pieces: list[Path], folder: Path) -> list[Path]:
    """The pieces by other names, so that they are there until the film is made. Raises: FileNotFoundError."""
    folder.mkdir()
    for one in pieces:
        os.link(one, folder / one.name)
    return [folder / one.name for one in pieces]


def joined(ffmpeg: str, pieces: list[Path], path: Path, patience: Second = 30.0) -> bool:
    """Make one MP4 of pieces, its index first so that it plays while it is loaded; whole or not at all."""
    part = path.with_suffix(".part")
    listed = _entry(*(f"file:{one}" for one in pieces))  # a bare path would be taken for one of the pipe
    call = [
        ffmpeg, "-loglevel", "quiet", "-y", "-protocol_whitelist", "pipe,file", "-safe", "0", "-f", "concat",
        "-i", "pipe:0", "-c", "copy", "-movflags", "+faststart", "-f", "mp4", str(part),
    ]  # fmt: skip
    try:
        done = subprocess.run(call, input=listed.encode(), check=False, timeout=patience, stderr=subprocess.DEVNULL)
        if done.returncode or not part.stat().st_size:
            return False
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except (subprocess.TimeoutExpired, FileNotFoundError):
        return False
    finally:
        part.unlink(missing_ok=True)
    return True
