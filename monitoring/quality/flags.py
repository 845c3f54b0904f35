"""Why a reading is doubted; several may hold at once, so each is a bit."""

from enum import IntFlag

from core.texts import Text

GOOD, SUSPECT, BAD, MISSING = range(4)


class Flag(IntFlag):
    """One doubt."""

    RANGE = 1
    STUCK = 2
    SPIKE = 4
    DRIFT = 8
    SKEW = 16
    SOURCE = 32
    SILENT = 64
    CALIBRATION = 128

    @property
    def label(self) -> Text:
        """What it is called on screen."""
        return LABELS[self]


LABELS = {
    Flag.RANGE: Text("超量程", "out of range"),
    Flag.STUCK: Text("死值", "stuck"),
    Flag.SPIKE: Text("突变", "spike"),
    Flag.DRIFT: Text("零点漂移", "drift"),
    Flag.SKEW: Text("时钟偏差", "clock skew"),
    Flag.SOURCE: Text("设备自报异常", "doubted by its source"),
    Flag.SILENT: Text("静默", "silent"),
    Flag.CALIBRATION: Text("校准过期", "calibration overdue"),
}

WORTH = {Flag.RANGE: BAD}
"""How bad a doubt makes a reading; suspect where it is not named."""


def named(flags: int) -> list[Flag]:
    """The doubts of a number."""
    return [flag for flag in Flag if flags & flag]
