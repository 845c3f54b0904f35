"""A long answer holds a few batches at a time, whatever it is written as."""

from benchmarks.wfs_stream import measured

ROWS = 30_000


def test_a_long_answer_is_not_held_in_memory() -> None:
    for output, told in measured(ROWS, ("gml32", "geopackage")):
        assert told["size"] > 5, output
        assert told["most"] < 300, (output, told)
