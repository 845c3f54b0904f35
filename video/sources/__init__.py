"""Sources of live pictures: one protocol, and in what ways a stream can fail."""

from enum import StrEnum
from typing import Protocol

from core.errors import OneMapError
from core.texts import Text
from video.detections import Image


class Condition(StrEnum):
    """How a stream stands."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALLED = "stalled"
    DENIED = "denied"
    ABSENT = "absent"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    STOPPED = "stopped"


SAID: dict[Condition, Text] = {
    Condition.CONNECTING: Text("正在连接", "connecting"),
    Condition.LIVE: Text("正常", "live"),
    Condition.STALLED: Text("画面中断,正在重连", "no more pictures, connecting again"),
    Condition.DENIED: Text("用户名或密码不被接受", "user or password not accepted"),
    Condition.ABSENT: Text("设备上没有该路视频", "the device has no such stream"),
    Condition.UNREACHABLE: Text("网络不通或设备未应答", "network down, or the device does not answer"),
    Condition.UNREADABLE: Text("不是可读的视频流", "no stream that can be read"),
    Condition.STOPPED: Text("已停止", "stopped"),
}


class StreamError(OneMapError):
    """A stream could not be opened; its address is never part of what is said."""

    code = "stream"
    status = 502

    def __init__(self, condition: Condition) -> None:
        super().__init__(SAID[condition])
        self.condition = condition


class Opened(Protocol):
    """A stream that is open; used by one thread."""

    def grab(self) -> bool:
        """Wait for the next picture; False once there are no more, or none came in time."""
        ...

    def retrieve(self) -> Image | None:
        """The picture grabbed last, or None where it cannot be read."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...
