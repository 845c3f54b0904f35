"""The demo city at run time: loading its files, and histories computed from a seed rather than shipped."""
