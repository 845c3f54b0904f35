"""Our services beside those of other servers over the same rows: `python -m benchmarks.side_by_side`."""
