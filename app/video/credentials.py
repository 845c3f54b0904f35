"""Users and passwords of cameras: sealed in a file of the data folder, opened for the worker that connects."""

import json
import os
from pathlib import Path

from app.auth.sealing import Sealer
from video.sources.addresses import Credentials


class CameraSecrets:
    """The file, one sealed entry a camera."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._file = folder / "credentials.json"
        self._sealer = sealer.for_purpose("cameras")

    def of(self, camera: str) -> Credentials | None:
        """What a camera is opened with. Raises: ConflictError where it was sealed with another key."""
        sealed = self._all().get(camera)
        if sealed is None:
            return None
        user, password = json.loads(self._sealer.unseal(sealed))
        return Credentials(user=user, password=password)

    def given(self) -> tuple[str, ...]:
        """The cameras that have some."""
        return tuple(sorted(self._all()))

    def give(self, camera: str, credentials: Credentials) -> None:
        """Keep them; those from before are gone."""
        self._write({**self._all(), camera: self._sealer.seal(json.dumps([credentials.user, credentials.password]))})

    def forget(self, camera: str) -> None:
        """The camera has none any more."""
        self._write({name: sealed for name, sealed in self._all().items() if name != camera})

    def _all(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def _write(self, entries: dict[str, str]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(entries, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self._file)
