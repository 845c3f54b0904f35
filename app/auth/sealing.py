"""Secrets kept at rest: sealed with a key that lies beside the data, readable by this software's user only."""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from core.errors import ConflictError
from core.texts import Text


class Sealer:
    """Seals and opens short secrets (Fernet: AES-128-CBC with HMAC-SHA256); the key is made at the first need."""

    def __init__(self, key_file: Path) -> None:
        self._file = key_file

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

    def _fernet(self) -> Fernet:
        try:
            return Fernet(self._file.read_bytes())
        except FileNotFoundError:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                made = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return self._fernet()
            with os.fdopen(made, "wb") as file:
                file.write(Fernet.generate_key())
            return self._fernet()
