"""Addresses of streams as a register may keep them: what a password is given in stands in it as a placeholder.

A whole column at once; one that is refused is never repeated in what is said of it.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.texts import Text

USER, PASSWORD = "{user}", "{password}"
"""What the sealed user and password take the place of when a stream is opened."""

NAMES = (
    "password", "passwd", "passwort", "passwrd", "pass", "pwd", "psw", "pswd", "pw", "loginpas", "loginpass",
    "loginpassword", "auth", "authbasic", "authorization", "token", "access_token", "accesstoken", "apikey", "api_key",
    "secret", "sign", "signature",
)  # fmt: skip
"""Parameters that cameras, recorders and media servers take a secret by: `?user=admin&pwd=…`, and in the path of some
`/user=admin_password=…_channel=1.sdp`."""

SECRET = r"(?i)(?:^|[?&;/_:,])(?:" + "|".join(NAMES) + r")=(?:[^&;/#_]|_[^a-z]|_[a-z]+(?:[^a-z=]|$))"

IN_AUTHORITY = Text(
    "不得含 @:用户名和口令不写在地址里,请用 onemap video credentials;路径中的 @ 写作 %40",
    "no @: user and password are not part of the address, give them by onemap video credentials; a path writes %40",
)
IN_QUERY = Text(
    "地址中写有口令,不予保存:请改写为 {user}、{password},真实值用 onemap video credentials 加密保存",
    "there is a password in the address: write {user} and {password} in its place, and give the real ones by "
    "onemap video credentials",
)


def with_authority(addresses: pa.Array) -> NDArray[np.bool_]:
    """Which of them have an @."""
    return _mask(pc.match_substring(addresses, "@"))


def with_secret(addresses: pa.Array) -> NDArray[np.bool_]:
    """Which of them have a secret as a parameter; an empty one is none, nor is a placeholder.

    >>> with_secret(pa.array(["rtsp://c/1?user=a&password=b", "rtsp://c/1?password={password}&pwd=", None])).tolist()
    [True, False, False]
    """
    return _mask(pc.match_substring_regex(pc.replace_substring(addresses, PASSWORD, ""), SECRET))


def _mask(column: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), bool)
