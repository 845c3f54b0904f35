"""Motion JPEG over HTTP (multipart/x-mixed-replace), read by ourselves: no redirect followed, every wait ends."""

import logging
import time
from typing import TYPE_CHECKING

from core.units import Second
from video.detections import Image
from video.sources import Condition, StreamError
from video.sources.addresses import Address, Credentials
from video.sources.authorizing import authorization
from video.sources.pictures import decoded
from video.thresholds import threshold

if TYPE_CHECKING:  # a city without such cameras does without the client
    import httpx

OPENING: Second = threshold("stream.opening")
READING: Second = threshold("stream.reading")
LARGEST = 8 * 1024 * 1024
BEGIN, END = b"\xff\xd8", b"\xff\xd9"
OK, UNAUTHORIZED, FORBIDDEN = 200, 401, 403


class Mjpeg:
    """One stream of JPEG pictures. Raises: StreamError."""

    def __init__(
        self, where: Address, credentials: Credentials | None, *, opening: Second = OPENING, reading: Second = READING
    ) -> None:
        import httpx

        logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write the address, in which a secret may be
        self._reading, self._held, self._picture = reading, b"", b""
        patience = httpx.Timeout(reading, connect=opening)
        # trust_env off: no proxy or password file of the machine is handed to anybody; without https nothing is to be
        # verified, and the world's certificates are not read for each connection (40 ms, and 14 MB after a hundred)
        self._client = httpx.Client(
            timeout=patience, follow_redirects=False, trust_env=False, verify=where.scheme == "https"
        )
        try:
            path = where.filled(credentials) or "/"
            answer = self._asked(where, path, None)
            if answer.status_code == UNAUTHORIZED and credentials is not None and not where.asks:
                challenges = answer.headers.get_list("www-authenticate")
                answer.close()
                answer = self._asked(where, path, authorization(challenges, credentials, "GET", path))
        except httpx.HTTPError:
            self._client.close()
            raise StreamError(Condition.UNREACHABLE) from None
        if answer.status_code != OK or "multipart" not in answer.headers.get("content-type", ""):
            self._client.close()
            if answer.status_code in (UNAUTHORIZED, FORBIDDEN):
                raise StreamError(Condition.DENIED)
            raise StreamError(Condition.UNREADABLE if answer.status_code == OK else Condition.ABSENT)
        self._answer, self._parts = answer, answer.iter_raw()

    def grab(self) -> bool:
        """The next whole picture; a drip that takes longer than a reading may is none."""
        import httpx

        ends = time.monotonic() + self._reading
        while True:
            start = self._held.find(BEGIN)
            end = self._held.find(END, start + 2) if start >= 0 else -1
            if end >= 0:
                self._picture, self._held = self._held[start : end + 2], self._held[end + 2 :]
                return True
            if len(self._held) > LARGEST or time.monotonic() > ends:
                return False
            try:
                self._held += next(self._parts)
            except (StopIteration, httpx.HTTPError):
                return False

    def retrieve(self) -> Image | None:
        """The picture grabbed last, decoded."""
        return decoded(self._picture)

    def close(self) -> None:
        """Release the connection."""
        self._answer.close()
        self._client.close()

    def _asked(self, where: Address, path: str, answer: str | None) -> "httpx.Response":
        url = f"{where.scheme}://{where.place}{path}"
        asked = self._client.build_request("GET", url, headers={"Authorization": answer} if answer else {})
        return self._client.send(asked, stream=True)
