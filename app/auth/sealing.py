"""Secrets kept at rest: sealed with a key that lies beside the data, readable by this software's user only."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import ConflictError
from core.texts import Text


class Sealer:
    """Seals and opens short secrets (Fernet: AES-128-CBC with HMAC-SHA256); the key is made at the first need.

    What is sealed for one purpose opens for no other: each has a key derived from the one in the file (HKDF, RFC 5869).
    """

    def __init__(self, key_file: Path, purpose: str = "") -> None:
        self._file = key_file
        self._purpose = purpose

    def for_purpose(self, purpose: str) -> "Sealer":
        """A sealer of the same file for something else."""
        return Sealer(self._file, purpose)

    def seal(self, secret: str) -> str:
        """The secret as it may lie in a database."""
        return self._fernet().encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The secret. Raises ConflictError when it was sealed with another key."""
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise ConflictError(
                Text(
                    f"密钥文件 {self._file.name} 与账号库不符,请恢复原密钥文件,或由管理员重置动态口令",
                    f"{self._file.name} does not belong to these accounts: restore it, or reset the second factors",
                )
            ) from error

    def mark(self, secret: str) -> str:
        """A keyed hash of a secret: tells it again, cannot be read back, and without the key file cannot be guessed."""
        return hmac.new(self._derived(), secret.encode(), "sha256").hexdigest()

    def _fernet(self) -> Fernet:
        key = self._key()
        return Fernet(urlsafe_b64encode(self._derived()) if self._purpose else key)

    def _derived(self) -> bytes:
        made = HKDF(SHA256(), 32, salt=None, info=self._purpose.encode())
        return made.derive(urlsafe_b64decode(self._key()))

    def _key(self) -> bytes:
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                made = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return self._key()
            with os.fdopen(made, "wb") as file:
                file.write(Fernet.generate_key())
            return self._key()
