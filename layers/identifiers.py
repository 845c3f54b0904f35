"""Check characters of identifiers, for whole columns: unified social credit code, organisation code, CAS number."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], np.int64)
_ORG_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_CAS_WEIGHTS = np.arange(9, 0, -1, dtype=np.int64)
_BAD = -1_000_000


def _table(letters: str) -> NDArray[np.int64]:
    table = np.full(128, _BAD, np.int64)
    table[[ord(letter) for letter in letters]] = np.arange(len(letters))
    return table


_USCC, _ORG, _DIGIT = _table(_USCC_LETTERS), _table(_ORG_LETTERS), _table("0123456789")


def _characters(values: Iterable[str | None], length: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Characters as a matrix (row, place), and which rows have that length and are ASCII."""
    wide = np.asarray(["" if value is None else value for value in values] if isinstance(values, list) else values)
    text = wide.astype(f"U{length + 1}")
    points = text.view(np.uint32).reshape(-1, length + 1)
    fits = (points[:, length] == 0) & (points[:, :length] > 32).all(axis=1) & (points[:, :length] < 128).all(axis=1)
    return np.where(fits[:, None], points[:, :length], 0).astype(np.uint8), fits


def uscc_is_valid(values: Iterable[str | None]) -> NDArray[np.bool_]:
    """For each code whether its length, letters and check character are those of GB 32100.

    >>> uscc_is_valid(["91110000600037341L", "91110000600037341M"]).tolist()
    [True, False]
    """
    characters, fits = _characters(values, 18)
    numbers = _USCC[characters]
    known = (numbers >= 0).all(axis=1)
    check = (31 - (numbers[:, :17] * _USCC_WEIGHTS).sum(axis=1) % 31) % 31
    region = (_DIGIT[characters[:, 2:8]] >= 0).all(axis=1)
    return np.asarray(fits & known & region & (check == numbers[:, 17]))


def organisation_code_is_valid(values: Iterable[str | None]) -> NDArray[np.bool_]:
    """For each nine-character code (no hyphen) whether its check character is that of GB 11714."""
    characters, fits = _characters(values, 9)
    numbers = _ORG[characters[:, :8]]
    known = (numbers >= 0).all(axis=1)
    check = (11 - (numbers * _ORG_WEIGHTS).sum(axis=1) % 11) % 11
    given = np.where(characters[:, 8] == ord("X"), 10, _DIGIT[characters[:, 8]])
    return np.asarray(fits & known & (check == given))


def uscc_check_character(code: str) -> str:
    """The eighteenth character for the first seventeen."""
    numbers = _USCC[np.frombuffer(code[:17].encode("ascii"), np.uint8)]
    return _USCC_LETTERS[int((31 - (numbers * _USCC_WEIGHTS).sum() % 31) % 31)]


def cas_is_valid(values: Iterable[str | None]) -> NDArray[np.bool_]:
    """For each CAS number (with hyphens) whether its check digit holds."""
    bare = np.char.replace(np.asarray(["" if value is None else value for value in values], dtype="U12"), "-", "")
    padded = np.char.zfill(bare, 10)
    characters, fits = _characters(padded, 10)
    numbers = _DIGIT[characters]
    known = (numbers >= 0).all(axis=1) & (np.char.str_len(bare) >= 5)
    return np.asarray(fits & known & ((numbers[:, :9] * _CAS_WEIGHTS).sum(axis=1) % 10 == numbers[:, 9]))
