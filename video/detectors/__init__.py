"""Detectors of things in frames, behind one protocol."""

from typing import Protocol

from video.detections import Detections, Image


class Detector(Protocol):
    """Finds things of the classes it names."""

    @property
    def names(self) -> frozenset[str]:
        """The classes it knows."""
        ...

    def detect(self, frame: Image) -> Detections:
        """What it finds in one frame, boxes in pixels of that frame."""
        ...
