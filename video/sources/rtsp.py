"""RTSP by FFmpeg over TCP, with times that cannot be exceeded, after a DESCRIBE of our own.

FFmpeg goes wherever a camera sends it, so it is given no camera that sends it away; and it would offer a password a
second time that was just refused. What fails besides is told by that first answer.

OpenCV takes its times as parameters of opening only, and after one time-out the capture stays dead: it is opened anew.
`CONFINED` belongs into the environment of the process before a stream is opened.
"""

import socket
import ssl
import time

import cv2

from core.units import Second
from video.detections import Image
from video.sources import Condition, StreamError
from video.sources.addresses import Address, Credentials
from video.sources.authorizing import authorization
from video.thresholds import threshold

OPENING: Second = threshold("stream.opening")
READING: Second = threshold("stream.reading")
CONFINED = {
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": "rtsp_transport;tcp|protocol_whitelist;rtsp,rtp,tcp,tls,crypto",
    "OPENCV_LOG_LEVEL": "SILENT",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
}
"""FFmpeg opens nothing but RTSP by it, and neither library writes an address with its password to the log."""

LARGEST = 64 * 1024
OK, UNAUTHORIZED, FORBIDDEN = 200, 401, 403
ELSEWHERE = range(300, 400)


class Rtsp:
    """One RTSP stream. Raises: StreamError."""

    def __init__(
        self, where: Address, credentials: Credentials | None, *, opening: Second = OPENING, reading: Second = READING
    ) -> None:
        status = asked(where, credentials, opening)
        if status in (UNAUTHORIZED, FORBIDDEN, *ELSEWHERE):
            raise StreamError(diagnosis(status))
        self._capture = cv2.VideoCapture(
            where.with_secret(credentials), cv2.CAP_FFMPEG,
            [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(1000 * opening), cv2.CAP_PROP_READ_TIMEOUT_MSEC,
             round(1000 * reading), cv2.CAP_PROP_N_THREADS, 1],
        )  # fmt: skip
        if not self._capture.isOpened():
            self._capture.release()
            raise StreamError(diagnosis(status))

    @property
    def codec(self) -> str:
        """What the camera sends, as four letters."""
        return int(self._capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").decode("latin-1").strip("\0 ").lower()

    def grab(self) -> bool:
        """The next picture, received but not yet decoded into one."""
        return bool(self._capture.grab())

    def retrieve(self) -> Image | None:
        """The picture grabbed last."""
        got, frame = self._capture.retrieve()
        return frame if got else None

    def close(self) -> None:
        """Release the connection."""
        self._capture.release()


def asked(where: Address, credentials: Credentials | None, patience: Second) -> int:
    """What a camera answers to DESCRIBE, and to a second one with what a 401 asks for; 0 where it answers nothing.

    Raises: StreamError where it cannot be reached.
    """
    try:
        with socket.create_connection((where.host, where.port), timeout=patience) as plain:
            line = _secured(plain, where) if where.scheme == "rtsps" else plain
            ends = time.monotonic() + patience
            url = where.opened(credentials)
            status, challenges = _describe(line, url, 1, None, ends)
            if status == UNAUTHORIZED and credentials is not None and not where.asks:
                answer = authorization(challenges, credentials, "DESCRIBE", url)
                status, _ = _describe(line, url, 2, answer, ends)
    except OSError:
        raise StreamError(Condition.UNREACHABLE) from None
    except ValueError:
        return 0
    return status


def diagnosis(status: int) -> Condition:
    """Why a stream cannot be opened, of what the camera answered."""
    if status == 0:
        return Condition.UNREACHABLE
    if status in (UNAUTHORIZED, FORBIDDEN):
        return Condition.DENIED
    return Condition.UNREADABLE if status == OK else Condition.ABSENT


def _secured(plain: socket.socket, where: Address) -> socket.socket:
    """Cameras sign their certificates themselves, and FFmpeg takes those: here as there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=where.host)


def _describe(
    line: socket.socket, url: str, number: int, answer: str | None, ends: Second
) -> tuple[int, list[str]]:  # fmt: skip
    """Status and challenges of a DESCRIBE. Raises: OSError, also where it `ends` before; ValueError for no RTSP."""
    asked = [f"DESCRIBE {url} RTSP/1.0", f"CSeq: {number}", "Accept: application/sdp"]
    line.sendall("\r\n".join([*asked, *([f"Authorization: {answer}"] if answer else []), "", ""]).encode())
    got = b""
    while b"\r\n\r\n" not in got:
        line.settimeout(max(0.01, ends - time.monotonic()))
        part = line.recv(4096)
        if not part or len(got) > LARGEST:
            raise ValueError("no answer")
        got += part
    head, *fields = got.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    protocol, status, *_ = head.split(" ", 2)
    if not protocol.startswith("RTSP/"):
        raise ValueError(protocol)
    named = [one.partition(":") for one in fields]
    return int(status), [value.strip() for name, _, value in named if name.lower() == "www-authenticate"]
