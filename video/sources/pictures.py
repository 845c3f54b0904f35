"""Pictures that a device sends whole, decoded where that is safe: their head says how large they will be."""

from io import BytesIO

import cv2
import numpy as np

from video.detections import Image
from video.thresholds import threshold

MOST, LEAST = threshold("stream.most_pixels") * 1e6, threshold("stream.least_side")
FORMATS = ("JPEG", "PNG", "BMP")


def decoded(body: bytes) -> Image | None:
    """The picture; None for what is none, is larger than any camera's (a small file may hold a picture that fills the
    memory of the machine), or too small to say anything."""
    from PIL import Image as Head  # not before there is a device that sends such

    try:
        with Head.open(BytesIO(body), formats=FORMATS) as head:
            wide, high = head.size
    except (OSError, SyntaxError, ValueError, Head.DecompressionBombError):
        return None
    if wide * high > MOST or min(wide, high) < LEAST:
        return None
    found: Image | None = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)
    return found
