"""The colours of what is handed on: those of the workbench's maps by day."""

GRADES = ("#5D6C79", "#C5162E", "#E07A00", "#E0B100", "#1D5FD0")
"""Of levels by severity, 1 the worst; 0 for what has none."""

INK = "#16202A"
TARGET = "#5B3FA0"
BAND = INK
CUT = "#9C1226"
SIDES = {"A": "#0B6B75", "B": "#3B4A59"}


def grade(severity: int) -> int:
    """The colour's place for a level, 1 to 4."""
    return min(max(severity, 1), 4)
