"""Pictures made smaller: halved while that leads exactly to the size wanted, which costs a fifth of one step there."""

import cv2

from video.detections import Image


def shrunk(picture: Image, width: int) -> Image:
    """The picture at a width, each pixel the mean of what it covers.

    Where halving does not lead to the width itself it is one step: two uneven ones would blur what rules measure.
    """
    high = max(1, round(picture.shape[0] * width / picture.shape[1]))
    while picture.shape[1] % (2 * width) == 0 and picture.shape[0] % (2 * high) == 0:
        half = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = cv2.resize(picture, half, interpolation=cv2.INTER_AREA)
    if picture.shape[:2] == (high, width):
        return picture
    small: Image = cv2.resize(picture, (width, high), interpolation=cv2.INTER_AREA)
    return small


def halfway(picture: Image, width: int, then: int) -> Image | None:
    """The picture at a width that lies on its way to a smaller one, which is then made of it; None where none does."""
    steps = picture.shape[1] / width
    if picture.shape[1] <= width or width % then or steps != int(steps) or int(steps) & (int(steps) - 1):
        return None
    made = shrunk(picture, width)
    return made if made.shape[0] * int(steps) == picture.shape[0] else None
