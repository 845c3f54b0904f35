"""Cameras made by hand: an RTSP server that sends JPEG over RTP (RFC 2326, RFC 2435) and one of motion JPEG over HTTP.

Each picture bears its number, so that a test can tell how old what it sees is. A camera can be told to send nothing
while the connection stays, to ask for a password, to know no such stream, and to be gone and come back.
"""

import hashlib
import re
import socket
import struct
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

import cv2
import numpy as np

from video.detections import Image

SIZE = (160, 96)
BITS = 16
CLOCK = 90_000
NONCE = "7f1a"


def picture(number: int) -> Image:
    """A grey picture with a number in squares of black and white along its upper edge."""
    frame = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    for bit in range(BITS):
        frame[:24, 10 * bit : 10 * bit + 10] = 255 if number >> bit & 1 else 0
    return frame


def drawn(number: int) -> bytes:
    """That picture as JPEG."""
    return cv2.imencode(".jpg", picture(number), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def number_in(frame: Image) -> int:
    """The number a picture bears."""
    return sum(1 << bit for bit in range(BITS) if frame[12, 10 * bit + 5].mean() > 128)


DARK = cv2.imencode(".jpg", picture(0) // 64)[1].tobytes()


class Camera:
    """A device on a port of the loopback, with behaviours that a test sets while it runs; `show` gives its pictures."""

    def __init__(
        self, serve: Callable[["Camera", socket.socket], None], *, user: str = "", password: str = "",
        show: Callable[[int], bytes] = drawn,
    ) -> None:  # fmt: skip
        self.user, self.password, self._show = user, password, show
        self.silent, self.dark = threading.Event(), threading.Event()
        self.number = self.opened = self.reached = self.refused = 0
        self.elsewhere = ""
        self.asks_in_query = False
        self.rate = 25.0
        self._serve = serve
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._closing = False
        self._begin()

    def gone(self) -> None:
        """The device is switched off."""
        self._closing = True
        _cut(self._listener)
        self.drop()

    def drop(self) -> None:
        """Every connection breaks; new ones are taken."""
        while self._open:
            _cut(self._open.pop())

    def back(self) -> None:
        """It is switched on again, at the same address."""
        self._closing = False
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._begin()

    def pictures(self, send: Callable[[bytes], None]) -> None:
        """Send one after the other at the pace of the device until the connection ends."""
        self.opened += 1
        while not self._closing:
            if not self.silent.is_set():
                self.number += 1
                send(DARK if self.dark.is_set() else self._show(self.number))
            time.sleep(1 / self.rate)

    def admits(self, request: str, method: str, url: str) -> bool:
        """The request bears the password, as Digest or Basic, or where `asks_in_query` in its address."""
        if not self.user:
            return True
        if self.asks_in_query:
            given = dict(parse_qsl(urlsplit(url).query))
            return method not in ("DESCRIBE", "GET") or (given.get("user"), given.get("password")) == (
                self.user,
                self.password,
            )
        basic = b64encode(f"{self.user}:{self.password}".encode()).decode()
        if f"Basic {basic}" in request:
            return True
        given = dict(re.findall(r'(\w+)="([^"]*)"', request))
        who = _md5(f"{self.user}:camera:{self.password}")
        return given.get("response") == _md5(f"{who}:{NONCE}:{_md5(f'{method}:{url}')}")

    def _begin(self) -> None:
        threading.Thread(target=self._listen, args=(self._listener,), daemon=True).start()

    def _listen(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                self.reached += 1
                self._open.append(line)
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            self._serve(self, line)


JPEG = "m=video 0 RTP/AVP 26\r\n"
H264 = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\n"


def rtsp(camera: Camera, line: socket.socket, media: str = JPEG) -> None:
    """One RTSP connection; the stream `/live` is the only one there is. It shows JPEG, or whole units of H.264."""
    while asked := _request(line):
        method, url, _ = asked.split(" ", 2)
        number = re.search(r"CSeq: *(\d+)", asked)
        head = f"CSeq: {number[1] if number else 0}\r\n"

        def answer(status: str, fields: str = "", body: str = "", head: str = head) -> None:
            line.sendall(f"RTSP/1.0 {status}\r\n{head}{fields}\r\n{body}".encode())

        if method == "OPTIONS":
            answer("200 OK", "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")
        elif "/elsewhere" in url:
            answer("302 Moved Temporarily", f"Location: {camera.elsewhere}\r\n")
        elif "/live" not in url:
            answer("404 Not Found")
        elif not camera.admits(asked, method, url):
            camera.refused += "Authorization" in asked
            answer("401 Unauthorized", f'WWW-Authenticate: Digest realm="camera", nonce="{NONCE}"\r\n')
        elif method == "DESCRIBE":
            told = f"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{media}a=control:video\r\n"
            answer("200 OK", f"Content-Type: application/sdp\r\nContent-Length: {len(told)}\r\n", told)
        elif method == "SETUP":
            answer("200 OK", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n")
        elif method == "PLAY":
            answer("200 OK", "Session: 1\r\n")
            packets = _Packets(line)
            camera.pictures(packets.send if media == JPEG else packets.send_unit)
        else:
            answer("200 OK", "Session: 1\r\n")


def motion_jpeg(camera: Camera, line: socket.socket) -> None:
    """One HTTP connection; the stream `/live` is the only one there is."""
    asked = _request(line)
    method, url, _ = asked.split(" ", 2)
    if url == "/elsewhere":
        line.sendall(f"HTTP/1.1 302 Found\r\nLocation: {camera.elsewhere}\r\nContent-Length: 0\r\n\r\n".encode())
    elif urlsplit(url).path != "/live":
        line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    elif not camera.admits(asked, method, url):
        camera.refused += "authorization" in asked.lower()
        line.sendall(
            b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="camera"\r\nContent-Length: 0\r\n\r\n'
        )
    else:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=f\r\n\r\n")
        camera.pictures(lambda body: line.sendall(b"--f\r\nContent-Type: image/jpeg\r\n\r\n" + body + b"\r\n"))


class _Packets:
    """Pictures cut into RTP packets, interleaved with the RTSP connection (RFC 2326, 10.12): JPEG by RFC 2435, units of
    H.264 by RFC 6184, what is too long for a packet in pieces (5.8)."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._sequence, self._began = line, 0, time.monotonic()

    def send(self, body: bytes) -> None:
        tables, scan, (columns, rows) = _taken_apart(body)
        stamp = int((time.monotonic() - self._began) * CLOCK) & 0xFFFFFFFF
        for start in range(0, len(scan), 1200):
            part, last = scan[start : start + 1200], start + 1200 >= len(scan)
            head = struct.pack(">I", start)[1:]  # type-specific 0 and the fragment's offset
            jpeg = b"\0" + head + bytes([1, 255, columns // 8, rows // 8])
            if start == 0:
                jpeg += struct.pack(">BBH", 0, 0, len(tables)) + tables
            self._packet(26, stamp, last, jpeg + part)

    def send_unit(self, body: bytes) -> None:
        parts = [one for one in body.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if one]
        stamp = int((time.monotonic() - self._began) * CLOCK) & 0xFFFFFFFF
        for n, part in enumerate(parts):
            ends = n + 1 == len(parts)
            if len(part) <= 1200:
                self._packet(96, stamp, ends, part)
                continue
            head, rest = part[0], part[1:]
            for start in range(0, len(rest), 1200):
                last = start + 1200 >= len(rest)
                which = (0x80 if start == 0 else 0) | (0x40 if last else 0) | head & 0x1F
                self._packet(96, stamp, ends and last, bytes([head & 0xE0 | 28, which]) + rest[start : start + 1200])

    def _packet(self, kind: int, stamp: int, last: bool, body: bytes) -> None:
        self._sequence = self._sequence + 1 & 0xFFFF
        packet = struct.pack(">BBHII", 0x80, kind | (0x80 if last else 0), self._sequence, stamp, 1) + body
        self._line.sendall(b"$\0" + struct.pack(">H", len(packet)) + packet)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


def _taken_apart(body: bytes) -> tuple[bytes, bytes, tuple[int, int]]:
    """Quantization tables (luma, chroma), scan and size of a JPEG with standard Huffman tables."""
    tables, size, at = b"", SIZE, 2
    while body[at + 1] != 0xDA:
        length = struct.unpack(">H", body[at + 2 : at + 4])[0]
        if body[at + 1] == 0xDB:
            segment = body[at + 4 : at + 2 + length]
            tables += b"".join(segment[n + 1 : n + 65] for n in range(0, len(segment), 65))
        if body[at + 1] == 0xC0:
            rows, columns = struct.unpack(">HH", body[at + 5 : at + 9])
            size = columns, rows
        at += 2 + length
    length = struct.unpack(">H", body[at + 2 : at + 4])[0]
    return tables, body[at + 2 + length : -2], size


def _request(line: socket.socket) -> str:
    got = b""
    while b"\r\n\r\n" not in got:
        part = line.recv(4096)
        if not part:
            return ""
        got += part
    return got.decode("latin-1")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
