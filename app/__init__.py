"""The composition root: the only room that knows HTTP, settings, the clock and processes."""
