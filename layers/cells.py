"""Cells no spreadsheet runs: text that would be a formula is guarded by an apostrophe, and an import takes it off."""

import pyarrow as pa
import pyarrow.compute as pc

STARTERS = ("=", "+", "-", "@", "\t", "\r")


def escaped(cell: str) -> str:
    """A cell a spreadsheet will not run: a leading = + - @, tab or return gets an apostrophe, plain numbers do not.

    >>> escaped("=1+1"), escaped("-3.5")
    ("'=1+1", '-3.5')
    """
    if cell[:1] not in STARTERS:
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell


def guarded(column: pa.Array) -> pa.Array:
    """A column of text with every cell guarded that would run, and every one that looks guarded, so that it is undone.

    >>> guarded(pa.array(["=1+1", "'=1+1", "-", "'9", None])).to_pylist()
    ["'=1+1", "''=1+1", "'-", "'9", None]
    """
    return pc.replace_substring_regex(column, r"^('*[=+\-@\t\r])", r"'\1")


def unguarded(column: pa.Array) -> pa.Array:
    """What `guarded` had before it.

    >>> unguarded(pa.array(["'=1+1", "''=1+1", "'-", "'9", "-3"])).to_pylist()
    ['=1+1', "'=1+1", '-', "'9", '-3']
    """
    return pc.replace_substring_regex(column, r"^'('*[=+\-@\t\r])", r"\1")
