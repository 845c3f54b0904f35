"""Exercises that are played: opened of a script, injected by the clock of the server, answered, scored, printed."""
