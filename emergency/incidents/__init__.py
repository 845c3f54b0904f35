"""Incidents, pure: what may be done in which state, what it is graded as, which reports are due, what the log holds."""
